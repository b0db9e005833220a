"""What a run was given, built again from the board as it stood then: decisions, and what was found before.

The same as `survey.jobs.tasks.known` makes for the analysis, as plain values: the web does not import that.
The hashes in the manifest of a run say whether it is the same; `tests/test_reproduce.py` says that it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.board import Board, Decision, build, in_force, placing
from survey.formats.bundle import BundleComment, Given
from survey.models import Run
from survey.services import standings
from survey.services.board_names import by_people, decided_themes, names_of
from survey.services.placements import discovery
from survey.services.standings import Where


def board_at(session: Session, run: Run, decisions: list[Decision], comments: int) -> Board:
    """A board as it stood on a run with these decisions, when the study had so many comments."""
    found = discovery(session, run, placing(decisions))
    return build(replace(found, late=max(0, comments - run.comments)), decisions)


def given_to(session: Session, run: Run, decisions: list[Decision]) -> Given:
    """What a run was given: the board at its `board_revision`, from the decisions of the study."""
    before = [decision for decision in decisions if decision.number <= run.board_revision]
    stood_on = _run_under(session, run, before)
    if stood_on is None:
        return Given()
    board = board_at(session, stood_on, before, run.comments)
    where = standings.everywhere(session, board)
    if run.kind == "place":
        return _examples(board, where, every=bool(run.manifest.get("every")))
    return _known(board, where, afresh=bool(run.manifest.get("afresh")))


def _run_under(session: Session, run: Run, decisions: list[Decision]) -> Run | None:
    applied = (d.details["run"] for d in reversed(in_force(decisions)) if d.kind == "apply")
    query = select(Run).where(Run.study_id == run.study_id, Run.number == next(applied, None))
    return session.scalar(query)


def _known(board: Board, where: Where, *, afresh: bool) -> Given:
    names = names_of(board)
    decided = decided_themes(board)
    kept = decided if afresh else frozenset(names)
    standing = {c: tuple(theme for theme, _weight in themes if theme in kept) for c, themes in where.items()}
    earlier = {comment: themes for comment, themes in standing.items() if themes}
    return Given(
        placed=by_people(board, where, names),
        themes=tuple(dict.fromkeys(names[theme.id] for theme in board.themes if theme.id in decided)),
        earlier=earlier or None,
        labels={number: name for number, name in names.items() if number in kept} if earlier else {},
    )


def _examples(board: Board, where: Where, *, every: bool) -> Given:
    names = names_of(board)
    stay = {} if every else {c: tuple(theme for theme, _weight in found) for c, found in where.items()}
    return Given(
        placed=by_people(board, where, names),
        themes=tuple(names[theme.id] for theme in board.open) if every else (),
        numbers={name: number for number, name in names.items()},
        every=every,
        stay=stay,
    )


@dataclass(frozen=True)
class Hashes:
    """What the manifest of a run would say of its input."""

    input: str
    decisions: str | None
    earlier: str | None

    @classmethod
    def of(cls, comments: Iterable[BundleComment], given: Given) -> Hashes:
        """The hashes as `analysis.manifest` makes them."""
        return cls(
            _hash([c.id, c.text, c.group, c.prompt, c.language] for c in comments),
            _hash(_decided(given)) if given.placed or given.themes else None,
            _hash(_before(given)) if given.earlier else None,
        )


def _decided(given: Given) -> Iterator[Any]:
    names = (name for themes in given.placed.values() for name in themes)
    yield list(dict.fromkeys([*given.themes, *names]))
    yield from (["placed", comment, list(themes)] for comment, themes in sorted(given.placed.items()))


def _before(given: Given) -> Iterator[Any]:
    yield from ([theme, label] for theme, label in sorted(given.labels.items()))
    yield from ([comment, list(themes)] for comment, themes in sorted((given.earlier or {}).items()))


def _hash(lines: Iterable[Any]) -> str:
    digest = hashlib.sha256()
    write = json.JSONEncoder(separators=(",", ":")).encode
    for line in lines:
        digest.update(write(line).encode("ascii") + b"\n")
    return digest.hexdigest()
