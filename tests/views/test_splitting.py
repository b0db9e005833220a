"""Splitting a theme by what the program proposes: put right page by page, saved, or refused with all kept."""

# ruff: noqa: F811 - `found` is a fixture of another file

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, update

from survey import changes
from survey.board import BoardTheme
from survey.db import Database
from survey.jobs import worker
from survey.models import Comment, Job, Placement, Study
from survey.services import applying, runs, splits, standings, studies
from survey.services.runs import How
from tests.boards import board_of, decide
from tests.fixtures import login, post
from tests.jobs.test_rerun import BY, found, newest, work  # noqa: F401 (a fixture)
from tests.people import Cast

THEMES = "/studies/it-plan/themes"


@pytest.fixture
def merged(database: Database, found: Study) -> int:
    """The number of a theme of two subjects, joined by a person."""
    with database.writing() as session:
        study = studies.by_slug(session, found.slug)
        first, second = board_of(session, study).themes[:2]
        decide(session, study, changes.merge(first.id, [second.id]))
        return first.id


@pytest.fixture
def planner(client: FlaskClient, cast: Cast, merged: int) -> FlaskClient:
    return login(client, cast.planner)


def propose(planner: FlaskClient, database: Database, theme: int, parts: str = "2") -> str:
    job = str(post(planner, f"{THEMES}/{theme}/split", {"parts": parts}).location)
    worker.drain(database)
    reply = planner.get(job)
    assert reply.status_code == 302, reply.text
    return str(reply.location)


def themes_of(database: Database, study: Study) -> dict[str, BoardTheme]:
    with database.reading() as session:
        return {t.name: t for t in board_of(session, studies.by_slug(session, study.slug)).themes}


def held(database: Database, study: Study, theme: int) -> frozenset[str]:
    with database.reading() as session:
        board = board_of(session, studies.by_slug(session, study.slug))
        where = standings.everywhere(session, board)
        return frozenset(c for c, themes in where.items() if any(t == theme for t, _w in themes))


def form_of(page: str) -> dict[str, str]:
    """What the form of the parts holds."""
    fields = dict(re.findall(r'<input[^>]* name="((?:name-\d|revision|next|moved))" value="([^"]*)"', page))
    for name, options in re.findall(r'<select[^>]* name="(part-[^"]+)"[^>]*>(.*?)</select>', page):
        fields[name] = re.search(r'value="(\d)" selected', options)[1]  # type: ignore[index]
    return fields


def test_a_split_from_the_button_to_the_board(
    planner: FlaskClient,
    database: Database,
    found: Study,
    merged: int,
) -> None:
    before = held(database, found, merged)
    address = propose(planner, database, merged)
    fields = form_of(planner.get(address).text)
    assert {f"part-{c}" for c in before} == {name for name in fields if name.startswith("part-")}
    wrong = next(name for name, part in fields.items() if name.startswith("part-") and part == "0")
    fields |= {"name-0": "First half", "name-1": "Second half", wrong: "1", "go": "save"}
    reply = post(planner, address, fields)
    assert (reply.status_code, reply.location) == (303, f"{THEMES}#theme-{merged}")
    themes = themes_of(database, found)
    first, second = themes["First half"], themes["Second half"]
    assert first.id == merged
    one, other = held(database, found, first.id), held(database, found, second.id)
    assert one | other == before
    assert not one & other
    assert wrong.removeprefix("part-") in other
    second_half = {name for name, part in fields.items() if name.startswith("part-") and part == "1"}
    assert {f"part-{comment}" for comment in other} == second_half


def test_a_split_outlives_the_next_run(
    planner: FlaskClient,
    database: Database,
    found: Study,
    merged: int,
) -> None:
    address = propose(planner, database, merged)
    fields = form_of(planner.get(address).text) | {"name-0": "One", "name-1": "Two"}
    post(planner, address, fields)
    themes = themes_of(database, found)
    before = {name: held(database, found, themes[name].id) for name in ("One", "Two")}
    work(database, found, lambda session, study: runs.find(session, study, How(afresh=True), BY))
    with database.writing() as session:
        study = studies.by_slug(session, found.slug)
        decide(session, study, applying.onto(board_of(session, study), newest(session, study)))
    for name, comments in before.items():
        assert comments <= held(database, found, themes[name].id)


