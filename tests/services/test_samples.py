"""Drawing a sample: repeatable by its seed, each theme and audience seen, given to two people."""

# ruff: noqa: F811 (fixtures are named as arguments)
from __future__ import annotations

from collections import Counter

import pytest

from survey import changes
from survey.db import Database
from survey.errors import NotFound, Refusal
from survey.models import Person, Sample, Study
from survey.services import samples, studies
from tests.boards import COMMENTS, LABELS, add_comments, decide
from tests.people import Cast
from tests.samples import (  # noqa: F401 (fixtures)
    NONE,
    code,
    code_and_compare,
    count,
    draw,
    drawn,
    finish,
    get,
    positions,
    study_of,
    themes,
)


def test_the_seed_repeats_the_draw(database: Database, cast: Cast, themes: list[int]) -> None:
    numbers = [draw(database, cast, size=10, seed=seed) for seed in (7, 7, 8)]
    assert numbers == [1, 2, 3]
    first, second, third = (positions(database, number) for number in numbers)
    assert first == second != third
    assert len(first) == 10


def test_without_a_seed_one_is_chosen_and_kept(database: Database, cast: Cast, themes: list[int]) -> None:
    number = draw(database, cast, size=10, seed=None)
    with database.reading() as session:
        seed = get(session, number).seed
    again = draw(database, cast, size=10, seed=seed)
    assert positions(database, number) == positions(database, again)


def test_each_theme_and_audience_is_seen(database: Database, cast: Cast, themes: list[int]) -> None:
    for seed in range(5):
        number = draw(database, cast, size=10, seed=seed)
        chosen = [COMMENTS[id] for id in positions(database, number)]
        assert {place for _audience, found in chosen for place in found or ()} == {1, 2, 3}
        audiences = Counter(audience for audience, _found in chosen)
        assert audiences == {"Academia": 3, "Nonprofits": 3, "Tech": 3, "": 1}


def test_themes_as_they_stand_are_frozen_with_their_codebook(
    database: Database, cast: Cast, themes: list[int], study: Study
) -> None:
    one, two, three = themes
    with database.writing() as session:
        described = changes.describe(
            one, {"definition": "Lines to homes", "example": "No cable in our street"}
        )
        mine = study_of(session, lock=True)
        decide(session, mine, described, changes.reject(three), changes.rename(two, "Phones"))
    draw(database, cast)
    with database.writing() as session:
        decide(session, study_of(session, lock=True), changes.rename(one, "Later name"))
    with database.reading() as session:
        frozen = get(session).themes
    assert [(theme["id"], theme["name"]) for theme in frozen] == [(one, LABELS[1]), (two, "Phones")]
    assert frozen[0]["definition"] == "Lines to homes"
    assert frozen[0]["example"] == "No cable in our street"
    assert frozen[1]["definition"] == frozen[1]["include"] == frozen[1]["exclude"] == ""


def test_sub_themes_are_themes_to_code_with(database: Database, cast: Cast, themes: list[int]) -> None:
    one, two, three = themes
    with database.writing() as session:
        decide(session, study_of(session, lock=True), changes.nest(three, one), changes.park(two))
    draw(database, cast)
    with database.reading() as session:
        frozen = {theme["id"]: theme["parent"] for theme in get(session).themes}
    assert frozen == {one: None, three: LABELS[1]}, "a parked theme is not live"


def test_comments_off_topic_are_not_drawn(database: Database, cast: Cast, themes: list[int]) -> None:
    with database.writing() as session:
        decide(session, study_of(session, lock=True), changes.off_topic(["a1", "t2"]))
    draw(database, cast, size=12)
    assert not {"a1", "t2"} & set(positions(database))
    with pytest.raises(Refusal, match="There are 12 comments to draw from"):
        draw(database, cast, size=13)


@pytest.mark.parametrize("size", [0, -1, 9, 501, 5_000])
def test_sizes_out_of_range(database: Database, cast: Cast, themes: list[int], size: int) -> None:
    with pytest.raises(Refusal, match="10 to 500 comments"):
        draw(database, cast, size=size)
    assert count(database, Sample) == 0


def test_more_than_there_are(database: Database, cast: Cast, themes: list[int]) -> None:
    with pytest.raises(Refusal, match="There are 14 comments to draw from"):
        draw(database, cast, size=15)


def test_seeds_and_pages_out_of_range(database: Database, cast: Cast, themes: list[int]) -> None:
    for seed in (-1, 2**31):
        with pytest.raises(Refusal, match="from 0 to 2,147,483,647"):
            draw(database, cast, seed=seed)
    with pytest.raises(Refusal, match="how many comments a page"):
        draw(database, cast, per_page=3)
    draw(database, cast, seed=2**31 - 1)


def test_without_a_board_there_is_nothing_to_code_with(database: Database, cast: Cast, study: Study) -> None:
    with database.writing() as session:
        add_comments(session, study)
    with pytest.raises(Refusal, match="no themes on the board"):
        draw(database, cast)


def test_who_may_code(database: Database, cast: Cast, themes: list[int], study: Study) -> None:
    with database.writing() as session:
        roaming = Person(email="r@o.example", name="Roaming", roles=["planner"], password_hash="x")
        roaming.all_studies = True
        gone = Person(email="g@o.example", name="Gone", roles=["planner"], password_hash="x")
        gone.all_studies, gone.active = True, False
        session.add_all([roaming, gone])
        session.flush()
        people = {person.id for person in samples.possible_coders(session, study_of(session))}
        assert people == {cast.planner.id, cast.facilitator.id, roaming.id}
        ids = {"gone": gone.id, "roaming": roaming.id}
    planner = cast.planner.id
    for wrong in (cast.other_planner.id, cast.administrator.id, ids["gone"], 999_999, 0):
        with pytest.raises(samples.WrongCoders, match="who work on this study"):
            draw(database, cast, coders=(planner, wrong))
    with pytest.raises(samples.WrongCoders, match="two different people"):
        draw(database, cast, coders=(planner, planner))
    assert count(database, Sample) == 0
    draw(database, cast, coders=(ids["roaming"], planner))


def test_a_sample_of_another_study_is_not_found(database: Database, drawn: list[int]) -> None:
    with database.reading() as session, pytest.raises(NotFound):
        samples.get(session, studies.by_slug(session, "other"), 1)
