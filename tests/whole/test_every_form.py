"""Every form that staff can reach, sent as a browser would: no fault, and one audit row for each change."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import func, select

from survey import db, permissions
from survey.config import Settings
from survey.models import AuditRow
from survey.services import live, studies
from survey.web import Throughline
from tests.boards import COMMENTS
from tests.factories import fill
from tests.fixtures import SECRET, login
from tests.people import Cast, make_cast

# These need more than a click in this world: a password, a file, something to undo, an empty audience, a
# session that has not begun. Each has tests of its own.
NEED_MORE = {
    "publish.add_table",
    "publish.save_targets",
    "publish.save_weights",
    "sessions.delete_session",
    "sessions.look_at_minutes",
    "sessions.make_check",
    "sessions.open_check",
    "sessions.open_session",
    "sessions.set_people",
    "sessions.upload_minutes",
    "sessions.usual_agenda",
    "publish.approve_release",
    "publish.ask_release",
    "publish.withdraw_release",
    "account.account",
    "account.revoke_token",
    "account.sign_out",
    "admin.new_person",
    "review.add_office_person",
    "review.cancel_job",
    "review.check_codebook",
    "review.cancel_comparison",
    "review.compare_sample",
    "review.confirm_change",
    "review.find",
    "review.finish_codes",
    "review.import_codebook",
    "review.merge",
    "review.redo",
    "review.remove_office_person",
    "review.reopen",
    "review.code_comments",
    "review.place_rest",
    "review.save_codes",
    "review.save_helpful",
    "review.save_split",
    "review.set_earlier",
    "review.take_back",
    "review.undo",
    "review.unnote",
    "review.use_run",
    "studio.add_language",
    "studio.check_translation",
    "studio.delete_audience",
    "studio.delete_draft",
    "studio.delete_prompt",
    "studio.forget_language",
    "studio.import_columns",
    "studio.import_comments",
    "studio.add_quota",
    "studio.add_to_rule",
    "studio.add_webhook",
    "studio.import_people",
    "studio.import_people_columns",
    "studio.invitee",
    "studio.make_codes",
    "studio.new_invitee",
    "studio.remove_quota",
    "studio.restore_invitee",
    "studio.publish",
    "studio.put_address_right",
    "studio.reopen_survey",
    "studio.restore_kept",
    "studio.restore_page",
    "studio.restore_question",
    "studio.save_sheet",
    "studio.stop_mailing",
    "studio.survey_from_file",
    "studio.restore_version",
    "studio.try_preview",
    "studio.try_version",
    "studio.undo_version",
    "studio.upload_translation",
}
CONTROLS = ".//select | .//textarea | .//input[not(@type='hidden')]"
# These change nothing about a study: a preview stores nothing, a file waits to be matched.
WITHOUT_AUDIT = {
    "sessions.paste_minutes",
    "publish.freeze",
    "studio.try_preview",
    "studio.try_version",
    "studio.import_comments",
}


@dataclass(frozen=True)
class Form:
    """One form of a page, with what its fields hold."""

    page: str
    endpoint: str
    url: str
    data: tuple[tuple[str, str], ...]


@pytest.fixture(scope="module")
def filled(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Cast]:
    """A database with something of everything, to copy for each form."""
    path = tmp_path_factory.mktemp("filled") / "filled.sqlite"
    shutil.copy(migrated_sqlite, path)
    database = db.connect(f"sqlite:///{path}")
    with database.writing() as session:
        study = studies.add(session, "it-plan", "IT Strategic Plan", by="tests")
        cast = make_cast(session, study, studies.add(session, "other", "Another study", by="tests"))
        fill(session, study, cast)
    with database.write.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.dispose()
    return path, cast


def open_database(app: Throughline, path: Path) -> db.Database:
    """Let the application work on another file."""
    live.forget_all()
    app.survey_settings = Settings(database_url=f"sqlite:///{path}", secret_key=SECRET, worker="separate")
    app.database = db.connect(f"sqlite:///{path}")
    return app.database


def pages(client: FlaskClient) -> dict[str, html.HtmlElement]:
    """Every page that links lead to, once for pages that differ in a number only."""
    seen: dict[str, html.HtmlElement] = {}
    shapes, queue = set(), ["/studies", "/account", "/people", "/audit"]
    while queue:
        path = queue.pop(0).split("#")[0]
        parts = path.split("?")[0].split("/")
        shape = "/".join("0" if part.isdigit() or part in COMMENTS else part for part in parts)
        if shape in shapes or not path.startswith("/") or path.startswith(("/static", "/answer")):
            continue
        shapes.add(shape)
        reply = client.get(path)
        if reply.status_code != 200 or reply.mimetype != "text/html":
            continue
        seen[path] = html.fromstring(reply.text)
        queue += [str(link) for link in seen[path].xpath("//a/@href")]
    return seen


def forms(app: Flask, client: FlaskClient) -> list[Form]:
    """The first form of every kind on all pages; one for each of its buttons."""
    found: dict[object, Form] = {}
    adapter = app.url_map.bind("localhost")
    for path, page in pages(client).items():
        for element in page.forms:
            if element.method != "POST":
                continue
            for button in buttons(page, element):
                own = button is not None and button.get("formaction")
                url = urljoin(path, own or element.action or path)
                endpoint = str(adapter.match(url.split("?")[0], "POST")[0])
                pressed = [] if button is None or not button.get("name") else [pressing(button)]
                data = (*fields(element), *pressed)
                # Buttons with an address of their own are many and alike: one a page is enough.
                key = (endpoint, () if own else tuple(pressed), path.split("/")[-1])
                found.setdefault(key, Form(path, endpoint, url, data))
    return list(found.values())


def buttons(page: html.HtmlElement, form: html.HtmlElement) -> list[html.HtmlElement | None]:
    """The buttons that make a difference: those with a name, and those elsewhere on the page."""
    elsewhere = page.xpath("//button[@form=$id]", id=form.get("id") or "-")
    return elsewhere or form.xpath(".//button[@name]") or [None]


def pressing(button: html.HtmlElement) -> tuple[str, str]:
    return str(button.get("name")), str(button.get("value", ""))


def fields(element: html.HtmlElement) -> list[tuple[str, str]]:
    """What a browser would send, with empty text fields filled in."""
    filled_in = []
    boxes = element.xpath(".//textarea | .//input[not(@type) or @type='text']")
    for name, value in element.form_values():
        box = element.xpath(".//*[@name=$name]", name=name)[0]
        text = box in boxes
        if text:
            value = value.removeprefix("\n")  # as a browser does with the first one of a textarea
            # A lone field is changed: a name that stays as it was is no decision.
            value = f"{value} 12".strip() if len(boxes) == 1 else value or "12"
        if box.tag == "select" and len(element.xpath(CONTROLS)) == 1:
            # A lone choice is changed, too.
            value = next((option for option in reversed(box.value_options) if option != value), value)
        filled_in.append((name, value))
    for group in element.xpath(".//fieldset"):
        boxes = group.xpath(".//input[@type='radio' or @type='checkbox']")
        if boxes and not any(name == boxes[0].get("name") for name, _ in filled_in):
            filled_in.insert(1, (boxes[0].get("name"), boxes[0].get("value", "on")))
    return filled_in


def changing(app: Flask, role: str) -> set[str]:
    """The endpoints with which a role changes something; the API has no forms, and tests of its own."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not rule.endpoint.startswith("api.")
        and "POST" in (rule.methods or set())
        and role in permissions.needed(app, rule.endpoint).roles  # type: ignore[union-attr]
    }


