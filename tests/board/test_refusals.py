"""What makes no sense is refused in words; what is not there is not found; nothing is stored."""

from __future__ import annotations

import pytest

from survey import changes
from survey.board import Change
from survey.board.deciding import Overtaken
from survey.board.kinds.base import MOST_COMMENTS
from survey.errors import NotFound, Refusal
from tests.board.play import Play, small

HUGE = 2**40


def refused(play: Play, change: Change, words: str) -> None:
    """It is refused in these words, and nothing is stored."""
    before = list(play.log)
    with pytest.raises(Refusal, match=words):
        play.decide(change)
    assert play.log == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (changes.rename(1, " \t\n\0"), "needs a name"),
        (changes.rename(1, "x" * 5000), "5000 characters"),
        (changes.rename(1, "THEME 2"), "Another theme is called"),
        (changes.rename(1, "theme\n2"), "Another theme is called"),
        (changes.describe(1, {}, ""), "needs a name"),
        (changes.describe(1, {}, "Theme 2"), "Another theme is called"),
        (changes.describe(1, {"definition": "x" * 5001}), "The definition has 5001 characters"),
        (changes.create("", ["c0"]), "needs a name"),
        (changes.create("theme 1", ["c0"]), "Another theme is called"),
        (changes.create("New", ["c0"], 2), "not in that theme"),
        (changes.merge(1, [1]), "with itself"),
        (changes.merge(1, []), "with itself"),
        (changes.nest(1, 1), "its own sub-theme"),
        (changes.move([], 1, 2), "Choose one or more comments"),
        (changes.move("c0", 1, 1), "there already"),
        (changes.move("c4", None, None), "there already"),
        (changes.move("c0", 2, 1), "not in that theme"),
        (changes.move(["c0", "c2"], 2, 1), "Some of these comments are not in that theme"),
        (changes.assign({}), "Choose one or more comments"),
        (changes.pin([]), "Choose one or more comments"),
        (changes.off_topic([]), "Choose one or more comments"),
        (changes.note(" \n ", theme=1), "Write something"),
        (changes.note("x" * 5001, comment="c0"), "The note has 5001 characters"),
        (changes.axis(1, "", [(1, "City")]), "one code on each line"),
        (changes.axis(1, "Scope", []), "one code on each line"),
        (changes.axis(1, "Scope", [(1, "City"), (2, "CITY")]), "there twice"),
        (changes.axis(1, "Scope", [(1, "x" * 201)]), "too long"),
        (changes.axis(1, "Scope", [(n, f"Code {n}") for n in range(21)]), "at most 20 codes"),
        (changes.quote(["c0", "c1"], "cleared", [(0, 2)]), "one comment at a time"),
        (changes.quote("c0", "cleared", [(5, 2)]), "begin before it ends"),
        (changes.quote("c0", "cleared", [(n, n + 1) for n in range(201)]), "at most 200 parts"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_words(change: Change, words: str) -> None:
    refused(small(), change, words)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([], "into 2 to 8 parts"),
        ([("All", ["c0", "c1"])], "into 2 to 8 parts"),
        ([(f"Part {n}", ["c0"]) for n in range(9)], "into 2 to 8 parts"),
        ([("A", ["c0"]), ("a", ["c1"])], "Two parts are called"),
        ([("A", ["c0"]), ("", ["c1"])], "needs a name"),
        ([("A", ["c0"]), ("Theme 2", ["c1"])], "Another theme is called"),
        ([("A", ["c0"]), ("x" * 5000, ["c1"])], "5000 characters"),
        ([("A", ["c0"]), ("B", [])], "No comment is in the part “B”"),
        ([("A", []), ("B", [])], "Choose one or more comments"),
        ([("A", ["c0"]), ("B", ["c2"])], "not in that theme"),
    ],
)
def test_splits_that_make_no_sense(parts: list[tuple[str, list[str]]], words: str) -> None:
    refused(small(), changes.split(1, parts), words)


