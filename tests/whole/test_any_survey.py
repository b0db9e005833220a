"""Any survey, answered any way over HTTP, against a second, plain evaluation: see `tests/survey_reading.py`.

No request ends in a failure; who answers meets the questions that the reference asks, and no others; what is
stored is what the reference reads, or nothing is stored and everything typed is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import count
from urllib.parse import quote_plus

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from markupsafe import escape
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from survey.db import Database
from survey.document import parse
from survey.models import Comment, Draft, Response, Study
from survey.questions import TYPES
from tests.any_survey import KINDS, right, sendings, surveys
from tests.fixtures import token
from tests.services.answering import publish
from tests.survey_reading import SECRET, Fields, Raw, Walk, arrives, fields_of

EXAMPLES = {"sqlite": 60, "postgresql": 10}
NUMBERS = count()
WRITTEN = {"short_text", "long_text", "number", "time", "email"}


class Respondent:
    """A browser at a survey, with what the reference says that was typed so far."""

    def __init__(self, app: Flask, slug: str, document: Raw) -> None:
        self.client = app.test_client()
        self.road = f"/answer/{slug}"
        self.document = document
        self.token = token(self.client, "/sign-in")
        self.raws = {raw["id"]: raw for page in document["pages"] for raw in page["questions"]}
        self.screens = [[q.id for q in screen.questions] for screen in parse(document).screens]
        self.typed: dict[str, list[str]] = {}
        self.has_draft = False
        self.reply: TestResponse = self.client.get(self.road)
        self.post("")

    @property
    def walk(self) -> Walk:
        return Walk(self.document, self.typed)

    @property
    def place(self) -> str:
        return self.reply.request.path.removeprefix(self.road)

    @property
    def stops(self) -> list[int]:
        asked = self.walk.asked
        return [at for at, ids in enumerate(self.screens, 1) if any(id in asked for id in ids)]

    def shown(self, number: int) -> list[str]:
        asked = self.walk.asked
        return [id for id in self.screens[number - 1] if id in asked]

    def get(self, path: str) -> None:
        self.reply = self.client.get(self.road + path, follow_redirects=True)
        self.check_page()

    def post(self, path: str, fields: Iterable[tuple[str, str]] = ()) -> None:
        whole = [("csrf_token", self.token), *fields, ("end", "1")]
        body = "&".join(f"{k}={quote_plus(v.encode('utf-8', 'surrogatepass'))}" for k, v in whole)
        form = "application/x-www-form-urlencoded"
        self.reply = self.client.post(self.road + path, data=body, content_type=form, follow_redirects=True)

    def send_page(self, number: int, sent: Fields, query: str = "", **more: str) -> None:
        """Send a form, and expect what the reference expects."""
        self._type(number, sent)
        self.post(f"/pages/{number}{query}", [*_pairs(sent), *more.items()])
        after = self.walk
        here = [id for id in self.shown(number) if id in after.wrong]
        if "language" in more:
            assert self.reply.status_code == 200
        elif here and more.get("go") != "back":
            assert (self.reply.status_code, self.place) == (422, f"/pages/{number}")
            self._check_kept(number)
        elif not query:
            assert self.place == self._expected(number, back=more.get("go") == "back")
        self.check_page()

    def _expected(self, number: int, *, back: bool) -> str:
        if back:
            before = [stop for stop in self.stops if stop < number]
            return f"/pages/{before[-1]}" if before else ""
        behind = [stop for stop in self.stops if stop > number]
        return f"/pages/{behind[0]}" if behind else "/check" if self.has_draft else ""

    def _type(self, number: int, sent: Fields) -> None:
        walk = self.walk
        ids = self.screens[number - 1]
        every = [field for id in ids for field in fields_of(self.raws[id])]
        shown = {f for id in ids if id in walk.asked for f in fields_of(self.raws[id], walk.asked[id])}
        if len(self.screens) == 1:
            shown = set(every)
        new = {f: list(map(arrives, sent.get(f, []))) for f in every if f in shown or sent.get(f)}
        self.typed |= new
        self.has_draft = self.has_draft or bool(new)

    def check_page(self) -> None:
        """No failure, and the questions that are asked here, no others."""
        assert self.reply.status_code in (200, 422), (self.reply.status_code, self.reply.text)
        found = set(re.findall(r"\[(q\d)\]", self.reply.text))
        page = re.fullmatch(r"/pages/(\d+)", self.place)
        if page:
            assert found == set(self.shown(int(page[1])))
        elif self.place == "/check":
            walk = self.walk
            asked = {id for id in walk.asked if self.raws[id]["type"] != "statement"}
            dropped = {id for id, raw in self.raws.items() if id not in walk.asked and self._has(raw)}
            assert found == asked | dropped
            assert ("will not be sent" in self.reply.text) == bool(dropped) or self.is_foreign
        self._check_piped()

    @property
    def is_foreign(self) -> bool:
        return '<html lang="en"' not in self.reply.text

    def _has(self, raw: Raw) -> bool:
        return any(any(self.typed.get(field, ())) for field in fields_of(raw))

    def _check_piped(self) -> None:
        """An answer in words of others is text, cut off from them."""
        assert '<b>&amp;"' not in self.reply.text
        assert "<i>?" not in self.reply.text

    def _check_kept(self, number: int) -> None:
        for id in self.shown(number):
            if self.raws[id]["type"] in WRITTEN:
                for text in self.typed[f"q-{id}"]:
                    assert escape(text) in self.reply.text

    def answer_rightly(self, n: int) -> None:
        """Go through what is asked, from the first screen to the check page."""
        number = self.stops[0] if self.stops else 0
        while number:
            walk = self.walk
            sent = [right(self.raws[id], walk.asked[id], n) for id in self.shown(number)]
            self.send_page(number, {field: texts for one in sent for field, texts in one.items()})
            behind = [stop for stop in self.stops if stop > number]
            number = behind[0] if behind else 0


def _pairs(sent: Fields) -> list[tuple[str, str]]:
    return [(field, text) for field, texts in sent.items() for text in texts]


def wander(me: Respondent, data: st.DataObject) -> None:
    """Do something: go on, back, elsewhere, change, send too early."""
    number = data.draw(st.integers(1, len(me.screens)))
    deed = data.draw(st.sampled_from(["send", "send", "send", "change", "back", "jump", "check", "language"]))
    if deed in ("jump", "check"):
        me.get(f"/pages/{number}" if deed == "jump" else "/check")
        return
    raws = [me.raws[id] for id in me.screens[number - 1]]
    sent: dict[str, list[str]] = {}
    for raw in raws:
        sent |= data.draw(sendings(raw))
    if deed == "language":
        me.send_page(number, sent, language=data.draw(st.sampled_from(me.document["languages"])))
    elif deed == "back":
        me.send_page(number, sent, go="back")
    else:
        me.send_page(number, sent, "?change=1" if deed == "change" else "", nobody="1")


def end(me: Respondent, database: Database) -> None:
    """Send all, twice: what the reference says is stored, once; or nothing is, and nothing is lost."""
    walk = me.walk
    me.get("/check")
    assert ('action="/answer/' in me.reply.text and "/send" in me.reply.text) == (
        me.has_draft and not walk.wrong
    )
    me.post("/send")
    me.post("/send")
    with database.reading() as session:
        stored = list(session.scalars(select(Response.answers)))
        drafts = list(session.scalars(select(Draft.typed)))
    if me.has_draft and not walk.wrong:
        assert (stored, drafts, me.place) == ([walk.answers], [], "/sent")
    else:
        assert (stored, drafts) == ([], [me.typed] if me.has_draft else [])
        assert me.place == ("/check" if me.has_draft else "")
        me.check_page()


def test_the_reference_knows_every_type() -> None:
    assert sorted(KINDS) == sorted(TYPES)


@pytest.fixture
def examples(database: Database) -> int:
    return EXAMPLES[database.write.dialect.name]


def test_any_survey_answered_any_way(app: Flask, database: Database, study: Study, examples: int) -> None:
    # A failure is not made smaller: each try is a walk of its own, and it would take minutes.
    @settings(
        max_examples=examples,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
    )
    @given(surveys(), st.data())
    def run(document: Raw, data: st.DataObject) -> None:
        slug = f"s{next(NUMBERS)}"
        publish(database, study, document, slug)
        with database.writing() as session:
            for model in (Comment, Response, Draft):
                session.execute(delete(model))
        me = Respondent(app, slug, document)
        for _step in range(data.draw(st.integers(0, 5))):
            wander(me, data)
        if data.draw(st.integers(0, 3)):
            me.answer_rightly(data.draw(st.integers(0, 9)))
        another = Respondent(app, slug, document)
        for number in range(1, len(me.screens) + 1):
            another.get(f"/pages/{number}")
            assert SECRET not in another.reply.text
        end(me, database)

    run()
