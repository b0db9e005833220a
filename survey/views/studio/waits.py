"""How long a survey waits for people: for whoever stopped, and for a key at a shared computer."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from survey.questions import Setting
from survey.views.respond import kiosk

MOST_HOURS = 14 * 24
WAITS = (
    Setting(
        "draft_hours",
        "whole",
        _l("Hours to come back"),
        _l(
            "So long an unfinished response is kept, and its code works. At most 336 hours, which is 14 days."
        ),
        least=1,
        most=MOST_HOURS,
    ),
    Setting(
        "kiosk_minutes",
        "whole",
        _l("On a shared computer: minutes until it clears itself"),
        _l(
            "For a computer in a library or an office: 2 to 60 minutes without a key. "
            "Leave it empty where people use their own devices."
        ),
        least=kiosk.LEAST_MINUTES,
        most=kiosk.MOST_MINUTES,
    ),
)