def test_more_comments_than_can_be_looked_over() -> None:
    many = {f"m{n}": "1" for n in range(MOST_COMMENTS + 1)}
    play = small()
    play.audiences = {**play.audiences, **many}
    for change in (changes.move(many, None, 1), changes.pin(many), changes.off_topic(many)):
        refused(play, change, r"about 2,001 comments. At most 2,000")


@pytest.mark.parametrize("number", [0, -1, 9, HUGE, HUGE**4])
def test_themes_that_are_not_there_are_not_found(number: int) -> None:
    for change in (
        changes.accept(number),
        changes.reject(number),
        changes.rename(number, "x"),
        changes.describe(number, {"definition": "x"}),
        changes.order(number, [1, 2]),
        changes.order(1, [1, number]),
        changes.nest(number, 1),
        changes.nest(1, number),
        changes.office(number, 1),
        changes.merge(1, [number]),
        changes.merge(number, [1]),
        changes.split(number, [("A", ["c0"]), ("B", ["c1"])]),
        changes.create("New", ["c0"], number),
        changes.move("c0", 1, number),
        changes.move("c0", number, 1),
        changes.assign({"c0": [1, number]}),
        changes.note("Text", theme=number),
        changes.confirm("run 1", "new", [], [number]),
        changes.undo(number),
        changes.redo(number),
        changes.unnote(number),
        changes.code(number, 1, "c0"),
        changes.apply(2, {1: number, 2: 1}, {}),
    ):
        play = small()
        with pytest.raises(NotFound):
            play.decide(change)
        assert len(play.log) == 1, change


def test_comments_that_are_not_there_are_not_found() -> None:
    play = small()
    play.decide(changes.axis(1, "Scope", [(1, "City")]))
    for change in (
        changes.move("gone", None, 1),
        changes.create("New", ["c0", "gone"]),
        changes.split(1, [("A", ["c0"]), ("B", ["gone"])]),
        changes.assign({"gone": []}),
        changes.pin("gone"),
        changes.release("gone"),
        changes.off_topic("gone"),
        changes.on_topic("gone"),
        changes.note("Text", comment="gone"),
        changes.code(1, 1, "gone"),
        changes.quote("gone", "cleared"),
    ):
        with pytest.raises(NotFound):
            play.decide(change)
    for change in (
        changes.code(1, 9, "c0"),
        changes.quote("c0", "shown"),
        changes.confirm("1", "grew", [], [1]),
    ):
        with pytest.raises(NotFound):
            play.decide(change)
    assert len(play.log) == 2


def test_rejected_themes_take_part_in_nothing_until_they_are_opened_again() -> None:
    for change in (
        changes.merge(1, [2]),
        changes.merge(2, [1]),
        changes.move("c0", 1, 2),
        changes.assign({"c0": [2]}),
        changes.nest(2, 1),
        changes.nest(1, 2),
        changes.split(2, [("A", ["c2"]), ("B", ["c3"])]),
    ):
        play = small()
        play.decide(changes.reject(2))
        refused(play, change, "Open it again")
        play.decide(changes.reopen(2), change)
        assert play.log[-1].kind == change.kind


def test_what_others_hang_on_cannot_go_out_of_sight() -> None:
    play = small()
    play.decide(changes.create("Third"), changes.create("Fourth"), changes.nest(2, 1))
    for change in (changes.reject(1), changes.park(1)):
        refused(play, change, "has sub-themes")
    refused(play, changes.nest(1, 3), "has sub-themes of its own")
    refused(play, changes.nest(3, 2), "is a sub-theme itself")
    refused(play, changes.split(1, [("A", ["c2"]), ("B", ["c0"])]), "not in that theme")
    play.decide(changes.nest(3, 4))
    refused(play, changes.merge(3, [1]), "Take it out first")
    board = play.decide(changes.merge(2, [1]))
    assert board.find(2).parent is None  # type: ignore[union-attr]
    play.decide(changes.nest(3, None), changes.reject(2))
    assert [theme.id for theme in play.board().rejected] == [2]


