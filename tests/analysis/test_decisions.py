"""Decisions: what is a contradiction, and that everything else is kept by every run."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import Comment, Contradiction, Decisions, Options, discover, place
from analysis.decisions import spread
from benchmarks.theme_edits import play
from tests.analysis.corpus_of_notes import labels_of, notes

FEW = [
    *notes()[::2],
    *(Comment(f"{comment.id} again", comment.text, comment.audience) for comment in notes()[::18]),
    Comment("void", "?!"),
    Comment("stop", "it is what it is"),
]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: Decisions.of({"a": ["Bus"], "b": ["Bus"]}, apart=[("b", "a")]),
            'a and b were told apart, but both were put into "Bus".',
        ),
        (
            lambda: Decisions.of({"a": ["Cost", "Bus"], "b": ["Bus"]}, apart=[("a", "b")]),
            'a and b were told apart, but both were put into "Bus".',
        ),
        (
            lambda: Decisions.of({"a": ["Bus"], "b": ["Tram"]}, together=[("a", "b")]),
            'a and b were put together, but into "Bus" and into "Tram".',
        ),
        (
            lambda: Decisions.of({"a": ["Bus"], "b": []}, together=[("a", "b")]),
            'b and a were put together, but into no theme and into "Bus".',
        ),
        (
            lambda: Decisions.of(together=[("a", "b"), ("b", "c")], apart=[("a", "c")]),
            "a and c were both put together and told apart.",
        ),
        (
            lambda: Decisions.of({"a": ["Bus"], "c": ["Bus"]}, together=[("a", "b")], apart=[("b", "c")]),
            'b and c were told apart, but both were put into "Bus".',
        ),
        (lambda: Decisions.of(apart=[("a", "a")]), "a cannot be told apart from itself."),
        (lambda: Decisions.of({"a": [" "]}), "A theme needs a name: one decision has an empty one."),
        (lambda: Decisions.of(themes=[""]), "A theme needs a name: one decision has an empty one."),
    ],
)
def test_contradictions_are_refused_in_one_sentence(make: Callable[[], Decisions], sentence: str) -> None:
    with pytest.raises(Contradiction, match=f"^{re.escape(sentence)}$"):
        make()


def test_contradictions_made_by_hand_are_refused_by_every_run() -> None:
    wrong = Decisions({"library-0-0": ("A",), "library-1-0": ("A",)}, apart=(("library-0-0", "library-1-0"),))
    for run in (discover, place):
        with pytest.raises(Contradiction):
            run(notes(), Options(decisions=wrong))


def test_what_does_not_contradict_is_taken() -> None:
    decided = Decisions.of(
        {"a": ["Bus", "Cost"], "b": ["Bus"], "c": ["Cost"], "d": []},
        together=[("a", "b")],
        apart=[("b", "c"), ("d", "a")],
    )
    assert decided.names == ("Bus", "Cost")
    assert spread(Decisions.of({"a": ["Bus", "Cost"]}, together=[("a", "b")])) == {
        "a": ("Bus", "Cost"),
        "b": ("Bus",),
    }


@pytest.mark.parametrize("pair", ["ab", ("a",), ("a", "b", "c")])
def test_what_is_no_pair_is_refused(pair: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match=r"^Comments are told apart two by two: give pairs of ids, not "):
        Decisions.of(apart=[pair])


def test_one_name_without_a_list_is_one_name() -> None:
    assert Decisions.of({"a": "Transit"}).names == ("Transit",)
    assert Decisions.of(themes="Transit").names == ("Transit",)


@given(groups=st.lists(st.frozensets(st.sampled_from("abcdefghij"), max_size=4), max_size=12))
def test_groups_that_share_a_comment_are_one(groups: list[frozenset[str]]) -> None:
    wanted: list[set[str]] = []
    for group in groups:
        sharing = [other for other in wanted if other & group]
        wanted = [other for other in wanted if not other & group] + [set(group).union(*sharing)]
    assert {frozenset(group) for group in wanted if len(group) > 1} == set(
        Decisions.of(together=groups).together
    )


def test_many_decisions_take_linear_time() -> None:
    def seconds(size: int) -> float:
        pairs = [(f"{number}", f"{number} copy") for number in range(size)]
        chain = [(f"c{number}", f"c{number + 1}") for number in range(size)]
        apart = [(f"c{number}", f"{number}") for number in range(size)]
        start = time.process_time()
        Decisions.of({"c0": ["Bus"]}, together=[*pairs, *reversed(chain)], apart=apart)
        return time.process_time() - start

    seconds(2_000)
    assert seconds(40_000) < 20 * 4 * max(seconds(2_000), 0.005)


@pytest.mark.parametrize("start", range(0, 30, 10))
def test_every_decision_is_kept_over_runs_in_which_comments_arrive(start: int) -> None:
    played = [play(FEW, number) for number in range(start, start + 10)]
    assert [sentence for one in played for sentence in one.broken] == []
    assert sum(one.decisions for one in played) >= 40


def test_comments_of_no_content_and_copies_are_placed_as_decided() -> None:
    copies = [Comment(f"copy {number}", notes()[0].text, language="en") for number in range(4)]
    comments = [*notes(), *copies, Comment("void", "?!"), Comment("stop", "it is what it is")]
    decided = {
        "copy 0": ["Hours", "Xzzy"],
        "copy 1": ["Weekend"],
        "copy 2": [],
        "void": ["Qqq"],
        "stop": ["Weekend"],
    }
    result = discover(comments, Options(decisions=Decisions.of(decided)))
    found = labels_of(comments, result)
    assert {name: found[name] for name in decided} == decided
    assert result.reasons[92] == "set apart by people"
    assert [len(placed) for placed in result.placements[-2:]] == [1, 1]
    assert {theme.label for theme in result.themes if theme.named} == {"Hours", "Xzzy", "Weekend", "Qqq"}


def test_a_theme_that_only_people_filled_is_quoted_too() -> None:
    decided = {comment.id: ["Everything"] for comment in notes()} | {"trash-0-0": ["Everything", "Also this"]}
    comments = [*notes(), Comment("void", "?!")]
    result = place(comments, Options(decisions=Decisions.of(decided | {"void": ["%%%"]})))
    assert {theme.label: theme.quotes for theme in result.themes if theme.size == 1} == {
        "Also this": ("trash-0-0",),
        "%%%": ("void",),
    }


def test_decided_weights_are_one_and_the_order_of_names_is_kept() -> None:
    result = discover(notes(), Options(decisions=Decisions.of({"trash-0-0": ["Cost", "Trash"]})))
    names = {theme.label: theme.id for theme in result.themes}
    position = [comment.id for comment in notes()].index("trash-0-0")
    assert result.placements[position] == ((names["Cost"], 1.0), (names["Trash"], 1.0))


def test_ids_that_are_not_in_the_study_are_ignored() -> None:
    stray = Decisions.of(
        {"gone": ["Library"], "trash-0-0": ["Trash"]},
        themes=["Library"],
        together=[("gone", "gone too"), ("trash-0-0", "lost")],
        apart=[("gone", "trash-0-0"), ("nowhere", "never")],
    )
    known = Decisions.of({"trash-0-0": ["Trash"]}, themes=["Library"])
    one, other = (discover(notes(), Options(decisions=decided)) for decided in (stray, known))
    assert labels_of(notes(), one) == labels_of(notes(), other)


def test_the_order_of_decisions_does_not_matter_where_names_are_given_first() -> None:
    ids = [comment.id for comment in notes()]
    random.Random(1).shuffle(ids)
    placed = {name: [name.split("-")[0]] for name in ids[:20]}
    together = [tuple(ids[number : number + 2]) for number in range(20, 28, 2)]
    apart = [(ids[30], ids[31]), (ids[40], ids[33])]
    names = ["library", "roads", "internet", "website", "trash"]
    one = Decisions.of(placed, themes=names, together=together, apart=apart)
    other = Decisions.of(
        dict(reversed(placed.items())),
        themes=names,
        together=[group[::-1] for group in reversed(together)],
        apart=[pair[::-1] for pair in reversed(apart)],
    )
    assert one == other
    first, second = (discover(notes(), Options(decisions=decided)) for decided in (one, other))
    assert first == second


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_comments_told_apart_share_no_theme_however_many(data: st.DataObject) -> None:
    ids = [comment.id for comment in FEW]
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=40))
    pairs = [(one, other) for one, other in pairs if one != other]
    found = labels_of(FEW, discover(FEW, Options(decisions=Decisions.of(apart=pairs), themes=4, resamples=0)))
    assert all(not set(found[one]) & set(found[other]) for one, other in pairs)
