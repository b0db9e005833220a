"""Samples of comments that two people code blind: drawing one, finding it, how far its coders are."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from survey.board import ENTRY, Board
from survey.dates import now
from survey.errors import NotFound, Refusal
from survey.models import Coding, Comment, Membership, Person, Sample, SampleCoder, SampleItem, Study
from survey.sampling import Drawable, Spread
from survey.sampling import draw as drawn
from survey.services import audit, theme_comments
from survey.services import board as boards

FEWEST, MOST, USUAL = 10, 500, 50
MOST_SEED = 2**31 - 1
PER_PAGE = (1, 5)
CODERS = frozenset({"planner", "facilitator"})


class WrongCoders(Refusal):
    """These two people cannot code the sample."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The sample a planner asks for. Without a seed one is chosen; `coders` are ids of two people."""

    size: int
    coders: tuple[int, int]
    seed: int | None = None
    by_audience: bool = True
    by_theme: bool = True
    hide_context: bool = False
    per_page: int = 1


@dataclass(frozen=True, slots=True)
class Progress:
    """How many comments a sample has, and how many of them each place (1 and 2) has coded."""

    of: int
    done: dict[int, int]

    def left(self, place: int) -> int:
        """Comments this coder has still to code."""
        return self.of - self.done[place]


def possible_coders(session: Session, study: Study) -> list[Person]:
    """The people who may code: active planners and facilitators who work on the study, by name."""
    members = select(Membership.person_id).where(Membership.study_id == study.id)
    query = select(Person).where(Person.active, Person.all_studies | Person.id.in_(members))
    people = session.scalars(query.order_by(Person.name, Person.id))
    return [person for person in people if not CODERS.isdisjoint(person.roles)]


def count_drawable(session: Session, study: Study, board: Board) -> int:
    """How many comments could be drawn: all but those off topic."""
    query = select(func.count()).select_from(Comment).where(Comment.study_id == study.id)
    return (session.scalar(query) or 0) - len(board.off_topic)


def draw(session: Session, study: Study, wanted: Wanted, by: str) -> Sample:
    """Draw a sample and give it to two people; the study's row must be locked.

    The live themes of the board are frozen into it. Raises `Refusal` saying what to change.
    """
    _check(session, study, wanted)
    board = _board_with_themes(session, study)
    pool = _pool(session, study, board, with_themes=wanted.by_theme)
    _check_size(wanted.size, len(pool))
    seed = secrets.randbelow(MOST_SEED) if wanted.seed is None else wanted.seed
    themes = tuple(theme.id for theme in board.live) if wanted.by_theme else ()
    chosen = drawn(pool, Spread(wanted.size, seed, wanted.by_audience, themes))
    sample = _store(session, study, wanted, _frozen(board), seed=seed, by=by)
    rows = [{"sample_id": sample.id, "position": n, "comment_id": id} for n, id in enumerate(chosen, start=1)]
    session.execute(insert(SampleItem), rows)
    audit.record(session, by, "samples.draw", study.slug, sample=sample.number, size=sample.size, seed=seed)
    return sample


def _check(session: Session, study: Study, wanted: Wanted) -> None:
    if not FEWEST <= wanted.size <= MOST:
        raise Refusal(_("A sample has %(least)s to %(most)s comments.", least=FEWEST, most=MOST))
    if wanted.seed is not None and not 0 <= wanted.seed <= MOST_SEED:
        raise Refusal(_("The seed must be a whole number from 0 to %(most)s.", most=f"{MOST_SEED:,}"))
    if wanted.per_page not in PER_PAGE:
        raise Refusal(_("Choose how many comments a page shows."))
    if len(set(wanted.coders)) < 2:
        raise WrongCoders(_("Choose two different people: each codes without seeing the other."))
    if not set(wanted.coders) <= {person.id for person in possible_coders(session, study)}:
        raise WrongCoders(_("Choose two people who work on this study as planner or facilitator."))


def _check_size(size: int, available: int) -> None:
    if size <= available:
        return
    if available < FEWEST:
        raise Refusal(_("At least %(least)s comments are needed to draw a sample.", least=FEWEST))
    sentence = ngettext(
        "There is %(num)s comment to draw from. Ask for fewer.",
        "There are %(num)s comments to draw from. Ask for that many or fewer.",
        available,
    )
    raise Refusal(sentence)


