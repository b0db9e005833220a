"""From documents back to comments, on placements small enough to know the answer."""

from __future__ import annotations

import numpy as np

from analysis import Comment, Decisions, Options
from analysis.assign import Assigned
from analysis.corpus import read
from analysis.find import Found
from analysis.known import gather
from analysis.settle import Placed, settle

TEXTS = {"bus": "bus late", "tram": "tram slow", "park": "park green", "tree": "tree shade", "void": "?!"}


def settled(
    first: dict[str, int], decisions: Decisions, second: dict[str, int] | None = None, count: int = 3
) -> tuple[dict[str, Placed], set[str]]:
    """Settle five comments whose documents are in the given themes, with a weight of .9 and .8."""
    comments = [Comment(name, text, language="en") for name, text in TEXTS.items()]
    corpus = read(comments, 2)
    home, beside = np.full(len(corpus), -1), np.full(len(corpus), -1)
    for position, comment in enumerate(comments[:4]):
        home[corpus.rows[position]] = first.get(comment.id, 0)
        beside[corpus.rows[position]] = (second or {}).get(comment.id, -1)
    weights = np.tile(np.array([0.9, 0.8], dtype=np.float32), (len(corpus), 1))
    known = gather(comments, corpus, Options(decisions=decisions))
    found = Found(Assigned(home, beside, home, weights), known, count + len(known.names), [None] * count)
    placed, nowhere = settle(comments, corpus, found, decisions)
    return dict(zip(TEXTS, placed, strict=True)), {comments[position].id for position in nowhere}


def test_without_decisions_comments_are_where_their_documents_are() -> None:
    placed, nowhere = settled({"bus": 0, "tram": 1, "park": 2, "tree": 0}, Decisions(), {"bus": 2})
    assert placed == {
        "bus": ((0, 0.9), (2, 0.8)),
        "tram": ((1, 0.9),),
        "park": ((2, 0.9),),
        "tree": ((0, 0.9),),
        "void": (),
    }
    assert not nowhere


def test_the_surer_or_more_numerous_side_takes_a_group_along() -> None:
    decided = Decisions.of(together=[("bus", "tram", "park", "void")])
    placed, _ = settled({"bus": 1, "tram": 1, "park": 2, "tree": 0}, decided)
    assert {placed[name] for name in ("bus", "tram", "park", "void")} == {((1, 0.9),)}
    assert placed["tree"] == ((0, 0.9),)


def test_one_of_a_pair_that_shares_a_theme_goes_to_its_second() -> None:
    decided = Decisions.of(apart=[("bus", "tram")])
    placed, nowhere = settled({"bus": 0, "tram": 0}, decided, {"tram": 2})
    assert (placed["bus"], placed["tram"], nowhere) == (((0, 0.9),), ((2, 0.8),), set())
    placed, nowhere = settled({"bus": 0, "tram": 0}, decided)
    assert (placed["bus"], placed["tram"], nowhere) == (((0, 0.9),), (), {"tram"})


def test_a_pair_that_shares_its_second_theme_is_parted_there() -> None:
    placed, _ = settled({"bus": 0, "tram": 1}, Decisions.of(apart=[("bus", "tram")]), {"bus": 2, "tram": 2})
    assert (placed["bus"], placed["tram"]) == (((0, 0.9), (2, 0.8)), ((1, 0.9),))


def test_a_group_keeps_away_from_what_it_was_told_apart_from() -> None:
    decided = Decisions.of({"park": ["Parks"]}, together=[("bus", "tram")], apart=[("tram", "park")])
    placed, _ = settled({"bus": 0, "tram": 0, "park": 0, "tree": 1}, decided)
    assert placed["park"] == ((0, 1.0),)
    assert placed["bus"] == placed["tram"]
    assert placed["bus"] != ()
    assert placed["bus"][0][0] != 0


def test_what_holds_for_one_of_a_group_holds_for_all() -> None:
    decided = Decisions.of({"void": ["Parks", "Cost"]}, together=[("void", "tree")])
    placed, _ = settled({"tree": 2}, decided)
    assert placed["void"] == ((0, 1.0), (1, 1.0))
    assert placed["tree"] == ((0, 1.0),)


def test_none_is_a_decision_with_its_own_reason() -> None:
    placed, nowhere = settled({}, Decisions.of({"bus": [], "void": []}, together=[("bus", "tram")]))
    assert (placed["bus"], placed["tram"], placed["void"]) == ((), (), ())
    assert nowhere == {"bus", "tram", "void"}
