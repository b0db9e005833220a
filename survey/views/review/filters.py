"""Looking at a part of the comments only: what the address asks for, and what can be chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from survey.board import Axis, Board
from survey.languages import language_name
from survey.models import Study
from survey.services import origins
from survey.services.comments import NONE, Filter
from survey.web import db

TEXT_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to choose by: its name in the address, its label, the choices as value and words."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    chosen: str

    @property
    def words(self) -> str:
        """What was chosen, in words."""
        return dict(self.choices).get(self.chosen, self.chosen)


def asked() -> Filter:
    """The filter that the address asks for; what cannot be one is as good as none."""
    axis, _dot, code = _text("code").partition(".")
    return Filter(
        text=_text("text"),
        audience=_id("audience"),
        prompt=_id("prompt"),
        channel=_text("channel"),
        language=_text("language"),
        wave=_text("wave"),
        axis=_whole(axis),
        code=_whole(code) if _whole(axis) is not None else None,
    )


def _text(name: str) -> str:
    return request.args.get(name, "").replace("\0", "")[:TEXT_LENGTH]  # PostgreSQL refuses text that holds it


def _id(name: str) -> int | None:
    return _whole(request.args.get(name, ""))


def _whole(text: str) -> int | None:
    """A number that a row can have."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 11 else -1
    return number if 0 <= number < 2**31 else None


def as_arguments(filter: Filter) -> dict[str, str]:
    """The same as the address holds it, for links and forms that stay with it."""
    code = "" if filter.axis is None else f"{filter.axis}.{NONE if filter.code is None else filter.code}"
    parts = {
        "text": filter.text,
        "audience": _number(filter.audience),
        "prompt": _number(filter.prompt),
        "channel": filter.channel,
        "language": filter.language,
        "wave": filter.wave,
        "code": code,
    }
    return {name: value for name, value in parts.items() if value}


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def fields(study: Study, board: Board, filter: Filter) -> list[Field]:
    """What one can choose by: only where there is a choice, or where something was chosen."""
    chosen = as_arguments(filter)
    return [
        Field(name, label, choices, chosen.get(name, ""))
        for name, label, choices in _all(study, board)
        if len(choices) > 1 or chosen.get(name)
    ]


def _all(study: Study, board: Board) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    there = origins.of_study(db(), study)
    yield "audience", _("Group"), [(str(a.id), a.name) for a in study.audiences]
    yield "prompt", _("Prompt"), [(str(p.id), p.text) for p in study.prompts]
    yield "channel", _("Channel"), [(channel, channel) for channel in there.channels]
    yield "language", _("Language"), [(tag, language_name(tag)) for tag in there.languages]
    yield "wave", _("Wave"), [(wave, wave) for wave in there.waves]
    yield "code", _("Code"), [choice for axis in board.axes for choice in _codes(axis)]


def _codes(axis: Axis) -> Iterator[tuple[str, str]]:
    for code, name in axis.codes.items():
        yield f"{axis.id}.{code}", f"{axis.name}: {name}"
    yield f"{axis.id}.{NONE}", _("%(axis)s: not coded yet", axis=axis.name)


def said(filter: Filter, fields: Sequence[Field]) -> list[str]:
    """What the filter leaves in, in words."""
    words = [_("with the words “%(text)s”", text=filter.text)] if filter.text else []
    return words + [f"{field.label}: {field.words}" for field in fields if field.chosen]


def shown(study: Study, board: Board) -> Mapping[str, object]:
    """What a page with a filter needs."""
    filter = asked()
    found = fields(study, board, filter)
    arguments = as_arguments(filter)
    return {"filter": filter, "fields": found, "chosen": said(filter, found), "arguments": arguments}
