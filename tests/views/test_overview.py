"""The map and the groups page: the same numbers as the board, in words and shapes as well as colours."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import event, insert
from werkzeug.test import TestResponse

from survey import changes
from survey.db import Database
from survey.models import Comment, MapPoint, Placement, Run, Study
from survey.services import studies
from tests.boards import add_comments, add_run, board_of, decide
from tests.fixtures import login
from tests.people import Cast

BOARD = "/studies/it-plan/themes"


@pytest.fixture
def planner(client: FlaskClient, database: Database, cast: Cast, study: Study) -> FlaskClient:
    with database.writing() as session:
        add_comments(session, study)
        add_run(session, study)
    return login(client, cast.planner)


def put_on_map(database: Database, study: Study) -> None:
    with database.writing() as session:
        run = session.query(Run).filter_by(study_id=study.id).one()
        ids = sorted(c.id for c in session.query(Comment).filter_by(study_id=study.id) if c.id != "late")
        points = [
            {"run_id": run.id, "comment_id": id, "x": place / 20, "y": 0.5} for place, id in enumerate(ids)
        ]
        session.execute(insert(MapPoint), points)


def table(reply: TestResponse) -> dict[str, list[str]]:
    rows = html.fromstring(reply.text).xpath("//tr[th[@scope='row']]")
    return {
        " ".join(row.xpath("string(th)").split()): [
            " ".join(td.text_content().split()) for td in row.xpath("td")
        ]
        for row in rows
    }


def test_without_points_the_map_says_what_to_do(planner: FlaskClient) -> None:
    assert "Find themes again to get one" in planner.get(f"{BOARD}/map").text


def test_the_map_shows_comments_where_they_are_now(
    planner: FlaskClient, database: Database, study: Study
) -> None:
    put_on_map(database, study)
    found = table(planner.get(f"{BOARD}/map"))
    assert found == {
        "1 internet; home": ["5", "6"],
        "2 phone; services": ["3", "4"],
        "3 pole permits": ["2", "2"],
        "In no theme": ["3", "4"],
    }
    with database.writing() as session:
        there = studies.by_slug(session, study.slug)
        wanted = [changes.move("a4", None, 3), changes.off_topic("n4"), changes.merge(1, [2])]
        decide(session, there, *wanted)
    reply = planner.get(f"{BOARD}/map")
    assert table(reply) == {
        "1 internet; home": ["8", "8"],
        "2 pole permits": ["3", "3"],
        "In no theme": ["1", "2"],
    }
    marks = html.fromstring(reply.text).xpath(
        "//*[local-name()='svg' and @class='map']//*[local-name()='use']"
    )
    assert len(marks) == 12, "one mark a comment, none for what is off the topic"


def test_the_map_takes_one_query_for_all_its_comments(
    planner: FlaskClient, database: Database, study: Study
) -> None:
    put_on_map(database, study)
    seen: list[str] = []
    note = lambda *args: seen.append(args[2])  # noqa: E731
    event.listen(database.read, "before_cursor_execute", note)
    try:
        planner.get(f"{BOARD}/map")
    finally:
        event.remove(database.read, "before_cursor_execute", note)
    assert sum("map_point" in statement for statement in seen) == 1


def test_groups_say_that_small_numbers_are_too_few(planner: FlaskClient) -> None:
    reply = planner.get(f"{BOARD}/groups")
    assert "In 9 of 9 cells the numbers are too small" in reply.text
    first = table(reply)["internet; home"]
    assert [re.sub(r"\D.*", "", cell) for cell in first] == ["2", "3", "1", "6"]
    assert all("too few to say" in cell for cell in first[:-1])


def test_groups_say_more_and_less_where_numbers_bear_it(
    planner: FlaskClient, database: Database, study: Study
) -> None:
    with database.writing() as session:
        there = studies.by_slug(session, study.slug)
        run = session.query(Run).filter_by(study_id=study.id).one()
        tech = next(a for a in there.audiences if a.name == "Tech")
        candidate = run.candidates[2]
        for number in range(60):
            session.add(
                Comment(
                    id=f"m{number}", study_id=study.id, channel="import", text="Poles", audience_id=tech.id
                )
            )
        session.flush()
        for number in range(60):
            row = Placement(run_id=run.id, comment_id=f"m{number}", rank=1, weight=0.5)
            row.candidate_id = candidate.id
            session.add(row)
        key, other = str(tech.id), next(a for a in there.audiences if a.name == "Academia")
        candidate.by_audience = {**candidate.by_audience, key: candidate.by_audience.get(key, 0) + 60}
        run.totals = {**run.totals, key: run.totals[key] + 60, str(other.id): 24}
        run.comments += 60
        assert board_of(session, there).themes[0].size == 62
    cells = table(planner.get(f"{BOARD}/groups"))["pole permits"]
    assert "too few" in cells[0] or "less" in cells[0]
    assert "▲ more" in cells[2]
    assert "62 97%" in cells[2]
