"""The figures of agreement: those of the library, and those that were worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import measure
from survey.jobs.tasks.agreement import HOW, figures

THEMES = [(1, "Internet at home"), (2, "Services on a phone"), (3, "Permits")]
codes = st.lists(st.sampled_from([[], [1], [2], [3], [1, 2], [2, 1], [3, 1, 2]]), min_size=4, max_size=20)


def test_a_case_worked_out_by_hand() -> None:
    """Ten comments: four in theme 1 for both, one for each of them alone, four in none for both."""
    first: list[list[int]] = [[1], [1], [1], [1], [1], [], [], [], [], []]
    second: list[list[int]] = [[1], [1], [1], [1], [], [1], [], [], [], []]
    found = figures(first, second, THEMES)
    assert (found["comments"], found["same"]["value"]) == (10, 0.8)
    theme, *unused, none = found["themes"]
    assert (theme["first"], theme["second"], theme["both"], theme["same"]["value"]) == (5, 5, 4, 0.8)
    assert theme["kappa"]["value"] == pytest.approx(0.6), "(0.8 - 0.5) / (1 - 0.5)"
    assert found["main"]["kappa"]["value"] == pytest.approx(0.6)
    assert found["main"]["alpha"]["value"] == pytest.approx(0.62), "1 - 19 * 4 / (2 * 10 * 10)"
    assert (none["id"], none["first"], none["second"], none["both"]) == (0, 5, 5, 4)
    for figure in (theme["kappa"], found["main"]["alpha"], found["sets"]):
        assert figure["low"] < figure["value"] < figure["high"] <= 1
    for other in unused:
        assert other["kappa"]["value"] is None
        assert other["kappa"]["reason"]
        assert other["same"]["value"] == 1


def test_overlapping_sets_worked_out_by_hand() -> None:
    """Both differing comments are 2/3 apart (MASI); over all 28 pairs of codes the distance is 203/9."""
    first, second = [[1], [1, 2], [3], []], [[1], [1], [3, 2], []]
    found = figures(first, second, THEMES)
    assert found["sets"]["value"] == pytest.approx(1 - (1 / 3) / (203 / 9 / 28))
    assert found["same"]["value"] == 0.5
    assert found["main"]["same"]["value"] == 1, "the first of each is the main one"
    assert found["main"]["kappa"]["value"] == 1


@settings(max_examples=25, deadline=None)
@given(codes, st.randoms())
def test_every_figure_is_that_of_the_library(first: list[list[int]], random: object) -> None:
    second = sorted(first, key=lambda _code: random.random())  # type: ignore[attr-defined]
    found = figures(first, second, THEMES)
    sets = [[frozenset(code) for code in coder] for coder in (first, second)]
    main = [[code[0] if code else 0 for code in coder] for coder in (first, second)]
    assert same(found["same"], measure.percent_agreement(sets, HOW))
    assert same(found["sets"], measure.set_alpha(sets, HOW))
    assert same(found["main"]["kappa"], measure.cohen_kappa(main[0], main[1], bootstrap=HOW))
    assert same(found["main"]["alpha"], measure.krippendorff_alpha(main, bootstrap=HOW))
    for theme in found["themes"][:-1]:
        held = [[theme["id"] in code for code in coder] for coder in (first, second)]
        assert same(theme["kappa"], measure.cohen_kappa(held[0], held[1], bootstrap=HOW))
        assert theme["both"] == sum(map(all, zip(*held, strict=True)))


def same(figure: dict[str, object], found: measure.Agreement) -> bool:
    return figure == {"value": found.value, "low": found.low, "high": found.high, "reason": found.reason}


@pytest.mark.parametrize("everything", [[[1]] * 5, [[]] * 5])
def test_coders_who_say_one_thing_only(everything: Sequence[Sequence[int]]) -> None:
    found = figures(everything, everything, THEMES)
    assert found["same"]["value"] == 1
    assert found["sets"]["value"] is None
    assert found["main"]["kappa"]["value"] is None
