"""The command line: every command does its work, and says in one sentence why when it cannot."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from sqlalchemy import func, select, text

from survey import cli
from survey.commands import demo as demo_command
from survey.config import Settings
from survey.db import Database, connect
from survey.jobs import table, tasks, worker
from survey.migrate import current
from survey.models import AuditRow, Comment, CommentImport, Job, Person, Release, Run, Study, Summary
from survey.services import people, release_content
from tests.bad_files import CASES, TEXTS, Case
from tests.bad_files import table as csv_table
from tests.fixtures import SECRET

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Result:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


Run_ = Callable[..., Result]


@pytest.fixture
def survey(
    test_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Run_:
    """Runs a command over the test's database, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SURVEY_DATABASE_URL", test_settings.database_url)
    monkeypatch.setenv("SURVEY_SECRET_KEY", SECRET)
    # `survey demo` sets these for the server that it becomes; here they must not outlive the test.
    monkeypatch.setenv("SURVEY_DEMO", "0")
    monkeypatch.setenv("SURVEY_OFFICE", "City of Example")

    def run(*arguments: str) -> Result:
        code = cli.run(arguments)
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err + printed.out
        return Result(code, printed.out, printed.err)

    return run


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.csv"
    path.write_text(csv_table(TEXTS), encoding="utf-8")
    return path


def count(database: Database, model: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


IMPORT = ("--text", "comment", "--id", "no", "--language", "language")


def bring(survey: Run_, file: Path, *more: str) -> Result:
    return survey("import", "comments", "it-plan", str(file), *IMPORT, *more)


def test_a_whole_study(survey: Run_, database: Database, notes: Path, tmp_path: Path) -> None:
    assert survey("studies", "add", "it-plan", "--title", "IT plan").out == "Made the study “it-plan”.\n"
    report = bring(survey, notes)
    assert report.code == 0
    assert "28 rows read, 28 stored, 0 refused" in report.out
    found = survey("discover", "it-plan", "--themes", "1", "--seed", "4")
    assert (found.code, found.out) == (0, "Run 1: 1 themes, 0 comments in none of them.\n")
    assert "Grouping the comments" in found.err
    for name in ("csv", "xlsx", "docx", "json"):
        out = tmp_path / f"summary.{name}"
        assert survey("export", "it-plan", "--format", name, "--out", str(out)).code == 0
        assert out.stat().st_size > 1000
        assert out.stat().st_mode & 0o077 == 0
    for name, start in (("codebook", b"\xef\xbb\xbf"), ("qdc", b"<?xml"), ("qdpx", b"PK")):
        out = tmp_path / f"book.{name}"
        assert survey("export", "it-plan", "--format", name, "--out", str(out)).code == 0
        assert out.read_bytes().startswith(start)
        assert out.stat().st_mode & 0o077 == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "summary.csv").read_text("utf-8-sig"))))
    assert sorted(row["text"] for row in rows) == sorted(TEXTS)
    assert survey("audit", "verify").out.startswith("The audit is whole")
    with database.reading() as session:
        assert session.scalars(select(Run.seed)).all() == [4]


def test_the_report_as_json(survey: Run_, study: Study, database: Database, notes: Path) -> None:
    report = json.loads(bring(survey, notes, "--report", "json").out)
    assert (report["read"], report["stored"], report["exact_duplicates"]) == (28, 28, 0)
    assert isinstance(report["near_duplicates"], int)
    with database.reading() as session:
        assert session.scalars(select(CommentImport)).one().report == report


