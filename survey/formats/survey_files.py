"""Surveys from files of other tools and of our own: which kinds there are, and what is told about each line.

A reader turns the bytes of a file into a survey's document and says for every question, rule and setting of
the file whether it was taken as it is, changed, or left out, and where it stands. Readers are imported when
they are needed: the libraries behind some of them are large.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.errors import Refusal

What = Literal["taken", "changed", "left out"]
MOST_BYTES = 10 * 1024 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
# How far a text is looked at to tell what it is.
HEAD = 4096


@dataclass(frozen=True)
class Line:
    """What became of one question, rule, language or setting of the file; `row` as the file's tool counts."""

    what: What
    name: str
    words: str
    sheet: str = ""
    row: int | None = None


@dataclass(frozen=True)
class SurveyFile:
    """A file that was read: the survey's document and what is told about it."""

    document: dict[str, Any]
    lines: tuple[Line, ...]
    format: str


class SurveyFileError(Refusal):
    """The file cannot become a survey; the message is a plain sentence that says how to put it right."""

    def __init__(self, words: str, sheet: str = "", row: int | None = None) -> None:
        super().__init__(words)
        self.sheet, self.row = sheet, row


@dataclass(frozen=True)
class Format:
    """A kind of file: what people call it, the endings its files have, and the module that reads it."""

    label: Any
    endings: tuple[str, ...]
    module: str

    def reader(self) -> Callable[[bytes, str], SurveyFile]:
        """The function that reads it."""
        read: Callable[[bytes, str], SurveyFile] = import_module(f"survey.formats.{self.module}").read
        return read


FORMATS: dict[str, Format] = {
    "xlsform": Format(_l("XLSForm (Kobo, ODK, Survey123)"), (".xlsx", ".xls", ".xlsm"), "xlsform_in"),
    "lss": Format(_l("LimeSurvey structure"), (".lss",), "lss_in"),
    "tsv": Format(_l("LimeSurvey table"), (".tsv", ".txt"), "lime_tsv_in"),
    "surveyjs": Format(_l("SurveyJS"), (), "surveyjs_in"),
    "json": Format(_l("Throughline survey"), (".json",), "survey_json"),
}


def read(data: bytes, name: str, format: str | None = None) -> SurveyFile:
    """The survey that a file holds; raise `SurveyFileError` when it cannot be one.

    What the file is shows in its content first, then in its name.
    """
    if not data:
        raise SurveyFileError(_("The file is empty. Choose the file of a survey."))
    if len(data) > MOST_BYTES:
        megabytes = MOST_BYTES // 1024**2
        raise SurveyFileError(_("The file is larger than %(most)s MB. Is it a survey?", most=megabytes))
    if format is not None and format not in FORMATS:
        raise SurveyFileError(_("Name the format as one of: %(known)s.", known=", ".join(FORMATS)))
    return FORMATS[format or detect(data, name)].reader()(data, name)


def detect(data: bytes, name: str) -> str:
    """The key of the format; raise `SurveyFileError` when the file looks like none of them."""
    found = _by_bytes(data) or _by_text(data) or _by_name(name)
    if found is None:
        raise SurveyFileError(
            _(
                "This is not a survey that can be read. Choose an XLSForm (.xlsx or .xls), a LimeSurvey "
                "survey (.lss or .tsv), or a survey as JSON."
            )
        )
    return found


def _by_bytes(data: bytes) -> str | None:
    return "xlsform" if data.startswith((OLE, ZIP, EMPTY_ZIP)) else None


def _by_text(data: bytes) -> str | None:
    if _is_utf16(data):
        return None if b"\x00" not in data[:HEAD] else "tsv" if _looks_like_table(_head(data)) else None
    head = _head(data)
    start = head.lstrip()
    if start.startswith("<"):
        return "lss" if "<document" in head or "LimeSurvey" in head else None
    if start.startswith(("{", "[")):
        return _json_kind(data)
    return "tsv" if _looks_like_table(head) else None


def _is_utf16(data: bytes) -> bool:
    return data.startswith((b"\xff\xfe", b"\xfe\xff"))


def _head(data: bytes) -> str:
    encoding = "utf-16" if _is_utf16(data) else "utf-8-sig"
    return data[:HEAD].decode(encoding, "replace")


def _looks_like_table(head: str) -> bool:
    """Whether the first line is the header of LimeSurvey's table: class, type/scale, name and so on."""
    cells = [cell.strip().strip('"').lower() for cell in head.partition("\n")[0].split("\t")]
    return "class" in cells and "name" in cells


def _json_kind(data: bytes) -> str:
    """Our own surveys name their languages; the others are taken for SurveyJS."""
    try:
        raw = json.loads(data)
    except (ValueError, RecursionError):
        return "json"
    own = isinstance(raw, dict) and ("languages" in raw or raw.get("throughline") is not None)
    other = isinstance(raw, dict) and bool(raw.keys() & {"pages", "elements", "questions", "json"})
    return "surveyjs" if other and not own else "json"


def _by_name(name: str) -> str | None:
    lower = name.lower()
    return next((key for key, kind in FORMATS.items() if lower.endswith(kind.endings or ("\x00",))), None)


def counts(lines: tuple[Line, ...]) -> dict[str, int]:
    """How many lines of the report say what."""
    found = Counter(line.what for line in lines)
    return {"taken": found["taken"], "changed": found["changed"], "left out": found["left out"]}