def test_pages_keep_what_was_changed(
    planner: FlaskClient,
    database: Database,
    found: Study,
    merged: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(splits, "PAGE_SIZE", 10)
    address = propose(planner, database, merged)
    fields = form_of(planner.get(address).text)
    moved = sorted(name for name in fields if name.startswith("part-"))[:3]
    fields |= dict.fromkeys(moved, "1") | {"name-0": "A <b>", "name-1": "B", "go": "2"}
    turned = post(planner, address, fields)
    assert turned.status_code == 200
    assert "A &lt;b&gt;" in turned.text
    second = form_of(turned.text)
    assert set(moved).isdisjoint(second)
    assert {f"part-{pair.split(':')[0]}" for pair in second["moved"].split()} >= set(moved)
    saved = post(planner, address, {**second, "name-0": "A", "go": "save"})
    assert saved.status_code == 303
    assert {name.removeprefix("part-") for name in moved} <= held(
        database, found, themes_of(database, found)["B"].id
    )


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("", "B"), "needs a name"),
        (("Same", "same"), "Give each a name of its own"),
        (("x" * 201, "B"), "201 characters"),
        (("A\0", " \0 "), "needs a name"),
    ],
)
def test_names_that_cannot_be_are_refused_and_kept(
    planner: FlaskClient,
    database: Database,
    found: Study,
    merged: int,
    names: tuple[str, str],
    words: str,
) -> None:
    address = propose(planner, database, merged)
    fields = form_of(planner.get(address).text)
    moved = next(name for name, part in fields.items() if name.startswith("part-") and part == "0")
    reply = post(planner, address, {**fields, "name-0": names[0], "name-1": names[1], moved: "1"})
    assert reply.status_code == 422
    assert words in reply.text
    assert form_of(reply.text)[moved] == "1"
    if "\0" not in names[0]:
        assert form_of(reply.text)["name-0"] == names[0]
    assert merged in {theme.id for theme in themes_of(database, found).values()}
    assert len(themes_of(database, found)) == 5


def test_an_emptied_part_is_refused(planner: FlaskClient, database: Database, merged: int) -> None:
    address = propose(planner, database, merged)
    fields = form_of(planner.get(address).text)
    all_first = {name: "0" for name in fields if name.startswith("part-")}
    reply = post(planner, address, {**fields, **all_first, "name-0": "A", "name-1": "B"})
    assert reply.status_code == 422
    assert "No comment is in the part “B”" in reply.text


def test_what_joined_and_left_since(
    planner: FlaskClient,
    database: Database,
    found: Study,
    merged: int,
) -> None:
    address = propose(planner, database, merged)
    gone = sorted(held(database, found, merged))[:2]
    with database.writing() as session:
        study = studies.by_slug(session, found.slug)
        other = next(t.id for t in board_of(session, study).themes if t.id != merged)
        come = sorted(held_in(session, study, other))[:3]
        decide(session, study, changes.move(gone, merged, other), changes.move(come, other, merged))
    page = planner.get(address).text
    assert "3 comments came into the theme since" in page
    assert "2 comments left the theme since" in page
    reply = post(planner, address, {**form_of(page), "name-0": "A", "name-1": "B"})
    assert reply.status_code == 303
    assert set(come) <= held(database, found, merged)
    assert not set(gone) & held(database, found, merged)


def held_in(session: Any, study: Study, theme: int) -> set[str]:
    where = standings.everywhere(session, board_of(session, study))
    return {c for c, themes in where.items() if any(t == theme for t, _w in themes)}


def test_proposals_of_an_old_run_say_so(
    planner: FlaskClient,
    database: Database,
    found: Study,
    merged: int,
) -> None:
    address = propose(planner, database, merged)
    work(database, found, lambda session, study: runs.find(session, study, How(), BY))
    with database.writing() as session:
        study = studies.by_slug(session, found.slug)
        decide(session, study, applying.onto(board_of(session, study), newest(session, study)))
    assert "Another run came onto the board" in planner.get(address).text


@pytest.mark.parametrize("parts", ["1", "0", "5", "many", "99999"])
def test_wrong_numbers_of_parts(planner: FlaskClient, merged: int, parts: str) -> None:
    reply = post(planner, f"{THEMES}/{merged}/split", {"parts": parts})
    assert reply.status_code == 422
    assert "Choose 2 to 4 parts" in reply.text


