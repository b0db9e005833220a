"""One question of LimeSurvey as it becomes one or more of ours: its settings, words, choices and report."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from survey import questions
from survey.formats.expressions_values import Rule, Target, joined
from survey.formats.lime_attributes import LOOKS, is_unset, reason
from survey.formats.lime_context import Context
from survey.formats.lime_model import LimeQuestion, Option
from survey.formats.lime_words import missing, words
from survey.formats.plain_words import shortened
from survey.formats.survey_files import SurveyFileError
from survey.formats.survey_maker import MOST_CHOICE, ChoiceIds, Place, ended, notes, on_one_line

WHOLE = re.compile(r"[0-9]{1,9}")
NUMBER = re.compile(r"[-+]?[0-9]{1,12}(\.[0-9]{1,10})?")
MOST_PLACES, MOST_CODES = 5000, 100
Words = dict[str, str]
Doc = dict[str, Any]


@dataclass
class Making:
    """The question, what of its settings was used, and what the report will say."""

    context: Context
    question: LimeQuestion
    rule: Rule | None = None
    used: set[str] = field(default_factory=set)
    changes: dict[str, None] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    _codes: dict[str, list[str]] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """Its name there."""
        return self.question.code

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.question.place

    # Settings --------------------------------------------------------------------------------------------

    def setting(self, name: str) -> str:
        """A setting in the first language; it counts as used."""
        self.used.add(name)
        values = self.question.attributes.get(name, {})
        return (values.get(self.context.base) or values.get("") or next(iter(values.values()), "")).strip()

    def setting_words(self, name: str) -> Words:
        """A setting that is a text."""
        self.used.add(name)
        texts = self.question.attributes.get(name, {})
        if len(texts) == 1:  # the same for all languages
            texts = {"": next(iter(texts.values()))}
        return self.context.text(texts, self.code, self.place)

    def yes(self, name: str) -> bool:
        """Whether a setting is on."""
        return self.setting(name).upper() in ("1", "Y")

    def number(self, name: str) -> int | float | None:
        """A setting that is a number; a formula is told and left out."""
        text = self.setting(name)
        if NUMBER.fullmatch(text):
            return int(text) if WHOLE.fullmatch(text) else float(text)
        if text:
            self._unused(name, text, _("it is a formula"))
        return None

    def whole(self, name: str, least: int, most: int) -> int | None:
        """A setting that is a whole number between two others; what is beyond them sets no bound."""
        found = self.number(name)
        return int(found) if found is not None and least <= found <= most else None

    def codes(self, name: str) -> list[str]:
        """A setting that is a list of codes."""
        if name not in self._codes:
            found = re.split(r"[;,\s]+", self.setting(name), maxsplit=MOST_CODES)
            self._codes[name] = [code for code in found[:MOST_CODES] if code]
        return self._codes[name]

    def _unused(self, name: str, value: str, why: str) -> None:
        words = _("The setting %(name)s (“%(value)s”) is left out: %(why)s.",
                  name=name, value=shortened(value, 80), why=why)  # fmt: skip
        self.context.maker.say("left out", self.code, words, self.place)
        self.notes[f"limesurvey.{name}"] = value

    def changed(self, sentence: str) -> None:
        """Say that something is not as it was there, once."""
        self.changes[sentence] = None

    # Words -----------------------------------------------------------------------------------------------

    def text(self, texts: dict[str, str], name: str = "") -> Words:
        """Words in our languages."""
        return self.context.text(texts, name or self.code, self.place)

    def known(self, key: str) -> Words:
        """A word that LimeSurvey says itself."""
        languages = self.context.languages
        if missing(key, languages):
            tags = ", ".join(missing(key, languages))
            sentence = _(
                "Write its answers in these languages: %(tags)s. LimeSurvey keeps them to itself.", tags=tags
            )
            self.changed(sentence)
        return words(key, languages)

    def option(self, option: Option) -> Words:
        """The words of a choice or a row, on one line."""
        found = on_one_line(self.text(option.texts))
        maker = self.context.maker
        kept = maker.words(found, 10**9, self.code, option.place) or {
            self.context.languages[0]: option.code or "…"
        }
        kept = {tag: " – ".join(part.strip() for part in text.split("|") if part.strip()) or "…"
                for tag, text in kept.items()}  # fmt: skip
        if any(len(text) > MOST_CHOICE for text in kept.values()):
            sentence = _("The text of “%(code)s” is too long; it ends after %(most)s characters.",
                         code=option.code, most=MOST_CHOICE)  # fmt: skip
            self.changed(sentence)
            self.notes[f"limesurvey.text.{option.code}"] = next(iter(kept.values()))
        return {tag: ended(text, MOST_CHOICE) for tag, text in kept.items()}

    def choices(self, options: list[Option], other: bool = False) -> tuple[list[Doc], dict[str, str]]:
        """Choices, and their ids by LimeSurvey's codes."""
        ids = ChoiceIds(other)
        found = []
        if len(options) > MOST_PLACES:
            raise SurveyFileError(
                _("“%(name)s” has more than %(most)s choices or rows.", name=self.code, most=MOST_PLACES),
                self.place.sheet,
                self.place.row,
            )
        for option in options:
            repeated = option.code in ids.codes
            choice_id = ids.new(option.code)
            if choice_id != option.code:
                self.changed(
                    _("The choice “%(code)s” is called “%(id)s” here.", code=option.code, id=choice_id)
                )
            if repeated:
                self.changed(_("Two choices are called “%(code)s”; rules mean the first.", code=option.code))
            found.append({"id": choice_id, "label": self.option(option)})
        return found, ids.codes

    # Questions -------------------------------------------------------------------------------------------

    def add(self, doc: Doc, code: str = "", labels: Words | None = None, rule: Rule | None = None) -> str:
        """Put a question into the survey, with the words and rule that belong to it, and return its id.

        Without words of its own it has those of the file. "" when it could not be one.
        """
        maker, own = self.context.maker, labels is None
        fitted = maker.label_and_help(
            self.text(self.question.texts) if labels is None else labels,
            self.help() if own else {}, code or self.code, self.place,
        )  # fmt: skip
        rules = [one for one in (self.rule, rule) if one]
        shown = joined("and", rules) if rules else True
        common = {"show_if": shown} if isinstance(shown, dict) else {}
        for before in fitted.before:
            maker.statement(before, self.code, self.place, common, f"{self.code}-text")
        made = {**maker.identity(code or self.code), **doc, "label": fitted.label, **common}
        made |= {"help": fitted.help} if fitted.help else {}
        made["origin"] = notes({"limesurvey.type": self.question.type, **self.notes})
        added = maker.add(self._optional(made), self.code, self.place)
        self.made += [made["type"]] if added else []
        if isinstance(shown, dict):
            self.context.shown[made["id"]] = shown
        return str(made["id"]) if added else ""

    def _optional(self, doc: Doc) -> Doc:
        if doc["type"] == "statement":
            return doc
        return {"optional": self.question.mandatory.upper() != "Y", **doc}

    def help(self) -> Words:
        """Its help in words."""
        return self.text(self.question.helps)

    def heading(self) -> bool:
        """Whether questions made of this one stand below a heading: not where each has its own page."""
        return self.context.maker.top.get("layout") != "question"

    def under(self, option_words: Words) -> Words:
        """The words of one of several questions made of this one."""
        if self.heading():
            return option_words
        labels = self.text(self.question.texts)
        first = self.context.languages[0]
        return {tag: f"{labels.get(tag) or labels.get(first, '')}\n{text}".strip()
                for tag, text in option_words.items()}  # fmt: skip

    def add_heading(self) -> None:
        """The words of the question as text to read, above the questions made of it."""
        if self.heading():
            texts, helps = self.text(self.question.texts), self.help()
            both = {
                tag: "\n\n".join(filter(None, (texts.get(tag), helps.get(tag)))) for tag in {**texts, **helps}
            }
            more = {"show_if": self.rule} if self.rule else {}
            self.context.maker.statement(both, self.code, self.place, more, f"{self.code}-text")

    def define(self, name: str, target: Target) -> None:
        """Let rules of later questions find it; not when it was left out."""
        if target.question:
            self.context.names.define(name, target)
        else:
            self.context.names.gone[name] = "left out"

    # The end ---------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Tell what became of it, and of the settings that nobody used."""
        if self.made:
            self.context.tell(self.code, self.place, self.changes, questions.TYPES[self.made[0]].NAME)
        looks = []
        for name, values in self.question.attributes.items():
            value = values.get(self.context.base) or next(iter(values.values()), "")
            if name in self.used or is_unset(name, value):
                continue
            if name in LOOKS or name.startswith(("statistics_", "slider_", "location_")):
                looks.append(name)
            else:
                self._unused(name, value, reason(name))
        if looks and self.made:
            sentence = _("Settings of its looks are left out: %(names)s.", names=", ".join(looks))
            self.context.maker.say("changed", self.code, sentence, self.place)
