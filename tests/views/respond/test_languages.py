"""Languages of respondents: which one is spoken, changing it without losing a word, what machines made."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from lxml import html
from sqlalchemy import select

from survey import create_app
from survey.config import Settings
from survey.db import Database
from survey.languages import LANGUAGES
from survey.models import Comment, Response, Study, Survey
from survey.services import live
from tests.services.answering import DAY, document, publish
from tests.views.respond.browsing import ROAD, Browser
from tools.translations import extracted

ARABIC = {"Accept-Language": "ar-EG,ar;q=0.9"}
START = {"ar": "ابدأ الآن", "zh": "现在开始", "en": "Start now", "es": "Empezar ahora"}


@pytest.fixture
def world(database: Database, study: Study) -> int:
    """The survey of four questions in English, Spanish, Arabic and simplified Chinese."""
    raw = document(languages=["en", "es", "ar", "zh-Hans", "so"])
    for tag in ("ar", "zh-Hans", "so"):
        raw["title"] = {**raw["title"], tag: f"title in {tag}"}
    return publish(database, study, raw)


def tree(browser: Browser) -> html.HtmlElement:
    return html.fromstring(browser.text)


def spoken(browser: Browser) -> tuple[str, str]:
    root = tree(browser)
    return str(root.get("lang")), str(root.get("dir"))


def machine_line(browser: Browser) -> str:
    return " ".join(" ".join(p.text_content().split()) for p in tree(browser).find_class("machine"))


@pytest.mark.parametrize(
    ("header", "tag", "title"),
    [
        *(("ar-EG,ar;q=0.9", "ar", "title in ar"), ("zh-CN,en;q=0.5", "zh-Hans", "title in zh-Hans")),
        *(("zh-TW", "zh-Hans", "title in zh-Hans"), ("es-MX", "es", "Encuesta del plan")),
        *(("pt-BR,es;q=0.5", "es", "Encuesta del plan"), ("xx;q=0.9,en;q=0", "en", "IT plan survey")),
        *(("", "en", "IT plan survey"), ("*", "en", "IT plan survey"), ("ar" * 3000, "en", "IT plan survey")),
    ],
)
def test_the_browsers_language_is_spoken_where_the_survey_has_it(
    browser: Browser, world: int, header: str, tag: str, title: str
) -> None:
    browser.get(headers={"Accept-Language": header})
    assert spoken(browser)[0] == tag
    assert title in browser.title


def test_arabic_runs_from_right_to_left_and_says_that_a_machine_translated_it(
    browser: Browser, world: int
) -> None:
    browser.get("?lang=ar")
    assert spoken(browser) == ("ar", "rtl")
    assert START["ar"] in browser.text
    assert "title in ar" in browser.title
    assert machine_line(browser) == "تُرجمت هذه الأزرار آليًا.EnglishEspañol"
    english = tree(browser).xpath("//p[@class='lead pre']")[0]
    assert (english.get("lang"), english.get("dir")) == ("en", "ltr")


def test_a_language_we_have_no_buttons_for_keeps_the_words_of_the_survey(
    browser: Browser, world: int
) -> None:
    browser.get("?lang=so")
    assert "title in so" in browser.title
    assert START["en"] in browser.text
    assert machine_line(browser) == ""


def test_the_buttons_alone_can_be_put_into_english_and_back(browser: Browser, world: int) -> None:
    browser.get("?lang=ar").get("?buttons=en")
    assert spoken(browser) == ("en", "ltr")
    assert START["en"] in browser.text
    assert "title in ar" in browser.title
    assert machine_line(browser) == "العربية"
    browser.get("?buttons=ar")
    assert START["ar"] in browser.text
    browser.get("?buttons=es").get("?lang=zh-CN")
    assert START["zh"] in browser.text, "a change of language is a change of buttons, too"


def test_an_operator_takes_the_line_away_for_approved_languages(
    test_settings: Settings, database: Database, world: int
) -> None:
    app = create_app(replace(test_settings, approved_languages="ar, vi"), database)
    for tag, line in (
        ("ar", ""),
        ("zh-Hans", "这些按钮由机器翻译。EnglishEspañol"),
        ("en", ""),
        ("es", ""),
    ):
        assert machine_line(Browser(app.test_client()).get(f"?lang={tag}")) == line


@pytest.mark.parametrize("field", ["language", "buttons"])
def test_changing_the_language_of_a_question_keeps_what_was_typed(
    browser: Browser, world: int, field: str
) -> None:
    browser.get("?lang=ar").post().post("/pages/1", q__ease="easy")
    browser.post("/pages/2", answer="  نعم، ربما\r\nغدًا ", **{field: "es"})
    assert browser.place == f"{ROAD}/pages/2"
    assert browser.shown_text.split() == ["نعم،", "ربما", "غدًا"]
    assert spoken(browser)[0] == "es"
    assert "Continuar" in browser.text
    assert ("title in ar" in browser.title) == (field == "buttons")


def test_a_change_while_correcting_an_answer_goes_on_correcting_it(browser: Browser, world: int) -> None:
    browser.to_check()
    browser.get("/pages/2?change=1").post("/pages/2?change=1", answer="other words", language="ar")
    assert browser.reply.request.full_path == f"{ROAD}/pages/2?change=1"
    assert browser.shown_text == "other words"


def test_every_page_of_the_road_changes_its_language(
    browser: Browser, world: int, database: Database
) -> None:
    browser.to_check().get("/check?lang=zh")
    assert spoken(browser)[0] == "zh-Hans"
    assert "More buses" in browser.text
    browser.get("/pages/2").post("/pages/2", answer="Trees", go="stop")
    assert browser.place == f"{ROAD}/stop"
    browser.get("/stop?lang=ar")
    assert spoken(browser) == ("ar", "rtl")
    browser.get("/check").post("/send")
    assert browser.place == f"{ROAD}/sent"
    links = tree(browser).xpath("//header//a[@hreflang='es']/@href")
    browser.get("/sent" + str(links[0]))
    assert spoken(browser)[0] == "es"
    again = browser.get()
    assert again.reply.request.full_path == f"{ROAD}/sent?again=1"
    assert "?again=1&lang=ar" in {str(a) for a in tree(again).xpath("//header//a/@href")}


def test_a_closed_survey_keeps_the_text_when_the_language_changes(
    browser: Browser, world: int, database: Database
) -> None:
    browser.get().post().post("/pages/1", q__ease="easy")
    with database.writing() as session:
        session.get_one(Survey, world).state = "closed"
    live.forget("it-survey")
    browser.post("/pages/2", answer="Long and precious words")
    assert browser.reply.status_code == 410
    form = tree(browser).get_element_by_id("again")
    kept = {str(field.get("name")): field.value.removeprefix("\n") for field in form.xpath(".//textarea")}
    assert kept["q-better"] == "Long and precious words"
    button = tree(browser).xpath("//button[@form='again'][@value='ar']")[0]
    browser.post("/pages/2", **{"answer": kept["q-better"], button.get("name"): "ar"})
    assert (browser.reply.status_code, spoken(browser)) == (410, ("ar", "rtl"))
    assert "Long and precious words" in browser.text


def test_a_response_and_its_comment_keep_their_language(
    browser: Browser, database: Database, study: Study
) -> None:
    comments: dict[str, Any] = {"id": "better", "type": "long_text", "label": {"en": "?"}, "comments": True}
    publish(database, study, document(languages=["en", "zh-Hans"], questions=[comments]))
    browser.get("?lang=zh-CN").post()
    browser.post("/pages/1", answer="多些公交车").post("/send")
    with database.reading() as session:
        assert session.scalars(select(Response.language)).one() == "zh-Hans"
        assert session.scalars(select(Comment.language)).one() == "zh-Hans"


def test_dates_numbers_and_problems_are_in_the_language(
    browser: Browser, database: Database, study: Study
) -> None:
    number = {"id": "n", "type": "number", "label": {"en": "?"}, "max": 10}
    publish(database, study, document(languages=["en", "ar", "ru", "ht"], questions=[number], layout="page"))
    browser.get().post()
    for tag, said in (("ar", "لا يزيد على 10"), ("ru", "не больше 10"), ("ht", "pi gwo pase 10")):
        browser.get(f"/pages/1?lang={tag}").post("/pages/1", q__n="11")
        assert browser.reply.status_code == 422
        assert said in browser.text
        field = tree(browser).get_element_by_id("q-n")
        assert field.get("dir") == "ltr"


@pytest.mark.parametrize("value", ["ar' onload='x", "<script>", "\x00", "x" * 9000, "ar,zh", "../../etc"])
def test_hostile_languages_change_nothing(browser: Browser, world: int, value: str) -> None:
    for name in ("lang", "buttons"):
        reply = browser.client.get(ROAD, query_string={name: value})
        assert reply.status_code == 200
        assert html.fromstring(reply.text).get("lang") == "en"
        assert "<script>alert" not in reply.text
        assert " onload=" not in reply.text


OTHERS = [tag for tag in LANGUAGES if tag != "en"]
NO_WORDS = {"label": {"en": "0"}, "optional": False}
CHOICE = [{"id": "a", "label": {"en": "0"}}, {"id": "b", "label": {"en": "1"}}]
EVERY_TYPE: list[dict[str, Any]] = [
    {"type": "short_text"},
    {"type": "long_text"},
    {"type": "email"},
    {"type": "number", "min": 1, "max": 9},
    {"type": "date"},
    {"type": "time"},
    {"type": "one_choice", "choices": CHOICE, "other": True},
    {"type": "several_choices", "choices": CHOICE, "max": 1},
    {"type": "yes_no", "no_answer": True},
    {"type": "scale", "low": {"en": "0"}, "high": {"en": "1"}},
    {"type": "matrix", "rows": CHOICE, "choices": CHOICE},
    {"type": "ranking", "choices": CHOICE},
    {"type": "allocation", "choices": CHOICE},
    {"type": "place", "choices": CHOICE},
    {"type": "consent"},
]
WRONG = {
    "email": "x",
    "number": "77",
    "date.day": "41",
    "time": "x",
    "several_choices": ["a", "b"],
    "place": "x",
}


def sentences() -> dict[str, re.Pattern[str]]:
    """The English sentences of respondents' pages, as they would look with their places filled in."""
    found = (
        part
        for m in extracted(staff=False)
        if m.id
        for part in (m.id if isinstance(m.id, tuple) else (m.id,))
    )
    places = re.compile(r"%\\\(\w+\\\)[sd]|\\\{\w+\\\}")
    return {
        text: re.compile(places.sub(r"\\S{1,40}", re.escape(text)))
        for text in found
        # "%(k)s of %(of)s" would be found in any English there is.
        if len(text.split()) > 2 and len(re.findall(r"\w+", re.sub(r"%\(\w+\)[sd]", "", text))) > 1
    }


