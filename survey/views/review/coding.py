"""Double coding, for the two coders: their own page of comments, and nothing of the other's."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from survey.errors import NotFound
from survey.models import Coding, Sample, SampleItem, Study
from survey.pages import page
from survey.permissions import may
from survey.security import current_person
from survey.services import codings, samples, studies
from survey.services.codings import Given, NotRight
from survey.views.review import bp
from survey.views.review.sample_forms import ticked
from survey.views.working import wake_after_commit
from survey.web import db


@dataclass(frozen=True, slots=True)
class Mine:
    """A sample as one of its coders sees it."""

    study: Study
    sample: Sample
    place: int

    @property
    def finished(self) -> bool:
        """Whether this coder has finished."""
        return self.sample.coders[self.place - 1].finished_at is not None

    def url(self, endpoint: str, position: int | None = None) -> str:
        """The address of a page of this sample."""
        return url_for(endpoint, slug=self.study.slug, number=self.sample.number, position=position)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of comments to code: `start` is its first position, `back` and `on` those of its neighbours."""

    comments: list[SampleItem]
    start: int
    back: int | None
    on: int | None


def _mine(slug: str, number: int, *, lock: bool = False) -> Mine:
    """The sample, for a person who codes it; not found for anyone else."""
    study = studies.for_person(db(), current_person(), slug)
    sample = samples.get(db(), study, number, lock=lock)
    place = samples.place_of(sample, current_person())
    if place is None:
        raise NotFound
    return Mine(study, sample, place)


def _sheet(sample: Sample, items: list[SampleItem], position: int) -> Sheet:
    """The page that holds a position; the nearest one where its comment was taken away."""
    starts = [item.position for item in items[:: sample.per_page]]
    at = max(0, bisect_right(starts, position) - 1)
    shown = items[at * sample.per_page : (at + 1) * sample.per_page]
    back = starts[at - 1] if at else None
    return Sheet(shown, starts[at] if starts else 0, back, starts[at + 1] if at + 1 < len(starts) else None)


@bp.get("/studies/<slug>/samples/<int:number>/code")
@may("code samples")
def code(slug: str, number: int) -> ResponseReturnValue:
    """Go to the first comment that is left to code."""
    mine = _mine(slug, number)
    done = codings.own(db(), mine.sample, mine.place)
    left = [i.position for i in samples.items(db(), mine.sample) if i.position not in done]
    return redirect(mine.url(".code_page", position=left[0]) if left else mine.url(".check_codes"))


@bp.get("/studies/<slug>/samples/<int:number>/code/<int:position>")
@may("code samples")
def code_page(slug: str, number: int, position: int) -> ResponseReturnValue:
    """One page of comments to code."""
    mine = _mine(slug, number)
    if mine.finished or not samples.items(db(), mine.sample):
        return redirect(mine.url(".check_codes"))
    given = {place: _as_given(coding) for place, coding in codings.own(db(), mine.sample, mine.place).items()}
    return _page(mine, position, given, {})


def _as_given(coding: Coding) -> Given:
    main = coding.themes[0] if len(coding.themes) > 1 else None
    return Given(tuple(coding.themes), main, not coding.themes, coding.unsure, coding.note)


def _page(
    mine: Mine, position: int, given: Mapping[int, Given], problems: Mapping[int, str]
) -> ResponseReturnValue:
    items = samples.items(db(), mine.sample)
    return page(
        "review/sample_code.html",
        422 if problems else 200,
        study=mine.study,
        sample=mine.sample,
        problems=problems,
        sheet=_sheet(mine.sample, items, position),
        numbers={item.position: number for number, item in enumerate(items, start=1)},
        given=given,
        nothing=Given(),
        done=samples.progress(db(), [mine.sample])[mine.sample.id].done[mine.place],
        most=codings.NOTE_LENGTH,
    )


@bp.post("/studies/<slug>/samples/<int:number>/code/<int:position>")
@may("code samples")
def save_codes(slug: str, number: int, position: int) -> ResponseReturnValue:
    """Store what the coder ticked, and go on or back."""
    mine = _mine(slug, number)
    given = ticked()
    goes_back = request.form.get("go") == "back"
    if not (goes_back and all(what == Given() for what in given.values())):
        try:
            codings.save(db(), mine.sample, mine.place, given, current_person().email)
        except NotRight as refused:
            return _page(mine, position, given, refused.problems)
    sheet = _sheet(mine.sample, samples.items(db(), mine.sample), position)
    to = sheet.back or sheet.start if goes_back else sheet.on
    return redirect(mine.url(".code_page", position=to) if to else mine.url(".check_codes"), 303)


@bp.get("/studies/<slug>/samples/<int:number>/code/check")
@may("code samples")
def check_codes(slug: str, number: int) -> ResponseReturnValue:
    """What the coder has said, and the end of it."""
    mine = _mine(slug, number)
    return page(
        "review/sample_check.html",
        study=mine.study,
        sample=mine.sample,
        finished=mine.finished,
        sample_items=samples.items(db(), mine.sample),
        own=codings.own(db(), mine.sample, mine.place),
        names={theme["id"]: theme["name"] for theme in mine.sample.themes},
    )


@bp.post("/studies/<slug>/samples/<int:number>/code/finish")
@may("code samples")
def finish_codes(slug: str, number: int) -> ResponseReturnValue:
    """End one's own work; what was said cannot be changed any more."""
    mine = _mine(slug, number, lock=True)
    if codings.finish(db(), mine.sample, mine.place, current_person().email):
        wake_after_commit()
    return redirect(mine.url(".sample"), 303)
