"""Closing at a number, and at most so many with one choice: never passed, whoever comes at one moment."""

from __future__ import annotations

from typing import Any

import pytest

from survey.db import Database
from survey.document import parse
from survey.errors import Closed, Refusal
from survey.models import Response, Study, Survey
from survey.services import live, quotas
from survey.services.quotas import Full, Quota, chosen
from survey.services.responses import AlreadySent
from tests.services.answering import CHOICES, document, publish, submit, text
from tests.services.inviting import codes, invite, people, ticket
from tests.services.test_responses import count, together

EASY = {"question": "ease", "choice": "easy", "most": 5}


def send(database: Database, token: str, answers: dict[str, Any]) -> str:
    with database.writing() as session:
        return submit(session, token, answers)


def test_sixty_four_at_once_never_pass_the_number(database: Database, study: Study) -> None:
    publish(database, study, document(), closing_number=20)
    results = together(
        [lambda n=n: send(database, f"t{n}", {"ease": "easy"}) for n in range(64)]  # type: ignore[misc]
    )
    assert {type(r).__name__ for r in results} == {"str", "Full"}
    assert count(database, Response) == 20
    assert sum(isinstance(r, str) for r in results) == 20, "everybody who was told so is stored"


def test_sixty_four_at_once_never_pass_a_quota_and_others_get_in(database: Database, study: Study) -> None:
    publish(database, study, document(), quotas=[EASY])
    answers = [{"ease": "easy" if n % 2 else "hard"} for n in range(64)]
    results = together(
        [lambda n=n: send(database, f"t{n}", answers[n]) for n in range(64)]  # type: ignore[misc]
    )
    assert sum(isinstance(r, Full) for r in results) == 27
    with database.reading() as session:
        found = [row.answers["ease"] for row in session.query(Response)]
    assert (found.count("easy"), found.count("hard")) == (5, 32)


def test_a_full_survey_tells_what_it_is_full_of(database: Database, study: Study) -> None:
    publish(database, study, document(), quotas=[{**EASY, "most": 1}])
    send(database, "t", {"ease": "easy"})
    with pytest.raises(Full) as full:
        send(database, "u", {"ease": "easy"})
    assert full.value.quota == Quota("ease", "easy", 1)
    assert isinstance(full.value, Closed)
    send(database, "v", {"better": "no choice at all"})


def test_who_was_stored_before_gets_the_receipt_though_it_is_full_now(
    database: Database, study: Study
) -> None:
    publish(database, study, document(), closing_number=1)
    send(database, "t", {"ease": "easy"})
    with pytest.raises(AlreadySent):
        send(database, "t", {"ease": "easy"})


def test_a_code_is_not_used_up_by_coming_too_late(database: Database, study: Study) -> None:
    survey_id = invite(database, study, people(6), closing_number=1)
    first, second, *_rest = codes(database, survey_id).values()
    for code, expected in ((first, None), (second, Full)):
        with database.reading() as session:
            found = ticket(session, code)
        if expected:
            with pytest.raises(expected), database.writing() as session:
                submit(session, code, {"ease": "easy"}, ticket=found)
        else:
            with database.writing() as session:
                submit(session, code, {"ease": "easy"}, ticket=found)
    with database.reading() as session:
        assert ticket(session, second)


def test_answers_that_are_set_apart_fill_nothing(database: Database, study: Study) -> None:
    publish(database, study, document(), closing_number=2)
    with database.writing() as session:
        for number in range(5):
            submit(session, f"spam {number}", {"ease": "easy"}, apart="quick")
    send(database, "t", {"ease": "easy"})
    send(database, "u", {"ease": "easy"})
    with pytest.raises(Full):
        send(database, "v", {"ease": "easy"})


OTHER = {"choice": "other", "text": "easy"}


@pytest.mark.parametrize(
    ("value", "choice", "counts"),
    [
        ("easy", "easy", 1),
        ("easy", "hard", 0),
        (["easy", "hard"], "hard", 1),
        (["easy", "hard"], "har", 0),
        (OTHER, "other", 1),
        (OTHER, "easy", 0),
        ({"choices": ["easy", "other"], "text": "hard"}, "easy", 1),
        ({"choices": ["easy", "other"], "text": "hard"}, "hard", 0),
        ('["easy"]', "easy", 0),
        ('x" easy', "easy", 0),
        (5, "5", 0),
        (None, "easy", 0),
    ],
)
def test_the_database_counts_as_the_program_does(
    database: Database, study: Study, value: Any, choice: str, counts: int
) -> None:
    survey_id = publish(database, study, document())
    with database.writing() as session:
        submit(session, "t", {"ease": value, "well": "easy"} if value is not None else {})
        assert quotas.count(session, survey_id, Quota("ease", choice, 1)) == counts
    assert (choice in chosen(value)) == bool(counts)


@pytest.mark.parametrize("id", ["a-b", "text", "choice", "1", "x_1"])
def test_any_id_of_a_question_can_be_counted(database: Database, study: Study, id: str) -> None:
    survey_id = publish(database, study, document())
    with database.writing() as session:
        submit(session, "t", {id: "easy", "better": "hard"})
        found = [quotas.count(session, survey_id, Quota(id, choice, 1)) for choice in ("easy", "hard")]
    assert found == [1, 0]


def test_the_order_of_answers_and_other_surveys_do_not_count(database: Database, study: Study) -> None:
    publish(database, study, document(), closing_number=1)
    publish(database, study, document(), slug="other")
    with database.writing() as session:
        submit(session, "t", {"ease": "easy"}, slug="other")
    send(database, "u", {"ease": "easy"})


def test_limits_are_set_on_choices_that_exist() -> None:
    several = {"id": "many", "type": "several_choices", "label": text("Which?"), "choices": CHOICES}
    paper = parse(document(questions=[*document()["pages"][0]["questions"], several]))
    assert [question.id for question in quotas.possible(paper)] == ["ease", "many"]
    good = [Quota("ease", "easy", 5), Quota("many", "hard", 1)]
    assert quotas.read(paper, good, []) == [one.to_dict() for one in good]
    for wrong in (Quota("ease", "no", 5), Quota("gone", "easy", 5), Quota("ease", "easy", 0)):
        with pytest.raises(Refusal):
            quotas.read(paper, [wrong], [])
    with pytest.raises(Refusal, match="already"):
        quotas.read(paper, [*good, Quota("many", "hard", 2)], [])
    assert quotas.read(paper, [Quota("gone", "easy", 5)], [Quota("gone", "easy", 5)])


def test_how_full_it_is(database: Database, study: Study) -> None:
    survey_id = publish(database, study, document(), closing_number=4, quotas=[EASY])
    send(database, "t", {"ease": "easy"})
    send(database, "u", {"ease": "hard"})
    with database.reading() as session:
        survey = session.get_one(Survey, survey_id)
        found = quotas.filled(session, survey_id, survey.closing_number, survey.quotas)
    assert [(one.count, one.most, one.share) for one in found] == [(2, 4, 0.5), (1, 5, 0.2)]
    live.forget_all()
