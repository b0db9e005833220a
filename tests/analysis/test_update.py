"""Running again: old themes stay, new comments join them, new subjects become new themes."""

from __future__ import annotations

from collections import Counter

import pytest

from analysis import Comment, Decisions, Earlier, Options, Result, discover, update
from tests.analysis.corpus_of_notes import AUDIENCES, idea_of, labels_of, notes

OLD = [comment for comment in notes() if idea_of(comment.id) != "trash"]
TRASH = [comment for comment in notes() if idea_of(comment.id) == "trash"]


@pytest.fixture(scope="module")
def first() -> Result:
    return discover(OLD, Options(themes=4))


def mains(comments: list[Comment], result: Result) -> dict[str, int | None]:
    """Return for each comment which theme of the earlier run its main theme goes on from."""
    earlier = {theme.id: theme.earlier for theme in result.themes}
    return {c.id: earlier[p[0].theme] for c, p in zip(comments, result.placements, strict=True) if p}


def test_nothing_new_changes_nothing(first: Result) -> None:
    again = update(first, OLD, OLD)
    before = {c.id: p[0].theme for c, p in zip(OLD, first.placements, strict=True) if p}
    after = mains(OLD, again)
    assert {name: after[name] for name in before} == before
    assert {theme.label for theme in again.themes} == {theme.label for theme in first.themes}
    assert sorted(theme.earlier or 0 for theme in again.themes) == [1, 2, 3, 4]
    assert again.manifest["earlier"] is not None
    assert first.manifest["earlier"] is None


def test_new_comments_join_and_old_ones_stay(first: Result) -> None:
    new = [
        Comment("library-new", "Could the library branch open later on weekdays?", "staff"),
        Comment("roads-new", "So many potholes on the road to school", "public"),
        Comment("internet-new", "Wi-fi and internet should be cheap", "public"),
    ]
    comments = [*new, *reversed(OLD)]
    second = update(first, OLD, comments)
    before = {c.id: p[0].theme for c, p in zip(OLD, first.placements, strict=True) if p}
    after = mains(comments, second)
    assert {name: after[name] for name in before} == before
    home = {idea_of(name): theme for name, theme in before.items()}
    assert {comment.id: after[comment.id] for comment in new} == {
        comment.id: home[idea_of(comment.id)] for comment in new
    }
    labels = {theme.id: theme.label for theme in first.themes}
    assert all(theme.label == labels[theme.earlier] for theme in second.themes if theme.earlier)


def test_a_new_subject_becomes_a_new_theme(first: Result) -> None:
    comments = [*OLD, *TRASH]
    second = update(first, OLD, comments, Options(themes=5))
    fresh = [theme for theme in second.themes if theme.earlier is None]
    assert len(fresh) == 1
    held = Counter(
        idea_of(c.id)
        for c, p in zip(comments, second.placements, strict=True)
        if p and p[0].theme == fresh[0].id
    )
    assert held["trash"] >= 15
    assert held.total() == held["trash"]
    assert "trash" in fresh[0].label.lower()
    by_itself = update(first, OLD, comments)
    after = mains(comments, by_itself)
    assert sum(after[c.id] is None for c in TRASH if c.id in after) >= 12
    assert not any(after[c.id] is None for c in OLD if c.id in after)


def test_a_theme_renamed_by_decisions_goes_on_under_its_name(first: Result) -> None:
    ids = {theme.id: [] for theme in first.themes}
    for comment, placed in zip(OLD, first.placements, strict=True):
        for theme, _ in placed[:1]:
            ids[theme].append(comment.id)
    decided = Decisions.of({name: ["Opening hours"] for name in ids[2][:12]})
    second = update(first, OLD, OLD, Options(decisions=decided))
    renamed = [theme for theme in second.themes if theme.label == "Opening hours"]
    assert [(theme.earlier, theme.named) for theme in renamed] == [(2, True)]
    assert all(
        labels[0] == "Opening hours" for name, labels in labels_of(OLD, second).items() if name in ids[2]
    )
    assert len(second.themes) == 4


def test_one_comment_moved_out_does_not_rename_a_theme(first: Result) -> None:
    moved = OLD[0].id
    second = update(first, OLD, OLD, Options(decisions=Decisions.of({moved: ["Sundays"]})))
    assert {theme.label for theme in first.themes} < {theme.label for theme in second.themes}
    assert labels_of(OLD, second)[moved] == ["Sundays"]


def test_a_name_taken_from_the_earlier_label_takes_that_theme_over(first: Result) -> None:
    label = first.themes[1].label
    second = update(first, OLD, OLD, Options(decisions=Decisions.of(themes=[label])))
    same = [theme for theme in second.themes if theme.label == label]
    assert [(theme.earlier, theme.named) for theme in same] == [(2, True)]


def test_an_earlier_run_of_other_comments_is_no_hindrance(first: Result) -> None:
    strange = [Comment(f"new {comment.id}", comment.text, comment.audience) for comment in notes()]
    second = update(first, OLD, strange, Options(themes=5))
    assert [theme.earlier for theme in second.themes] == [None] * 5
    assert second.themes == discover(strange, Options(themes=5)).themes


def test_themes_whose_comments_are_gone_are_gone(first: Result) -> None:
    left = [comment for comment in OLD if idea_of(comment.id) != "library"] + TRASH
    second = update(first, OLD, left)
    gone = {p[0].theme for c, p in zip(OLD, first.placements, strict=True) if idea_of(c.id) == "library"}
    assert not gone & {theme.earlier for theme in second.themes}


def test_ids_that_several_comments_bear_tell_nothing(first: Result) -> None:
    nameless = [Comment("", comment.text, comment.audience, language="en") for comment in OLD]
    once = discover(nameless, Options(themes=4))
    again = update(once, nameless, nameless, Options(themes=4))
    assert len(again.themes) == 4
    assert [len(set(placed)) for placed in again.placements] == [len(set(p)) for p in once.placements]


def test_labels_stay_distinct_when_an_earlier_one_comes_up_again() -> None:
    found = discover(notes(), Options(themes=5))
    keep = {comment.id: (0,) for comment in notes() if idea_of(comment.id) == "library"}
    for stolen in (theme.label for theme in found.themes):
        result = discover(notes(), Options(themes=5, earlier=Earlier(keep, {0: stolen})))
        labels = [theme.label for theme in result.themes]
        assert len(set(labels)) == len(labels)
        assert labels.count(stolen) == 1
        assert [theme.label for theme in result.themes if theme.earlier == 0] == [stolen]
    twice = Earlier(keep | {c.id: (1,) for c in TRASH}, {0: "one", 1: "one"})
    labels = [theme.label for theme in discover(notes(), Options(earlier=twice)).themes]
    assert len(set(labels)) == len(labels)


def test_ten_per_cent_more_leave_the_old_themes_as_they_are() -> None:
    comments = notes()
    late = comments[::10]
    early = [comment for comment in comments if comment not in late]
    once = discover(early)
    second = update(once, early, comments)
    before = {c.id: p[0].theme for c, p in zip(early, once.placements, strict=True) if p}
    after = mains(comments, second)
    assert sum(after.get(name) == theme for name, theme in before.items()) >= 0.95 * len(before)
    assert {comment.audience for comment in late} <= set(AUDIENCES)