def _board_with_themes(session: Session, study: Study) -> Board:
    board = boards.load(session, study)
    if board is None or not board.live:
        raise Refusal(_("There are no themes on the board to code with. Find themes first, or make some."))
    return board


def _frozen(board: Board) -> list[dict[str, Any]]:
    """The live themes as coders will see them, whatever becomes of the board."""
    names = {theme.id: theme.name for theme in board.themes}
    return [
        {"id": theme.id, "name": theme.name, "parent": names[theme.parent] if theme.parent else None}
        | {part: theme.entry.get(part, "") for part in ENTRY}
        for theme in board.live
    ]


def _pool(session: Session, study: Study, board: Board, *, with_themes: bool) -> list[Drawable]:
    query = select(Comment.id, Comment.audience_id).where(Comment.study_id == study.id)
    rows = [row for row in session.execute(query) if row.id not in board.off_topic]
    if not with_themes:
        return [Drawable(row.id, row.audience_id) for row in rows]
    found = theme_comments.placements(session, board)
    above = {theme.id: theme.parent for theme in board.live}
    return [Drawable(row.id, row.audience_id, _themes(board, row.id, found, above)) for row in rows]


def _themes(
    board: Board, comment: str, found: Mapping[str, theme_comments.Found], above: Mapping[int, int | None]
) -> frozenset[int]:
    """The live themes a comment is in; one in a sub-theme is in the theme above it too."""
    candidates = [candidate for candidate, _reason in found.get(comment, []) if candidate is not None]
    numbers = board.numbers_of(comment, candidates) & above.keys()
    parents = {above[number] for number in numbers}
    return numbers | {parent for parent in parents if parent is not None and parent in above}


def _store(
    session: Session, study: Study, wanted: Wanted, themes: list[dict[str, Any]], *, seed: int, by: str
) -> Sample:
    last = session.scalar(select(func.max(Sample.number)).where(Sample.study_id == study.id)) or 0
    sample = Sample(study_id=study.id, number=last + 1, seed=seed, size=wanted.size, themes=themes)
    sample.per_page, sample.hide_context = wanted.per_page, wanted.hide_context
    sample.made_by, sample.made_at = by, now()
    sample.coders = [
        SampleCoder(place=place, person_id=person) for place, person in enumerate(wanted.coders, start=1)
    ]
    session.add(sample)
    session.flush()
    return sample


def of_study(session: Session, study: Study) -> list[Sample]:
    """All samples of a study, newest first."""
    return list(
        session.scalars(select(Sample).where(Sample.study_id == study.id).order_by(Sample.number.desc()))
    )


def get(session: Session, study: Study, number: int, *, lock: bool = False) -> Sample:
    """A sample of a study, or `NotFound`; `lock` holds its row until the transaction ends."""
    query = select(Sample).where(Sample.study_id == study.id, Sample.number == number)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    sample = session.scalar(query)
    if sample is None:
        raise NotFound
    return sample


def place_of(sample: Sample, person: Person) -> int | None:
    """Which of the two coders this person is: 1, 2 or none of them."""
    return next((coder.place for coder in sample.coders if coder.person_id == person.id), None)


def items(session: Session, sample: Sample) -> list[SampleItem]:
    """The comments of a sample that are still there, in order."""
    query = select(SampleItem).where(SampleItem.sample_id == sample.id).order_by(SampleItem.position)
    return list(session.scalars(query))


def progress(session: Session, samples: Iterable[Sample]) -> dict[int, Progress]:
    """How far each of these samples is, by its id, in two queries."""
    ids = [sample.id for sample in samples]
    sizes = _counts(session, select(SampleItem.sample_id).where(SampleItem.sample_id.in_(ids)))
    done = _counts(session, select(Coding.sample_id, Coding.place).where(Coding.sample_id.in_(ids)))
    return {id: Progress(sizes[(id,)], {place: done[(id, place)] for place in (1, 2)}) for id in ids}


def _counts(session: Session, query: Any) -> Counter[tuple[Any, ...]]:
    columns: Sequence[Any] = list(query.selected_columns)
    rows = session.execute(query.add_columns(func.count()).group_by(*columns))
    return Counter({tuple(row[:-1]): row[-1] for row in rows})
