"""What somebody typed and ticked on the page of a release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from datetime import time as clock
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from survey.errors import Refusal
from survey.formats.release_parts import Parts
from survey.models import Release
from survey.services.releases import LONGEST, Wanted

LISTS = ("themes", "quotes", "questions", "crosses", "heard", "waves", "method", "data")
MOST = 2000
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Typed:
    """The form as it stands, whether it can be stored or not."""

    parts: Parts
    words: Mapping[str, Mapping[str, str]]
    later: bool = False
    day: str = ""
    time: str = ""

    def word(self, language: str, name: str) -> str:
        """The title or introduction in a language."""
        return self.words.get(language, {}).get(name, "")

    def wanted(self, zone: ZoneInfo) -> Wanted:
        """What to store; raise `Refusal` for a day or time that cannot be."""
        return Wanted(self.parts, self.words, self._moment(zone) if self.later else None)

    def _moment(self, zone: ZoneInfo) -> datetime:
        try:
            day, time = date.fromisoformat(self.day.strip()), clock.fromisoformat(self.time.strip())
        except ValueError:
            day, time = date.min, clock.min
        if time.tzinfo is not None or not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise Refusal(_("Type the day and the time of the release, for example 2026-04-02 and 09:00."))
        return datetime(day.year, day.month, day.day, time.hour, time.minute, tzinfo=zone).astimezone(UTC)


def of_form(form: MultiDict[str, str], languages: Sequence[str]) -> Typed:
    """What came with a form."""
    lists = {name: tuple(form.getlist(name)[:MOST]) for name in LISTS}
    parts = Parts(**lists, sessions="sessions" in form, interim="interim" in form)
    words = {
        language: {name: _lines(form.get(f"{name}-{language}", "")) for name in LONGEST}
        for language in languages
    }
    return Typed(
        parts, words, form.get("when") == "later", form.get("day", "")[:40], form.get("time", "")[:40]
    )


def _lines(text: str) -> str:
    # Browsers send line ends as the mail of old did.
    return text.replace("\r\n", "\n").replace("\r", "\n")


def of_release(release: Release, zone: ZoneInfo) -> Typed:
    """What is stored."""
    parts, at = Parts.from_dict(release.parts), release.release_at
    if at is None:
        return Typed(parts, release.words)
    local = at.astimezone(zone)
    return Typed(parts, release.words, True, local.date().isoformat(), local.strftime("%H:%M"))
