"""Runs: refused in words, one at a time, every comment placed or with a reason, whole or not at all."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import analysis
from survey.board import Change
from survey.db import Database
from survey.errors import NotFound, Refusal
from survey.formats.comments_in import ColumnChoice
from survey.jobs import table, tasks, worker
from survey.models import AuditRow, Candidate, Comment, Job, Placement, Run, Study
from survey.services import board as boards
from survey.services import imports, runs, studies
from tests.bad_files import IDEAS
from tests.jobs.test_table import job, let_lease_run_out

FILE = "text,group\n" + "".join(
    f"{IDEAS[n % 4]} {('now', 'soon', 'today')[n % 3]},{('North', 'South', '')[n % 3]}\n" for n in range(48)
)


@pytest.fixture
def filled(database: Database, study: Study) -> Study:
    """The study with 48 comments on four ideas from two audiences and from nobody known."""
    with database.writing() as session:
        found = studies.by_slug(session, study.slug)
        imports.import_comments(
            session, found, FILE.encode(), "f.csv", ColumnChoice("text", audience="group"), "t"
        )
    worker.drain(database)
    return study


def start(database: Database, study: Study, themes: int | None = None, seed: int = 0) -> int:
    with database.writing() as session:
        return runs.start(
            session, session.get_one(Study, study.id), themes, seed, "planner@office.example"
        ).id


def rows(database: Database, model: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_run_places_every_comment_or_says_why_not(database: Database, filled: Study) -> None:
    number = start(database, filled, themes=4, seed=3)
    worker.drain(database)
    ended = job(database, number)
    assert (ended.state, ended.message) == ("done", "")
    with database.reading() as session:
        run = session.scalars(select(Run)).one()
        placed = session.scalars(select(Placement)).all()
        assert {row.comment_id for row in placed} == set(session.scalars(select(Comment.id)))
        assert all((row.candidate_id is None) == (row.reason is not None) for row in placed)
        assert (run.number, run.seed, run.comments, run.made_by) == (1, 3, 48, "planner@office.example")
        assert sum(run.totals.values()) == 48
        assert run.manifest["options"]["themes"] == 4
        check_candidates(session, run)


def check_candidates(session: Session, run: Run) -> None:
    """What a candidate says of itself is what its placements say."""
    audience_of = {comment.id: comment.audience_id for comment in session.scalars(select(Comment))}
    for candidate in run.candidates:
        ids = session.scalars(
            select(Placement.comment_id).where(Placement.candidate_id == candidate.id)
        ).all()
        by_audience = Counter(str(audience_of[id] or "") for id in ids)
        assert candidate.size == len(ids) > 0
        assert {key: number for key, number in candidate.by_audience.items() if number} == by_audience
        assert set(candidate.quotes) <= set(ids)
        assert set(candidate.by_audience) <= set(run.totals)


def test_finding_themes_again_never_takes_a_decided_board_away(database: Database, filled: Study) -> None:
    start(database, filled, themes=4)
    worker.drain(database)
    with database.writing() as session:
        study = studies.by_slug(session, filled.slug)
        first = boards.load(session, study)
        assert first is not None
        boards.decide(session, study, Change("accept", {"theme": first.themes[0].id}), first.revision, "p")
    start(database, filled, themes=3)
    worker.drain(database)
    with database.reading() as session:
        study = studies.by_slug(session, filled.slug)
        board = boards.load(session, study)
        assert board is not None
        assert (board.run, board.decisions) == (first.run, 1)
        assert [run.number for run in boards.runs_of(session, study)] == [2, 1]


def test_the_same_seed_finds_the_same(database: Database, filled: Study) -> None:
    for _ in range(2):
        with database.writing() as session:
            how = runs.How(seed=7, afresh=True)
            runs.find(session, session.get_one(Study, filled.id), how, "planner@office.example")
        worker.drain(database)
    with database.reading() as session:
        first, second = session.scalars(select(Run).order_by(Run.number)).all()
        assert [run.number for run in (first, second)] == [1, 2]
        assert [(c.label, c.size, c.by_audience, c.quotes) for c in first.candidates] == [
            (c.label, c.size, c.by_audience, c.quotes) for c in second.candidates
        ]
        assert first.manifest == second.manifest


def test_too_few_comments_are_refused_at_once(database: Database, study: Study) -> None:
    for number, words in (
        (0, "0 comments are too few: 20 are needed"),
        (1, "1 comment is too few: 20 are needed"),
    ):
        with database.writing() as session:
            found = session.get_one(Study, study.id)
            if number:
                imports.import_comments(session, found, b"text\nOne\n", "f.csv", ColumnChoice("text"), "t")
        with pytest.raises(Refusal, match=words):
            start(database, study)


def test_service_and_analysis_agree_on_how_many_are_needed() -> None:
    assert analysis.Options().minimum == runs.FEWEST_COMMENTS
    with pytest.raises(analysis.TooFew) as refused:
        analysis.discover([analysis.Comment(str(n), f"bus road tree {n}") for n in range(12)])
    assert str(refused.value) == runs.too_few(12)


@pytest.mark.parametrize(("themes", "seed"), [(0, 0), (-1, 0), (101, 0), (None, -1), (None, 2**32)])
def test_options_out_of_range_are_refused(
    database: Database, filled: Study, themes: int | None, seed: int
) -> None:
    with pytest.raises(Refusal, match="must be"):
        start(database, filled, themes, seed)


def test_every_allowed_option_is_one_the_analysis_takes() -> None:
    for themes, seed in ((None, 0), (1, 0), (runs.MOST_THEMES, runs.MOST_SEED)):
        assert analysis.Options(themes=themes, seed=seed).seed == seed


def test_one_search_at_a_time(database: Database, filled: Study) -> None:
    start(database, filled)
    with pytest.raises(Refusal, match="under way"):
        start(database, filled)
    assert rows(database, Job) == 2  # the other one counted near duplicates


def test_comments_that_say_nothing_fail_the_job_with_the_sentence_of_the_library(
    database: Database, study: Study
) -> None:
    with database.writing() as session:
        found = session.get_one(Study, study.id)
        imports.import_comments(
            session, found, b"text\n" + b"The bus is late\n" * 30, "f.csv", ColumnChoice("text"), "t"
        )
    number = start(database, study)
    worker.drain(database)
    ended = job(database, number)
    assert (ended.state, ended.attempts, rows(database, Run)) == ("failed", 1, 0)
    assert "30 comments say the same" in ended.message


def test_a_run_that_lost_its_lease_leaves_nothing_half_visible(database: Database, filled: Study) -> None:
    number = start(database, filled)
    slow = table.claim(database, "slow")
    assert slow is not None
    store = tasks.discover(database, slow, lambda share, message: None)
    let_lease_run_out(database, number)
    worker.drain(database)
    with pytest.raises(table.Lost), database.writing() as session:
        table.renew(session, slow)
        store(session)
    assert (rows(database, Run), job(database, number).attempts) == (1, 2)


def test_cancelling_is_written_down_and_stores_nothing(database: Database, filled: Study) -> None:
    number = start(database, filled)
    with database.writing() as session:
        assert runs.cancel(session, session.get_one(Study, filled.id), number, by="planner")
    worker.drain(database)
    assert (job(database, number).state, rows(database, Run), rows(database, Candidate)) == (
        "cancelled",
        0,
        0,
    )
    with database.reading() as session:
        assert "runs.cancel" in session.scalars(select(AuditRow.action)).all()


def test_a_job_of_another_study_is_not_found(database: Database, filled: Study) -> None:
    number = start(database, filled)
    with database.writing() as session, pytest.raises(NotFound):
        runs.cancel(session, studies.by_slug(session, "other"), number, by="planner")
    assert job(database, number).state == "waiting"
