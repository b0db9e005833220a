"""How many notes the wall holds, so that it never scrolls and says how many more there are."""

from __future__ import annotations

import pytest
from flask import Flask
from lxml import html

from survey.db import Database
from survey.models import Note, Study
from survey.views.sessions.projector import how_many
from tests.fixtures import login
from tests.people import Cast
from tests.views.meetings import SESSIONS, let_phones_in, make_open

TWO_LINES = "A note of ordinary length, as people type them at a table."


@pytest.mark.parametrize(
    ("texts", "held"),
    [
        ([], 0),
        (["Short"] * 60, 16),
        ([TWO_LINES] * 60, 10),
        (["line\nline"] * 60, 10),
        (["x" * 5_000, TWO_LINES], 1),
        ([TWO_LINES, "x" * 5_000], 1),
        ([" ".join(["word"] * 90), TWO_LINES, TWO_LINES], 3),
    ],
)
def test_the_wall_holds_what_fits(texts: list[str], held: int) -> None:
    assert how_many([Note(text=text, votes=0) for text in texts]) == held


def test_votes_and_a_long_prompt_take_room() -> None:
    notes = [Note(text="A note that fills one line of the wall, no more", votes=0) for _place in range(60)]
    plain = how_many(notes)
    assert how_many(notes, "A long prompt " * 35) < plain
    for note in notes:
        note.text, note.votes = note.text[:-5], 3
    assert how_many(notes) <= plain


def test_the_wall_counts_what_it_does_not_show(
    app: Flask, cast: Cast, database: Database, study: Study
) -> None:
    number = make_open(database, study)
    code = let_phones_in(database, number)
    phone = app.test_client()
    for turn in range(14):
        fields = {"key": f"{turn:032x}", "text": f"{turn}. {TWO_LINES}", "end": "1"}
        assert phone.post(f"/j/{code}", data=fields).status_code == 303
    staff = login(app.test_client(), cast.facilitator)
    page = html.fromstring(staff.get(f"{SESSIONS}/{number}/projector").text)
    shown = [one.text_content() for one in page.xpath("//ul[contains(@class, 'wall')]/li")]
    assert shown[0].startswith("13. ")
    assert f"and {14 - len(shown)} more" in page.text_content()