def test_themes_and_jobs_that_are_not_there(
    planner: FlaskClient,
    database: Database,
    found: Study,
    merged: int,
) -> None:
    address = propose(planner, database, merged)
    job_id = int(address.rsplit("/", 1)[1])
    other = next(t.id for t in themes_of(database, found).values() if t.id != merged)
    assert planner.get(f"{THEMES}/999/split").status_code == 404
    assert post(planner, f"{THEMES}/999/split", {"parts": "2"}).status_code == 404
    assert planner.get(f"{THEMES}/{other}/split/{job_id}").location == f"{THEMES}/{other}/split"
    assert post(planner, f"{THEMES}/{other}/split/{job_id}").status_code == 404
    assert post(planner, f"{THEMES}/{merged}/split/999999").status_code == 404
    with database.writing() as session:
        elsewhere = studies.by_slug(session, "other")
        session.execute(update(Job).where(Job.id == job_id).values(study_id=elsewhere.id))
    assert post(planner, address, {"name-0": "A", "name-1": "B"}).status_code == 404


def test_a_theme_that_went_while_one_looked(
    planner: FlaskClient,
    database: Database,
    found: Study,
    merged: int,
) -> None:
    address = propose(planner, database, merged)
    fields = form_of(planner.get(address).text) | {"name-0": "A", "name-1": "B"}
    with database.writing() as session:
        study = studies.by_slug(session, found.slug)
        other = next(t.id for t in board_of(session, study).themes if t.id != merged)
        decide(session, study, changes.merge(other, [merged]))
    reply = post(planner, address, fields)
    assert reply.status_code == 409
    assert "The board has changed" in reply.text
    assert "A" not in themes_of(database, found)


def test_a_job_under_way_is_not_a_proposal(planner: FlaskClient, database: Database, merged: int) -> None:
    job = str(post(planner, f"{THEMES}/{merged}/split", {"parts": "auto"}).location)
    again = str(post(planner, f"{THEMES}/{merged}/split", {"parts": "auto"}).location)
    assert again == job
    number = job.rsplit("/", 1)[1]
    assert planner.get(f"{THEMES}/{merged}/split/{number}").location == f"{THEMES}/{merged}/split"
    assert "Looking for parts" in planner.get(job).text
    post(planner, f"{job}/cancel")
    assert f"{THEMES}/{merged}/split" in planner.get(job).text


def test_a_theme_too_small_says_so(
    planner: FlaskClient,
    database: Database,
    found: Study,
    merged: int,
) -> None:
    with database.writing() as session:
        study = studies.by_slug(session, found.slug)
        some = sorted(held_in(session, study, merged))[:2]
        board = decide(session, study, changes.create("Tiny", some, merged))
        tiny = board.next_number - 1
    job = str(post(planner, f"{THEMES}/{tiny}/split", {"parts": "2"}).location)
    worker.drain(database)
    page = planner.get(job).text
    assert "too few different comments" in page
    assert "No parts found" in page


def test_a_theme_of_ten_thousand_comments_is_split_without_sending_them(
    planner: FlaskClient,
    database: Database,
    found: Study,
    merged: int,
) -> None:
    """The browser sends names and what was moved; which comment is in which part, the server knows."""
    address = propose(planner, database, merged)
    with database.writing() as session:
        study = studies.by_slug(session, found.slug)
        board = board_of(session, study)
        session.execute(insert(Comment), [many(place, study.id) for place in range(10_000)])
        candidate = next(c for c, home in board.home.items() if home == merged)
        rows = [
            {
                "run_id": board.run,
                "comment_id": f"m{place}",
                "candidate_id": candidate,
                "rank": 1,
                "weight": 0.5,
            }
            for place in range(10_000)
        ]
        session.execute(insert(Placement), rows)
        job = session.get_one(Job, int(address.rsplit("/", 1)[1]))
        result = dict(job.result or {})
        result["parts"][1]["comments"] += [f"m{place}" for place in range(10_000)]
        session.execute(update(Job).where(Job.id == job.id).values(result=result))
    page = planner.get(address).text
    assert len(page) < 150_000
    assert "Page 1 of" in page
    reply = post(planner, address, {**form_of(page), "name-0": "A", "name-1": "B", "go": "save"})
    assert reply.status_code == 303
    assert {f"m{place}" for place in range(10_000)} <= held(
        database, found, themes_of(database, found)["B"].id
    )


def many(place: int, study_id: int) -> dict[str, Any]:
    return {"id": f"m{place}", "study_id": study_id, "channel": "import", "text": f"Comment {place}"}
