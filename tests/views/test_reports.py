"""A frozen summary on screen, its report and brief as files, and PDF files made by a job."""

from __future__ import annotations

import hashlib
import re
import sys
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import func, select

from survey import models
from survey.dates import now
from survey.db import Database
from survey.formats import brief_out, html_out
from survey.formats.summary import Summary, percent
from survey.jobs import worker
from survey.models import AuditRow, Job, MadeFile, Study
from survey.services import made_files
from tests.fixtures import login, post
from tests.formats.whole_summary import HOSTILE, WHOLE
from tests.people import Cast

BASE = "/studies/it-plan/summaries/3"
MADE_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def put(database: Database, study: Study, summary: Summary) -> None:
    """A frozen summary as freezing stores it."""
    document = summary.to_json()
    with database.writing() as session:
        session.add(
            models.Summary(
                study_id=study.id,
                number=summary.number,
                board_revision=1,
                sha256=hashlib.sha256(document).hexdigest(),
                document=zlib.compress(document),
                made_by="planner@example.org",
                made_at=MADE_AT,
            )
        )


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast, database: Database, study: Study) -> FlaskClient:
    put(database, study, WHOLE)
    return login(client, cast.facilitator)


def count(database: Database, model: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def make(client: FlaskClient, which: str = "report", paper: str = "letter") -> str:
    reply = post(client, f"{BASE}/pdf", {"which": which, "paper": paper})
    assert reply.status_code == 303, reply.text
    return reply.location


def test_every_part_is_on_the_page(facilitator: FlaskClient) -> None:
    text = facilitator.get(BASE).text
    page = html.document_fromstring(text)
    shown = " ".join(page.get_element_by_id("main").text_content().split())
    for words in (
        "1,234 people heard",
        "9.1% in no theme",
        "“Quote 1.1 of somebody.”",
        "Programme 1 is under way.",
        "Plan 1 comes next.",
        "stable 0.88",
        "watch 0.73",
        "13 people of the groups looked at it: 12 said “yes, we said that”, 1 “not what we meant”.",
        "Too few answered to say how many.",
        "under-heard",
        "31.8% to 50.8%",
        "People could choose more than one",
        "South is small.",
        "+9.3%",
        "Tuesday evening",
        "What people decided",
        "17 numbers are hidden",
        "names its group only where the group has 10 people or more",
        HOSTILE,
    ):
        assert words in shown, words
    assert not page.xpath("//@style | //@onload")
    assert len(page.xpath("//h1")) == 1
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    article = " ".join(page.get_element_by_id("theme-1").text_content().split())
    assert article.index("Quote 1.1") < article.index("stable") < article.index("More about this theme")


def test_the_page_and_the_report_show_the_same_tables(facilitator: FlaskClient) -> None:
    page = html.document_fromstring(facilitator.get(BASE).text)
    report = html.document_fromstring(facilitator.get(f"{BASE}/html").text)

    def tables(of: html.HtmlElement) -> list[list[str]]:
        return [re.findall(r"[\d.,]+%?|hidden", table.text_content()) for table in of.iter("table")]

    assert sorted(tables(page)) == sorted(tables(report))
    assert percent(WHOLE.themes[0].share) in page.text_content()


def test_words_of_a_survey_are_in_the_language_of_the_page(facilitator: FlaskClient) -> None:
    page = facilitator.get(f"{BASE}?lang=es").text
    assert '<span lang="es" dir="ltr">¿Es fácil?</span>' in page
    assert '<span lang="es" dir="ltr">Muy fácil</span>' in page
    assert '<span lang="en" dir="ltr">Hard</span>' in page


def test_files_are_grouped_by_what_they_are_for(facilitator: FlaskClient) -> None:
    page = html.document_fromstring(facilitator.get(BASE).text)
    groups = {
        section.findtext("h3"): [link.get("href").rpartition("/")[2] for link in section.iter("a")]
        for section in page.xpath("//div[@class='take']/section")
    }
    assert {"docx", "html", "brief", "pdf"} <= set(groups["To pass on"])
    assert {"xlsx", "csv", "json", "project"} <= set(groups["For the office’s own use"])
    assert not {"csv", "xlsx", "json", "sav", "project"} & set(groups["To pass on"])


@pytest.mark.parametrize(("which", "ending"), [("html", "html"), ("brief", "brief.html")])
def test_report_and_brief_are_files(facilitator: FlaskClient, which: str, ending: str) -> None:
    reply = facilitator.get(f"{BASE}/{which}")
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert reply.headers["Content-Disposition"] == f"attachment; filename=it-plan-summary-3.{ending}"
    assert reply.headers["Cache-Control"] == "no-store"
    module = {"html": html_out, "brief": brief_out}[which]
    assert reply.text == module.page(WHOLE)
    assert f'href="{BASE}/{which}"' in facilitator.get(BASE).text


@pytest.mark.parametrize("path", ["/html", "/brief", "/pdf", "/pdf/1"])
def test_who_may_have_them(
    client: FlaskClient, cast: Cast, database: Database, study: Study, path: str
) -> None:
    put(database, study, WHOLE)
    for person, status in ((cast.auditor, 403), (cast.administrator, 403), (cast.other_planner, 404)):
        assert login(client, person).get(BASE + path).status_code == status
        post(client, "/sign-out")


def test_what_is_not_there(facilitator: FlaskClient, database: Database, study: Study) -> None:
    missing = BASE.replace("/3", "/4")
    for path in ("/html", "/brief", "/pdf"):
        assert facilitator.get(missing + path).status_code == 404
    assert post(facilitator, f"{missing}/pdf", {"which": "report", "paper": "a4"}).status_code == 404
    for path in (
        f"{BASE}/pdf/1",
        f"{BASE}/pdf/0",
        f"{BASE}/pdf/99999999999",
        "/studies/it-plan/summaries/files/1",
    ):
        assert facilitator.get(path).status_code == 404, path
    with database.writing() as session:
        table = made_files.store(session, study.id, "responses.csv", "text/csv", [b"secret"], "x").id
    assert facilitator.get(f"/studies/it-plan/summaries/files/{table}").status_code == 404, (
        "other files have other doors"
    )


@pytest.mark.parametrize("which", ["report", "brief"])
def test_a_pdf_is_made_by_a_job_and_fetched(facilitator: FlaskClient, database: Database, which: str) -> None:
    before = count(database, AuditRow)
    waiting = make(facilitator, which, "a4")
    assert count(database, AuditRow) == before + 1
    page = facilitator.get(waiting)
    assert (page.status_code, "Waiting for its turn." in page.text) == (200, True)
    assert "Fetch the PDF file" not in page.text
    assert make(facilitator, which, "a4") == waiting, "not begun twice"
    worker.drain(database)
    assert count(database, Job) == count(database, MadeFile) == 1
    page = facilitator.get(waiting)
    assert page.status_code == 200
    link = re.search(r'href="([^"]+/files/\d+)"', page.text)
    assert link is not None
    file = facilitator.get(link[1])
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.headers["Content-Disposition"] == f'attachment; filename="it-plan-summary-3-{which}-a4.pdf"'
    assert file.data.startswith(b"%PDF-")
    assert len(file.data) == int(file.headers["Content-Length"])
    assert link[1] in facilitator.get(f"{BASE}/pdf").text


def test_each_kind_is_listed_once_the_newest(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    with database.writing() as session:
        names = ("report-a4", "report-letter", "report-a4")
        ids = [
            made_files.store(
                session, study.id, f"it-plan-summary-3-{name}.pdf", "application/pdf", [b"%PDF"], "x"
            ).id
            for name in names
        ]
        made_files.store(
            session, study.id, "it-plan-summary-30-report-a4.pdf", "application/pdf", [b"%PDF"], "x"
        )
    page = facilitator.get(f"{BASE}/pdf").text
    assert re.findall(r"/files/(\d+)", page) == [str(ids[2]), str(ids[1])]


def test_after_a_day_it_can_be_made_again(facilitator: FlaskClient, database: Database) -> None:
    waiting = make(facilitator)
    worker.drain(database)
    link = re.search(r'href="([^"]+/files/\d+)"', facilitator.get(waiting).text)
    assert link is not None
    with database.writing() as session:
        session.scalars(select(MadeFile)).one().expires_at = now()
    assert facilitator.get(link[1]).status_code == 404
    assert "is gone. Make it again." in facilitator.get(waiting).text
    assert "Ready to fetch" not in facilitator.get(f"{BASE}/pdf").text
    assert make(facilitator) != waiting


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"which": "report"},
        {"which": "x", "paper": "a4"},
        {"which": "brief\0", "paper": "\ud800"},
        {"which": "report", "paper": "z" * 9999},
    ],
    ids=range(5),
)
def test_what_cannot_be_chosen_is_said(
    facilitator: FlaskClient, database: Database, typed: dict[str, str]
) -> None:
    reply = post(
        facilitator, f"{BASE}/pdf", {k: v.encode("utf-8", "surrogatepass") for k, v in typed.items()}
    )
    assert reply.status_code == 422
    assert "There is a problem" in reply.text
    assert "Error:" in reply.text
    assert count(database, Job) == 0
    if typed.get("which") == "report":
        assert re.search(r'value="report" checked', reply.text), "what was chosen stays"


def test_without_the_library_the_page_says_what_to_do(
    facilitator: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    waiting = make(facilitator)
    worker.drain(database)
    reply = facilitator.get(waiting)
    assert reply.status_code == 200
    assert "Error:" in reply.text
    text = unescape(reply.text)
    assert "docs/reports.md" in text
    assert "that gives the same" in text
    assert f'href="{BASE}/html"' in text
    assert count(database, MadeFile) == 0


def test_the_page_of_another_summary_does_not_show_the_job(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    put(database, study, replace(WHOLE, number=4))
    waiting = make(facilitator)
    assert facilitator.get(waiting.replace("/3/", "/4/")).status_code == 404


def test_only_these_pages_load_their_style_sheet(facilitator: FlaskClient) -> None:
    assert re.search(r'href="/static/report\.[0-9a-f]{12}\.css"', facilitator.get(BASE).text)
    for path in ("/", "/sign-in", "/studies"):
        assert "report." not in facilitator.get(path).text
