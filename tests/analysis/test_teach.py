"""What is known, and what it teaches about the rest."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from analysis import Comment, Decisions, Earlier, NothingToGroup, Options, TooFew, discover, place
from analysis.corpus import read
from analysis.known import DECIDED, EARLIER, gather
from analysis.teach import Lesson, belong, learn
from tests.analysis.corpus_of_notes import IDEAS, idea_of, labels_of, notes, purity, study

NAMES = {
    "library": "Libraries",
    "roads": "Potholes",
    "internet": "Internet",
    "website": "Website",
    "trash": "Trash",
}


def homes(comments: list[Comment], labels: dict[str, list[str]], idea: str) -> Counter[str]:
    """Count the main labels of the comments of one idea."""
    return Counter(labels[c.id][0] for c in comments if idea_of(c.id) == idea and labels[c.id])


def test_ridge_regression_is_the_same_by_examples_and_by_axes() -> None:
    random = np.random.default_rng(0)
    points, weights = random.normal(size=(30, 12)).astype(np.float32), random.uniform(0.2, 1, 30)
    themes = belong(random.integers(-1, 3, 30), 3)
    by_axes = learn(Lesson(points, themes, weights))
    wide = np.hstack([points, np.zeros((30, 40), dtype=np.float32)])
    by_examples = learn(Lesson(wide, themes, weights))
    np.testing.assert_allclose(by_axes.scores(points), by_examples.scores(wide), atol=1e-5)
    np.testing.assert_allclose(by_axes.usual, np.average(themes, axis=0, weights=weights))


def test_an_example_counts_by_its_weight() -> None:
    corner = np.array([[1.0, 0.0], [1.0, 0.0]], dtype=np.float32)
    themes = np.eye(2)
    heavy = learn(Lesson(corner, themes, np.array([1.0, 0.3]))).scores(corner[:1])[0]
    assert heavy[0] > heavy[1]


def test_a_document_belongs_to_each_theme_its_copies_were_put_into() -> None:
    texts = ["bus late", "Bus late!", "bus late", "park green", "tree shade"]
    comments = [Comment(str(number), text, language="en") for number, text in enumerate(texts)]
    corpus = read(comments, 2)
    known = gather(
        comments, corpus, Options(decisions=Decisions.of({"0": ["Bus"], "1": ["Bus"], "2": ["Cost"]}))
    )
    document = corpus.rows[0]
    np.testing.assert_allclose(known.themes[document], [2 / 3, 1 / 3])
    assert (known.weights[document], known.decided[document]) == (DECIDED, True)
    assert known.weights.sum() == DECIDED
    assert known.count == 2


def test_copies_of_an_earlier_run_are_not_taken_for_decisions() -> None:
    comments = [Comment(str(number), "bus late", language="en") for number in range(9)]
    comments.append(Comment("other", "park green", language="en"))
    corpus = read(comments, 2)
    earlier = Earlier({str(number): (4,) for number in range(9)})
    known = gather(comments, corpus, Options(earlier=earlier))
    assert known.weights[corpus.rows[0]] == DECIDED
    assert not known.decided.any()
    assert known.earlier == (4,)
    one = gather(comments, corpus, Options(earlier=Earlier({"1": (4,)})))
    assert one.weights[corpus.rows[0]] == EARLIER


def test_what_a_person_said_of_one_copy_outweighs_the_earlier_run() -> None:
    comments = [Comment(str(number), "bus late", language="en") for number in range(9)]
    comments.append(Comment("other", "park green", language="en"))
    corpus = read(comments, 2)
    options = Options(
        decisions=Decisions.of({"3": ["Bus"]}), earlier=Earlier({c.id: (1,) for c in comments}, {1: "all"})
    )
    known = gather(comments, corpus, options)
    assert (known.names, known.earlier) == (("Bus",), (1,))
    assert known.themes[corpus.rows[0]].tolist() == [1, 0]


def test_a_few_examples_gather_their_kind_and_the_name_alone_does_too() -> None:
    examples = {f"{idea}-{number}-0": [NAMES[idea]] for idea in ("roads", "trash") for number in (0, 1)}
    decided = Decisions.of(examples, themes=["Libraries"])
    labels = labels_of(notes(), discover(notes(), Options(decisions=decided, themes=5)))
    for idea in ("roads", "trash", "library"):
        found = homes(notes(), labels, idea)
        assert found[NAMES[idea]] >= 14, found
        assert sum(homes(notes(), labels, other)[NAMES[idea]] for other in IDEAS if other != idea) <= 4


def test_place_by_names_alone() -> None:
    decided = Decisions.of(themes=NAMES.values())
    result = place(notes(), Options(decisions=decided))
    labels = labels_of(notes(), result)
    right = sum(labels[comment.id] == [NAMES[idea_of(comment.id)]] for comment in notes())
    assert right >= 0.75 * len(notes())
    assert {theme.label for theme in result.themes} == set(NAMES.values())
    assert {theme.stability for theme in result.themes} == {None}


def test_more_examples_teach_more() -> None:
    comments = study(300, telling=1, around=9)
    accuracy = []
    for count in (10, 40, 160):
        examples = {comment.id: [idea_of(comment.id)] for comment in comments[:count]}
        labels = labels_of(comments, place(comments, Options(decisions=Decisions.of(examples))))
        rest = comments[160:]
        accuracy.append(sum(labels[c.id][:1] == [idea_of(c.id)] for c in rest) / len(rest))
    assert accuracy[0] < accuracy[1] < accuracy[2]
    assert accuracy[2] >= 0.8


@pytest.mark.parametrize("themes", [1, 2, 3])
def test_examples_of_no_theme_make_others_fall_to_none(themes: int) -> None:
    kept = list(IDEAS)[:themes]
    placed = {f"{idea}-{number}-0": [idea] for idea in kept for number in range(3)}
    nothing = {f"trash-{number}-0": () for number in range(3)}
    comments = [c for c in notes() if idea_of(c.id) in (*kept, "trash")]
    without, taught = (
        labels_of(comments, place(comments, Options(decisions=Decisions.of(decided))))
        for decided in (placed, placed | nothing)
    )
    rest = [comment for comment in comments if comment.id not in placed | nothing]
    assert all(without[comment.id] for comment in rest)
    fallen = Counter(idea_of(comment.id) for comment in rest if not taught[comment.id])
    assert fallen["trash"] >= 3
    assert fallen["trash"] == fallen.total()


def test_place_needs_a_name_two_comments_and_a_word() -> None:
    with pytest.raises(ValueError, match=r"^There is nothing to place by: name at least one theme\.$"):
        place(notes(), Options(decisions=Decisions.of({"trash-0-0": []})))
    named = Options(decisions=Decisions.of({"a": ["Bus"]}))
    two = [Comment("a", "The bus is late"), Comment("b", "Late buses again")]
    assert labels_of(two, place(two, named)) == {"a": ["Bus"], "b": ["Bus"]}
    with pytest.raises(TooFew, match=r"^1 comment is too few: 2 are needed$"):
        place(two[:1], named)
    with pytest.raises(NothingToGroup, match=r"^None of the 2 comments has words to group by\.$"):
        place([Comment("a", "?"), Comment("b", "the of")], named)


def test_place_keeps_apart_what_it_knows_no_word_of() -> None:
    comments = [*notes(), Comment("odd", "zzxqj qqzzk"), Comment("void", "...")]
    result = place(comments, Options(decisions=Decisions.of(themes=NAMES.values())))
    assert result.placements[-1] == ()
    assert result.reasons[-1] == "too short"
    assert len(result.placements) == len(comments)


def test_named_themes_come_back_even_when_they_are_empty() -> None:
    decided = Decisions.of(themes=["Quantum chromodynamics", "Zzz"])
    result = place(notes(), Options(decisions=decided))
    assert {theme.label for theme in result.themes} == set(decided.names)
    for theme in discover(notes(), Options(decisions=decided)).themes:
        assert theme.named == (theme.label in decided.names)
        assert theme.label not in decided.names or theme.size >= 0


def test_decisions_beyond_the_sample_hold() -> None:
    comments = study(1_500, telling=3, around=3)
    first = discover(comments, Options(themes=5, sample=1_000, resamples=0))
    earlier = Earlier(
        {c.id: tuple(p.theme for p in found) for c, found in zip(comments, first.placements, strict=True)}
    )
    second = discover(comments, Options(themes=5, sample=1_000, resamples=0, earlier=earlier))
    names = {theme.id: theme.earlier for theme in second.themes}
    for before, after in zip(first.placements, second.placements, strict=True):
        assert not before or names[after[0].theme] == before[0].theme


def test_telling_apart_divides_a_group_and_putting_together_joins_two() -> None:
    comments = [comment for comment in notes() if idea_of(comment.id) in ("library", "roads", "trash")]
    apart = Decisions.of(apart=[(f"library-{a}-0", f"roads-{b}-0") for a in range(3) for b in range(3)])
    divided = labels_of(comments, discover(comments, Options(themes=1, decisions=apart, resamples=0)))
    library, roads = homes(comments, divided, "library"), homes(comments, divided, "roads")
    assert library.most_common(1)[0][0] != roads.most_common(1)[0][0]
    assert library.most_common(1)[0][1] >= 15
    assert roads.most_common(1)[0][1] >= 15
    together = Decisions.of(together=[[f"{idea}-{n}-0" for idea in ("library", "roads") for n in range(6)]])
    joined = labels_of(comments, discover(comments, Options(themes=2, decisions=together, resamples=0)))
    main = homes(comments, joined, "library").most_common(1)[0][0]
    assert homes(comments, joined, "library")[main] >= 12
    assert homes(comments, joined, "roads")[main] >= 12
    assert homes(comments, joined, "trash")[main] <= 2


def test_what_people_said_helps_with_the_others() -> None:
    comments = study(250, telling=2, around=5)
    decided = {c.id: [idea_of(c.id)] for c in comments[:50]}
    rest = comments[50:]
    alone = purity(rest, discover(rest, Options(themes=5, resamples=0)))
    taught = labels_of(comments, discover(comments, Options(decisions=Decisions.of(decided), resamples=0)))
    assert sum(taught[c.id][:1] == [idea_of(c.id)] for c in rest) / len(rest) >= min(0.8, alone)