def test_no_sentence_of_a_page_is_left_in_english(browser: Browser, database: Database, study: Study) -> None:
    """Also what is made once and kept, and what is said of wrong answers."""
    questions = [{"id": f"x{n}", **NO_WORDS, **one} for n, one in enumerate(EVERY_TYPE)]
    raw = document("page", questions, languages=["en", *OTHERS], title={"en": "0"})
    raw |= {"what": None, "why": None, "contact": {"en": "0"}, "thanks": None}
    publish(database, study, raw, closes_on=DAY)
    wrong: dict[str, Any] = {}
    for n, one in enumerate(EVERY_TYPE):
        for name, value in WRONG.items():
            if name.split(".")[0] == one["type"]:
                wrong[f"q__x{n}{name.removeprefix(one['type'])}"] = value
    english = sentences()
    browser.get().post()
    for tag in OTHERS:
        pages = [browser.get(f"?lang={tag}").text, browser.get("/pages/1").text]
        pages += [browser.post("/pages/1", **wrong).text, browser.get("/check").text]
        assert spoken(browser)[0] == {"zh": "zh-Hans"}.get(tag, tag)
        pages += [browser.get("/stop").text, browser.get("/resume").text, browser.client.get("/x").text]
        shown = " ".join(" ".join(html.fromstring(page).text_content().split()) for page in pages)
        left = [text for text, pattern in english.items() if pattern.search(shown)]
        assert left == [], tag
