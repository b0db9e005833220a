"""A comparison in words: what became of a theme, why it looks so, and the picture of it all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from babel.lists import format_list
from flask_babel import format_percent, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from survey.comparing import KINDS, Comparison, Flow, Standing, Suggestion, Theme
from survey.flow_picture import STRAY, Band, End, Heads, flow_picture

KIND_WORDS = {
    "continued": _l("continued"),
    "renamed": _l("renamed"),
    "merged": _l("merged"),
    "split": _l("split"),
    "dropped": _l("dropped"),
    "new": _l("new"),
}
# What a worker says it is doing, here so that it is translated.
STAGES = (
    _l("Reading the earlier themes"),
    _l("Reading the themes of now"),
    _l("Comparing the themes"),
    _l("Storing the comparison"),
)


def kind_word(kind: str) -> str:
    """The name of a kind in the page's language."""
    return str(KIND_WORDS[kind])


def quoted(names: Iterable[str]) -> str:
    """Names in quotation marks as a list in the page's language."""
    return str(format_list([f"“{name}”" for name in names], locale=get_locale()))


def became(kind: str, old: Sequence[str], new: Sequence[str]) -> str:
    """What became of themes, by name, as a sentence."""
    before, after = quoted(old), quoted(new)
    said = {
        "continued": _("%(old)s goes on.", old=before),
        "renamed": _("%(old)s is now called %(new)s.", old=before, new=after),
        "merged": _("%(old)s became one theme: %(new)s.", old=before, new=after),
        "split": _("%(old)s was split into %(new)s.", old=before, new=after),
        "dropped": _("%(old)s is not among the themes any more.", old=before),
        "new": _("%(new)s is new.", new=after),
    }
    return str(said[kind])


def suggested(suggestion: Suggestion) -> str:
    """A suggestion as a sentence."""
    names = [theme.name for theme in suggestion.old], [theme.name for theme in suggestion.new]
    return became(suggestion.kind, *names)


def reason(suggestion: Suggestion, basis: str) -> str:
    """Why it looks so, with the numbers."""
    if suggestion.nearest is None and suggestion.kind in ("dropped", "new"):
        return str(_("No theme on the other side comes near it."))
    told = _by_words(suggestion) if basis == "words" else _by_comments(suggestion)
    if suggestion.nearest is None:
        return told
    return str(_("Nearest to it is %(name)s.", name=quoted([suggestion.nearest.name]))) + " " + told


def _by_words(suggestion: Suggestion) -> str:
    return str(_("Their words are %(share)s alike.", share=format_percent(suggestion.likeness)))


def _by_comments(suggestion: Suggestion) -> str:
    return str(
        ngettext(
            "%(num)s comment is in both: %(old)s of the earlier side and %(new)s of the side of now.",
            "%(num)s comments are in both: %(old)s of the earlier side and %(new)s of the side of now.",
            suggestion.shared,
            old=format_percent(suggestion.of_old),
            new=format_percent(suggestion.of_new),
        )
    )


def counts(standings: Sequence[Standing]) -> list[tuple[str, int]]:
    """How many suggestions there are of each kind, for the kinds that there are."""
    number = Counter(standing.suggestion.kind for standing in standings)
    return [(kind, number[kind]) for kind in KINDS if number[kind]]


def ends(comparison: Comparison) -> tuple[list[Theme], list[Theme]]:
    """The themes of both sides in the order of the picture: those that belong together, side by side."""
    return (
        [theme for suggestion in comparison.suggestions for theme in suggestion.old],
        [theme for suggestion in comparison.suggestions for theme in suggestion.new],
    )


def picture(comparison: Comparison, heads: Heads) -> Markup:
    """The picture of a comparison."""
    old, new = ends(comparison)
    kinds = {
        (side, t.id): s.kind for s in comparison.suggestions for side in (0, 1) for t in (s.old, s.new)[side]
    }
    drawn = [[End(t.name, t.share, kinds[side, t.id]) for t in (old, new)[side]] for side in (0, 1)]
    bands = [_band(flow, old, new, kinds[0, flow.old], comparison.basis) for flow in comparison.flows]
    told = " ".join(suggested(suggestion) for suggestion in comparison.suggestions)
    return flow_picture(drawn[0], drawn[1], bands, heads, _("What became of each theme"), told)


def _band(flow: Flow, old: Sequence[Theme], new: Sequence[Theme], kind: str, basis: str) -> Band:
    left = next(place for place, theme in enumerate(old) if theme.id == flow.old)
    right = next(place for place, theme in enumerate(new) if theme.id == flow.new)
    names = {"old": old[left].name, "new": new[right].name}
    if basis == "words":
        title = _(
            "From “%(old)s” to “%(new)s”: words %(share)s alike", share=format_percent(flow.likeness), **names
        )
        return Band(left, right, 1.0, 1.0, kind, title)
    title = ngettext(
        "From “%(old)s” to “%(new)s”: %(num)s comment",
        "From “%(old)s” to “%(new)s”: %(num)s comments",
        flow.shared,
        **names,
    )
    return Band(left, right, flow.of_old, flow.of_new, STRAY if flow.astray else kind, title)
