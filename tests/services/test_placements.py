"""What the machine found under any filter, against counting the comments by hand."""

from __future__ import annotations

import random
from collections import Counter
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.breadth import breadth
from survey import changes
from survey.board import Board
from survey.models import Candidate, Comment, Placement, Run, Study
from survey.services import board as boards
from survey.services.comments import NONE, Filter
from survey.services.ids import FEW, is_one_of
from survey.services.placements import audience_key, discovery
from survey.services.theme_comments import CommentQuery, ids_of
from tests.boards import add_comments, add_run, board_of, decide

CHANNELS, LANGUAGES, WAVES = ("session", "import"), ("en", "es", None), ("2025", "2026", None)


@pytest.fixture
def themes(session: Session, study: Study) -> dict[int, int]:
    """The small study with channels, languages and waves, and with decisions of every kind that counts."""
    add_comments(session, study)
    luck = random.Random(5)
    for comment in session.scalars(select(Comment).order_by(Comment.id)):
        comment.channel, comment.language = luck.choice(CHANNELS), luck.choice(LANGUAGES)
        comment.wave = luck.choice(WAVES)
    numbers = add_run(session, study)
    decide(
        session,
        study,
        changes.axis(1, "Scope", [(1, "City"), (2, "State")]),
        changes.code(1, 1, ["a1", "a3", "t2", "late"]),
        changes.code(1, 2, ["a2", "n4", "x1"]),
        changes.move(["late", "x1"], None, 2),
        changes.move("a2", 1, None),
        changes.off_topic(["n4", "t1"]),
        changes.nest(2, 1),
        changes.park(3),
    )
    return numbers


def filters(session: Session, study: Study) -> list[Filter]:
    merged = session.merge(study)
    one, two = merged.audiences[0].id, merged.audiences[2].id
    prompt = merged.prompts[0].id
    single = [
        *(Filter(audience=wanted) for wanted in (one, two, NONE, 2**31 - 1)),
        *(Filter(prompt=wanted) for wanted in (prompt, NONE)),
        *(Filter(channel=wanted) for wanted in (*CHANNELS, "paper")),
        *(Filter(language=wanted) for wanted in ("en", "es", "fr")),
        *(Filter(wave=wanted) for wanted in ("2025", "2026", "1999")),
        *(Filter(text=wanted) for wanted in ("TECH", "comment a", "%", "_", "no such words")),
        *(Filter(axis=1, code=wanted) for wanted in (None, NONE, 1, 2, 9)),
        Filter(axis=7, code=1),
    ]
    both = [
        Filter(audience=audience, channel=channel, wave=wave, axis=axis, code=1 if axis else None)
        for audience, channel, wave, axis in product((None, one), ("", "session"), ("", "2026"), (None, 1))
    ]
    return [*single, *both]


def fits(comment: Comment, wanted: Filter, board: Board) -> bool:
    """Whether a comment passes, said without SQL."""
    codes = board.codes.get(wanted.axis or 0, {})
    code = codes.get(comment.id)
    return all(
        (
            wanted.text.lower() in comment.text.lower(),
            wanted.audience is None or (comment.audience_id or NONE) == wanted.audience,
            wanted.prompt is None or (comment.prompt_id or NONE) == wanted.prompt,
            not wanted.channel or comment.channel == wanted.channel,
            not wanted.language or comment.language == wanted.language,
            not wanted.wave or comment.wave == wanted.wave,
            wanted.axis is None
            or (code is None if wanted.code == NONE else code is not None and wanted.code in (None, code)),
        )
    )


def standing(session: Session, study: Study, board: Board) -> dict[Comment, frozenset[int]]:
    """The themes of every comment of the study."""
    found: dict[str, set[int]] = {}
    for row in session.scalars(select(Placement).where(Placement.run_id == board.run)):
        found.setdefault(row.comment_id, set()).update({row.candidate_id} - {None})  # type: ignore[arg-type]
    comments = session.scalars(select(Comment).where(Comment.study_id == study.id))
    return {comment: board.numbers_of(comment.id, found.get(comment.id, ())) for comment in comments}


