"""Double coding, for the two coders: their own codes, and nothing of the other's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from survey.errors import NotFound
from survey.models import Sample
from survey.security import current_person
from survey.services import codings, samples
from survey.services.codings import Given
from survey.views.api import samples_shown as told
from survey.views.api.contract import Operation
from survey.views.api.kinds import Body
from survey.views.api.sampling import page_of
from survey.views.api.shared import study_of
from survey.views.api.shown import Shown
from survey.views.working import wake_after_commit
from survey.web import db


@dataclass(frozen=True, slots=True)
class Mine:
    """A sample as one of its coders sees it."""

    sample: Sample
    place: int

    def items(self) -> list[Shown]:
        """The comments with what this coder said."""
        said = codings.own(db(), self.sample, self.place)
        there = samples.items(db(), self.sample)
        return [told.to_code(self.sample, item, said.get(item.position)) for item in there]

    def item(self, position: int) -> Shown:
        """One of them; not found where its comment was taken away."""
        for item in self.items():
            if item["position"] == position:
                return item
        raise NotFound


def _mine(slug: str, number: int, *, lock: bool = False) -> Mine:
    """The sample, for a person who codes it; not found for anyone else."""
    sample = samples.get(db(), study_of(slug), number, lock=lock)
    place = samples.place_of(sample, current_person())
    if place is None:
        raise NotFound
    return Mine(sample, place)


@Operation(
    method="GET",
    path="/studies/{slug}/samples/{sample}/codes",
    summary="The comments that you code, with your own codes",
    permission="code samples",
    answer="OwnCodes",
)
def list_own_codes(slug: str, sample: int) -> Any:
    mine = _mine(slug, sample)
    finished = mine.sample.coders[mine.place - 1].finished_at is not None
    return {"finished": finished, "items": mine.items()}


@Operation(
    method="GET",
    path="/studies/{slug}/samples/{sample}/codes/{position}",
    summary="One of these comments",
    permission="code samples",
    answer="ToCode",
)
def show_own_codes(slug: str, sample: int, position: int) -> Any:
    return _mine(slug, sample).item(position)


@Operation(
    method="PUT",
    path="/studies/{slug}/samples/{sample}/codes/{position}",
    summary="Say what a comment is about",
    permission="code samples",
    scopes=("decide",),
    body="NewCodes",
    answer="ToCode",
)
def save_own_codes(slug: str, sample: int, position: int, body: Body) -> Any:
    mine = _mine(slug, sample)
    mine.item(position)
    themes, note = tuple(body["themes"]), body.get("note", "")
    given = Given(themes, themes[0] if themes else None, not themes, body.get("unsure", False), note)
    codings.save(db(), mine.sample, mine.place, {position: given}, current_person().email)
    return mine.item(position)


@Operation(
    method="POST",
    path="/studies/{slug}/samples/{sample}/finish",
    summary="End your own work; what you said cannot be changed after that",
    permission="code samples",
    scopes=("decide",),
    answer="SamplePage",
)
def finish_own_codes(slug: str, sample: int) -> Any:
    mine = _mine(slug, sample, lock=True)
    if codings.finish(db(), mine.sample, mine.place, current_person().email):
        wake_after_commit()
    return page_of(mine.sample)
