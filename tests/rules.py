"""Random rules, for tests that must hold for all of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from survey.conditions import OPERATORS

IDS = ["a", "b", "c", "d"]
_values = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8
) | st.integers(-9, 99)


def _leaves(ids: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    question = st.sampled_from(ids)
    answered = st.builds(lambda q: {"question": q, "is": "answered"}, question)
    plain = st.builds(
        lambda q, op, value: {"question": q, "op": op, "value": value},
        question,
        st.sampled_from(OPERATORS),
        _values | st.builds(lambda q: {"question": q}, question),
    )
    measured = st.builds(
        lambda q, of, op, value: {"question": q, "of": of, "op": op, "value": value},
        question,
        st.sampled_from(["count", "length"]),
        st.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
        st.integers(0, 4),
    )
    return answered | plain | measured


def _grown(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        several.map(lambda parts: {"all": parts}),
        several.map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    )


def documents_of_rules(
    ids: list[str] = IDS, leaves: st.SearchStrategy[dict[str, Any]] | None = None
) -> st.SearchStrategy[dict[str, Any]]:
    """Rules as documents hold them, about questions of these ids; or made of other leaves."""
    return st.recursive(_leaves(ids) if leaves is None else leaves, _grown, max_leaves=8)