def test_every_filter_counts_what_it_leaves_in(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    board = board_of(session, study)
    everything = standing(session, study, board)
    seen = set()
    for wanted in filters(session, study):
        left = {comment: found for comment, found in everything.items() if fits(comment, wanted, board)}
        seen.add(frozenset(comment.id for comment in left))
        check(boards.load(session, study, wanted), board, left)
        ids = ids_of(session, study, board, CommentQuery(None, wanted, all=True))
        assert sorted(ids) == sorted(comment.id for comment in left), wanted
    assert len(seen) > 15, "the filters must differ"


def check(filtered: Board | None, board: Board, left: dict[Comment, frozenset[int]]) -> None:
    assert filtered is not None
    assert [theme.id for theme in filtered.themes if theme.id not in board.merged] == []
    assert {theme.id for theme in filtered.themes} == {theme.id for theme in board.themes}
    live, totals = {theme.id for theme in board.live}, Counter[str]()
    for comment, found in left.items():
        if comment.id not in board.off_topic and (comment.id != "late" or found):
            totals[audience_key(comment.audience_id)] += 1
    assert +Counter(filtered.totals) == totals
    for theme in filtered.themes:
        box = [comment for comment, found in left.items() if not found.isdisjoint(theme.members)]
        counts = Counter(audience_key(comment.audience_id) for comment in box)
        assert (theme.size, dict(theme.by_audience)) == (len(box), dict(counts))
        keys = sorted(key for key in filtered.totals if key)
        numbers = tuple(counts[key] for key in keys), tuple(totals[key] for key in keys)
        assert theme.breadth == breadth(*numbers)
    off = {comment.id for comment in left} & board.off_topic
    assert filtered.off_topic == off
    assert filtered.comments == len(left)
    none = [c for c, found in left.items() if c.id not in off and not found & live]
    assert filtered.unplaced == len(none)


def test_an_empty_filter_is_no_filter(session: Session, study: Study, themes: dict[int, int]) -> None:
    assert boards.load(session, study, Filter()) == board_of(session, study)


def test_a_filter_does_not_come_in_where_people_decide(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    filtered = boards.load(session, study, Filter(channel="paper"))
    assert filtered is not None
    board = decide(session, study, changes.accept(1))
    assert (filtered.log, filtered.moved) == (board.log[:-1], board.moved)


def test_what_is_counted_is_what_the_run_said_of_itself(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    """Counted anew under a filter that leaves everything in, the machine's own counts come out."""
    run = session.scalars(select(Run)).one()
    stored = discovery(session, run, ["a1", "late"])
    counted = discovery(session, run, ["a1", "late"], [Comment.text.icontains("comment")])
    assert [(c.id, +Counter(c.by_audience)) for c in counted.candidates] == [
        (c.id, +Counter(c.by_audience)) for c in stored.candidates
    ]
    assert (counted.totals, counted.comments, counted.unplaced, counted.late, counted.placed) == (
        stored.totals,
        stored.comments,
        stored.unplaced,
        stored.late,
        stored.placed,
    )
    assert counted.together == stored.together
    assert stored.placed.keys() == {"a1", "late"}
    assert sum(stored.together.values()) == 2, "a2 and n3 are in several themes"
    assert discovery(session, run, ["a2", "n3"]).together == {}, "nobody counts twice"
    assert stored.placed["late"].late


def test_comments_of_another_study_and_of_another_run_stay_out(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    add_run(session, study, number=2)
    session.add(Comment(id="theirs", study_id=study.id + 0, channel="import", text="Ours"))
    session.flush()
    first, second = session.scalars(select(Run).order_by(Run.number)).all()
    found = discovery(session, first, ["a1", "nowhere"])
    ids = set(session.scalars(select(Candidate.id).where(Candidate.run_id == first.id)))
    assert all(placed.candidates <= ids for placed in found.placed.values())
    assert "nowhere" not in found.placed
    assert discovery(session, second, []).run == second.id


def test_many_ids_are_one_statement(session: Session, study: Study, themes: dict[int, int]) -> None:
    ids = sorted(session.scalars(select(Comment.id).where(Comment.study_id == study.id)))
    strange = ["é", "'; DROP TABLE comment; --", '"', "\\", "{}", "%"]
    for asked in (
        [],
        ids[:3],
        [*ids, *strange],
        [*ids[:5], *(f"x{n}" for n in range(50_000))],
        [*strange] * 100,
    ):
        query = select(Comment.id).where(is_one_of(session, Comment.id, asked))
        assert sorted(session.scalars(query)) == sorted(set(ids) & set(asked))
    assert FEW < 50_000
