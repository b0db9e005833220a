"""The formats a summary can be taken away in, by the names used on the command line and in addresses."""

import io
from dataclasses import dataclass
from importlib import import_module
from typing import BinaryIO

from survey.formats.summary import Summary

OPEN_XML = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class SummaryFormat:
    """A way to write a summary; its name is also the ending of the file."""

    name: str
    media_type: str

    def write(self, summary: Summary, stream: BinaryIO) -> None:
        """Write the whole file."""
        # Imported when needed: the libraries for office files take 50 MB, which a web process seldom needs.
        import_module(f"survey.formats.{self.name}_out").write(summary, stream)

    def to_bytes(self, summary: Summary) -> bytes:
        """Return the whole file."""
        stream = io.BytesIO()
        self.write(summary, stream)
        return stream.getvalue()


SUMMARY_FORMATS = {
    summary_format.name: summary_format
    for summary_format in (
        SummaryFormat("csv", "text/csv; charset=utf-8"),
        SummaryFormat("xlsx", f"{OPEN_XML}.spreadsheetml.sheet"),
        SummaryFormat("docx", f"{OPEN_XML}.wordprocessingml.document"),
        SummaryFormat("json", "application/json"),
    )
}
