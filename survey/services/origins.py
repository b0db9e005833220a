"""Where the comments of a study come from: the channels, languages and waves that there are."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.models import Comment, Study


@dataclass(frozen=True, slots=True)
class Origins:
    """What can be chosen from, each in the order of the alphabet."""

    channels: tuple[str, ...]
    languages: tuple[str, ...]
    waves: tuple[str, ...]


def of_study(session: Session, study: Study) -> Origins:
    """The origins of a study's comments, in one query."""
    columns = (Comment.channel, Comment.language, Comment.wave)
    rows = session.execute(select(*columns).where(Comment.study_id == study.id).distinct()).all()
    channels, languages, waves = (
        tuple(sorted({str(row[place]) for row in rows if row[place]})) for place in range(3)
    )
    return Origins(channels, languages, waves)
