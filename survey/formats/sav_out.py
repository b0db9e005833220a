r"""The comments of a summary with their themes, as an SPSS file: 0/1 variables with labels, text as written.

Audience, channel, prompt, language and who placed a comment are numbers with value labels. Text longer than
SPSS holds in a variable goes on in another one, cut between characters. A label longer than SPSS takes ends
in "…", and the notes of the file have it whole. What no text file holds is shown as ``\x00``; blanks at
the very end of a text are lost, as SPSS itself fills text up with them.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from survey.errors import Refusal
from survey.formats.comment_table import theme_marks
from survey.formats.safe_text import for_xml
from survey.formats.summary import Summary, SummaryComment
from survey.formats.summary_formats import SUMMARY_FORMATS

MISSING = (
    'SPSS files need packages that are not installed here. Install them: pip install "throughline[spss]"'
)
LONGEST_TEXT = 32_767
"""In bytes, as the others are."""
LONGEST_LABEL, LONGEST_VALUE_LABEL = 256, 120
NOTE_LINE, BLANK = 80, 0x20
NAME = re.compile(r"[^A-Za-z0-9_]")
Texts = list[str]


@dataclass(frozen=True, slots=True)
class Variable:
    """A column: numbers with what they stand for, or text."""

    name: str
    label: str
    values: Sequence[int | None] | Texts
    labels: dict[int, str] | None = None


def write(summary: Summary, stream: BinaryIO) -> None:
    """Write the file.

    Raises
    ------
    Refusal
        The packages are not installed.
    """
    if not SUMMARY_FORMATS["sav"].available:
        raise Refusal(MISSING)
    variables = [*_variables(summary)]
    frame = import_module("pandas").DataFrame(
        {one.name: _column(one) for one in variables}, columns=[one.name for one in variables]
    )
    # The library writes to a path only.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "summary.sav"
        import_module("pyreadstat").write_sav(frame, str(path), **_labels(summary, variables))
        stream.write(path.read_bytes())


def _column(variable: Variable) -> Any:
    pandas = import_module("pandas")
    numbers = variable.labels is not None
    return pandas.Series(list(variable.values), dtype="float64" if numbers else "object")


def _labels(summary: Summary, variables: Sequence[Variable]) -> dict[str, Any]:
    numbers = [one for one in variables if one.labels is not None]
    return {
        "file_label": _cut(for_xml(summary.study_title), 64),
        "column_labels": [_cut(one.label, LONGEST_LABEL) for one in variables],
        "variable_value_labels": {
            one.name: {value: _cut(label, LONGEST_VALUE_LABEL) for value, label in (one.labels or {}).items()}
            for one in numbers
        },
        "variable_measure": {one.name: "nominal" for one in variables},
        "variable_format": {one.name: "F5.0" for one in numbers},
        "note": [*_notes(variables)],
    }


def _variables(summary: Summary) -> Iterator[Variable]:
    comments = summary.comments
    yield from _text("comment_id", "Id of the comment", comments, lambda one: one.id)
    yield from _text("source_id", "Id in the file that it came in", comments, lambda one: one.source_id)
    yield from _text("text", "The comment, word for word", comments, lambda one: one.text)
    yield _coded("audience", "Audience", comments, lambda one: one.audience)
    yield _coded("channel", "Channel", comments, lambda one: one.channel)
    yield _coded("prompt", "Prompt", comments, lambda one: one.prompt)
    yield _coded("language", "Language", comments, lambda one: one.language)
    yield from _text("day", "Day", comments, lambda one: one.day)
    yield from _text("speaker", "Role of who said it", comments, lambda one: one.speaker)
    yield _coded("placed_by", "Who placed it in its themes", comments, lambda one: one.placed_by)
    yield from _text("reason", "Why it is in no theme", comments, lambda one: one.reason)
    yield from _themes(summary)


def _themes(summary: Summary) -> Iterator[Variable]:
    """A variable for each theme, named by its id; a comment in a sub-theme is in the theme above, too."""
    marks = list(theme_marks(summary))
    for place, theme in enumerate(summary.themes):
        values = [row[place] for row in marks]
        name = f"theme_{NAME.sub('_', theme.id)[:50]}"
        yield Variable(name, for_xml(theme.name) or theme.id, values, {0: "not in it", 1: "in it"})


def _coded(
    name: str, label: str, comments: Sequence[SummaryComment], of: Callable[[SummaryComment], str | None]
) -> Variable:
    """A variable of numbers from 1 on, in the order in which the values come up."""
    found = [of(comment) for comment in comments]
    codes = {value: code for code, value in enumerate(dict.fromkeys(filter(None, found)), start=1)}
    labels = {code: for_xml(value) for value, code in codes.items()}
    return Variable(name, label, [codes.get(value or "") for value in found], labels)


def _text(
    name: str, label: str, comments: Sequence[SummaryComment], of: Callable[[SummaryComment], str | None]
) -> Iterator[Variable]:
    """A variable of text, and as many more as its longest value needs."""
    texts = [_pieces(for_xml(of(comment) or "")) for comment in comments]
    for part in range(max(map(len, texts), default=1)):
        values = [pieces[part] if part < len(pieces) else "" for pieces in texts]
        more = f" (continued {part})" if part else ""
        yield Variable(f"{name}_{part + 1}" if part else name, label + more, values)


def _pieces(text: str) -> Texts:
    """A text in pieces that each fit a variable, cut between characters."""
    encoded, pieces, start = text.encode(), [], 0
    while start < len(encoded):
        end = min(start + LONGEST_TEXT, len(encoded))
        # Not within a character, and not after a blank: SPSS takes blanks at the end for filling.
        while (
            end < len(encoded) and (encoded[end] & 0xC0 == 0x80 or encoded[end - 1] == BLANK) and end > start
        ):
            end -= 1
        end = end if end > start else start + LONGEST_TEXT
        pieces.append(encoded[start:end].decode())
        start = end
    return pieces or [""]


def _cut(text: str, most: int) -> str:
    """A label as long as SPSS takes it, in bytes."""
    text = " ".join(text.split())
    if len(text.encode()) <= most:
        return text
    return text.encode()[: most - 3].decode(errors="ignore").rstrip() + "…"


def _notes(variables: Sequence[Variable]) -> Iterator[str]:
    """Labels that were too long, whole, in lines as SPSS takes them."""
    for one in variables:
        whole = [(one.name, one.label, LONGEST_LABEL)]
        whole += [(f"{one.name} {at}", text, LONGEST_VALUE_LABEL) for at, text in (one.labels or {}).items()]
        for name, text, most in whole:
            if _cut(text, most).endswith("…"):
                yield from _lines(f"{name}: {' '.join(text.split())}")


def _lines(text: str) -> Iterator[str]:
    line = ""
    for character in text:
        if len((line + character).encode()) > NOTE_LINE:
            yield line
            line = ""
        line += character
    yield line
