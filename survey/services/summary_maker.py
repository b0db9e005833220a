"""What a summary holds: every part made from one look at the study, after the gate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.disclose import Shown
from survey.board import Board, BoardTheme
from survey.formats.summary import (
    SMALL_GROUPS,
    Count,
    Summary,
    SummaryComment,
    SummaryFacts,
    SummaryQuote,
    SummarySession,
    SummaryTheme,
    percent,
)
from survey.models import Comment, GroupSession, Note, Run, Study, Survey
from survey.services import board as boards
from survey.services import (
    comments,
    gate,
    member_checks,
    member_marks,
    method,
    quotes,
    sessions,
    tabulations,
    theme_counts,
    theme_texts,
)
from survey.services.quotes import Cleared
from survey.services.tabulating.lines import held_note
from survey.services.theme_comments import placements, standing
from survey.services.theme_counts import ThemeCounts

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


class Maker:
    """One look at a study: every part of the summary is made from the same board."""

    def __init__(self, session: Session, study: Study) -> None:
        self.session, self.study = session, study
        self.run: Run | None = boards.run_of_board(session, study)
        self.board: Board | None = boards.load(session, study)
        self.cleared = quotes.cleared(session, self.board) if self.board else {}
        self.groups = gate.groups(session, study)
        self.counts = theme_counts.shown(session, study, self.board, self.groups)
        self.texts = theme_texts.of_study(session, study)

    def themes_only(self, by: str, at: datetime) -> Summary:
        """The themes with their numbers and quotes: what can be looked at without counting every answer."""
        return Summary(
            study_title=self.study.title,
            study_slug=self.study.slug,
            description=self.study.description,
            demo=self.study.demo,
            made_at=at.isoformat(timespec="seconds"),
            made_by=by,
            run=self.run.number if self.run else None,
            seed=self.run.seed if self.run else None,
            board_revision=self.board.revision if self.board else 0,
            facts=self.facts(),
            themes=tuple(self.themes()),
            audiences=self.counts.audiences,
            method=tuple(self.method()),
            fewest_counted=self.study.fewest_counted,
            fewest_quoted=self.study.fewest_quoted,
        )

    def whole(self, by: str, at: datetime) -> tuple[Summary, Mapping[str, Shown]]:
        """Everything, and the tables of people as the gate let them through."""
        gathered = tabulations.gather(self.session, self.study)
        tables = [*gathered.tables, *member_marks.tables(self.session, self.study)]
        shown = gate.protect(self.session, self.study, tables)
        told = gathered.told(shown)
        languages = self.languages()
        themes = self.themes_only(by, at)
        checks = member_checks.shares(self.session, self.study)
        listed, k = tuple(self.comments()), self.study.fewest_counted
        appendix = method.appendix(self.session, self.study, self.board, self.run, self.groups, shown)
        summary = replace(
            themes,
            facts=replace(themes.facts, people=told.people, responses=told.responses),
            method=(*themes.method, *([("People heard", held_note(k))] if told.is_held else ())),
            themes=tuple(replace(t, check=checks.get(int(t.id))) for t in themes.themes),
            comments=listed,
            language=languages[0] if languages else "en",
            languages=languages,
            heard=told.heard,
            questions=told.questions,
            crosses=told.crosses,
            waves=told.waves,
            sessions=tuple(self.sessions()),
            appendix=tuple(method.without_copies(appendix, themes.themes, listed)),
            hidden=self.counts.hidden + sum(table.hidden for table in shown.values()),
        )
        return summary, shown

    def facts(self) -> SummaryFacts:
        audiences = len(self.study.audiences)
        if self.board is None:
            count = comments.count(self.session, self.study.id)
            return SummaryFacts(count, audiences, 0, 1.0 if count else 0.0)
        heard = len([key for key in self.board.totals if key])
        return SummaryFacts(self.board.comments, heard, len(self.board.live), self.board.share_unplaced)

    def languages(self) -> tuple[str, ...]:
        """The languages of the study's surveys, in their order."""
        query = select(Survey.document).where(Survey.study_id == self.study.id).order_by(Survey.id)
        return tuple(
            dict.fromkeys(tag for document in self.session.scalars(query) for tag in document["languages"])
        )

    def themes(self) -> Iterator[SummaryTheme]:
        if self.board is None:
            return
        for theme in self.board.live:
            chosen = self.cleared[theme.id][:QUOTES] if self.may_quote() else ()
            yield self._theme(theme, self.board.comments, self.counts.themes[theme.id], chosen)

    def may_quote(self) -> bool:
        """Whether enough people were heard to quote any; comments stand in where nobody counted them."""
        known = [people for people in self.groups.people.values() if people is not None]
        heard = sum(known) if len(known) == len(self.groups.people) and known else None
        comments_made = self.board.comments if self.board else 0
        return (comments_made if heard is None else heard) >= self.study.fewest_quoted

    def _theme(
        self, theme: BoardTheme, of: int, counts: ThemeCounts, chosen: tuple[Cleared, ...]
    ) -> SummaryTheme:
        text = self.texts.get(theme.id, {}).get("")
        return SummaryTheme(
            id=str(theme.id),
            name=theme.name,
            state=STATES[theme.state],
            size=counts.size,
            share=_share(counts.size, of),
            audiences_k=theme.breadth.k,
            audiences_of=theme.breadth.of,
            low=theme.breadth.low,
            high=theme.breadth.high,
            only_one_audience=theme.only_one_audience,
            keywords=theme.keywords,
            quotes=tuple(self._quote(quote) for quote in chosen),
            by_audience=counts.by_audience,
            by_channel=counts.by_channel,
            by_prompt=counts.by_prompt,
            stability=theme.stability,
            about=text.about if text else "",
            underway=text.underway if text else "",
            planned=text.planned if text else "",
            parent=str(theme.parent or ""),
        )

    def _quote(self, quote: Cleared) -> SummaryQuote:
        """A quote without what was blacked out, with its group where that is large enough."""
        prompt = quote.comment.prompt
        group = self.groups.quoted(quote.comment.audience_id)
        named = prompt is not None and (group is not None or prompt.id not in self.of_small_groups)
        return SummaryQuote(quote.text, group, prompt.text if prompt and named else None)

    @cached_property
    def of_small_groups(self) -> set[int | None]:
        """Prompts that only groups were asked which no quote names: each would be a name for its group."""
        pairs = select(Comment.prompt_id, Comment.audience_id).where(Comment.study_id == self.study.id)
        asked: dict[int | None, set[int | None]] = defaultdict(set)
        for prompt, audience in self.session.execute(pairs.distinct()):
            asked[prompt].add(audience)
        quoted = self.groups.quoted
        return {p for p, of in asked.items() if of - {None} and not any(quoted(one) for one in of)}

    def method(self) -> Iterator[tuple[str, str]]:
        if self.board is None or self.run is None:
            yield "Themes", "Themes were not looked for yet: every comment is listed without a theme."
        else:
            yield from _how(self.board)
            without = self.counts.of_no_group
            if without != 0:
                number = "Their number is hidden" if without is None else str(without)
                yield "Comments of no known group", f"{number}. They count for size, not for breadth."
            shown = any(self.cleared[theme.id] for theme in self.board.live) and self.may_quote()
            yield "Quotes", QUOTES_CLEARED if shown else NO_QUOTES
            yield from _manifest(self.run.manifest)
        yield "List of comments", COMMENTS_INTERNAL
        yield "Privacy", "No text left this machine: all of this was computed on it."

    def comments(self) -> Iterator[SummaryComment]:
        """Every comment of the study exactly once."""
        found = placements(self.session, self.board) if self.board else {}
        for row in comments.stream(self.session, self.study.id):
            values = row._asdict()
            values["audience"] = self.groups.name(values.pop("audience_id"))
            values["day"] = row.day.isoformat() if row.day else None
            yield SummaryComment(**values, **self._placed(row.id, found))

    def _placed(self, comment: str, found: Mapping[str, Any]) -> dict[str, Any]:
        if self.board is None:
            return {"reason": NOT_LOOKED}
        where = standing(self.board, comment, found)
        by = "person" if where.by_person else "machine" if where.live else "none"
        themes = tuple(str(theme.id) for theme in where.live)
        return {"themes": themes, "placed_by": by, "reason": where.reason}

    def sessions(self) -> Iterator[SummarySession]:
        """The meetings that were held. How many came is not told: it would tell what the gate hides."""
        held = select(GroupSession).where(
            GroupSession.study_id == self.study.id, GroupSession.state != "planned"
        )
        days = sessions.days(self.session, self.study)
        for one in self.session.scalars(held.order_by(GroupSession.starts_at, GroupSession.id)):
            name, day = self.groups.name(one.audience_id) or "", days.get(one.id)
            if name == SMALL_GROUPS:
                # Its day or its title would tell whose it was, and how much that group said.
                yield SummarySession(name, "", None, one.tables, None)
                continue
            notes = self._count(select(Note).where(Note.session_id == one.id, Note.struck.is_(False)))
            yield SummarySession(name, one.title, day.isoformat() if day else None, one.tables, notes)

    def _count(self, query: Any) -> int:
        return self.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _share(size: Count, of: int) -> float | None:
    if size is None:
        return None
    return size / of if of else 0.0


def _how(board: Board) -> Iterator[tuple[str, str]]:
    rejected, late = len(board.rejected), board.late
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


def _manifest(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key in sorted(manifest):
        yield key.replace("_", " ").capitalize(), _in_words(manifest[key])


def _in_words(value: Any) -> str:
    """A value of the manifest for people: the files hold no program's notation."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_in_words(part)}" for name, part in sorted(value.items()))
    return "not set" if value is None else str(value)
