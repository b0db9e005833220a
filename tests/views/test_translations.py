"""Pages of languages and translations: adding, removing, side by side; nothing typed is lost."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html

from survey.db import Database
from survey.models import Study, Survey
from survey.services import surveys
from tests.fixtures import login, token
from tests.people import Cast
from tests.views.studio import HOSTILE, SURVEY, draft, make_survey, revision, send
from tests.views.translating import (
    ARABIC,
    CHOICE,
    LABEL,
    LIST,
    TITLE,
    actions,
    keys,
    page,
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


def test_a_language_is_added_by_list_or_by_code(facilitator: FlaskClient, database: Database) -> None:
    for data, tag in (
        ({"tag": "ar"}, "ar"),
        ({"tag": "", "code": "ZH_hans"}, "zh-Hans"),
        ({"code": "so"}, "so"),
    ):
        assert send(facilitator, database, LIST, data).status_code == 303
        assert draft(database)["languages"][-1] == tag
    shown = page(facilitator, LIST)
    assert "0 of 6 texts" in words(shown)
    names = {element.text_content(): element.get("dir") for element in shown.xpath("//h3[@lang]")}
    assert names["العربية"] == "rtl"
    assert names["Soomaali"] == "ltr"
    assert actions(database).count("surveys.language-add") == 3


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"tag": ""}, "Choose a language"),
        ({"code": "<b>"}, "is not a code of a language"),
        ({"code": "klingonisch"}, "is not a code of a language"),
        ({"code": "x" * 5000}, "is not a code of a language"),
        ({"code": "a\x00r"}, "is not a code of a language"),
        ({"code": "EN"}, "is there already"),
    ],
)
def test_what_is_no_language_is_refused_in_words(
    facilitator: FlaskClient, database: Database, data: dict[str, str], said: str
) -> None:
    reply = send(facilitator, database, LIST, data)
    assert reply.status_code == 422
    assert said in words(html.fromstring(reply.text))
    assert draft(database)["languages"] == ["en"]


def test_removing_keeps_the_words_until_they_are_deleted_on_purpose(
    arabic: FlaskClient, database: Database
) -> None:
    send(arabic, database, ARABIC, {f"t-{TITLE}": "خدمات"})
    assert send(arabic, database, ARABIC + "/remove").status_code == 303
    assert draft(database)["languages"] == ["en"]
    assert draft(database)["title"]["ar"] == "خدمات"
    assert send(arabic, database, LIST, {"code": "ar"}).status_code == 303
    assert "1 of 6 texts" in words(page(arabic, LIST))
    assert send(arabic, database, ARABIC + "/forget").status_code == 422
    send(arabic, database, ARABIC + "/remove")
    assert send(arabic, database, ARABIC + "/forget").status_code == 303
    assert draft(database)["title"] == {"en": "City services"}


def test_the_first_language_has_to_be_whole(arabic: FlaskClient, database: Database) -> None:
    reply = send(arabic, database, ARABIC + "/first")
    assert reply.status_code == 422
    assert "6 texts are not translated" in words(html.fromstring(reply.text))
    every = {f"t-{text}": "نص" for text in keys(arabic)}
    send(arabic, database, ARABIC, every)
    reply = send(arabic, database, ARABIC + "/first")
    assert (reply.status_code, draft(database)["languages"]) == (303, ["ar", "en"])
    assert send(arabic, database, "/translations/ar/remove").status_code == 303
    assert draft(database)["languages"] == ["en"]
    assert send(arabic, database, "/translations/en/remove").status_code == 422


def test_texts_stand_side_by_side_in_their_own_direction(arabic: FlaskClient) -> None:
    shown = page(arabic, ARABIC)
    assert keys(arabic) == [
        TITLE,
        "page.p1.title",
        LABEL,
        CHOICE,
        "question.ease.choices.hard",
        "question.better.label",
    ]
    field = shown.xpath("//*[@name=$n]", n=f"t-{TITLE}")[0]
    assert (field.get("lang"), field.get("dir")) == ("ar", "rtl")
    source = shown.get_element_by_id(f"t-{TITLE}-source")
    assert (source.get("lang"), source.get("dir"), source.text) == ("en", "ltr", "City services")
    assert [words(h) for h in shown.xpath("//section[contains(@class, 'sides-group')]/h2")] == [
        "Around the questions",
        "Page 1",
        "1. How easy is it?",
        "2. What could be better?",
    ]


def test_all_fields_are_saved_at_once_and_the_missing_ones_can_be_listed(
    arabic: FlaskClient, database: Database
) -> None:
    reply = send(arabic, database, ARABIC, {f"t-{TITLE}": "  خدمات المدينة\r\n", f"t-{CHOICE}": HOSTILE})
    assert reply.status_code == 303
    shown = words(page(arabic, ARABIC))
    assert "2 texts are saved." in shown
    assert "2 of 6 texts" in shown
    assert draft(database)["title"]["ar"] == "خدمات المدينة"
    assert draft(database)["pages"][0]["questions"][0]["choices"][0]["label"]["ar"] == HOSTILE
    assert TITLE not in keys(arabic, "?missing=1")
    assert LABEL in keys(arabic, "?missing=1")
    send(arabic, database, ARABIC, {f"t-{TITLE}": ""})
    assert "ar" not in draft(database)["title"]
    assert actions(database).count("surveys.translate") == 2


def test_what_was_typed_comes_back_when_somebody_was_faster(arabic: FlaskClient, database: Database) -> None:
    seen = revision(database)
    send(arabic, database, ARABIC, {f"t-{TITLE}": "theirs"})
    reply = send(arabic, database, ARABIC, {"revision": seen, f"t-{TITLE}": "mine", f"t-{LABEL}": "mine too"})
    assert reply.status_code == 409
    shown = html.fromstring(reply.text)
    assert shown.xpath("//*[@name=$n]/@value", n=f"t-{TITLE}") == ["mine"]
    assert "mine too" in reply.text
    assert "Stored now: theirs" in words(shown)
    again = int(shown.xpath("//main//input[@name='revision']/@value")[0])
    assert send(arabic, database, ARABIC, {"revision": again, f"t-{TITLE}": "mine"}).status_code == 303
    assert draft(database)["title"]["ar"] == "mine"


def test_what_cannot_be_stored_is_named_beside_its_field(arabic: FlaskClient, database: Database) -> None:
    reply = send(arabic, database, ARABIC, {f"t-{TITLE}": "x" * 201, f"t-{LABEL}": "kept"})
    assert reply.status_code == 422
    shown = html.fromstring(reply.text)
    assert "Use at most 200 characters. This has 201." in words(shown)
    assert shown.xpath("//*[@name=$n]/@aria-invalid", n=f"t-{TITLE}") == ["true"]
    assert "kept" in reply.text
    assert "ar" not in draft(database)["title"]


def test_a_text_that_lost_an_earlier_answer_is_pointed_out(arabic: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        survey = session.query(Survey).filter_by(slug="services").one()
        raw = deepcopy(survey.document)
        raw["pages"][1]["questions"][0]["label"]["en"] = "You said ${ease}. Why?"
        surveys.save_document(session, survey, raw, by="tests")
    send(arabic, database, ARABIC, {"t-question.better.label": "لماذا؟"})
    assert "Look again: ${ease}" in words(page(arabic, ARABIC))


def test_long_surveys_come_in_pages_that_fit_into_a_form(arabic: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        survey = session.query(Survey).filter_by(slug="services").one()
        many = [{"id": f"s{n}", "type": "statement", "label": {"en": f"Text {n}"}} for n in range(450)]
        long = [
            {"id": f"l{n}", "type": "statement", "label": {"en": "x"}, "help": {"en": "y" * 2000}}
            for n in range(20)
        ]
        raw = {**survey.document, "pages": [{"id": "p1", "title": None, "questions": many + long}]}
        surveys.save_document(session, survey, raw, by="tests")
    assert len(keys(arabic)) == 200
    assert len(keys(arabic, "?page=3")) <= 200
    assert keys(arabic, "?page=99") == keys(arabic, "?page=4")
    last = keys(arabic, "?page=4")
    data = {f"t-{key}": "中" * 1900 for key in last if key.endswith("help")}
    whole = {"csrf_token": token(arabic, SURVEY + ARABIC), "revision": revision(database), **data, "end": "1"}
    url = f"{SURVEY}{ARABIC}?page=4"
    assert arabic.post(url, data=whole, content_type="multipart/form-data").status_code == 303
    assert len(data) > 8
    reply = send(arabic, database, ARABIC + "?page=1", {"t-question.s0.label": "x", "go": "next"})
    assert reply.location.endswith("?page=2")


def test_languages_that_the_survey_does_not_have_are_not_found(facilitator: FlaskClient) -> None:
    for tag in ("en", "fr", "x", "..", "en%00"):
        assert facilitator.get(f"{SURVEY}/translations/{tag}").status_code == 404
    assert facilitator.get(f"{SURVEY}/translations/en/download/csv").status_code == 404


def test_planners_and_strangers_do_not_get_in(facilitator: FlaskClient, app: Any, cast: Cast) -> None:
    planner = login(app.test_client(), cast.planner)
    assert planner.get(SURVEY + LIST).status_code in (403, 404)
    assert app.test_client().get(SURVEY + LIST).status_code == 302


def test_publishing_counts_what_is_missing_and_leads_there(arabic: FlaskClient, database: Database) -> None:
    send(arabic, database, ARABIC, {f"t-{TITLE}": "خدمات"})
    link = page(arabic, "/publish").xpath("//a[contains(., 'not translated')]")[0]
    assert words(link) == "5 of 6 texts are not translated to العربية."
    shown = html.fromstring(arabic.get(link.get("href")).text)
    assert len(shown.xpath("//*[starts-with(@name, 't-')]")) == 5


def test_hostile_texts_of_the_survey_stay_text(arabic: FlaskClient, database: Database) -> None:
    send(arabic, database, ARABIC, {f"t-{TITLE}": HOSTILE, f"t-{LABEL}": "${" * 40})
    shown = arabic.get(f"{SURVEY}{ARABIC}").text
    assert "<script>alert" not in shown
    assert "{{ 7*7 }}" in shown
