"""Agreement: the figures of the literature, an independent library, and intervals that cover the truth."""

from __future__ import annotations

import random
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from nltk.metrics import masi_distance as masi_of_nltk
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import interval_distance
from sklearn.metrics import cohen_kappa_score

from analysis.measure import (
    Agreement,
    Bootstrap,
    Disagreement,
    cohen_kappa,
    confusion,
    disagreements,
    krippendorff_alpha,
    masi_distance,
    percent_agreement,
    set_alpha,
)

QUICK = Bootstrap(resamples=0)
NONE = None
# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", example C: four observers, twelve units.
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3],
    [NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE],
]
# The diagnoses of two psychiatrists, in Cohen (1968): 200 cases, kappa .492.
DIAGNOSES = {(1, 1): 88, (1, 2): 14, (1, 3): 18, (2, 1): 10, (2, 2): 40, (2, 3): 10, (3, 1): 2, (3, 2): 6}
DIAGNOSES[3, 3] = 12


def value(agreement: Agreement) -> float:
    assert agreement.value is not None
    return agreement.value


def diagnoses() -> tuple[list[int], list[int]]:
    pairs = [pair for pair, number in DIAGNOSES.items() for _ in range(number)]
    return [one for one, _ in pairs], [other for _, other in pairs]


@pytest.mark.parametrize(("level", "expected"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_of_krippendorffs_example(level: Any, expected: float) -> None:
    found = krippendorff_alpha(OBSERVERS, level, bootstrap=QUICK)
    assert value(found) == pytest.approx(expected, abs=0.0005)
    assert (found.units, found.low, found.reason) == (11, None, None)


def test_kappa_of_cohens_example() -> None:
    first, second = diagnoses()
    assert value(cohen_kappa(first, second, bootstrap=QUICK)) == pytest.approx(0.492, abs=0.0005)
    assert value(percent_agreement([first, second], QUICK)) == pytest.approx(0.70)


CODES = st.lists(st.tuples(*[st.integers(0, 4)] * 2), min_size=2, max_size=40)


@settings(max_examples=100, deadline=None)
@given(CODES, st.sampled_from([None, "linear", "quadratic"]))
def test_kappa_agrees_with_scikit_learn(pairs: list[tuple[int, int]], weights: Any) -> None:
    first, second = map(list, zip(*pairs, strict=True))
    assume(len({*first, *second}) > 1)
    expected = cohen_kappa_score(first, second, weights=weights, labels=range(5))
    found = cohen_kappa(first, second, weights, order=range(5), bootstrap=QUICK)
    assert value(found) == pytest.approx(expected)


GAPPY = st.lists(st.lists(st.none() | st.integers(0, 4), min_size=3, max_size=3), min_size=2, max_size=25)


def records(units: list[list[Any]]) -> list[tuple[str, str, Any]]:
    """Return codes as nltk takes them, without units that only one coder coded."""
    return [
        (str(coder), str(number), code)
        for number, unit in enumerate(units)
        for coder, code in enumerate(unit)
        if code is not None and sum(other is not None for other in unit) > 1
    ]


@settings(max_examples=100, deadline=None)
@given(GAPPY)
def test_alpha_agrees_with_nltk(units: list[list[int | None]]) -> None:
    rows = records(units)
    assume(len({code for _, _, code in rows}) > 1 and len({unit for _, unit, _ in rows}) > 1)
    coders = list(zip(*units, strict=True))
    for level, distance in (("nominal", None), ("interval", interval_distance)):
        task = AnnotationTask(rows, **({"distance": distance} if distance else {}))
        found = krippendorff_alpha(coders, level, bootstrap=QUICK)  # type: ignore[arg-type]
        assert value(found) == pytest.approx(task.alpha())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(*[st.sets(st.sampled_from("abcd"), min_size=1)] * 2), min_size=2, max_size=15))
def test_alpha_of_sets_agrees_with_nltk(pairs: list[tuple[set[str], set[str]]]) -> None:
    units = [[frozenset(one) for one in pair] for pair in pairs]
    assume(len({one for unit in units for one in unit}) > 1)
    expected = AnnotationTask(records(units), distance=masi_of_nltk).alpha()  # with M of 0.67 and 0.33
    found = set_alpha(list(zip(*units, strict=True)), QUICK)
    assert value(found) == pytest.approx(expected, abs=0.02)


@settings(max_examples=50, deadline=None)
@given(GAPPY)
def test_ordinal_alpha_asks_only_for_the_order(units: list[list[int | None]]) -> None:
    coders = list(zip(*units, strict=True))
    assume(len({code for _, _, code in records(units)}) > 1)
    assume(len({unit for _, unit, _ in records(units)}) > 1)
    names = ["nil", "little", "some", "much", "all"]
    named = [[None if code is None else names[code] for code in coder] for coder in coders]
    stretched = [[None if code is None else 10**code for code in coder] for coder in coders]
    expected = value(krippendorff_alpha(coders, "ordinal", bootstrap=QUICK))
    assert value(krippendorff_alpha(named, "ordinal", names, QUICK)) == pytest.approx(expected)
    assert value(krippendorff_alpha(stretched, "ordinal", bootstrap=QUICK)) == pytest.approx(expected)


