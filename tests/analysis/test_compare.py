"""Comparing two runs or waves: what became of each theme, found from its comments or its words."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.compare import (
    KINDS,
    Change,
    Comparison,
    Side,
    ThemeView,
    compare,
    from_document,
    from_result,
)
from analysis.types import Comment, Result
from tests.analysis.corpus_of_notes import notes

TURNED = {"merged": "split", "split": "merged", "new": "dropped", "dropped": "new"}
LABELS = ("buses; late", "library; open", "holes; road", "parks; trees", "police; safety", "rent; housing")


def side(groups: Mapping[str, set[int]], everybody: int = 0) -> Side:
    """Make a side from labels and the numbers of their comments; ids in the order given."""
    themes = tuple(
        ThemeView(number, label, (), len(members), frozenset(map(str, members)))
        for number, (label, members) in enumerate(groups.items(), start=1)
    )
    return Side(themes, frozenset(map(str, range(everybody))))


def told(comparison: Comparison, old: Side, new: Side) -> set[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Say what was found by labels, whatever the numbers of the themes."""
    before = {theme.id: theme.label for theme in old.themes}
    after = {theme.id: theme.label for theme in new.themes}
    return {
        (
            change.kind,
            tuple(sorted(before[i] for i in change.old)),
            tuple(sorted(after[i] for i in change.new)),
        )
        for change in comparison.changes
    }


def only(comparison: Comparison, kind: str) -> Change:
    found = [change for change in comparison.changes if change.kind == kind]
    assert len(found) == 1
    return found[0]


OLD = {
    "buses": set(range(40)),
    "trains": set(range(40, 70)),
    "parks": set(range(70, 130)),
    "police": set(range(130, 160)),
    "rent; housing": set(range(160, 200)),
    "schools": set(range(200, 230)),
}
NEW = {
    "transit": set(range(70)),  # buses and trains
    "trees": set(range(70, 105)),  # parks, first half
    "playgrounds": set(range(105, 130)),  # parks, second half
    "Housing;  Rent": set(range(160, 196)),  # the same phrases
    "classrooms": set(range(202, 231)),  # schools by another name
    "jobs": set(range(231, 260)),
}


def test_each_kind_of_change_is_found_with_its_numbers() -> None:
    old, new = side(OLD, 260), side(NEW, 260)
    found = compare(old, new)
    assert told(found, old, new) == {
        ("merged", ("buses", "trains"), ("transit",)),
        ("split", ("parks",), ("playgrounds", "trees")),
        ("dropped", ("police",), ()),
        ("continued", ("rent; housing",), ("Housing;  Rent",)),
        ("renamed", ("schools",), ("classrooms",)),
        ("new", (), ("jobs",)),
    }
    assert (found.basis, found.shared) == ("comments", 260)
    renamed = only(found, "renamed").evidence
    assert (renamed.shared, renamed.of_old, renamed.of_new, renamed.jaccard) == (28, 0.9333, 0.9655, 0.9032)
    merged = only(found, "merged").evidence
    assert (merged.shared, merged.of_old, merged.of_new) == (70, 1.0, 1.0)


def test_sentences_and_the_document() -> None:
    found = compare(side(OLD, 260), side(NEW, 260))
    assert [change.sentence for change in found.changes] == [
        '"parks" was split into "trees" and "playgrounds": 100 % of its comments are in them, '
        "and make up 100 % of them.",
        '"buses" and "trains" were merged into "transit": 100 % of their comments are in it, '
        "and make up 100 % of it.",
        '"rent; housing" continued: 90 % of its comments are in it, and make up 100 % of it.',
        '"police" was dropped: no other theme comes near it.',
        '"schools" is now "classrooms": 93 % of its comments are in it, and make up 97 % of it.',
        '"jobs" is new: no other theme comes near it.',
    ]
    document = json.loads(json.dumps(found.to_document(), allow_nan=False))
    assert document["counts"] == dict.fromkeys(KINDS, 1)
    assert document["changes"][1]["old"] == [1, 2]
    assert document["changes"][3]["nearest"] is None
    assert document["changes"][0]["evidence"]["basis"] == "comments"


