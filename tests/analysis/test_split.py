"""Proposed parts of a theme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from analysis import Comment, NothingToGroup, Options, Part
from analysis.split import split
from tests.analysis.corpus_of_notes import idea_of, notes, study


def purity_of(parts: Sequence[Part]) -> float:
    most = sum(Counter(map(idea_of, part.comments)).most_common(1)[0][1] for part in parts)
    return most / sum(len(part.comments) for part in parts)


@pytest.mark.parametrize(
    "ideas",
    [
        ("library", "roads"),
        ("trash", "website"),
        ("internet", "library", "trash"),
        ("roads", "website", "trash"),
    ],
)
def test_the_true_parts_are_proposed(ideas: tuple[str, ...]) -> None:
    members = [comment.id for comment in notes() if idea_of(comment.id) in ideas]
    for parts in (split(notes(), members, parts=len(ideas)), split(notes(), members)):
        assert 2 <= len(parts) <= 4
        assert purity_of(parts) >= 0.9
    assert len(split(notes(), members, parts=len(ideas))) == len(ideas)


@pytest.mark.parametrize("subjects", [("bus", "road"), ("library", "park", "trash")])
def test_the_number_of_parts_is_chosen(subjects: tuple[str, ...]) -> None:
    comments = study(300, telling=4, around=3)
    members = {comment.id for comment in comments if idea_of(comment.id) in subjects}
    parts = split(comments, members)
    assert len(parts) == len(subjects)
    assert purity_of(parts) >= 0.95


def test_every_member_is_in_exactly_one_part_and_quotes_and_words_are_of_it() -> None:
    odd = [Comment("void", "?!"), Comment("stop", "it is what it is"), Comment("strange", "zzxqj")]
    copies = [Comment(f"copy {number}", notes()[0].text, "staff", language="en") for number in range(40)]
    comments = [*notes(), *copies, *odd]
    members = [c.id for c in comments if not c.id.startswith(("trash", "website"))]
    for parts in (2, 3, 4):
        found = split(comments, members, Options(quotes=3, keywords=4), parts)
        assert sorted(name for part in found for name in part.comments) == sorted(members)
        sizes = [len(part.comments) for part in found]
        assert sizes == sorted(sizes, reverse=True)
        assert len({part.label for part in found}) == len(found) == parts
        texts = {comment.id: comment.text.lower() for comment in comments}
        for part in found:
            assert 1 <= len(part.quotes) <= 3
            assert set(part.quotes) <= set(part.comments)
            assert 1 <= len(part.keywords) <= 4
            said = " ".join(texts[name] for name in part.comments)
            assert all(phrase.lower() in said for phrase in part.label.split("; "))


def test_sizes_are_those_of_the_theme_and_not_of_the_study() -> None:
    outside = [
        Comment(f"outside {number}", "Trash pickup is late every week", language="en") for number in range(99)
    ]
    members = [c.id for c in notes() if idea_of(c.id) == "library" or c.id == "trash-0-0"]
    members += [c.id for c in notes() if idea_of(c.id) == "trash"][1:6]
    found = split([*notes(), *outside], members, parts=2)
    assert [idea_of(part.comments[0]) for part in found] == ["library", "trash"]


def test_the_order_of_comments_and_members_does_not_matter() -> None:
    members = [comment.id for comment in notes() if idea_of(comment.id) in ("library", "roads")]
    one = split(notes(), members)
    other = split(notes()[::-1], set(members))
    assert [(part.label, part.keywords, part.quotes) for part in one] == [
        (part.label, part.keywords, part.quotes) for part in other
    ]
    assert [sorted(part.comments) for part in one] == [sorted(part.comments) for part in other]


@pytest.mark.parametrize("parts", [0, 1, 5])
def test_too_many_and_too_few_parts_are_refused(parts: int) -> None:
    with pytest.raises(ValueError, match=rf"^A theme is split in 2 to 4 parts, not {parts}\.$"):
        split(notes(), [comment.id for comment in notes()], parts=parts)


@pytest.mark.parametrize(
    "members", [[], ["nobody"], ["trash-0-0"], ["trash-0-0", "copy", "void", "trash-1-0"]]
)
def test_a_theme_of_few_texts_cannot_be_split(members: list[str]) -> None:
    comments = [*notes(), Comment("copy", notes()[72].text), Comment("void", "")]
    sentence = r"^This theme has too few different comments to be split: 4 are needed\.$"
    with pytest.raises(ValueError, match=sentence):
        split(comments, members)


def test_what_has_no_words_cannot_be_split() -> None:
    with pytest.raises(NothingToGroup):
        split([Comment("a", ""), Comment("b", "?")], ["a", "b"])
