"""Forged cookies, broken forms, hostile text: nothing breaks, nothing runs, nothing is lost."""

from __future__ import annotations

import re
from itertools import product
from typing import Any
from urllib.parse import quote_plus

import pytest
from sqlalchemy import select

from survey.db import Database
from survey.models import Comment, Study
from tests.services.answering import document, publish
from tests.views.respond.browsing import ROAD, Browser, one_response

FORGED = ["", "n.x", "s." + "a" * 31 + "é", "s." + "a" * 3000, "{}", "n." + "'" * 32]


def test_a_forged_cookie_is_as_good_as_none(browser: Browser, survey_id: int) -> None:
    for value in FORGED:
        browser.client.set_cookie("draft", value.encode("utf-8").decode("latin-1"), path=ROAD)
        assert browser.get("/pages/1").place == ROAD
        assert browser.get("/check").place == ROAD


HOSTILE = [
    "=1+1",
    "@SUM(A1:A9)",
    "\u202eright to left\u202c",
    "\x01\x1b[31mred",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE response; --",
    "{{ 7*7 }}{% raw %}",
    "%(name)s %s %d",
    "\n first line is empty",
    "  spaces  ",
    "\\u0000 \\x00",
    "👩‍👩‍👧 ẞ ﷽",
]


def test_hostile_text_is_stored_word_for_word(browser: Browser, database: Database, study: Study) -> None:
    questions = [{"id": f"q{n}", "type": "long_text", "label": {"en": "?"}} for n in range(len(HOSTILE))]
    publish(database, study, document("page", questions=questions))
    browser.get().post().post("/pages/1", **{f"q-q{n}": text for n, text in enumerate(HOSTILE)})
    assert "<script>alert" not in browser.text
    assert "<img src=x" not in browser.text
    browser.get("/pages/1").post("/pages/1", **{f"q-q{n}": text for n, text in enumerate(HOSTILE)}).post(
        "/send"
    )
    assert list(one_response(database).values()) == HOSTILE
    with database.reading() as session:
        assert sorted(session.scalars(select(Comment.text))) == sorted(HOSTILE)


def test_a_nul_is_refused_with_the_text_kept(browser: Browser, survey_id: int) -> None:
    browser.get().post().post("/pages/1", q__ease="easy").post("/pages/2", answer="before\0after")
    assert browser.reply.status_code == 422
    assert "cannot be stored" in browser.text
    assert "before\0after" in browser.text
    assert browser.get("/pages/2").reply.status_code == 200
    assert browser.get("/check").reply.status_code == 200


BODIES = [
    b"q-better=%ED%A0%80&end=1",
    b"q-better=%FF%FE&end=1",
    b"q-better=\xff\xfe&end=1",
    b"q-better=a&q-better=b&end=1",
    b"q-better[]=a&q-better.x=1&end=1",
    b"&&&=&end=1",
    b"q-better=" + quote_plus("é" * 40_000).encode()[:200_000] + b"&end=1",
    b"&".join(b"field%d=x" % n for n in range(5000)) + b"&end=1",
    b"language=%00&end=1",
    b"language=xx&go=nowhere&end=1",
    b"language=en&language=es&end=1",
]


def test_no_form_breaks_a_page(browser: Browser, survey_id: int) -> None:
    browser.get().post()
    match = re.search(r'name="csrf_token" value="([^"]+)"', browser.text)
    assert match
    for page, body in product((1, 2, 3, 4), BODIES):
        reply = browser.client.post(
            f"{ROAD}/pages/{page}",
            data=b"csrf_token=" + match[1].encode() + b"&" + body,
            content_type="application/x-www-form-urlencoded",
        )
        assert reply.status_code in (303, 400, 422)
        assert browser.get(f"/pages/{page}").reply.status_code == 200
    assert browser.get("/check").reply.status_code == 200


UNKNOWN = [("one", "z"), ("several", "z"), ("scale", "99"), ("scale", "x" * 9999)]


@pytest.mark.parametrize(("kind", "value"), UNKNOWN)
def test_unknown_choices_are_refused(
    browser: Browser, database: Database, study: Study, kind: str, value: str
) -> None:
    choices = {"choices": [{"id": "a", "label": {"en": "A"}}]}
    types: dict[str, dict[str, Any]] = {
        "one": {"type": "one_choice", **choices},
        "several": {"type": "several_choices", **choices},
        "scale": {"type": "scale", "low": {"en": "Low"}, "high": {"en": "High"}},
    }
    publish(database, study, document(questions=[{"id": "x", "label": {"en": "Which?"}, **types[kind]}]))
    browser.get().post().post("/pages/1", q__x=value)
    assert browser.reply.status_code == 422


def test_a_body_that_is_too_large_comes_back_with_its_text(browser: Browser, survey_id: int) -> None:
    browser.get().post().post("/pages/1", q__ease="easy")
    text = "start of it " + "x" * 300_000
    browser.post("/pages/2", answer=text)
    assert browser.reply.status_code == 413
    assert text in browser.text