def test_a_theme_can_go_once_its_sub_themes_are_gone() -> None:
    play = small()
    board = play.decide(changes.nest(2, 1), changes.reject(2), changes.reject(1))
    assert [theme.id for theme in board.rejected] == [1, 2]


def test_a_parked_theme_hangs_under_nothing() -> None:
    play = small()
    play.decide(changes.park(2))
    for change in (changes.nest(1, 2), changes.nest(2, 1)):
        refused(play, change, "is parked. Open it again first")


def test_what_is_off_the_topic_cannot_be_pinned_or_taken_out() -> None:
    play = small()
    play.decide(changes.off_topic("c0"))
    refused(play, changes.pin(["c0", "c1"]), "off the topic")
    refused(play, changes.move("c0", 1, 2), "not in that theme")
    assert play.decide(changes.move("c0", None, 2)).off_topic == set(), "putting it somewhere is enough"


NAMES_TAKEN = [
    ("undo of a rejection", [changes.reject(1), changes.create("Theme 1")], changes.undo(2)),
    ("undo of a name", [changes.rename(1, "Other"), changes.create("THEME 1")], changes.undo(2)),
    ("undo of a merge", [changes.merge(2, [1]), changes.create("theme 1")], changes.undo(2)),
    (
        "redo of a new theme",
        [changes.create("New"), changes.undo(2), changes.rename(1, "new")],
        changes.redo(2),
    ),
    (
        "a run that brings a theme back",
        [changes.apply(2, {1: 1, 2: 1}, {}), changes.rename(1, "theme 2")],
        changes.apply(1, {1: 1, 2: 2}, {}),
    ),
]


@pytest.mark.parametrize(("_what", "before", "change"), NAMES_TAKEN, ids=[case[0] for case in NAMES_TAKEN])
def test_two_open_themes_never_get_one_name(_what: str, before: list[Change], change: Change) -> None:
    """What comes back finds its name taken: that is said, and works once the other theme is renamed."""
    play = small()
    play.decide(*before)
    refused(play, change, "Two themes would then be called")
    other = max(
        theme.id for theme in play.board().open if theme.name.casefold() in ("theme 1", "theme 2", "new")
    )
    play.decide(changes.rename(other, "Called otherwise"))
    try:
        play.decide(change)
    except Refusal:
        assert before[-1].kind == "rename", "a later name of the same theme stands in the way"
    else:
        assert play.log[-1].kind == change.kind


def test_opening_again_finds_the_name_taken() -> None:
    play = small()
    play.decide(changes.reject(1), changes.create("Theme 1"))
    for change in (changes.reopen(1), changes.accept(1), changes.park(1)):
        refused(play, change, "Another theme is called")


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "=1+1", "Reliable\x00 inter\r\nnet", "  a   b ", "half \ud83d letter"],
)
def test_names_are_kept_as_text_on_one_line(text: str) -> None:
    board = small().decide(changes.rename(1, text))
    name = board.find(1).name  # type: ignore[union-attr]
    assert name == " ".join(text.replace("\0", " ").replace("\ud83d", " ").split())
    assert name.encode()


def test_texts_keep_their_lines_and_nothing_that_a_database_refuses() -> None:
    board = small().decide(changes.describe(1, {"definition": "One\r\ntwo\0 \ud83d three\n"}))
    assert board.find(1).entry == {"definition": "One\ntwo three"}  # type: ignore[union-attr]
    for change in (
        changes.office(1, 1, "A\0B"), changes.code(1, 1, "c0", "A\0B"),
        changes.confirm("r\0", "new", ["A\0B"], []), changes.note("A\0B", theme=1),
        changes.axis(1, "A\0B", [(1, "A\0B")]),
    ):  # fmt: skip
        assert "\0" not in str(change.details)


def test_being_overtaken_is_told_before_a_refusal() -> None:
    play = small()
    play.decide(changes.rename(2, "Phones"))
    with pytest.raises(Overtaken) as told:
        play.decide(changes.rename(2, "theme 1"), seen=1)
    assert not told.value.can_still, "the name is another theme's"
