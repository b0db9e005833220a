"""The reproduce bundle of a frozen summary: what its run was given, what people decided, the theme table.

It is made of the study as it was then: of the run and the revision of the board that the summary names. What
was changed or deleted since cannot be had back; the bundle says so, instead of passing for exact.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import models
from survey.board import Board, Decision
from survey.errors import Refusal
from survey.formats import bundle, bundle_parts, bundle_readme, codebook_csv
from survey.formats.bundle import About, Audience, BundleComment, Given
from survey.formats.bundle_table import STATES, themes_csv
from survey.formats.summary import Summary, SummaryTheme
from survey.models import Placement, Run, Study
from survey.services import board as boards
from survey.services import codebooks, comments, summaries
from survey.services.bundle_given import Hashes, board_at, given_to
from survey.services.placements import audience_key


def write(session: Session, study: Study, number: int, stream: BinaryIO) -> About:
    """Write the bundle of a frozen summary; what it says of itself.

    Raises `NotFound` for a summary that there is not, `Refusal` for one without themes.
    """
    row = summaries.get(session, study, number)
    if row.run_id is None:
        raise Refusal(
            _("Summary %(number)s was frozen before themes were looked for.", number=number)
            + " "
            + _("Find themes, freeze another summary, and get its bundle.")
        )
    made = _Maker(session, study, row, summaries.read(row))
    about = made.about
    try:
        bundle.write(stream, made.members(about), bundle_parts.about_out(about))
    except bundle.BundleError as error:
        raise Refusal(str(error)) from error
    return about


@dataclass(frozen=True)
class _Maker:
    """One frozen summary, and the study as it was then."""

    session: Session
    study: Study
    row: models.Summary
    summary: Summary

    def members(self, about: About) -> dict[str, bytes]:
        """The files of the bundle, but for its manifest."""
        numbers = {run.id: run.number for run in boards.runs_of(self.session, self.study)}
        return {
            bundle.README: bundle_readme.text(about),
            bundle.COMMENTS: bundle_parts.comments_out(self.comments),
            bundle.GIVEN: bundle_parts.given_out(self.given),
            bundle.EDITS: bundle_parts.edits_out(self.decisions, numbers),
            bundle.CODEBOOK: self._codebook(),
            bundle.THEMES: themes_csv(self.board, about.audiences),
        }

    def _codebook(self) -> bytes:
        stream = io.BytesIO()
        codebook_csv.write(codebooks.of_board(self.study, self.board), stream)
        return stream.getvalue()

    @cached_property
    def about(self) -> About:
        """What the manifest says."""
        return About(
            study=self.summary.study_title,
            slug=self.study.slug,
            summary=self.row.number,
            summary_sha256=self.row.sha256,
            frozen_at=self.summary.made_at,
            board_revision=self.row.board_revision,
            run=bundle.Run(
                self.run.number,
                self.run.kind,
                self.run.made_at.isoformat(timespec="seconds"),
                self.run.manifest,
            ),
            audiences=tuple(self._audiences()),
            notes=tuple(self._notes()),
        )

    @cached_property
    def run(self) -> Run:
        return self.session.get_one(Run, self.row.run_id)

    @cached_property
    def decisions(self) -> list[Decision]:
        """All decisions up to the summary."""
        every = boards.decisions_of(self.session, self.study)
        return [decision for decision in every if decision.number <= self.row.board_revision]

    @cached_property
    def board(self) -> Board:
        return board_at(self.session, self.run, self.decisions, self.summary.facts.comments)

    @cached_property
    def given(self) -> Given:
        return given_to(self.session, self.run, self.decisions)

    @cached_property
    def comments(self) -> list[BundleComment]:
        """Those of the run in their order, and those that had come since when the summary was frozen."""
        first = select(Placement.comment_id).where(Placement.run_id == self.run.id, Placement.rank == 1)
        in_run, late = set(self.session.scalars(first)), {comment.id for comment in self.summary.comments}
        return [
            BundleComment(
                id=row.id,
                text=row.text,
                audience=audience_key(row.audience_id),
                group=row.audience,
                prompt=row.prompt,
                language=row.language,
                late=row.id not in in_run,
            )
            for row in comments.stream(self.session, self.study.id)
            if row.id in in_run or row.id in late
        ]

    def _audiences(self) -> Iterator[Audience]:
        """The groups of the board, and those that comments were given to since."""
        names = {audience_key(audience.id): audience.name for audience in self.study.audiences}
        there = {*self.board.totals, *(comment.audience for comment in self.comments)} - {""}
        yield from (Audience(key, name) for key, name in names.items() if key in there)
        # A group that was deleted since has no name any more.
        yield from (Audience(key, f"group {key}") for key in sorted(there - names.keys()))

    def _notes(self) -> Iterator[str]:
        """In which way the bundle is not exact; in English for everybody: equal bundles have equal bytes."""
        gone = self.run.comments - sum(not comment.late for comment in self.comments)
        if gone > 0:
            yield f"Comments of the run that were deleted since, so that they are missing here: {gone}."
        yield from self._changed()
        if list(_as_frozen(self.summary)) != list(self._as_now()):
            yield "The themes of the board cannot be built again as the summary has them."

    def _changed(self) -> Iterator[str]:
        hashes, told = Hashes.of((c for c in self.comments if not c.late), self.given), self.run.manifest
        if told.get("input") != hashes.input:
            yield "The comments of the run, their groups or their prompts are not those it was given then."
        if told.get("decisions") != hashes.decisions:
            yield "The decisions that the run was given cannot be built again as they were."
        if told.get("earlier") != hashes.earlier:
            yield "What had been found before the run cannot be built again as it was."

    def _as_now(self) -> Iterator[tuple[object, ...]]:
        sizes = {theme.id: theme.size for theme in self.summary.themes}
        for theme in self.board.live:
            id, breadth = str(theme.id), theme.breadth
            size = None if sizes.get(id, 0) is None else theme.size
            yield id, theme.name, STATES[theme.state], size, breadth.k, breadth.of, breadth.low, breadth.high


def _as_frozen(summary: Summary) -> Iterator[tuple[object, ...]]:
    """What the summary says of its themes; a size that the gate hides is not compared."""
    for one in summary.themes:
        yield _told(one)


def _told(one: SummaryTheme) -> tuple[object, ...]:
    return one.id, one.name, one.state, one.size, one.audiences_k, one.audiences_of, one.low, one.high
