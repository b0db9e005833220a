"""Quotes: which comments could speak for a theme, and what of them people cleared to leave the house."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, not_, select
from sqlalchemy.orm import Session

from analysis.redact import Personal, find_personal
from survey import changes
from survey.board import Board, BoardTheme, Change, QuoteState
from survey.errors import NotFound, Refusal
from survey.models import Comment, Placement, Study
from survey.redaction import Piece, Span, find_words, merged, pieces, redacted
from survey.services.ids import is_one_of
from survey.services.theme_comments import placements

READABLE = range(15, 401)
"""Characters of a comment that reads well as a quote."""
MOST_PLACED = 30
"""Comments of a theme that people placed one by one, from which quotes are proposed."""
SPAN = re.compile(r"([0-9]{1,6})-([0-9]{1,6})")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A comment that could be quoted, what people said of that, and what in it may point to a person."""

    comment: Comment
    state: QuoteState
    personal: tuple[Personal, ...]

    @property
    def parts(self) -> Iterator[Piece]:
        """The text with what is blacked out, or as long as it is not cleared with what points to a person."""
        return pieces(self.comment.text, self.spans)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where those parts are."""
        if self.state.mark == "cleared":
            return self.state.spans
        return tuple((one.start, one.end) for one in self.personal)


@dataclass(frozen=True, slots=True)
class Cleared:
    """A quote that may leave. `text` is what is left of the comment."""

    comment: Comment
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        return redacted(self.comment.text, self.spans)

    @property
    def parts(self) -> Iterator[Piece]:
        return pieces(self.comment.text, self.spans)


def propose(
    session: Session, board: Board, themes: Sequence[BoardTheme], most: int, *, refused: bool = False
) -> dict[int, tuple[Proposal, ...]]:
    """For each theme up to `most` comments that could be quoted, those of few audiences not left out.

    First come those that were cleared, all of them; refused ones are there when asked for. The number of
    queries does not depend on the number of themes or comments.
    """
    decided = _decided(session, board)
    ids = {theme.id: _typical(board, theme) for theme in themes}
    for theme_id, comments in _heaviest(session, board, themes, most).items():
        ids[theme_id] += comments
    known = _comments(session, {*(id for listed in ids.values() for id in listed), *decided})
    marks = {id: state.mark for id, state in board.quote_states.items()}
    found: dict[int, tuple[Proposal, ...]] = {}
    for theme in themes:
        mine = [known[id] for id, numbers in decided.items() if numbers & set(theme.members)]
        kept = [c for c in mine if marks[c.id] == "cleared" or (refused and marks[c.id] == "refused")]
        fresh = [known[id] for id in ids[theme.id] if id in known and marks.get(id, "open") == "open"]
        found[theme.id] = tuple(proposal(board, c) for c in _varied(kept, fresh, most))
    return found


def proposal(board: Board, comment: Comment) -> Proposal:
    """One comment as a quote."""
    state = board.quote_states.get(comment.id, QuoteState("open"))
    return Proposal(comment, state, find_personal(comment.text, comment.language))


def _comments(session: Session, ids: Iterable[str]) -> dict[str, Comment]:
    wanted = select(Comment).where(is_one_of(session, Comment.id, set(ids)))
    return {comment.id: comment for comment in session.scalars(wanted)}


def _decided(session: Session, board: Board) -> dict[str, frozenset[int]]:
    """The comments that were cleared or refused, with their themes, in the order of those decisions."""
    ids = [id for id, state in board.quote_states.items() if state.mark != "open"]
    found = placements(session, board, ids)
    return {
        id: board.numbers_of(id, [part for part, _why in found.get(id, []) if part is not None]) for id in ids
    }


def _typical(board: Board, theme: BoardTheme) -> list[str]:
    """What the program takes for typical, then what people put there."""
    members = set(theme.members)
    placed = sorted(id for id, numbers in board.moved.items() if numbers & members)
    return [*theme.quotes, *(id for id in placed[:MOST_PLACED] if id not in board.off_topic)]


def _heaviest(
    session: Session, board: Board, themes: Sequence[BoardTheme], most: int
) -> Mapping[int, list[str]]:
    """For each theme the comments of each audience that fit it best, the best first."""
    homes: dict[int, list[int]] = defaultdict(list)
    for theme in themes:
        for part in theme.parts:
            homes[part].append(theme.id)
    place = (
        func.row_number()
        .over(
            partition_by=(Placement.candidate_id, Comment.audience_id),
            order_by=(Placement.weight.desc(), Placement.comment_id),
        )
        .label("place")
    )
    by_people = is_one_of(session, Placement.comment_id, board.moved.keys() | board.off_topic)
    ranked = (
        select(Placement.candidate_id, Placement.comment_id, Placement.weight, place)
        .join(Comment, Comment.id == Placement.comment_id)
        .where(Placement.run_id == board.run, Placement.candidate_id.in_(homes), not_(by_people))
        .subquery()
    )
    each = most // max(1, len(board.totals)) + 2
    best = select(ranked.c.candidate_id, ranked.c.comment_id).where(ranked.c.place <= each)
    found: dict[int, list[str]] = defaultdict(list)
    for candidate, comment in session.execute(best.order_by(ranked.c.weight.desc(), ranked.c.comment_id)):
        for theme_id in homes[candidate]:
            found[theme_id].append(comment)
    return found


def _varied(kept: list[Comment], fresh: list[Comment], most: int) -> list[Comment]:
    """What is kept, filled up to `most`: always the next one of an audience that is there least."""
    chosen = list(kept)
    said = {_plain(comment.text) for comment in kept}
    there = Counter(comment.audience_id for comment in kept)
    left: dict[str, Comment] = {}
    for comment in fresh:
        left.setdefault(_plain(comment.text), comment)
    while len(chosen) < most and (words := left.keys() - said):
        listed = [comment for plain, comment in left.items() if plain in words]
        best = min(listed, key=lambda c: (len(c.text) not in READABLE, there[c.audience_id]))
        said.add(_plain(best.text))
        there[best.audience_id] += 1
        chosen.append(best)
    return chosen


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def cleared(session: Session, board: Board) -> dict[int, tuple[Cleared, ...]]:
    """The quotes of each theme that may leave, first one of each audience."""
    where = _decided(session, board)
    ids = [id for id in where if board.quote_states[id].mark == "cleared"]
    known = _comments(session, ids)
    found = {}
    for theme in board.themes:
        mine = [known[id] for id in ids if where[id] & set(theme.members)]
        first = {comment.audience_id: comment for comment in reversed(mine)}
        mine.sort(key=lambda comment: first[comment.audience_id] is not comment)
        found[theme.id] = tuple(Cleared(c, board.quote_states[c.id].spans) for c in mine)
    return found


def comment_of(session: Session, study: Study, comment_id: str) -> Comment:
    """A comment of a study; raise `NotFound` for one of another study."""
    # PostgreSQL fails over a NUL, so what cannot be an id is not asked for.
    comment = session.get(Comment, comment_id) if "\0" not in comment_id else None
    if comment is None or comment.study_id != study.id:
        raise NotFound
    return comment


def chosen(text: str, ticked: Iterable[str], words: str) -> tuple[Span, ...]:
    """The spans that were ticked ("12-20") and those of words that were typed, one or more in each line.

    Raises `Refusal` when words are not in the text: nobody may believe that something is blacked out.
    """
    spans = [_span(text, one) for one in ticked]
    for line in filter(None, map(str.strip, words.splitlines())):
        found = find_words(text, line)
        if not found:
            raise Refusal(
                _(
                    "“%(words)s” is not in the comment. Copy the words from it, one part in each line.",
                    words=line[:80],
                )
            )
        spans += found
    return merged(text, spans)


def _span(text: str, ticked: str) -> Span:
    match = SPAN.fullmatch(ticked)
    start, end = (int(match[1]), int(match[2])) if match else (0, 0)
    if not start < end <= len(text):
        raise Refusal(_("Choose once more what is to be blacked out."))
    return start, end


def clear(comment: Comment, spans: Iterable[Span]) -> Change:
    """The change that clears a comment as a quote; raise `Refusal` when nothing of it would be left."""
    found = merged(comment.text, spans)
    left = "".join(piece.text for piece in pieces(comment.text, found) if not piece.inside)
    if not any(letter.isalnum() for letter in left):
        raise Refusal(_("Nothing would be left of this quote. Refuse it instead."))
    return changes.quote(comment.id, "cleared", found)
