"""What a release would change for the public against the latest one, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from survey.formats.release import PublicRelease
from survey.formats.summary import Summary, SummaryQuestion, SummaryTheme, counted
from survey.languages import language_name

Change = Literal["new", "gone", "changed"]
Known = Mapping[tuple[str, str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that is new, gone or changed: its kind, its name, how it was and how it is."""

    change: Change
    kind: str
    name: str
    before: str = ""
    after: str = ""


def differences(before: PublicRelease | None, after: PublicRelease) -> list[Difference]:
    """Every part that differs; all is new where nothing was released."""
    old, new = _parts(before) if before else {}, _parts(after)
    return list(_differences(old, new))


def _differences(old: Known, new: Known) -> Iterator[Difference]:
    for (kind, id), said in new.items():
        if (kind, id) not in old:
            yield Difference("new", kind, _name(kind, id, said), after=said[1])
        elif old[kind, id] != said:
            yield Difference("changed", kind, _name(kind, id, said), *_telling(old[kind, id], said))
    for (kind, id), said in old.items():
        if (kind, id) not in new:
            yield Difference("gone", kind, _name(kind, id, said), before=said[1])


def _name(kind: str, id: str, said: tuple[str, ...]) -> str:
    """What a part is called; words without a title of their own, by their language."""
    if said[0] or kind not in ("words", "translation"):
        return said[0]
    return language_name(id.rpartition("/")[2])


def _telling(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, str]:
    """The first thing that differs; nothing where only the last does, which is no text for people."""
    pairs = zip(old[:-1], new[:-1], strict=False)
    return next(((before, after) for before, after in pairs if before != after), ("", ""))


def _parts(release: PublicRelease) -> dict[tuple[str, str], tuple[str, ...]]:
    """Each part by kind and id: its name, its main number, what else is shown of it; at the end the rest."""
    return {(kind, id): said for kind, id, said in (*_worded(release), *_numbered(release.summary))}


def _worded(release: PublicRelease) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for words in release.words:
        yield "words", words.language, (words.title, words.introduction, "")
    for other in release.themes:
        said = (other.name, other.about, other.underway, other.planned, "")
        yield "translation", f"{other.theme}/{other.language}", said
    for theme in release.summary.themes:
        for place, quote in enumerate(theme.quotes):
            yield "quote", f"{theme.id}/{place}", (theme.name, quote.text, quote.audience or "")


def _numbered(summary: Summary) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for theme in summary.themes:
        yield "theme", theme.id, (theme.name, counted(theme.size), *_theme(theme))
    for question in summary.questions:
        said = (question.label, counted(question.answered), *_question(question))
        yield "question", question.id, said
    for cross in summary.crosses:
        yield "cross", cross.id, (f"{cross.down} × {cross.across}", "", repr(cross))
    for heard in summary.heard:
        yield "heard", heard.by, (heard.by, "", repr(heard))
    for wave in summary.waves:
        yield "wave", wave.id, (wave.figure, f"{wave.after:g}{wave.unit}", repr(wave))
    for section in summary.appendix:
        yield "method", section.title, (section.title, "", repr(section))


def _theme(theme: SummaryTheme) -> tuple[str, ...]:
    breadth = f"{theme.audiences_k}/{theme.audiences_of} ({theme.low}-{theme.high})"
    return (breadth, theme.about, theme.underway, theme.planned, theme.state, repr(theme.by_audience))


def _question(question: SummaryQuestion) -> tuple[str, ...]:
    return (*(f"{choice.name}: {counted(choice.count)}" for choice in question.choices), repr(question))
