"""To which prompts and audiences of the study answers will belong: settled when a survey is published."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from survey.document import Document, parse
from survey.models import Study, Survey
from survey.publishing import Ties
from survey.questions import Choice, LongText, OneChoice
from survey.services import names
from survey.services.audiences import NAME_LENGTH

ChoiceKey = tuple[str, str]


def settle(session: Session, survey: Survey, document: Document) -> Ties:
    """Keep the ties of the version before where the words are the same; find or make the others."""
    study = survey.study
    session.refresh(study, with_for_update=True)  # nobody else may make the same prompt meanwhile
    before = parse(survey.versions[-1].document) if survey.versions else None
    return Ties(_prompts(session, study, document, before), _audiences(session, study, document, before))


def _collecting(document: Document | None) -> dict[str, LongText]:
    """The questions whose answers become comments, by id."""
    found = document.questions if document else ()
    return {q.id: q for q in found if isinstance(q, LongText) and q.comments}


def _prompts(session: Session, study: Study, document: Document, before: Document | None) -> dict[str, int]:
    old, present = _collecting(before), {prompt.id for prompt in study.prompts}
    kept: dict[str, int] = {}
    new: dict[str, LongText] = {}
    for key, question in _collecting(document).items():
        prompt_id = old[key].prompt_id if key in old and old[key].label == question.label else None
        if prompt_id in present:
            kept[key] = prompt_id
        else:
            new[key] = question
    return {**kept, **_made_prompts(session, study, document.languages[0], new)}


def _made_prompts(session: Session, study: Study, language: str, new: dict[str, LongText]) -> dict[str, int]:
    found = names.prompts(study, [question.label[language] for question in new.values()])
    kinds = {question.label[language]: question.prompt_kind for question in new.values()}
    for prompt in study.prompts:
        if prompt.text in found.made:
            prompt.kind = kinds[prompt.text]
    session.flush()
    return {key: _id(found, question.label[language]) for key, question in new.items()}


def _choices(document: Document | None) -> Iterator[tuple[ChoiceKey, Choice]]:
    """The choices that name audiences, by the ids of question and choice."""
    for question in document.questions if document else ():
        if isinstance(question, OneChoice) and question.audiences:
            yield from (((question.id, choice.id), choice) for choice in question.choices)


def _audiences(
    session: Session, study: Study, document: Document, before: Document | None
) -> dict[ChoiceKey, int]:
    old, present = dict(_choices(before)), {audience.id for audience in study.audiences}
    kept: dict[ChoiceKey, int] = {}
    new: dict[ChoiceKey, str] = {}
    for key, choice in _choices(document):
        same = old[key].audience_id if key in old and old[key].label == choice.label else None
        audience_id = choice.audience_id or same
        if audience_id in present:
            kept[key] = audience_id
        else:
            new[key] = choice.label[document.languages[0]][:NAME_LENGTH]
    found = names.audiences(study, new.values())
    session.flush()
    return {**kept, **{key: _id(found, name) for key, name in new.items()}}


def _id(found: names.Names, name: str) -> int:
    number = found.id(name)
    assert number is not None
    return number
