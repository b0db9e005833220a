"""Targets, who was heard against them, and shares weighted to them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from analysis.disclose import Shown
from survey.dates import now
from survey.db import Database
from survey.errors import NotFound, Refusal, Stale
from survey.models import Audience, AuditRow, GroupSession, RosterEntry, Study
from survey.services import studies, summaries, tabulations, targets
from survey.services.tabulating.heard import is_under_heard
from survey.services.tabulating.weights import weight, weighted
from survey.services.targets import ProblemWith, Typed
from tests.services.answering import text
from tests.services.counted import EASE, aim, answer, ask, heard, people, question, told


def save(database: Database, study: Study, *typed: Typed, was: str | None = None) -> None:
    with database.writing() as session:
        mine = studies.by_slug(session, study.slug)
        seen = targets.seen(targets.of_study(session, mine)) if was is None else was
        targets.save(session, mine, typed, was=seen, who="t")


def stored(database: Database, study: Study) -> dict[str, dict[str, float]]:
    with database.reading() as session:
        return targets.of_study(session, study)


def audience(database: Database, study: Study, name: str, people: int | None = None) -> int:
    with database.writing() as session:
        made = Audience(study_id=study.id, name=name, people=people)
        session.add(made)
        session.flush()
        return made.id


def meeting(database: Database, study: Study, audience_id: int, people: int, state: str = "ended") -> None:
    with database.writing() as session:
        one = GroupSession(
            study_id=study.id, audience_id=audience_id, state=state, made_by="t", made_at=now()
        )
        one.roster = [RosterEntry(number=number) for number in range(1, people + 1)]
        session.add(one)


@pytest.mark.parametrize(
    ("typed", "share"),
    [
        ("12.5", 0.125),
        ("12,5 %", 0.125),
        ("٢٥٪", 0.25),
        (" 100 ", 1.0),
        ("0.01", 0.0001),
        ("", None),
        (" ", None),
    ],
)
def test_shares_as_people_type_them(typed: str, share: float | None) -> None:
    found = targets.read([Typed("unit", "Parks", typed)])["unit"]
    assert found == ({} if share is None else {"Parks": share})


@pytest.mark.parametrize(
    "typed", ["0", "-3", "101", "1e3", "a lot", "5 people", "nan", "\0", "9" * 100_000, "=1"]
)
def test_shares_that_cannot_be(typed: str) -> None:
    with pytest.raises(ProblemWith) as wrong:
        targets.read([Typed("unit", "Streets", ""), Typed("unit", "Parks", typed)])
    assert wrong.value.place == 1
    assert "Parks" in str(wrong.value)


@pytest.mark.parametrize("name", ["", " ", "x" * 201, "a\0b", "\ud800"])
def test_names_that_cannot_be(name: str) -> None:
    with pytest.raises(ProblemWith):
        targets.read([Typed("unit", name, "5", new=True)])


def test_a_name_without_a_share_is_not_thrown_away() -> None:
    with pytest.raises(ProblemWith, match="share of the new group"):
        targets.read([Typed("unit", "Parks", "", new=True)])


def test_shares_add_up_to_the_whole_at_most() -> None:
    with pytest.raises(ProblemWith, match="add up to 120 %") as wrong:
        targets.read([Typed("channel", "web", "90"), Typed("unit", "a", "60"), Typed("unit", "b", "60")])
    assert wrong.value.place == 1
    thirds = [Typed("unit", name, "33.34") for name in "abc"]
    assert sum(targets.read(thirds)["unit"].values()) > 1


def test_targets_are_put_in_the_place_of_the_old_ones(database: Database, study: Study) -> None:
    save(database, study, Typed("unit", "Parks", "30"), Typed("language", "es", "20"))
    save(database, study, Typed("unit", "Streets", "40"), Typed("unit", "Parks", ""))
    assert stored(database, study) == {
        "audience": {},
        "channel": {},
        "language": {},
        "unit": {"Streets": 0.4},
    }
    with database.reading() as session:
        actions = session.scalars(select(AuditRow.action).order_by(AuditRow.number)).all()
    assert actions.count("targets.save") == 2


def test_who_was_slower_does_not_overwrite(database: Database, study: Study) -> None:
    with database.reading() as session:
        was = targets.seen(targets.of_study(session, study))
    save(database, study, Typed("unit", "Parks", "30"))
    with pytest.raises(Stale):
        save(database, study, Typed("unit", "Parks", "50"), was=was)
    assert stored(database, study)["unit"] == {"Parks": 0.3}


def test_targets_by_something_unknown_or_twice(database: Database, study: Study) -> None:
    with pytest.raises(NotFound):
        save(database, study, Typed("weights", "unit", "5"))
    with pytest.raises(ProblemWith, match="already"):
        save(database, study, Typed("unit", "Parks", "5"), Typed("unit", " Parks ", "6"))


def test_the_page_offers_the_groups_of_the_study(database: Database, study: Study) -> None:
    staff = audience(database, study, "Staff")
    survey = ask(database, study, EASE)
    answer(database, survey, [{}], unit="Parks")
    aim(database, study, "unit", Gone=0.1)
    aim(database, study, "audience", **{"999": 0.1})
    with database.reading() as session:
        found = targets.fields(session, session.get_one(Study, study.id))
    offered = [(one.by, one.name, one.label, one.share) for one in found]
    assert ("audience", str(staff), "Staff", "") in offered
    assert ("language", "es", "Español", "") in offered
    assert ("unit", "Parks", "Parks", "") in offered
    assert ("unit", "Gone", "Gone", "10") in offered
    assert not [one for one in offered if one[1] == "999"]


def test_who_was_heard_by_audience_and_channel(database: Database, study: Study) -> None:
    academia, firms, staff, public, _board = (
        audience(database, study, name, people)
        for name, people in (("Academia", None), ("Firms", 12), ("Staff", None), ("Public", 70), ("Board", 8))
    )
    meeting(database, study, firms, 5)
    meeting(database, study, academia, 6)
    meeting(database, study, academia, 7)
    meeting(database, study, staff, 5, "planned")
    ids = [{"id": f"a{one}", "label": text(str(one)), "audience_id": one} for one in (staff, public)]
    who = {"id": "who", "type": "one_choice", "label": text("Who?"), "choices": ids, "audiences": True}
    survey = ask(database, study, who)
    answer(database, survey, [{"who": f"a{staff}"}] * 9 + [{"who": f"a{public}"}] * 11)
    answer(database, survey, [{"who": f"a{public}"}] * 5, source="paper")
    whole = ask(database, study, EASE, slug="staff-survey", audience_id=staff)
    answer(database, whole, [{}] * 20)
    found = told(database, study)
    assert people(found, "audience") == {"Academia": 13, "Firms": 12, "Staff": 29, "Public": 16, "Board": 8}
    assert people(found, "channel") == {
        "Online survey": 40,
        "On paper": 5,
        "In a session": 25,
        "Not known": 8,
    }
    assert (found.people, found.responses) == (78, 45)
    assert [row.share for row in heard(found, "audience").rows][0] == pytest.approx(13 / 78)


def test_by_language_and_unit_only_surveys_count(database: Database, study: Study) -> None:
    group = audience(database, study, "Board")
    meeting(database, study, group, 10)
    survey = ask(database, study, EASE)
    answer(database, survey, [{}] * 30, unit="Parks")
    answer(database, survey, [{}] * 10, language="es")
    found = told(database, study)
    assert people(found, "language") == {"English": 30, "Español": 10}
    assert people(found, "unit") == {"Parks": 30, "Not known": 10}
    parks, unknown = heard(found, "unit").rows
    assert (parks.share, unknown.share) == (1.0, None)
    assert "sessions" in heard(found, "language").note


def test_a_group_that_nobody_came_from_is_named(database: Database, study: Study) -> None:
    aim(database, study, "language", vi=0.2, es=0.1, en=0.7)
    survey = ask(database, study, EASE)
    answer(database, survey, [{}] * 38)
    answer(database, survey, [{}] * 7, language="es")
    rows = {row.name: row for row in heard(told(database, study), "language").rows}
    assert (rows["Tiếng Việt"].people, rows["Tiếng Việt"].under_heard) == (0, True)
    assert (rows["Español"].under_heard, rows["English"].under_heard) == (False, False)
    assert rows["Tiếng Việt"].weight is None
    assert rows["English"].weight == pytest.approx(0.7 / (38 / 45))


def test_small_numbers_of_people_are_hidden_by_every_group(database: Database, study: Study) -> None:
    first, second = (audience(database, study, name) for name in ("A", "B"))
    meeting(database, study, first, 3)
    meeting(database, study, second, 30)
    found = told(database, study)
    assert 3 not in people(found, "audience").values()
    assert found.people in (33, None)
    # Two hidden numbers that would be too small together.
    meeting(database, study, audience(database, study, "C"), 1)
    assert 4 not in people(told(database, study), "audience").values()


@pytest.mark.parametrize(
    ("people", "known", "target", "under"),
    [
        (0, 10, 0.2, False),
        (0, 30, 0.2, True),
        (8, 100, 0.2, True),
        (14, 100, 0.2, False),
        (None, 9, 0.5, False),
    ],
)
def test_a_small_study_does_not_cry_wolf(people: int | None, known: int, target: float, under: bool) -> None:
    assert is_under_heard(people, known, target) is under


def test_weights_are_target_over_share_within_bounds() -> None:
    assert weight(0.5, 0.25) == 2.0
    assert (weight(0.5, 0.001), weight(0.01, 0.9)) == (5.0, 0.2)
    assert (weight(None, 0.5), weight(0.5, None), weight(0.5, 0.0)) == (None, None, None)


def test_weighted_shares_by_hand() -> None:
    # 80 of Parks (half say yes), 20 of Streets (all say yes); half and half they would be 0.75.
    cells = {("yes", "P"): 40, ("no", "P"): 40, ("yes", "S"): 20, ("no", "S"): 0, ("yes", ""): 99}
    assert weighted(cells, {"P": 0.5, "S": 0.5}) == {"yes": 0.75, "no": 0.25}
    assert weighted(cells, {}) == {}
    assert weighted(cells, {"X": 1.0}) == {}


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("abc"), st.sampled_from("PST")), st.integers(0, 500), min_size=1
    ),
    st.dictionaries(st.sampled_from("PST"), st.floats(0.01, 1), min_size=1),
)
def test_weighted_shares_are_shares(cells: dict[tuple[str, str], int], aims: dict[str, float]) -> None:
    found = weighted(cells, aims)
    assert all(0 <= share <= 1 for share in found.values())
    assert not found or sum(found.values()) == pytest.approx(1)


def weigh(database: Database, study: Study, by: str) -> None:
    with database.writing() as session:
        targets.weight(session, studies.by_slug(session, study.slug), by, who="t")


def test_weighted_shares_stand_beside_the_plain_ones(database: Database, study: Study) -> None:
    survey = ask(database, study, EASE)
    answer(database, survey, [{"ease": "easy"}] * 40 + [{"ease": "hard"}] * 40, unit="Parks")
    answer(database, survey, [{"ease": "easy"}] * 20, unit="Streets")
    with pytest.raises(Refusal):
        weigh(database, study, "unit")
    aim(database, study, "unit", Parks=0.5, Streets=0.5)
    assert {choice.weighted for choice in question(told(database, study), "ease").choices} == {None}
    weigh(database, study, "unit")
    easy, hard, _other = question(told(database, study), "ease").choices
    assert (easy.share, easy.weighted, hard.weighted) == (0.6, 0.75, 0.25)
    # A hidden number behind them, and they are gone.
    answer(database, survey, [{"ease": "hard"}] * 2, unit="Streets")
    assert {choice.weighted for choice in question(told(database, study), "ease").choices} == {None}
    weigh(database, study, "")
    with database.reading() as session:
        assert targets.weights_by(session, study) is None
    with pytest.raises(Refusal):
        weigh(database, study, "channel")


def test_a_weighted_share_is_of_the_same_answers_as_the_plain_one(database: Database, study: Study) -> None:
    survey = ask(database, study, EASE)
    answer(database, survey, [{"ease": "easy"}] * 40 + [{"ease": "hard"}] * 40, unit="Parks")
    answer(database, survey, [{"ease": "easy"}] * 20, unit="Streets")
    aim(database, study, "unit", Parks=0.5, Streets=0.5)
    weigh(database, study, "unit")
    with database.writing() as session:
        summaries.freeze(session, studies.by_slug(session, study.slug), "t")
    # Nobody else came: all is as it was, and held back or not, both are of the same answers.
    answer(database, survey, [{"ease": "hard"}], unit="Parks")
    easy, *_rest = question(told(database, study), "ease").choices
    assert (easy.share, easy.weighted) == (0.6, 0.75)
    # Two of them could be told in the table by unit, so that one stays as it was; the question does not.
    answer(database, survey, [{"ease": "easy"}] * 40 + [{"ease": "hard"}] * 10, unit="Parks")
    answer(database, survey, [{"ease": "hard"}] * 2, unit="Streets")
    easy, hard, *_rest = question(told(database, study), "ease").choices
    assert (easy.count, hard.count) == (100, 53)
    assert (easy.weighted, hard.weighted) == (None, None)


def shown_as(key: str, counts: dict[tuple[str, ...], int | None], *, held: bool) -> Shown:
    dims = ("ease", "@unit")[: len(next(iter(counts)))]
    return Shown(key, "survey:it-survey", dims, counts, 20, held=held)


@pytest.mark.parametrize(
    ("by_unit", "alone", "easy", "is_told"),
    [
        (False, False, 12, True),
        (True, True, 12, True),
        (True, False, 12, False),
        (False, True, 12, False),
        # Both were held back, but one as the first summary had it, the other as the second one.
        (True, True, 7, False),
    ],
)
def test_held_tables_of_two_moments_give_no_weighted_share(
    database: Database, study: Study, by_unit: bool, alone: bool, easy: int, is_told: bool
) -> None:
    survey = ask(database, study, EASE)
    answer(database, survey, [{"ease": "easy"}] * 12 + [{"ease": "hard"}] * 8, unit="Parks")
    aim(database, study, "unit", Parks=0.5)
    weigh(database, study, "unit")
    with database.reading() as session:
        (surveyed,) = tabulations.gather(session, session.get_one(Study, study.id)).surveys
    (pair,) = surveyed.counted.pairs
    tables = (
        shown_as(pair.key("it-survey"), {("easy", "Parks"): 12, ("hard", "Parks"): 8}, held=by_unit),
        shown_as("survey:it-survey/ease", {("easy",): easy, ("hard",): 20 - easy}, held=alone),
    )
    assert surveyed.weighting is not None
    found = surveyed.weighting.shares(surveyed.counted, {table.key: table for table in tables})
    assert bool(found) is is_told


def test_weighting_to_audiences_that_people_named(database: Database, study: Study) -> None:
    ids = {name: audience(database, study, name) for name in ("Staff", "Public")}
    listed = [{"id": name, "label": text(name), "audience_id": id} for name, id in ids.items()]
    who = {"id": "who", "type": "one_choice", "label": text("Who?"), "choices": listed, "audiences": True}
    survey = ask(database, study, who, EASE)
    answer(
        database, survey, [{"who": "Staff", "ease": "easy"}] * 30 + [{"who": "Public", "ease": "hard"}] * 10
    )
    aim(database, study, "audience", **{str(ids["Staff"]): 0.5, str(ids["Public"]): 0.5})
    weigh(database, study, "audience")
    easy, hard, _other = question(told(database, study), "ease").choices
    assert (easy.weighted, hard.weighted) == (0.5, 0.5)