def test_a_leak_changes_nothing() -> None:
    old = side({"a": set(range(100)), "b": set(range(100, 160)), "c": set(range(160, 200))}, 200)
    new = side({"a": set(range(92)), "b": {*range(95, 160)}, "c": {92, 93, 94, *range(160, 200)}}, 200)
    assert {change.kind for change in compare(old, new).changes} == {"continued"}


def test_a_crumb_is_no_part_of_a_split() -> None:
    old = side({"a": set(range(100)), "b": set(range(100, 160))}, 170)
    new = side({"a": set(range(4, 100)), "b": set(range(100, 160)), "crumb": set(range(4))}, 170)
    found = compare(old, new)
    assert told(found, old, new) == {
        ("continued", ("a",), ("a",)),
        ("continued", ("b",), ("b",)),
        ("new", (), ("crumb",)),
    }
    assert only(found, "new").nearest == 1
    assert only(found, "new").sentence == (
        '"crumb" is new; "a" comes nearest: 100 % of the new theme\'s comments come from it.'
    )


def test_a_theme_both_split_and_merged_goes_with_its_strongest_partner() -> None:
    # "a" is cut in two; its larger part takes in all of "b". Jaccard a-x 60/150, a-y 40/100, b-x 50/110.
    old = side({"a": set(range(100)), "b": set(range(100, 150))}, 150)
    new = side({"x": {*range(60), *range(100, 150)}, "y": set(range(60, 100))}, 150)
    found = compare(old, new)
    assert told(found, old, new) == {("merged", ("a", "b"), ("x",)), ("new", (), ("y",))}
    assert only(found, "new").nearest == 1


def test_themes_that_grow_or_shrink_much_continue() -> None:
    old = side({"a": set(range(30)), "b": set(range(200, 290))}, 300)
    new = side({"a": set(range(90)), "b": set(range(200, 230))}, 300)
    assert {change.kind for change in compare(old, new).changes} == {"continued"}


def test_comments_that_left_all_themes_count_against_it() -> None:
    old = side({"a": set(range(100)), "b": set(range(100, 200))}, 200)
    new = side({"a": set(range(10)), "b": set(range(100, 200))}, 200)
    found = compare(old, new)
    assert [change.kind for change in found.changes] == ["dropped", "continued", "new"]
    assert only(found, "dropped").evidence.of_old == 0.1


def test_comments_added_later_do_not_count_against_it() -> None:
    old, new = side({"a": set(range(20)), "b": set(range(20, 40))}, 40), {"a": {*range(20), *range(50, 90)}}
    found = compare(old, side({**new, "b": set(range(20, 40))}, 90))
    assert {change.evidence.jaccard for change in found.changes} == {1.0}


@pytest.mark.parametrize("basis", ["comments", "words"])
def test_nothing_on_one_side_or_both(basis: Any) -> None:
    empty, full = Side(()), side({"a": {1}, "b": {2}})
    assert compare(empty, empty, basis).changes == ()
    assert [change.kind for change in compare(empty, full, basis).changes] == ["new", "new"]
    assert [change.kind for change in compare(full, empty, basis).changes] == ["dropped", "dropped"]
    assert compare(full, empty, basis).changes[0].sentence.endswith("no other theme comes near it.")


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match="basis must be"):
        compare(Side(()), Side(()), "letters")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="same id"):
        Side((ThemeView(1, "a"), ThemeView(1, "b")))


def wave(*themes: tuple[str, str], first: int = 0) -> Side:
    """Make a wave of themes with labels and keywords, each with ten comments of its own."""
    views = tuple(
        ThemeView(
            number,
            label,
            tuple(keywords.split()),
            10,
            frozenset(str(first + 10 * number + n) for n in range(10)),
        )
        for number, (label, keywords) in enumerate(themes, start=1)
    )
    return Side(views)


