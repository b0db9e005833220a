"""The summary of a study as it was taken away: frozen, one for all formats, the same bytes every time."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, fields
from typing import Any, Literal, Self

FORMAT = "throughline-summary-1"
PlacedBy = Literal["machine", "person", "none"]


class SummaryError(ValueError):
    """The document is not a summary."""


@dataclass(frozen=True, slots=True)
class SummaryFacts:
    """The counts of a study; `share_in_no_theme` is between 0 and 1."""

    comments: int
    audiences: int
    themes: int
    share_in_no_theme: float


@dataclass(frozen=True, slots=True)
class SummaryQuote:
    """A comment shown for its theme: cleared by people, without what they blacked out."""

    text: str
    audience: str | None = None
    prompt: str | None = None


@dataclass(frozen=True, slots=True)
class SummaryTheme:
    """A theme: `size` comments, a `share` of all (0 to 1), and its breadth.

    It occurs in `audiences_k` of `audiences_of` audiences, likely in `low` to `high`; `by_audience` counts
    its comments in each.
    """

    id: str
    name: str
    state: str
    size: int
    share: float
    audiences_k: int
    audiences_of: int
    low: int
    high: int
    only_one_audience: bool = False
    keywords: tuple[str, ...] = ()
    quotes: tuple[SummaryQuote, ...] = ()
    by_audience: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class SummaryComment:
    """A comment, word for word, with the ids of its themes in the order of the board and who placed it there.

    The list of comments is for the office's own use: nobody has cleared it.
    """

    id: str
    text: str
    source_id: str | None = None
    audience: str | None = None
    channel: str | None = None
    prompt: str | None = None
    language: str | None = None
    day: str | None = None
    themes: tuple[str, ...] = ()
    placed_by: PlacedBy = "none"
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything the four formats are written from. `made_at` is ISO 8601 with its offset."""

    study_title: str
    study_slug: str
    demo: bool
    made_at: str
    made_by: str
    run: int | None
    seed: int | None
    board_revision: int
    facts: SummaryFacts
    themes: tuple[SummaryTheme, ...] = ()
    comments: tuple[SummaryComment, ...] = ()
    audiences: tuple[tuple[str, int], ...] = ()
    method: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> bytes:
        """Return the canonical document: UTF-8, sorted keys, no space, equal bytes for equal summaries."""
        document = {"format": FORMAT, "summary": self}
        encoder = json.JSONEncoder(
            default=_as_dict, sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        return encoder.encode(document).encode("utf-8")

    def sha256(self) -> str:
        """Return the hash of the canonical document, in hexadecimal."""
        return hashlib.sha256(self.to_json()).hexdigest()

    @classmethod
    def from_json(cls, document: bytes) -> Self:
        """Read a document that `to_json` wrote.

        Raises
        ------
        SummaryError
            It is not JSON, not a summary, or of another version.
        """
        try:
            outer = json.loads(document)
            if outer["format"] != FORMAT:
                raise SummaryError(f"The document is not in the format {FORMAT}.")
            return cls(**_parts(outer["summary"]))
        except (ValueError, KeyError, TypeError) as error:
            raise SummaryError("The document is not a summary. Export it again.") from error

    def theme_names(self) -> dict[str, str]:
        """Return the name of each theme by its id."""
        return {theme.id: theme.name for theme in self.themes}

    def made_at_utc(self) -> dt.datetime:
        """Return `made_at` as office documents keep it: UTC, without saying so."""
        made_at = dt.datetime.fromisoformat(self.made_at)
        return made_at.astimezone(dt.UTC).replace(tzinfo=None) if made_at.tzinfo else made_at


def percent(share: float) -> str:
    """Return a share between 0 and 1 as it is printed: "14.3%"."""
    return f"{share:.1%}"


def _as_dict(value: Any) -> dict[str, Any]:
    # dataclasses.asdict would copy every text of a large study.
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _parts(document: dict[str, Any]) -> dict[str, Any]:
    return document | {
        "facts": SummaryFacts(**document["facts"]),
        "themes": tuple(_theme(theme) for theme in document["themes"]),
        "comments": tuple(SummaryComment(**_tuples(comment)) for comment in document["comments"]),
        "audiences": _pairs(document["audiences"]),
        "method": _pairs(document["method"]),
    }


def _theme(document: dict[str, Any]) -> SummaryTheme:
    quotes = tuple(SummaryQuote(**quote) for quote in document["quotes"])
    pairs = _pairs(document["by_audience"])
    return SummaryTheme(**(_tuples(document) | {"quotes": quotes, "by_audience": pairs}))


def _tuples(document: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in document.items()}


def _pairs(document: list[list[Any]]) -> tuple[tuple[Any, ...], ...]:
    return tuple(tuple(pair) for pair in document)
