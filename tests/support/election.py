"""A survey that invited people answer in random order, on the road of the pages; and worse designs."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sqlalchemy import event, insert, select, text, update
from sqlalchemy.orm import Session

from survey.db import Database
from survey.formats.people_in import PersonDetails
from survey.models import Ballot, Invitee, Survey
from survey.services import admission, ballots, drafts, invitees, live, responses
from survey.services.ballots import NewBallot
from survey.services.drafts import Keys
from tests.fixtures import SECRET
from tests.services.answering import DAY
from tests.support.joining_evidence import word_of

# Long enough that PostgreSQL lays answers down apart from their rows.
LETTERS = 2500


@dataclass
class Election:
    """One survey: the e-mails in the order of the list, and which word whose answer begins with."""

    database: Database
    slug: str
    survey_id: int
    listed: list[str]
    words: dict[str, str]
    dice: Random
    ids: dict[str, str] = field(default_factory=dict)
    mark: Callable[[Session], None] | None = None

    def answer(self, emails: Sequence[str], mark: Callable[[Session, str], None] | None = None) -> None:
        """Let these people answer, one after the other; `mark` is what a worse design does beside it."""
        for email in emails:
            self._answer(email, mark)

    def _answer(self, email: str, mark: Callable[[Session, str], None] | None) -> None:
        word = f"w{secrets.token_hex(8)}"
        id = self.ids[email]
        code = invitees.code_of_id(SECRET, self.survey_id, id)
        self.mark = (lambda session: mark(session, id)) if mark else None
        self.send(code, f"{word} {secrets.token_hex(LETTERS // 2)}")
        self.words[email] = word

    def send(self, code: str, typed: str) -> None:
        """One answer: the code is looked up, a draft saved, then all is stored."""
        with self.database.reading() as session:
            survey = live.find(session, self.slug)
            ticket = admission.ticket_for(session, SECRET, survey, code)
        keys = Keys.of(SECRET, self.survey_id, drafts.new_token())
        with self.database.writing() as session:
            drafts.save(session, survey, keys, {"q-better": [typed]}, 24)
        with self.database.writing() as session:
            drafts.take(session, survey, keys)
            sent = responses.Submission(keys, {"better": typed}, "en", DAY, ticket=ticket)
            responses.submit_response(session, survey, sent)
            if self.mark:
                self.mark(session)

    def grow(self, emails: Sequence[str]) -> None:
        """Put people on the list, all at once."""
        with self.database.writing() as session:
            survey = session.get_one(Survey, self.survey_id)
            people = [PersonDetails(email.split("@")[0], email) for email in emails]
            invitees.take(session, SECRET, survey, people, by="tests", left_out=0)
            # Now, as letters are written: asking the database when somebody answers would tell who it is.
            rows = session.execute(select(Invitee.email, Invitee.id).where(Invitee.survey_id == survey.id))
            self.ids = dict(rows.all())
        live.forget_all()
        self.listed += emails

    def truth(self) -> dict[str, str]:
        """The response of each person, by their ids: what only the judge knows."""
        with self.database.reading() as session:
            rows = session.execute(
                text("SELECT id, answers FROM response WHERE survey_id = :s"), {"s": self.survey_id}
            )
            by_word = {word_of(answers): id for id, answers in rows}
            people = session.execute(select(Invitee.id, Invitee.email))
            return {id: by_word[self.words[email]] for id, email in people if email in self.words}


def emails(number: int, slug: str) -> list[str]:
    """Addresses, sorted as lists often are."""
    return [f"person{at:04}@{slug}.example" for at in range(number)]


def naive_mark(session: Session, invitee_id: str) -> None:
    """Write down in the same transaction that this person has answered."""
    session.execute(update(Invitee).where(Invitee.id == invitee_id).values(answered=True))


def naive_order(session: Session, secret: str, survey: Survey, new: Sequence[NewBallot]) -> None:
    """Ballots as the list has them, one beside the other."""
    rows = [{"id": ballots.name(secret, survey.id, b.code, 0), "survey_id": survey.id} for b in new]
    session.execute(insert(Ballot), rows)


@contextmanager
def every_commit_kept(database: Database) -> Iterator[None]:
    """SQLite: the log is never emptied. PostgreSQL: as somebody looks on, no deleted row is cleared away."""
    if not database.is_sqlite:
        with Session(database.write) as session:
            session.execute(text("CREATE EXTENSION IF NOT EXISTS pageinspect"))
            session.commit()
        with database.write.connect().execution_options(isolation_level="REPEATABLE READ") as watching:
            watching.execute(text("SELECT count(*) FROM survey"))
            yield
        return

    def keep(connection: Any, _record: object, _proxy: object) -> None:
        connection.execute("PRAGMA wal_autocheckpoint=0")

    event.listen(database.write, "checkout", keep)
    yield
    event.remove(database.write, "checkout", keep)