BUSES = ("buses; late", "bus late route driver stop city schedule weekend")
LIBRARY = ("library; open", "library open sunday book hours city evening kids")
ROADS = ("holes; road", "road holes street pavement repair city car winter")
BIKES = ("bike lanes", "bike lane cyclist path safe city ride helmet")
RENT = ("rent", "rent housing afford landlord home city apartment price")


def test_two_waves_are_compared_by_words() -> None:
    old = wave(BUSES, LIBRARY, ROADS)
    new = wave(
        ("late buses", "buses route late delays stops town drivers"),
        ("Open; Library", "libraries hours open book saturday"),
        RENT,
        first=1000,
    )
    found = compare(old, new)
    assert (found.basis, found.shared) == ("words", 0)
    assert told(found, old, new) == {
        ("renamed", ("buses; late",), ("late buses",)),
        ("continued", ("library; open",), ("Open; Library",)),
        ("dropped", ("holes; road",), ()),
        ("new", (), ("rent",)),
    }
    evidence = only(found, "continued").evidence
    assert (evidence.shared, evidence.basis) == (0, "words")
    assert only(found, "continued").sentence == (
        f'"library; open" continued: their words are {evidence.likeness:.0%} alike.'.replace("%", " %")
    )


def test_a_merger_and_a_split_by_words() -> None:
    both = ("road; bike", "road bike holes lane street cyclist repair path city")
    old, new = wave(BUSES, ROADS, BIKES, RENT), wave(BUSES, both, RENT, first=1000)
    merged = ("merged", ("bike lanes", "holes; road"), ("road; bike",))
    assert told(compare(old, new), old, new) == {
        ("continued", (BUSES[0],), (BUSES[0],)),
        merged,
        ("continued", (RENT[0],), (RENT[0],)),
    }
    assert ("split", merged[2], merged[1]) in told(compare(new, old), new, old)


def test_a_word_that_all_themes_use_makes_none_alike() -> None:
    old, new = wave(BUSES, LIBRARY, ROADS), wave(RENT, BIKES, first=1000)
    assert {change.kind for change in compare(old, new).changes} == {"dropped", "new"}
    assert all(change.evidence.likeness < 0.15 for change in compare(old, new).changes)


def test_line_numbers_for_ids_do_not_pass_for_the_same_comments() -> None:
    draw = random.Random(4)
    themes = (BUSES, LIBRARY, ROADS, RENT)

    def shuffled() -> Side:
        homes = [draw.randrange(4) for _ in range(400)]
        return Side(
            tuple(
                ThemeView(n, label, tuple(words.split()), 100, {str(i) for i in range(400) if homes[i] == n})
                for n, (label, words) in enumerate(themes)
            ),
        )

    old, new = shuffled(), shuffled()
    found = compare(old, new)
    assert found.basis == "words"
    assert told(found, old, new) == {("continued", (label,), (label,)) for label, _ in themes}
    assert compare(old, new, "comments").basis == "comments"


def test_vectors_help_where_words_differ() -> None:
    def views(*themes: tuple[str, tuple[float, ...]]) -> Side:
        return Side(tuple(ThemeView(n, name, vector=place) for n, (name, place) in enumerate(themes)))

    old = views(("transit", (1, 0, 0)), ("parks", (0, 1, 0)), ("rent", (0, 0, 1)))
    new = views(("buses", (0.9, 0.1, 0)), ("green", (0.1, 0.9, 0)), ("landlords", (0, 0.1, 0.9)))
    assert told(compare(old, new), old, new) == {
        ("renamed", ("transit",), ("buses",)),
        ("renamed", ("parks",), ("green",)),
        ("renamed", ("rent",), ("landlords",)),
    }
    odd = Side((*new.themes[:2], ThemeView(9, "landlords", vector=(1.0,))))
    assert {change.kind for change in compare(old, odd).changes} == {"dropped", "new"}


def test_labels_of_stop_words_or_signs_are_words_too() -> None:
    old = Side((ThemeView(1, "the"), ThemeView(2, "👍")))
    new = Side((ThemeView(7, "👍"), ThemeView(8, "The"), ThemeView(9, "\ud800")))
    assert told(compare(old, new), old, new) == {
        ("continued", ("the",), ("The",)),
        ("continued", ("👍",), ("👍",)),
        ("new", (), ("\ud800",)),
    }


