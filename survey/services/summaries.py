"""Summaries: the board with all comments, frozen once and written to every format from the same numbers."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import models
from survey.board import Board, BoardTheme
from survey.dates import now
from survey.errors import NotFound, Refusal
from survey.formats.summary import Summary, SummaryComment, SummaryFacts, SummaryQuote, SummaryTheme, percent
from survey.models import Audience, Run, Study
from survey.services import audit, comments, quotes
from survey.services import board as boards
from survey.services.placements import audience_key
from survey.services.quotes import Cleared
from survey.services.theme_comments import placements, standing

STATES = {"accepted": "accepted", "new": "suggested"}
QUOTES = 6
NOT_LOOKED = "themes were not looked for yet"
FOUND_BY = (
    "A program on this machine suggested groups of comments that are alike. People named, joined, accepted "
    "or rejected them; what nobody has decided about yet is marked as suggested."
)
NO_QUOTES = (
    "None is shown, because none was cleared. People clear quotes for each theme under Themes, Quotes; then "
    "freeze another summary."
)
QUOTES_CLEARED = (
    "Each was cleared by a person of the office. Where a part was blacked out, […] stands in its place."
)
COMMENTS_INTERNAL = (
    "The list of all comments (in CSV, Excel and JSON; the Word file has none) is word for word, as people "
    "wrote it. Nobody has cleared it: it is for the office's own use. To pass something on, use the Word "
    "file."
)
BREADTH = (
    "In how many groups at least one comment is about the theme. The likely range is the 90 % interval of a "
    "hierarchical beta-binomial model: it is wide where few comments of a group were heard."
)


def preview(session: Session, study: Study, by: str) -> Summary:
    """What a summary frozen now would say, but for its comments."""
    return _Maker(session, study).summary(by, now())


def freeze(session: Session, study: Study, by: str) -> models.Summary:
    """Freeze the board with all comments; raise `Refusal` when there are no comments."""
    # Summaries of a study are numbered, so they are made one after the other.
    session.execute(select(Study.id).where(Study.id == study.id).with_for_update())
    maker, at = _Maker(session, study), now().replace(microsecond=0)
    summary = replace(maker.summary(by, at), comments=tuple(maker.comments()))
    if not summary.comments:
        raise Refusal(_("There are no comments yet, so there is nothing to freeze. Import comments first."))
    document = summary.to_json()
    row = models.Summary(
        study_id=study.id,
        run_id=maker.run.id if maker.run else None,
        number=len(frozen(session, study)) + 1,
        board_revision=summary.board_revision,
        sha256=hashlib.sha256(document).hexdigest(),
        document=zlib.compress(document),
        made_by=by,
        made_at=at,
    )
    session.add(row)
    session.flush()
    audit.record(session, by, "summaries.freeze", study.slug, number=row.number, sha256=row.sha256)
    return row


def frozen(session: Session, study: Study) -> list[models.Summary]:
    """The frozen summaries of a study, newest first, without their documents."""
    query = select(models.Summary).where(models.Summary.study_id == study.id)
    return list(session.scalars(query.order_by(models.Summary.number.desc())))


def get(session: Session, study: Study, number: int) -> models.Summary:
    """One frozen summary; raise `NotFound` when there is none of that number."""
    row = next((row for row in frozen(session, study) if row.number == number), None)
    if row is None:
        raise NotFound
    return row


def read(row: models.Summary) -> Summary:
    """What was frozen; raise `Refusal` when the stored bytes are not those any more."""
    document = zlib.decompress(row.document)
    if hashlib.sha256(document).hexdigest() != row.sha256:
        raise Refusal(
            _(
                "Summary %(number)s was changed after it was frozen. Restore it from a backup.",
                number=row.number,
            )
        )
    return Summary.from_json(document)


class _Maker:
    """One look at a study: every part of the summary is made from the same board."""

    def __init__(self, session: Session, study: Study) -> None:
        self.session, self.study = session, study
        self.run: Run | None = boards.run_of_board(session, study)
        self.board: Board | None = boards.load(session, study)
        self.cleared = quotes.cleared(session, self.board) if self.board else {}

    def summary(self, by: str, at: datetime) -> Summary:
        """Everything but the comments."""
        return Summary(
            study_title=self.study.title,
            study_slug=self.study.slug,
            demo=self.study.demo,
            made_at=at.isoformat(timespec="seconds"),
            made_by=by,
            run=self.run.number if self.run else None,
            seed=self.run.seed if self.run else None,
            board_revision=self.board.revision if self.board else 0,
            facts=self.facts(),
            themes=tuple(self.themes()),
            audiences=tuple((audience.name, count) for audience, count in self.audiences()),
            method=tuple(self.method()),
        )

    def facts(self) -> SummaryFacts:
        audiences = len(list(self.audiences()))
        if self.board is None:
            count = comments.count(self.session, self.study.id)
            return SummaryFacts(count, audiences, 0, 1.0 if count else 0.0)
        return SummaryFacts(self.board.comments, audiences, len(self.board.live), self.board.share_unplaced)

    def audiences(self) -> Iterator[tuple[Audience, int]]:
        totals = self.board.totals if self.board else self._totals()
        for audience in self.study.audiences:
            if (key := audience_key(audience.id)) in totals:
                yield audience, totals[key]

    def _totals(self) -> dict[str, int]:
        counted = comments.counts(self.session, self.study.id).audiences
        return {audience_key(id if id != comments.NONE else None): count for id, count in counted.items()}

    def themes(self) -> Iterator[SummaryTheme]:
        if self.board is None:
            return
        for theme in self.board.live:
            yield self._theme(theme, self.board.comments, self.cleared[theme.id][:QUOTES])

    def _theme(self, theme: BoardTheme, of: int, chosen: tuple[Cleared, ...]) -> SummaryTheme:
        audiences = [audience for audience, _comments in self.audiences()]
        return SummaryTheme(
            id=str(theme.id),
            name=theme.name,
            state=STATES[theme.state],
            size=theme.size,
            share=theme.size / of if of else 0.0,
            audiences_k=theme.breadth.k,
            audiences_of=theme.breadth.of,
            low=theme.breadth.low,
            high=theme.breadth.high,
            only_one_audience=theme.only_one_audience,
            keywords=theme.keywords,
            quotes=tuple(_quote(quote) for quote in chosen),
            by_audience=tuple((a.name, theme.by_audience.get(audience_key(a.id), 0)) for a in audiences),
        )

    def method(self) -> Iterator[tuple[str, str]]:
        if self.board is None or self.run is None:
            yield "Themes", "Themes were not looked for yet: every comment is listed without a theme."
        else:
            yield from _how(self.board)
            shown = any(self.cleared[theme.id] for theme in self.board.live)
            yield "Quotes", QUOTES_CLEARED if shown else NO_QUOTES
            yield from _manifest(self.run.manifest)
        yield "List of comments", COMMENTS_INTERNAL
        yield "Privacy", "No text left this machine: all of this was computed on it."

    def comments(self) -> Iterator[SummaryComment]:
        """Every comment of the study exactly once."""
        found = placements(self.session, self.board) if self.board else {}
        for row in comments.stream(self.session, self.study.id):
            values = row._asdict()
            del values["audience_id"]
            values["day"] = row.day.isoformat() if row.day else None
            yield SummaryComment(**values, **self._placed(row.id, found))

    def _placed(self, comment: str, found: Mapping[str, Any]) -> dict[str, Any]:
        if self.board is None:
            return {"reason": NOT_LOOKED}
        where = standing(self.board, comment, found)
        by = "person" if where.by_person else "machine" if where.live else "none"
        themes = tuple(str(theme.id) for theme in where.live)
        return {"themes": themes, "placed_by": by, "reason": where.reason}


def _quote(quote: Cleared) -> SummaryQuote:
    """A quote as it may leave: without what was blacked out."""
    audience, prompt = quote.comment.audience, quote.comment.prompt
    return SummaryQuote(quote.text, audience.name if audience else None, prompt.text if prompt else None)


def _how(board: Board) -> Iterator[tuple[str, str]]:
    rejected, late, without = len(board.rejected), board.late, board.totals.get("", 0)
    yield "Themes", FOUND_BY
    yield "Breadth", BREADTH
    yield "Sizes", "A comment may be in several themes, so sizes may add up to more than all comments."
    yield "In no theme", f"{board.unplaced} of {board.comments} comments ({percent(board.share_unplaced)})."
    yield "Decisions by people", f"{board.decisions} stand."
    if rejected:
        said = "A comment that is only in rejected themes counts as in no theme."
        yield "Rejected themes", f"{rejected} left out. {said}"
    if late:
        yield "Late comments", f"{late} came after the themes were found; only people can have placed them."
    if without:
        yield "Comments of no known group", f"{without}. They count for size, not for breadth."


def _manifest(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key in sorted(manifest):
        yield key.replace("_", " ").capitalize(), _in_words(manifest[key])


def _in_words(value: Any) -> str:
    """A value of the manifest for people: the files hold no program's notation."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_in_words(part)}" for name, part in sorted(value.items()))
    return "not set" if value is None else str(value)