def test_refused_rows_and_nothing_is_stored(
    survey: Run_, study: Study, database: Database, notes: Path
) -> None:
    notes.write_text(csv_table((*TEXTS, "", "")), encoding="utf-8")
    refused = bring(survey, notes)
    assert (refused.code, count(database, Comment)) == (1, 0)
    assert "Line 30 has no text" in refused.out
    assert "Line 31 has no text" in refused.out
    assert refused.err.endswith("Put the file right, or add --partial to store the other rows.\n")
    partial = bring(survey, notes, "--partial")
    assert (partial.code, count(database, Comment)) == (0, 28)
    assert "30 rows read, 28 stored, 2 refused" in partial.out


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_files_as_they_come(
    survey: Run_, study: Study, database: Database, tmp_path: Path, case: Case
) -> None:
    path = tmp_path / case.file
    path.write_bytes(case.data)
    done = bring(survey, path)
    words = "no row of the file can be a comment" if case.name == "all empty" else case.refused
    assert (done.code, words in done.err) == (1 if case.refused else 0, True)
    assert count(database, Comment) == case.stored
    if case.stored:
        found = survey("discover", "it-plan")
        assert (found.code, case.found in found.err) == (1 if case.found else 0, True)
        assert count(database, Run) == (0 if case.found else 1)


SENTENCES = [
    (("discover", "nowhere"), "There is no study “nowhere”."),
    (("discover", "it-plan"), "0 comments are too few: 20 are needed"),
    (("discover", "it-plan", "--themes", "0"), "The number of themes must be from 1 to 100"),
    (("discover", "it-plan", "--seed", "-1"), "The seed must be"),
    (("export", "it-plan", "--format", "csv", "--out", "x.csv"), "There are no comments yet"),
    (("export", "nowhere", "--format", "csv", "--out", "x.csv"), "There is no study “nowhere”."),
    (("export", "it-plan", "--format", "csv", "--out", "no/such/x.csv"), "“no/such/x.csv” cannot be written"),
    (("import", "comments", "it-plan", "gone.csv", "--text", "x"), "“gone.csv” cannot be used"),
    (("import", "comments", "nowhere", "notes.csv", "--text", "comment"), "There is no study “nowhere”."),
    (("import", "comments", "it-plan", "notes.csv", "--text", "words"), "no column “words”"),
    (("import", "comments", "it-plan", ".", "--text", "words"), "“.” cannot be used"),
    (("studies", "add", "it-plan", "--title", "Again"), "There is a study “it-plan” already"),
    (("studies", "add", "Not A Slug", "--title", "x"), "cannot be used in an address"),
    (("people", "add", "no address", "--role", "planner"), "is not an e-mail address"),
    (("people", "add", "a@b.example", "--role", "planner", "--study", "nowhere"), "There is no study"),
    (("serve", "--bind", "127.0.0.1:99999"), "cannot be used"),
]


