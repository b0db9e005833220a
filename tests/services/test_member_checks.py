"""Member checks: what is shown is frozen, answers are stored once, small groups are never told apart."""

from __future__ import annotations

import secrets
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey import changes
from survey.errors import NotFound, Refusal
from survey.formats.summary import SummaryCheck
from survey.models import AuditRow, Comment, MemberCheck, MemberCheckAnswer, Study, ThemeText
from survey.services import member_answers as answers
from survey.services import member_checks as checks
from survey.services import member_marks as marks
from survey.services import studies
from survey.services.member_answers import Said
from survey.services.member_marks import ShownTheme, _Counts
from tests.boards import add_comments, add_run, board_of, decide

DAY = date(2026, 3, 4)
HIDDEN = SummaryCheck(None, None, None)


@pytest.fixture
def own(session: Session, study: Study) -> Study:
    """The study with a board: theme 1 in all three audiences, 2 too, 3 in the last one only."""
    add_comments(session, study)
    own = studies.by_slug(session, study.slug)
    add_run(session, own)
    return own


def ask(session: Session, study: Study, audience: int = 0, *themes: int) -> MemberCheck:
    shown = [ShownTheme(theme, f"Theme {theme}") for theme in themes or (1, 2)]
    return checks.make(session, study, study.audiences[audience], shown, by="me")


def say(session: Session, check: MemberCheck, *said: str, missing: str = "") -> str:
    """An answer: "yes", "no" or "" for each theme of the check."""
    id = secrets.token_hex(16)
    read = answers.read(check, dict(enumerate(said)), missing)
    assert answers.take(session, check, id, read, DAY) == "stored"
    return id


def test_a_group_is_offered_the_live_themes_it_spoke_of(session: Session, own: Study) -> None:
    session.add(ThemeText(study_id=own.id, theme=1, about="The net at home"))
    session.add(ThemeText(study_id=own.id, theme=1, language="es", about="La red"))
    session.flush()
    academia, tech = own.audiences[0], own.audiences[2]

    def numbers(audience: object) -> list[tuple[int, int]]:
        found = checks.offered(session, own, audience, board_of(session, own))  # type: ignore[arg-type]
        return [(one.theme.id, one.comments) for one in found]

    assert numbers(academia) == [(1, 2), (2, 2)]
    assert numbers(tech) == [(1, 1), (2, 1), (3, 2)]
    first = checks.offered(session, own, academia, board_of(session, own))[0]
    assert (first.theme.name, first.theme.about) == ("internet; home", "The net at home")
    decide(session, own, changes.reject(1))
    assert numbers(academia) == [(2, 2)]
    assert checks.offered(session, own, academia, None) == []


def test_what_is_shown_is_frozen_and_tidy(session: Session, own: Study) -> None:
    shown = ShownTheme(1, " The\x00 net\n at home ", "Line one\r\nLine\x07 two\n")
    check = checks.make(session, own, own.audiences[0], [shown], by="me@office.example")
    assert check.themes == [{"id": 1, "name": "The net at home", "about": "Line one\nLine two"}]
    assert (check.number, check.open, len(check.code)) == (1, True, 22)
    decide(session, own, changes.rename(1, "Something else"))
    assert ShownTheme.of(check)[0].name == "The net at home"
    assert ask(session, own).number == 2
    actions = session.scalars(select(AuditRow.action).where(AuditRow.action.startswith("checks."))).all()
    assert actions == ["checks.make", "checks.make"]


@pytest.mark.parametrize(
    ("themes", "said"),
    [
        ([], "Choose at least one"),
        ([ShownTheme(1, " ")], "needs words"),
        ([ShownTheme(1, "x" * 301)], "301 characters"),
        ([ShownTheme(1, "x", "y" * 2001)], "2001 characters"),
        ([ShownTheme(3, "not of this group")], "not there any more"),
        ([ShownTheme(99, "of nobody")], "not there any more"),
    ],
)
def test_what_cannot_be_shown_is_refused(
    session: Session, own: Study, themes: list[ShownTheme], said: str
) -> None:
    with pytest.raises(Refusal, match=said):
        checks.make(session, own, own.audiences[0], themes, by="me")
    assert checks.of_study(session, own) == []


