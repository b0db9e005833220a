"""A bundle says how a theme table came about, and `survey reproduce` comes to the same one, byte for byte."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from survey import changes, cli
from survey.board import Board, Change
from survey.commands.common import work_here
from survey.db import Database
from survey.errors import Refusal
from survey.formats import bundle, bundle_parts
from survey.formats.bundle import BundleError
from survey.formats.comments_in import ColumnChoice
from survey.jobs.tasks.reproduce import Repeated, reproduce
from survey.models import AuditRow, Comment, Job, Run, Study
from survey.resources import PACKAGE
from survey.services import applying, bundles, imports, runs, splits, studies, summaries
from survey.services import board as boards
from survey.services.runs import How

BY = "planner@office.example"
SLUG = "it-plan"
COLUMNS = ColumnChoice("text", audience="audience", prompt="prompt", language="language")


@dataclass
class Desk:
    """A study in whose board somebody works."""

    database: Database

    def fill(self, name: str) -> None:
        """Take in the comments of one file of the demo."""
        data = (PACKAGE / "demo" / name).read_bytes()
        columns = COLUMNS if name == "notes.csv" else ColumnChoice("text", language="language")
        with self.database.writing() as session:
            imports.import_comments(session, studies.by_slug(session, SLUG), data, name, columns, BY)

    def run(self, put: Callable[[Session, Study], Job]) -> int:
        """Find or place themes; the number of the run."""
        result = work_here(self.database, lambda session: put(session, studies.by_slug(session, SLUG)))
        return int(str(result["run"]))

    def decide(self, of: Callable[[Session, Board], Change]) -> None:
        with self.database.writing() as session:
            study = studies.by_slug(session, SLUG)
            board = boards.load(session, study)
            assert board
            boards.decide(session, study, of(session, board), board.revision, BY)

    def apply(self, number: int) -> None:
        def change(session: Session, board: Board) -> Change:
            return applying.onto(board, applying.run_of(session, studies.by_slug(session, SLUG), number))

        self.decide(change)

    def freeze(self) -> int:
        with self.database.writing() as session:
            return summaries.freeze(session, studies.by_slug(session, SLUG), BY).number

    def bundle(self, number: int) -> bytes:
        stream = io.BytesIO()
        with self.database.reading() as session:
            bundles.write(session, studies.by_slug(session, SLUG), number, stream)
        return stream.getvalue()


@pytest.fixture
def desk(database: Database, study: Study, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    """The notes of six groups with a first run of five themes on the board."""
    desk = Desk(database)
    desk.fill("notes.csv")
    desk.run(lambda session, study: runs.start(session, study, 5, 0, BY))
    yield desk
    capsys.readouterr()


def members(session: Session, board: Board, place: int) -> list[str]:
    return sorted(splits.members(session, board, board.live[place]))


def merge(session: Session, board: Board) -> Change:
    return changes.merge(board.live[0].id, [board.live[1].id])


def split(session: Session, board: Board) -> Change:
    there = members(session, board, 0)
    half = len(there) // 2
    return changes.split(board.live[0].id, [("=1+1", there[:half]), ('"><svg>', there[half:])])


def place_in_two(session: Session, board: Board) -> Change:
    return changes.place_exactly(members(session, board, 2)[0], [board.live[0].id, board.live[1].id])


def move(session: Session, board: Board) -> Change:
    return changes.move(members(session, board, 0)[:3], board.live[0].id, board.live[1].id)


def off_topic(session: Session, board: Board) -> Change:
    return changes.off_topic(members(session, board, 1)[:2])


def repeated(data: bytes) -> Repeated:
    return reproduce(data, lambda share, message: None)


def rows(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))


def exact(data: bytes) -> bytes:
    """The table of a bundle that repeats, and says that it is exact."""
    found = repeated(data)
    assert found.notes == ()
    assert found.versions == ()
    assert found.after == found.before, list(found.differences())
    return found.after


def work(desk: Desk) -> list[int]:
    """Everything that makes a board: decisions, late comments, four runs of both kinds; summaries between."""
    frozen = [desk.freeze()]
    for change in (merge, split, place_in_two, move, off_topic):
        desk.decide(change)
    desk.decide(lambda _session, board: changes.accept(board.live[1].id))
    desk.decide(lambda _session, board: changes.reject(board.live[-1].id))
    frozen.append(desk.freeze())
    desk.fill("public.csv")
    desk.decide(lambda session, board: changes.move(_late(session, board), None, board.live[0].id))
    frozen.append(desk.freeze())
    desk.apply(desk.run(lambda session, study: runs.start(session, study, 7, 3, BY)))
    desk.decide(merge)
    desk.decide(lambda _session, board: changes.undo(board.revision))
    frozen.append(desk.freeze())
    for every in (False, True):
        desk.apply(desk.run(lambda s, study, every=every: runs.place(s, study, every, 0, BY)))  # type: ignore[misc]
        desk.decide(move)
        frozen.append(desk.freeze())
    desk.apply(desk.run(lambda session, study: runs.find(session, study, How(6, 5, afresh=True), BY)))
    frozen.append(desk.freeze())
    return frozen


def _late(session: Session, board: Board) -> list[str]:
    newest = select(func.max(Comment.import_id)).scalar_subquery()
    found = select(Comment.id).where(Comment.import_id == newest).order_by(Comment.id)
    return list(session.scalars(found.limit(3)))


def test_the_table_of_every_summary_comes_out_the_same(desk: Desk, tmp_path: Path) -> None:
    frozen = work(desk)
    made = [desk.bundle(number) for number in frozen]
    assert len({exact(data) for data in made}) == len(frozen), "each of its own board"
    assert desk.bundle(frozen[2]) == made[2], "the same bytes, whatever was decided since"
    equal_to_the_summaries(desk, frozen, made)
    path = tmp_path / "bundle.zip"
    path.write_bytes(made[3])
    on_another_machine(path, tmp_path / "elsewhere")


def equal_to_the_summaries(desk: Desk, frozen: list[int], made: list[bytes]) -> None:
    with desk.database.reading() as session:
        study = studies.by_slug(session, SLUG)
        read = [summaries.read(summaries.get(session, study, number)) for number in frozen]
        board = boards.load(session, study)
    for summary, data in zip(read, made, strict=True):
        table = rows(bundle.read(data)[0][bundle.THEMES])
        live = [row for row in table if row["state"] in ("accepted", "suggested")]
        told = [(row["id"], row["name"].removeprefix("'"), row["state"], int(row["size"])) for row in live]
        assert told == [(t.id, t.name, t.state, t.size) for t in summary.themes]
        whole = next(row for row in table if row["state"] == "all comments")
        assert int(whole["size"]) == summary.facts.comments
    assert board
    last = {row["id"]: row for row in rows(bundle.read(made[-1])[0][bundle.THEMES])}
    for theme in board.themes:
        row = last[str(theme.id)]
        breadth = [int(row[name]) for name in ("audiences_k", "audiences_of", "low", "high")]
        assert breadth == [theme.breadth.k, theme.breadth.of, theme.breadth.low, theme.breadth.high]
        by_group = sum(int(row[name]) for name in row if name.startswith("comments"))
        assert int(row["size"]) == theme.size == by_group
    assert int(last[""]["size"]) == board.comments


def on_another_machine(path: Path, empty: Path) -> None:
    """No settings, no database, nothing in the folder."""
    empty.mkdir()
    env = {name: value for name, value in os.environ.items() if not name.startswith("SURVEY_")}
    command = [sys.executable, "-m", "survey.cli", "reproduce", str(path), "--out", "again.csv"]
    done = subprocess.run(
        command, cwd=empty, env=env, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "came out the same, byte for byte" in done.stdout
    assert [file.name for file in empty.iterdir()] == ["again.csv"]
    assert (empty / "again.csv").read_bytes() == bundle.read(path.read_bytes())[0][bundle.THEMES]


def test_what_was_deleted_or_renamed_since_is_said(desk: Desk, tmp_path: Path) -> None:
    for change in (merge, place_in_two):
        desk.decide(change)
    number = desk.freeze()
    assert exact(desk.bundle(number))
    with desk.database.writing() as session:
        audience = studies.by_slug(session, SLUG).audiences[0]
        audience.name, audience_id = "Another name", audience.id
    notes = repeated(desk.bundle(number)).notes
    assert [note for note in notes if "not those it was given" in note]
    with desk.database.writing() as session:
        session.execute(delete(Comment).where(Comment.audience_id == audience_id))
    data = desk.bundle(number)
    manifest = bundle.read(data)[1]
    assert manifest["exact"] is False
    assert any("deleted since" in note for note in manifest["notes"])
    assert "This bundle is not exact" in bundle.read(data)[0][bundle.README].decode()
    found = repeated(data)
    assert found.notes == tuple(manifest["notes"])
    assert not found.is_equal, "the board still counts what the run counted; its comments are gone"


def test_the_commands(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = desk.database.write.url.render_as_string(hide_password=False)
    monkeypatch.setenv("SURVEY_DATABASE_URL", url)
    desk.decide(split)
    number, path = desk.freeze(), tmp_path / "b.zip"
    capsys.readouterr()
    assert cli.run(["bundle", SLUG, str(number), "--out", str(path)]) == 0
    assert path.read_bytes() == desk.bundle(number)
    assert path.stat().st_mode & 0o077 == 0
    monkeypatch.delenv("SURVEY_DATABASE_URL")
    assert cli.run(["reproduce", str(path)]) == 0
    assert "came out the same, byte for byte: 6 themes" in capsys.readouterr().out
    monkeypatch.setenv("SURVEY_DATABASE_URL", url)
    assert cli.run(["bundle", SLUG, "99", "--out", str(tmp_path / "none.zip")]) == 1
    assert not (tmp_path / "none.zip").exists()


def changed(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A bundle with another file in it, whose manifest was put right by somebody who knows how."""
    files, manifest = bundle.read(data)
    files[name] = change(files[name])
    about = bundle_parts.about_in(manifest)
    del files[bundle.MANIFEST]
    stream = io.BytesIO()
    bundle.write(stream, files, bundle_parts.about_out(about))
    return stream.getvalue()


