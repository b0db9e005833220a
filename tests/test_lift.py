"""Lift: what a table of themes by audiences may say."""

from __future__ import annotations

import math
import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey import lift
from survey.lift import FEWEST_IN_THEME, LiftCell, differing, lift_table, mid_p, ratio_interval

ORDER = {"less than others": 0, "about the same": 1, "too few to say": 1, "more than others": 2}
OTHER_SIDE = {"more than others": "less than others", "less than others": "more than others"}


def cell(count: int, total: int, rest: int, others: int) -> LiftCell:
    """One theme, an audience and all the others: the cell of the audience."""
    return lift_table({1: {"a": count, "b": rest}}, {"a": total, "b": others}).rows[0].cells[0]


def test_mid_p_is_that_of_the_lady_tasting_tea() -> None:
    """Agresti, table 3.8: three cups of four guessed right have the probability 16/70, all four 1/70."""
    assert mid_p(3, 4, 4, 8) == pytest.approx(2 * (1 + 16 / 2) / 70)
    assert mid_p(4, 4, 4, 8) == pytest.approx(1 / 70)
    assert mid_p(2, 4, 4, 8) == pytest.approx(1)


def test_the_interval_is_koopmans(monkeypatch: pytest.MonkeyPatch) -> None:
    """36 of 40 and 16 of 80, at 95 %: 2.94 to 7.15, a little wider with Miettinen and Nurminen's factor."""
    monkeypatch.setattr(lift, "_Z2", 1.959964**2)
    low, high = ratio_interval.__wrapped__(36, 40, 16, 80)
    assert low == pytest.approx(2.94, abs=0.01)
    assert high == pytest.approx(7.15, abs=0.02)


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ((30, 100, 60, 800), "more than others"),
        ((2, 150, 160, 800), "less than others"),
        ((40, 200, 160, 800), "about the same"),
        ((1100, 10_000, 10_000, 100_000), "about the same"),  # sure to be more, by a tenth
        ((3, 30, 60, 800), "too few to say"),
        ((0, 12, 6, 100), "too few to say"),
        ((4, 4, 9, 800), "too few to say"),  # all of them, but four people
        ((4, 20, 0, 800), "too few to say"),  # a theme of four
        ((0, 0, 60, 800), "too few to say"),
        ((60, 800, 0, 0), "too few to say"),
    ],
)
def test_what_is_said(counts: tuple[int, int, int, int], verdict: str) -> None:
    assert cell(*counts).verdict == verdict


def test_a_cell_has_its_numbers() -> None:
    found = cell(30, 100, 60, 800)
    assert (found.count, found.total, found.share) == (30, 100, 0.3)
    assert found.lift == pytest.approx(4)
    assert 2.8 < found.low < 4 < found.high < 5.8
    nothing = cell(0, 0, 0, 50)
    assert (nothing.share, nothing.lift, nothing.low, nothing.high) == (0, None, 0, math.inf)
    alone = cell(20, 100, 0, 100)
    assert (alone.lift, alone.high, alone.verdict) == (None, math.inf, "more than others")
    assert alone.low > 4
    silent = cell(0, 100, 20, 100)
    assert (silent.lift, silent.low, silent.verdict) == (0, 0, "less than others")
    assert silent.high == pytest.approx(1 / alone.low)


def test_a_table_keeps_order_and_adds_up() -> None:
    table = lift_table({7: {"b": 40, "a": 2}, 3: {}}, {"a": 100, "b": 110, "empty": 0})
    assert table.audiences == ("a", "b", "empty")
    assert [(row.theme, row.count) for row in table.rows] == [(7, 42), (3, 0)]
    assert [one.count for one in table.rows[0].cells] == [2, 40, 0]
    assert (table.total, table.cells) == (210, 6)
    assert table.verdicts == {"less than others": 1, "more than others": 1, "too few to say": 4}
    assert lift_table({}, {"a": 3}).cells == lift_table({1: {}}, {}).cells == 0


@pytest.mark.parametrize("counts", [{"a": 4}, {"b": 1}, {"a": -1}])
def test_counts_that_cannot_be_are_refused(counts: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"^Theme 5 has -?\d of \d comments of '[ab]'\.$"):
        lift_table({5: counts}, {"a": 3})