def test_masi_by_hand() -> None:
    assert masi_distance({"a"}, {"a"}) == 0
    assert masi_distance({"a", "b"}, {"a"}) == pytest.approx(1 - 1 / 2 * 2 / 3)
    assert masi_distance({"a", "b"}, {"b", "c"}) == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert masi_distance({"a"}, {"b"}) == 1
    assert masi_distance((), []) == 0
    assert masi_distance((), {"a"}) == 1


def test_sets_of_no_theme_at_all_can_agree() -> None:
    first: list[set[str] | None] = [set(), {"bus"}, None]
    assert set_alpha([first, first], QUICK) == Agreement(1.0, None, None, 2)


SAME = "nothing tells agreement from chance"


@pytest.mark.parametrize("codes", [["a", "a", "a"], [7, 7, None, 7], [1e9 + 0.1] * 5])
def test_one_code_only_leaves_the_figures_undefined(codes: list[Any]) -> None:
    found = [cohen_kappa(codes, codes), krippendorff_alpha([codes, codes])]
    if not isinstance(codes[0], str):
        found += [krippendorff_alpha([codes, codes], level) for level in ("ordinal", "interval")]  # type: ignore[arg-type]
        found += [cohen_kappa(codes, codes, weights) for weights in ("linear", "quadratic")]  # type: ignore[arg-type]
    found.append(set_alpha([[None if code is None else {code} for code in codes]] * 2))
    for figure in found:
        assert (figure.value, figure.low, figure.high) == (None, None, None)
        assert SAME in str(figure.reason)
    assert percent_agreement([codes, codes]).value == 1


def test_full_agreement_opposition_and_chance() -> None:
    first = ["a", "b"] * 20
    assert cohen_kappa(first, first) == Agreement(1.0, 1.0, 1.0, 40)
    assert value(cohen_kappa(first, first[::-1])) == -1
    assert value(cohen_kappa(first, ["a"] * 40)) == 0
    draw = random.Random(1)
    two = [[draw.choice("abc") for _ in range(3000)] for _ in range(2)]
    assert abs(value(cohen_kappa(*two))) < 0.05
    assert abs(value(krippendorff_alpha(two))) < 0.05


@pytest.mark.parametrize("figure", ["kappa", "alpha", "percent", "sets"])
def test_intervals_cover_the_truth(figure: str) -> None:
    """Two coders agree with probability 0.6, else choose one of four codes at will."""
    draw = random.Random(figure)
    truth = {"kappa": 0.6, "alpha": 0.6, "percent": 0.7, "sets": 0.6}[figure]
    covered = 0
    for seed in range(120):
        first = [draw.randrange(4) for _ in range(80)]
        second = [code if draw.random() < 0.6 else draw.randrange(4) for code in first]
        how = Bootstrap(resamples=300, seed=seed)
        found = {
            "kappa": lambda a, b, how: cohen_kappa(a, b, bootstrap=how),
            "alpha": lambda a, b, how: krippendorff_alpha([a, b], bootstrap=how),
            "percent": lambda a, b, how: percent_agreement([a, b], how),
            "sets": lambda a, b, how: set_alpha([[{x} for x in a], [{x} for x in b]], how),
        }[figure](first, second, how)
        assert found.low <= found.value <= found.high
        covered += found.low <= truth <= found.high
    assert 0.88 * 120 <= covered <= 119


def test_the_bootstrap_is_one_of_units() -> None:
    first, second = diagnoses()
    draw = np.random.default_rng(5)
    by_hand = []
    for _ in range(400):
        chosen = draw.integers(0, 200, 200)
        by_hand.append(cohen_kappa_score(np.array(first)[chosen], np.array(second)[chosen]))
    low, high = np.quantile(by_hand, [0.05, 0.95])
    found = cohen_kappa(first, second, bootstrap=Bootstrap(2000, 0.9))
    assert found.low == pytest.approx(low, abs=0.02)
    assert found.high == pytest.approx(high, abs=0.02)
    again = cohen_kappa(first, second, bootstrap=Bootstrap(2000, 0.9))
    assert found == again
    assert found != cohen_kappa(first, second, bootstrap=Bootstrap(2000, 0.9, seed=1))


@settings(max_examples=60, deadline=None)
@given(GAPPY, st.randoms())
def test_order_of_units_and_coders_and_names_of_codes_do_not_matter(
    units: list[list[int | None]], draw: random.Random
) -> None:
    assume(len({unit for _, unit, _ in records(units)}) > 1)
    expected = krippendorff_alpha(list(zip(*units, strict=True)), bootstrap=QUICK)
    names = dict(zip(range(5), draw.sample("vwxyz", 5), strict=True))
    mixed = [[names.get(code) for code in unit] for unit in units]
    draw.shuffle(mixed)
    coders = list(zip(*mixed, strict=True))
    draw.shuffle(coders)
    found = krippendorff_alpha(coders, bootstrap=QUICK)
    assert found.units == expected.units
    assert found.value == (pytest.approx(expected.value) if expected.value is not None else None)


