"""Comparisons: the themes of now with those of an earlier run or of an earlier study."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.breadth import Breadth, breadth
from survey.board import Board
from survey.comparing import BOARD, Comparison, read
from survey.errors import NotFound, Refusal
from survey.jobs import table as jobs
from survey.models import Comment, Job, Placement, Run, Study
from survey.services import applying, audit, studies
from survey.services import board as boards
from survey.services.ids import is_one_of
from survey.services.theme_comments import placements

KIND = "compare"
RUN = re.compile(r"run:([1-9][0-9]{0,8})")
EARLIER = "study:"
QUOTES = 2


@dataclass(frozen=True, slots=True)
class GatheredTheme:
    """A theme with all that tells what it is about; `quotes` are typical comments by id."""

    id: int
    name: str
    keywords: tuple[str, ...]
    size: int
    breadth: Breadth
    members: frozenset[str]
    quotes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Gathered:
    """One side of a comparison, as the analysis needs it: `ids` are those of all its comments."""

    key: str
    language: str
    comments: int
    revision: int | None
    ids: frozenset[str]
    themes: tuple[GatheredTheme, ...]


def start(session: Session, study: Study, old: str, new: str, by: str) -> Job:
    """Put a comparison to work; one that is under way is not started twice.

    `old` and `new` are "board", "run:2" or "study:" with its short name. Raises `NotFound` for a side that
    there is not, `Refusal` for two sides that cannot be compared.
    """
    _check(session, study, old, new)
    job = newest(session, study, old, new)
    if job is not None and job.state in ("waiting", "running"):
        return job
    job = jobs.enqueue(session, KIND, {"old": old, "new": new}, study_id=study.id, by=by)
    audit.record(session, by, "comparisons.start", study.slug, job=job.id, old=old, new=new)
    return job


def _check(session: Session, study: Study, old: str, new: str) -> None:
    if old in (new, EARLIER + study.slug):
        raise Refusal(_("That is the same twice. Choose something else to compare with."))
    if new.startswith(EARLIER):
        raise NotFound
    for key in (old, new):
        if not has_themes(session, study, key):
            raise Refusal(_("There are no themes to compare with yet. Find themes there first."))


def has_themes(session: Session, study: Study, key: str) -> bool:
    """Whether a side has themes; raise `NotFound` for one that there is not."""
    if match := RUN.fullmatch(key):
        applying.run_of(session, study, int(match[1]))
        return True
    return boards.run_of_board(session, side_study(session, study, key)) is not None


def side_study(session: Session, study: Study, key: str) -> Study:
    """The study that a side is of; raise `NotFound` where there is no such side."""
    if key == BOARD or RUN.fullmatch(key):
        return study
    slug = key.removeprefix(EARLIER)
    found = None
    if key.startswith(EARLIER) and studies.is_slug(slug):
        found = session.scalar(select(Study).where(Study.slug == slug))
    if found is None:
        raise NotFound
    return found


def newest(session: Session, study: Study, old: str, new: str, *, done: bool = False) -> Job | None:
    """The comparison of two sides that was asked for last and not stopped; with `done`, the last result."""
    states = ("done",) if done else ("waiting", "running", "failed", "done")
    found = (id for id, args, state in _asked(session, study) if state in states and args == (old, new))
    id = next(found, None)
    return None if id is None else session.get_one(Job, id)


def states(session: Session, study: Study) -> dict[tuple[str, str], str]:
    """How far each pair of sides is that was asked for and not stopped: the state of its last job."""
    asked = [(args, state) for _id, args, state in _asked(session, study) if state != "cancelled"]
    return dict(reversed(asked))


def _asked(session: Session, study: Study) -> Iterator[tuple[int, tuple[str, str], str]]:
    """All comparisons that were asked for, the last one first, without what they found."""
    query = select(Job.id, Job.args, Job.state).where(Job.study_id == study.id, Job.kind == KIND)
    for id, args, state in session.execute(query.order_by(Job.id.desc())):
        yield id, (args["old"], args["new"]), state


def result(job: Job) -> Comparison:
    """What a comparison found."""
    assert job.result is not None
    return read(job.result)


def quotes(session: Session, study: Study, comparison: Comparison) -> dict[str, Comment]:
    """The comments that the themes of a comparison quote, by id; those taken back since are missing."""
    ids = {id for side in (comparison.old, comparison.new) for theme in side.themes for id in theme.quotes}
    homes = {side_study(session, study, side.key).id for side in (comparison.old, comparison.new)}
    chosen = select(Comment).where(is_one_of(session, Comment.id, ids), Comment.study_id.in_(homes))
    return {comment.id: comment for comment in session.scalars(chosen)}


def set_earlier(session: Session, study: Study, earlier: Study | None, by: str) -> None:
    """Say which study is the one of an earlier year; None for none."""
    if earlier is not None and earlier.id == study.id:
        raise Refusal(_("A study cannot be its own earlier one. Choose another study."))
    study.earlier_id = earlier.id if earlier else None
    session.flush()
    audit.record(session, by, "studies.earlier", study.slug, earlier=earlier.slug if earlier else None)


def gather(session: Session, study: Study, key: str) -> Gathered:
    """One side with its comments; raise `Refusal` when it has gone since it was asked for."""
    try:
        home = side_study(session, study, key)
        if match := RUN.fullmatch(key):
            return _of_run(session, key, applying.run_of(session, study, int(match[1])))
    except NotFound:
        raise Refusal(_("What you wanted to compare with is not there any more. Choose again.")) from None
    board = boards.load(session, home)
    if board is None:
        raise Refusal(_("There are no themes to compare with yet. Find themes there first."))
    return _of_board(session, key, home, board)


def _of_board(session: Session, key: str, study: Study, board: Board) -> Gathered:
    """The live themes, those under another one counted with it."""
    members, ids = _members(session, board)
    texts = _texts(session, (id for theme in board.top for id in theme.quotes))
    themes = [
        GatheredTheme(
            theme.id,
            theme.name,
            theme.keywords,
            theme.size,
            theme.breadth,
            frozenset(members[theme.id]),
            {id: texts[id] for id in theme.quotes if id in texts},
        )
        for theme in board.top
    ]
    language = _language(session, study.id)
    return Gathered(key, language, len(ids), board.revision, frozenset(ids), tuple(themes))


def _members(session: Session, board: Board) -> tuple[Mapping[int, set[str]], set[str]]:
    """The comments of each top theme, and all that are on the topic and were placed or could have been."""
    homes = {member: theme.id for theme in board.top for member in theme.members}
    found = placements(session, board)
    ids = (found.keys() | board.moved.keys()) - board.off_topic
    members: defaultdict[int, set[str]] = defaultdict(set)
    for id in ids:
        candidates = [candidate for candidate, _reason in found.get(id, ()) if candidate is not None]
        for number in board.numbers_of(id, candidates):
            if number in homes:
                members[homes[number]].add(id)
    return members, set(ids)


def _of_run(session: Session, key: str, run: Run) -> Gathered:
    """What the machine found, before anybody decided anything."""
    rows = select(Placement.comment_id, Placement.candidate_id).where(Placement.run_id == run.id)
    members: defaultdict[int | None, set[str]] = defaultdict(set)
    for comment, candidate in session.execute(rows):
        members[candidate].add(comment)
    texts = _texts(session, (id for candidate in run.candidates for id in candidate.quotes))
    groups = sorted(run.totals.keys() - {""})
    names = distinct(candidate.label for candidate in run.candidates)
    themes = [
        GatheredTheme(
            candidate.number,
            name,
            tuple(candidate.keywords),
            candidate.size,
            breadth(
                tuple(candidate.by_audience.get(group, 0) for group in groups),
                tuple(run.totals[group] for group in groups),
            ),
            frozenset(members[candidate.id]),
            {id: texts[id] for id in candidate.quotes if id in texts},
        )
        for candidate, name in zip(run.candidates, names, strict=True)
    ]
    ids = frozenset[str]().union(*members.values())
    return Gathered(key, _language(session, run.study_id), run.comments, None, ids, tuple(themes))


def distinct(names: Iterable[str]) -> list[str]:
    """Names that can be told apart: people confirm the earlier themes by name."""
    seen: Counter[str] = Counter()
    told = []
    for name in names:
        seen[name] += 1
        told.append(f"{name} ({seen[name]})" if seen[name] > 1 else name)
    return told


def _texts(session: Session, ids: Iterable[str]) -> Mapping[str, str]:
    wanted: Collection[str] = set(ids)
    rows = session.execute(select(Comment.id, Comment.text).where(is_one_of(session, Comment.id, wanted)))
    return {row.id: row.text for row in rows}


def _language(session: Session, study_id: int) -> str:
    """The language that most comments say they are in; English where they do not say."""
    number = func.count()
    query = select(Comment.language).where(Comment.study_id == study_id, Comment.language.is_not(None))
    return session.scalar(query.group_by(Comment.language).order_by(number.desc()).limit(1)) or "en"
