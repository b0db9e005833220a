"""The labelled comments that themes are measured against. They are not part of the project.

They are looked for beside it, in `../shared/data/comments` (`--data` names another folder): JSON lines with
`text` and, depending on the file, `id`, `label`, `labels`, `question`, `group`, `top_level`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis import Comment

FOLDER = Path(__file__).parents[2] / "shared" / "data" / "comments"
NONE = "none"
"""The part that rows in no theme make up, together, when two partitions are compared."""


@dataclass(frozen=True)
class Row:
    """One comment with what people said it is about."""

    id: str
    """Unique in its file: the one given, with the line number when that is missing or repeated."""
    text: str
    labels: tuple[str, ...]
    """Every theme people gave it, the first one first; empty when none fits."""
    group: str | None = None

    @property
    def label(self) -> str:
        """The first theme."""
        return self.labels[0]


@dataclass(frozen=True)
class Set:
    """Comments that are themed together: one question, one draw, one file."""

    name: str
    rows: tuple[Row, ...]
    language: str | None = None

    @property
    def themes(self) -> int:
        """How many themes people used."""
        return len({label for row in self.rows for label in row.labels})

    @property
    def labels(self) -> list[str]:
        """The first theme of each row."""
        return [row.label for row in self.rows]

    @property
    def texts(self) -> list[str]:
        return [row.text for row in self.rows]

    def comments(self, *, groups: bool = False) -> list[Comment]:
        """Return the rows as the library takes them; without their labels."""
        return [
            Comment(row.id, row.text, audience=row.group if groups else None, language=self.language)
            for row in self.rows
        ]

    def single(self) -> Set:
        """Return the rows with exactly one label."""
        return self.keep(lambda row: len(row.labels) == 1)

    def classes_of(self, least: int) -> Set:
        """Return the rows of labels that have so many rows."""
        sizes = Counter(self.labels)
        return self.keep(lambda row: sizes[row.label] >= least)

    def coded(self) -> Set:
        """Return the same rows with "A1", "A2" ... for labels: names whose words tell nothing."""
        names = dict.fromkeys(label for row in self.rows for label in row.labels)
        codes = {name: f"A{number}" for number, name in enumerate(names, start=1)}
        changed = (replace(row, labels=tuple(map(codes.__getitem__, row.labels))) for row in self.rows)
        return replace(self, rows=tuple(changed))

    def keep(self, wanted: Callable[[Row], bool]) -> Set:
        return replace(self, rows=tuple(filter(wanted, self.rows)))


def read(path: Path) -> list[dict[str, Any]]:
    """Read JSON lines."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def rows(records: Iterable[dict[str, Any]]) -> tuple[Row, ...]:
    """Make rows with ids of their own."""
    made: dict[str, Row] = {}
    for number, record in enumerate(records, start=1):
        name = str(record.get("id", number))
        name = f"{name}:{number}" if name in made else name
        made[name] = Row(name, record["text"], _labels(record), record.get("group"))
    return tuple(made.values())


def _labels(record: dict[str, Any]) -> tuple[str, ...]:
    if "labels" in record:
        return tuple(dict.fromkeys(record["labels"]))
    return () if record.get("label") is None else (record["label"],)


@dataclass(frozen=True)
class Data:
    """The folder of comments, one method a kind."""

    folder: Path = FOLDER
    quick: bool = False
    """Only a few sets of each kind, to see that all works."""

    def questions(self) -> list[Set]:
        """Return every question of ArgKP with all its rows, in the order of the file."""
        records = read(self.folder / "argkp_dev.jsonl")
        names = list(dict.fromkeys(record["question"] for record in records))
        found = [Set(name, rows(one for one in records if one["question"] == name), "en") for name in names]
        return found[:4] if self.quick else found

    def draws(self) -> list[Set]:
        """Return the skewed draws of 150 and 300 comments."""
        paths = sorted((self.folder / "small").glob("*.jsonl"))
        found = [Set(path.stem, rows(read(path)), "en") for path in paths]
        return found[::3] if self.quick else found

    def whole(self, name: str, language: str | None = "en") -> Set:
        """Return a file as one set."""
        return Set(name, rows(read(self.folder / f"{name}.jsonl")), language)

    def cities(self) -> list[Set]:
        """Return the two city files with human themes, classes of 10 rows and more."""
        return [self.whole(name).classes_of(10) for name in ("goboston2030", "dc_vision_zero")]

    def spanish(self) -> Set:
        """Return comments on citizens' proposals that answer the proposal itself."""
        records = [one for one in read(self.folder / "madrid_comments_es.jsonl") if one["top_level"]]
        return Set("madrid_comments_es", rows(records), "es")

    def pooled(self) -> Set:
        """Return several files mixed, for scale."""
        return self.whole("pooled_17k", None)


def halves(names: Sequence[str]) -> dict[str, list[str]]:
    """Split sets by their place in the file: nothing may be tuned on more than one half."""
    return {"even": list(names[::2]), "odd": list(names[1::2])}