def test_another_study_has_none_of_it(session: Session, own: Study) -> None:
    check = ask(session, own)
    other = studies.by_slug(session, "other")
    for call in (lambda: checks.get(session, other, 1), lambda: checks.audience_of(other, check.audience_id)):
        with pytest.raises(NotFound):
            call()


def test_an_answer_is_stored_once(session: Session, own: Study) -> None:
    check = ask(session, own)
    said = answers.read(check, {0: "yes", 1: "", 5: "no"}, " Nothing \x00on parks ")
    assert said == Said({"1": "yes"}, "Nothing on parks")
    id = answers.answer_id("secret", check, answers.new_key())
    outcomes = [answers.take(session, check, id, said, DAY) for _ in range(3)]
    assert outcomes == ["stored", "again", "again"]
    assert answers.take(session, check, id, Said({"1": "no"}, ""), DAY) == "other"
    (row,) = session.scalars(select(MemberCheckAnswer)).all()
    assert (row.marks, row.missing, row.day) == ({"1": "yes"}, "Nothing on parks", DAY)


@pytest.mark.parametrize(
    ("marked", "missing", "said"),
    [
        ({}, "", "Mark at least one"),
        ({0: "maybe"}, " \x00\n", "Mark at least one"),
        ({0: "yes"}, "x" * 5001, "5001"),
    ],
)
def test_nothing_and_too_much_are_refused(
    session: Session, own: Study, marked: dict[int, str], missing: str, said: str
) -> None:
    with pytest.raises(Refusal, match=said):
        answers.read(ask(session, own), marked, missing)


@pytest.mark.parametrize(
    "code", ["", "x", "\0" * 22, "é" * 22, "' or 1=1 --aaaaaaaaaaa", "a" * 22, "a" * 9999]
)
def test_no_check_has_a_hostile_code(session: Session, own: Study, code: str) -> None:
    check = ask(session, own)
    assert answers.by_code(session, code) is None
    assert answers.by_code(session, check.code) is check


def test_what_is_missing_becomes_a_comment_once(session: Session, own: Study) -> None:
    check = ask(session, own)
    say(session, check, "yes")
    id = say(session, check, "", missing="More benches")
    assert [(one.text, one.added) for one in checks.missing(session, check)] == [("More benches", False)]
    assert checks.add_comment(session, own, check, id, by="me")
    assert not checks.add_comment(session, own, check, id, by="me")
    assert [one.added for one in checks.missing(session, check)] == [True]
    comment = session.scalars(select(Comment).where(Comment.text == "More benches")).one()
    assert (comment.audience_id, comment.channel, comment.day) == (own.audiences[0].id, "session", DAY)
    assert id not in (comment.id, comment.source_id)


def test_only_what_was_written_in_this_check_can_be_added(session: Session, own: Study) -> None:
    check, other = ask(session, own), ask(session, own, 1)
    silent, written = say(session, check, "yes"), say(session, other, "", missing="Benches")
    for id in (silent, written, "nobody", "\0", "", "a" * 40):
        with pytest.raises(NotFound):
            checks.add_comment(session, own, check, id, by="me")


def test_deleting_takes_the_answers_along_and_leaves_the_comments(session: Session, own: Study) -> None:
    check = ask(session, own)
    checks.add_comment(session, own, check, say(session, check, "", missing="Benches"), by="me")
    checks.set_open(session, own, check, False, by="me")
    checks.set_open(session, own, check, False, by="me")
    checks.remove(session, own, check, by="me")
    assert session.scalar(select(func.count()).select_from(MemberCheckAnswer)) == 0
    assert session.scalar(select(Comment.text).where(Comment.text == "Benches")) == "Benches"
    actions = session.scalars(
        select(AuditRow.action).where(AuditRow.action.startswith("checks.")).order_by(AuditRow.number)
    ).all()
    assert actions == ["checks.make", "checks.add-comment", "checks.close", "checks.delete"]


