"""Codebooks of a board: what leaves comes back as it was, and what comes in is all there or nothing."""

from __future__ import annotations

import io
import zipfile

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey import changes
from survey.errors import NotFound, Refusal, Stale
from survey.formats.codebook import Report
from survey.models import AuditRow, Edit, Study
from survey.services import audit, codebooks, studies
from survey.services import board as boards
from tests.boards import COMMENTS, LABELS, add_comments, add_run, board_of, decide

BY = "planner@office.example"
ENTRY = {
    "definition": "Getting online\nat home",
    "include": "Wi-Fi",
    "exclude": "phones; see there",
    "example": "=1+1",
}
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE c [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b']><CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes><Code guid="x" name="&j;" isCodable="true"/>'
    + b"</Codes></CodeBook>"
)


@pytest.fixture
def plan(session: Session, study: Study) -> Study:
    add_comments(session, study)
    add_run(session, study)
    return studies.by_slug(session, study.slug)


def written(session: Session, plan: Study, format: str) -> bytes:
    stream = io.BytesIO()
    codebooks.write(session, plan, format, stream)
    return stream.getvalue()


def read(*rows: str, head: str = "name,definition") -> Report:
    return codebooks.read("\n".join((head, *rows)).encode(), "codes.csv")


def take(session: Session, plan: Study, report: Report) -> codebooks.Plan:
    return codebooks.take(session, plan, report, seen=board_of(session, plan).revision, by=BY)


def edits(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Edit)) or 0


def table(session: Session, plan: Study) -> list[tuple[str, str, str]]:
    """Name, name of the theme above and definition of each live theme."""
    board = board_of(session, plan)
    names = {theme.id: theme.name for theme in board.themes}
    return [(t.name, names.get(t.parent or 0, ""), t.entry.get("definition", "")) for t in board.live]


@pytest.mark.parametrize("format", ["csv", "qdc", "qdpx"])
def test_what_leaves_and_comes_back_changes_nothing(session: Session, plan: Study, format: str) -> None:
    decide(session, plan, changes.describe(1, ENTRY), changes.nest(2, 1), changes.reject(3))
    report = codebooks.read(written(session, plan, format), f"book.{format}")
    assert [(entry.name, entry.parent) for entry in report.codebook.entries] == [
        (LABELS[1], None),
        (LABELS[2], LABELS[1]),
    ]
    found = codebooks.plan(plan, board_of(session, plan), report)
    assert (found.made, found.changed, found.remarks) == ([], [], [])
    assert found.same == [LABELS[1], LABELS[2]]
    with pytest.raises(Refusal, match="nothing in the file"):
        take(session, plan, report)


@pytest.mark.parametrize("format", ["csv", "qdc", "qdpx"])
def test_a_codebook_comes_back_to_a_board_that_went_on(session: Session, plan: Study, format: str) -> None:
    decide(session, plan, changes.describe(1, ENTRY), changes.nest(2, 1))
    data = written(session, plan, format)
    after = decide(session, plan, changes.nest(2, None), changes.rename(2, "Phones"), changes.reject(1))
    before = after.revision
    # The rejected theme of that name stays rejected: a new one is made.
    taken = take(session, plan, codebooks.read(data, f"book.{format}"))
    assert [one.name for one in taken.made] == [LABELS[1]]
    board = board_of(session, plan)
    made = next(theme for theme in board.live if theme.name == LABELS[1])
    assert (made.entry, made.size, made.id) == (ENTRY, 0, 4)
    # The other one is known by its number in the study, whatever it is called now.
    assert [(one.theme and one.theme.id, one.name) for one in taken.changed] == [(2, LABELS[2])]
    assert edits(session) == before + 3


def test_a_code_is_known_by_its_guid_when_it_was_renamed(session: Session, plan: Study) -> None:
    data = written(session, plan, "qdc").replace(LABELS[2].encode(), b"Phones &amp; lines")
    taken = take(session, plan, codebooks.read(data, "book.qdc"))
    assert [(one.theme and one.theme.id, one.name) for one in taken.changed] == [(2, "Phones & lines")]
    assert board_of(session, plan).find(2).name == "Phones & lines"  # type: ignore[union-attr]


def test_a_name_that_another_theme_has_is_not_taken(session: Session, plan: Study) -> None:
    decide(session, plan, changes.rename(1, "Internet"))
    data = written(session, plan, "qdc")
    decide(session, plan, changes.rename(1, "Home"), changes.rename(2, "INTERNET"))
    found = codebooks.plan(plan, board_of(session, plan), codebooks.read(data, "book.qdc"))
    assert [one.name for one in found.changed] == [LABELS[2]] or not found.changed
    assert any("keeps its name" in remark for remark in found.remarks)


def test_themes_are_made_described_and_put_under_one_another(session: Session, plan: Study) -> None:
    report = read(
        "Streets,,",
        f"{LABELS[1].upper()},,Being online",
        "Potholes,Streets,Holes in the road",
        f"Routers,{LABELS[1]},",
        head="name,parent,definition",
    )
    taken = take(session, plan, report)
    assert ([one.name for one in taken.made], [one.name for one in taken.changed]) == (
        ["Streets", "Potholes", "Routers"],
        [LABELS[1]],
    )
    rows = table(session, plan)
    assert (LABELS[1], "", "Being online") in rows
    assert ("Potholes", "Streets", "Holes in the road") in rows
    assert ("Routers", LABELS[1], "") in rows
    assert audit.verify(session) == []