def test_many_cells_need_more_than_one() -> None:
    """The same numbers that speak for themselves do not among thirty that say nothing."""
    alone = lift_table({1: {"a": 15, "b": 60}}, {"a": 100, "b": 800})
    themes = {number: {"a": 8, "b": 64} for number in range(2, 40)}
    among = lift_table({1: {"a": 15, "b": 60}} | themes, {"a": 100, "b": 800})
    assert alone.rows[0].cells[0].verdict == "more than others"
    assert among.rows[0].cells[0].verdict == "too few to say"
    assert among.rows[0].cells[0].low == alone.rows[0].cells[0].low


def test_the_procedure_of_benjamini_and_hochberg() -> None:
    """The example of their paper, section 3.2: the first four of fifteen at 0.05."""
    paper = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262]
    paper += [0.5719, 0.6528, 0.7590, 1.0]
    assert differing(paper) == [True] * 4 + [False] * 11
    assert differing([None, *reversed(paper), None]) == [False] * 12 + [True] * 4 + [False]
    assert differing([None]) == [False]
    assert differing([]) == []


tables = st.tuples(st.integers(0, 400), st.integers(0, 400)).flatmap(
    lambda totals: st.tuples(
        st.integers(0, totals[0]), st.just(totals[0]), st.integers(0, totals[1]), st.just(totals[1])
    )
)


@given(tables)
def test_two_audiences_mirror_each_other(counts: tuple[int, int, int, int]) -> None:
    count, total, rest, others = counts
    one, other = cell(count, total, rest, others), cell(rest, others, count, total)
    assert other.verdict == OTHER_SIDE.get(one.verdict, one.verdict)
    assert one.low * other.high == pytest.approx(1, rel=1e-6) or (one.low == 0 and other.high == math.inf)
    assert mid_p(count, total, count + rest, total + others) == pytest.approx(
        mid_p(rest, others, count + rest, total + others), abs=1e-9
    )


@given(tables)
def test_an_interval_holds_its_lift(counts: tuple[int, int, int, int]) -> None:
    found = cell(*counts)
    assert 0 <= found.low <= found.high
    if found.lift is not None:
        assert found.low * (1 - 1e-9) <= found.lift <= found.high * (1 + 1e-9)
    if found.verdict == "more than others":
        assert found.low > 1
    if found.verdict == "less than others":
        assert found.high < 1


@settings(max_examples=40)
@given(st.integers(10, 200), st.integers(10, 200), st.integers(0, 200))
def test_more_comments_never_say_less(total: int, others: int, rest: int) -> None:
    rest = min(rest, others)
    # Of a theme with fewer comments nothing is said at all, so one more may make it "less".
    found = [cell(count, total, rest, others) for count in range(max(0, FEWEST_IN_THEME - rest), total + 1)]
    for before, after in pairwise(found):
        assert before.low <= after.low * (1 + 1e-9)
        assert before.high <= after.high * (1 + 1e-9)
        assert ORDER[before.verdict] <= ORDER[after.verdict]


@given(tables)
def test_tiny_numbers_say_nothing(counts: tuple[int, int, int, int]) -> None:
    count, total, rest, others = counts
    few = cell(min(count, 2), total, min(rest, FEWEST_IN_THEME - 3), others)
    assert few.verdict == "too few to say"
    assert cell(min(count, 9), min(total, 9), rest, others).verdict == "too few to say"


def test_false_alarms_are_rare_where_audiences_are_alike() -> None:
    """Of tables of five themes in six audiences that do not differ, at most one in ten says otherwise."""
    draw, alarms, tables_made = random.Random(5), 0, 300
    totals = {"a": 12, "b": 25, "c": 40, "d": 60, "e": 90, "f": 150}
    for _ in range(tables_made):
        counts = {
            theme: {key: sum(draw.random() < share for _ in range(n)) for key, n in totals.items()}
            for theme, share in enumerate((0.02, 0.05, 0.1, 0.2, 0.3))
        }
        verdicts = lift_table(counts, totals).verdicts
        alarms += verdicts["more than others"] + verdicts["less than others"] > 0
    assert alarms <= tables_made * 0.1


def test_what_differs_is_found() -> None:
    """Three times as often in one audience of 150 of 600 is said in nearly every table."""
    draw, said = random.Random(6), 0
    for _ in range(60):
        counts = {
            "a": sum(draw.random() < 0.24 for _ in range(150)),
            "b": sum(draw.random() < 0.08 for _ in range(450)),
        }
        said += cell(counts["a"], 150, counts["b"], 450).verdict == "more than others"
    assert said >= 54
