"""Languages of a survey, and their texts side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count, groupby
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from survey import translating
from survey.errors import Refusal, Stale
from survey.formats.translation_files import FORMATS
from survey.languages import COMMON, language_name
from survey.models import Survey
from survey.permissions import may
from survey.services import translations as service
from survey.translating import Text
from survey.translation_report import pipe_note
from survey.views.studio import bp
from survey.views.studio.questions import BUILDER
from survey.views.studio.shared import me, seen_revision, survey_of, survey_page
from survey.web import db

LIST = BUILDER + "/translations"
ONE = LIST + "/<tag>"
# A page of texts has to fit into a form, also when each of its characters takes three bytes.
TEXTS_A_PAGE = 200
CHARACTERS_A_PAGE = 24_000


@dataclass(frozen=True)
class Line:
    """One text beside the field for its translation."""

    text: Text
    source: str
    value: str
    stored: str = ""
    error: str = ""
    note: str = ""

    @property
    def field(self) -> str:
        """The name of its field."""
        return f"t-{self.text.key}"


@bp.get(LIST)
@may("edit surveys")
def translations(slug: str, survey_slug: str) -> ResponseReturnValue:
    """The languages of a survey, and how far each is."""
    return _languages_page(survey_of(slug, survey_slug))


def _languages_page(survey: Survey, status: int = 200, refused: str = "") -> ResponseReturnValue:
    there = service.languages(survey)
    tags = [tag for tag in COMMON if tag not in survey.document["languages"]]
    kept = translating.kept(survey.document)
    return survey_page(
        "studio/translations.html",
        survey,
        status,
        there=there,
        offered=[(tag, language_name(tag)) for tag in tags],
        kept=[(tag, language_name(tag), texts) for tag, texts in kept.items()],
        refused=refused,
    )


def _change(slug: str, survey_slug: str, change: Callable[[Survey], str]) -> ResponseReturnValue:
    """Change the languages and say so; the page says why when that is refused."""
    survey = survey_of(slug, survey_slug)
    try:
        said = change(survey)
    except Stale:
        raise
    except Refusal as refusal:
        db().rollback()
        return _languages_page(survey_of(slug, survey_slug), 422, str(refusal))
    flash(said)
    return redirect(url_for(".translations", slug=slug, survey_slug=survey_slug), 303)


@bp.post(LIST)
@may("edit surveys")
def add_language(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Add a language from the list, or by its code."""
    wish = request.form.get("code", "").strip() or request.form.get("tag", "")

    def add(survey: Survey) -> str:
        if not wish:
            raise Refusal(_("Choose a language, or type its code."))
        tag = service.add_language(db(), survey, wish, by=me(), seen=seen_revision())
        return str(_("%(language)s is added. Now translate the texts.", language=language_name(tag)))

    return _change(slug, survey_slug, add)


@bp.post(ONE + "/remove")
@may("edit surveys")
def remove_language(slug: str, survey_slug: str, tag: str) -> ResponseReturnValue:
    """Take a language out; its words are kept."""

    def remove(survey: Survey) -> str:
        service.remove_language(db(), survey, tag, by=me(), seen=seen_revision())
        return str(_("%(language)s is removed. Its words are kept below.", language=language_name(tag)))

    return _change(slug, survey_slug, remove)


@bp.post(ONE + "/first")
@may("edit surveys")
def make_language_first(slug: str, survey_slug: str, tag: str) -> ResponseReturnValue:
    """Make a language the source of the others."""

    def lead(survey: Survey) -> str:
        service.make_first(db(), survey, tag, by=me(), seen=seen_revision())
        return str(_("%(language)s comes first now.", language=language_name(tag)))

    return _change(slug, survey_slug, lead)


@bp.post(ONE + "/forget")
@may("edit surveys")
def forget_language(slug: str, survey_slug: str, tag: str) -> ResponseReturnValue:
    """Delete the words of a removed language."""

    def forget(survey: Survey) -> str:
        service.forget_words(db(), survey, tag, by=me(), seen=seen_revision())
        return str(_("The words in %(language)s are deleted.", language=language_name(tag)))

    return _change(slug, survey_slug, forget)


