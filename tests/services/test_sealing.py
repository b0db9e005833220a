"""After sealing, nothing in the database or its files tells who sent which response, or in which order.

200 responses are sent in a known order with known tokens. Whoever has the database, the tokens and the secret
then tries every column, hidden or not, that could order the rows.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from string import ascii_letters

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from survey.dates import now
from survey.db import Database, connect
from survey.models import Candidate, Comment, Draft, Placement, Response, Run, Study, Survey
from survey.services import drafts, live, sealing, studies
from tests.fixtures import SECRET
from tests.services.answering import document, publish, submit

PEOPLE = 200
HIDDEN = ("ctid", "xmin::text::bigint, cmin::text::int")
NOISE = random.Random(7)


def words(number: int) -> str:
    """A text too long to be kept within its row, and too random to be packed small."""
    return f"person-{number:03d} " + "".join(NOISE.choices(ascii_letters, k=4000)) + f" end-{number:03d}"


def who(content: object) -> int:
    """The number of the person in any piece of content."""
    return int(str(content).split("person-")[1][:3])


def spearman(order: list[int]) -> float:
    """Rank correlation of a permutation with the order of arrival."""
    n = len(order)
    assert sorted(order) == list(range(n)), "no answer may be lost"
    return 1 - 6 * sum((place - number) ** 2 for place, number in enumerate(order)) / (n * (n * n - 1))


def answer(database: Database, study: Study, people: int) -> int:
    """So many responses, one after the other; returns the survey's id."""
    survey_id = publish(database, study, document())
    for number in range(people):
        with database.writing() as session:
            submit(session, f"token-{number}", {"better": words(number)})
    return survey_id


def seal(database: Database, survey_id: int) -> None:
    with database.writing() as session:
        survey = session.get_one(Survey, survey_id)
        survey.state = "closed"
        assert sealing.seal(session, survey)
    sealing.compact(database)


def keys_of(survey_id: int, people: int) -> list[str]:
    return [drafts.Keys.of(SECRET, survey_id, f"token-{n}").response for n in range(people)]


def orders(database: Database) -> dict[str, list[int]]:
    """Every order of the responses that the database could give away, as the numbers of people."""
    with database.reading() as session:
        by_response = session.scalars(text("SELECT text FROM comment ORDER BY response_id"))
        found = {"comment by response": [who(row) for row in by_response]}
        for table, column in (("response", "answers"), ("comment", "text")):
            for hidden in ("id",) if database.is_sqlite else ("id", *HIDDEN):
                rows = session.scalars(text(f"SELECT {column} FROM {table} ORDER BY {hidden}"))
                found[f"{table} by {hidden}"] = [who(row) for row in rows]
            if not database.is_sqlite:
                found |= long_values(session, table)
    return found if not database.is_sqlite else found | places_in_files(database)


def long_values(session: Session, table: str) -> dict[str, list[int]]:
    """PostgreSQL numbers long values as they come, and lays them down apart from their rows."""
    place = f"SELECT reltoastrelid::regclass::text FROM pg_class WHERE oid = '{table}'::regclass"
    name = session.scalar(text(place))
    query = f"SELECT convert_from(chunk_data, 'UTF8') FROM {name} WHERE chunk_seq = 0 ORDER BY "
    return {
        f"long values of {table} by {hidden}": [who(row) for row in session.scalars(text(query + hidden))]
        for hidden in ("chunk_id", *HIDDEN)
    }


def places_in_files(database: Database) -> dict[str, list[int]]:
    """SQLite lays the beginnings of long values down by key, and their ends as they come."""
    data = content(database)
    return {
        f"{way.__name__} of {mark}": sorted(range(PEOPLE), key=lambda n: way(f"{mark}-{n:03d}".encode()))
        for mark in ("person", "end")
        for way in (data.index, data.rindex)
    }


def content(database: Database) -> bytes:
    """An SQLite database with its write-ahead log."""
    path = Path(str(database.write.url.database))
    log = path.with_name(path.name + "-wal")
    return path.read_bytes() + (log.read_bytes() if log.exists() else b"")


def test_nothing_gives_the_order_away(database: Database, study: Study) -> None:
    survey_id = answer(database, study, PEOPLE)
    given_away = {name for name, order in orders(database).items() if spearman(order) > 0.9}
    assert len(given_away) >= (1 if database.is_sqlite else 8), "the attack must work before sealing"
    seal(database, survey_id)
    for name, order in orders(database).items():
        # 0.3 is more than four standard deviations from chance for 200 rows.
        assert abs(spearman(order)) < 0.3, name


