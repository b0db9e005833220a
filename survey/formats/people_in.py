"""From the rows of a table to people who are invited: which column is what, which rows cannot be people."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, fields

from survey.formats.comments_in import columns_named
from survey.formats.rows import REPLACEMENT, Problem, Row, Table, TableError
from survey.languages import canonical

# What the columns of the database hold.
LONGEST = {"name": 200, "email": 254, "address": 500, "unit": 200}
NOUNS = {"name": "name", "email": "e-mail", "address": "address", "unit": "unit"}
# Not every address that a standard allows, but every one that a mail server of an office has given out.
EMAIL = re.compile(
    r"[^@\s\x00-\x1f\x7f\"(),:;<>\[\\\]]{1,64}@([^\W_]([\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{1,62}"
)


@dataclass(frozen=True, slots=True)
class PeopleColumns:
    """Which column of a table holds what; None is "no column"."""

    name: str | None = None
    surname: str | None = None
    email: str | None = None
    address: str | None = None
    unit: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """What a list says about one person; empty where it says nothing."""

    name: str = ""
    email: str = ""
    address: str = ""
    unit: str = ""
    language: str = ""

    def marks(self) -> tuple[str, ...]:
        """By which the same person is found again: the e-mail; name and address together."""
        name, address = _folded(self.name), _folded(self.address)
        by_name = f"name {name}, {address}" if name and (address or not self.email) else ""
        by_address = f"address {address}" if address and not name and not self.email else ""
        by_email = f"e-mail {self.email.casefold()}" if self.email else ""
        return tuple(filter(None, (by_email, by_name, by_address)))


@dataclass(frozen=True, slots=True)
class PeopleRead:
    """Every row of the table: as a person, with the reason why it is none, or counted as empty.

    `notes` are about people who were taken.
    """

    people: tuple[PersonDetails, ...]
    refused: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    empty: int


def read_people(table: Table, choice: PeopleColumns, known: Collection[str] = ()) -> PeopleRead:
    """Make people of the rows of a table.

    Refused are rows the table itself refused, e-mails that cannot be one, texts that are too long, and
    people who stand in the file twice or, by `known` marks, on the list already.

    Raises
    ------
    TableError
        A chosen column is not in the table, or neither name nor e-mail nor address is chosen.
    """
    _require_columns(table, choice)
    people: list[PersonDetails] = []
    refused, notes = list(table.problems), list[Problem]()
    lines: dict[str, int] = {}
    empty = _blank_lines(table)
    for row in table.rows:
        person = _person(row, choice)
        reason = _reason_to_refuse(person, lines, known)
        if not any(asdict(person).values()):
            empty += 1
        elif reason:
            refused.append(Problem(row.line, reason))
        else:
            people.append(person)
            lines |= dict.fromkeys(person.marks(), row.line)
            notes += _notes(row, choice, person)
    refused.sort(key=lambda problem: problem.line)
    return PeopleRead(tuple(people), tuple(refused), tuple(notes), empty)


def is_email(text: str) -> bool:
    """Whether mail can be sent there, as far as can be told without trying."""
    local = text.partition("@")[0]
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    return bool(EMAIL.fullmatch(text)) and not dots and len(text) <= LONGEST["email"]


def one_line(text: str) -> str:
    """A text without line ends and with single blanks."""
    return " ".join(text.split())


def lines_of(text: str) -> str:
    """An address with its lines, without blanks around them."""
    return "\n".join(filter(None, map(one_line, text.splitlines())))


def _require_columns(table: Table, choice: PeopleColumns) -> None:
    chosen = [getattr(choice, field.name) for field in fields(choice)]
    for column in chosen:
        if column is not None and column not in table.columns:
            present = ", ".join(f"“{name}”" for name in table.columns)
            raise TableError(f"The file has no column “{column}”. Choose one of its columns: {present}.")
    if not (choice.name or choice.surname or choice.email or choice.address):
        raise TableError("Choose the column with the names, the e-mails or the addresses.")


def _person(row: Row, choice: PeopleColumns) -> PersonDetails:
    texts = {field.name: _text(row, getattr(choice, field.name)) for field in fields(choice)}
    language = canonical(texts.pop("language")) or ""
    address = lines_of(texts.pop("address"))
    name = one_line(f"{texts['name']} {texts['surname']}")
    email, unit = one_line(texts["email"]), one_line(texts["unit"])
    return PersonDetails(name, email.removeprefix("mailto:"), address, unit, language)


def _text(row: Row, column: str | None) -> str:
    return "" if column is None else row.values[column]


def _reason_to_refuse(person: PersonDetails, lines: dict[str, int], known: Collection[str]) -> str | None:
    if not (person.name or person.email or person.address):
        return "has no name, no e-mail and no address"
    if person.email and not is_email(person.email):
        return f"has “{person.email[:60]}”, which cannot be an e-mail address"
    for which, most in LONGEST.items():
        if len(getattr(person, which)) > most:
            return f"has a text of more than {most} characters as {NOUNS[which]}"
    return _reason_of_same(person, lines, known)


def _reason_of_same(person: PersonDetails, lines: dict[str, int], known: Collection[str]) -> str | None:
    for key in person.marks():
        sign = "e-mail" if key.startswith("e-mail ") else "name and address"
        if key in lines:
            return f"is the same person as line {lines[key]} (same {sign})"
        if key in known:
            return f"is on the list already (same {sign})"
    return None


def _notes(row: Row, choice: PeopleColumns, person: PersonDetails) -> Iterator[Problem]:
    said = _text(row, choice.language).strip()
    if said and not person.language:
        yield Problem(row.line, f"has the language “{said[:40]}”, not a tag like “es”; kept as unknown")
    if REPLACEMENT in person.name + person.address + person.unit:
        yield Problem(row.line, "has characters that could not be read; put them right in the list")


def _blank_lines(table: Table) -> int:
    """Lines without anything, which the reader passed over: those that no row explains."""
    starts = [*(row.line for row in table.rows), *(problem.line for problem in table.problems)]
    if not table.rows or table.kind == "jsonl":
        return 0
    used = sum(1 + _line_ends(row) for row in table.rows[:-1])
    between = max(starts) - min(starts)
    return max(0, between - used - len(table.problems)) if table.rows[-1].line == max(starts) else 0


def _line_ends(row: Row) -> int:
    return sum(len(text.splitlines()) - 1 for text in row.values.values() if text.count("\n"))


def _folded(text: str) -> str:
    return one_line(unicodedata.normalize("NFKC", text)).casefold()


# Headings by what they mean, best first, in English and Spanish, without accents.
HEADINGS = {
    "email": "email mail correo",
    "address": "address street direccion domicilio calle",
    "unit": "unit department dept division office team branch group section unidad departamento equipo",
    "language": "language lang locale idioma lengua",
    "surname": "surname lastname last apellido apellidos",
    "name": "name fullname firstname first person employee resident who nombre persona",
}


def guess_people_columns(columns: Sequence[str]) -> PeopleColumns:
    """Return which columns probably hold what, by their headings."""
    plain = {column: re.sub(r"(?i)e-mail", "email", column) for column in columns}
    found = columns_named(list(plain.values()), HEADINGS)
    back = {shown: column for column, shown in plain.items()}
    return PeopleColumns(**{meaning: back[name] if name else None for meaning, name in found.items()})
