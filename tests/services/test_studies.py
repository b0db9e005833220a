"""Studies: short names, who sees them, what they begin with, how far they have come."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.orm import Session

from survey.db import Database
from survey.errors import NotFound, Refusal, Stale
from survey.models import Person, Study
from survey.services import overviews, studies
from survey.services.audiences import Asked, Group
from tests.boards import add_comments, add_run
from tests.people import Cast

BY = "facilitator@office.example"
TODAY = date(2027, 5, 1)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("IT Plan 2027!", "it-plan-2027"),
        ("Água é vida", "agua-e-vida"),
        ("日本", "untitled"),
        ("New", "new-2"),
    ],
)
def test_short_names_come_from_titles(session: Session, title: str, slug: str) -> None:
    assert studies.free_slug(session, title) == slug
    studies.add(session, slug, title, by=BY)
    assert studies.free_slug(session, title) not in (slug, "new")


@given(st.text())
def test_any_title_gives_a_usable_short_name(title: str) -> None:
    slug = studies.suggest_slug(title, lambda candidate: False)
    assert studies.is_slug(slug)
    assert studies.suggest_slug(title, lambda candidate: candidate == slug) != slug


@pytest.mark.parametrize("slug", ["", "new", "Big", "a b", "a--b", "-a", "a/b", "ü", "x" * 81, "a\n", "\x00"])
def test_unusable_short_names_are_refused_and_never_found(session: Session, cast: Cast, slug: str) -> None:
    with pytest.raises(Refusal):
        studies.add(session, slug, "Title", by=BY)
    with pytest.raises(NotFound):
        studies.for_person(session, session.get_one(Person, cast.facilitator.id), slug)


@pytest.mark.parametrize(("title", "words"), [(" ", "a title"), ("x" * 201, "too long"), ("a\x00", "stored")])
def test_a_title_that_cannot_be_kept_is_refused(session: Session, title: str, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        studies.add(session, "s", title, by=BY)


def test_a_study_begins_with_its_audiences_prompts_and_maker(session: Session, cast: Cast) -> None:
    maker = session.get_one(Person, cast.facilitator.id)
    setup = studies.Setup([Group("Academia", 5), Group("Staff")], [Asked("What works?", "strength")], maker)
    studies.add(session, "fresh", "Fresh", by=BY, setup=setup)
    found = studies.for_person(session, maker, "fresh")
    assert [(a.name, a.people) for a in found.audiences] == [("Academia", 5), ("Staff", None)]
    assert [(p.text, p.kind) for p in found.prompts] == [("What works?", "strength")]
    with pytest.raises(NotFound):
        studies.for_person(session, session.get_one(Person, cast.planner.id), "fresh")


def test_a_change_over_somebody_elses_is_stale(session: Session) -> None:
    study = studies.add(session, "s", "S", by=BY)
    seen = study.revision
    studies.update(session, study, "First", "Words", seen=seen, by=BY)
    with pytest.raises(Stale):
        studies.update(session, study, "Second", "", seen=seen, by=BY)
    assert study.title == "First"


def test_the_road_points_at_the_next_step(session: Session, study: Study) -> None:
    mine = session.merge(study)
    assert overviews.road(session, mine, TODAY).next == "audiences"
    add_comments(session, mine)
    add_run(session, mine)
    road = overviews.road(session, mine, TODAY)
    assert road.comments > 0
    assert {"audiences", "surveys"} <= road.done
    assert road.themes
    assert road.next in ("comments", "themes")


def test_cards_count_each_study_by_itself_in_a_fixed_number_of_queries(
    session: Session, database: Database, study: Study, cast: Cast
) -> None:
    person = session.get_one(Person, cast.facilitator.id)
    mine = session.merge(study)
    add_comments(session, mine)
    add_run(session, mine)
    session.flush()
    person.all_studies = True
    queries: list[str] = []
    event.listen(database.write, "before_cursor_execute", lambda *args: queries.append(args[2]))
    cards = {card.study.slug: card for card in overviews.cards(session, person, TODAY)}
    few = len(queries)
    assert cards["it-plan"].comments > 0
    assert cards["it-plan"].themes
    assert (cards["other"].comments, cards["other"].themes, cards["other"].audiences) == (0, None, 0)
    for number in range(5):
        studies.add(session, f"s{number}", "S", by=BY)
    session.flush()
    queries.clear()
    assert len(overviews.cards(session, person, TODAY)) == 7
    assert len(queries) <= few
