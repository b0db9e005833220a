"""Sending a mailing, in batches, person by person: nobody gets it twice, whenever a worker dies."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from survey import config, mail
from survey.dates import today
from survey.db import Database
from survey.errors import Refusal
from survey.jobs import table
from survey.jobs.table import Held
from survey.jobs.tasks.common import Progress, Store
from survey.models import Mailing, Survey
from survey.services import addressed, deliveries, mailings
from survey.services.mailings import MANY_REFUSED

BATCH = 50
# Before each further try of what a server did not take for now, in seconds. Three tries in all.
PAUSES = (0, 60, 300)
# How often in a row the line may break, with a pause that grows each time, in seconds.
MOST_BROKEN = 4
BROKEN_PAUSE = 5
# So many refusals in a row are the server's word on us, and not on the people.
MOST_REFUSED = 20


def send_mailing(database: Database, held: Held, progress: Progress) -> Store:
    """Send what is waiting of a mailing."""
    sending = _Sending(database, held, progress)
    sending.run()
    return sending.end


class _Sending:
    """One mailing while it is sent, with what has gone wrong in a row."""

    def __init__(self, database: Database, held: Held, progress: Progress) -> None:
        self.database, self.held, self.progress = database, held, progress
        self.settings = config.load()
        self.settings.require_secret()
        self.id: int = held.args["mailing"]
        self.broken = self.refused = 0
        self.share = 0.0

    def run(self) -> None:
        """Everybody once; then, after a pause, those that the server did not take for now."""
        self.write(lambda session: deliveries.mark_broken(session, self.id))
        for round, pause in enumerate(PAUSES):
            batch = self.next_of(round)
            if batch:
                self.wait(pause)
            while batch:
                self.batch(batch)
                batch = self.next_of(round)
        self.write(lambda session: deliveries.give_up(session, self.id, len(PAUSES)))

    def next_of(self, round: int) -> list[str]:
        with self.database.reading() as session:
            numbers = deliveries.totals(session, self.id)
            self.share = 1 - numbers.get("waiting", 0) / max(sum(numbers.values()), 1)
            return deliveries.next_of(session, self.id, round, BATCH)

    def batch(self, people: list[str]) -> None:
        """Send over one line. When that breaks, another is opened, a few times."""
        try:
            with mail.line(self.settings) as line:
                for person in people:
                    self.wait(60 / self.settings.smtp_per_minute)
                    self.one(line, person)
        except (mail.Away, mail.Unsure) as error:
            self.broken += 1
            if self.broken > MOST_BROKEN:
                raise mail.Away from error
            self.wait(BROKEN_PAUSE * self.broken)

    def one(self, line: mail.Line, person: str) -> None:
        """One person: taken in hand, sent, and written down."""
        to_send = self.claim(person)
        if to_send is None:
            return
        try:
            line.send(mail.message(to_send, self.settings))
        except mail.NotSent as error:
            self.not_sent(person, error)
        except mail.Unsure:
            self.write(lambda session: deliveries.settle_unsure(session, self.id, person))
            raise
        except mail.NoServer as error:
            reason = str(error)
            self.write(lambda s: deliveries.put_back(s, self.id, person, reason, counted=False))
            raise
        else:
            self.broken = self.refused = 0
            day = today(self.settings.timezone)
            self.write(lambda session: deliveries.settle_sent(session, self.id, person, day))

    def not_sent(self, person: str, error: mail.NotSent) -> None:
        """Refused for good, or for now. When all are refused, it is not for the people on the list."""
        if not error.for_good:
            self.write(lambda s: deliveries.put_back(s, self.id, person, error.reason, counted=True))
            return
        self.refused += 1
        self.write(lambda session: deliveries.settle_refused(session, self.id, person, error.reason))
        if self.refused >= MOST_REFUSED:
            raise Refusal(str(MANY_REFUSED))

    def claim(self, person: str) -> mail.Mail | None:
        """Write down that this person's mail goes to the server now, and make it."""
        with self.database.writing() as session:
            table.renew(session, self.held)
            mailing = session.get_one(Mailing, self.id)
            survey = session.get_one(Survey, mailing.survey_id)
            invitee = deliveries.claim(session, mailing, survey, person)
            if invitee is None:
                return None
            return addressed.mail_to(mailing.words, survey, invitee, self.settings.secret_key)

    def write(self, change: Callable[[Session], None]) -> None:
        """Change something, as long as the job is ours."""
        with self.database.writing() as session:
            change(session)

    def wait(self, seconds: float) -> None:
        """Pause between two people; here a worker that has to stop does."""
        end = time.monotonic() + seconds
        self.progress(self.share, "Sending")
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.5))
            self.progress(self.share, "Sending")

    def end(self, session: Session) -> dict[str, Any]:
        """Close the mailing, in the transaction that ends the job."""
        return mailings.close(session, session.get_one(Mailing, self.id))
