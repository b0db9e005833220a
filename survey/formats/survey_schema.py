"""The JSON schema of our own survey files, made of the settings that documents are read by.

What a schema cannot say (ids that are there once, texts in the first language, rules that lead somewhere) is
checked when the file is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from survey import document, questions
from survey.conditions import MEASURES, MOST_LEAVES, OPERATORS
from survey.formats.survey_json import MARK, MODES, VERSION
from survey.questions.base import COMMON
from survey.questions.settings import ID, LANGUAGE, LARGEST_NUMBER, MOST_NOTES, MOST_WORDS, Setting

Schema = dict[str, Any]
IDS = {"type": "string", "pattern": f"^{ID.pattern}$"}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _words(setting: Setting) -> Schema:
    most = setting.most or MOST_WORDS
    pattern = f"^{LANGUAGE.pattern}$"
    return {
        "type": "object",
        "additionalProperties": False,
        "patternProperties": {pattern: {"type": "string", "maxLength": most}},
    }


def _whole(setting: Setting) -> Schema:
    return {"type": "integer", "minimum": setting.least, "maximum": setting.most}


def _list(of: str) -> Callable[[Setting], Schema]:
    def schema(setting: Setting) -> Schema:
        return {"type": "array", "items": _ref(of), **({"maxItems": setting.most} if setting.most else {})}

    return schema


def _notes(setting: Setting) -> Schema:
    text = {"type": "string", "maxLength": setting.most or MOST_WORDS}
    return {"type": "object", "maxProperties": MOST_NOTES, "additionalProperties": text}


KINDS: dict[str, Callable[[Setting], Schema]] = {
    "words": _words,
    "whole": _whole,
    "number": lambda _s: {"type": "number", "minimum": -LARGEST_NUMBER, "maximum": LARGEST_NUMBER},
    "yes": lambda _s: {"type": "boolean"},
    "option": lambda setting: {"enum": [value for value, _words in setting.options]},
    "day": lambda _s: {"type": "string", "format": "date"},
    "clock": lambda _s: {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"},
    "line": lambda setting: {"type": "string", "maxLength": setting.most or MOST_WORDS},
    "rule": lambda _s: _ref("rule"),
    "notes": _notes,
    "choices": _list("choice"),
    "choices_and_none": _list("choice"),
    "rows": _list("row"),
}


def _setting(setting: Setting) -> Schema:
    """One setting; what is not needed may be null."""
    found = {"title": str(setting.label), **KINDS[setting.kind](setting)}
    return found if setting.default is not None else {"anyOf": [found, {"type": "null"}]}


def _settings(wanted: Iterable[Setting]) -> Schema:
    return {setting.name: _setting(setting) for setting in wanted}


def _question(kind: str) -> Schema:
    properties = _settings((*COMMON, *questions.TYPES[kind].SETTINGS))
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "type", "label"],
        "properties": {"id": IDS, "type": {"const": kind}, **properties},
    }


def _rule() -> Schema:
    asked = {"question": IDS, "part": IDS}
    parts = {"type": "array", "minItems": 1, "maxItems": MOST_LEAVES, "items": _ref("rule")}
    value = {"anyOf": [{"type": ["string", "number"]}, _object(asked, "question")]}
    compared = {**asked, "of": {"enum": list(MEASURES)}, "op": {"enum": list(OPERATORS)}, "value": value}
    return {
        "oneOf": [
            _object({"all": parts}, "all"),
            _object({"any": parts}, "any"),
            _object({"not": _ref("rule")}, "not"),
            _object({**asked, "is": {"const": "answered"}}, "question", "is"),
            _object(compared, "question", "op", "value"),
        ]
    }


def _object(properties: Schema, *required: str) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": properties,
    }


def schema() -> Schema:
    """The whole schema."""
    label = _words(Setting("label", "words", "", most=300))
    maybe = {"anyOf": [_ref("rule"), {"type": "null"}]}
    choice = {"id": IDS, "label": label, "exclusive": {"type": "boolean"}, "show_if": maybe}
    page = {"id": IDS, "title": _setting(document.PAGE_TITLE), "show_if": maybe}
    asked = {"type": "array", "maxItems": document.MOST_QUESTIONS, "items": _ref("question")}
    tags = {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "string"}}
    whole = {
        MARK: {"const": VERSION},
        "mode": {"enum": list(MODES)},
        "languages": tags,
        "pages": {"type": "array", "maxItems": document.MOST_PAGES, "items": _ref("page")},
        **_settings(document.SETTINGS),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Throughline survey",
        **_object(whole, "title", "languages", "pages"),
        "$defs": {
            "rule": _rule(),
            "choice": _object(choice, "id", "label"),
            "row": _object({"id": IDS, "label": label}, "id", "label"),
            "page": _object({**page, "questions": asked}, "id", "questions"),
            "question": {"oneOf": [_question(kind) for kind in questions.TYPES]},
        },
    }


def text() -> str:
    """The schema as it stands in docs/survey.schema.json."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    print(text(), end="")  # noqa: T201
