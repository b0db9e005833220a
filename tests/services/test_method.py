"""The method appendix: what a reader needs to trust the numbers, and nothing that the gate hides."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from analysis.disclose import Cell, Shown
from survey import changes
from survey.board import kinds
from survey.dates import now
from survey.db import Database
from survey.formats.comments_in import ColumnChoice
from survey.formats.people_in import PersonDetails
from survey.formats.release_parts import Parts, cut, sections
from survey.formats.summary import SMALL_GROUPS, Summary, SummaryCheck
from survey.models import Comment, CommentImport, GroupSession, Response, Study, Survey, Version
from survey.services import board as boards
from survey.services import gate, imports, invitees, member_checks, method, method_decided, summaries
from survey.services.codings import Given
from survey.services.gate import Groups
from tests.boards import COMMENTS, LABELS, add_comments, add_run, board_of, decide
from tests.fixtures import SECRET
from tests.people import Cast
from tests.samples import NONE, code_and_compare, draw
from tests.services.answering import document

BY = "planner@office.example"
GROUPS_KEY = "groups:it-survey/@language"
Appendix = dict[str, dict[str, str]]


@pytest.fixture
def plan(session: Session, study: Study) -> Study:
    add_comments(session, study)
    add_run(session, study)
    return session.get_one(Study, study.id)


def survey_of(session: Session, plan: Study, **columns: object) -> Survey:
    """A published survey with two languages and four questions."""
    survey = Survey(study_id=plan.id, slug="it-survey", document=document(), state="open", **columns)
    survey.versions = [Version(number=1, document=document(), published_at=now())]
    session.add(survey)
    session.flush()
    return survey


def appendix(
    session: Session, plan: Study, shown: dict[str, Shown] | None = None, groups: Groups | None = None
) -> Appendix:
    board, run = boards.load(session, plan), boards.run_of_board(session, plan)
    groups = groups or gate.groups(session, plan)
    made = method.appendix(session, plan, board, run, groups, shown or {})
    return {section.title: dict(section.lines) for section in made}


def everything(made: Appendix) -> str:
    return "\n".join(
        f"{title}\n{label}\n{text}" for title, lines in made.items() for label, text in lines.items()
    )


def told(session: Session, plan: Study) -> list[tuple[str, str]]:
    board = board_of(session, plan)
    made = method.appendix(session, plan, board, None, gate.groups(session, plan), {})
    return next(list(section.lines) for section in made if section.title == method.DECISIONS)


def shown_table(total: int | None, *counts: int | None, key: str = GROUPS_KEY) -> dict[str, Shown]:
    cells: dict[Cell, int | None] = {(str(place),): count for place, count in enumerate(counts)}
    return {key: Shown(key, "survey:it-survey", ("@language",), cells, total)}


def test_what_was_asked_of_whom_and_how_many_answered(session: Session, plan: Study) -> None:
    plan.prompts[0].kind = "strength"
    survey = survey_of(session, plan, mode="confidential", access="code", closes_on=date(2026, 5, 31))
    for number in range(8):
        invitees.add(session, SECRET, survey, PersonDetails(f"P{number}", f"p{number}@home.example"), by=BY)
    held = GroupSession(study_id=plan.id, audience_id=plan.audiences[0].id, state="ended", made_by=BY)
    held.starts_at = held.made_at = now()
    session.add(held)
    session.flush()
    made = appendix(session, plan, shown_table(6, 6))
    asked = made[method.ASKED]
    assert asked["Prompt 1"] == "What works well? (asks for a strength)"
    assert asked["Prompt 2"] == "What should we improve?"
    about = asked["Survey “IT plan survey”"]
    for there in ("Confidential", "were invited", "English, Español", "open until 2026-05-31"):
        assert there in about, there
    assert asked["Questions of “IT plan survey”"].splitlines()[1] == "2. What should the city do better?"
    assert made[method.HEARD]["Groups"] == "Academia, Nonprofits, Tech"
    assert made[method.HEARD]["Sessions held"].startswith("1, from ")
    assert made[method.ANSWERED]["Responses to “IT plan survey”"] == "6 of 8 people who were invited (75.0%)."
    assert made[method.ANSWERED]["Comments from sessions"] == str(len(COMMENTS))


def test_attack_only_the_gate_says_how_many_answered(session: Session, plan: Study) -> None:
    survey = survey_of(session, plan)
    line = "Responses to “IT plan survey”"
    assert appendix(session, plan)[method.ANSWERED][line] == "0."
    usual = {
        "survey_id": survey.id,
        "version_id": survey.versions[0].id,
        "mode": survey.mode,
        "language": "en",
    }
    for number in range(23):
        session.add(Response(id=f"r{number}", answers={}, day=date(2026, 1, 1), **usual))
    session.flush()
    for shown in ({}, shown_table(None, None, None), {"x": Shown("x", "", (), {}, 23)}):
        text = appendix(session, plan, shown)[method.ANSWERED][line]
        assert text.startswith("The number is hidden")
        assert "23" not in text
    two = shown_table(23, 23) | shown_table(20, 20, key="groups:it-survey/@unit")
    assert "23" not in appendix(session, plan, two)[method.ANSWERED][line]
    assert appendix(session, plan, shown_table(23, 23))[method.ANSWERED][line] == "23."


def test_attack_channels_with_few_comments_have_no_numbers(session: Session, plan: Study) -> None:
    session.execute(update(Comment).where(Comment.id.in_(["a1", "a2"])).values(channel="survey"))
    lines = appendix(session, plan)[method.ANSWERED]
    assert lines == {"Comments came from": "sessions, surveys. How many from each is hidden."}


def test_how_themes_were_found(session: Session, plan: Study) -> None:
    run = boards.run_of_board(session, plan)
    assert run
    run.manifest = {
        "input": "f" * 64, "earlier": None, "decisions": None, "vectors": "table", "table": "e" * 64,
        "options": {"seed": 7, "themes": None}, "versions": {"numpy": "2.4"},
    }  # fmt: skip
    data = b"text\nBuses are late\nBuses are late\nTrees\n"
    imports.import_comments(session, plan, data, "notes.csv", ColumnChoice("text"), BY)
    made = appendix(session, plan)
    found = made[method.FOUND]
    for label, text in {
        "Comments it was given": "13",
        "Parameters": "seed 7, themes not set",
        "Versions": "numpy 2.4",
        "SHA-256 of the comments": "f" * 64,
        "SHA-256 of the word vectors": "e" * 64,
        "Privacy": "No text left this machine: all of this was computed on it.",
    }.items():
        assert found[label] == text
    assert found["Run"].startswith("1, made ")
    assert found["Seed"].startswith("7.")
    assert "SHA-256 of what was found before" not in found
    assert found["Copies among comments from files"].startswith("1 exact and 0 near")
    assert re.match(r"\d+\.\d% of the comments", found["In no theme"])
    assert made[method.STABILITY][LABELS[1]] == "0.80 (stable)"
    assert made[method.STABILITY][LABELS[3]] == "0.60 (watch)"
    board = decide(session, plan, changes.merge(1, [2]))
    assert appendix(session, plan)[method.STABILITY][board.live[0].name].startswith("Not measured")


def test_every_decision_about_themes_with_who_and_when(session: Session, plan: Study) -> None:
    board = decide(
        session,
        plan,
        changes.rename(1, "Internet at home"),
        changes.describe(2, {"definition": "secret words"}),
        changes.describe(2, {"definition": "x"}, "Phones"),
        changes.split(1, [("Cable", ["a1", "n1"]), ("Radio", ["n2"])]),
        changes.merge(1, [2]),
        changes.reject(3),
        by=BY,
    )
    decide(session, plan, changes.undo(board.revision), by="other@office.example")
    decide(session, plan, changes.move(["t2", "t3"], 3, 1), changes.note("a secret note", theme=1), by=BY)
    lines = told(session, plan)
    day = f"{now():%Y-%m-%d}"
    assert lines[:-1] == [
        (f"{day}, planner", "Run 1 came onto the board."),
        (f"{day}, {BY}", f"Renamed “{LABELS[1]}” to “Internet at home”."),
        (f"{day}, {BY}", f"Renamed “{LABELS[2]}” to “Phones” and described it."),
        (f"{day}, {BY}", "Split “Internet at home” into “Cable”, “Radio”."),
        (f"{day}, {BY}", "Merged “Phones” into “Cable”."),
        (f"{day}, {BY}", f"Rejected “{LABELS[3]}”."),
        (f"{day}, other@office.example", f"Undid: Rejected “{LABELS[3]}”."),
    ]
    assert lines[-1][1] == "3: 1 about entries of the codebook, 1 about notes, 1 about where comments belong."
    assert "secret" not in str(lines)


def test_the_public_does_not_learn_who_decided(session: Session, plan: Study) -> None:
    decide(session, plan, changes.merge(1, [2]), by=BY)
    summary: Summary = summaries.read(summaries.freeze(session, plan, BY))
    assert BY in str(summary.appendix)
    public = cut(summary, Parts(method=tuple(sections(summary))))
    assert [section.title for section in public.appendix] == [s.title for s in summary.appendix]
    assert "@" not in str(public.appendix)
    assert "Merged “" in str(public.appendix)


def test_words_of_comments_are_not_in_it(session: Session, plan: Study) -> None:
    decide(session, plan, changes.quote("a1", "cleared"), changes.create("New", ["a4"], None))
    text = everything(appendix(session, plan))
    assert "Comment a" not in text
    assert not any(re.search(rf"\b{id}\b", text) for id in COMMENTS if id != "late")


def test_what_is_hidden_is_said_without_telling_it(session: Session, plan: Study) -> None:
    groups = gate.groups(session, plan)
    small = plan.audiences[0]
    plan.fewest_counted, plan.fewest_quoted = 6, 11
    pooled = replace(
        groups, names={**groups.names, small.id: SMALL_GROUPS}, people={**groups.people, small.id: 3}
    )
    shown = shown_table(40, 20, None, None) | shown_table(40, 20, 20, key="cross:it-survey/ease x @unit")
    shown |= {"in person": Shown("in person", "heard", ("@audience",), {("1",): None}, None)}
    made = appendix(session, plan, shown, pooled)
    lines = made[method.HIDDEN]
    assert "from 1 to 5 is shown" in lines["Numbers of people"]
    assert lines["Comments by group"].endswith(f"Here: {small.name}.")
    told = appendix(session, plan, shown, replace(pooled, pool_told=False))[method.HIDDEN]
    assert told["Comments by group"].endswith("together they are too few as well.")
    assert "at least 11 people" in lines["Quotes"]
    assert lines["Responses by group it-survey/@language"] == "2 of 4 numbers are hidden."
    assert lines["Table in person"] == "2 of 2 numbers are hidden."
    assert not [label for label in lines if label.startswith("Cross table")]
    assert made[method.HEARD]["Counted together, because they are small"] == small.name
    assert not re.search(
        r"\b3\b", everything({title: made[title] for title in (method.HEARD, method.HIDDEN)})
    )
    assert appendix(session, plan)[method.HIDDEN]["Tables of people"] == "No number is hidden."


def test_agreement_of_coders_with_intervals(database: Database, cast: Cast, study: Study) -> None:
    with database.writing() as session:
        add_comments(session, study)
        add_run(session, study)
    draw(database, cast, size=len(COMMENTS))
    code_and_compare(
        database, lambda id: Given((1,)) if id < "n" else NONE, lambda id: Given((1,)) if id < "l" else NONE
    )
    with database.writing() as session:
        lines = appendix(session, session.get_one(Study, study.id))[method.CHECKED]
    assert lines["Double coding, sample 1"].startswith(f"Two people coded {len(COMMENTS)} comments")
    assert re.fullmatch(
        r"-?\d\.\d\d \(95% interval -?\d\.\d\d to -?\d\.\d\d\)",
        lines["Double coding, sample 1: Cohen's kappa of the main theme"],
    )
    assert cast.planner.email not in str(lines), "how they agree is told, not who they are"


def test_member_checks_as_the_gate_lets_them_through(
    session: Session, plan: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = {1: SummaryCheck(9, 1, 10), 2: SummaryCheck(None, None, None), 99: SummaryCheck(1, 1, 2)}
    monkeypatch.setattr(member_checks, "shares", lambda session, study: checks)
    lines = appendix(session, plan)[method.CHECKED]
    assert lines[LABELS[1]] == "Of 10 people 9 said “yes, we said that” and 1 “not what we meant”."
    assert "hidden" in lines[LABELS[2]]
    assert len(lines) == 3


def test_a_study_without_anything_still_says_its_rules(session: Session, study: Study) -> None:
    made = appendix(session, session.get_one(Study, study.id))
    assert list(made) == [method.FOUND, method.HIDDEN]
    assert made[method.FOUND]["Themes"] == "Themes were not looked for."


def test_it_is_english_for_everybody(app: Flask, database: Database, study: Study) -> None:
    with database.writing() as session:
        add_comments(session, study)
        add_run(session, study)
        plan = session.get_one(Study, study.id)
        decide(session, plan, changes.merge(1, [2]))
        english = appendix(session, plan)
        with app.test_request_context("/sign-in", headers={"Accept-Language": "es"}):
            app.preprocess_request()
            assert appendix(session, plan) == english


def test_hostile_names_stay_words(session: Session, plan: Study) -> None:
    name = '"><svg onload=alert(1)> =1+1 \u202e😀 ' + "x" * 150
    decide(session, plan, changes.rename(1, name))
    plan.audiences[0].name = plan.prompts[0].text = name
    session.add(CommentImport(study_id=plan.id, file_name="x", report={}, made_by=BY, made_at=now()))
    session.flush()
    made = appendix(session, plan)
    assert made[method.ASKED]["Prompt 1"] == name
    assert name in made[method.STABILITY]


def test_kinds_that_are_told_are_kinds_that_there_are() -> None:
    assert kinds.KINDS.keys() >= method_decided.OF_THEMES | method_decided.WORDS.keys()
