"""The open data of a release: one number a row (CSV), and a dictionary of its columns and codes.

Both are UTF-8 with a byte order mark, every field in quotation marks. A number that is not shown has an empty
`value` and the note "hidden". Text that a spreadsheet might run as a formula has an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from survey.formats.release import PublicRelease
from survey.formats.safe_text import for_csv
from survey.formats.summary import (
    HIDDEN,
    SMALL_GROUPS,
    Summary,
    SummaryChoice,
    SummaryCross,
    SummaryHeard,
    SummaryQuestion,
    SummaryTheme,
    SummaryWave,
)

COLUMNS = ("release", "kind", "id", "label", "group", "measure", "value", "note")
ALL = "All"
Number = int | float | None
KINDS = {
    "study": "The consultation as a whole.",
    "group": "A group that was listened to; “id” is its place in the list.",
    "theme": "A subject that people raised, as planners named it.",
    "question": "A closed question of a survey.",
    "choice": "A choice of a question; “id” is the id of the question, a slash and that of the choice.",
    "cross": "A cell of a cross table: “label” is the row, “group” the column.",
    "heard": "Who was heard: “id” says by what, “group” is the group of people.",
    "wave": "A figure of this study against the same one of an earlier study.",
}
MEASURES = {
    "comments": "How many comments.",
    "share_of_comments": "Comments of the theme divided by all comments, from 0 to 1.",
    "share_in_no_theme": "Comments that are in no theme divided by all comments, from 0 to 1.",
    "groups": "How many groups were listened to.",
    "people": "How many people.",
    "responses": "How many responses came to surveys.",
    "groups_with_theme": "In how many groups the theme came up.",
    "groups_low": "The likely least number of groups with the theme (90 % interval).",
    "groups_high": "The likely greatest number of groups with the theme (90 % interval).",
    "stability": "How often the theme comes back when comments are drawn again, from 0 to 1.",
    "check_asked": "How many participants looked at the draft of the theme.",
    "check_yes": "How many of them said: yes, we said that.",
    "check_no": "How many of them said: that is not what we meant.",
    "answered": "How many people answered the question.",
    "share": "Divided by all who answered, or by all who were heard, from 0 to 1.",
    "low": "The lower end of the 95 % interval.",
    "high": "The upper end of the 95 % interval.",
    "mean": "The mean of the answers.",
    "median": "The median of the answers.",
    "weighted_share": "The share after weighting to the targets; “share” is without weights.",
    "target_share": "The share that the city aims at, from 0 to 1.",
    "weight": "The target divided by the share.",
    "before": "The figure of the earlier study.",
    "after": "The figure of this study.",
    "change": "After divided by before, less 1.",
}
ABOUT = {
    "release": "The study and the number of its release: “study/number”.",
    "kind": "What the row is about.",
    "id": "What it is about, as a code that stays the same over releases of a study.",
    "label": "The same in words, in the study's own language.",
    "group": "The group of people, or the column of a cross table; empty for all.",
    "measure": "What was counted or computed.",
    "value": "The number; empty where it is not shown.",
    "note": "“hidden” where the number would stand for too few people to be shown.",
}


class Row(NamedTuple):
    """One number, and what it is."""

    kind: str
    id: str
    label: str
    group: str
    measure: str
    value: Number


def data_csv(release: PublicRelease) -> bytes:
    """Return the numbers, one a row."""
    name = f"{release.summary.study_slug}/{release.number}"
    return _csv(COLUMNS, (_line(name, row) for row in rows(release)))


def dictionary_csv(release: PublicRelease) -> bytes:
    """Return what each column and each code of the numbers means."""
    return _csv(("column", "code", "meaning", "language"), _meanings(release))


def _csv(header: Iterable[str], lines: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows(lines)
    return text.getvalue().encode("utf-8-sig", errors="replace")


def _line(name: str, row: Row) -> list[str]:
    said = [for_csv(text) for text in (name, row.kind, row.id, row.label, row.group, row.measure)]
    # A number is ours: a minus sign before it is no formula.
    return [*said, written(row.value), HIDDEN if row.value is None else ""]


def written(value: Number) -> str:
    """A number for programs: whole numbers as they are, others with up to six places."""
    if value is None:
        return ""
    # Adding 0 takes the sign from a zero that only rounding made.
    return str(value) if isinstance(value, int) else f"{round(value, 6) + 0.0:.6f}".rstrip("0").rstrip(".")


def rows(release: PublicRelease) -> Iterator[Row]:
    """Every number of the open data."""
    summary, chosen = release.summary, frozenset(release.data)
    yield from _study(summary)
    for theme in summary.themes:
        if f"theme:{theme.id}" in chosen:
            yield from _theme(theme)
    for question in summary.questions:
        if f"question:{question.id}" in chosen:
            yield from _question(question)
    for cross in summary.crosses:
        if f"cross:{cross.id}" in chosen:
            yield from _cross(cross)
    for heard in summary.heard:
        if f"heard:{heard.by}" in chosen:
            yield from _heard(heard)
    for wave in summary.waves:
        if f"wave:{wave.id}" in chosen:
            yield from _wave(wave)


def _study(summary: Summary) -> Iterator[Row]:
    facts, slug, title = summary.facts, summary.study_slug, summary.study_title
    values: tuple[tuple[str, Number], ...] = (
        ("comments", facts.comments),
        ("groups", facts.audiences),
        ("people", facts.people),
        ("responses", facts.responses),
        ("share_in_no_theme", facts.share_in_no_theme),
    )
    for measure, value in values:
        yield Row("study", slug, title, "", measure, value)
    for place, (name, comments) in enumerate(summary.audiences, start=1):
        yield Row("group", str(place), name, "", "comments", comments)


def _theme(theme: SummaryTheme) -> Iterator[Row]:
    values: list[tuple[str, Number]] = [("comments", theme.size), ("share_of_comments", theme.share)]
    if theme.audiences_of:
        values += [
            ("groups_with_theme", theme.audiences_k),
            ("groups", theme.audiences_of),
            ("groups_low", theme.low),
            ("groups_high", theme.high),
        ]
    if theme.stability is not None:
        values.append(("stability", theme.stability))
    if theme.check:
        check = theme.check
        values += [("check_asked", check.asked), ("check_yes", check.yes), ("check_no", check.no)]
    for measure, value in values:
        yield Row("theme", theme.id, theme.name, "", measure, value)
    for group, comments in theme.by_audience:
        yield Row("theme", theme.id, theme.name, group, "comments", comments)


def _question(question: SummaryQuestion) -> Iterator[Row]:
    yield Row("question", question.id, question.label, "", "answered", question.answered)
    for measure, value in question.numbers:
        yield Row("question", question.id, question.label, "", measure, value)
    for choice in question.choices:
        for measure, value in _choice(choice):
            yield Row("choice", f"{question.id}/{choice.id}", choice.name, "", measure, value)


def _choice(choice: SummaryChoice) -> Iterator[tuple[str, Number]]:
    yield "people", choice.count
    yield "share", choice.share
    yield "low", choice.low
    yield "high", choice.high
    if choice.mean is not None:
        yield "mean", choice.mean
    if choice.weighted is not None:
        yield "weighted_share", choice.weighted


def _cross(cross: SummaryCross) -> Iterator[Row]:
    for name, cells in cross.rows:
        for column, people in zip(cross.columns, cells, strict=False):
            yield Row("cross", cross.id, name, column, "people", people)
    for column, people in zip(cross.columns, cross.totals, strict=False):
        yield Row("cross", cross.id, ALL, column, "people", people)


def _heard(heard: SummaryHeard) -> Iterator[Row]:
    for row in heard.rows:
        values: list[tuple[str, Number]] = [("people", row.people), ("share", row.share)]
        if row.target is not None:
            values.append(("target_share", row.target))
        if row.weight is not None:
            values.append(("weight", row.weight))
        for measure, value in values:
            yield Row("heard", heard.by, heard.by, row.name, measure, value)


def _wave(wave: SummaryWave) -> Iterator[Row]:
    yield Row("wave", wave.id, wave.figure, wave.before_title, "before", wave.before)
    yield Row("wave", wave.id, wave.figure, wave.after_title, "after", wave.after)
    if wave.change is not None:
        yield Row("wave", wave.id, wave.figure, "", "change", wave.change)


def _meanings(release: PublicRelease) -> Iterator[list[str]]:
    used, own = list(rows(release)), release.summary.language
    kinds, measures = {row.kind for row in used}, {row.measure for row in used}
    for column in COLUMNS:
        yield [column, "", ABOUT[column], "en"]
    for column, codes, there in (("kind", KINDS, kinds), ("measure", MEASURES, measures)):
        for code, meaning in codes.items():
            if code in there:
                yield [column, code, meaning, "en"]
    fewest = release.summary.fewest_counted
    yield ["note", HIDDEN, f"Would tell of fewer than {fewest} people, or help to find out about them.", "en"]
    if any(row.group == SMALL_GROUPS or row.label == SMALL_GROUPS for row in used):
        yield ["group", SMALL_GROUPS, "Groups too small to be told apart, counted together.", "en"]
    for column, code, meaning, language in _codes(release, own):
        yield [column, for_csv(code), for_csv(meaning), language]


def _codes(release: PublicRelease, own: str) -> Iterator[tuple[str, str, str, str]]:
    summary, chosen = release.summary, frozenset(release.data)
    for theme in summary.themes:
        if f"theme:{theme.id}" in chosen:
            yield "id", theme.id, theme.name, own
            for words in release.themes:
                if words.theme == theme.id and words.name.strip():
                    yield "id", theme.id, words.name, words.language
    for question in summary.questions:
        if f"question:{question.id}" in chosen:
            yield from _codes_of(question)
    for cross in summary.crosses:
        if f"cross:{cross.id}" in chosen:
            yield "id", cross.id, f"{cross.down} × {cross.across}", own


def _codes_of(question: SummaryQuestion) -> Iterator[tuple[str, str, str, str]]:
    for language, label in ((question.language, question.label), *question.labels):
        yield "id", question.id, label, language
    for choice in question.choices:
        for language, name in ((question.language, choice.name), *choice.names):
            yield "id", f"{question.id}/{choice.id}", name, language
