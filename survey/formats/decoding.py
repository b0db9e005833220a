"""Bytes to text: which encoding a file is in, and what in it could not be read."""

import codecs
import re
from dataclasses import dataclass

from survey.formats.rows import (
    REPLACEMENT,
    UNSTORABLE,
    Limits,
    Replaced,
    TableError,
    check_replaced,
    count_line_ends,
)

# UTF-32 first: its little-endian mark begins with that of UTF-16.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
WINDOWS_1252 = "windows-1252"
# Bytes that say nothing for Windows-1252: five it does not define, and two letters hardly ever written.
NO_EVIDENCE = b"\x81\x8d\x8f\x90\x9d\xfe\xff"
VALID_UTF8 = re.compile("[^\udc80-\udcff]+")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file; everything unreadable in it is U+FFFD and listed in `replaced`."""

    text: str
    encoding: str
    replaced: tuple[Replaced, ...] = ()
    notes: tuple[str, ...] = ()


def decode(data: bytes, limits: Limits) -> Decoded:
    """Decode a file of text in UTF-8, UTF-16, UTF-32 or Windows-1252.

    A byte order mark decides; else NUL bytes at every other place mean UTF-16; else UTF-8 when all of it is
    valid; else Windows-1252 when more bytes speak for it than there are valid UTF-8 characters beyond
    ASCII; else UTF-8 with the bad bytes replaced.

    Raises
    ------
    TableError
        The file cannot be read as text, or more than ``limits.replaced`` characters of it cannot.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding, len(mark), limits)
    return _decoded(data, _guess(data), 0, limits)


def _guess(data: bytes) -> str:
    return _utf16_without_mark(data) or ("utf-8" if _is_utf8(data) else _utf8_or_windows(data))


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _utf16_without_mark(data: bytes) -> str | None:
    """Western text in UTF-16 has a NUL in nearly every second byte, and only there."""
    sample = data[:4096]
    half = len(sample) / 2
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def _utf8_or_windows(data: bytes) -> str:
    text = data.decode("utf-8", "surrogateescape")
    bad = VALID_UTF8.sub("", text).encode("utf-8", "surrogateescape")
    valid = text.encode("utf-8", "ignore").decode("utf-8")
    beyond_ascii = len(valid) - len(valid.encode("ascii", "ignore"))
    return WINDOWS_1252 if len(bad.translate(None, NO_EVIDENCE)) > beyond_ascii else "utf-8"


def _decoded(data: bytes, encoding: str, start: int, limits: Limits) -> Decoded:
    wide = encoding.startswith(("utf-16", "utf-32"))
    errors = "surrogatepass" if wide else "surrogateescape"
    cut = len(data) % (4 if encoding.startswith("utf-32") else 2) if wide else 0
    try:
        text = data[: len(data) - cut].decode(encoding, errors)
    except UnicodeDecodeError as error:
        raise TableError(
            "The file is not valid text in the encoding that its first bytes name. "
            "Save it as “CSV UTF-8” and try again."
        ) from error
    text, replaced = _replace_unstorable(text, _Place(encoding, errors, start), limits)
    if cut:
        place = Replaced(1 + count_line_ends(text), data[-cut:].hex(), start + len(data) - cut)
        text, replaced = text + REPLACEMENT, [*replaced, place]
    # Some tools write the mark twice.
    return Decoded(text.removeprefix("\ufeff"), encoding, tuple(replaced), _notes(encoding))


def _notes(encoding: str) -> tuple[str, ...]:
    if encoding != WINDOWS_1252:
        return ()
    return ("The file is not in UTF-8; it was read as Windows-1252. Look whether its accents are right.",)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a text came from, so that positions in it can be told as bytes of the file."""

    encoding: str
    errors: str
    start: int


def _replace_unstorable(text: str, place: _Place, limits: Limits) -> tuple[str, list[Replaced]]:
    replaced: list[Replaced] = []
    offset, line, end = place.start, 1, 0
    for match in UNSTORABLE.finditer(text):
        check_replaced(len(replaced), limits)
        before = text[end : match.start()]
        offset += len(before.encode(place.encoding, place.errors))
        line += count_line_ends(before)
        raw = match.group().encode(place.encoding, place.errors)
        replaced.append(Replaced(line, raw.hex(), offset))
        offset += len(raw)
        end = match.end()
    return UNSTORABLE.sub(REPLACEMENT, text), replaced
