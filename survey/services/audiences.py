"""Audiences and prompts of a study: adding, changing, putting in order, deleting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from survey.errors import NotFound, Refusal, Stale
from survey.models import (
    AgendaItem,
    Audience,
    Comment,
    GroupSession,
    MemberCheck,
    Note,
    Prompt,
    Study,
    Survey,
    Version,
)
from survey.models.study import PROMPT_KINDS
from survey.questions.settings import UNSTORABLE
from survey.services import audit

MOST_NAMES = 200
MOST_PEOPLE = 10_000_000
NAME_LENGTH = 200
PROMPT_LENGTH = 500

# Whole sentences by noun: in other languages more than the noun changes.
TAKEN = {
    "audience": _l("There is an audience “%(name)s” already. Choose another name."),
    "prompt": _l("There is a prompt “%(name)s” already. Choose other words."),
}
ENOUGH = {
    "audience": _l("A study can have at most %(most)s audiences."),
    "prompt": _l("A study can have at most %(most)s prompts."),
}
AT_THE_END = {
    "audience": _l("The audience is at the end of the list already."),
    "prompt": _l("The prompt is at the end of the list already."),
}

Listed = TypeVar("Listed", Audience, Prompt)


@dataclass(frozen=True)
class Group:
    """An audience as it is typed: its name and, where known, how many people took part."""

    name: str
    people: int | None = None


@dataclass(frozen=True)
class Asked:
    """A prompt as it is typed: its words and its kind."""

    text: str
    kind: str = "other"


def read_groups(text: str) -> list[Group]:
    """The audiences of a text with one a line, "name" or "name, people"; raise `Refusal` for a wrong line."""
    return [_read_group(line) for line in map(_tidy, text.splitlines()) if line]


def _read_group(line: str) -> Group:
    name, comma, number = line.rpartition(",")
    number = number.strip()
    if comma and name.strip() and number.isascii() and number.isdigit():
        return checked_group(Group(name.strip(), int(number[:12])))
    return checked_group(Group(line))


def _tidy(text: str) -> str:
    return " ".join(text.split())


def checked_group(group: Group) -> Group:
    """The group with its blanks tidied; raise `Refusal` when it cannot be kept."""
    name = _checked_words(group.name, NAME_LENGTH, _("Give the audience a name."))
    if group.people is not None and not 0 <= group.people <= MOST_PEOPLE:
        raise Refusal(_("The number of people in “%(name)s” must be a whole number, 0 or more.", name=name))
    return Group(name, group.people)


def checked_prompt(asked: Asked) -> Asked:
    """The prompt with its blanks tidied; raise `Refusal` when it cannot be kept."""
    if asked.kind not in PROMPT_KINDS:
        raise Refusal(_("Choose what kind of prompt it is."))
    return Asked(_checked_words(asked.text, PROMPT_LENGTH, _("Write the words of the prompt.")), asked.kind)


def _checked_words(words: str, most: int, if_missing: str) -> str:
    words = _tidy(words)
    if not words:
        raise Refusal(if_missing)
    if len(words) > most:
        raise Refusal(
            _("“%(start)s…” is too long. Use at most %(most)s characters.", start=words[:40], most=most)
        )
    if UNSTORABLE.search(words):
        raise Refusal(_("There is a character in the text that cannot be stored. Type it again."))
    return words


def audience_of(study: Study, audience_id: int) -> Audience:
    """An audience of a study; raise `NotFound` for one of another study."""
    return _of(study.audiences, audience_id)


def prompt_of(study: Study, prompt_id: int) -> Prompt:
    """A prompt of a study; raise `NotFound` for one of another study."""
    return _of(study.prompts, prompt_id)


def _of(listed: Sequence[Listed], wanted: int) -> Listed:
    # Searched here and not by the database, which cannot compare numbers larger than its own.
    found = next((one for one in listed if one.id == wanted), None)
    if found is None:
        raise NotFound
    return found


def put_in(study: Study, groups: Iterable[Group], prompts: Iterable[Asked] = ()) -> None:
    """Add audiences and prompts to a study that is being made; raise `Refusal` for a name twice."""
    for group in groups:
        _check_new("audience", group.name, [audience.name for audience in study.audiences])
        study.audiences.append(Audience(name=group.name, people=group.people, position=len(study.audiences)))
    for asked in prompts:
        _check_new("prompt", asked.text, [prompt.text for prompt in study.prompts])
        study.prompts.append(Prompt(text=asked.text, kind=asked.kind, position=len(study.prompts)))


def _check_new(noun: str, name: str, present: Sequence[str]) -> None:
    if name.casefold() in map(str.casefold, present):
        raise Refusal(str(TAKEN[noun]) % {"name": name})
    if len(present) >= MOST_NAMES:
        raise Refusal(str(ENOUGH[noun]) % {"most": MOST_NAMES})


def add(session: Session, study: Study, groups: Sequence[Group], *, by: str) -> None:
    """Add audiences to a study."""
    if not groups:
        raise Refusal(_("Give the audience a name."))
    put_in(study, groups)
    session.flush()
    audit.record(session, by, "audiences.add", study.slug, names=[group.name for group in groups])


def update(session: Session, audience: Audience, group: Group, *, seen: Group, by: str) -> None:
    """Change name and number of people; raise `Stale` when they are not what this person saw."""
    if Group(audience.name, audience.people) != seen:
        raise Stale(_("Somebody else changed this audience while you were typing."))
    group = checked_group(group)
    others = [other.name for other in audience.study.audiences if other is not audience]
    _check_new("audience", group.name, others)
    audience.name, audience.people = group.name, group.people
    session.flush()
    audit.record(
        session,
        by,
        "audiences.update",
        audience.study.slug,
        id=audience.id,
        before=seen.name,
        name=group.name,
    )


def add_prompt(session: Session, study: Study, asked: Asked, *, by: str) -> None:
    """Add a prompt to a study."""
    asked = checked_prompt(asked)
    put_in(study, (), [asked])
    session.flush()
    audit.record(session, by, "prompts.add", study.slug, text=asked.text, kind=asked.kind)


def update_prompt(session: Session, prompt: Prompt, asked: Asked, *, seen: Asked, by: str) -> None:
    """Change words and kind; raise `Stale` when they are not what this person saw."""
    if Asked(prompt.text, prompt.kind) != seen:
        raise Stale(_("Somebody else changed this prompt while you were typing."))
    asked = checked_prompt(asked)
    _check_new("prompt", asked.text, [other.text for other in prompt.study.prompts if other is not prompt])
    prompt.text, prompt.kind = asked.text, asked.kind
    session.flush()
    audit.record(
        session, by, "prompts.update", prompt.study.slug, id=prompt.id, before=seen.text, text=asked.text
    )


def move(session: Session, one: Audience | Prompt, step: int, *, by: str) -> None:
    """Move an audience or prompt up (-1) or down (1) in the order of its study."""
    listed = list(_siblings(one))
    here = listed.index(one)
    if step not in (-1, 1) or not 0 <= here + step < len(listed):
        raise Refusal(str(AT_THE_END[_noun(one)]))
    listed.insert(here + step, listed.pop(here))
    for position, other in enumerate(listed):
        other.position = position
    session.flush()
    session.expire(one.study)
    audit.record(session, by, f"{_noun(one)}s.move", one.study.slug, id=one.id, to=here + step)


def delete(session: Session, one: Audience | Prompt, *, by: str) -> None:
    """Delete an audience or prompt; raise `Refusal` while comments, a survey or a session belong to it."""
    study, name, noun = one.study, _name(one), _noun(one)
    comments = _comments(session, one)
    if comments:
        belong = ngettext("%(num)s comment belongs to it.", "%(num)s comments belong to it.", comments)
        raise Refusal(_("“%(name)s” cannot be deleted: %(belong)s", name=name, belong=belong))
    if _is_in_a_survey(session, one):
        raise Refusal(_("“%(name)s” cannot be deleted: a survey of the study uses it.", name=name))
    if _is_in_a_session(session, one):
        raise Refusal(_("“%(name)s” cannot be deleted: a session or a member check uses it.", name=name))
    _siblings(one).remove(one)
    session.flush()
    audit.record(session, by, f"{noun}s.delete", study.slug, name=name)


def _siblings(one: Audience | Prompt) -> list[Any]:
    return one.study.audiences if isinstance(one, Audience) else one.study.prompts


def _noun(one: Audience | Prompt) -> str:
    return "audience" if isinstance(one, Audience) else "prompt"


def _name(one: Audience | Prompt) -> str:
    return one.name if isinstance(one, Audience) else one.text


def _comments(session: Session, one: Audience | Prompt) -> int:
    mine = Comment.audience_id == one.id if isinstance(one, Audience) else Comment.prompt_id == one.id
    return session.scalar(select(func.count()).select_from(Comment).where(mine)) or 0


def _is_in_a_survey(session: Session, one: Audience | Prompt) -> bool:
    """Whether answers that come in later would belong to it."""
    mine = Survey.study_id == one.study_id
    if isinstance(one, Audience) and session.scalar(
        select(Survey.id).where(mine, Survey.audience_id == one.id)
    ):
        return True
    documents = session.scalars(select(Version.document).join(Survey).where(mine))
    key = f"{_noun(one)}_id"
    return any(one.id in _values(document, key) for document in documents)


def _is_in_a_session(session: Session, one: Audience | Prompt) -> bool:
    """Whether notes, or what a group said of its themes, would go with it or lose it."""
    uses: tuple[Select[Any], ...]
    if isinstance(one, Prompt):
        uses = (
            select(AgendaItem.id).where(AgendaItem.prompt_id == one.id),
            select(Note.id).where(Note.prompt_id == one.id),
        )
    else:
        uses = (
            select(GroupSession.id).where(GroupSession.audience_id == one.id),
            select(MemberCheck.id).where(MemberCheck.audience_id == one.id),
        )
    return any(session.scalar(query.limit(1)) is not None for query in uses)


def _values(node: object, key: str) -> list[object]:
    """Every value under that key, however deep."""
    if isinstance(node, dict):
        own = [node[key]] if key in node else []
        return [*own, *(value for part in node.values() for value in _values(part, key))]
    return [value for part in node for value in _values(part, key)] if isinstance(node, list) else []
