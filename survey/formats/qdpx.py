"""REFI-QDA Project exchange 1.0 (.qdpx): comments, codes and who coded what, for other programs.

A zip archive of ``project.qde`` (XML) and texts in ``sources/``. Each comment is a `PlainTextSelection` in a
text source of its audience and prompt, with a `Coding` for each of its codes. The name of a selection is the
id of the comment, its date the day on which the comment came in. Comments that have the same audience,
channel, prompt and language are one `Case` with these as its variables. Equal projects give equal bytes.

**How positions are counted.** The standard counts Unicode code points from 0 and speaks of "the first and the
last character" of a selection. Programs do not agree on the second: some (QualCoder among them) write
`endPosition` as the position after the last character, some as that of the last character. Here it is the
position after the last character, where a line end stands: programs of the first kind select the comment
exactly, those of the second take the line end along, and none cuts a comment or reaches into the next. Line
ends are one character (LF), since some programs count CR LF as one and some as two. Programs that count in
UTF-16 code units are off by one for each character beyond U+FFFF (most emoji) that stands before in a source.

Only the codebook of a project is read.
"""

import zipfile
from collections.abc import Iterable
from typing import IO, BinaryIO

from survey.formats.codebook import Report, title_from
from survey.formats.qda_archive import PROJECT, project_chunks
from survey.formats.qda_codes import Problems, assemble
from survey.formats.qda_plan import Plan
from survey.formats.qda_project_xml import project_xml
from survey.formats.qda_xml_in import read_codes
from survey.formats.qdpx_project import CodedComment, CodedProject, Person, ProjectNote

__all__ = ["CodedComment", "CodedProject", "Person", "ProjectNote", "read", "write"]

WRITTEN_AT_ONCE = 64 * 1024  # characters


def write(project: CodedProject, stream: BinaryIO) -> None:
    """Write the project, in time and memory that grow with the number of comments.

    Raises
    ------
    CodebookError
        Two comments have the same id, one has no text, or a code or comment is named that is not there.
    ValueError
        A time has no time zone.
    """
    plan = Plan(project)
    with zipfile.ZipFile(stream, "w") as archive:
        _add(archive, PROJECT, project_xml(plan))
        for source in plan.sources:
            _add(archive, f"sources/{source.guid}.txt", source.texts())


def _add(archive: zipfile.ZipFile, name: str, pieces: Iterable[str]) -> None:
    """Add a member that is the same on every machine and at every time."""
    member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    member.compress_type = zipfile.ZIP_DEFLATED
    member.create_system = 3
    member.external_attr = 0o644 << 16
    with archive.open(member, "w") as part:
        _write_pieces(part, pieces)


def _write_pieces(part: IO[bytes], pieces: Iterable[str]) -> None:
    waiting: list[str] = []
    length = 0
    for piece in pieces:
        waiting.append(piece)
        length += len(piece)
        if length > WRITTEN_AT_ONCE:
            part.write("".join(waiting).encode())
            waiting, length = [], 0
    part.write("".join(waiting).encode())


def read(data: bytes, name: str) -> Report:
    """Read the codebook of a project, and nothing after it.

    Raises
    ------
    CodebookError
        The file is no REFI-QDA project, is damaged or too large, or its project has no codes.
    """
    problems = Problems()
    with project_chunks(data) as chunks:
        title, codes = read_codes(chunks, problems)
    return assemble(title or title_from(name), codes, problems)