@pytest.mark.parametrize(("arguments", "sentence"), SENTENCES, ids=lambda value: " ".join(value)[:60])
def test_what_cannot_be_done_is_said_in_a_sentence(
    survey: Run_, study: Study, database: Database, notes: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    before = [count(database, model) for model in (Comment, Person, Study, Summary, AuditRow)]
    done = survey(*arguments)
    assert done.code == 1
    assert sentence in done.err
    assert done.err.count("\n") == 1
    assert [count(database, model) for model in (Comment, Person, Study, Summary, AuditRow)] == before
    assert not list(notes.parent.glob(".*"))


@pytest.mark.parametrize(
    "arguments", [("discover",), ("nonsense",), ("export", "x", "--format", "pdf", "--out", "y")]
)
def test_wrong_usage(survey: Run_, arguments: tuple[str, ...]) -> None:
    done = survey(*arguments)
    assert done.code == 2
    assert "Usage: survey" in done.err


WRONG_SETTINGS = [
    ({"SURVEY_DATABSE_URL": "x"}, "SURVEY_DATABSE_URL is not a setting"),
    ({"SURVEY_DATABASE_URL": "mysql://x"}, "must begin with"),
    ({"SURVEY_DATABASE_URL": "postgresql+nonsense://x/y"}, "cannot be used"),
    ({"SURVEY_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/x"}, "does not answer"),
    ({"SURVEY_DATABASE_URL": "sqlite:////proc/no/such.sqlite"}, "cannot be used"),
    ({"SURVEY_DATABASE_URL": "sqlite:///empty.sqlite"}, "Run: survey db upgrade"),
    ({"SURVEY_IMPORT_MB": "many"}, "use a whole number"),
]


@pytest.mark.parametrize(("environment", "sentence"), WRONG_SETTINGS, ids=lambda value: str(value)[:70])
def test_wrong_settings(
    survey: Run_, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], sentence: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for arguments in (("discover", "it-plan"), ("audit", "verify"), ("serve", "--bind", "127.0.0.1:0")):
        done = survey(*arguments)
        assert done.code == 1
        assert sentence in done.err
        assert done.err.count("\n") == 1


def test_serving_needs_a_secret(survey: Run_, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURVEY_SECRET_KEY", "short")
    assert "SURVEY_SECRET_KEY is too weak" in survey("serve").err


def test_an_address_that_is_taken(survey: Run_) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = survey("serve", "--bind", f"127.0.0.1:{taken.getsockname()[1]}")
    assert (done.code, "Choose another address" in done.err) == (1, True)


def test_upgrading_an_empty_database_twice(
    survey: Run_, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/new/survey.sqlite"
    monkeypatch.setenv("SURVEY_DATABASE_URL", url)
    assert [survey("db", "upgrade").code for _ in range(2)] == [0, 0]
    database = connect(url)
    with database.read.connect() as connection:
        assert current(connection) is not None
    database.dispose()


def password_of(result: Result) -> str:
    return result.out.split("once: ")[1].strip()


def test_people_get_a_password_shown_once(survey: Run_, database: Database, study: Study) -> None:
    made = survey("people", "add", "New@Office.example", "--role", "planner", "--role", "facilitator")
    assert made.code == 0
    with database.reading() as session:
        person = people.authenticate(session, "new@office.example", password_of(made))
        assert person is not None
        assert (person.roles, person.all_studies, person.name) == (["facilitator", "planner"], True, "new")
    again = survey("people", "add", "new@office.example", "--role", "planner")
    assert (again.code, "has an account already" in again.err) == (1, True)


def test_an_account_of_an_office_works_on_no_study(survey: Run_, database: Database, study: Study) -> None:
    assert survey("people", "add", "cao@office.example", "--role", "office").code == 0
    with database.reading() as session:
        (person,) = people.everyone(session)
        assert (person.roles, person.all_studies, person.memberships) == (["office"], False, [])


def test_without_themes_there_is_no_codebook(survey: Run_, study: Study, tmp_path: Path) -> None:
    done = survey("export", "it-plan", "--format", "qdpx", "--out", str(tmp_path / "a.qdpx"))
    assert (done.code, "no themes yet" in done.err) == (1, True)
    assert list(tmp_path.glob("a.qdpx")) == []


def test_people_of_one_study_with_a_password_of_their_own(
    survey: Run_, database: Database, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ("people", "add", "a@b.example", "--role", "planner", "--study", "it-plan", "--name", "Ana")
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))
    assert "12 to 200 characters" in survey(*arguments, "--password-stdin").err
    monkeypatch.setattr(sys, "stdin", io.StringIO("three or four words\n"))
    made = survey(*arguments, "--password-stdin")
    assert made.out == "Made the account a@b.example.\n"
    with database.reading() as session:
        person = people.authenticate(session, "a@b.example", "three or four words")
        assert person is not None
        assert (person.name, person.all_studies) == ("Ana", False)
        assert [membership.study_id for membership in person.memberships] == [study.id]


def test_a_changed_audit_is_found(survey: Run_, database: Database, study: Study) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE audit_row SET \"by\" = 'somebody else' WHERE number = 1"))
    done = survey("audit", "verify")
    assert (done.code, "Row 1 was changed" in done.out) == (1, True)