def test_each_decision_can_be_undone(session: Session, plan: Study) -> None:
    before = table(session, plan)
    start = board_of(session, plan).revision
    take(session, plan, read("Streets,Roads", f"{LABELS[2]},Calls"))
    numbers = [decision.number for decision in board_of(session, plan).log if decision.number > start]
    for number in reversed(numbers):
        decide(session, plan, changes.undo(number))
    assert table(session, plan) == before


def test_empty_texts_leave_what_is_there(session: Session, plan: Study) -> None:
    decide(session, plan, changes.describe(1, ENTRY))
    take(session, plan, read(f"{LABELS[1]},,New words", head="name,definition,include"))
    assert board_of(session, plan).find(1).entry == {**ENTRY, "include": "New words"}  # type: ignore[union-attr]


def test_duplicate_long_and_marked_up_names(session: Session, plan: Study) -> None:
    report = read(
        "Streets,", "streets ,", f"{'x' * 5000},", '"<b onclick=""x"">Bold</b>",', "=1+1,", ",no name"
    )
    taken = take(session, plan, report)
    names = [one.name for one in taken.made]
    assert names[:1] == ["Streets"]
    assert len(names) == len({name.casefold() for name in names})
    assert "x" * 200 in names
    assert '<b onclick="x">Bold</b>' in names
    assert any("5,000" in remark for remark in taken.remarks)
    assert any("no name" in remark for remark in taken.remarks)
    assert {name for name, _above, _text in table(session, plan)} >= set(names)


def test_a_sub_theme_cannot_have_sub_themes(session: Session, plan: Study) -> None:
    decide(session, plan, changes.nest(2, 1))
    taken = take(session, plan, read(f"Deep,{LABELS[2]}", f"{LABELS[2]},", head="name,parent"))
    assert [(one.name, one.under) for one in taken.made] == [("Deep", None)]
    assert any("cannot have sub-themes" in remark for remark in taken.remarks)


def test_a_board_that_has_changed_is_not_decided_about(session: Session, plan: Study) -> None:
    seen = board_of(session, plan).revision
    decide(session, plan, changes.rename(1, "Streets"))
    before = edits(session)
    with pytest.raises(Stale):
        codebooks.take(session, plan, read("Streets,Roads"), seen=seen, by=BY)
    assert edits(session) == before


def test_too_many_at_once(session: Session, plan: Study) -> None:
    before = edits(session)
    with pytest.raises(Refusal, match="201 themes; at most 200"):
        take(session, plan, read(*(f"Code {number}," for number in range(201))))
    assert edits(session) == before


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "a.csv"),
        (b"\0\1\2\xff" * 100, "a.qdc"),
        (b"<html><body>Hello</body></html>", "a.qdc"),
        (b"PK\x03\x04 no archive", "a.qdpx"),
        (b"%PDF-1.4 ...", "a.pdf"),
        (BOMB, "bomb.qdc"),
    ],
)
def test_a_file_that_is_no_codebook(data: bytes, name: str) -> None:
    with pytest.raises(Refusal) as refused:
        codebooks.read(data, name)
    assert str(refused.value).endswith(".")


def test_a_bomb_in_a_project() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", BOMB)
    with pytest.raises(Refusal):
        codebooks.read(stream.getvalue(), "a.qdpx")


def test_the_coded_project_has_every_comment_with_its_themes(session: Session, plan: Study) -> None:
    decide(
        session,
        plan,
        changes.reject(3),
        changes.move("a4", None, 2),
        changes.note("look <again>", theme=1),
        changes.note("who?", comment="a1"),
        changes.note("gone", theme=3),
    )
    with zipfile.ZipFile(io.BytesIO(written(session, plan, "qdpx"))) as archive:
        xml = archive.read("project.qde").decode()
        texts = "".join(archive.read(name).decode() for name in archive.namelist() if "sources/" in name)
    assert all(f"Comment {id} of" in texts for id in COMMENTS)
    assert 'name="planner@office.example"' in xml
    assert LABELS[3] not in xml
    # a1, a2, n1, n2, n3, t1 in theme 1; a2, a3, n3, t4 and by a person a4 in theme 2
    assert xml.count("<CodeRef") == 6 + 5
    assert written(session, plan, "qdpx") == written(session, plan, "qdpx")


def test_without_themes_there_is_no_codebook(session: Session, study: Study) -> None:
    for format in ("csv", "qdc", "qdpx"):
        with pytest.raises(Refusal, match="no themes yet"):
            written(session, study, format)
    with pytest.raises(NotFound):
        codebooks.take(session, study, read("A,"), seen=0, by=BY)


def test_all_of_it_or_nothing(session: Session, plan: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails half way is in one transaction, which goes as a whole."""
    session.commit()
    before, wanted = edits(session), read(*(f"Code {number}," for number in range(5)))
    record, made = boards.record, []

    def fail_at_the_third(*args: object) -> None:
        made.append(args)
        if len(made) == 3:
            raise RuntimeError
        record(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(boards, "record", fail_at_the_third)
    with pytest.raises(RuntimeError):
        take(session, plan, wanted)
    session.rollback()
    assert edits(session) == before
    assert session.scalars(select(AuditRow).where(AuditRow.action == "themes.create")).all() == []
