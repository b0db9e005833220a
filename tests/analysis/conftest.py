from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from threadpoolctl import threadpool_limits

from analysis import Comment, Options, Result, discover
from tests.analysis.corpus_of_notes import notes

SHARED = Path(__file__).parents[3] / "shared" / "data" / "comments"


@pytest.fixture(autouse=True, scope="package")
def one_thread() -> Iterator[None]:
    """Steps called on their own use one thread, as a discovery does: more only wait for each other."""
    with threadpool_limits(limits=1):
        yield


@pytest.fixture(scope="session")
def found() -> Result:
    """One discovery of the small corpus, for all tests that only look at it."""
    return discover(notes(), Options(themes=5))


@pytest.fixture(scope="session")
def real() -> Callable[[str], list[Comment]]:
    """Real comments by file name; skips where the shared data is absent."""

    def load(name: str) -> list[Comment]:
        path = SHARED / f"{name}.jsonl"
        if not path.exists():
            pytest.skip(f"the shared data file {path.name} is not on this machine")
        rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        return [Comment(str(row["id"]), row["text"] or "", row.get("group")) for row in rows]

    return load