def test_the_doctor_finds_nothing(survey: Run_, database: Database) -> None:
    done = survey("doctor")
    assert (done.code, done.err) == (0, "")
    for name in ("Python", "Secret key", "Database", "Schema", "Worker", "Disk", "Translations"):
        assert f" {name}: " in done.out
    assert ("SQLite" if database.is_sqlite else "PostgreSQL") + ": " in done.out
    assert SECRET not in done.out


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"SURVEY_SECRET_KEY": ""}, "WRONG Secret key"),
        ({"SURVEY_DATABASE_URL": "postgresql+psycopg://me:hidden@127.0.0.1:1/x"}, "WRONG Database"),
        ({"SURVEY_DATABASE_URL": "sqlite:///empty.sqlite"}, "WRONG Schema"),
    ],
)
def test_the_doctor_says_what_to_mend(
    survey: Run_, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], words: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    done = survey("doctor")
    assert (done.code, words in done.out, "must be mended" in done.err) == (1, True, True)
    assert "hidden" not in done.out


def test_the_demo_keeps_out_of_a_database_in_use(survey: Run_, study: Study, database: Database) -> None:
    survey("people", "add", "a@b.example", "--role", "planner")
    done = survey("demo", "--no-serve")
    assert (done.code, "The database is in use" in done.err) == (1, True)
    assert (count(database, Person), count(database, Study)) == (1, 2)


def test_the_demo_is_built_once(survey: Run_, database: Database) -> None:
    first = survey("demo", "--no-serve")
    assert (first.code, "millbrook-planner" in first.out, "Finding themes" in first.err) == (0, True, True)
    with database.reading() as session:
        assert session.scalars(select(Study.demo)).all() == [True, True]
        assert session.scalar(select(func.count(Run.study_id.distinct()))) == 2
        shown = release_content.read(session.scalars(select(Release)).one())
        assert [theme.state for theme in shown.summary.themes] == ["accepted"] * 5
        assert all(theme.quotes and theme.planned for theme in shown.summary.themes)
        assert (session.scalar(select(func.min(Run.unplaced))) or 0) < 50
    built = [count(database, model) for model in (Comment, Person, AuditRow, Job)]
    again = survey("demo", "--no-serve")
    assert (again.code, again.err) == (0, "")
    assert [count(database, model) for model in (Comment, Person, AuditRow, Job)] == built


def test_the_demos_key_stays(tmp_path: Path) -> None:
    first = demo_command._key(tmp_path / "var" / "demo.key")
    assert demo_command._key(tmp_path / "var" / "demo.key") == first
    assert (tmp_path / "var" / "demo.key").stat().st_mode & 0o077 == 0
    assert Settings(secret_key=first).require_secret() is None


