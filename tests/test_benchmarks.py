"""The benchmarks can be believed: what goes wrong is detected, and their roads are the product's."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import minimal_app, statements
from benchmarks.browser import form_of
from benchmarks.outcomes import Content, Verdict, judge
from benchmarks.publish import publish
from benchmarks.roads import WRITTEN, Road, same_road, shortest_road
from benchmarks.surveys import TEN_ANSWERS, all_on_one_page, ten_questions
from tests.support.postgres import fresh_postgres_database

WHOLE = Content({"improve": "a", "visits": 1}, ("a", "b"))
OTHER = Content({"improve": "c", "visits": 2}, ("c", "d"))
MEANT = {"a": WHOLE, "c": OTHER}


def verdict(*stored: tuple[str, Content], confirmed: tuple[str, ...] = ("a",), orphans: int = 0) -> Verdict:
    return judge(MEANT, confirmed, stored, orphans)


def test_answers_that_are_there_once_and_whole_are_good() -> None:
    found = verdict(("a", WHOLE), ("c", OTHER), confirmed=("a", "c"))
    assert found.good
    assert found == Verdict(confirmed=2, lost=0, twice=0, partial=0, orphans=0)


def test_the_order_of_comments_does_not_matter() -> None:
    assert verdict(("a", Content(WHOLE.answers, ("b", "a")))).good


def test_an_answer_that_was_not_confirmed_may_be_stored_or_not() -> None:
    assert verdict(("a", WHOLE), ("c", OTHER)).good
    assert verdict(("a", WHOLE)).good


def test_a_confirmed_answer_that_is_missing_is_lost() -> None:
    found = verdict(("c", OTHER))
    assert (found.lost, found.good) == (1, False)


@pytest.mark.parametrize("confirmed", [("a",), ()])
def test_an_answer_stored_twice_is_detected_even_if_nobody_was_told(confirmed: tuple[str, ...]) -> None:
    found = verdict(("a", WHOLE), ("a", WHOLE), confirmed=confirmed)
    assert (found.twice, found.good) == (1, False)


@pytest.mark.parametrize(
    "stored",
    [
        Content({"improve": "a"}, ("a", "b")),
        Content({"improve": "a", "visits": 2}, ("a", "b")),
        Content(WHOLE.answers, ("a",)),
        Content(WHOLE.answers, ("a", "b", "b")),
        Content(WHOLE.answers, ("a", "changed")),
    ],
)
def test_an_answer_that_is_not_whole_is_partial(stored: Content) -> None:
    found = verdict(("a", stored))
    assert (found.partial, found.lost, found.good) == (1, 0, False)


def test_a_response_nobody_sent_is_partial_and_a_comment_without_one_an_orphan() -> None:
    assert verdict(("a", WHOLE), ("?", OTHER)).partial == 1
    assert not verdict(("a", WHOLE), orphans=1).good


def test_a_form_is_sent_with_its_end_marker_last() -> None:
    page = """<form><input type="hidden" name="q" value="0"></form>
    <form method="post" action="/x"><input type="hidden" name="csrf_token" value="t&amp;u"><input name="a">
    <input type="hidden" name="end" value="1"></form>
    <form method="post"><input type="hidden" name="z"></form>"""
    form = form_of(page)
    assert form.action == "/x"
    assert form.filled([("a", "b")]) == [("csrf_token", "t&u"), ("a", "b"), ("end", "1")]


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_response_needs_few_statements(kind: str, tmp_path: Path) -> None:
    if kind == "sqlite":
        check_statements(f"sqlite:///{tmp_path / 'count.sqlite'}")
    else:
        with fresh_postgres_database() as url:
            check_statements(url)


def check_statements(url: str) -> None:
    publish(url, {"measured": all_on_one_page()})
    found = statements.count(url, "measured")
    assert list(found)[-2:] == ["POST send", "GET sent"]
    inserted = [one.split()[2] for one in found["POST send"] if one.startswith("INSERT INTO")]
    assert inserted == ["response", "comment"]
    assert sum(map(len, found.values())) <= 6, found


@pytest.mark.parametrize(
    ("road", "requests"),
    [
        (shortest_road, 3),
        (same_road(minimal_app.ONE_PAGE), 7),
        (same_road(minimal_app.MANY_PAGES), 5 + 2 * len(ten_questions())),
    ],
)
def test_the_peer_stores_what_it_is_sent(road: Road, requests: int, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'minimal.sqlite'}"
    minimal_app.make_tables(url)
    app = minimal_app.create_app(url)
    assert len(list(road(statements.Inside(app.test_client())))) == requests
    with app.extensions["engine"].connect() as connection:
        answers = connection.execute(minimal_app.RESPONSE.select()).one().answers
        assert connection.execute(minimal_app.DRAFT.select()).all() == []
    app.extensions["engine"].dispose()
    expected = {name: [v for n, v in TEN_ANSWERS if n == name] for name, _ in TEN_ANSWERS}
    written = answers.pop(WRITTEN)[0]
    assert written.startswith(expected.pop(WRITTEN)[0])
    assert answers == expected
