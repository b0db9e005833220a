"""What reports say about the numbers of a summary: one wording for the document and the slides.

In the language of the interface, English where nobody asks; numbers look the same in every language.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import get_locale, gettext, ngettext

from survey.formats.summary import (
    Count,
    Summary,
    SummaryCheck,
    SummaryChoice,
    SummaryFacts,
    SummaryHeard,
    SummaryHeardRow,
    SummaryQuestion,
    SummaryTheme,
    SummaryWave,
)
from survey.formats.summary import percent as shown_percent

STABLE, FRAGILE = 0.75, 0.6


def _(sentence: str, **values: object) -> str:
    return str(gettext(sentence, **values))


def language() -> str:
    """The language in which these sentences are, as office documents name it: "en-US"."""
    locale = get_locale()
    return f"{locale.language}-{locale.territory or 'US'}" if locale else "en-US"


def number(count: Count) -> str:
    """A number of people or comments; "hidden" where it is not shown."""
    return _("hidden") if count is None else str(count)


def percent(share: float | None) -> str:
    """A share as per cent: "14.3%"; "hidden" where it is not shown."""
    return _("hidden") if share is None else shown_percent(share)


def figure(value: float | None) -> str:
    """A mean, a weight or another figure, with two decimals."""
    return _("hidden") if value is None else f"{value:.2f}"


def share_of(share: float | None, count: Count) -> str:
    """A share; "hidden" where the count behind it is, nothing where there is no share."""
    return percent(share) if share is not None or count is None else ""


def demo_notice() -> str:
    """What an invented study says about itself."""
    return _("Invented for a demonstration: nobody said any of this.")


def no_quote() -> str:
    """What stands where no quote was cleared."""
    return _("No quote was cleared for this theme.")


def likely(theme: SummaryTheme) -> str:
    """The likely range of the breadth: "likely 4 to 6"."""
    if theme.low == theme.high:
        return _("likely %(low)s", low=theme.low)
    return _("likely %(low)s to %(high)s", low=theme.low, high=theme.high)


def breadth(theme: SummaryTheme) -> str:
    """The breadth for a table: "5 of 6, likely 4 to 6"."""
    if not theme.audiences_of:
        return _("no groups")
    return f"{_('%(k)s of %(of)s', k=theme.audiences_k, of=theme.audiences_of)}, {likely(theme)}"


def breadth_sentence(theme: SummaryTheme) -> str:
    """The breadth as a sentence of its own."""
    if not theme.audiences_of:
        return _("No groups are known, so there is no breadth.")
    k, of, low, high = theme.audiences_k, theme.audiences_of, theme.low, theme.high
    return (
        _("Raised in %(k)s of %(of)s groups, likely %(low)s to %(high)s", k=k, of=of, low=low, high=high)
        + "."
    )


def size(theme: SummaryTheme) -> str:
    """The size as a sentence: "12 comments (14.3%)."."""
    if theme.size is None:
        return _("The number of comments is hidden: they are of too few people.")
    count = ngettext("%(num)s comment", "%(num)s comments", theme.size)
    return f"{count} ({percent(theme.share)})."


def stability(theme: SummaryTheme) -> str:
    """How often the theme comes back, with its word: "stable 0.91"; nothing where it was not measured."""
    if theme.stability is None:
        return ""
    share = f"{theme.stability:.2f}"
    if theme.stability >= STABLE:
        return _("stable %(share)s", share=share)
    return (
        _("watch %(share)s", share=share)
        if theme.stability >= FRAGILE
        else _("fragile %(share)s", share=share)
    )


def stability_sentence(theme: SummaryTheme) -> str:
    """What the stability means."""
    words = stability(theme)
    return words and _("When the comments are drawn again, the theme comes back: %(words)s.", words=words)


def state(theme: SummaryTheme) -> str:
    """Whether people stand behind the theme."""
    return _("Accepted") if theme.state == "accepted" else _("Suggested")


def check(asked: SummaryCheck) -> str:
    """What participants said of the draft of the theme."""
    if asked.yes is None or asked.no is None or asked.asked is None:
        return _("Participants were asked whether we understood them; too few answered to say more.")
    return _(
        "Asked whether we understood them, %(yes)s of %(asked)s participants said yes, %(no)s said no.",
        yes=asked.yes,
        asked=asked.asked,
        no=asked.no,
    )


def groups(theme: SummaryTheme, audiences: Sequence[tuple[str, Count]]) -> str:
    """The comments of each group in the theme, in words, as beside its picture."""
    counts = dict(theme.by_audience)
    return "; ".join(f"{name}: {number(counts.get(name, 0))}" for name, _total in audiences)


def facts(found: SummaryFacts) -> list[tuple[str, str]]:
    """The facts of a study with their names; those that nobody counted are left out."""
    people = [] if found.people is None else [(_("People heard"), str(found.people))]
    # Where there was no survey, there is nothing to say of responses.
    responses = [(_("Responses to surveys"), str(found.responses))] if found.responses else []
    return [
        *people,
        *responses,
        (_("Comments"), str(found.comments)),
        (_("Groups"), str(found.audiences)),
        (_("Themes"), str(found.themes)),
        (_("Comments in no theme"), percent(found.share_in_no_theme)),
    ]


def made(summary: Summary) -> list[tuple[str, str]]:
    """When, by whom and from what a summary was made."""
    none = _("none")
    return [
        (_("Summary"), none if summary.number is None else str(summary.number)),
        (_("Made at"), summary.made_at),
        (_("Made by"), summary.made_by),
        (_("Run"), none if summary.run is None else str(summary.run)),
        (_("Seed"), none if summary.seed is None else str(summary.seed)),
        (_("Revision of the board"), str(summary.board_revision)),
        (_("Fewest people counted"), str(summary.fewest_counted)),
        (_("Fewest people in a group that is named beside a quote"), str(summary.fewest_quoted)),
        (_("Numbers hidden"), str(summary.hidden)),
    ]


def hidden_sentence(summary: Summary) -> str:
    """What "hidden" means, where a number is."""
    return _(
        "“hidden”: the number is not shown, because it would tell of fewer than %(fewest)s people.",
        fewest=summary.fewest_counted,
    )


def heard_by(heard: SummaryHeard) -> str:
    """The title of a table of those heard."""
    titles = {
        "audience": _("People heard by group"),
        "channel": _("People heard by channel"),
        "language": _("People heard by language"),
        "unit": _("People heard by unit"),
    }
    return titles.get(heard.by, heard.by)


def heard_row(row: SummaryHeardRow, heard: SummaryHeard) -> tuple[str, ...]:
    """A group with its people and share, and its target and weight where any group of the table has one."""
    cells = [row.name, number(row.people), share_of(row.share, row.people)]
    if any(one.target is not None for one in heard.rows):
        cells.append("" if row.target is None else percent(row.target))
    if any(one.weight is not None for one in heard.rows):
        cells.append("" if row.weight is None else figure(row.weight))
    return tuple(cells)


def heard_header(heard: SummaryHeard) -> tuple[str, ...]:
    """The header over rows of `heard_row`."""
    target = [_("Target")] if any(row.target is not None for row in heard.rows) else []
    weight = [_("Weight")] if any(row.weight is not None for row in heard.rows) else []
    return (_("Group"), _("People"), _("Share"), *target, *weight)


def under_heard(heard: SummaryHeard) -> str:
    """Which groups were heard clearly less than planned; nothing where none was."""
    names = [row.name for row in heard.rows if row.under_heard]
    if not names:
        return ""
    return _("Heard clearly less than planned: %(names)s.", names="; ".join(names))


def answered(question: SummaryQuestion) -> str:
    """How many answered a question, and whether its shares add up."""
    if question.answered is None:
        words = _("How many people answered is hidden.")
    else:
        count = question.answered
        words = ngettext("%(num)s person answered.", "%(num)s people answered.", count)
    several = _("People could choose several answers, so shares add up to more than the whole.")
    return f"{words} {several}" if question.several else words


def choice_header(question: SummaryQuestion) -> tuple[str, ...]:
    """The header over rows of `choice_row`."""
    names = [_("Answer"), _("People")]
    choices = question.choices
    if _has_shares(choices):
        names += [_("Share"), _("Likely range (95 per cent)")]
    if any(choice.mean is not None for choice in choices):
        names.append(_("Mean"))
    if any(choice.weighted is not None for choice in choices):
        names.append(_("Share after weighting"))
    return tuple(names)


def choice_row(choice: SummaryChoice, question: SummaryQuestion) -> tuple[str, ...]:
    """A choice with its count, share, interval, mean and weighted share, where the question has them."""
    cells = [choice.name, number(choice.count)]
    if _has_shares(question.choices):
        cells += [share_of(choice.share, choice.count), interval(choice)]
    if any(one.mean is not None for one in question.choices):
        cells.append("" if choice.mean is None else figure(choice.mean))
    if any(one.weighted is not None for one in question.choices):
        cells.append("" if choice.weighted is None else percent(choice.weighted))
    return tuple(cells)


def _has_shares(choices: Sequence[SummaryChoice]) -> bool:
    return any(choice.share is not None or choice.count is None for choice in choices)


def interval(choice: SummaryChoice) -> str:
    """The interval of a share: "36.4% to 60.1%"."""
    if choice.low is None or choice.high is None:
        return _("hidden") if choice.count is None else ""
    return _("%(low)s to %(high)s", low=percent(choice.low), high=percent(choice.high))


def figure_name(name: str) -> str:
    """What a figure of numeric answers is called."""
    names = {
        "mean": _("Mean"),
        "median": _("Median"),
        "low": _("Mean, likely at least (95 per cent)"),
        "high": _("Mean, likely at most (95 per cent)"),
    }
    return names.get(name, name.replace("_", " ").capitalize())


def wave(found: SummaryWave) -> str:
    """A figure now against the earlier one: "96.4% against 88.2%: +9.3%"."""
    after, before = (_measured(value, found.unit) for value in (found.after, found.before))
    words = _("%(after)s against %(before)s", after=after, before=before)
    return words if found.change is None else f"{words}: {found.change:+.1%}"


def _measured(value: float, unit: str) -> str:
    return f"{round(value, 1 if unit == '%' else 2):g}{unit}"