def test_missing_codes_are_left_out() -> None:
    first, second = ["a", None, "b", float("nan"), "b"], ["a", "b", "b", "a", None]
    assert cohen_kappa(first, second) == cohen_kappa(["a", "b"], ["a", "b"])
    assert percent_agreement([first, second]).units == 2
    assert disagreements(first, second) == ()
    assert confusion(first, second).counts.tolist() == [[1, 0], [0, 1]]


def test_percent_agreement_of_sets_and_of_three() -> None:
    assert value(percent_agreement([[{"a"}, {"b"}], [{"a"}, {"b", "c"}]])) == 0.5
    assert value(percent_agreement(["aab", "aac", "aba"])) == pytest.approx((3 + 1 + 0) / 9)


def test_disagreements_and_confusion() -> None:
    first, second = ["bus", "road", "bus", None], ["bus", "park", "road", "bus"]
    assert disagreements(first, second) == (
        Disagreement(1, "road", "park"),
        Disagreement(2, "bus", "road"),
    )
    assert disagreements([{"a"}, {"a"}], [{"a"}, {"a", "b"}]) == (Disagreement(1, {"a"}, {"a", "b"}),)
    found = confusion(first, second, ["road", "park", "bus"])
    assert found.codes == ("road", "park", "bus")
    assert found.counts.tolist() == [[0, 1, 0], [0, 0, 0], [1, 0, 1]]
    assert confusion([1, "a"], ["a", "a"]).codes == (1, "a")
    assert confusion([], []).codes == ()


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (lambda: cohen_kappa(["a"], ["a"]), "two or more comments"),
        (lambda: cohen_kappa(["a", None], ["a", "b"]), "two or more comments"),
        (lambda: krippendorff_alpha([["a", "b"]]), "two or more coders"),
        (lambda: krippendorff_alpha([[], []]), "two or more comments"),
        (lambda: cohen_kappa("ab", "abc"), "one entry per comment"),
        (lambda: disagreements("ab", "abc"), "one entry per comment"),
        (lambda: confusion("ab", "abc"), "one entry per comment"),
        (lambda: cohen_kappa(["a", 1], ["a", 1], "linear"), "no order of their own"),
        (lambda: cohen_kappa("ab", "ab", "linear", "ac"), "'b'"),
        (lambda: cohen_kappa("ab", "ab", "linear", "aab"), "once"),
        (lambda: confusion("ab", "ab", "a"), "'b'"),
        (lambda: cohen_kappa("ab", "ab", "cubic"), "weights must be"),  # type: ignore[arg-type]
        (lambda: krippendorff_alpha(["ab", "ab"], "ratio"), "level must be"),  # type: ignore[arg-type]
        (lambda: krippendorff_alpha(["ab", "ab"], "interval"), "finite numbers"),
        (lambda: krippendorff_alpha([[1, float("inf")]] * 2, "interval"), "finite numbers"),
        (lambda: krippendorff_alpha([[1, 10**400]] * 2, "interval"), "finite numbers"),
        (lambda: cohen_kappa([{"a"}, {"b"}], [{"a"}, {"b"}]), "set_alpha"),
        (lambda: set_alpha([["bus", "road"]] * 2), "as a set"),
        (lambda: set_alpha([[{n} for n in range(4000)]] * 2), "different sets"),
        (lambda: Bootstrap(resamples=-1), "0 or more"),
        (lambda: Bootstrap(level=1), "level must be"),
    ],
)
def test_what_is_refused_with_one_sentence(call: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why) as refusal:
        call()
    assert str(refusal.value).endswith(".")


def test_numbers_of_any_size() -> None:
    for scale in (1e-200, 1.0, 1e300):
        coders = [[None if code is None else code * scale for code in coder] for coder in OBSERVERS]
        assert value(krippendorff_alpha(coders, "interval", bootstrap=QUICK)) == pytest.approx(
            0.849, abs=0.0005
        )
    years = [[None if code is None else code + 2e6 for code in coder] for coder in OBSERVERS]
    assert value(krippendorff_alpha(years, "interval", bootstrap=QUICK)) == pytest.approx(0.849, abs=0.0005)


def test_many_units_take_little_time() -> None:
    draw = random.Random(2)
    first = [draw.randrange(15) for _ in range(60_000)]
    second = [code if draw.random() < 0.7 else draw.randrange(15) for code in first]
    start = time.process_time()
    for found in (
        cohen_kappa(first, second, "quadratic"),
        krippendorff_alpha([first, second], "ordinal"),
        percent_agreement([first, second]),
    ):
        assert found.high - found.low < 0.02  # type: ignore[operator]
    assert time.process_time() - start < 3
