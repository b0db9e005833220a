"""Files as they come: awkward ones that must be read, and bad ones that must be refused with a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from tests.formats.workbooks import swap

IDEAS = (
    "The bus should run later in the evening",
    "More trees along the main street please",
    "The library needs longer opening hours",
    "Fix the holes in the road near the school",
)
TEXTS = tuple(f"{IDEAS[number % 4]}, says person {number}" for number in range(28))
THINGS = ("basi la mji", "maktaba ya watoto", "barabara kuu", "bustani ya maua")
SWAHILI = tuple(
    f"Tafadhali {thing} {wish}"
    for thing in THINGS
    for wish in ("mpya", "bora", "safi", "haraka", "zaidi", "leo")
)


@dataclass(frozen=True)
class Case:
    """A file, and what must come of it.

    `refused` is in the sentence when nothing of it is stored; `stored` counts its comments otherwise; `found`
    is in the sentence of a search for themes in it, or "" when themes are found.
    """

    name: str
    data: bytes
    refused: str = ""
    stored: int = 0
    found: str = ""
    file: str = "comments.csv"


def table(texts: tuple[str, ...], delimiter: str = ",", language: str = "en") -> str:
    """A CSV file with a number, a language and a quoted comment a row."""
    rows = [delimiter.join((str(n), language, f'"{text}"')) for n, text in enumerate(texts)]
    return "\n".join([delimiter.join(("no", "language", "comment")), *rows, ""])


def zip_bomb() -> bytes:
    """A workbook of some 60 kB that would unpack to 60 MB."""
    return swap("xl/worksheets/sheet1.xml", b"<!--" + b" " * 60_000_000 + b"-->")


CASES = (
    Case("utf16", table(TEXTS).encode("utf-16"), stored=28),
    Case("utf16 without a mark", table(TEXTS).encode("utf-16-le"), stored=28),
    Case("byte order mark", table(TEXTS).encode("utf-8-sig"), stored=28),
    Case("semicolons", table(TEXTS, ";").encode(), stored=28),
    Case("bad bytes", table(TEXTS).encode().replace(b"bus", b"b\xfcs"), stored=28),
    Case("unclosed quotes", table(TEXTS).encode()[:-2] + b"\n", refused="A quotation mark opened on line 29"),
    Case("zip bomb", zip_bomb(), refused="unpacks to more", file="bomb.xlsx"),
    Case(
        "all equal",
        table(("The bus is late",) * 28).encode(),
        stored=28,
        found="All 28 comments say the same",
    ),
    Case("all empty", table((" ",) * 28).encode(), refused="No row is left"),
    Case("no rows", b"no,language,comment\n", refused="no rows under it"),
    Case("nothing", b"", refused="The file is empty"),
    Case("unknown language", table(SWAHILI, language="sw").encode(), stored=24),
    Case("too few", table(TEXTS[:12]).encode(), stored=12, found="12 comments are too few: 20 are needed"),
    Case("no words", table(("!!! ???",) * 28).encode(), stored=28, found="None of the 28 comments has words"),
    Case("formulas", table(tuple(f"=cmd|{text}" for text in TEXTS)).encode(), stored=28),
)