def audit_rows(database: db.Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(AuditRow)) or 0


@pytest.mark.parametrize("role", ["facilitator", "planner", "administrator"])
def test_every_form_works_and_is_written_down_once(
    made_app: Throughline, filled: tuple[Path, Cast], tmp_path: Path, role: str
) -> None:
    (source, cast), app = filled, made_app
    database = open_database(app, shutil.copy(source, tmp_path / "look.sqlite"))
    reached = forms(app, login(app.test_client(), getattr(cast, role)))
    database.dispose()
    faults, taken = [], set()
    for number, form in enumerate(reached):
        if form.endpoint == "account.sign_out":
            continue
        database = open_database(app, shutil.copy(source, tmp_path / f"{number}.sqlite"))
        sender = login(app.test_client(), getattr(cast, role))
        token = html.fromstring(sender.get(form.page).text).xpath("//input[@name='csrf_token']/@value")[0]
        before = audit_rows(database)
        data: dict[str, list[str]] = {"csrf_token": [token]}
        for name, value in form.data:
            if name != "csrf_token":
                data.setdefault(name, []).append(value)
        reply = sender.post(form.url, data=data)
        written = audit_rows(database) - before
        database.dispose()
        wanted = 1 if reply.status_code == 303 and form.endpoint not in WITHOUT_AUDIT else 0
        if reply.status_code == 303:
            taken.add(form.endpoint)
        if reply.status_code not in (200, 303, 422) or written != wanted:
            faults.append(
                f"{form.endpoint} on {form.page}: {reply.status_code}, {written} audit rows, {form.data}"
            )
    assert faults == []
    assert changing(app, role) - taken <= NEED_MORE
