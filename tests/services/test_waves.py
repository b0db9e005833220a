"""Waves: this year's figures against last year's, from numbers that both summaries show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey.db import Database
from survey.formats import summary_words
from survey.formats.summary import SummaryChoice, SummaryQuestion
from survey.models import Study
from survey.services import studies, summaries
from survey.services.tabulating import waves
from survey.services.tabulating.waves import Frozen, change
from tests.services.counted import EASE, SCALE, YES_NO, answer, ask, told

SATISFIED = SummaryQuestion(
    "it-2011/satisfied",
    "IT survey",
    "Are you satisfied?",
    "yes_no",
    1000,
    choices=(SummaryChoice("yes", "Yes", 964, 0.964), SummaryChoice("no", "No", 36, 0.036)),
)


def earlier(*questions: SummaryQuestion) -> Frozen:
    return Frozen("2010", questions)


def test_the_municipal_instrument() -> None:
    # 88.2 % were satisfied in one year and 96.4 % in the next: the city printed +9.3 %.
    before = replace(
        SATISFIED,
        id="it-2010/satisfied",
        choices=(SummaryChoice("yes", "Yes", 882, 0.882), SummaryChoice("no", "No", 118, 0.118)),
    )
    (wave,) = waves.told([SATISFIED], earlier(before), "2011")
    assert (wave.before, wave.after, wave.unit) == (88.2, 96.4, "%")
    assert summary_words.wave(wave) == "96.4% against 88.2%: +9.3%"
    assert round(wave.change or 0, 3) == 0.093
    assert (wave.figure, wave.before_title, wave.after_title) == ("Are you satisfied?: Yes", "2010", "2011")


def test_changes() -> None:
    assert change(50, 44) == pytest.approx(-0.12)
    assert (change(3, 3), change(0, 5)) == (0, None)


def test_choices_are_matched_by_words_and_then_by_id() -> None:
    now = replace(
        SATISFIED,
        type="one_choice",
        choices=(SummaryChoice("a", "Good", 50, 0.5), SummaryChoice("b", "Fair enough", 40, 0.4)),
    )
    was = replace(
        now,
        id="x/satisfied",
        choices=(SummaryChoice("b", "Fair", 30, 0.3), SummaryChoice("c", "GOOD", 70, 0.7)),
    )
    good, fair = waves.told([now], earlier(was), "now")
    assert (good.before, good.after, fair.before, fair.after) == (70, 50, 30, 40)


@pytest.mark.parametrize(
    "before",
    [
        replace(SATISFIED, id="x/another"),
        replace(SATISFIED, type="scale"),
        replace(SATISFIED, choices=(SummaryChoice("yes", "Yes", None), SummaryChoice("no", "No", None))),
    ],
)
def test_what_cannot_be_compared_is_not(before: SummaryQuestion) -> None:
    assert list(waves.told([SATISFIED], earlier(before), "now")) == []
    assert list(waves.told([SATISFIED], None, "now")) == []


def test_two_studies_through_the_database(database: Database, study: Study) -> None:
    with database.reading() as session:
        other = studies.by_slug(session, "other")
    last_year = ask(database, other, EASE, SCALE, YES_NO, slug="last-year")
    for scale, number in ((2, 20), (4, 20)):
        answer(database, last_year, [{"ease": "easy", "rate": scale, "web": "yes"}] * number)
    with database.writing() as session:
        summaries.freeze(session, studies.by_slug(session, "other"), "t")
        studies.by_slug(session, study.slug).earlier_id = other.id
    this_year = ask(database, study, EASE, SCALE, YES_NO)
    answer(database, this_year, [{"ease": "easy", "rate": 4, "web": "no"}] * 30)
    answer(database, this_year, [{"ease": "hard", "rate": 3}] * 2)
    found = {wave.id: wave for wave in told(database, study).waves}
    # One number of this year is hidden: its scale has no mean, and "hard" no share.
    assert "it-survey/rate#mean" not in found
    assert not [id for id in found if id.startswith("it-survey/ease")]
    assert found["it-survey/web#no"].after == 100.0
    answer(database, this_year, [{"ease": "hard", "rate": 3}] * 28)
    found = {wave.id: wave for wave in told(database, study).waves}
    mean = found["it-survey/rate#mean"]
    assert (mean.before, mean.after, mean.unit) == (3.0, 3.5, "")
    assert (mean.before_title, mean.after_title) == ("Another study", "IT Strategic Plan")
    assert mean.change == pytest.approx(1 / 6)
