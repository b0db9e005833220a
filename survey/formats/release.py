"""A release: what the public sees of a summary, frozen; page, open data and feed are written from it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields, replace
from typing import Any, Self, cast

from survey.formats.summary import Summary, build

FORMAT = "throughline-release-1"


class ReleaseError(ValueError):
    """The document is not a release."""


@dataclass(frozen=True, slots=True)
class ReleaseWords:
    """Title and introduction in one language; either may be empty in all but the first."""

    language: str
    title: str = ""
    introduction: str = ""


@dataclass(frozen=True, slots=True)
class ThemeWords:
    """What planners wrote about a theme in another language than the study's own."""

    theme: str
    language: str
    name: str = ""
    about: str = ""
    underway: str = ""
    planned: str = ""


@dataclass(frozen=True, slots=True)
class PublicRelease:
    """One public state of results.

    `summary` is cut down to what was chosen: no comments, no name of staff. `data` names what is in the open
    data, as "kind:id". `interim` says that surveys behind it still took answers, `left_out` how many themes
    of the summary are not shown. `released_at` is ISO 8601, empty until the release was approved.
    """

    number: int
    summary: Summary
    words: tuple[ReleaseWords, ...]
    themes: tuple[ThemeWords, ...] = ()
    data: tuple[str, ...] = ()
    interim: bool = False
    left_out: int = 0
    released_at: str = ""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which it can be read, the study's own first."""
        return tuple(words.language for words in self.words) or (self.summary.language,)

    @property
    def title(self) -> str:
        """The title in its own language."""
        return self.words[0].title if self.words else self.summary.study_title

    def to_json(self) -> bytes:
        """Return the canonical document: UTF-8, sorted keys, equal bytes for equal releases."""
        encoder = json.JSONEncoder(
            default=_as_dict, sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        return encoder.encode({"format": FORMAT, "release": self}).encode("utf-8")

    def sha256(self) -> str:
        """Return the hash of the canonical document, in hexadecimal."""
        return hashlib.sha256(self.to_json()).hexdigest()

    def content_sha256(self) -> str:
        """Return the hash of what is shown, whenever it is released: what an approver looked at."""
        return replace(self, released_at="").sha256()

    @classmethod
    def from_json(cls, document: bytes) -> Self:
        """Read a document that `to_json` wrote; raise `ReleaseError` for anything else."""
        try:
            outer = json.loads(document)
            if outer["format"] != FORMAT:
                raise ReleaseError(f"The document is not in the format {FORMAT}.")
            return cast("Self", build(cls, outer["release"]))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise ReleaseError("The document is not a release.") from error


def _as_dict(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(value)}
