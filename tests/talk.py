"""Comments on six subjects, made by chance from the words of each: enough to find themes in."""

from __future__ import annotations

import csv
import io
import random

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.formats.comments_in import ColumnChoice
from survey.models import Comment, Study
from survey.services import imports

SUBJECTS = (
    "library books reading branch shelves evening librarian stories children",
    "bus route stop driver timetable fare late crowded tram",
    "park trees benches playground grass shade flowers picnic lawn",
    "road pothole asphalt repair lane crossing traffic street kerb",
    "internet broadband home fibre router speed provider outage wifi",
    "housing rent landlord tenant apartment eviction mortgage cellar roof",
)
GROUPS = ("Academia", "Nonprofits", "Tech", "")


def texts(number: int, seed: int = 0, subjects: tuple[str, ...] = SUBJECTS) -> list[str]:
    """That many comments, each on one subject."""
    dice = random.Random(seed)
    chosen = (dice.choice(subjects).split() for _ in range(number))
    return [" ".join(dice.sample(words, 4)) for words in chosen]


def add(session: Session, study: Study, number: int, seed: int = 0) -> list[str]:
    """Import such comments from several groups; returns the ids of all comments of the study."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["text", "group"])
    writer.writerows([text, GROUPS[place % 4]] for place, text in enumerate(texts(number, seed)))
    columns = ColumnChoice("text", audience="group")
    imports.import_comments(session, study, stream.getvalue().encode(), f"{seed}.csv", columns, "tests")
    return list(session.scalars(select(Comment.id).where(Comment.study_id == study.id).order_by(Comment.id)))