def test_another_table_is_shown_line_by_line(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = desk.bundle(desk.freeze())
    path = tmp_path / "other.zip"
    path.write_bytes(
        changed(data, bundle.THEMES, lambda table: table.replace(b'"suggested"', b'"accep\x1bted"', 1))
    )
    capsys.readouterr()
    assert cli.run(["reproduce", str(path)]) == 1
    told = capsys.readouterr()
    assert "line 2, bundle:" in told.out
    assert "\x1b" not in told.out
    assert told.out.count("line ") == 2
    assert told.err.strip().splitlines()[-1].endswith("came out different.")
    path.write_bytes(data.replace(b"PK\x01\x02", b"PK\x01\x03", 1))
    assert cli.run(["reproduce", str(path)]) == 1
    assert cli.run(["reproduce", str(tmp_path / "none.zip")]) == 1
    assert "Traceback" not in capsys.readouterr().err
    refused_or_different(data)


def refused_or_different(data: bytes) -> None:
    """What somebody made up who can also make hashes: a sentence, never another error."""
    made_up: list[tuple[str, Callable[[bytes], bytes]]] = [
        (bundle.EDITS, lambda b: b""),
        (bundle.EDITS, lambda b: b.replace(b'"themes":{"1":1', b'"themes":{"77":1')),
        (bundle.EDITS, lambda b: b + edit(2, "undo", {"edit": 99})),
        (bundle.EDITS, lambda b: b + edit(2, "redo", {"edit": 1})),
        (bundle.EDITS, lambda b: b + edit(2, "merge", {"into": 1, "from": [1, 99]})),
        (bundle.EDITS, lambda b: b + edit(2, "split", {"theme": 1, "parts": []})),
        (bundle.EDITS, lambda b: b + edit(2, "nest", {"theme": {}, "under": []})),
        (bundle.COMMENTS, lambda b: b""),
        (bundle.COMMENTS, lambda b: b[: b.index(b"\n") + 1]),
        (bundle.GIVEN, lambda b: b.replace(b'"placed": {}', b'"placed": {"x": [" "]}')),
    ]
    for name, change in made_up:
        with pytest.raises(BundleError):
            assert repeated(changed(data, name, change)).is_equal


def edit(number: int, kind: str, details: dict[str, object]) -> bytes:
    told = {"number": number, "kind": kind, "details": details, "comments": [], "by": "x", "run": 1}
    return json.dumps(told | {"at": "2026-01-01T00:00:00+00:00"}).encode() + b"\n"


def test_other_versions_and_options_are_said(desk: Desk) -> None:
    data = desk.bundle(desk.freeze())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files.pop(bundle.MANIFEST))
    manifest["run"]["manifest"]["versions"]["numpy"] = "1.0"

    def made() -> bytes:
        stream = io.BytesIO()
        bundle.write(stream, files, {k: v for k, v in manifest.items() if k not in (bundle.SELF, "files")})
        return stream.getvalue()

    found = repeated(made())
    assert found.is_equal
    assert found.versions[0].startswith("numpy 1.0 then, ")
    for name, value in (("seed", -1), ("resamples", 10**9), ("themes", "x"), ("sample", 5), ("quotes", None)):
        kept = manifest["run"]["manifest"]["options"]
        manifest["run"]["manifest"]["options"] = kept | {name: value}
        with pytest.raises(BundleError):
            repeated(made())
        manifest["run"]["manifest"]["options"] = kept
    manifest["run"]["manifest"]["vectors"] = "/some/model"
    with pytest.raises(BundleError, match="does not say how"):
        repeated(made())


def test_a_summary_without_themes_has_no_bundle(database: Database, study: Study) -> None:
    desk = Desk(database)
    desk.fill("notes.csv")
    number = desk.freeze()
    with pytest.raises(Refusal, match="before themes were looked for"):
        desk.bundle(number)


def test_making_a_bundle_writes_nothing(desk: Desk) -> None:
    number = desk.freeze()

    def counted() -> tuple[int | None, ...]:
        with desk.database.reading() as session:
            return tuple(session.scalar(select(func.count()).select_from(m)) for m in (AuditRow, Run, Job))

    before = counted()
    assert desk.bundle(number)
    assert counted() == before
