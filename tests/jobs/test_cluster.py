"""Jobs whose arithmetic is lent to a Dask cluster: the same themes, or a sentence that says what to do."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select

from survey import checks
from survey.config import Settings
from survey.db import Database
from survey.errors import Refusal
from survey.formats.comments_in import ColumnChoice
from survey.jobs import cluster, worker
from survey.jobs.tasks import common
from survey.models import Job, Run, Study
from survey.services import imports, runs
from tests.analysis.corpus_of_notes import notes
from tests.jobs.test_table import job

SETTING = "SURVEY_DASK_SCHEDULER"


@pytest.fixture
def here() -> Iterator[Callable[[int], str]]:
    """Starts a scheduler with so many workers in this process, on the loopback, and gives its address."""
    distributed = pytest.importorskip(
        "distributed", reason="Dask is not installed: pip install 'throughline[dask]'"
    )
    started = []

    def start(workers: int) -> str:
        started.append(
            distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=False,
                protocol="tcp",
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                memory_limit=None,
            )
        )
        return str(started[-1].scheduler_address)

    yield start
    for one in started:
        one.close()


@pytest.fixture
def unused() -> str:
    """An address where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"tcp://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def search(database: Database, study: Study) -> Callable[[], Job]:
    """Finds themes in the study of the tests, and gives the job as it ended."""
    rows = "\n".join(f'"{one.text}"' for one in notes())
    with database.writing() as session:
        found = session.get_one(Study, study.id)
        imports.import_comments(session, found, f"text\n{rows}".encode(), "f.csv", ColumnChoice("text"), "t")

    def find() -> Job:
        with database.writing() as session:
            how = runs.How(afresh=True)  # so that the second search knows no more than the first
            number = runs.find(session, session.get_one(Study, study.id), how, "planner").id
        worker.drain(database)
        return job(database, number)

    return find


def test_a_search_that_is_lent_finds_the_same(
    database: Database,
    search: Callable[[], Job],
    here: Callable[[int], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lent: list[Any] = []
    lend = common.lent_by
    monkeypatch.setattr(common, "lent_by", lambda client: lent.append(client) or lend(client))
    assert search().state == "done"
    assert not lent
    monkeypatch.setenv(SETTING, here(1))
    assert search().state == "done"
    assert [client.status for client in lent] == ["closed"]
    with database.reading() as session:
        first, again = session.scalars(select(Run).order_by(Run.number)).all()
        assert first.manifest == again.manifest
        assert [(one.label, one.size, one.stability, one.quotes) for one in first.candidates] == [
            (one.label, one.size, one.stability, one.quotes) for one in again.candidates
        ]


def test_a_scheduler_that_is_away_fails_the_job_at_once_with_a_sentence(
    search: Callable[[], Job], unused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SETTING, unused)
    ended = search()
    assert (ended.state, ended.attempts) == ("failed", 1)
    assert ended.message == (
        f"The Dask scheduler at {unused} gave no answer in 10 seconds: "
        "start it, or correct or clear SURVEY_DASK_SCHEDULER."
    )


def test_a_cluster_without_workers_fails_the_job_at_once_with_a_sentence(
    search: Callable[[], Job], here: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SETTING, here(0))
    ended = search()
    assert (ended.state, ended.attempts) == ("failed", 1)
    assert ended.message == "The Dask cluster has no worker: start one, then try again."


def test_dask_that_is_not_installed_is_said(
    search: Callable[[], Job], unused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "find_spec", lambda name: None)
    monkeypatch.setenv(SETTING, unused)
    assert "Dask is not installed: install throughline[dask]" in search().message


def test_something_else_that_listens_is_not_waited_for_long(
    unused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed: pip install 'throughline[dask]'")
    monkeypatch.setattr(cluster, "SECONDS", 1)
    with (
        socket.create_server(("127.0.0.1", 0)) as mute,
        pytest.raises(Refusal, match="gave no answer in 1 seconds"),
        cluster.client_of(f"tcp://127.0.0.1:{mute.getsockname()[1]}"),
    ):
        pass


def test_the_doctor_knocks(here: Callable[[int], str], unused: str) -> None:
    address = here(0)
    found = {
        place: [check for check in checks.all_of(Settings(dask_scheduler=place)) if check.name == "Dask"]
        for place in ("", address, unused)
    }
    assert [len(found[place]) for place in found] == [0, 1, 1]
    assert (found[address][0].state, found[unused][0].state) == (checks.FINE, checks.WRONG)
    assert address in found[address][0].words
