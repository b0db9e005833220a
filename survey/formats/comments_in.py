"""From the rows of a table to comments: which column is what, and which rows cannot be comments."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from survey.formats.rows import Problem, Row, Table, TableError

# The shape of a BCP 47 tag: a language of two or three letters, then script, region or variants.
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """Which column of a table holds what; None is "no column"."""

    text: str
    id: str | None = None
    audience: str | None = None
    prompt: str | None = None
    channel: str | None = None
    language: str | None = None
    wave: str | None = None


@dataclass(frozen=True, slots=True)
class IncomingComment:
    """One comment as it stood in the file: the text word for word, the rest trimmed, None where empty."""

    line: int
    text: str
    source_id: str | None = None
    audience: str | None = None
    prompt: str | None = None
    channel: str | None = None
    language: str | None = None
    wave: str | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """Every row of the table, as a comment or with the reason why it is none.

    `notes` are about comments that were kept.
    """

    comments: tuple[IncomingComment, ...]
    refused: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()


def read_comments(table: Table, choice: ColumnChoice, max_length: int = 20_000) -> Read:
    """Make comments of the rows of a table.

    Refused are rows the table itself refused, rows without text, texts longer than `max_length`
    characters, and rows that repeat an id (the first one stands, also when the texts are the same). A
    language that is not written as a tag ("es", "pt-BR") becomes unknown, with a note.

    Raises
    ------
    TableError
        A chosen column is not in the table.
    """
    _require_columns(table, choice)
    comments: list[IncomingComment] = []
    refused = list(table.problems)
    notes: list[Problem] = []
    lines_by_id: dict[str, int] = {}
    for row in table.rows:
        comment = _comment(row, choice, notes)
        if reason := _reason_to_refuse(comment, lines_by_id, max_length):
            refused.append(Problem(row.line, reason))
            continue
        comments.append(comment)
        if comment.source_id is not None:
            lines_by_id[comment.source_id] = row.line
    refused.sort(key=lambda problem: problem.line)
    kept = {comment.line for comment in comments}
    return Read(tuple(comments), tuple(refused), tuple(note for note in notes if note.line in kept))


def _require_columns(table: Table, choice: ColumnChoice) -> None:
    present = ", ".join(f"“{column}”" for column in table.columns)
    for field in fields(choice):
        column = getattr(choice, field.name)
        if column is not None and column not in table.columns:
            raise TableError(f"The file has no column “{column}”. Choose one of its columns: {present}.")


def _comment(row: Row, choice: ColumnChoice, notes: list[Problem]) -> IncomingComment:
    return IncomingComment(
        line=row.line,
        text=row.values[choice.text],
        source_id=_trimmed(row, choice.id),
        audience=_trimmed(row, choice.audience),
        prompt=_trimmed(row, choice.prompt),
        channel=_trimmed(row, choice.channel),
        language=_language(row, choice.language, notes),
        wave=_trimmed(row, choice.wave),
    )


def _trimmed(row: Row, column: str | None) -> str | None:
    return (row.values[column].strip() or None) if column is not None else None


def _language(row: Row, column: str | None, notes: list[Problem]) -> str | None:
    value = _trimmed(row, column)
    if value is None:
        return None
    tag = value.replace("_", "-")
    if LANGUAGE_TAG.fullmatch(tag):
        return tag
    notes.append(Problem(row.line, f"has the language “{value[:40]}”, not a tag like “es”; kept as unknown"))
    return None


def _reason_to_refuse(comment: IncomingComment, lines_by_id: dict[str, int], max_length: int) -> str | None:
    if not _has_text(comment.text):
        return "has no text"
    if len(comment.text) > max_length:
        return f"has a text of {len(comment.text):,} characters; the most is {max_length:,}"
    first = lines_by_id.get(comment.source_id) if comment.source_id is not None else None
    return f"repeats the id “{comment.source_id}” of line {first}" if first is not None else None


def _has_text(text: str) -> bool:
    """Blanks, control characters and marks of no width are no text."""
    return any(character.isprintable() and not character.isspace() for character in text)


# Headings by what they mean, best first, in English and Spanish, without accents.
HEADINGS = {
    "text": (
        "text comment comments response answer feedback message body suggestion idea question note notes "
        "opinion remarks texto comentario comentarios respuesta mensaje sugerencia pregunta nota notas "
        "observaciones"
    ),
    "id": "id identifier number no key uuid ref reference identificador numero codigo clave",
    "audience": (
        "audience group segment neighborhood neighbourhood district ward department role "
        "audiencia grupo publico segmento barrio distrito departamento rol"
    ),
    "prompt": "prompt question topic item pregunta tema consigna",
    "channel": "channel source medium via canal fuente origen medio",
    "language": "language lang locale idioma lengua",
    "wave": "wave round year phase oleada ola ronda ano fase",
}


def guess_columns(columns: Sequence[str]) -> ColumnChoice:
    """Return which columns probably hold what, by their headings; `text` is "" when none looks like it.

    A heading that is the word itself wins over one that only contains it, and no column is given twice.
    """
    chosen = columns_named(columns, HEADINGS)
    text = chosen.pop("text") or (columns[0] if len(columns) == 1 else "")
    return ColumnChoice(text=text, **chosen)


def columns_named(columns: Sequence[str], headings: Mapping[str, str]) -> dict[str, str | None]:
    """Return for each meaning the column whose heading speaks for it; `headings` lists words, best first."""
    free = {column: _words(column) for column in columns}
    return {meaning: _take(free, words.split()) for meaning, words in headings.items()}


def _take(free: dict[str, list[str]], wanted: Iterable[str]) -> str | None:
    """Take the first column whose heading is, else the first whose heading contains, a wanted word."""
    wanted = list(wanted)
    matches = [column for word in wanted for column, words in free.items() if words == [word]]
    matches += [column for word in wanted for column, words in free.items() if word in words]
    if not matches:
        return None
    del free[matches[0]]
    return matches[0]


def _words(heading: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading))
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return re.findall(r"[a-z0-9]+", plain.casefold())
