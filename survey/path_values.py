"""Which answers to a question can make a difference to rules: few, but one of every kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain, combinations, permutations, product
from math import isfinite
from typing import Any

from survey.conditions import Answer, Compare, Leaf
from survey.questions import Question
from survey.questions.times import STORED

MOST_VALUES = 300
MOST_MENTIONED = 6


class TooManyWays(Exception):
    """There are more ways to answer than can be tried."""


def values_that_matter(question: Question, leaves: Sequence[Leaf]) -> list[Any]:
    """Stored answers of the question: whatever rule of these leaves an answer fulfils, one of them does.

    Raises `TooManyWays` when there are more than `MOST_VALUES`.
    """
    near = [leaf for leaf in leaves if _is_about(leaf, question.id)]
    makers: dict[str, Callable[[Question, list[Leaf]], Iterable[Any]]] = {
        "one_choice": _one,
        "place": _one,
        "yes_no": _one,
        "consent": _one,
        "several_choices": _several,
        "scale": _scale,
        "number": _numbers,
        "date": _dates,
        "time": _times,
        "matrix": _rows,
        "ranking": _ranks,
        "allocation": _amounts,
    }
    return _few(makers.get(question.TYPE, _texts)(question, near))


def _is_about(leaf: Leaf, question_id: str) -> bool:
    other = leaf.value if isinstance(leaf, Compare) else None
    return leaf.question == question_id or (isinstance(other, Answer) and other.question == question_id)


def _few(values: Iterable[Any]) -> list[Any]:
    """The values, each once."""
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
        if len(found) > MOST_VALUES:
            raise TooManyWays
    return found


def _compared(leaves: Iterable[Leaf], of: str = "value") -> list[Any]:
    """What the leaves compare with, where that is a plain value: each once."""
    plain = (leaf for leaf in leaves if isinstance(leaf, Compare) and leaf.of == of)
    found = list(dict.fromkeys(leaf.value for leaf in plain if not isinstance(leaf.value, Answer)))
    if len(found) > MOST_VALUES:
        raise TooManyWays
    return found


def _at_most(ids: list[str], most: int) -> list[str]:
    if len(ids) > most:
        raise TooManyWays
    return ids


def _ids(question: Question) -> list[str]:
    return [choice.id for choice in getattr(question, "choices", ())]


def _one(question: Question, leaves: list[Leaf]) -> list[Any]:
    if question.TYPE == "yes_no":
        return ["yes", "no", *(["pns"] if getattr(question, "no_answer", False) else [])]
    if question.TYPE == "consent":
        return ["yes"]
    return [*_ids(question), *(["other"] if getattr(question, "other", False) else [])]


def _several(question: Question, leaves: list[Leaf]) -> Iterator[list[str]]:
    """Every set of the choices that are mentioned, each also filled up with others."""
    ids = _ids(question)
    mentioned = _at_most([id for id in ids if id in set(map(str, _compared(leaves)))], MOST_MENTIONED)
    others = [id for id in ids if id not in mentioned]
    low, high = getattr(question, "min", None) or 1, getattr(question, "max", None) or len(ids)
    alone = {choice.id for choice in getattr(question, "choices", ()) if choice.exclusive}
    sizes = sorted({0, 1, len(others), *(range(len(others) + 1) if len(others) <= 12 else ())})
    for size in range(len(mentioned) + 1):
        for chosen in combinations(mentioned, size):
            for more in sizes:
                together = [*chosen, *others[:more]]
                single = len(together) == 1 or not alone.intersection(together)
                if low <= len(together) <= high and single:
                    yield [id for id in ids if id in together]


def _scale(question: Question, leaves: list[Leaf]) -> list[Any]:
    first, points = getattr(question, "first", 1), getattr(question, "points", 5)
    return [*range(first, first + points), *(["dk"] if getattr(question, "no_answer", False) else [])]


def _numbers(question: Question, leaves: list[Leaf]) -> list[Any]:
    low, high = getattr(question, "min", None), getattr(question, "max", None)
    step = 10 ** -getattr(question, "decimals", 0)
    near = [bound + add for bound in _bounds(leaves) for add in (-step, 0, step)]
    ends = [end for end in (low, high) if end is not None]
    fits = [n for n in (*near, *ends, 0, 1) if (low is None or n >= low) and (high is None or n <= high)]
    return [int(n) if n == int(n) else n for n in fits]


def _bounds(leaves: Iterable[Leaf]) -> list[float]:
    return [n for n in map(_as_number, _compared(leaves)) if n is not None]


def _as_number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if isfinite(number) else None


def _dates(question: Question, leaves: list[Leaf]) -> list[str]:
    days = [date.fromisoformat(text) for text in _compared(leaves) if _is_date(text)]
    near = [day + timedelta(add) for day in days for add in (-1, 0, 1)] or [date(2026, 6, 15)]
    low, high = getattr(question, "earliest", None), getattr(question, "latest", None)
    ends = [end for end in (low, high) if end is not None]
    fits = [day for day in (*near, *ends) if (low is None or day >= low) and (high is None or day <= high)]
    return [day.isoformat() for day in fits]


def _is_date(text: Any) -> bool:
    try:
        return date.min < date.fromisoformat(text) < date.max
    except (TypeError, ValueError):
        return False


def _times(question: Question, leaves: list[Leaf]) -> list[str]:
    named = [text for text in map(str, _compared(leaves)) if STORED.fullmatch(text)]
    return [*named, "00:00", "12:00", "23:59", *(_minute_later(text) for text in named)]


def _minute_later(text: str) -> str:
    hours, minutes = int(text[:2]), int(text[3:])
    return f"{hours:02}:{minutes + 1:02}" if minutes < 59 else f"{min(hours + 1, 23):02}:00"


def _texts(question: Question, leaves: list[Leaf]) -> Iterator[str]:
    named = [str(value) for value in _compared(leaves)]
    lengths = [int(n) for n in map(_as_number, _compared(leaves, "length")) if n is not None and n < 5000]
    words = [*named, " ".join(named), "x"]
    long = (text.ljust(n + add, "x") for n in lengths for add in (-1, 0, 1) for text in words)
    numbers = [f"{bound + add:g}" for bound in _bounds(leaves) for add in (-1, 0, 1)]
    texts = chain(words, long, numbers, ("x" * n for n in lengths))
    return (text for text in texts if text and len(text) <= getattr(question, "max_length", 5000))


def _parts(leaves: Iterable[Leaf]) -> set[str]:
    return {leaf.part for leaf in leaves if leaf.part}


def _rows(question: Question, leaves: list[Leaf]) -> Iterator[dict[str, str]]:
    """The rows that are mentioned, answered in every way; the others with the first answer."""
    rows, ids = [row.id for row in getattr(question, "rows", ())], _ids(question)
    mentioned = _at_most([row for row in rows if row in _parts(leaves)], MOST_MENTIONED)
    for answers in product(ids, repeat=len(mentioned)):
        yield {**dict.fromkeys(rows, ids[0]), **dict(zip(mentioned, answers, strict=True))}
    if question.optional:
        yield from (dict.fromkeys(rows[:count], ids[0]) for count in range(1, len(rows)))


def _ranks(question: Question, leaves: list[Leaf]) -> Iterator[list[str]]:
    """The choices that are mentioned in every place, the others around them as they stand."""
    ids = _ids(question)
    asked = _parts(leaves) | set(map(str, _compared(leaves)))
    mentioned = _at_most([id for id in ids if id in asked], 3)
    most = getattr(question, "most", None) or len(ids)
    for places in permutations(range(len(ids)), len(mentioned)):
        order: list[str | None] = [None] * len(ids)
        for id, at in zip(mentioned, places, strict=True):
            order[at] = id
        rest = iter([id for id in ids if id not in mentioned])
        yield [next(rest) if id is None else id for id in order][:most]


def _amounts(question: Question, leaves: list[Leaf]) -> Iterator[dict[str, int]]:
    """Amounts around those that are mentioned, the rest given to another choice."""
    ids, total = _ids(question), getattr(question, "total", 100)
    mentioned = _at_most([id for id in ids if id in _parts(leaves)], 3)
    near = {int(bound) + add for bound in _bounds(leaves) for add in (-1, 0, 1)} | {0, total}
    amounts = sorted(amount for amount in near if 0 <= amount <= total)
    others = [id for id in ids if id not in mentioned]
    for given in product(amounts, repeat=len(mentioned)):
        left = total - sum(given)
        if left == 0 or (left > 0 and others):
            spent = dict(zip(mentioned, given, strict=True))
            yield {**dict.fromkeys(ids, 0), **spent, **({others[0]: left} if others else {})}
