"""The sides of a comparison, what a worker finds between them, and how it is read back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from analysis.breadth import breadth
from survey import changes
from survey.comparing import KINDS, SHAPES, confirmation, read
from survey.db import Database
from survey.errors import NotFound, Refusal
from survey.jobs.tasks.compare import document
from survey.models import Study
from survey.services import comparisons, studies
from survey.services.comparisons import Gathered, GatheredTheme
from tests.boards import add_comments, add_run, board_of, decide


@pytest.fixture
def filled(database: Database, study: Study) -> Study:
    with database.writing() as session:
        add_comments(session, study)
        add_run(session, session.merge(study))
    return study


def side(session: Session, key: str) -> Gathered:
    return comparisons.gather(session, studies.by_slug(session, "it-plan"), key)


def test_the_board_as_a_side(filled: Study, database: Database) -> None:
    with database.writing() as session:
        study = studies.by_slug(session, filled.slug)
        decide(session, study, changes.nest(2, 1), changes.off_topic("n1"), changes.move("late", None, 3))
        decide(session, study, changes.park(3))
        board = board_of(session, study)
        found = side(session, "board")
    (theme,) = found.themes
    assert theme.members == {"a1", "a2", "a3", "n2", "n3", "t1", "t4"}, "a sub-theme counts with its theme"
    assert theme.size == len(theme.members) == board.top[0].size
    assert (theme.breadth, found.revision) == (board.top[0].breadth, board.revision)
    assert "n1" not in found.ids, "off the topic"
    assert "late" in found.ids
    assert theme.quotes["a1"] == "Comment a1 of <b>Academia</b>"


def test_a_run_as_a_side_is_what_the_machine_found(filled: Study, database: Database) -> None:
    with database.writing() as session:
        decide(
            session, studies.by_slug(session, filled.slug), changes.merge(1, [2]), changes.rename(1, "Net")
        )
        found = side(session, "run:1")
    assert [(t.id, t.size, len(t.members)) for t in found.themes] == [(1, 6, 6), (2, 4, 4), (3, 2, 2)]
    assert found.themes[0].name == "internet; home"
    assert (found.themes[2].breadth.k, found.themes[2].breadth.of) == (1, 3)
    assert (found.comments, len(found.ids), found.revision) == (13, 13, None)


def test_a_side_that_has_gone_is_refused_in_words(filled: Study, database: Database) -> None:
    with database.reading() as session:
        for key in ("run:2", "study:gone", "study:", "x"):
            with pytest.raises(Refusal, match="not there any more"):
                side(session, key)
        with pytest.raises(Refusal, match="no themes"):
            side(session, "study:other")


def test_names_of_a_run_can_be_told_apart() -> None:
    assert comparisons.distinct(["a", "b", "a", "a"]) == ["a", "b", "a (2)", "a (3)"]


def made(key: str, themes: dict[str, set[str]], everything: set[str]) -> Gathered:
    """A side from the comments of each theme by its name."""
    listed = (
        GatheredTheme(number, name, (name,), len(ids), breadth((), ()), frozenset(ids), {})
        for number, (name, ids) in enumerate(themes.items(), start=1)
    )
    return Gathered(key, "en", len(everything), None, frozenset(everything), tuple(listed))


def test_a_merger_and_a_stray_worked_out_by_hand() -> None:
    everything = {str(n) for n in range(20)}
    ten, five = {str(n) for n in range(10)}, {str(n) for n in range(10, 15)}
    old = made("run:1", {"buses": ten, "trams": five, "parks": {"15", "16"}}, everything)
    new = made("board", {"transit": (ten | five) - {"8", "9"}, "park": {"15", "16", "8", "9"}}, everything)
    found = read(json.loads(json.dumps(document(old, new))))
    assert (found.basis, found.shared) == ("comments", 20)
    merged, other = found.suggestions
    assert (merged.kind, [t.name for t in merged.old], merged.shared) == ("merged", ["buses", "trams"], 13)
    assert merged.of_old == pytest.approx(13 / 15, abs=1e-4)
    assert merged.of_new == 1
    assert [t.name for t in other.old + other.new] == ["parks", "park"]
    assert other.words == ("park",), "one word in two forms"
    assert {(f.old, f.new, f.shared, f.astray) for f in found.flows} == {
        (1, 1, 8, False),
        (2, 1, 5, False),
        (3, 2, 2, False),
        (1, 2, 2, True),
    }
    assert found.old.themes[0].share == 0.5


ids = st.integers(0, 30).map(str)
groups = st.lists(st.sets(ids, min_size=1, max_size=12), max_size=6)


@settings(max_examples=60, deadline=None)
@given(groups, groups)
def test_every_theme_is_in_one_suggestion_and_each_can_be_confirmed(
    olds: list[set[str]], news: list[set[str]]
) -> None:
    old = made("run:1", {f"old {n}": found for n, found in enumerate(olds)}, set().union(*olds))
    new = made("board", {f"new {n}": found for n, found in enumerate(news)}, set().union(*news))
    found = read(json.loads(json.dumps(document(old, new))))
    assert sorted(t.id for s in found.suggestions for t in s.old) == [t.id for t in old.themes]
    assert sorted(t.id for s in found.suggestions for t in s.new) == [t.id for t in new.themes]
    for suggestion in found.suggestions:
        before, after = {t.id for t in suggestion.old}, {t.id for t in suggestion.new}
        change = confirmation(found, suggestion.kind, before, after)
        assert {*change.details["old"]} == {t.name for t in suggestion.old}
        assert {*change.details["new"]} == after
    assert all(0 <= flow.of_old <= 1 and 0 <= flow.of_new <= 1 for flow in found.flows)


@pytest.mark.parametrize("kind", KINDS)
def test_the_numbers_of_themes_go_with_the_kind(kind: str) -> None:
    sides = [made(key, {f"{key} {n}": {str(n)} for n in range(3)}, set("012")) for key in ("run:1", "board")]
    found = read(document(*sides))
    for before in range(4):
        for after in range(4):
            chosen = {*range(1, before + 1)}, {*range(1, after + 1)}
            if before in SHAPES[kind][0] and after in SHAPES[kind][1]:  # type: ignore[index]
                assert confirmation(found, kind, *chosen).details["change"] == kind
            else:
                with pytest.raises(Refusal):
                    confirmation(found, kind, *chosen)
    with pytest.raises(NotFound):
        confirmation(read(document(*reversed(sides))), kind, {1}, {1})
