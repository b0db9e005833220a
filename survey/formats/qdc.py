"""REFI-QDA Codebook exchange 1.0 (.qdc): codes in XML, as NVivo, MAXQDA, ATLAS.ti, QualCoder and others do.

What a file holds, by the published schema: a root `CodeBook` with `origin`; in it `Codes` with at least one
`Code`, then perhaps `Sets`. A `Code` has `guid`, `name` and `isCodable`, perhaps `color`; in it perhaps one
`Description`, then codes. The title of a codebook has no place there: it is taken from the name of the file.

The namespace is ``urn:QDA-XML:codebook:1.0``. Some programs write ``1:0`` at its end, so any is read.
"""

from collections.abc import Iterator
from typing import BinaryIO

from survey.formats.codebook import Codebook, CodebookError, CodeEntry, Report, title_from, tree
from survey.formats.decoding import decode
from survey.formats.qda_codes import COLOR, FILE, Problems, RawCode, assemble
from survey.formats.qda_guid import code_guids
from survey.formats.qda_text import describe, in_attribute, in_text
from survey.formats.qda_xml_in import NotXml, read_codes
from survey.formats.rows import Limits, TableError
from survey.formats.tables import ZIP

NAMESPACE = "urn:QDA-XML:codebook:1.0"
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
ORIGIN = "Throughline"
LIMITS = Limits()


def write(codebook: Codebook, stream: BinaryIO) -> None:
    """Write the codebook; every code can be coded with.

    Raises
    ------
    CodebookError
        It has no codes: the standard has no empty codebook.
    """
    if not codebook.entries:
        raise CodebookError("The codebook has no codes yet. Add one and export it again.")
    head = f'{DECLARATION}<CodeBook xmlns="{NAMESPACE}" origin="{ORIGIN}">\n'
    stream.write(f"{head}{''.join(codes_xml(codebook))}</CodeBook>\n".encode())


def codes_xml(codebook: Codebook, notes: dict[int, str] | None = None) -> Iterator[str]:
    """Yield the element `Codes`; `notes` holds what goes after the description of the code at a place."""
    guids = code_guids(codebook)
    notes = notes or {}

    def start(place: int) -> str:
        return _code_start(codebook.entries[place], guids[place]) + notes.get(place, "")

    yield "<Codes>\n"
    for top, under in tree(codebook):
        yield start(top)
        for place in under:
            yield f"\n{start(place)}</Code>"
        yield "</Code>\n"
    yield "</Codes>\n"


def _code_start(entry: CodeEntry, guid: str) -> str:
    color = f' color="{entry.color}"' if entry.color and COLOR.fullmatch(entry.color) else ""
    description = describe(entry)
    inside = f"<Description>{in_text(description)}</Description>" if description else ""
    return f'<Code guid="{guid}" name="{in_attribute(entry.name)}" isCodable="true"{color}>{inside}'


def read(data: bytes, name: str) -> Report:
    """Read a codebook; `name` is that of the file, for the title.

    A file that is not in the encoding it names is read in the one it is in, with a note.

    Raises
    ------
    CodebookError
        The file is no REFI-QDA codebook, or has no codes.
    """
    _refuse(data)
    problems = Problems()
    title, codes = _codes(data.lstrip(), problems)
    return assemble(title or title_from(name), codes, problems)


def _refuse(data: bytes) -> None:
    if len(data) > LIMITS.file_bytes:
        size = LIMITS.file_bytes / 1024**2
        raise CodebookError(
            f"The file is larger than {size:g} MB. Keep the codes you need and export it again."
        )
    if not data.strip():
        raise CodebookError("The file is empty. Export the codebook again and try again.")
    if data.startswith(ZIP):
        raise CodebookError(
            "The file is a zip archive, not a codebook in XML. A project is imported as .qdpx; "
            "else export the codebook as .qdc and try again."
        )


def _codes(data: bytes, problems: Problems) -> tuple[str, list[RawCode]]:
    try:
        return read_codes([data], problems)
    except NotXml as first:
        # Perhaps only the encoding is wrong, which some programs name without writing in it.
        problems.found.clear()
        try:
            decoded = decode(data, LIMITS)
            codes = read_codes([decoded.text.lstrip()], problems)
        except (NotXml, TableError):
            raise first from None
    reason = (
        f"is not in the encoding it names; it was read as {decoded.encoding}. Look whether accents are right"
    )
    problems.changed(FILE, "The file", reason)
    if decoded.replaced:
        reason = "has characters that cannot be read; each is shown as �"
        problems.changed(FILE, "The file", reason)
    return codes
