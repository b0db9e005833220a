"""Words per theme: in each language, nobody's overwritten by chance, none ever lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey import changes
from survey.errors import NotFound, Stale
from survey.models import AuditRow, Study, Survey, ThemeText
from survey.services import summaries, theme_texts
from survey.services.theme_texts import MOST_NAME, MOST_TEXT, OWN, NotRight, Words
from tests.boards import LABELS, add_comments, add_run, board_of, decide
from tests.services.answering import document

BY = "facilitator@office.example"
WORDS = Words("", "About\n\n<b>it</b>", "=1+1", "Later 😀")


@pytest.fixture
def plan(session: Session, study: Study) -> Study:
    """The small study with its board, and a survey in English and Spanish."""
    add_comments(session, study)
    add_run(session, study)
    session.add(Survey(study_id=study.id, slug="it-survey", document=document()))
    session.flush()
    return session.get_one(Study, study.id)


def save(
    session: Session, plan: Study, words: Words, language: str = OWN, seen: int = 0, theme: int = 1
) -> bool:
    found = theme_texts.live(board_of(session, plan), theme)
    return theme_texts.save(session, plan, found, language, words, seen=seen, by=BY)


def audits(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(AuditRow)) or 0


def test_words_are_stored_and_are_in_the_next_summary(session: Session, plan: Study) -> None:
    before = audits(session)
    assert save(session, plan, WORDS)
    assert audits(session) == before + 1
    theme = summaries.read(summaries.freeze(session, plan, BY)).themes[0]
    assert (theme.about, theme.underway, theme.planned) == (WORDS.about, WORDS.underway, WORDS.planned)
    assert theme_texts.of_study(session, plan)[1][OWN].about == WORDS.about
    row = session.scalars(select(AuditRow).where(AuditRow.action == "theme-texts.write")).one()
    assert row.details == {"theme": 1, "language": ""}, "what was written is not in the audit"


def test_languages_are_those_of_the_surveys(session: Session, plan: Study) -> None:
    assert theme_texts.languages(session, plan) == ("en", "es")
    assert save(session, plan, Words("Internet en casa", "Sobre"), "es")
    line = theme_texts.overview(session, plan, board_of(session, plan)).lines[0]
    assert line.others["es"] == Words("Internet en casa", "Sobre")
    assert not line.lacks("es"), "nothing more is written in the study's own words"
    assert save(session, plan, WORDS)
    assert theme_texts.overview(session, plan, board_of(session, plan)).lines[0].lacks("es")
    for unknown in ("en", "fr", "x" * 500, "\0"):
        with pytest.raises(NotFound):
            save(session, plan, WORDS, unknown)


def test_the_name_in_the_studys_own_words_is_the_boards(session: Session, plan: Study) -> None:
    save(session, plan, Words("Another name", "About"))
    assert theme_texts.of_study(session, plan)[1][OWN].name == ""


def test_the_slower_one_overwrites_nothing(session: Session, plan: Study) -> None:
    assert save(session, plan, Words(about="first"))
    with pytest.raises(Stale):
        save(session, plan, Words(about="second"), seen=0)
    assert theme_texts.of_study(session, plan)[1][OWN].about == "first"
    assert not save(session, plan, Words(about="first"), seen=0), "the same button pressed twice"
    assert save(session, plan, Words(about="second"), seen=1)
    assert save(session, plan, Words(), seen=2)
    with pytest.raises(Stale):
        save(session, plan, Words(about="third"), seen=0)


def test_limits_are_told_all_at_once(session: Session, plan: Study) -> None:
    most = Words("n" * MOST_NAME, *["x" * MOST_TEXT] * 3)
    assert save(session, plan, most, "es")
    with pytest.raises(NotRight) as told:
        save(session, plan, Words("n" * (MOST_NAME + 1), "x" * 5_001, "", "x" * 10**6), "es", seen=1)
    assert list(told.value.problems) == ["name", "about", "planned"]
    assert "1,000,000 characters" in told.value.problems["planned"]


@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_becomes_one_that_can_be_stored(text: str) -> None:
    tidy = Words(text, text, text, text).tidy()
    assert tidy.tidy() == tidy
    for part in (tidy.name, *tidy.parts.values()):
        assert part.encode("utf-8").decode("utf-8") == part
        assert not {"\0", "\r", "\x1b"} & set(part)
        assert seen(part) == seen(text), "nothing that anybody sees is lost"


def seen(text: str) -> str:
    return "".join(c for c in text if not c.isspace() and unicodedata.category(c) not in ("Cc", "Cs"))


def test_words_stay_when_their_theme_goes(session: Session, plan: Study) -> None:
    save(session, plan, Words(about="merged away"), theme=2)
    save(session, plan, Words(about="rejected"), theme=3)
    board = decide(session, plan, changes.merge(1, [2]), changes.reject(3))
    overview = theme_texts.overview(session, plan, board)
    assert [(kept.name, kept.words.about, kept.theme) for kept in overview.kept] == [
        (LABELS[2], "merged away", 1),
        (LABELS[3], "rejected", 3),
    ]
    assert [kept.words.about for kept in theme_texts.merged_into(overview, overview.lines[0].theme)] == [
        "merged away"
    ]
    for gone in (2, 3, 99, 2**70):
        with pytest.raises(NotFound):
            theme_texts.live(board, gone)
    board = decide(session, plan, changes.reopen(3))
    assert [kept.name for kept in theme_texts.overview(session, plan, board).kept] == [LABELS[2]]


def test_other_studies_are_left_out(session: Session, plan: Study) -> None:
    other = session.scalars(select(Study).where(Study.slug == "other")).one()
    session.add(ThemeText(study_id=other.id, theme=1, about="another study's"))
    session.flush()
    assert theme_texts.of_study(session, plan) == {}
    assert not theme_texts.overview(session, plan, board_of(session, plan)).written
    assert theme_texts.overview(session, other, None).lines == ()
