"""Reading comments from a file, at most one object for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.lines import BadInput, BadLine, Identity, Lines, in_file, name_of, shown
from analysis.types import Comment

_DIFFERENT = 10_000
"""Names to remember, so that comments share them. An audience for each comment is not worth it."""


@dataclass(frozen=True, slots=True)
class Rows:
    """All comments of a file."""

    comments: list[Comment]
    """In the order of the file, named by their ids as words."""
    identities: list[Identity] | None
    """Their ids as they stand in the file, or the numbers of their lines; None when these are the names."""
    notes: tuple[str, ...] = ()
    """What a person should know about how the file was read."""

    def __len__(self) -> int:
        """Return the number of comments."""
        return len(self.comments)

    def given(self) -> Iterator[Identity]:
        """Yield the ids of all comments as they stand in the file."""
        return iter(self.identities) if self.identities else (comment.id for comment in self.comments)

    def positions(self, names: Iterable[str]) -> dict[str, int]:
        """Return where comments of these names are first found; names of none are left out."""
        wanted = set(names)
        found: dict[str, int] = {}
        for position, comment in enumerate(self.comments):
            if comment.id in wanted:
                wanted.remove(comment.id)
                found[comment.id] = position
        return found

    def as_given(self, names: Iterable[str]) -> dict[str, Identity]:
        """Return the ids, as they stand in the file, of the first comments of these names."""
        found = self.positions(names)
        return {name: self.identities[place] if self.identities else name for name, place in found.items()}


def read_rows(
    path: Path,
    *,
    text: str = "text",
    audience: str = "group",
    identity: str = "id",
    language: str | None = None,
) -> Rows:
    """Read comments from JSON lines, or from CSV when the name ends in .csv or .tsv.

    Parameters
    ----------
    path : Path
        The file, in UTF-8, or in UTF-16 with a byte order mark.
    text, audience, identity : str
        Names of the fields. Only `text` must exist. Fields `prompt` and `language` are read where they exist.
    language : str, optional
        Language of all comments, whatever their own fields say.

    Returns
    -------
    Rows
        Every row exactly once, empty ones and repeated ids included.

    Raises
    ------
    BadInput
        When the file or a line of it cannot be read, or no row has the text field.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "notes.jsonl")
    ...     _ = path.write_text('{"id": 17, "text": "Open late"}' + chr(10) + '{"text": "Fix the road"}')
    ...     rows = read_rows(path)
    >>> [(comment.id, comment.text) for comment in rows.comments], list(rows.given())
    ([('17', 'Open late'), ('2', 'Fix the road')], [17, 2])
    """
    lines = Lines(path)
    reader = _Reader(text, audience, identity, language)
    with in_file(path):
        for line, record in lines.records(text, audience, identity):
            reader.add(line, record)
    if not reader.comments:
        raise BadInput(f"{path.name} holds no comments.")
    if not reader.found_text:
        raise BadInput(
            f'No row of {path.name} has a field "{text}". Its fields are: {shown(reader.fields)}.'
            " Name one with --text."
        )
    return Rows(reader.comments, reader.identities, lines.notes)


class _Reader:
    """Makes comments of records, one by one."""

    def __init__(self, text: str, audience: str, identity: str, language: str | None) -> None:
        self._text, self._audience, self._identity, self._language = text, audience, identity, language
        self._shared = _Shared()
        self.comments: list[Comment] = []
        self.identities: list[Identity] | None = None
        self.found_text = False
        self.fields: list[str] = []

    def add(self, line: int, record: Mapping[str, Any]) -> None:
        if not self.comments:
            self.fields = sorted(record)
        self.found_text = self.found_text or self._text in record
        given = record.get(self._identity)
        name = given if isinstance(given, str) else _plain(given, self._identity, line)
        self._remember(given if name and given is not None else line)
        text = record.get(self._text)
        self.comments.append(
            Comment(
                name or str(line),
                text if isinstance(text, str) else _plain(text, self._text, line) or "",
                self._short(record, self._audience, line),
                self._short(record, "prompt", line),
                self._language or self._short(record, "language", line),
            )
        )

    def _remember(self, identity: Identity) -> None:
        """Keep ids apart from names only from the first that is not its own name."""
        if self.identities is None and not isinstance(identity, str):
            self.identities = [comment.id for comment in self.comments]
        if self.identities is not None:
            self.identities.append(identity)

    def _short(self, record: Mapping[str, Any], field: str, line: int) -> str | None:
        value = record.get(field)
        if value is None:
            return None
        return self._shared[value] if isinstance(value, str) else _plain(value, field, line)


class _Shared(dict[str, str | None]):
    """Equal names, one object; an empty one is none."""

    def __missing__(self, name: str) -> str | None:
        if len(self) < _DIFFERENT:
            self[name] = name or None
        return name or None


def _plain(value: object, field: str, line: int) -> str | None:
    """Return the words of a value that may be a number."""
    if isinstance(value, list | dict):
        raise BadLine(f'Line {line}: the field "{field}" holds a list or an object, not words.')
    return name_of(value)
