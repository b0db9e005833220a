"""The builder: questions written, moved, taken out and put back, by people who get in each other's way."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from survey.db import Database
from survey.models import Study
from survey.questions import TYPES
from survey.views.studio.forms_choices import match_choices
from tests.fixtures import login, post
from tests.people import Cast
from tests.views.studio import HOSTILE, SURVEY, audits, draft, make_survey, questions, revision, send, text_of

ADD = "/pages/p2/add"
FORMS: dict[str, dict[str, str]] = {
    "statement": {"help.en": "Read this"},
    "consent": {"text.en": "We keep your answers for two years."},
    "short_text": {"max_length": "50", "optional": "y"},
    "long_text": {"max_length": "500", "comments": "y", "prompt_kind": "strength"},
    "one_choice": {"choices.en": "Yes\r\n\r\n No \r\n", "other": "y", "look": "select"},
    "several_choices": {"choices.en": "Yes\nNo", "choices.none.en": "None of these", "max": "2"},
    "yes_no": {"no_answer": "y"},
    "scale": {"points": "11", "first": "0", "low.en": "Bad", "high.en": "Good", "no_answer": "y"},
    "matrix": {"rows.en": "Buses\nTrains", "choices.en": "Bad\nGood"},
    "ranking": {"choices.en": "Parks\nRoads\nTrees", "most": "2"},
    "allocation": {"choices.en": "Parks\nRoads", "total": "100", "unit.en": "points"},
    "number": {"min": "0", "max": "1,5", "decimals": "1", "unit.en": "years"},
    "date": {"earliest": "2020-01-01", "latest": ""},
    "time": {"earliest": "8:30 am", "latest": "18.00"},
    "place": {"choices.en": "19103\n19104\nSomewhere else"},
    "email": {"optional": "y"},
}


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast, database: Database, study: Study) -> FlaskClient:
    make_survey(database, study)
    return login(client, cast.facilitator)


def question(database: Database, question_id: str) -> dict[str, Any]:
    return next(q for page in draft(database)["pages"] for q in page["questions"] if q["id"] == question_id)


def test_the_builder_shows_the_survey_in_its_pages(facilitator: FlaskClient) -> None:
    page = text_of(facilitator.get(SURVEY))
    parts = ["Page 1: First", "How easy is it?", "Easy", "Hard", "Page 2", "What could be better?"]
    assert sorted(parts, key=page.index) == parts


@pytest.mark.parametrize("kind", list(TYPES))
def test_every_type_can_be_written_changed_and_looked_at(
    facilitator: FlaskClient, database: Database, kind: str
) -> None:
    assert f"{SURVEY}{ADD}/{kind}" in facilitator.get(f"{SURVEY}{ADD}").text
    assert facilitator.get(f"{SURVEY}{ADD}/{kind}").status_code == 200
    typed = {"label.en": f"About {kind}", "help.en": "", **FORMS[kind]}
    reply = send(facilitator, database, f"{ADD}/{kind}", typed)
    assert reply.status_code == 303, text_of(reply)
    made = questions(database)[1][-1]
    assert reply.location == f"{SURVEY}#{made}"
    stored = question(database, made)
    page = facilitator.get(f"{SURVEY}/questions/{made}")
    assert f"About {kind}" in page.text
    again = send(facilitator, database, f"/questions/{made}", {**typed, "label.en": "Another"})
    assert again.status_code == 303
    assert question(database, made) == {**stored, "label": {"en": "Another"}}
    assert facilitator.get(f"{SURVEY}/preview/3").status_code == 200


WRONG: list[tuple[str, dict[str, str], str]] = [
    ("short_text", {"label.en": " "}, "Write the text of the question"),
    ("short_text", {"max_length": "0"}, "from 1 to 1000"),
    ("short_text", {"label.en": "a\x00"}, "cannot be stored"),
    ("short_text", {"label.en": "x" * 501}, "at most 500"),
    ("one_choice", {"choices.en": ""}, "at least one choice"),
    ("one_choice", {"choices.en": "Yes\nyes"}, "there twice"),
    ("one_choice", {"choices.en": "\n".join(map(str, range(501)))}, "at most 500"),
    ("several_choices", {"min": "3"}, "fewest choices"),
    ("scale", {"low.en": ""}, "both ends"),
    ("scale", {"points": "many"}, "digits"),
    ("number", {"min": "9", "max": "1"}, "larger"),
    ("number", {"min": "1e400"}, "number"),
    ("number", {"min": "nan"}, "number"),
    ("date", {"earliest": "yesterday"}, "2026-05-31"),
    ("several_choices", {"choices.none.en": "yes"}, "there twice"),
    ("matrix", {"rows.en": ""}, "at least one line"),
    ("matrix", {"rows.en": "\n".join(map(str, range(101)))}, "at most 100"),
    ("matrix", {"choices.en": ""}, "at least one choice"),
    ("ranking", {"most": "4"}, "fewer choices"),
    ("allocation", {"total": "0"}, "from 1 to"),
    ("time", {"earliest": "early"}, "2:30 pm"),
    ("time", {"earliest": "9:00"}, "Add am or pm"),
    ("time", {"latest": "25:00"}, "no such time"),
    ("place", {"choices.en": "\n".join(map(str, range(5001)))}, "at most 5000"),
    ("long_text", {"prompt_kind": "x"}, "Use one of"),
]


def test_a_wrong_question_is_refused_and_stays_typed(facilitator: FlaskClient, database: Database) -> None:
    before = (draft(database), audits(database))
    for kind, change, words in WRONG:
        typed = {"label.en": "Q", "help.en": "My help", **FORMS[kind], **change}
        reply = send(facilitator, database, f"{ADD}/{kind}", typed)
        assert (reply.status_code, words in text_of(reply)) == (422, True), (kind, change)
        assert "<title>Error: " in reply.text
        assert "My help" in reply.text
        (target, *_rest) = re.findall(r'<li><a href="#([^"]+)"', reply.text)
        assert f'id="{target}"' in reply.text, "the summary leads to a field"
    assert (draft(database), audits(database)) == before


def test_hostile_words_are_only_words(facilitator: FlaskClient, database: Database) -> None:
    typed = {"label.en": HOSTILE, "help.en": HOSTILE, "choices.en": f"{HOSTILE}\nother"}
    assert send(facilitator, database, f"{ADD}/one_choice", typed).status_code == 303
    made = questions(database)[1][-1]
    assert question(database, made)["label"] == {"en": HOSTILE.strip()}
    for path in (SURVEY, f"{SURVEY}/questions/{made}", f"{SURVEY}/preview/3", f"{SURVEY}/publish"):
        page = facilitator.get(path).text
        assert "<script>alert(1)" not in page
    send(facilitator, database, f"/questions/{made}/delete")
    assert "<script>alert(1)" not in facilitator.get(SURVEY).text


def test_questions_are_moved_copied_and_taken_out(facilitator: FlaskClient, database: Database) -> None:
    assert send(facilitator, database, "/questions/ease/move", {"to": "down"}).status_code == 303
    assert questions(database) == [[], ["ease", "better"]]
    assert send(facilitator, database, "/questions/better/move", {"page": "p1"}).status_code == 303
    assert questions(database) == [["better"], ["ease"]]
    assert send(facilitator, database, "/questions/ease/copy").status_code == 303
    twin = questions(database)[1][1]
    assert question(database, twin) == {**question(database, "ease"), "id": twin}
    reply = send(facilitator, database, "/questions/ease/delete")
    assert questions(database) == [["better"], [twin]]
    page = facilitator.get(reply.location)
    assert "“How easy is it?” was taken out." in text_of(page)
    number = re.search(r'name="removed" value="(\d+)"', page.text)
    assert number
    assert post(facilitator, f"{SURVEY}/restore", {"removed": number[1]}).status_code == 303
    assert questions(database) == [["better"], ["ease", twin]]
    assert "was taken out" not in facilitator.get(reply.location).text
    assert post(facilitator, f"{SURVEY}/restore", {"removed": number[1]}).status_code == 422


def test_pages_are_added_named_and_taken_away(facilitator: FlaskClient, database: Database) -> None:
    assert send(facilitator, database, "/pages").status_code == 303
    assert questions(database) == [["ease"], ["better"], []]
    assert send(facilitator, database, "/pages/p2", {"title.en": "In your words"}).status_code == 303
    assert draft(database)["pages"][1]["title"] == {"en": "In your words"}
    assert send(facilitator, database, "/pages/p2", {"title.en": "x" * 201}).status_code == 422
    assert send(facilitator, database, "/pages/p2", {"title.en": ""}).status_code == 303
    assert draft(database)["pages"][1]["title"] is None
    assert send(facilitator, database, "/pages/p1/delete").status_code == 303
    assert questions(database) == [["ease", "better"], []]


def test_a_stale_press_of_a_button_changes_nothing(facilitator: FlaskClient, database: Database) -> None:
    old = revision(database)
    send(facilitator, database, "/questions/better/copy")
    before = (draft(database), audits(database))
    question, data = "/questions/better", {"to": "up"}
    for path in (f"{question}/move", f"{question}/copy", f"{question}/delete", "/pages", "/pages/p1/delete"):
        reply = post(facilitator, f"{SURVEY}{path}", {**data, "revision": old})
        assert (reply.status_code, "Somebody else changed this" in text_of(reply)) == (409, True), path
        assert post(facilitator, f"{SURVEY}{path}", data).status_code == 400, path
    assert (draft(database), audits(database)) == before


def test_a_stale_question_shows_both_and_can_be_sent_again(
    facilitator: FlaskClient, database: Database
) -> None:
    old = revision(database)
    typed = {"max_length": "500", "prompt_kind": "other", "comments": "y"}
    send(facilitator, database, "/questions/better", {**typed, "label.en": "Theirs"})
    reply = post(facilitator, f"{SURVEY}/questions/better", {**typed, "label.en": "Mine", "revision": old})
    assert reply.status_code == 409
    assert 'value="Mine"' in reply.text
    assert "Theirs" in text_of(reply)
    assert question(database, "better")["label"] == {"en": "Theirs"}
    assert f'name="revision" value="{revision(database)}"' in reply.text
    new = post(
        facilitator, f"{SURVEY}{ADD}/short_text", {"label.en": "New", "max_length": "9", "revision": old}
    )
    assert new.status_code == 409
    assert 'value="New"' in new.text


def test_a_refused_form_stays_stale(facilitator: FlaskClient, database: Database) -> None:
    """The page with the error carries the revision that was seen, so that the next try is still compared."""
    old = revision(database)
    send(facilitator, database, "/pages")
    reply = post(facilitator, f"{SURVEY}/questions/better", {"label.en": "", "revision": old})
    assert reply.status_code == 422
    assert f'name="revision" value="{old}"' in reply.text


def test_words_about_a_question_that_is_gone_are_kept(facilitator: FlaskClient, database: Database) -> None:
    send(facilitator, database, "/questions/better/delete")
    reply = send(facilitator, database, "/questions/better", {"label.en": "My long new wording"})
    assert reply.status_code == 409
    assert "My long new wording" in reply.text
    assert facilitator.get(f"{SURVEY}/questions/better").status_code == 404


def test_bad_ids_are_not_found(facilitator: FlaskClient) -> None:
    bad = ("questions/none", "pages/none", "pages/none/add", "pages/p1/add/none", "preview/9", "preview/x")
    assert [facilitator.get(f"{SURVEY}/{path}").status_code for path in bad] == [404] * len(bad)


def test_bad_ids_in_forms_are_not_found(facilitator: FlaskClient, database: Database) -> None:
    before = audits(database)
    for path in (
        "/questions/none/copy",
        "/questions/none/delete",
        "/questions/none/move",
        "/pages/none/delete",
    ):
        assert send(facilitator, database, path, {"to": "up"}).status_code == 404
    assert send(facilitator, database, "/questions/ease/move", {"page": "none"}).status_code == 404
    assert send(facilitator, database, "/questions/ease/move", {"to": "away"}).status_code == 400
    for number in ("1", "x", "9" * 40):
        assert post(facilitator, f"{SURVEY}/restore", {"removed": number}).status_code == 404
    assert audits(database) == before


def choice(key: str, label: str) -> dict[str, Any]:
    return {"id": key, "label": {"en": label}}


def keys(lines: list[str], before: list[dict[str, Any]]) -> list[str]:
    return [one["id"] for one in match_choices([{"en": line} for line in lines], before, "en")]


def test_choices_keep_their_ids_by_words_else_by_place() -> None:
    before = [choice("a", "Bus"), choice("b", "Train"), choice("c", "Tram")]
    assert keys(["Bus", "Train", "Tram"], before) == ["a", "b", "c"]
    assert keys(["Tram", "Bus", "Train"], before) == ["c", "a", "b"]
    assert keys(["bus", "Trains", "Tram"], before) == ["a", "b", "c"]
    assert keys(["Train", "Tram"], before) == ["b", "c"]
    added = keys(["Ferry", "Bus", "Train", "Tram"], before)
    assert added[1:] == ["a", "b", "c"]
    assert added[0] not in "abc"


@given(
    st.lists(st.text("abcde", min_size=1), unique_by=str.casefold),
    st.lists(st.text("abcde", min_size=1), unique=True),
)
def test_choices_have_different_ids_and_same_words_the_same(old: list[str], new: list[str]) -> None:
    before = [choice(f"id{at}", label) for at, label in enumerate(old)]
    matched = match_choices([{"en": line} for line in new], before, "en")
    assert [one["label"]["en"] for one in matched] == new
    assert len({one["id"] for one in matched}) == len(new)
    known = {one["label"]["en"]: one["id"] for one in before}
    assert all(one["id"] == known[label] for label, one in zip(new, matched, strict=True) if label in known)
