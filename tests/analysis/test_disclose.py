"""The disclosure gate: what it shows, and that an attacker with linear programs learns nothing from it."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disclose import Cell, Shown, Table, protect
from tests.support.disclosure_attacker import attack
from tests.support.disclosure_audit import Release, audit
from tests.support.disclosure_studies import Made, hidden_share, make, released, without_secondary

K = 5
Rows = Mapping[str, tuple[int, ...]]


def table(*counts: int, key: str = "q", people: str = "survey") -> Table:
    """A question with answers a, b, c ... that everybody gave one of."""
    cells: dict[Cell, int] = {(code,): count for code, count in zip("abcdefgh", counts, strict=False)}
    return Table(key, people, (key,), cells, sum(counts))


def several(total: int, *counts: int) -> Table:
    """A question with several choices."""
    return replace(table(*counts), total=total, exclusive=False)


def crossed(rows: Rows) -> Table:
    """Units by the answers a, b, c ..."""
    cells: dict[Cell, int] = {
        (row, code): n for row, ns in rows.items() for code, n in zip("abc", ns, strict=False)
    }
    return Table("q x unit", "survey", ("@unit", "q"), cells, sum(cells.values()), priority=-1)


def units(rows: Rows) -> Table:
    """How many answered in each unit."""
    cells: dict[Cell, int] = {(row,): sum(counts) for row, counts in rows.items()}
    return Table("unit", "survey", ("@unit",), cells, sum(cells.values()), priority=1)


def answers(rows: Rows) -> Table:
    """All units together."""
    return table(*(sum(column) for column in zip(*rows.values(), strict=True)))


def leaks(*releases: tuple[list[Table], dict[str, Shown]]) -> list[str]:
    """What the auditor can conclude."""
    return audit([Release({t.key: t for t in tables}, shown) for tables, shown in releases], K).leaks


def test_large_numbers_are_shown_as_they_are() -> None:
    shown = protect([table(60, 40, 0)], [], K)["q"]
    assert (shown.counts, shown.total) == ({("a",): 60, ("b",): 40, ("c",): 0}, 100)
    assert not shown.hidden
    assert not shown.held


def test_a_small_number_is_hidden_and_another_beside_it() -> None:
    shown = protect([table(60, 37, 3)], [], K)["q"]
    assert shown.counts == {("a",): 60, ("b",): None, ("c",): None}
    assert shown.total == 100


@pytest.mark.parametrize(
    "counts", [(60, 3, 0, 0), (3, 0), (4, 96), (1, 1, 98), (2, 2, 0), (4,), (1, 1, 1, 1)]
)
def test_small_numbers_of_one_table_cannot_be_told(counts: tuple[int, ...]) -> None:
    tables = [table(*counts)]
    shown = protect(tables, [], K)
    assert all(count is None or not 0 < count < K for count in shown["q"].counts.values())
    assert leaks((tables, shown)) == []


def test_the_few_who_did_not_choose_something_are_hidden() -> None:
    """Of 50 people 48 chose a: two did not."""
    tables = [several(50, 48, 20, 10)]
    shown = protect(tables, [], K)
    assert shown["q"].counts[("a",)] is None or shown["q"].total is None
    assert leaks((tables, shown)) == []


def test_rows_and_columns_of_a_cross_table_do_not_give_a_cell_away() -> None:
    rows = {"north": (30, 2), "south": (20, 25), "west": (40, 35)}
    tables = [crossed(rows), units(rows), answers(rows)]
    shown = protect(tables, [], K)
    assert shown["q x unit"].counts["north", "b"] is None
    assert shown["q x unit"].hidden >= 4
    assert shown["unit"].hidden == shown["q"].hidden == 0
    assert leaks((tables, shown)) == []


def test_hiding_small_numbers_alone_gives_cells_of_that_table_away() -> None:
    """The auditor is no rubber stamp: it names the very cell."""
    rows = {"north": (30, 2), "south": (20, 25), "west": (40, 35)}
    tables = [crossed(rows), units(rows), answers(rows)]
    found = leaks((tables, without_secondary(tables, [], K)))
    assert any("'north', 'b'" in leak for leak in found)


def test_another_table_does_not_tell_what_was_hidden() -> None:
    """A table of two units and one of the answers by unit share people: one tells rows of the other."""
    rows = {"north": (6, 0), "south": (3, 50)}
    tables = [crossed(rows), units(rows)]
    shown = protect(tables, [], K)
    assert shown["q x unit"].counts["south", "a"] is None
    assert leaks((tables, shown)) == []


@pytest.mark.parametrize("change", [1, 2, K - 1, -1, -(K - 1)])
def test_when_few_came_or_went_all_stays_as_it_was(change: int) -> None:
    then = protect([table(60, 40)], [], K)
    now = protect([table(60 + change, 40), table(30, 70 + change, key="new")], [list(then.values())], K)
    assert now["q"] == replace(then["q"], held=True)
    assert now["new"].hidden == 3


def test_few_who_came_cannot_be_told_by_way_of_an_older_state() -> None:
    """The second is far from both others, which are near each other."""
    states: list[list[Shown]] = []
    for counts in ((60, 40), (90, 60), (62, 40)):
        states.append(list(protect([table(*counts)], states, K).values()))
    assert states[1][0].counts == {("a",): 90, ("b",): 60}
    assert states[2][0].held
    assert states[2][0].counts == {("a",): 90, ("b",): 60}


def test_a_cell_that_few_joined_is_not_shown_again() -> None:
    """30 came, but only two of them said b."""
    then = [table(60, 40, 30)]
    before = protect(then, [], K)
    now = [table(80, 42, 38)]
    after = protect(now, [list(before.values())], K)
    assert after["q"].counts[("b",)] in (None, 40)
    assert leaks((then, before), (now, after)) == []


def test_what_was_hidden_is_not_told_by_a_later_total() -> None:
    then = [table(60, 37, 3)]
    before = protect(then, [], K)
    now = [table(90, 37, 43)]
    after = protect(now, [list(before.values())], K)
    assert leaks((then, before), (now, after)) == []


def test_other_people_are_looked_at_apart() -> None:
    mine, theirs = table(60, 40), table(70, 30, key="r", people="other")
    then = protect([mine, theirs], [], K)
    now = protect(
        [replace(mine, total=101, counts={("a",): 61, ("b",): 40}), theirs], [list(then.values())], K
    )
    assert now["q"].held
    assert not now["r"].held
    assert now["r"].counts == {("a",): 70, ("b",): 30}


def test_a_table_of_nobody_is_shown() -> None:
    shown = protect([table(0, 0)], [], K)["q"]
    assert (shown.total, shown.hidden) == (0, 0)


def test_no_tables_are_no_trouble() -> None:
    assert protect([], [], K) == {}


def test_the_same_question_has_the_same_answer() -> None:
    """Whoever asks twice, or in another order, learns nothing more."""
    made = make(Random(37))
    tables = made.tables(0)
    once, again = protect(tables, [], made.k), protect(tables, [], made.k)
    assert once == again
    assert list(once) == [one.key for one in tables]


def test_the_arithmetic_is_loaded_only_when_it_is_needed() -> None:
    code = "import sys, analysis.disclose; print([m for m in ('numpy', 'scipy') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def few(seed: int) -> Made:
    """A made-up study; of large ones only two releases, which take long enough."""
    made = make(Random(seed))
    if any(math.prod(len(codes) + 1 for codes in asked.codes.values()) > 50 for asked in made.surveys):
        made.people, made.steps = made.people[:2], made.steps[:2]
    return made


def is_roomy(made: Made) -> bool:
    """Whether one of the groups can be large though all others have somebody, too."""
    surveys = zip(*made.people, strict=True)
    return all(
        not people or len(people) >= made.k + len({person[dim] for person in people}) - 1
        for asked, moments in zip(made.surveys, surveys, strict=True)
        for people in moments
        for dim in asked.codes
        if dim.startswith("@")
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_made_up_studies_leak_nothing(seed: int) -> None:
    made = few(seed)
    releases = released(made)
    assert audit(releases, made.k).leaks == []
    if seed % 2 and is_roomy(made):
        assert attack(releases, made.k).leaks == []
    for release in releases:
        for key, shown in release.shown.items():
            numbers = [*shown.counts.values(), shown.total]
            assert all(number is None or not 0 < number < made.k for number in numbers), key
            if not shown.held:
                truth = release.truth[key]
                assert all(count in (None, truth.counts[cell]) for cell, count in shown.counts.items())
                assert shown.total in (None, truth.total)


def test_hiding_small_numbers_alone_leaks() -> None:
    """What the programs of the gate are for, and that both attackers find it out."""
    made = [few(seed) for seed in range(4, 16)]
    shown = [(one, released(one, without_secondary)) for one in made]
    small = [(one, found) for one, found in shown if any(hidden_share(r.shown)[0] for r in found)]
    assert len(small) >= 8
    for attacker in (audit, attack):
        caught = sum(bool(attacker(found, one.k).leaks) for one, found in small)
        assert caught >= 0.8 * len(small)


def test_groups_of_a_handful_of_people_are_not_told_to_be_small() -> None:
    """Of five people in two listed groups each group has one to four."""
    tables = [Table("unit", "survey", ("@unit",), {("north",): 4, ("south",): 1}, 5)]
    shown = protect(tables, [], K)
    assert attack([Release({"unit": tables[0]}, shown)], K).leaks == []
