"""Choosing what of a summary becomes public, part by part."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Protocol, TypeVar

from survey.formats.summary import Summary, SummaryCross, SummarySection, SummaryTheme

HOW = "How this was made"
"""The name of the first section of the method: the lines that every summary has."""
SOMEBODY = "a planner of the city"
"""Who stands in the method for people of the office."""
# Lines about files that the public does not get.
INTERNAL = frozenset({"List of comments"})
EMAIL = re.compile(r"[^\s@<>(),;:\"“”]+@[^\s@<>(),;:\"“”]+[^\s@<>(),;:\"“”.]")
KINDS = ("theme", "question", "cross", "heard", "wave")


class HasId(Protocol):
    """A part that is known by its id."""

    @property
    def id(self) -> str: ...


Part = TypeVar("Part", bound=HasId)


@dataclass(frozen=True, slots=True)
class Parts:
    """What is shown, by ids; `quotes` are themes whose quotes are shown, `method` titles of sections.

    `data` names what is in the open data, as "kind:id": nothing that is not shown as well.
    """

    themes: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    crosses: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    waves: tuple[str, ...] = ()
    method: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    sessions: bool = False
    interim: bool = False

    def to_dict(self) -> dict[str, Any]:
        """As it is stored."""
        return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items()}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Parts:
        """From what was stored; what is not known is left out."""
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in stored.items()
            if name in known
        }
        return cls(**values)

    def within(self, summary: Summary) -> Parts:
        """The parts that the summary has, in its order; tables only with the questions they are about."""
        themes = [theme.id for theme in summary.themes if theme.id in self.themes]
        quoted = [t.id for t in summary.themes if t.quotes and t.id in themes and t.id in self.quotes]
        questions = _there(summary.questions, self.questions)
        crosses = [c.id for c in summary.crosses if c.id in self.crosses and _fits(c, summary, questions)]
        shown = replace(
            self,
            themes=tuple(themes),
            quotes=tuple(quoted),
            questions=questions,
            crosses=tuple(crosses),
            heard=tuple(h.by for h in summary.heard if h.by in self.heard),
            waves=_there(summary.waves, self.waves),
            method=tuple(title for title in sections(summary) if title in self.method),
            sessions=self.sessions and bool(summary.sessions),
        )
        return replace(shown, data=tuple(key for key in shown.choosable() if key in self.data))

    def choosable(self) -> list[str]:
        """All that is shown and can be in the open data, as "kind:id"."""
        by_kind = (self.themes, self.questions, self.crosses, self.heard, self.waves)
        return [f"{kind}:{id}" for kind, ids in zip(KINDS, by_kind, strict=True) for id in ids]


def defaults(summary: Summary) -> Parts:
    """What is chosen at first: accepted themes with their cleared quotes, and everything else there is."""
    accepted = tuple(theme.id for theme in summary.themes if theme.state == "accepted")
    whole = Parts(
        themes=accepted,
        quotes=accepted,
        questions=tuple(question.id for question in summary.questions),
        crosses=tuple(cross.id for cross in summary.crosses),
        heard=tuple(heard.by for heard in summary.heard),
        waves=tuple(wave.id for wave in summary.waves),
        method=tuple(sections(summary)),
        sessions=True,
    )
    return replace(whole, data=tuple(whole.choosable())).within(summary)


def sections(summary: Summary) -> list[str]:
    """The titles of the sections of the method."""
    return [HOW, *(section.title for section in summary.appendix)]


def about(cross: SummaryCross, summary: Summary) -> list[str]:
    """The ids of the questions of a summary that a cross table is about."""
    asked = (cross.down, cross.across)
    return [q.id for q in summary.questions if q.survey == cross.survey and q.label in asked]


def _fits(cross: SummaryCross, summary: Summary, questions: Collection[str]) -> bool:
    # A table would tell the answers to a question that somebody chose not to show.
    return all(id in questions for id in about(cross, summary))


def _there(parts: Sequence[Part], chosen: Collection[str]) -> tuple[str, ...]:
    return tuple(part.id for part in parts if part.id in chosen)


def _chosen(parts: Iterable[Part], ids: Collection[str]) -> tuple[Part, ...]:
    return tuple(part for part in parts if part.id in ids)


def cut(summary: Summary, parts: Parts, staff: Collection[str] = ()) -> Summary:
    """What is left of a summary for the public; `staff` are names that must not be told.

    No comment goes along, and of the words of comments nothing but quotes that were cleared.
    """
    parts = parts.within(summary)
    themes = tuple(_theme(theme, parts) for theme in summary.themes if theme.id in parts.themes)
    return replace(
        summary,
        made_by="",
        comments=(),
        facts=replace(summary.facts, themes=len(themes)),
        themes=themes,
        questions=_chosen(summary.questions, parts.questions),
        crosses=_chosen(summary.crosses, parts.crosses),
        heard=tuple(heard for heard in summary.heard if heard.by in parts.heard),
        waves=_chosen(summary.waves, parts.waves),
        sessions=summary.sessions if parts.sessions else (),
        method=_lines(summary.method, staff) if HOW in parts.method else (),
        appendix=tuple(
            SummarySection(section.title, _lines(section.lines, staff))
            for section in summary.appendix
            if section.title in parts.method
        ),
    )


def _theme(theme: SummaryTheme, parts: Parts) -> SummaryTheme:
    # Keywords are words of comments that nobody cleared; counts by channel and prompt are not shown.
    quotes = theme.quotes if theme.id in parts.quotes else ()
    parent = theme.parent if theme.parent in parts.themes else ""
    return replace(theme, quotes=quotes, keywords=(), by_channel=(), by_prompt=(), parent=parent)


def _lines(lines: Iterable[tuple[str, str]], staff: Collection[str]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (nameless(label, staff), nameless(text, staff)) for label, text in lines if label not in INTERNAL
    )


def nameless(text: str, staff: Collection[str]) -> str:
    """A text in which nobody of the office is named: neither by address nor by name."""
    text = EMAIL.sub(SOMEBODY, text)
    names = sorted({name for name in staff if name.strip()}, key=lambda name: (-len(name), name))
    if not names:
        return text
    pattern = "|".join(re.escape(name) for name in names)
    return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", SOMEBODY, text)
