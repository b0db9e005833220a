"""Member check: each group sees its own draft themes under a link and says whether it was understood."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from survey.formats.summary import SummaryCheck
from survey.models import Study


def shares(session: Session, study: Study) -> Mapping[int, SummaryCheck]:
    """By theme of the board, what participants said of it, all groups together, as it may be shown."""
    return {}
