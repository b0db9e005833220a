"""Files that wait between two pages: under which name they are found again."""

from __future__ import annotations

from pathlib import Path

import pytest
from itsdangerous import URLSafeTimedSerializer

from survey.uploads import Uploads

OWNER = (1, 2)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Minutes of May.txt", "Minutes of May.txt"),
        ("Año – 会议 👩🏽‍🚀.csv", "Año – 会议 👩🏽‍🚀.csv"),
        ("a\0b.txt", "ab.txt"),
        ("a\r\n\t\x1b\x7f\x85b.txt", "ab.txt"),
        ("a\ud800b\udfff.txt", "ab.txt"),
        ("folder/\0a.txt", "a.txt"),
        (" \0 a.txt \0", "a.txt"),
        ("\0" * 300 + "a.txt", "a.txt"),
        ("x" * 300, "x" * 255),
        ("\0", "file"),
        ("\ud800", "file"),
        ("folder/ \0", "file"),
        ("/", "file"),
        ("", "file"),
    ],
)
def test_a_name_can_be_stored_and_shown(tmp_path: Path, sent: str, kept: str) -> None:
    uploads = Uploads(tmp_path / "uploads", URLSafeTimedSerializer("key"))
    upload = uploads.find(uploads.keep(b"data", sent, OWNER), OWNER)
    assert upload is not None
    assert upload.file_name == kept
    assert uploads.read(upload) == b"data"
