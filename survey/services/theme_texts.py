"""What planners write about a theme for the report, in each language of the public page."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.models import Study, ThemeText


def of_study(session: Session, study: Study) -> Mapping[int, Mapping[str, ThemeText]]:
    """By theme, then by language ("" for the study's own), what was written."""
    found: dict[int, dict[str, ThemeText]] = {}
    for text in session.scalars(select(ThemeText).where(ThemeText.study_id == study.id)):
        found.setdefault(text.theme, {})[text.language] = text
    return found
