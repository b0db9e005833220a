"""Repeating what a bundle says was found and decided: no database, no settings, only the bundle."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import zip_longest
from typing import Any

import analysis
from analysis.manifest import versions
from survey.board import Decision, Discovery, Found, Placed, build, in_force, placing, replay
from survey.formats import bundle, bundle_parts
from survey.formats.bundle import About, BundleComment, BundleError, Given
from survey.formats.bundle_table import themes_csv
from survey.jobs.tasks.common import Progress

OPTIONS = frozenset(one.name for one in fields(analysis.Options)) - {"decisions", "earlier", "vectors"}
MOST = {"themes": 1_000, "most_themes": 1_000, "resamples": 1_000, "keywords": 1_000, "quotes": 1_000}
"""What nobody needs more of: a bundle may come from anybody."""
HASHES = {
    "input": "the comments",
    "decisions": "the decisions it was given",
    "earlier": "what was found before",
}
Places = Sequence[Sequence[int]]
"""Per comment of the run the numbers of its candidates."""


@dataclass(frozen=True)
class Repeated:
    """What came out: the table as it was, as it is now, and what was different about the way there."""

    about: About
    before: bytes
    after: bytes
    versions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_equal(self) -> bool:
        """Whether the table is the same, byte for byte."""
        return self.before == self.after

    def differences(self) -> Iterator[tuple[int, str, str]]:
        """The lines that differ: number, as it was, as it is now."""
        lines = (table.decode("utf-8-sig", "replace").split("\r\n") for table in (self.before, self.after))
        for number, (before, after) in enumerate(zip_longest(*lines, fillvalue=""), start=1):
            if before != after:
                yield number, before, after


def reproduce(data: bytes, progress: Progress) -> Repeated:
    """Repeat what a bundle says; raise `BundleError` for one that cannot be."""
    progress(0.0, "Looking at every file")
    files, manifest = bundle.read(data)
    about = bundle_parts.about_in(manifest)
    comments = bundle_parts.comments_in(files[bundle.COMMENTS], [one.key for one in about.audiences])
    given = bundle_parts.given_in(files[bundle.GIVEN])
    decisions = bundle_parts.edits_in(files[bundle.EDITS])
    there = [comment for comment in comments if not comment.late]
    places, told = _find(about, there, given, progress)
    after = _table(about, comments, places, decisions)
    return Repeated(
        about,
        files[bundle.THEMES],
        after,
        tuple(_other_versions(about)),
        (*about.notes, *_other_input(about, told)),
    )


def _find(
    about: About, comments: Sequence[BundleComment], given: Given, progress: Progress
) -> tuple[Places, Mapping[str, Any]]:
    """Run the analysis again: where the comments belong, and its manifest."""
    taken = [analysis.Comment(c.id, c.text, c.group, c.prompt, c.language) for c in comments]
    try:
        options = _options(about, given)
        if about.run.kind == "place":
            result = analysis.place(taken, options, progress=progress)
            return _sorted_in(result, comments, given), result.manifest
        result = analysis.discover(taken, options, progress=progress)
    except (ValueError, TypeError, KeyError) as error:
        raise BundleError(f"The run cannot be repeated: {error}") from error
    return [[theme for theme, _weight in found] for found in result.placements], result.manifest


def _options(about: About, given: Given) -> analysis.Options:
    told = about.run.manifest.get("options")
    if not isinstance(told, Mapping) or about.run.manifest.get("vectors") != "table":
        raise BundleError("The bundle does not say how themes were looked for, so it cannot be repeated.")
    for name, most in MOST.items():
        if isinstance(told.get(name), int) and told[name] > most:
            raise BundleError(f"The bundle asks for {name} {told[name]}, which is out of range.")
    decisions = analysis.Decisions.of(given.placed, themes=given.themes)
    earlier = None if given.earlier is None else analysis.Earlier(given.earlier, given.labels)
    kept = {name: told[name] for name in sorted(OPTIONS) if name in told}
    return analysis.Options(**kept, decisions=decisions, earlier=earlier)


def _sorted_in(result: analysis.Result, comments: Sequence[BundleComment], given: Given) -> Places:
    """As `survey.jobs.tasks.place` numbers candidates: themes of the board by size, the largest first."""
    number = {theme.id: given.numbers[theme.label] for theme in result.themes}
    themes = [
        given.stay.get(comment.id) or tuple(number[theme] for theme, _weight in found)
        for comment, found in zip(comments, result.placements, strict=True)
    ]
    sizes = Counter(theme for found in themes for theme in found)
    order = sorted(sizes, key=lambda theme: (-sizes[theme], theme))
    candidate = {theme: place for place, theme in enumerate(order, start=1)}
    return [[candidate[theme] for theme in found] for found in themes]


def _table(
    about: About, comments: Sequence[BundleComment], places: Places, decisions: Sequence[Decision]
) -> bytes:
    """The theme table of the board that follows from what was found and what was decided."""
    try:
        found = _discovery(about, comments, places, decisions)
        unknown = {one.number for one in found.candidates} - replay(in_force(decisions)).candidates.keys()
        board = build(found, decisions) if not unknown else None
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise BundleError(f"“{bundle.EDITS}” cannot be applied again. {bundle.AGAIN}") from error
    if board is None:
        themes = len(found.candidates)
        raise BundleError(
            f"The run found {themes} themes this time; the decisions speak of another number of them."
        )
    return themes_csv(board, about.audiences)


def _discovery(
    about: About, comments: Sequence[BundleComment], places: Places, decisions: Sequence[Decision]
) -> Discovery:
    """What was found, counted as the board takes it: see `survey.services.placements`."""
    there = [comment for comment in comments if not comment.late]
    named = placing(decisions)
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    together: Counter[tuple[str, frozenset[int]]] = Counter()
    placed = {c.id: Placed(c.audience, late=True) for c in comments if c.late and c.id in named}
    for comment, candidates in zip(there, places, strict=True):
        for candidate in candidates:
            counts[candidate][comment.audience] += 1
        if comment.id in named:
            placed[comment.id] = Placed(comment.audience, frozenset(candidates))
        elif len(candidates) > 1:
            together[comment.audience, frozenset(candidates)] += 1
    return Discovery(
        run=about.run.number,
        candidates=tuple(Found(number, number, "", counts[number]) for number in sorted(counts)),
        totals=Counter(comment.audience for comment in there),
        comments=len(there),
        unplaced=sum(not candidates for candidates in places),
        late=len(comments) - len(there),
        placed=placed,
        together=together,
    )


def _other_versions(about: About) -> Iterator[str]:
    """What is of another version here than where the run was made."""
    told = about.run.manifest.get("versions")
    here = versions()
    for name, version in sorted(told.items() if isinstance(told, Mapping) else ()):
        if here.get(name) != version:
            yield f"{name} {version} then, {here.get(name, 'none')} here"


def _other_input(about: About, told: Mapping[str, Any]) -> Iterator[str]:
    """What the run was given now and not then, by the hashes in its manifest."""
    for name, words in HASHES.items():
        if about.run.manifest.get(name) != told[name] and not about.notes:
            yield f"Different from what the run was given then: {words}."
    if about.run.manifest.get("table") != told["table"]:
        yield "The table of word vectors is another one here."
