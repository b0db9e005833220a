"""Publishing a document: what is missing before, what goes into the frozen version, what has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from flask_babel import ngettext

from survey import translating
from survey.document import SETTINGS, Document
from survey.languages import language_name
from survey.questions import Choice, LongText, OneChoice, Question
from survey.questions.settings import pick
from survey.screens import names_in

PLACE = "settings"
# The place of what is not translated: this, and the language.
TRANSLATION = "translation:"


@dataclass(frozen=True)
class Gap:
    """Something to put right, and where: "settings", "questions", "audiences", "translation:es" or the
    id of a question.

    `must` says whether publishing waits for it.
    """

    text: str
    place: str
    must: bool = True


def gaps(document: Document, has_audiences: bool) -> list[Gap]:
    """What is missing before the survey can be published, and what people would miss."""
    return [
        *_empty(document),
        *_without_audiences(document, has_audiences),
        *_wanted(document),
        *_unknown_answers(document),
        *_answers_out_of_place(document),
        *_untranslated(document),
    ]


def _empty(document: Document) -> Iterator[Gap]:
    if not document.questions:
        yield Gap(_("The survey has no question yet. Add one."), "questions")
    elif not document.answerable:
        yield Gap(_("There is nothing to answer yet. Add a question."), "questions")


def _without_audiences(document: Document, has_audiences: bool) -> Iterator[Gap]:
    for question in document.questions:
        if (
            isinstance(question, OneChoice)
            and question.audiences
            and not question.choices
            and not has_audiences
        ):
            text = _(
                "“%(name)s” offers the audiences of the study, which has none yet. Add them.",
                name=name(question),
            )
            yield Gap(text, "audiences")


def _unknown_answers(document: Document) -> Iterator[Gap]:
    """Texts that name an answer which is not there, or not yet: people would see only dots."""
    before: set[str] = set()
    for page in document.pages:
        title = page.title
        for question in page.questions:
            texts = (*question.texts(), *([title] if title else []))
            for named in sorted(names_in(texts)):
                if document.by_name.get(named) not in before:
                    text = _(
                        "“%(name)s” names an earlier answer that is not there: %(answer)s.",
                        name=name(question),
                        answer=f"${{{named}}}",
                    )
                    yield Gap(text, question.id, must=False)
            before.add(question.id)
            title = None


def _answers_out_of_place(document: Document) -> Iterator[Gap]:
    """Words around the survey cannot name answers: they are shown before there are any, or after."""
    for setting in SETTINGS:
        words = getattr(document, setting.name) if setting.kind == "words" else None
        for named in sorted(names_in([words] if words else [])):
            text = _(
                "“%(name)s” names an answer: %(answer)s. Only questions and titles of pages can do that.",
                name=str(setting.label),
                answer=f"${{{named}}}",
            )
            yield Gap(text, PLACE, must=False)


def _wanted(document: Document) -> Iterator[Gap]:
    wishes = (
        (document.what, _("Say what the survey is about.")),
        (document.why, _("Say what happens with the answers.")),
        (document.minutes, _("Say how many minutes it takes.")),
        (document.contact, _("Say who helps, and where to get it on paper.")),
    )
    return (Gap(text, PLACE, must=False) for value, text in wishes if not value)


def _untranslated(document: Document) -> Iterator[Gap]:
    raw = document.to_dict()
    for tag in document.languages[1:]:
        progress = translating.progress(raw, tag)
        if progress.missing:
            text = ngettext(
                "%(num)s of %(of)s texts is not translated to %(language)s.",
                "%(num)s of %(of)s texts are not translated to %(language)s.",
                progress.missing,
                of=progress.of,
                language=language_name(tag),
            )
            yield Gap(text, TRANSLATION + tag, must=False)


def name(question: Question) -> str:
    """What to call a question in a sentence."""
    label = pick(question.label, tuple(question.label))[0]
    return label if len(label) <= 60 else label[:59] + "…"


def with_audiences(document: Document, audiences: Iterable[tuple[int, str]]) -> Document:
    """The document with the study's audiences as choices of the questions that ask for them and name none."""
    language = document.languages[0]
    choices = tuple(Choice(f"a{number}", {language: label}, number) for number, label in audiences)
    return _each(document, lambda question: _filled(question, choices))


def _filled(question: Question, choices: tuple[Choice, ...]) -> Question:
    if isinstance(question, OneChoice) and question.audiences and not question.choices:
        return replace(question, choices=choices)
    return question


def _each(document: Document, alter: Callable[[Question], Question]) -> Document:
    pages = (replace(page, questions=tuple(map(alter, page.questions))) for page in document.pages)
    return replace(document, pages=tuple(pages))


@dataclass(frozen=True)
class Ties:
    """To which prompts and audiences of the study the answers belong, by question id and choice id."""

    prompts: Mapping[str, int]
    audiences: Mapping[tuple[str, str], int]


def freeze(document: Document, ties: Ties) -> Document:
    """The document as a version keeps it."""
    return _each(document, lambda question: _tied(question, ties))


def _tied(question: Question, ties: Ties) -> Question:
    if isinstance(question, LongText):
        return replace(question, prompt_id=ties.prompts.get(question.id))
    if isinstance(question, OneChoice):
        return replace(question, choices=tuple(_tied_choice(question.id, c, ties) for c in question.choices))
    return question


def _tied_choice(question_id: str, choice: Choice, ties: Ties) -> Choice:
    return replace(choice, audience_id=ties.audiences.get((question_id, choice.id)))


NO_TIES = Ties({}, {})


def changes(before: Document, after: Document) -> list[str]:
    """What is different for people who answer, one plain sentence each; empty when nothing is."""
    old, new = freeze(before, NO_TIES), freeze(after, NO_TIES)
    return [*_question_changes(old, new), *_setting_changes(old, new)]


def _question_changes(old: Document, new: Document) -> Iterator[str]:
    was, now = {q.id: q for q in old.questions}, {q.id: q for q in new.questions}
    yield from (_("New: “%(name)s”", name=name(q)) for q in new.questions if q.id not in was)
    yield from (_("Taken out: “%(name)s”", name=name(q)) for q in old.questions if q.id not in now)
    yield from (_("Changed: “%(name)s”", name=name(q)) for q in new.questions if was.get(q.id, q) != q)
    stayed = [[q.id for q in one.questions if q.id in was and q.id in now] for one in (old, new)]
    if stayed[0] != stayed[1]:
        yield _("The order of the questions")
    elif _shape(old, now) != _shape(new, was):
        yield _("The pages")


def _shape(document: Document, others: Mapping[str, Question]) -> list[object]:
    """Which of the questions that both documents have stand on which page, with its title and rule."""
    kept = (
        ([q.id for q in page.questions if q.id in others], page.title, page.show_if)
        for page in document.pages
    )
    return [page for page in kept if page[0]]


def _setting_changes(old: Document, new: Document) -> Iterator[str]:
    for setting in SETTINGS:
        if getattr(old, setting.name) != getattr(new, setting.name):
            yield _("Settings: %(name)s", name=str(setting.label))
    if old.languages != new.languages:
        yield _("The languages")
