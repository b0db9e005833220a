"""What every type of question has: how it is read from a document, and how an answer is read from a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Self
from unicodedata import bidirectional

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey import conditions
from survey.conditions import Condition, Operand
from survey.questions.problems import DocumentError, Problem
from survey.questions.settings import ID, READERS, UNSTORABLE, Sentence, Setting, Words, pick

Typed = Mapping[str, list[str]]
MOST_NAME = 60
Holds = Callable[[Condition | None], bool]

LABEL = Setting("label", "words", _l("Question"), most=500)
HELP = Setting(
    "help", "words", _l("Help"), _l("A line below the question. Leave it empty if none is needed.")
)
OPTIONAL = Setting("optional", "yes", _l("Optional"), default=False)
CODE = Setting(
    "code", "line", _l("Name in data files"), _l("For people who work with the answers elsewhere."), most=200
)
SHOW_IF = Setting("show_if", "rule", _l("Show only if"), shown=False)
ORIGIN = Setting("origin", "notes", _l("From another tool"), default={}, most=4000, shown=False)
COMMON = (LABEL, HELP, OPTIONAL, CODE, SHOW_IF, ORIGIN)


def _read_rule(setting: Setting, raw: object) -> Condition:
    return conditions.parse(raw)


READERS["rule"] = _read_rule


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question of a document. A type adds its settings as fields and describes them in `SETTINGS`."""

    TYPE: ClassVar[str]
    NAME: ClassVar[Sentence]
    SETTINGS: ClassVar[tuple[Setting, ...]] = ()
    MISSING: ClassVar[Sentence] = _l("Answer this question.")
    # Whether answers are words of the document (choices), and so in its language.
    ANSWERED_IN_WORDS: ClassVar[bool] = False

    id: str
    label: Words
    help: Words | None = None
    optional: bool = False
    # The name in data files and other tools; `show_if` is the rule that decides whether it is asked.
    code: str | None = None
    show_if: Condition | None = None
    origin: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_document(cls, raw: Mapping[str, Any]) -> Self:
        """The question that `raw` describes; raise `DocumentError` with a sentence that names it."""
        try:
            question = cls(**cls._values(raw))
            question.check()
        except DocumentError as error:
            name = _name(raw)
            raise DocumentError(_("Question “%(name)s”: %(what)s", name=name, what=str(error))) from None
        return question

    @classmethod
    def _values(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        settings = (*COMMON, *cls.SETTINGS)
        unknown = sorted(str(key) for key in raw.keys() - {"id", "type"} - {s.name for s in settings})
        if unknown:
            raise DocumentError(_("“%(key)s” is not a setting of this type of question.", key=unknown[0]))
        values = {s.name: s.read(raw[s.name]) if s.name in raw else s.default for s in settings}
        if not values["label"]:
            raise DocumentError(_("Write the text of the question."))
        return {"id": read_id(raw.get("id")), **values}

    def check(self) -> None:
        """Raise `DocumentError` when the settings do not fit one another."""

    def to_document(self) -> dict[str, Any]:
        """The document this question was read from, with every default written out."""
        values = {s.name: _plain(getattr(self, s.name)) for s in (*COMMON, *self.SETTINGS)}
        return {"id": self.id, "type": self.TYPE, **values}

    @property
    def name_in_data(self) -> str:
        """What its answers are called in data files and by other tools."""
        return self.code or self.id

    def texts(self) -> tuple[Words, ...]:
        """Every text of the question that people see."""
        return tuple(words for words in (self.label, self.help) if words)

    @property
    def field(self) -> str:
        """The name of its form field, and the id of its first control, to which an error leads."""
        return f"q-{self.id}"

    def fields(self) -> tuple[str, ...]:
        """The names of all its form fields."""
        return (self.field,)

    def depends_on(self) -> frozenset[str]:
        """The questions whose answers decide whether, and with which choices, this one is asked."""
        return self.show_if.questions() if self.show_if else frozenset()

    def offered(self, holds: Holds) -> Question | None:
        """The question as it is asked where some rules hold and others do not; None when nothing is left."""
        return self

    def read(self, typed: Typed) -> Any:
        """The answer as it is stored, None when there is none; raise `Problem` when it must be put right."""
        value = self.understand(typed)
        if value is None and not self.optional:
            raise Problem(str(self.MISSING))
        return value

    def understand(self, typed: Typed) -> Any:
        """The answer, whether or not there has to be one: what a type defines."""
        raise NotImplementedError

    def shown(self, value: Any, language: str) -> str:
        """A stored answer in words, for the check page and for exports; empty for none."""
        return "" if value is None else str(value)

    def comment(self, value: Any) -> str | None:
        """The text that becomes a comment of the study, if this answer is one."""
        return None

    def operand(self, value: Any, part: str | None = None) -> Operand:
        """A stored answer, or a part of it, as conditions see it; None for none."""
        if isinstance(value, list):
            return tuple(str(one) for one in value) if part is None else None
        return value if part is None and isinstance(value, str | int | float) else None

    def say(self, words: Words, language: str) -> str:
        """Words in a language, or in the first there is."""
        return pick(words, (language,))[0]

    def in_page(self, words: Words) -> str:
        """Words of the question inside a sentence of ours, not too long."""
        locale = get_locale()
        text = pick(words, (str(locale or "en").replace("_", "-"),))[0]
        short = text if len(text) <= MOST_NAME else text[: MOST_NAME - 1] + "…"
        # Where it runs the other way than the sentence, the sentence must not turn with it.
        turns = _is_right_to_left(short) != bool(locale and locale.text_direction == "rtl")
        return f"\u2068{short}\u2069" if turns else short

    def in_words(self, value: Any, language: str) -> str:
        """A stored answer as the language of the page writes it; exports use `shown`."""
        return self.shown(value, language)

    def bounds(self) -> str:
        """What an answer has to keep to, said beside the control; empty where that needs no words."""
        return ""

    def to_change(self, typed: Typed) -> tuple[str, ...]:
        """The ids of the controls to put right; the first one where that is the whole question."""
        try:
            self.read(typed)
        except Problem as problem:
            return problem.controls or (self.field,)
        return (self.field,)

    def as_typed(self, value: Any) -> dict[str, list[str]]:
        """What a form would send for an answer; raise `Problem` when it has not the shape of one.

        For answers that come from programs and files: what this gives is then read like anything typed.
        """
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise Problem(_("Give the answer as a text or a number."))
        return {self.field: [str(value)]}


def read_id(raw: object) -> str:
    """An id that can be part of a field name; raise `DocumentError` otherwise."""
    if not isinstance(raw, str) or not ID.fullmatch(raw):
        raise DocumentError(
            _("An id needs 1 to 40 letters, digits, hyphens or underscores; “%(id)s” is not one.", id=raw)
        )
    return raw


def _name(raw: Mapping[str, Any]) -> str:
    label = raw.get("label")
    words = [text for text in label.values() if isinstance(text, str)] if isinstance(label, dict) else []
    return str(next(filter(None, words), raw.get("id", "?")))[:80]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [part.to_document() for part in value]
    if hasattr(value, "to_document"):
        return value.to_document()
    return dict(value) if isinstance(value, Mapping) else value


def _is_right_to_left(text: str) -> bool:
    return next((way in ("R", "AL") for way in map(bidirectional, text) if way in ("L", "R", "AL")), False)


def only_text(typed: Typed, field: str) -> str:
    """What was typed into a field, with newlines as \\n; raise `Problem` when it cannot be kept as it is."""
    values = typed.get(field, [])
    if len(values) > 1:
        raise Problem(_("There are %(count)s answers here. Leave one.", count=len(values)))
    text = values[0] if values else ""
    if UNSTORABLE.search(text):
        raise Problem(
            _("There is a character in this text that cannot be stored. Delete it or type the text again.")
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")
