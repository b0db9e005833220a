"""Translations by file: down, back, reported before anything is stored; bad files are refused in words."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from lxml import html

from survey.db import Database
from survey.formats.translation_files import FORMATS, read
from survey.formats.translation_rows import Row, Sheet
from survey.models import Study
from tests.bad_files import CASES, Case
from tests.fixtures import login
from tests.people import Cast
from tests.views.studio import SURVEY, draft, make_survey, send
from tests.views.translating import (
    ARABIC,
    CHOICE,
    LABEL,
    LIST,
    TITLE,
    csv,
    keys,
    page,
    upload,
    words,
)


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast, database: Database, study: Study) -> FlaskClient:
    make_survey(database, study)
    return login(client, cast.facilitator)


@pytest.fixture
def arabic(facilitator: FlaskClient, database: Database) -> FlaskClient:
    """A survey in English that is to be in Arabic too."""
    assert send(facilitator, database, LIST, {"tag": "ar"}).status_code == 303
    return facilitator


@pytest.mark.parametrize("kind", FORMATS)
def test_a_download_comes_back_with_translations(arabic: FlaskClient, database: Database, kind: str) -> None:
    reply = arabic.get(f"{SURVEY}{ARABIC}/download/{kind}")
    assert reply.status_code == 200
    assert f"services-ar.{kind}" in reply.headers["Content-Disposition"]
    found = read(reply.data, "x")
    assert [row.key for row in found.rows] == keys(arabic)
    filled = Sheet("en", "ar", tuple(Row(r.key, r.about, r.source, f"={r.source}") for r in found.rows))
    reply = upload(arabic, FORMATS[kind].write(filled), f"back.{kind}")
    assert reply.status_code == 303, reply.text
    shown = html.fromstring(arabic.get(reply.location).text)
    assert "6 New translations" in words(shown)
    assert "ar" not in draft(database)["title"]
    place = reply.location.removeprefix(SURVEY)
    assert send(arabic, database, place).status_code == 303
    assert draft(database)["title"]["ar"] == "=City services"
    assert "6 of 6 texts" in words(page(arabic, ARABIC))
    assert send(arabic, database, place).status_code == 303, "used twice: the file is asked for again"
    formulas = arabic.get(f"{SURVEY}{ARABIC}/download/csv").text
    assert not re.search(r'(^|,)"[=+@-]', formulas, re.MULTILINE)


def test_a_file_is_reported_before_it_is_stored(arabic: FlaskClient, database: Database) -> None:
    send(arabic, database, ARABIC, {f"t-{LABEL}": "old", "t-question.better.label": "same"})
    reply = upload(
        arabic,
        csv(
            (TITLE, "City services", "taken"),
            (LABEL, "How easy is it?", "changed"),
            (CHOICE, "Easy, as it was", "outdated"),
            ("question.gone.label", "?", "nowhere"),
            (TITLE, "City services", "again"),
            ("question.ease.choices.hard", "Hard", ""),
            ("question.better.label", "What could be better?", "same"),
            ("page.p1.title", "First", "x" * 201),
        ),
    )
    shown = html.fromstring(arabic.get(reply.location).text)
    assert [words(line) for line in shown.find_class("facts")[0]] == [
        "1 New translations",
        "1 In place of what is there",
        "1 The source has changed since the download",
        "1 These do not fit",
        "1 The survey has no such text",
        "1 Further rows for the same text",
        "1 No translation in the file",
        "1 As it is already",
    ]
    send(arabic, database, reply.location.removeprefix(SURVEY))
    stored = draft(database)
    assert stored["title"]["ar"] == "taken"
    assert stored["pages"][0]["questions"][0]["label"]["ar"] == "changed"
    assert "ar" not in stored["pages"][0]["questions"][0]["choices"][0]["label"]


def test_translations_of_a_changed_source_are_taken_on_purpose_only(
    arabic: FlaskClient, database: Database
) -> None:
    reply = upload(arabic, csv((CHOICE, "Easy, as it was", "outdated")))
    send(arabic, database, reply.location.removeprefix(SURVEY), {"sources": "y"})
    assert draft(database)["pages"][0]["questions"][0]["choices"][0]["label"]["ar"] == "outdated"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            csv((TITLE, "City services", "x"), target="fr"),
            "has texts in Français where this page needs العربية",
        ),
        (csv(("question.x.label", "?", "x")), "No row of the file belongs to this survey"),
        (b"id,text\n1,x\n", "no column “key”"),
        (b'"key","source (en)"\n"survey.title","x"\n', "no column “translation”"),
        (b"", "The file has no texts"),
        (b'msgid "x"\nmsgstr "y"\n', "no contexts (msgctxt)"),
        (b'msgctxt "a"\nmsgid "x"\nno quotes\n', "not a whole PO catalogue"),
        (b'msgid ""\nmsgstr ""\n', "The file has no texts"),
        (b"%PDF-1.4", "a PDF document"),
    ],
)
def test_other_files_are_refused_in_words(arabic: FlaskClient, data: bytes, said: str) -> None:
    reply = upload(arabic, data)
    assert reply.status_code == 422
    assert said in words(html.fromstring(reply.text)), words(html.fromstring(reply.text))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_files_are_refused_without_a_fault(arabic: FlaskClient, database: Database, case: Case) -> None:
    before = draft(database)
    assert upload(arabic, case.data, case.file).status_code == 422
    assert draft(database) == before


def test_no_file_at_all_is_refused(arabic: FlaskClient, database: Database) -> None:
    reply = send(arabic, database, ARABIC + "/upload")
    assert reply.status_code == 422
    assert "Choose a file." in reply.text