def test_no_token_leads_to_a_response(database: Database, study: Study) -> None:
    survey_id = answer(database, study, 5)
    with database.reading() as session:
        assert set(session.scalars(select(Response.id))) == set(keys_of(survey_id, 5))
    seal(database, survey_id)
    with database.reading() as session:
        assert set(session.scalars(select(Response.id))).isdisjoint(keys_of(survey_id, 5))


def test_each_comment_keeps_its_id_and_stays_with_its_answers(database: Database, study: Study) -> None:
    survey_id = answer(database, study, 5)
    with database.reading() as session:
        ids = set(session.scalars(select(Comment.id)))
    seal(database, survey_id)
    with database.reading() as session:
        query = select(Response.answers, Comment.text).join(Comment, Comment.response_id == Response.id)
        assert [answers["better"] == text for answers, text in session.execute(query)] == [True] * 5
        assert set(session.scalars(select(Comment.id))) == ids


def test_files_hold_no_old_copy_and_no_key(migrated_sqlite: Path, tmp_path: Path) -> None:
    path = shutil.copy(migrated_sqlite, tmp_path / "test.sqlite")
    database = connect(f"sqlite:///{path}")
    live.forget_all()
    with database.writing() as session:
        study = studies.add(session, "it-plan", "IT Strategic Plan", by="tests")
        session.flush()
        session.expunge(study)
    survey_id = answer(database, study, 5)
    keys = [key.encode() for key in keys_of(survey_id, 5)]
    assert all(key in content(database) for key in keys), "the attack must work before sealing"
    seal(database, survey_id)
    data = content(database)
    assert [key for key in keys if key in data] == []
    assert [data.count(f"person-{n:03d}".encode()) for n in range(5)] == [2] * 5, "response and comment"
    database.dispose()


def test_placements_of_comments_stay(database: Database, study: Study) -> None:
    survey_id = answer(database, study, 1)
    with database.writing() as session:
        facts = {"seed": 1, "comments": 1, "unplaced": 0, "totals": {}, "manifest": {}, "made_by": "x"}
        run = Run(study_id=study.id, number=1, made_at=now(), **facts)
        run.candidates.append(Candidate(number=1, label="l", keywords=[], size=1, by_audience={}, quotes=[]))
        session.add(run)
        session.flush()
        comment = session.scalars(select(Comment.id).limit(1)).one()
        session.add(Placement(run_id=run.id, comment_id=comment, rank=0, candidate_id=run.candidates[0].id))
    seal(database, survey_id)
    with database.reading() as session:
        assert session.scalars(select(Placement.comment_id)).all() == [comment]


def test_drafts_go_and_other_surveys_stay(database: Database, study: Study) -> None:
    survey_id = answer(database, study, 1)
    other_id = publish(database, study, document(), slug="second")
    with database.writing() as session:
        for slug in ("it-survey", "second"):
            survey = live.find(session, slug)
            drafts.save(session, survey, drafts.Keys.of(SECRET, survey.id, "t"), {"q-better": ["x"]}, 24)
        kept = submit(session, "t", {"better": "kept"}, slug="second")
    seal(database, survey_id)
    with database.reading() as session:
        assert session.scalars(select(Draft.survey_id)).all() == [other_id]
        assert session.get_one(Response, kept).answers == {"better": "kept"}


@pytest.mark.parametrize(("mode", "state"), [("confidential", "closed"), ("anonymous", "open")])
def test_only_closed_anonymous_surveys_are_sealed(
    database: Database, study: Study, mode: str, state: str
) -> None:
    survey_id = publish(database, study, document(), slug="other-mode", mode=mode, state=state)
    with database.writing() as session:
        assert not sealing.seal(session, session.get_one(Survey, survey_id))


def test_sealing_is_done_once_and_an_empty_survey_can_be_sealed(database: Database, study: Study) -> None:
    survey_id = publish(database, study, document())
    seal(database, survey_id)
    with database.writing() as session:
        assert not sealing.seal(session, session.get_one(Survey, survey_id))
        assert session.scalar(select(func.count()).select_from(Response)) == 0