HOMES = st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 4), st.integers(-1, 7)), max_size=60)


def random_sides(homes: Sequence[tuple[int, int, int]]) -> tuple[Side, Side]:
    """Make two sides from the old, the new and, for some, a second new theme of each comment."""
    old: dict[str, set[int]] = {f"old {n}": set() for n in range(5)}
    new: dict[str, set[int]] = {f"new {n}": set() for n in range(5)}
    for comment, (before, after, second) in enumerate(homes):
        for groups, name in ((old, f"old {before}"), (new, f"new {after}"), (new, f"new {second}")):
            if name in groups:
                groups[name].add(comment)
    return side(old, len(homes)), side(new, len(homes))


@settings(max_examples=150, deadline=None)
@given(HOMES, st.sampled_from([None, "comments", "words"]))
def test_every_theme_is_in_exactly_one_change(homes: list[tuple[int, int, int]], basis: Any) -> None:
    old, new = random_sides(homes)
    found = compare(old, new, basis)
    assert sorted(i for change in found.changes for i in change.old) == [1, 2, 3, 4, 5]
    assert sorted(i for change in found.changes for i in change.new) == [1, 2, 3, 4, 5]
    shapes = {"continued": (1, 1), "renamed": (1, 1), "dropped": (1, 0), "new": (0, 1)}
    for change in found.changes:
        shape = (len(change.old), len(change.new))
        assert shapes.get(change.kind, shape) == shape
        assert change.kind != "merged" or (shape[0] > 1 and shape[1] == 1)
        assert change.kind != "split" or (shape[0] == 1 and shape[1] > 1)
        assert min(change.evidence.of_old, change.evidence.of_new, change.evidence.jaccard) >= 0
        assert change.sentence.endswith(".")
    json.dumps(found.to_document(), allow_nan=False)


@settings(max_examples=100, deadline=None)
@given(HOMES)
def test_a_run_compared_with_itself_continues(homes: list[tuple[int, int, int]]) -> None:
    groups: dict[str, set[int]] = {}
    for comment, (before, _, _) in enumerate(homes):
        groups.setdefault(f"theme {before}", set()).add(comment)
    assume(groups)
    for basis in (None, "comments", "words"):
        one = side(groups)
        found = compare(one, one, basis)  # type: ignore[arg-type]
        assert all(change.kind == "continued" and change.old == change.new for change in found.changes)
        assert len(found.changes) == len(groups)


@settings(max_examples=150, deadline=None)
@given(HOMES, st.randoms())
def test_numbers_and_order_of_the_themes_do_not_matter(
    homes: list[tuple[int, int, int]], draw: random.Random
) -> None:
    old, new = random_sides(homes)
    expected = told(compare(old, new, "comments"), old, new)

    def mixed(one: Side) -> Side:
        numbers = draw.sample(range(100), len(one.themes))
        themes = [
            ThemeView(number, theme.label, theme.keywords, theme.size, theme.members)
            for number, theme in zip(numbers, one.themes, strict=True)
        ]
        draw.shuffle(themes)
        return Side(tuple(themes), one.comments)

    old, new = mixed(old), mixed(new)
    assert told(compare(old, new, "comments"), old, new) == expected


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000))
def test_the_other_way_round_splits_are_mergers_and_new_ones_dropped(seed: int) -> None:
    draw = random.Random(seed)
    pull = [draw.randrange(5) for _ in range(5)]
    homes = [
        (before, pull[before] if draw.random() < 0.8 else draw.randrange(-1, 5), -1)
        for before in draw.choices(range(5), weights=[5, 4, 3, 2, 1], k=400)
    ]
    old, new = random_sides(homes)
    there, back = compare(old, new, "comments"), compare(new, old, "comments")
    assert told(back, new, old) == {
        (TURNED.get(kind, kind), after, before) for kind, before, after in told(there, old, new)
    }


