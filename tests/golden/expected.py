"""The numbers of a summary as they are printed, each under a name that all files share."""

from __future__ import annotations

from collections.abc import Iterator

from survey.formats.summary import Count, Summary, SummaryChoice, counted, percent

Key = tuple[str, ...]
Printed = tuple[str, ...]
Numbers = dict[Key, Printed]
CODES = {"Surveys": "survey", "Sessions": "session", "Imported": "import", "English": "en", "Español": "es"}


def heard_key(by: str, name: str) -> Key:
    """The name of a row of those heard: pages put channels and languages in words where they are codes."""
    return ("heard", by, CODES.get(name, name) if by in ("channel", "language") else name)


def numbers_of(summary: Summary) -> Numbers:
    """Everything that is counted."""
    return {
        **dict(_facts(summary)),
        **dict(_themes(summary)),
        **dict(_people(summary)),
        **dict(_more(summary)),
    }


def only(numbers: Numbers, *kinds: str) -> Numbers:
    """Those of some kinds."""
    return {key: value for key, value in numbers.items() if key[0] in kinds}


def _facts(summary: Summary) -> Iterator[tuple[Key, Printed]]:
    facts = summary.facts
    for name in ("people", "responses", "comments", "audiences", "themes"):
        count = getattr(facts, name)
        if count is not None and (count or name != "responses"):
            yield ("fact", name), (str(count),)
    yield ("fact", "no theme"), (percent(facts.share_in_no_theme),)


def _themes(summary: Summary) -> Iterator[tuple[Key, Printed]]:
    for theme in summary.themes:
        breadth = (str(theme.audiences_k), str(theme.audiences_of), str(theme.low), str(theme.high))
        yield ("theme", theme.name), (counted(theme.size), percent(theme.share), *breadth)
        counts = dict(theme.by_audience)
        for group, _total in summary.audiences:
            yield ("group", theme.name, group), (counted(counts.get(group, 0)),)
    if summary.themes:
        for group, total in summary.audiences:
            yield ("total", group), (counted(total),)


def _people(summary: Summary) -> Iterator[tuple[Key, Printed]]:
    for heard in summary.heard:
        for row in heard.rows:
            target = "" if row.target is None else percent(row.target)
            weight = "" if row.weight is None else f"{row.weight:.2f}"
            printed = (counted(row.people), _share(row.share, row.people), target, weight)
            yield heard_key(heard.by, row.name), printed
    for question in summary.questions:
        yield ("answered", question.label), (counted(question.answered),)
        for choice in question.choices:
            yield ("choice", question.label, choice.name), _choice(choice)
        for name, value in question.numbers:
            yield ("figure", question.label, name), ("hidden" if value is None else f"{value:.2f}",)


def _choice(choice: SummaryChoice) -> Printed:
    known = choice.low is not None and choice.high is not None
    interval = f"{percent(choice.low)} to {percent(choice.high)}" if known else ""
    mean = "" if choice.mean is None else f"{choice.mean:.2f}"
    weighted = "" if choice.weighted is None else percent(choice.weighted)
    return (counted(choice.count), _share(choice.share, choice.count), interval, mean, weighted)


def _share(share: float | None, count: Count) -> str:
    """Nothing where there is no share to tell, which is not the same as one that is hidden."""
    return "" if share is None and count is not None else percent(share)


def _more(summary: Summary) -> Iterator[tuple[Key, Printed]]:
    for cross in summary.crosses:
        totals = [("all", cross.totals)] if cross.totals else []
        for row, counts in (*cross.rows, *totals):
            for column, count in zip(cross.columns, counts, strict=True):
                yield ("cross", cross.down, cross.across, row, column), (counted(count),)
    for wave in summary.waves:
        digits = 1 if wave.unit == "%" else 2
        values = (f"{round(value, digits):g}{wave.unit}" for value in (wave.before, wave.after))
        yield ("wave", wave.figure), (*values, "" if wave.change is None else f"{wave.change:+.1%}")
    for held in summary.sessions:
        yield ("session", held.title), (str(held.tables), counted(held.notes))
