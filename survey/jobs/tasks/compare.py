"""What became of each theme: two sides compared by the comments they share, or by their words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from functools import partial
from itertools import chain, product
from typing import Any

from sqlalchemy.orm import Session

from analysis.compare import Change, Comparison, Side, ThemeView
from analysis.compare import compare as compared
from analysis.in_common import SAME_COMMENTS, Basis
from analysis.links import LEAK
from analysis.sides import weighed
from analysis.text import base_language, words
from survey.db import Database
from survey.jobs.table import Held
from survey.models import Study
from survey.services import comparisons
from survey.services.comparisons import Gathered, GatheredTheme

FEWEST_ASTRAY = 2
MOST_WORDS = 8
OF_KEYWORD = 0.5
"""The least weight of a keyword: a word that only a quote or two use tells nothing."""
Views = Mapping[int, ThemeView]
Forms = Mapping[str, str]
"""How people write a word, by its stem."""


def compare(
    database: Database, held: Held, progress: Callable[[float, str], None]
) -> Callable[[Session], dict[str, Any]]:
    """Compare the two sides that were asked for."""
    assert held.study_id is not None
    progress(0.0, "Reading the earlier themes")
    with database.reading() as session:
        study = session.get_one(Study, held.study_id)
        old = comparisons.gather(session, study, held.args["old"])
        progress(0.4, "Reading the themes of now")
        new = comparisons.gather(session, study, held.args["new"])
    progress(0.7, "Comparing the themes")
    found = document(old, new)
    progress(1.0, "Storing the comparison")
    return partial(_store, found=found)


def _store(session: Session, found: dict[str, Any]) -> dict[str, Any]:
    """The result of the job is all there is to store."""
    return found


def document(old: Gathered, new: Gathered) -> dict[str, Any]:
    """Two sides and what became of each theme, as JSON; `survey.comparing.read` reads it."""
    sides = _side(old), _side(new)
    found = compared(*sides, _basis(old, new))
    before, after = ({view.id: view for view in side.themes} for side in sides)
    forms = _forms(old) | _forms(new)
    return {
        "old": _told(old),
        "new": _told(new),
        "basis": found.basis,
        "shared": found.shared,
        "changes": [_change(change, before, after, forms) for change in found.changes],
        "flows": list(_flows(found, before, after)),
    }


def _basis(old: Gathered, new: Gathered) -> Basis:
    """Ids are those of comments here, never line numbers: few that are shared tell as surely as many."""
    fewer = min(len(old.ids), len(new.ids))
    return "comments" if fewer and len(old.ids & new.ids) >= SAME_COMMENTS * fewer else "words"


def _side(gathered: Gathered) -> Side:
    language = base_language(gathered.language)
    themes = tuple(_view(theme, language) for theme in gathered.themes)
    return Side(themes, gathered.ids)


def _view(theme: GatheredTheme, language: str) -> ThemeView:
    bag = weighed(theme.name, theme.keywords, language, list(theme.quotes.values()))
    return ThemeView(theme.id, theme.name, theme.keywords, theme.size, theme.members, bag)


def _told(side: Gathered) -> dict[str, Any]:
    return {
        "key": side.key,
        "comments": side.comments,
        "revision": side.revision,
        "themes": [_theme(theme, side.comments) for theme in side.themes],
    }


def _theme(theme: GatheredTheme, comments: int) -> dict[str, Any]:
    found = theme.breadth
    return {
        "id": theme.id,
        "name": theme.name,
        "size": theme.size,
        "share": theme.size / comments if comments else 0.0,
        "quotes": list(theme.quotes)[: comparisons.QUOTES],
        "k": found.k,
        "of": found.of,
        "low": found.low,
        "high": found.high,
    }


def _change(change: Change, old: Views, new: Views, forms: Forms) -> dict[str, Any]:
    numbers = asdict(change.evidence)
    nearest = () if change.nearest is None else (change.nearest,)
    before, after = change.old or nearest, change.new or nearest
    return {
        "kind": change.kind,
        "old": list(change.old),
        "new": list(change.new),
        "nearest": change.nearest,
        "words": _in_common([old[id] for id in before], [new[id] for id in after], forms),
        **{name: numbers[name] for name in ("shared", "of_old", "of_new", "likeness")},
    }


def _in_common(old: list[ThemeView], new: list[ThemeView], forms: Forms) -> list[str]:
    """The words that both sides of a change use, those that say most about it first."""
    before, after = _bag(old), _bag(new)
    both = [stem for stem in before.keys() & after.keys() if max(before[stem], after[stem]) >= OF_KEYWORD]
    both.sort(key=lambda stem: (-min(before[stem], after[stem]), stem))
    return [forms.get(stem, stem) for stem in both[:MOST_WORDS]]


def _bag(themes: list[ThemeView]) -> Mapping[str, float]:
    bag: defaultdict[str, float] = defaultdict(float)
    for theme in themes:
        for stem, weight in theme.words.items():
            bag[stem] += weight
    return bag


def _forms(side: Gathered) -> dict[str, str]:
    """The most frequent way in which the themes of a side write each of their words."""
    language = base_language(side.language)
    seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for theme in side.themes:
        for text in chain([theme.name], theme.keywords, theme.quotes.values()):
            for word in words(text, language):
                seen[word.stem][text[word.start : word.end].casefold()] += 1
    return {stem: min(forms, key=lambda form: (-forms[form], form)) for stem, forms in seen.items()}


def _flows(found: Comparison, old: Views, new: Views) -> Iterator[dict[str, Any]]:
    """What went from each earlier theme to each one of now; astray, where it is more than a leak."""
    likeness = {
        pair: change.evidence.likeness for change in found.changes for pair in product(change.old, change.new)
    }
    for before, after in product(old.values(), new.values()):
        shared = len(frozenset(before.members) & frozenset(after.members))
        parts = shared / max(1, len(before.members)), shared / max(1, len(after.members))
        linked = (before.id, after.id) in likeness
        stray = found.basis == "comments" and shared >= FEWEST_ASTRAY and max(parts) >= LEAK
        if linked or stray:
            yield {
                "old": before.id,
                "new": after.id,
                "shared": shared if found.basis == "comments" else 0,
                "of_old": parts[0],
                "of_new": parts[1],
                "likeness": likeness.get((before.id, after.id), 0.0),
                "astray": not linked,
            }
