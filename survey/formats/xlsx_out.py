"""The summary as an Excel workbook: a sheet for each kind of number, the comments by theme, the method.

Sheets and columns keep their names; a sheet without content is left out, but for themes, breadth, comments
and method. A number that the gate hides is the text "hidden". How text is kept word for word: see `workbook`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO

from survey.formats.comment_table import COMMENT_COLUMNS, comment_rows, theme_marks
from survey.formats.summary import HIDDEN, Count, Summary, SummaryQuestion, SummaryTheme
from survey.formats.workbook import (
    EXCEL_ESCAPE,
    Properties,
    Share,
    Sheet,
    Value,
    pieces_of,
    unique_names,
    write_workbook,
)

__all__ = ["EXCEL_ESCAPE", "write"]

Rows = Iterable[tuple[Value, ...]]
THEME_COLUMNS = (
    *("theme_id", "theme", "state", "comments", "share_of_comments", "audiences", "of_audiences"),
    *("likely_low", "likely_high", "only_one_audience", "keywords", "stability"),
    *("check_yes", "check_no", "check_asked", "about", "under_way", "planned", "parent"),
)
HEARD_COLUMNS = ("by", "group", "people", "share", "target", "weight", "under_heard", "note")
QUESTION_COLUMNS = (
    *("question_id", "survey", "question", "type", "several", "answered", "choice_id", "choice", "people"),
    *("share", "low", "high", "mean", "weighted_share", "figure", "value", "note"),
)
CROSS_COLUMNS = ("table_id", "survey", "down", "across", "row", "column", "people", "note")
TOTAL = "(all)"
WAVE_COLUMNS = ("figure_id", "figure", "before_study", "before", "after_study", "after", "unit", "change")
SESSION_COLUMNS = ("audience", "session", "day", "tables", "notes")


def write(summary: Summary, stream: BinaryIO) -> None:
    """Write the workbook."""
    properties = Properties(summary.study_title, summary.made_at_utc())
    write_workbook(stream, _sheets(summary), properties)


def _sheets(summary: Summary) -> Iterator[Sheet]:
    yield _sheet("Themes", THEME_COLUMNS, map(_theme_row, summary.themes))
    yield _breadth(summary)
    yield from _by("By channel", summary, {theme.id: theme.by_channel for theme in summary.themes})
    yield from _by("By prompt", summary, {theme.id: theme.by_prompt for theme in summary.themes})
    further = (
        _sheet("Who was heard", HEARD_COLUMNS, _heard(summary)),
        _sheet("Questions", QUESTION_COLUMNS, _questions(summary)),
        _sheet("Cross tables", CROSS_COLUMNS, _crosses(summary)),
        _sheet("Waves", WAVE_COLUMNS, _waves(summary)),
        _sheet("Sessions", SESSION_COLUMNS, _sessions(summary)),
    )
    yield from (sheet for sheet in further if sheet.rows)
    yield _comments(summary)
    yield _sheet("Method", ("item", "value"), _method(summary))


def _sheet(title: str, header: Iterable[str], rows: Rows) -> Sheet:
    """A sheet that is small enough to be looked at before it is written."""
    names, found = unique_names(header), list(rows)
    return Sheet(title, names, found, pieces_of(names, found), wrap=True)


def _number(count: Count) -> Value:
    return HIDDEN if count is None else count


def _share(share: float | None, count: Count = 0) -> Value:
    """A share; "hidden" where what it was made of is, else empty where there is none."""
    if share is None:
        return HIDDEN if count is None else None
    return Share(share)


def _float(value: float | None) -> Value:
    return None if value is None else float(value)


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"


def _theme_row(theme: SummaryTheme) -> tuple[Value, ...]:
    check = theme.check
    checked = [_number(count) for count in (check.yes, check.no, check.asked)] if check else [None] * 3
    return (
        *(theme.id, theme.name, theme.state, _number(theme.size), _share(theme.share, theme.size)),
        *(theme.audiences_k, theme.audiences_of, theme.low, theme.high, _yes(theme.only_one_audience)),
        *("; ".join(theme.keywords), _float(theme.stability), *checked),
        *(theme.about, theme.underway, theme.planned, theme.parent),
    )


def _breadth(summary: Summary) -> Sheet:
    """A row for each theme, a column for each audience, and what each audience said in all below them."""
    audiences = [name for name, _comments in summary.audiences]
    counts = {theme.id: theme.by_audience for theme in summary.themes}
    rows = [*_counts(summary, audiences, counts)]
    rows.append(("", "all comments", summary.facts.comments, *(_number(n) for _name, n in summary.audiences)))
    return _sheet("Breadth", ("theme_id", "theme", "comments", *audiences), rows)


def _by(title: str, summary: Summary, counts: Mapping[str, tuple[tuple[str, Count], ...]]) -> Iterator[Sheet]:
    """A row for each theme, a column for each channel or prompt, where any is known."""
    names = [*dict.fromkeys(name for found in counts.values() for name, _count in found)]
    if names:
        yield _sheet(title, ("theme_id", "theme", "comments", *names), _counts(summary, names, counts))


def _counts(
    summary: Summary, names: list[str], counts: Mapping[str, tuple[tuple[str, Count], ...]]
) -> Iterator[tuple[Value, ...]]:
    for theme in summary.themes:
        found = dict(counts[theme.id])
        yield (theme.id, theme.name, _number(theme.size), *(_number(found.get(name, 0)) for name in names))


def _heard(summary: Summary) -> Iterator[tuple[Value, ...]]:
    for heard in summary.heard:
        for row in heard.rows:
            shares = (_share(row.share, row.people), _share(row.target), _float(row.weight))
            yield (heard.by, row.name, _number(row.people), *shares, _yes(row.under_heard), heard.note)


def _questions(summary: Summary) -> Iterator[tuple[Value, ...]]:
    for question in summary.questions:
        asked = (question.id, question.survey, question.label, question.type, _yes(question.several))
        for row in _answers(question):
            yield (*asked, _number(question.answered), *row, question.note)


def _answers(question: SummaryQuestion) -> Iterator[tuple[Value, ...]]:
    """The rows of a question from "choice_id" to "value"; one that is empty where there is nothing to say."""
    for choice in question.choices:
        shares = (_share(share, choice.count) for share in (choice.share, choice.low, choice.high))
        means = (_float(choice.mean), _share(choice.weighted))
        yield (choice.id, choice.name, _number(choice.count), *shares, *means, None, None)
    for name, value in question.numbers:
        yield (*[None] * 8, name, HIDDEN if value is None else float(value))
    if not (question.choices or question.numbers):
        yield (None,) * 10


def _crosses(summary: Summary) -> Iterator[tuple[Value, ...]]:
    for cross in summary.crosses:
        table = (cross.id, cross.survey, cross.down, cross.across)
        totals = [(TOTAL, cross.totals)] if cross.totals else []
        for row, counts in (*cross.rows, *totals):
            for column, count in zip(cross.columns, counts, strict=False):
                yield (*table, row, column, _number(count), cross.note)


def _waves(summary: Summary) -> Iterator[tuple[Value, ...]]:
    for wave in summary.waves:
        before, after = (wave.before_title, float(wave.before)), (wave.after_title, float(wave.after))
        yield (wave.id, wave.figure, *before, *after, wave.unit, _share(wave.change))


def _sessions(summary: Summary) -> Iterator[tuple[Value, ...]]:
    for held in summary.sessions:
        counts = (held.tables, _number(held.notes))
        yield (held.audience, held.title, held.day, *counts)


def _comments(summary: Summary) -> Sheet:
    """Comments by themes: a 1 under each theme that a comment is in, or in a sub-theme of."""
    header = unique_names((*COMMENT_COLUMNS, *(theme.name for theme in summary.themes)))
    marked = zip(comment_rows(summary), theme_marks(summary), strict=True)
    pieces = pieces_of(COMMENT_COLUMNS, comment_rows(summary))
    rest = pieces_of(header[len(pieces) :], ())
    return Sheet("Comments", header, ((*row, *marks) for row, marks in marked), [*pieces, *rest])


def _method(summary: Summary) -> Iterator[tuple[Value, ...]]:
    facts = summary.facts
    made: tuple[tuple[str, Value], ...] = (
        ("Study", summary.study_title),
        ("Summary", summary.number),
        ("Invented for a demonstration", _yes(summary.demo)),
        ("Made at", summary.made_at),
        ("Made by", summary.made_by),
        ("Run", summary.run),
        ("Seed", summary.seed),
        ("Revision of the board", summary.board_revision),
        ("People heard", _number(facts.people)),
        ("Responses to surveys", _number(facts.responses)),
        ("Comments", facts.comments),
        ("Audiences", facts.audiences),
        ("Themes", facts.themes),
        ("Share of comments in no theme", Share(facts.share_in_no_theme)),
        ("Fewest people counted", summary.fewest_counted),
        ("Fewest people quoted", summary.fewest_quoted),
        ("Numbers hidden", summary.hidden),
        *summary.method,
    )
    yield from made
    for section in summary.appendix:
        yield from ((f"{section.title}: {item}", value) for item, value in section.lines)
