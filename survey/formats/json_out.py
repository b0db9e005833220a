"""The summary as its canonical JSON document."""

from typing import BinaryIO

from survey.formats.summary import Summary


def write(summary: Summary, stream: BinaryIO) -> None:
    """Write the document that `Summary.from_json` reads."""
    stream.write(summary.to_json())
