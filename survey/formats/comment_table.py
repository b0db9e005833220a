"""Comments as a table of one row each, the same in CSV and in the workbook."""

from collections.abc import Iterator

from survey.formats.summary import Summary, SummaryComment

COMMENT_COLUMNS = (
    "study",
    "invented",
    "comment_id",
    "source_id",
    "text",
    "themes",
    "theme_ids",
    "placed_by",
    "reason",
    "audience",
    "channel",
    "prompt",
    "language",
    "day",
    "speaker",
)


def comment_rows(summary: Summary) -> Iterator[tuple[str, ...]]:
    """Yield the values of COMMENT_COLUMNS for each comment; several themes are joined by "; "."""
    names = summary.theme_names()
    study = (summary.study_slug, "yes" if summary.demo else "no")
    for comment in summary.comments:
        yield (*study, *_row(comment, names))


def theme_marks(summary: Summary) -> Iterator[list[int]]:
    """Yield for each comment a 1 for each theme of the summary that it is in, and a 0 for each other one.

    A comment in a sub-theme is in the theme above, too, so that the marks of a theme add up to its size.
    """
    members = {theme.id: {theme.id} for theme in summary.themes}
    for theme in summary.themes:
        # Themes are one level deep, so nothing is above the one above.
        if theme.parent in members:
            members[theme.parent].add(theme.id)
    for comment in summary.comments:
        yield [int(not members[theme.id].isdisjoint(comment.themes)) for theme in summary.themes]


def _row(comment: SummaryComment, names: dict[str, str]) -> tuple[str, ...]:
    return (
        comment.id,
        comment.source_id or "",
        comment.text,
        "; ".join(names.get(theme, theme) for theme in comment.themes),
        "; ".join(comment.themes),
        comment.placed_by,
        comment.reason or "",
        comment.audience or "",
        comment.channel or "",
        comment.prompt or "",
        comment.language or "",
        comment.day or "",
        comment.speaker or "",
    )