def test_ctrl_c_stops_a_search_and_leaves_nothing(
    survey: Run_, study: Study, database: Database, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(database: Database, held: table.Held, progress: tasks.Progress) -> tasks.Store:
        raise KeyboardInterrupt

    bring(survey, notes)
    monkeypatch.setitem(tasks.TASKS, "discover", interrupted)
    done = survey("discover", "it-plan")
    assert done.code == 130
    with database.reading() as session:
        job = session.scalars(select(Job).where(Job.kind == "discover")).one()
        assert job.state == "cancelled"
        assert not table.has_unfinished(session)


def test_a_fault_in_a_search_is_a_sentence(
    survey: Run_, study: Study, database: Database, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(database: Database, held: table.Held, progress: tasks.Progress) -> tasks.Store:
        raise ValueError("what a person wrote")

    bring(survey, notes)
    monkeypatch.setitem(tasks.TASKS, "discover", broken)
    done = survey("discover", "it-plan")
    assert (done.code, done.err) == (1, "The work was stopped before its end. Nothing was stored.\n")
    with database.reading() as session:
        assert not table.has_unfinished(session)


def test_an_export_that_fails_leaves_the_old_file(
    survey: Run_, study: Study, database: Database, notes: Path, tmp_path: Path
) -> None:
    out = tmp_path / "summary.csv"
    out.write_text("the old one")
    assert survey("export", "it-plan", "--format", "csv", "--out", str(out)).code == 1
    assert out.read_text() == "the old one"
    assert sorted(path.name for path in tmp_path.iterdir() if "sqlite" not in path.name) == [
        "notes.csv",
        "summary.csv",
    ]


def test_a_fault_of_ours_names_its_place_and_no_text(survey: Run_, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey.commands.discover.opened", lambda: {}["what a person wrote"])
    done = survey("discover", "it-plan")
    assert (done.code, "KeyError at " in done.err, "a person" in done.err) == (1, True, False)


# With real processes.


@pytest.fixture
def environment(test_settings: Settings) -> dict[str, str]:
    return os.environ | {"SURVEY_DATABASE_URL": test_settings.database_url, "SURVEY_SECRET_KEY": SECRET}


@pytest.fixture
def separate_worker(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "survey.cli", "worker"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        assert "Waiting for work" in process.stderr.readline()
        yield process
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def test_a_worker_works_and_stops_when_asked(
    survey: Run_, study: Study, database: Database, separate_worker: subprocess.Popen[str]
) -> None:
    with database.writing() as session:
        number = table.enqueue(session, "near_duplicates", {"import_id": 0}, study_id=None, by="tests").id
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with database.reading() as session:
            if session.get_one(Job, number).state == "done":
                break
        time.sleep(0.2)
    else:
        pytest.fail("the worker did not do its work")
    separate_worker.send_signal(signal.SIGTERM)
    assert separate_worker.wait(timeout=15) == 0


def test_serving_and_stopping(environment: dict[str, str], database: Database, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "survey.cli", "serve", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        assert "HTTP/1.1 200" in health(port)
    finally:
        server.terminate()
        server.wait(timeout=40)


def health(port: int) -> str:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                return connection.recv(1000).decode()
        except OSError:
            time.sleep(0.1)
    return "nobody answered"


# The documentation.


def commands(group: click.Group, path: str = "survey") -> Iterator[tuple[str, click.Command]]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def documented() -> dict[str, str]:
    """The sections of the page, by heading; each stands there once."""
    parts = re.split(
        r"^## `(survey [^`]+)`.*$", (ROOT / "docs/command-line.md").read_text("utf-8"), flags=re.M
    )
    assert len(set(parts[1::2])) == len(parts[1::2])
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_command_is_documented_and_no_other() -> None:
    assert {heading.split(" [")[0] for heading in documented()} == {
        name for name, _command in commands(cli.cli)
    }


@pytest.mark.parametrize(("name", "command"), list(commands(cli.cli)), ids=lambda value: str(value))
def test_every_option_is_documented_and_no_other(name: str, command: click.Command) -> None:
    section = documented()[name]
    options = {
        word for parameter in command.params for word in parameter.opts if isinstance(parameter, click.Option)
    }
    assert set(re.findall(r"^\| `(--[a-z-]+)", section, re.M)) == options
    for argument in (parameter for parameter in command.params if isinstance(parameter, click.Argument)):
        assert f"{argument.human_readable_name}" in section


def test_every_command_explains_itself(survey: Run_) -> None:
    for name, command in commands(cli.cli):
        shown = survey(*name.split()[1:], "--help")
        assert shown.code == 0
        assert command.help
        for parameter in command.params:
            assert not isinstance(parameter, click.Option) or parameter.help, f"{name} {parameter.name}"


def test_it_starts_without_the_libraries_of_the_analysis() -> None:
    check = "import sys, survey.cli; print(sorted({'sklearn', 'scipy', 'nltk', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_the_worker_module_takes_no_other_argument() -> None:
    done = subprocess.run(
        [sys.executable, "-m", worker.__name__, "--for-ever"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert (done.returncode, "survey worker" in done.stderr) == (1, True)
