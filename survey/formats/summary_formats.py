"""The formats a summary can be taken away in, by the names used on the command line and in addresses."""

import io
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import BinaryIO

from survey.formats.summary import Summary

OPEN_XML = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class SummaryFormat:
    """A way to write a summary; its name is also the ending of the file, where it has no other.

    `needs` are packages that not every machine has.
    """

    name: str
    media_type: str
    other_ending: str = ""
    needs: tuple[str, ...] = ()

    @property
    def ending(self) -> str:
        """How the name of the file ends, without the dot."""
        return self.other_ending or self.name

    @property
    def available(self) -> bool:
        """Whether this machine can write it."""
        return all(find_spec(name) for name in self.needs)

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
        SummaryFormat("pptx", f"{OPEN_XML}.presentationml.presentation"),
        SummaryFormat("html", "text/html; charset=utf-8"),
        SummaryFormat("brief", "text/html; charset=utf-8", other_ending="brief.html"),
        SummaryFormat("sav", "application/x-spss-sav", needs=("pyreadstat", "pandas")),
        SummaryFormat("json", "application/json"),
    )
}


def offered() -> dict[str, SummaryFormat]:
    """The formats that this machine can write, by name."""
    return {name: one for name, one in SUMMARY_FORMATS.items() if one.available}
