"""Imports: every row stored or named, all or nothing, never twice, and back again."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.db import Database
from survey.errors import NotFound, Refusal
from survey.formats.comments_in import ColumnChoice
from survey.jobs import table, worker
from survey.models import (
    Audience,
    AuditRow,
    Comment,
    CommentImport,
    Job,
    Placement,
    Prompt,
    Run,
    Study,
    Survey,
)
from survey.services import comments, imports, runs, studies
from survey.services.import_reports import MOST_LISTED, Report
from survey.services.names import MOST_NAMES

CHOICE = ColumnChoice("text", id="id", audience="group", prompt="asked", language="lang")


def file(*rows: str) -> bytes:
    return "\n".join(("id,text,group,asked,lang", *rows, "")).encode()


GOOD = file(
    "1,Buses are late,Riders,Improve,en", "2,Los autobuses,riders ,Improve,es", "3,Trees,Walkers,,xx-!"
)


@pytest.fixture
def plan(session: Session, study: Study) -> Study:
    return studies.by_slug(session, study.slug)


def bring(
    session: Session, study: Study, data: bytes, choice: ColumnChoice = CHOICE, partial: bool = False
) -> Report:
    return imports.import_comments(session, study, data, "notes.csv", choice, "tests", partial)


def stored(session: Session, model: type = Comment) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_every_row_is_stored_with_what_the_file_says(session: Session, plan: Study) -> None:
    report = bring(session, plan, GOOD)
    rows = list(comments.stream(session, plan.id))
    assert [(row.source_id, row.text, row.audience, row.prompt, row.language) for row in rows] == [
        ("1", "Buses are late", "Riders", "Improve", "en"),
        ("2", "Los autobuses", "Riders", "Improve", "es"),
        ("3", "Trees", "Walkers", None, None),
    ]
    assert {row.channel for row in rows} == {"import"}
    assert (report.read, report.stored, report.refused) == (3, 3, 0)
    assert (report.audiences_made, report.prompts_made) == (("Riders", "Walkers"), ("Improve",))
    assert [row["line"] for row in report.row_notes] == [4]


def test_the_wave_of_each_row_is_stored(session: Session, plan: Study) -> None:
    data = f"text,round\na,2025\nb,\nc,{'x' * 61}\n".encode()
    report = bring(session, plan, data, ColumnChoice("text", wave="round"), partial=True)
    assert dict(session.execute(select(Comment.text, Comment.wave)).all()) == {"a": "2025", "b": None}
    assert [row["reason"] for row in report.refused_rows] == ["has 61 characters as its wave; the most is 60"]
    found = comments.page(session, plan.id, comments.Filter(wave="2025"), 1)
    assert [comment.text for comment in found.comments] == ["a"]


def test_a_file_of_before_there_were_waves_is_known_again(session: Session, plan: Study) -> None:
    report = bring(session, plan, GOOD)
    made = session.get_one(CommentImport, report.import_id)
    columns = {meaning: column for meaning, column in made.report["columns"].items() if meaning != "wave"}
    made.report = {**made.report, "columns": columns}
    session.flush()
    with pytest.raises(imports.ImportedAlready):
        bring(session, plan, GOOD)


def test_audiences_that_are_there_are_used(session: Session, plan: Study) -> None:
    plan.audiences.append(Audience(name="RIDERS", position=0))
    session.flush()
    assert bring(session, plan, GOOD).audiences_made == ("Walkers",)
    assert [audience.name for audience in plan.audiences] == ["RIDERS", "Walkers"]


BAD = file("1,Good,A,,", "2,,B,,", "1,Again,C,,", f"4,Long,{'x' * 201},,", "5,Fine,D,,")


def test_one_bad_row_and_nothing_is_stored(session: Session, plan: Study) -> None:
    report = bring(session, plan, BAD)
    assert (report.read, report.stored, report.refused, report.import_id) == (5, 0, 3, None)
    assert [(row["line"], row["reason"].split(" ")[0]) for row in report.refused_rows] == [
        (3, "has"),
        (4, "repeats"),
        (5, "has"),
    ]
    assert [stored(session, model) for model in (Comment, CommentImport, Audience, Job)] == [0, 0, 0, 0]


def test_the_good_rows_when_that_is_wished(session: Session, plan: Study) -> None:
    report = bring(session, plan, BAD, partial=True)
    assert (report.read, report.stored, report.refused) == (5, 2, 3)
    assert report.audiences_made == ("A", "D")
    assert [row.text for row in comments.stream(session, plan.id)] == ["Good", "Fine"]


def test_a_file_without_one_good_row_stores_nothing_even_in_part(session: Session, plan: Study) -> None:
    report = bring(session, plan, file("1,,A,,", "2, ,B,,"), partial=True)
    assert (report.stored, report.import_id, stored(session, CommentImport)) == (0, None, 0)


def test_the_same_file_is_taken_once(session: Session, plan: Study) -> None:
    first = bring(session, plan, GOOD)
    with pytest.raises(imports.ImportedAlready, match="imported on .* already") as refused:
        bring(session, plan, GOOD, partial=True)
    assert refused.value.import_id == first.import_id
    assert stored(session) == 3


def test_another_column_of_the_same_file_may_follow(session: Session, plan: Study) -> None:
    bring(session, plan, GOOD, ColumnChoice("text"))
    assert bring(session, plan, GOOD, ColumnChoice("group")).stored == 3


def test_ids_that_are_there_are_refused_with_what_to_do(session: Session, plan: Study) -> None:
    bring(session, plan, GOOD)
    report = bring(session, plan, file("3,Trees again,,,", "4,New,,,"))
    assert (report.stored, report.refused) == (0, 1)
    assert "already" in report.refused_rows[0]["reason"]
    assert "without its id column" in report.refused_rows[0]["reason"]
    assert bring(session, plan, file("3,Trees again,,,", "4,New,,,"), partial=True).stored == 1
    other = studies.by_slug(session, "other")
    assert bring(session, other, GOOD).stored == 3


@pytest.mark.parametrize("column", ["audience", "prompt"])
def test_a_column_of_texts_makes_no_thousand_audiences(session: Session, plan: Study, column: str) -> None:
    data = "text\n" + "\n".join(f"Comment {n}" for n in range(MOST_NAMES + 1))
    with pytest.raises(Refusal, match="201 different values; at most 200"):
        bring(session, plan, data.encode(), ColumnChoice("text", **{column: "text"}))


def test_duplicates_are_counted_and_kept(session: Session, plan: Study, database: Database) -> None:
    same = ["The bus to the harbour is late every single morning"] * 3
    near = [f"The bus to the harbour is late every single morning{end}" for end in ("!", " again")]
    data = "text\n" + "\n".join([*same, *near, "Something else altogether here"]) + "\n"
    report = bring(session, plan, data.encode(), ColumnChoice("text"))
    assert (report.stored, report.exact_duplicates, report.near_duplicates) == (6, 2, None)
    session.commit()
    worker.drain(database)
    made = session.get_one(CommentImport, report.import_id)
    session.refresh(made)
    assert (made.report["near_duplicates"], made.report["near_groups"]) == (2, 1)
    assert {**made.report, "near_duplicates": None, "near_groups": None} == json.loads(
        json.dumps(report.as_dict())
    )


def test_what_could_not_be_read_is_named(session: Session, plan: Study) -> None:
    report = bring(
        session,
        plan,
        'text,é\n"a\xff, ü",ä\nb,ß\n'.encode().replace(b"\xc3\xbf", b"\xff"),
        ColumnChoice("text"),
    )
    assert report.replaced == 1
    assert report.replaced_places == ("Line 2, byte 10 of the file: ff",)
    assert [row.text for row in comments.stream(session, plan.id)] == ["a\ufffd, ü", "b"]


def test_long_lists_are_cut_and_counted(session: Session, plan: Study) -> None:
    report = bring(session, plan, b"n,text\n" + b"1,\n" * (MOST_LISTED + 5), ColumnChoice("text"))
    assert (report.refused, len(report.refused_rows)) == (MOST_LISTED + 5, MOST_LISTED)


def test_an_import_writes_one_audit_row_without_what_people_wrote(session: Session, plan: Study) -> None:
    before = stored(session, AuditRow)
    bring(session, plan, GOOD)
    rows = session.scalars(select(AuditRow).order_by(AuditRow.number.desc())).all()
    assert len(rows) == before + 1
    assert (rows[0].action, rows[0].details["stored"]) == ("imports.add", 3)
    assert "Buses" not in json.dumps(rows[0].details)


def test_taking_back_leaves_what_was_there_before(session: Session, plan: Study) -> None:
    plan.audiences.append(Audience(name="Riders", position=0))
    bring(session, plan, file("9,Before,,Keep,"))
    report = bring(session, plan, GOOD)
    assert report.import_id is not None
    imports.take_back(session, plan, report.import_id, by="tests")
    session.commit()
    assert [row.text for row in comments.stream(session, plan.id)] == ["Before"]
    assert session.scalars(select(Audience.name)).all() == ["Riders"]
    assert session.scalars(select(Prompt.text)).all() == ["Keep"]
    assert bring(session, plan, GOOD).stored == 3


def test_audiences_in_use_elsewhere_stay(session: Session, plan: Study) -> None:
    report = bring(session, plan, GOOD)
    bring(session, plan, file("7,More,Walkers,,"))
    riders = next(audience for audience in plan.audiences if audience.name == "Riders")
    session.add(
        Survey(
            study_id=plan.id, audience_id=riders.id, slug="s", document={}, mode="anonymous", state="draft"
        )
    )
    session.flush()
    assert report.import_id is not None
    imports.take_back(session, plan, report.import_id, by="tests")
    assert sorted(session.scalars(select(Audience.name))) == ["Riders", "Walkers"]


def test_comments_that_a_run_used_stay(session: Session, plan: Study) -> None:
    report = bring(session, plan, GOOD)
    ids = list(session.scalars(select(Comment.id)))
    found = runs.Found(0, ids, [], [()] * 3, ["too short"] * 3, {"": 3}, {})
    runs.store(session, plan.id, found, "tests")
    assert report.import_id is not None
    with pytest.raises(Refusal, match="Run 1 has found themes in these comments"):
        imports.take_back(session, plan, report.import_id, by="tests")
    assert (stored(session), stored(session, Placement), stored(session, Run)) == (3, 3, 1)


def test_another_studys_import_is_not_found(session: Session, plan: Study) -> None:
    report = bring(session, plan, GOOD)
    assert report.import_id is not None
    with pytest.raises(NotFound):
        imports.take_back(session, studies.by_slug(session, "other"), report.import_id, by="tests")
    assert stored(session) == 3


def test_counting_duplicates_of_an_import_taken_back_does_no_harm(
    session: Session, plan: Study, database: Database
) -> None:
    report = bring(session, plan, GOOD)
    assert report.import_id is not None
    imports.take_back(session, plan, report.import_id, by="tests")
    session.commit()
    worker.drain(database)
    with database.reading() as reading:
        assert not table.has_unfinished(reading)
        assert set(reading.scalars(select(Job.state))) == {"done"}


HOSTILE = st.lists(
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00\r"), max_size=40), max_size=8
)


@given(texts=HOSTILE)
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_stored_word_for_word_or_named(session: Session, plan: Study, texts: list[str]) -> None:
    data = "".join(json.dumps({"text": text}) + "\n" for text in [*texts, "one that is kept"]).encode()
    with session.begin_nested() as point:
        report = bring(session, plan, data, ColumnChoice("text"), partial=True)
        kept = [row.text for row in comments.stream(session, plan.id)]
        point.rollback()
    refused = {row["line"] for row in report.refused_rows}
    assert report.read == len(texts) + 1 == report.stored + report.refused
    assert kept == [text for line, text in enumerate([*texts, "one that is kept"], 1) if line not in refused]
