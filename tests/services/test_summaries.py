"""Summaries: the numbers of the board, every comment once, frozen for good."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from docx import Document
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey import changes, models
from survey.board import Change
from survey.dates import now
from survey.errors import NotFound, Refusal
from survey.formats.summary import SMALL_GROUPS, Summary, percent
from survey.formats.summary_formats import SUMMARY_FORMATS
from survey.models import AuditRow, Comment, GroupSession, Prompt, RosterEntry, Study
from survey.services import audit, summaries
from tests.boards import COMMENTS, LABELS, add_comments, add_run, board_of, decide

BY = "facilitator@office.example"


@pytest.fixture
def themes(session: Session, study: Study) -> dict[int, int]:
    add_comments(session, study)
    return add_run(session, study)


@pytest.fixture
def decided(session: Session, study: Study, themes: dict[int, int]) -> dict[int, int]:
    """Theme 1 renamed and accepted, 3 rejected, `late` put into 2, `a4` looked at and left out."""
    one, two, three = themes.values()
    decide(
        session,
        study,
        changes.rename(one, "Internet at home"),
        Change("accept", {"theme": one}),
        Change("reject", {"theme": three}),
        changes.move("late", None, two),
        changes.move("a4", None, two),
        changes.move("a4", two, None),
    )
    return themes


def freeze(session: Session, study: Study) -> Summary:
    return summaries.read(summaries.freeze(session, session.get_one(Study, study.id), BY))


def test_every_comment_is_there_exactly_once(session: Session, study: Study, decided: dict[int, int]) -> None:
    summary = freeze(session, study)
    assert sorted(comment.id for comment in summary.comments) == sorted(COMMENTS)
    one, two, _ = (str(theme) for theme in decided.values())
    placed = {comment.id: (comment.themes, comment.placed_by, comment.reason) for comment in summary.comments}
    assert placed["a1"] == ((one,), "machine", None)
    assert placed["a2"] == placed["n3"] == ((one, two), "machine", None)
    assert placed["late"] == ((two,), "person", None)
    assert placed["a4"] == ((), "person", "taken out by a person")
    assert placed["t2"] == ((), "none", "only in rejected themes")
    assert placed["n4"] == ((), "none", "too short")


def test_the_numbers_are_those_of_the_board_and_of_the_list(
    session: Session, study: Study, decided: dict[int, int]
) -> None:
    board, summary = board_of(session, study), freeze(session, study)
    assert [(theme.name, theme.state) for theme in summary.themes] == [
        ("Internet at home", "accepted"),
        (LABELS[2], "suggested"),
    ]
    for theme, standing in zip(summary.themes, board.live, strict=True):
        listed = [comment for comment in summary.comments if theme.id in comment.themes]
        assert theme.size == standing.size == len(listed)
        assert theme.share == theme.size / len(COMMENTS)
        found = standing.breadth
        assert (theme.audiences_k, theme.audiences_of, theme.low, theme.high) == (
            found.k,
            found.of,
            found.low,
            found.high,
        )
        for name, count in theme.by_audience:
            assert count == sum(comment.audience == name for comment in listed)
    without = [comment for comment in summary.comments if not comment.themes]
    assert summary.facts.comments == len(COMMENTS) == board.comments
    assert summary.facts.share_in_no_theme == len(without) / len(COMMENTS) == board.share_unplaced
    assert summary.audiences == (("Academia", 4), ("Nonprofits", 4), ("Tech", 5))
    assert (summary.run, summary.seed, summary.board_revision) == (1, 7, 7)


def test_the_preview_is_what_is_frozen(session: Session, study: Study, decided: dict[int, int]) -> None:
    study = session.get_one(Study, study.id)
    preview, frozen = summaries.preview(session, study, BY), freeze(session, study)
    # Everybody's answers are counted when a summary is frozen, not each time somebody looks.
    facts = replace(frozen.facts, people=None, responses=None)
    assert (preview.facts, preview.themes, preview.audiences) == (
        facts,
        frozen.themes,
        frozen.audiences,
    )
    assert preview.method == frozen.method
    assert preview.comments == ()


def test_the_method_says_how(session: Session, study: Study, decided: dict[int, int]) -> None:
    method = dict(freeze(session, study).method)
    assert "No text left this machine" in method["Privacy"]
    assert method["Rejected themes"].startswith("1 left out")
    assert method["In no theme"] == f"5 of 14 comments ({percent(5 / 14)})."
    assert method["Late comments"].startswith("1 came after")
    assert method["Versions"] == "numpy 2"
    assert method["Decisions by people"] == "6 stand."


def test_frozen_is_frozen(session: Session, study: Study, decided: dict[int, int]) -> None:
    study = session.get_one(Study, study.id)
    first = summaries.freeze(session, study, BY)
    kept = summaries.read(first)
    decide(
        session,
        study,
        changes.rename(decided[1], "Other"),
        changes.undo(7),
        Change("reject", {"theme": decided[2]}),
    )
    second = summaries.freeze(session, study, BY)
    assert (first.number, second.number) == (1, 2)
    assert summaries.read(first) == kept
    assert first.sha256 == kept.sha256() == hashlib.sha256(kept.to_json()).hexdigest()
    assert [row.number for row in summaries.frozen(session, study)] == [2, 1]
    assert summaries.get(session, study, 1) is first
    with pytest.raises(NotFound):
        summaries.get(session, study, 10**30)


def test_a_changed_document_is_noticed(session: Session, study: Study, themes: dict[int, int]) -> None:
    row = summaries.freeze(session, session.get_one(Study, study.id), BY)
    session.execute(update(models.Summary).values(sha256="0" * 64))
    session.refresh(row)
    with pytest.raises(Refusal, match="was changed"):
        summaries.read(row)


def test_one_audit_row_each(session: Session, study: Study, themes: dict[int, int]) -> None:
    row = summaries.freeze(session, session.get_one(Study, study.id), BY)
    rows = session.scalars(select(AuditRow).where(AuditRow.action == "summaries.freeze")).all()
    assert [(told.by, told.object, told.details) for told in rows] == [
        (BY, "it-plan", {"number": 1, "sha256": row.sha256})
    ]
    assert audit.verify(session) == []


def test_without_a_run_every_comment_is_listed_without_a_theme(session: Session, study: Study) -> None:
    add_comments(session, study)
    summary = freeze(session, study)
    assert (summary.run, summary.seed, summary.themes) == (None, None, ())
    assert len(summary.comments) == len(COMMENTS)
    assert {comment.reason for comment in summary.comments} == {"themes were not looked for yet"}
    assert (summary.facts.share_in_no_theme, summary.facts.audiences) == (1.0, 3)
    assert "not looked for yet" in dict(summary.method)["Themes"]


def test_nothing_to_take_away(session: Session, study: Study) -> None:
    with pytest.raises(Refusal, match="no comments yet"):
        freeze(session, study)
    assert session.scalars(select(models.Summary)).all() == []


def test_an_invented_study_says_so_in_every_file(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    session.get_one(Study, study.id).demo = True
    summary = freeze(session, study)
    files = {name: chosen.to_bytes(summary) for name, chosen in SUMMARY_FORMATS.items()}
    assert json.loads(files["json"])["summary"]["demo"] is True
    header, first, *_ = files["csv"].decode("utf-8-sig").splitlines()
    assert first.split(",")[header.split(",").index('"invented"')] == '"yes"'
    assert any("Invented" in paragraph.text for paragraph in Document(io.BytesIO(files["docx"])).paragraphs)
    method = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))["Method"]
    assert ("Invented for a demonstration", "yes") in [
        tuple(cell.value for cell in row) for row in method.rows
    ]


def test_hostile_text_goes_through_word_for_word(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    text = '=HYPERLINK("x")\r\n<script>\u202e\'--'
    session.execute(update(Comment).where(Comment.id == "a1").values(text=text))
    summary = freeze(session, study)
    assert next(comment.text for comment in summary.comments if comment.id == "a1") == text


def test_only_cleared_quotes_leave_without_what_was_blacked_out(
    session: Session, study: Study, decided: dict[int, int]
) -> None:
    text = "Jane Doe of Main Street waits for a phone."
    session.execute(update(Comment).where(Comment.id == "a1").values(text=text))
    before = freeze(session, study)
    assert [theme.quotes for theme in before.themes] == [(), ()]
    assert dict(before.method)["Quotes"].startswith("None is shown, because none was cleared.")
    decide(
        session,
        study,
        changes.quote("a1", "cleared", [(0, 8), (12, 23)]),
        changes.quote("n1", "refused"),
        changes.quote("a3", "cleared"),
        changes.quote("a2", "cleared"),
        changes.quote("a3", "open"),
        changes.quote("t2", "cleared"),  # its theme is rejected
    )
    summary = freeze(session, study)
    one, two = summary.themes
    assert [quote.text for quote in one.quotes] == [
        "[…] of […] waits for a phone.",
        "Comment a2 of <b>Academia</b>",
    ]
    assert [quote.text for quote in two.quotes] == ["Comment a2 of <b>Academia</b>"]
    assert dict(summary.method)["Quotes"].startswith("Each was cleared by a person")
    # The list for the office's own use is word for word, and says so.
    assert next(comment.text for comment in summary.comments if comment.id == "a1") == text
    assert "office's own use" in dict(summary.method)["List of comments"]


def test_what_is_blacked_out_is_in_no_word_file(
    session: Session, study: Study, decided: dict[int, int]
) -> None:
    session.execute(update(Comment).where(Comment.id == "a1").values(text="Jane Doe waits for a phone."))
    decide(session, study, changes.quote("a1", "cleared", [(0, 8)]))
    document = SUMMARY_FORMATS["docx"].to_bytes(freeze(session, study))
    words = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(document)).paragraphs)
    assert "“[…] waits for a phone.”" in words
    assert "No quote was cleared for this theme." in words
    assert "Jane" not in words
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        assert not any(b"Jane" in package.read(name) for name in package.namelist())


def test_a_quote_that_is_taken_back_or_undone_does_not_leave(
    session: Session, study: Study, decided: dict[int, int]
) -> None:
    after = decide(session, study, changes.quote("a1", "cleared"))
    decide(session, study, changes.undo(after.revision))
    assert not any(theme.quotes for theme in freeze(session, study).themes)


def test_many_quotes_are_of_several_groups(session: Session, study: Study, themes: dict[int, int]) -> None:
    decide(session, study, *(changes.quote(id, "cleared") for id in ("a1", "a2", "n1", "n2", "t1", "n3")))
    (one, *_) = freeze(session, study).themes
    assert [quote.audience for quote in one.quotes[:3]] == ["Academia", "Nonprofits", "Tech"]
    assert len(one.quotes) == 6


def test_a_prompt_that_only_a_small_group_was_asked_is_not_told_beside_a_quote(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    study = session.get_one(Study, study.id)
    own = Prompt(study_id=study.id, text="What would make your work safer?", position=9)
    session.add(own)
    session.flush()
    session.get_one(Comment, "t1").prompt_id = own.id
    for audience in study.audiences:
        audience.people = 7 if audience.name == "Tech" else 60
    session.flush()
    decide(session, study, changes.quote("t1", "cleared"), changes.quote("n1", "cleared"))
    quotes = {quote.text: quote for theme in freeze(session, study).themes for quote in theme.quotes}
    of_tech, of_many = (next(q for text, q in quotes.items() if name in text) for name in ("t1", "n1"))
    assert (of_tech.audience, of_tech.prompt) == (None, None)
    assert of_many.audience == "Nonprofits"
    assert of_many.prompt


def test_a_name_that_was_a_comment_is_not_in_the_method(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    said = "The clerk at window four lost my permit three times this year and laughed."
    session.get_one(Comment, "a1").text = said
    session.flush()
    decide(session, study, changes.rename(themes[1], said), changes.rename(themes[1], "Traffic"))
    summary = freeze(session, study)
    method = " ".join(text for section in summary.appendix for _label, text in section.lines)
    assert "lost my permit" not in method
    assert "had words of a comment" in method
    assert "Traffic" in str(summary.themes)


def test_of_a_session_of_a_small_group_only_that_it_was_held_is_told(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    study = session.get_one(Study, study.id)
    for audience in study.audiences:
        audience.people = 60 if audience.name == "Academia" else 3
        meeting = GroupSession(study_id=study.id, audience_id=audience.id, title=f"Of {audience.name}")
        meeting.state, meeting.starts_at, meeting.made_by, meeting.made_at = "ended", now(), "x", now()
        meeting.roster = [RosterEntry(number=number) for number in range(1, 4)]
        session.add(meeting)
    session.flush()
    held = freeze(session, study).sessions
    assert [(one.audience, one.title) for one in held if one.title] == [("Academia", "Of Academia")]
    small = [one for one in held if not one.title]
    assert [(one.audience, one.day, one.notes) for one in small] == [(SMALL_GROUPS, None, None)] * 2
    assert not hasattr(held[0], "people"), "how many came would tell what the gate hides"
