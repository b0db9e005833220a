"""The summary of a study as it was taken away: frozen, one for all formats, the same bytes every time."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, Literal, Self, cast, get_args, get_type_hints

FORMAT = "throughline-summary-2"
# Summaries of earlier releases: they have none of the parts that came later.
EARLIER = ("throughline-summary-1",)
Count = int | None
"""A number that went through the disclosure gate: None where it is hidden."""
HIDDEN = "hidden"
"""What stands where a number is not shown, because it would stand for too few people."""
SMALL_GROUPS = "Smaller groups together"
"""The name under which groups too small to be shown are counted together."""
PlacedBy = Literal["machine", "person", "none"]


class SummaryError(ValueError):
    """The document is not a summary."""


@dataclass(frozen=True, slots=True)
class SummaryFacts:
    """The counts of a study; `share_in_no_theme` is between 0 and 1.

    `people` were heard in all, `responses` came to surveys.
    """

    comments: int
    audiences: int
    themes: int
    share_in_no_theme: float
    people: Count = None
    responses: Count = None


@dataclass(frozen=True, slots=True)
class SummaryQuote:
    """A comment shown for its theme: cleared by people, without what they blacked out."""

    text: str
    audience: str | None = None
    prompt: str | None = None


@dataclass(frozen=True, slots=True)
class SummaryCheck:
    """What participants said of a draft theme of their own group: did we understand you?"""

    yes: Count
    no: Count
    asked: Count


@dataclass(frozen=True, slots=True)
class SummaryTheme:
    """A theme: `size` comments, a `share` of all (0 to 1; None with `size`), and its breadth.

    It occurs in `audiences_k` of `audiences_of` audiences, likely in `low` to `high`; `by_audience` counts
    its comments in each one that may be shown (see `Summary.audiences`), `by_channel` and `by_prompt`
    likewise. `about`, `underway` and `planned` are what a planner wrote. `stability` is from 0 to 1.
    `parent` is the id of the theme above, which counts the comments of this one as well; empty for none.
    """

    id: str
    name: str
    state: str
    size: Count
    share: float | None
    audiences_k: int
    audiences_of: int
    low: int
    high: int
    only_one_audience: bool = False
    keywords: tuple[str, ...] = ()
    quotes: tuple[SummaryQuote, ...] = ()
    by_audience: tuple[tuple[str, Count], ...] = ()
    by_channel: tuple[tuple[str, Count], ...] = ()
    by_prompt: tuple[tuple[str, Count], ...] = ()
    stability: float | None = None
    about: str = ""
    underway: str = ""
    planned: str = ""
    check: SummaryCheck | None = None
    parent: str = ""


@dataclass(frozen=True, slots=True)
class SummaryHeardRow:
    """One group of people: how many were heard, their share of all, and the share the planner aims at.

    `weight` is target over share, None where either is missing; `under_heard` says that the group is heard
    clearly less than its target (see docs/reports.md). Weights are never applied to anything else shown.
    """

    name: str
    people: Count
    share: float | None = None
    target: float | None = None
    weight: float | None = None
    under_heard: bool = False


@dataclass(frozen=True, slots=True)
class SummaryHeard:
    """Who was heard: people by "audience", "channel", "language" or "unit"."""

    by: str
    rows: tuple[SummaryHeardRow, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class SummaryChoice:
    """One choice (or row, or part) of a closed question.

    `share` is of those who answered (0 to 1), with the 95 % Wilson interval `low` to `high`; `mean` is there
    for ranks and allocations; `names` is the choice in other languages of the survey. `weighted` is the share
    after weighting to the planner's targets, shown beside `share`, never instead.
    """

    id: str
    name: str
    count: Count
    share: float | None = None
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    weighted: float | None = None
    names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SummaryQuestion:
    """A closed question, or a row of a matrix: `id` is "survey-slug/name in data files", stable over waves.

    `several`: people could choose more than one, so shares add up to more than 1. `numbers` are figures of
    numeric answers by name ("mean", "median", "low", "high": the 95 % interval of the mean). `labels` is the
    question in other languages of the survey.
    """

    id: str
    survey: str
    label: str
    type: str
    answered: Count
    several: bool = False
    choices: tuple[SummaryChoice, ...] = ()
    numbers: tuple[tuple[str, float | None], ...] = ()
    note: str = ""
    language: str = "en"
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SummaryCross:
    """A cross table: counts of people by a question (`rows`) and another one or a group (`columns`)."""

    id: str
    survey: str
    down: str
    across: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Count, ...]], ...]
    totals: tuple[Count, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class SummaryWave:
    """One figure now against the same one of the earlier study: `change` is `after / before - 1`.

    `figure` says what it is, in words; `unit` is "%" or "".
    """

    id: str
    figure: str
    before: float
    after: float
    change: float | None
    unit: str = ""
    before_title: str = ""
    after_title: str = ""


@dataclass(frozen=True, slots=True)
class SummarySession:
    """A meeting: its audience, day, how many tables and notes; of a small group only that it met."""

    audience: str
    title: str
    day: str | None
    tables: int
    notes: Count


@dataclass(frozen=True, slots=True)
class SummarySection:
    """A section of the method appendix: lines of a label and a text."""

    title: str
    lines: tuple[tuple[str, str], ...]


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
    speaker: str | None = None
    themes: tuple[str, ...] = ()
    placed_by: PlacedBy = "none"
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything that every format is written from. `made_at` is ISO 8601 with its offset.

    `audiences` are those that may be shown, with their comments; the last may be `SMALL_GROUPS`, which
    counts the others together. `fewest_counted` and `fewest_quoted` are the gate's numbers, `hidden` how many
    numbers it kept back. `language` is the study's own, `languages` all of its surveys.
    """

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
    audiences: tuple[tuple[str, Count], ...] = ()
    method: tuple[tuple[str, str], ...] = ()
    number: int | None = None
    description: str = ""
    language: str = "en"
    languages: tuple[str, ...] = ()
    heard: tuple[SummaryHeard, ...] = ()
    questions: tuple[SummaryQuestion, ...] = ()
    crosses: tuple[SummaryCross, ...] = ()
    waves: tuple[SummaryWave, ...] = ()
    sessions: tuple[SummarySession, ...] = ()
    appendix: tuple[SummarySection, ...] = ()
    fewest_counted: int = 5
    fewest_quoted: int = 10
    hidden: int = 0

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
            if outer["format"] not in (FORMAT, *EARLIER):
                raise SummaryError(f"The document is not in the format {FORMAT}.")
            return cast("Self", build(cls, outer["summary"]))
        except (ValueError, KeyError, TypeError) as error:
            raise SummaryError("The document is not a summary. Export it again.") from error

    def theme_names(self) -> dict[str, str]:
        """Return the name of each theme by its id."""
        return {theme.id: theme.name for theme in self.themes}

    def made_at_moment(self) -> dt.datetime:
        """Return `made_at` with its time zone; UTC where it has none."""
        made_at = dt.datetime.fromisoformat(self.made_at)
        return made_at if made_at.tzinfo else made_at.replace(tzinfo=dt.UTC)

    def made_at_utc(self) -> dt.datetime:
        """Return `made_at` as office documents keep it: UTC, without saying so."""
        return self.made_at_moment().astimezone(dt.UTC).replace(tzinfo=None)


