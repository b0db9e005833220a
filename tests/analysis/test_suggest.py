"""Which comments to read next."""

from __future__ import annotations

import random

import pytest

from analysis import Comment, Contradiction, Decisions, Earlier, Options, TooFew, place, suggest_next
from tests.analysis.corpus_of_notes import idea_of, labels_of, notes, study


def test_distinct_texts_of_undecided_comments_as_many_as_asked_for() -> None:
    copies = [Comment(f"copy {comment.id}", comment.text, language="en") for comment in notes()[:30]]
    comments = [*notes(), *copies, Comment("void", "?")]
    decided = Decisions.of(
        {comment.id: [idea_of(comment.id)] for comment in notes()[::4]} | {"trash-0-8": []}
    )
    texts = {comment.id: comment.text for comment in comments}
    already = {texts[name] for name in decided.placed}
    for count in (1, 7, 30):
        found = suggest_next(comments, Options(decisions=decided), count)
        assert len(found) == count
        assert len({texts[name] for name in found}) == count
        assert not already & {texts[name] for name in found}
        assert not decided.placed.keys() & set(found)


def test_fewer_come_when_fewer_are_left_and_none_when_all_is_decided() -> None:
    all_of = {comment.id: [idea_of(comment.id)] for comment in notes()}
    left = dict(list(all_of.items())[:-3])
    # "honestly" and "really" make other texts; stop words and signs do not.
    assert 1 <= len(suggest_next(notes(), Options(decisions=Decisions.of(left)), 50)) <= 3
    assert suggest_next(notes(), Options(decisions=Decisions.of(all_of)), 50) == ()


def test_the_same_again_in_any_order_of_comments() -> None:
    comments = study(200)
    decided = Options(decisions=Decisions.of({c.id: [idea_of(c.id)] for c in comments[:20]}), seed=3)
    shuffled = random.Random(2).sample(comments, len(comments))
    for options in (Options(), decided):
        assert (
            suggest_next(comments, options)
            == suggest_next(comments, options)
            == suggest_next(shuffled, options)
        )


@pytest.mark.parametrize("seed", range(4))
def test_the_first_ones_are_about_different_subjects(seed: int) -> None:
    for comments in (study(250, seed=seed), notes()):
        found = suggest_next(comments, Options(seed=seed), 5)
        assert len({idea_of(name) for name in found}) >= 4


def test_what_is_not_known_yet_is_asked_about() -> None:
    comments = study(250)
    known = [comment for comment in comments if idea_of(comment.id) in ("bus", "park")][:40]
    options = Options(decisions=Decisions.of({c.id: [idea_of(c.id)] for c in known}))
    found = [idea_of(name) for name in suggest_next(comments, options, 6)]
    assert {"library", "road", "trash"} <= set(found)


@pytest.mark.parametrize("read", [10, 20])
def test_reading_what_is_suggested_helps_more_than_reading_any(read: int) -> None:
    def accuracy(comments: list[Comment], chosen: list[str]) -> float:
        decided = Decisions.of({name: [idea_of(name)] for name in chosen})
        labels = labels_of(comments, place(comments, Options(decisions=decided)))
        rest = [name for name in labels if name not in chosen]
        return sum(labels[name][:1] == [idea_of(name)] for name in rest) / len(rest)

    suggested, at_random = 0.0, 0.0
    for seed in range(4):
        comments = study(160, seed=seed, telling=1, around=6)
        suggested += accuracy(comments, list(suggest_next(comments, Options(seed=seed), read)))
        draw = random.Random(seed)
        ids = [comment.id for comment in comments]
        at_random += sum(accuracy(comments, draw.sample(ids, read)) for _ in range(2)) / 2
    assert suggested >= at_random


def test_copies_of_an_earlier_run_may_be_suggested() -> None:
    comments = [Comment(f"{c.id} {n}", c.text, language="en") for c in notes()[::3] for n in range(5)]
    earlier = Earlier({comment.id: (1,) for comment in comments}, {1: "all"})
    assert len(suggest_next(comments, Options(earlier=earlier), 10)) == 10


def test_more_texts_than_are_looked_at_can_be_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.suggest._LOOKED_AT", 100)
    comments = study(300, around=5)
    decided = Decisions.of({comment.id: [idea_of(comment.id)] for comment in comments[:290]})
    found = suggest_next(comments, Options(decisions=decided), 10)
    assert set(found) == {comment.id for comment in comments[290:]}
    assert len(suggest_next(comments, count=300)) == 100


def test_progress_rises_and_bad_questions_are_refused() -> None:
    steps: list[float] = []
    suggest_next(notes(), progress=lambda share, message: steps.append(share))
    assert steps == sorted(steps)
    assert len(steps) >= 3
    with pytest.raises(ValueError, match=r"^count must be a whole number of 1 or more, not 0\.$"):
        suggest_next(notes(), count=0)
    with pytest.raises(TooFew, match="1 comment is too few"):
        suggest_next(notes()[:1])
    wrong = Decisions({"a": ("X",), "b": ("X",)}, apart=(("a", "b"),))
    with pytest.raises(Contradiction):
        suggest_next(notes(), Options(decisions=wrong))
