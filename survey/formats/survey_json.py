"""Our own surveys as JSON: the document of the survey and its mode, nothing of this installation.

docs/survey-files.md describes it. What is written is the same, byte for byte, as long as the survey is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from flask_babel import gettext as _

from survey.document import Document, parse
from survey.formats.survey_files import Line, SurveyFile, SurveyFileError
from survey.formats.survey_report import REPORT
from survey.questions import DocumentError

VERSION = 1
MARK = "throughline"
MODES = ("anonymous", "confidential", "identified")


def read(data: bytes, name: str) -> SurveyFile:
    """The survey that a file of ours holds; raise `SurveyFileError` when it is none."""
    raw = _object(data)
    lines = [*_taken_marks(raw), *_untied(raw)]
    mode = raw.pop("mode", None)
    if mode is not None and mode not in MODES:
        raise SurveyFileError(_("The mode is one of: %(known)s.", known=", ".join(MODES)))
    try:
        document = parse(raw)
    except DocumentError as error:
        raise SurveyFileError(str(error)) from error
    lines += [Line("taken", question.name_in_data, _("Taken as it is.")) for question in document.questions]
    kept = {} if mode is None else {"mode": mode}
    return SurveyFile({**document.to_dict(), **kept}, tuple(lines), "json")


def write(document: Document, mode: str | None = None) -> bytes:
    """The file."""
    plain = document.to_dict()
    _untied(plain)
    plain["origin"] = {key: text for key, text in plain["origin"].items() if not key.startswith(REPORT)}
    whole = {MARK: VERSION, **({"mode": mode} if mode else {}), **plain}
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def _object(data: bytes) -> dict[str, Any]:
    try:
        raw = json.loads(
            data.decode(json.detect_encoding(data)), parse_constant=_no_number, object_pairs_hook=_once
        )
    except json.JSONDecodeError as error:
        words = _("The file is not written as JSON should be: look at line %(row)s.", row=error.lineno)
        raise SurveyFileError(words, row=error.lineno) from error
    except RecursionError as error:
        raise SurveyFileError(_("The file is nested too deep to be a survey.")) from error
    except ValueError as error:  # bytes that are no text, numbers that are none, a name twice
        raise SurveyFileError(str(error.args[0]) if isinstance(error, _Twice) else _no_json()) from error
    if not isinstance(raw, dict):
        raise SurveyFileError(_("A survey is written as an object, with { at its beginning."))
    return raw


def _no_json() -> str:
    return str(
        _("The file holds characters or numbers that JSON does not have. Save it as UTF-8 and try again.")
    )


class _Twice(ValueError):
    """A name stands twice in one object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        name = next(key for key, _value in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise _Twice(_("“%(name)s” stands twice in one object. Delete one of the two.", name=name[:80]))
    return found


def _no_number(_name: str) -> NoReturn:
    raise ValueError


def _taken_marks(raw: dict[str, Any]) -> list[Line]:
    version = raw.pop(MARK, VERSION)
    if version != VERSION:
        raise SurveyFileError(
            _("The file is from another release of this program. Save it again there as it is now.")
        )
    return []


def _untied(raw: Mapping[str, Any]) -> list[Line]:
    """Take out what ties questions to the audiences and prompts of one study, and tell of it."""
    found = []
    for question in _questions(raw):
        tied = question.pop("prompt_id", None) is not None
        for choice in _objects(question.get("choices")):
            tied = choice.pop("audience_id", None) is not None or tied
        if tied:
            words = _("Its tie to an audience or a prompt of another study is taken off.")
            found.append(Line("changed", str(question.get("id", ""))[:80], words))
    return found


def _questions(raw: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [question for page in _objects(raw.get("pages")) for question in _objects(page.get("questions"))]


def _objects(raw: object) -> list[dict[str, Any]]:
    return [one for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []
