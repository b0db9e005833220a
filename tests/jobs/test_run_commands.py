"""Runs on the command line: found, listed, put onto the board."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from survey import changes, cli
from survey.config import load
from survey.db import connect
from survey.models import Candidate, Run
from survey.services import standings, studies
from tests import talk
from tests.boards import board_of, decide


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study of 80 comments in an SQLite file."""
    monkeypatch.setenv("SURVEY_DATABASE_URL", f"sqlite:///{tmp_path}/survey.sqlite")
    assert cli.run(("db", "upgrade")) == 0
    assert cli.run(("studies", "add", "it-plan", "--title", "Plan")) == 0
    with connect(load().database_url).writing() as session:
        talk.add(session, studies.by_slug(session, "it-plan"), 80)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = cli.run(arguments)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_runs_from_the_first_to_the_board(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "It is on the board." in run(capsys, "discover", "it-plan", "--themes", "6")[2]
    found = run(capsys, "discover", "it-plan", "--afresh", "--granularity", "few", "--seed", "2")
    assert found[0] == 0
    assert "To put it there: survey apply it-plan 2" in found[2]
    lines = run(capsys, "runs", "it-plan")[1].splitlines()
    assert [line.split("\t")[0] for line in lines] == ["2", "1"]
    assert ["on the board" in line for line in lines] == [False, True]
    assert "few\tseed 2" in lines[0]
    done = run(capsys, "apply", "it-plan", "2")
    assert done[0] == 0
    assert "Run 2 is on the board" in done[1]
    lines = run(capsys, "runs", "it-plan")[1].splitlines()
    assert ["on the board" in line for line in lines] == [True, False]
    assert run(capsys, "apply", "it-plan", "2")[1] == "Run 2 is on the board already.\n"


def test_placing_by_examples(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "discover", "it-plan", "--themes", "4")
    refused = run(capsys, "discover", "it-plan", "--place", "rest")
    assert refused[0] == 1
    assert "no examples yet" in refused[2]
    database = connect(load().database_url)
    with database.writing() as session:
        study = studies.by_slug(session, "it-plan")
        placed = standings.everywhere(session, board_of(session, study))
        decide(session, study, changes.pin(sorted(placed)[:20]))
    assert run(capsys, "discover", "it-plan", "--place", "all")[0] == 0
    with database.reading() as session:
        made = session.scalars(select(Run).where(Run.number == 2)).one()
        assert (made.kind, made.manifest["every"]) == ("place", True)
        assert all(session.scalars(select(Candidate.goes_on).where(Candidate.run_id == made.id)))
    assert "place\t" in run(capsys, "runs", "it-plan")[1]


@pytest.mark.parametrize(
    ("arguments", "words", "code"),
    [
        (("apply", "it-plan", "7"), "There is no such thing", 1),
        (("apply", "nowhere", "1"), "There is no study", 1),
        (("runs", "nowhere"), "There is no study", 1),
        (("discover", "it-plan", "--granularity", "finest"), "finest", 2),
        (("discover", "it-plan", "--place", "some"), "some", 2),
    ],
)
def test_what_cannot_be_done_is_said(
    place: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str, code: int
) -> None:
    ended = run(capsys, *arguments)
    assert ended[0] == code
    assert words in ended[2]
