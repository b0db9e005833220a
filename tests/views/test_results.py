"""The public pages of results: what is there, what is not, in which language, and nothing before its time."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree
from lxml.html import fromstring

from survey.dates import now
from survey.db import Database
from survey.models import Release, Study, ThemeText
from survey.services import release_content, releases, studies
from tests.services import answering
from tests.services.releasing import (
    APPROVER,
    CLEARED,
    FORMULA,
    MAKER,
    MARKUP,
    SECRET_COMMENTS,
    a_summary,
    approve,
    change,
    prepared,
    released,
    seen,
)

PAGE = "/results/it-plan"
ALL = (
    "/results",
    PAGE,
    f"{PAGE}/1",
    f"{PAGE}/feed.xml",
    "/results/feed.xml",
    f"{PAGE}/1/data.csv",
    f"{PAGE}/1/dictionary.csv",
)


@pytest.fixture
def out(app: Flask, database: Database, study: Study) -> None:
    """A public release of the sample with all three themes."""
    with app.test_request_context(), database.writing() as session:
        release = prepared(session)
        plan = studies.by_slug(session, "it-plan")
        session.add(ThemeText(study_id=plan.id, theme=2, language="ar", name="خدمات على الهاتف", about="وصف"))
        change(
            session,
            release,
            themes=("1", "2", "3"),
            data=("theme:1", "theme:2", "theme:3", "question:services/ease"),
        )
        approve(session, release)


def words(reply) -> str:  # type: ignore[no-untyped-def]
    return " ".join(fromstring(reply.text).text_content().split())


def test_the_page_shows_what_was_released(client: FlaskClient, out: None) -> None:
    reply = client.get(PAGE)
    page, said = fromstring(reply.text), words(reply)
    assert reply.status_code == 200
    assert [h1.text for h1 in page.xpath("//h1")] == ["What we heard"]
    assert page.xpath("string(//title)").startswith("What we heard - ")
    for there in (
        "31 people heard",
        "83 comments",
        "Services on a phone",
        CLEARED,
        "2 of 3",
        "A pilot in two libraries.",
        "Not decided yet",
        "68.0%",
        "96.4%",
        "Evening at the library",
        "a planner of the city",
        "5 numbers are hidden",
    ):
        assert there in said, there
    assert len(page.xpath("//article")) == 3
    assert len(page.xpath("//link[@type='application/rss+xml']")) == 1


def test_hidden_numbers_are_words(client: FlaskClient, out: None) -> None:
    page = fromstring(client.get(PAGE).text)
    hard = page.xpath("//section[contains(@class, 'question-block')]//tr[th[contains(., 'Hard')]]")[0]
    assert "hidden" in hard.text_content()
    assert not re.search(r"\d", re.sub(r"<[^>]*>", "", hard.text_content()))
    cell = page.xpath("//table[@class='heats']//tr[th[contains(., 'svg onload')]]/td")[2]
    assert cell.text_content().strip() == "too few to show"


def test_markup_is_text_everywhere(client: FlaskClient, out: None) -> None:
    for path in ALL:
        reply = client.get(path)
        assert reply.status_code == 200, path
        assert b"<svg onload" not in reply.data or reply.mimetype == "text/csv", path
    assert MARKUP in words(client.get(PAGE))
    assert FORMULA in words(client.get(PAGE))
    disposition = client.get(f"{PAGE}/1/data.csv").headers["Content-Disposition"]
    assert disposition == 'attachment; filename="it-plan-1-data.csv"'


def test_nothing_of_uncleared_comments_and_nobody_of_the_office(client: FlaskClient, out: None) -> None:
    found = " ".join(re.sub(r"\W+", " ", client.get(path).get_data(as_text=True)).casefold() for path in ALL)
    for comment in SECRET_COMMENTS:
        said = re.sub(r"\W+", " ", comment).casefold().split()
        runs = [" ".join(said[start : start + 8]) for start in range(len(said) - 7)]
        assert len(runs) > 3
        assert not [run for run in runs if run in found]
    for path in ALL:
        text = client.get(path).get_data(as_text=True)
        assert not any(secret in text for secret in (MAKER, APPROVER, "bicycle", "neighbour")), path


def test_the_page_speaks_the_languages_of_the_study(client: FlaskClient, out: None) -> None:
    spanish = fromstring(client.get(f"{PAGE}?lang=es").text)
    assert spanish.get("lang") == "es"
    assert spanish.xpath("string(//h1)") == "Lo que oímos"
    assert spanish.xpath("//p[contains(@class, 'lead')]/@lang") == ["en"]
    assert "¿Qué tan fácil es?" in spanish.text_content()
    assert "Fácil" in spanish.xpath("string(//section[contains(@class, 'question-block')])")
    assert {*spanish.xpath("//header//a/@hreflang")} == {"en", "ar"}
    arabic = fromstring(client.get(f"{PAGE}?lang=ar").text)
    assert (arabic.get("lang"), arabic.get("dir")) == ("ar", "rtl")
    assert arabic.xpath("//h1/@lang") == ["en"]
    assert arabic.xpath("//h1/@dir") == ["ltr"]
    assert not arabic.xpath("//h3[contains(., 'خدمات')]/@lang")
    # It was chosen once, and a browser's wish counts where nothing was.
    assert fromstring(client.get(PAGE).text).get("lang") == "ar"


@pytest.mark.parametrize(("wish", "tag"), [("es-MX,en", "es"), ("ru", "en"), ("", "en"), ("ar-EG", "ar")])
def test_a_browser_gets_the_language_it_asks_for(app: Flask, out: None, wish: str, tag: str) -> None:
    page = fromstring(app.test_client().get(PAGE, headers={"Accept-Language": wish}).text)
    assert page.get("lang") == tag


def test_odd_languages_and_numbers_do_no_harm(client: FlaskClient, out: None) -> None:
    for query in ("lang=xx", "lang=%00", f"lang={'x' * 3000}", "lang=es&lang=ar", "buttons=zh"):
        assert client.get(f"{PAGE}?{query}").status_code == 200, query
    for path in ("/0", "/2", f"/{2**70}", "/x", "/1/data.xlsx", "/1/data.csv/", "/%00", "/../it-plan/2"):
        assert client.get(PAGE + path).status_code == 404, path
    for method in ("POST", "PUT", "DELETE"):
        assert client.open(PAGE, method=method, data={"end": "1"}).status_code in (400, 405)


# Before its time, and without one.


def faces(client: FlaskClient, slug: str) -> list[tuple[int, bytes, list[tuple[str, str]]]]:
    """All that can be learned of a study: status, content and headers of each address, by GET and by HEAD."""
    found = []
    for tail in ("", "/1", "/feed.xml", "/1/data.csv", "/1/dictionary.csv"):
        for method in ("GET", "HEAD"):
            reply = client.open(f"/results/{slug}{tail}", method=method)
            headers = [(name, value) for name, value in reply.headers if name != "Set-Cookie"]
            found.append((reply.status_code, reply.data.replace(slug.encode(), b"SLUG"), headers))
    return found


def test_attack_before_its_time_it_is_as_if_it_were_not(
    app: Flask, client: FlaskClient, database: Database, study: Study
) -> None:
    before = [client.get(path).data for path in ("/results", "/results/feed.xml")]
    unknown = faces(client, "no-plan")
    with app.test_request_context(), database.writing() as session:
        prepared(session)
    assert faces(client, "it-plan") == unknown, "a draft"
    with app.test_request_context(), database.writing() as session:
        release = releases.get(session, studies.by_slug(session, "it-plan"), 1)
        change(session, release, at=now() + timedelta(hours=1))
        approve(session, release)
    assert faces(client, "it-plan") == unknown
    assert {status for status, *_ in unknown} == {404}
    assert [client.get(path).data for path in ("/results", "/results/feed.xml")] == before
    # Neither does the database get asked other things.
    both = []
    for slug in ("no-plan", "it-plan"):
        with answering.statements(database) as asked:
            client.get(f"/results/{slug}")
        both.append([statement for statement in asked if statement != "BEGIN"])
    assert both[0] == both[1]
    assert len(both[0]) == 2


def test_where_people_were_asked_the_page_says_that_nothing_is_out(
    app: Flask, client: FlaskClient, database: Database, study: Study
) -> None:
    answering.publish(database, study, answering.document(), access="code")
    empty = client.get(PAGE)
    assert (empty.status_code, "Nothing has been released yet" in empty.text) == (200, True)
    assert "IT Strategic Plan" not in empty.text, "the name of the study is not public"
    with app.test_request_context(), database.writing() as session:
        release = prepared(session)
        change(session, release, at=now() + timedelta(hours=1), interim=True)
        approve(session, release)
    assert client.get(PAGE).data == empty.data
    for tail in ("/1", "/feed.xml", "/1/data.csv"):
        assert client.get(PAGE + tail).status_code == 404
    assert "What we heard" not in client.get("/results").text


# After: newer ones, withdrawing, tampering.


def another(session, release: Release) -> Release:  # type: ignore[no-untyped-def]
    made = releases.prepare(session, release.study, release.summary, MAKER)
    return approve(session, made)


def test_an_earlier_release_stays_and_points_to_the_newer(
    app: Flask, client: FlaskClient, database: Database, study: Study
) -> None:
    with app.test_request_context(), database.writing() as session:
        another(session, released(session))
    old, new = client.get(f"{PAGE}/1"), client.get(PAGE)
    assert "There is a newer release" in old.text
    assert f'href="{PAGE}/2"' in old.text
    assert "There is a newer release" not in new.text
    assert f'href="{PAGE}/1"' in new.text
    assert client.get(f"{PAGE}/1/data.csv").status_code == 200
    assert client.get("/results").text.count('href="/results/it-plan"') == 1
    items = etree.fromstring(client.get(f"{PAGE}/feed.xml").data).findall("channel/item/guid")
    assert [item.text for item in items] == [f"http://localhost{PAGE}/2", f"http://localhost{PAGE}/1"]


def test_a_withdrawn_release_is_a_note_and_nothing_else(
    app: Flask, client: FlaskClient, database: Database, out: None
) -> None:
    note = f"Two numbers were wrong. {MARKUP}"
    with app.test_request_context(), database.writing() as session:
        plan = studies.by_slug(session, "it-plan")
        release = releases.get(session, plan, 1)
        releases.withdraw(session, release, note, seen(release, APPROVER))
    for path in (PAGE, f"{PAGE}/1", f"{PAGE}/1/data.csv", f"{PAGE}/1/dictionary.csv"):
        reply = client.get(path)
        assert (reply.status_code, reply.mimetype) == (410, "text/html"), path
        assert note in words(reply)
        for gone in (
            "What we heard",
            "Services on a phone",
            "IT Strategic",
            CLEARED[:20],
            APPROVER,
            "comments",
        ):
            assert gone not in reply.text, gone
    assert "What we heard" not in client.get("/results").text
    for path in (f"{PAGE}/feed.xml", "/results/feed.xml"):
        channel = etree.fromstring(client.get(path).data).find("channel")
        assert channel.findtext("item/title") == "Release 1 was withdrawn"
        assert "What we heard" not in etree.tostring(channel, encoding="unicode")


def test_attack_a_tampered_release_is_not_shown(
    app: Flask, client: FlaskClient, database: Database, out: None
) -> None:
    with database.writing() as session:
        release = releases.get(session, studies.by_slug(session, "it-plan"), 1)
        assert release.document is not None
        release.document = zlib.compress(
            zlib.decompress(release.document).replace(b"Services on", b"Nothing on")
        )
    for path in (PAGE, f"{PAGE}/1", f"{PAGE}/1/data.csv", f"{PAGE}/1/dictionary.csv"):
        reply = client.get(path)
        assert (reply.status_code, reply.mimetype) == (422, "text/html"), path
        assert "was changed after it was approved" in reply.text
        assert "on a phone" not in reply.text
    assert "What we heard" not in client.get("/results").text
    assert b"What we heard" not in client.get("/results/feed.xml").data


def test_interim_results_say_so(app: Flask, client: FlaskClient, database: Database, study: Study) -> None:
    answering.publish(database, study, answering.document(), mode="confidential")
    with app.test_request_context(), database.writing() as session:
        released(session, interim=True)
    assert "Interim results." in words(client.get(PAGE))
    assert "interim" in words(client.get("/results"))


def test_a_small_release_has_no_empty_parts(
    app: Flask, client: FlaskClient, database: Database, study: Study
) -> None:
    nothing = dict.fromkeys(("quotes", "questions", "crosses", "heard", "waves", "method", "data"), ())
    with app.test_request_context(), database.writing() as session:
        released(
            session,
            summary=a_summary(audiences=(), hidden=0),
            sessions=False,
            **{**nothing, "themes": ("2",)},
        )
    said = words(client.get(PAGE))
    for absent in (
        "What people chose",
        "Who was heard",
        "Take the data",
        "Then and now",
        "Who said what",
        "Decisions",
    ):
        assert absent not in said, absent
    assert "No number had to be hidden" in said
    assert client.get(f"{PAGE}/1/data.csv").status_code == 404


def test_words_of_the_list_stand_on_the_side_of_their_language(client: FlaskClient, out: None) -> None:
    page = fromstring(client.get("/results?lang=ar").text)
    assert page.get("dir") == "rtl"
    title, introduction = page.xpath("//li/h2")[0], page.xpath("//li/p[last()]")[0]
    assert [(one.get("lang"), one.get("dir")) for one in (title, introduction)] == [("en", "ltr")] * 2
    assert not fromstring(client.get("/results?lang=en").text).xpath("//li//@lang[.='en']")


def test_the_list_and_the_feeds(client: FlaskClient, out: None) -> None:
    page = client.get("/results")
    assert "What we heard" in words(page)
    reply = client.get(f"{PAGE}/feed.xml")
    assert reply.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    channel = etree.fromstring(reply.data).find("channel")
    assert channel.findtext("link") == f"http://localhost{PAGE}"
    assert client.get(f"{PAGE}/feed.xml", headers={"If-None-Match": reply.headers["ETag"]}).status_code == 304


def test_pages_keep_to_the_policy_and_are_light(client: FlaskClient, out: None) -> None:
    reply = client.get(PAGE)
    assert reply.headers["Cache-Control"] == "no-store"
    assert "script-src 'self'" in reply.headers["Content-Security-Policy"]
    page = fromstring(reply.text)
    assert not page.xpath("//*[@style or @onclick or @onload]")
    assert not page.xpath("//main//script")
    assert len(reply.data) < 40_000


def test_without_a_language_of_ours_the_words_still_have_theirs(
    app: Flask, client: FlaskClient, database: Database, study: Study
) -> None:
    with app.test_request_context(), database.writing() as session:
        summary = a_summary(language="hmn", languages=("hmn",))
        release = prepared(session, summary=summary)
        release.words = {"hmn": {"title": "Peb hnov", "introduction": ""}}
        session.flush()
        approve(session, release)
        document = release_content.read(release)
        assert document.languages == ("hmn",)
        assert replace(document, words=()).title == "IT Strategic Plan"
    page = fromstring(client.get(PAGE).text)
    assert (page.get("lang"), page.xpath("//h1/@lang")) == ("en", ["hmn"])
