"""A codebook from whatever file it comes in: what is in the file counts, not what it is called."""

from survey.formats import codebook_csv, qdc, qdpx
from survey.formats.codebook import Report
from survey.formats.tables import ZIP
from survey.formats.xlsx_package import MANIFEST

XML_START = ("<", "\ufeff<")
WIDE = (b"\xff\xfe<\x00", b"\xfe\xff\x00<")


def read_codebook(data: bytes, name: str) -> Report:
    """Read a table (CSV, workbook), a REFI-QDA codebook (.qdc) or the codebook of a project (.qdpx).

    Raises
    ------
    TableError
        The file as a whole cannot be read.
    """
    if data.startswith(ZIP):
        return codebook_csv.read(data, name) if _is_workbook(data) else qdpx.read(data, name)
    head = data[:1024].decode("utf-8", "replace").lstrip()
    if head.startswith(XML_START) or data.startswith(WIDE) or name.lower().endswith(".qdc"):
        return qdc.read(data, name)
    if name.lower().endswith(".qdpx"):
        return qdpx.read(data, name)
    return codebook_csv.read(data, name)


def _is_workbook(data: bytes) -> bool:
    """Look for names that only workbooks have, without opening what may be hostile."""
    return MANIFEST.encode() in data and b"xl/" in data
