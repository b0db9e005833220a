"""The shapes of double coding: samples, one's own codes, agreement, what two people disagree on."""

from __future__ import annotations

from survey.board import ENTRY
from survey.services.codings import NOTE_LENGTH
from survey.services.samples import FEWEST, MOST, MOST_SEED, PER_PAGE
from survey.views.api.board_schemas import BY
from survey.views.api.schemas import (
    COMMENT_ID,
    COMPONENTS,
    MOMENT,
    THEME_ID,
    Schema,
    members,
    of,
    or_null,
    page_of,
    sent,
    some,
    text,
    whole,
    yes_or_no,
)

POSITION = whole("The place of the comment in the sample.", least=1)
GIVEN = some(THEME_ID, "Themes of the sample, the main one first; none for “none of these”.")
NUMBER_OR_NONE: Schema = {"type": ["number", "null"]}
FIGURE = members(
    "A figure of agreement with its 95 % interval.",
    value=NUMBER_OR_NONE,
    low=NUMBER_OR_NONE,
    high=NUMBER_OR_NONE,
    reason=or_null(text("Why there is no value.")),
)
SAID = {"themes": GIVEN, "unsure": yes_or_no("Whether the coder is not sure."), "note": text()}
HOWS = ("first", "second", "own", "left")
COMPONENTS |= {
    "SampleCoder": members(
        "One of the two who code a sample.",
        place=whole("1 or 2.", least=1, most=2),
        email=BY,
        name=text(),
        coded=whole("How many comments so far."),
        finished=yes_or_no("Whether that is the end of it."),
    ),
    "Sample": members(
        "Comments that two people code, each without seeing the other.",
        number=whole(least=1),
        state=text("Compared when both have finished.", enum=["coding", "comparing", "compared"]),
        comments=whole("Comments of it that are still there."),
        size=whole("Comments that were drawn."),
        seed=whole(most=MOST_SEED),
        per_page=whole("Comments on a page, for those who code in a browser."),
        hide_context=yes_or_no("Whether coders see neither audience nor prompt."),
        coders=some(of("SampleCoder")),
        place=or_null(whole("Which of them you are.", least=1, most=2)),
        made_by=BY,
        made_at=MOMENT,
    ),
    "Samples": members(
        "The samples of a study, newest first.",
        items=some(of("Sample")),
        people=some(members("Who could code.", email=BY, name=text())),
    ),
    "SampleTheme": members(
        "A theme as it stood when the sample was drawn.",
        theme=THEME_ID,
        name=text(),
        parent=or_null(text("The name of the theme that it stood under.")),
        **{part: text() for part in ENTRY},
    ),
    "Figure": FIGURE,
    "Agreement": members(
        "How far the two agree. It was computed once and does not change.",
        comments=whole(),
        same=of("Figure"),
        sets=of("Figure"),
        main=members("By main theme.", same=of("Figure"), kappa=of("Figure"), alpha=of("Figure")),
        themes=some(
            members(
                "One theme, as yes or no.",
                theme=or_null(whole("Null for “none of these”.", least=1)),
                first=whole("Comments that the first coder put there."),
                second=whole(),
                both=whole(),
                same=of("Figure"),
                kappa=of("Figure"),
            )
        ),
    ),
    "SamplePage": members(
        "A sample with its themes.",
        sample=of("Sample"),
        themes=some(of("SampleTheme")),
        agreement=or_null(of("Agreement")),
    ),
    "NewSample": sent(
        "What to draw, and who codes it.",
        {
            "size": whole("How many comments.", FEWEST, MOST),
            "coders": some(text(maxLength=254), "Two people, by e-mail.", minItems=2, maxItems=2),
            "seed": or_null(whole("Null to have one chosen.", most=MOST_SEED)),
            "by_audience": yes_or_no("Whether audiences are drawn in proportion. Yes, unless you say so."),
            "by_theme": yes_or_no("Whether each theme is seen. Yes, unless you say so."),
            "hide_context": yes_or_no("Whether coders see neither audience nor prompt."),
            "per_page": {"enum": list(PER_PAGE), "description": "For those who code in a browser."},
        },
        required=("size", "coders"),
    ),
    "Said": members("What a coder said of a comment.", **SAID),
    "ToCode": members(
        "A comment as its coder sees it.",
        position=POSITION,
        text=text(),
        language=or_null(text()),
        audience=or_null(text("The name of its audience, if it is not hidden.")),
        prompt=or_null(text("What was asked, if it is not hidden.")),
        said=or_null(of("Said")),
    ),
    "OwnCodes": members(
        "The comments that you code, and what you said. Nobody else is shown that before both finished.",
        finished=yes_or_no("Whether you have finished."),
        items=some(of("ToCode")),
    ),
    "NewCodes": sent(
        "What you say of a comment.",
        {
            "themes": {**GIVEN, "maxItems": 1_000},
            "unsure": SAID["unsure"],
            "note": text("The other reads it once both have finished.", maxLength=NOTE_LENGTH),
        },
        required=("themes",),
    ),
    "Disagreement": members(
        "A comment that the two put into different themes.",
        position=POSITION,
        comment=COMMENT_ID,
        text=text(),
        first=of("Said"),
        second=of("Said"),
        settled=or_null(
            members(
                "How it was settled.",
                how=text(enum=list(HOWS)),
                themes=or_null(GIVEN),
                by=BY,
                edit=or_null(whole("The number of the decision on the board, if it made one.", least=1)),
                undone=yes_or_no("Whether that decision was undone since."),
            )
        ),
    ),
    "Disagreements": page_of("Disagreement", "What the two disagree on, 10 a page."),
    "Settlement": sent(
        "How to settle a comment: as a coder said, by other themes, or not at all.",
        {
            "how": {"enum": list(HOWS)},
            "themes": {**GIVEN, "maxItems": 1_000},
            "seen_revision": of("SeenRevision"),
        },
        required=("how", "seen_revision"),
    ),
}