def test_numbers_for_staff(session: Session, own: Study) -> None:
    first, second = ask(session, own, 0), ask(session, own, 2, 1, 3)
    for _ in range(4):
        say(session, first, "yes", "no")
    whole, groups = marks.results(session, own)
    assert (whole.answers, whole.themes, [group.themes for group in groups]) == (4, None, [None])
    say(session, first, "", "no")
    for _ in range(6):
        say(session, second, "yes", "")
    whole, groups = marks.results(session, own)
    assert whole.themes
    assert [(m.theme.id, m.yes, m.no, m.silent) for m in whole.themes] == [
        (1, 10, 0, 1),
        (2, 0, 5, 0),
        (3, 0, 0, 6),
    ]
    assert [(g.name, g.answers, g.themes is not None) for g in groups] == [
        ("Academia", 5, True),
        ("Tech", 6, True),
    ]


def test_a_small_group_cannot_be_worked_out_from_the_others(session: Session, own: Study) -> None:
    large, small = ask(session, own, 0), ask(session, own, 1)
    for _ in range(8):
        say(session, large, "yes", "yes")
    say(session, small, "no", "no")
    whole, groups = marks.results(session, own)
    assert whole.themes is not None
    assert [group.themes for group in groups] == [None, None]


ANSWERS = st.dictionaries(
    st.integers(1, 5), st.tuples(st.integers(1, 12), st.frozensets(st.integers(1, 4), min_size=1)), min_size=1
)


@given(ANSWERS, st.integers(3, 8))
def test_what_is_left_of_the_whole_is_never_few(
    asked: dict[int, tuple[int, frozenset[int]]], few: int
) -> None:
    by_theme = {(group, theme): n for group, (n, themes) in asked.items() for theme in themes}
    counts = _Counts({group: n for group, (n, _themes) in asked.items()}, by_theme, {}, {})
    shown = marks._told_apart(counts, few)
    assert all(counts.answers[group] >= few for group in shown)
    for theme in range(1, 5):
        rest = sum(n for (group, of), n in by_theme.items() if of == theme and group not in shown)
        beside = any(of == theme and group in shown for group, of in by_theme)
        assert not beside or rest == 0 or rest >= few


@pytest.mark.parametrize(
    ("yes", "no", "shown"),
    [
        (4, 0, HIDDEN),
        (0, 3, HIDDEN),
        (2, 2, HIDDEN),
        (5, 0, SummaryCheck(5, 0, 5)),
        (0, 6, SummaryCheck(0, 6, 6)),
        (9, 7, SummaryCheck(9, 7, 16)),
        (18, 2, SummaryCheck(None, None, 20)),
        (4, 4, SummaryCheck(None, None, 8)),
    ],
)
def test_reports_show_nothing_of_few_people(
    session: Session, own: Study, yes: int, no: int, shown: SummaryCheck
) -> None:
    check, other = ask(session, own, 0, 1), ask(session, own, 1, 1, 2)
    for number in range(yes):
        say(session, check if number % 2 else other, "yes")
    for _ in range(no):
        say(session, check, "no")
    assert checks.shares(session, own) == {1: shown}


def test_a_theme_that_is_no_more_is_left_out_of_reports(session: Session, own: Study) -> None:
    check = ask(session, own)
    for _ in range(6):
        say(session, check, "yes", "no")
    assert checks.shares(session, own) == {1: SummaryCheck(6, 0, 6), 2: SummaryCheck(0, 6, 6)}
    decide(session, own, changes.merge(1, [2]))
    assert checks.shares(session, own) == {1: SummaryCheck(6, 0, 6)}
    assert ShownTheme.of(check)[1].name == "Theme 2"


def test_without_checks_there_is_nothing_to_say(session: Session, own: Study) -> None:
    assert checks.shares(session, own) == {}
    assert marks.results(session, own)[0].answers == 0
    assert checks.shares(session, studies.by_slug(session, "other")) == {}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(st.lists(st.sampled_from(["yes", "no", ""]), min_size=1, max_size=30))
def test_no_number_in_a_report_stands_for_few(session: Session, own: Study, said: list[str]) -> None:
    with session.begin_nested() as point:
        check = ask(session, own, 0, 1)
        for mark in said:
            say(session, check, mark, missing="." if not mark else "")
        for share in checks.shares(session, own).values():
            for count in (share.yes, share.no, share.asked):
                assert not count or count >= own.fewest_counted
            if share.asked is not None and None in (share.yes, share.no):
                assert (share.yes, share.no) == (None, None)
        point.rollback()