def percent(share: float | None) -> str:
    """Return a share between 0 and 1 as it is printed: "14.3%"; HIDDEN for None."""
    return HIDDEN if share is None else f"{share:.1%}"


def counted(count: Count) -> str:
    """Return a number as it is printed; HIDDEN for None."""
    return HIDDEN if count is None else str(count)


def _as_dict(value: Any) -> dict[str, Any]:
    # dataclasses.asdict would copy every text of a large study.
    return {field.name: getattr(value, field.name) for field in fields(value)}


def build(kind: type[Any], document: dict[str, Any]) -> Any:
    """Return a dataclass of this module from what `to_json` made of it; fields left out keep their defaults.

    Raises `KeyError` or `TypeError` where the document does not fit.
    """
    hints = _hints(kind)  # type: ignore[arg-type]
    return kind(**{name: _value(hints[name], value) for name, value in document.items()})


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(hint: Any, value: Any) -> Any:
    """A value of JSON as the type says: dataclasses built, lists as tuples."""
    if value is None or isinstance(value, str | int | float):
        return value
    kinds = [part for part in (hint, *get_args(hint)) if is_dataclass(part)]
    if isinstance(value, dict):
        return build(cast("type[Any]", kinds[0]), value)
    parts = get_args(hint)
    if len(parts) == 2 and parts[1] is Ellipsis:
        parts = (parts[0],) * len(value)
    return tuple(_value(part, one) for part, one in zip(parts, value, strict=True))