THEME = {"id": 1, "label": "buses", "keywords": ["bus"], "size": 1, "quotes": [7]}
PLACED = {"id": 7, "themes": [[1, 0.5]]}


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ([], "not a JSON object"),
        ({}, 'no list "themes"'),
        ({"themes": [THEME]}, 'no list "placements"'),
        ({"themes": [3], "placements": []}, "not an object"),
        ({"themes": [{**THEME, "id": "1"}], "placements": []}, 'whole number "id"'),
        ({"themes": [{**THEME, "size": None}], "placements": []}, 'whole number "size"'),
        ({"themes": [{**THEME, "label": 5}], "placements": []}, "label"),
        ({"themes": [{**THEME, "keywords": "bus"}], "placements": []}, "keywords"),
        ({"themes": [{**THEME, "quotes": 7}], "placements": []}, "quotes"),
        ({"themes": [THEME], "placements": [{"themes": []}]}, "id"),
        ({"themes": [THEME], "placements": [{"id": "", "themes": []}]}, "id"),
        ({"themes": [THEME], "placements": [{"id": 7, "themes": [1]}]}, "pairs"),
        ({"themes": [THEME], "placements": [{"id": 7, "themes": [[[], 1]]}]}, "number"),
        ({"themes": [THEME], "placements": [{"id": 7, "themes": [[2, 0.5]]}]}, "not among its themes"),
        ({"themes": [THEME, THEME], "placements": []}, "same id"),
    ],
)
def test_other_documents_are_refused_with_one_sentence(document: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why) as refusal:
        from_document(document)
    assert str(refusal.value).endswith(".")


def test_a_document_is_read_with_the_words_of_its_quotes() -> None:
    document = {"themes": [THEME], "placements": [PLACED, {"id": "x", "themes": []}]}
    bare, quoted = from_document(document), from_document(document, {"7": "The bus is never on time"})
    assert bare.comments == {"7", "x"}
    assert quoted.themes[0].words["time"] == 0.5
    assert quoted.themes[0].words["bus"] > bare.themes[0].words["bus"]
    assert from_document({"themes": [], "placements": []}) == Side(())


def test_an_id_is_one_however_a_file_writes_it() -> None:
    def written(identity: Any) -> frozenset[str]:
        return from_document({"themes": [THEME], "placements": [{"id": identity, "themes": []}]}).comments

    assert written(7) == written(7.0) == written("7") == {"7"}
    assert written(True) == {"true"}
    whole = {**THEME, "quotes": [7.0, None, []]}
    quoted = from_document({"themes": [whole], "placements": [PLACED]}, {"7": "The bus is never on time"})
    assert quoted.themes[0].words["time"] == 0.5


def test_a_result_and_its_document_compare_as_the_same(found: Result) -> None:
    comments = [Comment(comment.id, comment.text, comment.audience) for comment in notes()]
    document = {
        "themes": [
            {"id": t.id, "label": t.label, "keywords": list(t.keywords), "size": t.size} for t in found.themes
        ],
        "placements": [
            {"id": comment.id, "themes": [[theme, weight] for theme, weight in placed]}
            for comment, placed in zip(comments, found.placements, strict=True)
        ],
    }
    compared = compare(from_document(document), from_result(comments, found))
    assert compared.basis == "comments"
    assert all(change.kind == "continued" and change.evidence.jaccard == 1 for change in compared.changes)
    with pytest.raises(ValueError, match="comments of this result"):
        from_result(comments[1:], found)


def test_large_runs_compare_quickly() -> None:
    draw = random.Random(1)
    homes = [(draw.randrange(40), draw.randrange(40)) for _ in range(100_000)]
    sides = []
    for turn in (0, 1):
        groups: dict[str, set[int]] = {f"theme {n}": set() for n in range(40)}
        for comment, home in enumerate(homes):
            groups[f"theme {home[turn if comment % 3 == 0 else 0]}"].add(comment)
        sides.append(side(groups))
    start = time.process_time()
    assert {change.kind for change in compare(*sides).changes} == {"continued"}
    assert time.process_time() - start < 3