@dataclass(frozen=True)
class Sides:
    """A page of the texts of one language, source beside translation."""

    survey: Survey
    tag: str
    number: int
    pages: list[list[Text]]

    @classmethod
    def of_request(cls, survey: Survey, tag: str) -> Sides:
        """As the address says."""
        service.check_target(survey, tag)
        raw = survey.document
        found = translating.missing(raw, tag) if is_filtered() else translating.texts(raw)
        pages = cut(found)
        wanted = request.args.get("page", 1, type=int)
        return cls(survey, tag, min(max(1, wanted), max(1, len(pages))), pages)

    @property
    def source(self) -> str:
        """The language they are translated from."""
        first: str = self.survey.document["languages"][0]
        return first

    @property
    def texts(self) -> list[Text]:
        """The texts of the page."""
        return self.pages[self.number - 1] if self.pages else []

    def groups(self, typed: dict[str, str] | None, errors: dict[str, str]) -> list[tuple[str, list[Line]]]:
        """The lines by what they belong to, with a heading each."""
        heads = headings(self.survey, self.source)
        lines = (self._line(text, typed, errors) for text in self.texts)
        return [(heads[group], list(part)) for group, part in groupby(lines, lambda line: line.text.group)]

    def _line(self, text: Text, typed: dict[str, str] | None, errors: dict[str, str]) -> Line:
        stored = text.words.get(self.tag, "")
        value = stored if typed is None else typed.get(text.key, stored)
        other = stored if value != stored else ""
        note = pipe_note(text, self.source, value)
        return Line(text, text.words[self.source], value, other, errors.get(text.key, ""), note)


def is_filtered() -> bool:
    """Whether only texts without a translation are shown."""
    return request.args.get("missing") == "1"


def cut(texts: tuple[Text, ...]) -> list[list[Text]]:
    """Texts in pages that fit into a form."""
    pages: list[list[Text]] = []
    room = 0
    for text in texts:
        length = max(map(len, text.words.values()))
        if not pages or len(pages[-1]) >= TEXTS_A_PAGE or length > room:
            pages.append([])
            room = CHARACTERS_A_PAGE
        pages[-1].append(text)
        room -= length
    return pages


def headings(survey: Survey, source: str) -> dict[str, str]:
    """What to call the groups of texts."""
    found = {translating.OWN: str(_("Around the questions"))}
    numbers = count(1)
    for at, page in enumerate(survey.document["pages"], start=1):
        found[f"page.{page['id']}"] = str(_("Page %(number)s", number=at))
        for question in page["questions"]:
            label = question["label"].get(source, "")
            found[f"question.{question['id']}"] = f"{next(numbers)}. {shorten(label)}"
    return found


def shorten(text: str) -> str:
    """A text as a heading."""
    return text if len(text) <= 60 else text[:59] + "…"


@bp.route(ONE, methods=["GET", "POST"])
@may("edit surveys")
def translate(slug: str, survey_slug: str, tag: str) -> ResponseReturnValue:
    """All texts of a page beside the fields for their translation; all are saved at once."""
    survey = survey_of(slug, survey_slug)
    sides = Sides.of_request(survey, tag)
    if request.method != "POST":
        return _sides_page(sides)
    typed = _typed()
    errors = _errors(survey, typed)
    if errors:
        return _sides_page(sides, 422, typed=typed, errors=errors)
    try:
        stored = service.translate(db(), survey, tag, typed, by=me(), seen=seen_revision())
    except Stale as stale:
        return _sides_page(sides, 409, typed=typed, stale=str(stale))
    flash(ngettext("%(num)s text is saved.", "%(num)s texts are saved.", stored))
    return redirect(_next_page(sides), 303)


def _typed() -> dict[str, str]:
    """The translations that were typed, by key."""
    fields = ((name, translating.plain(text)) for name, text in request.form.items())
    return {name.removeprefix("t-"): text for name, text in fields if name.startswith("t-")}


def _errors(survey: Survey, typed: dict[str, str]) -> dict[str, str]:
    found = ((text, typed[text.key]) for text in translating.texts(survey.document) if text.key in typed)
    faults = {text.key: translating.wrong(text, translation) for text, translation in found}
    return {key: fault for key, fault in faults.items() if fault}


def _next_page(sides: Sides) -> str:
    """The page that the button leads to. Of the missing ones, the next come up by themselves."""
    here: dict[str, Any] = {
        "slug": sides.survey.study.slug,
        "survey_slug": sides.survey.slug,
        "tag": sides.tag,
    }
    if is_filtered():
        return url_for(".translate", **here, missing=1)
    return url_for(".translate", **here, page=sides.number + (request.form.get("go") == "next"))


def _sides_page(
    sides: Sides,
    status: int = 200,
    *,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    stale: str = "",
) -> ResponseReturnValue:
    return survey_page(
        "studio/translations_side.html",
        sides.survey,
        status,
        sides=sides,
        groups=sides.groups(typed, errors or {}),
        progress=translating.progress(sides.survey.document, sides.tag),
        is_filtered=is_filtered(),
        errors=errors or {},
        stale=stale,
        formats=FORMATS,
    )
