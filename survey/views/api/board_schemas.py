"""The shapes of the board, of decisions, runs and jobs."""

from __future__ import annotations

from survey.board import ENTRY, ORDER
from survey.models.theme import RUN_KINDS
from survey.services.runs import GRANULARITIES, MOST_SEED, MOST_THEMES
from survey.services.splits import FEWEST, MOST
from survey.views.api.schemas import (
    COMMENT_ID,
    COMPONENTS,
    MOMENT,
    SAID,
    THEME_ID,
    members,
    number,
    of,
    one_of,
    or_null,
    page_of,
    sent,
    some,
    text,
    whole,
    yes_or_no,
)

BY = text("The e-mail of a person.")
SEED = whole("The same comments with the same seed give the same themes.", most=MOST_SEED)
OLD = text(
    "“board”, “run:” with the number of a run, or “study:” with the short name of an earlier study.",
    pattern="^(board|run:[1-9][0-9]{0,8}|study:[a-z0-9]+(-[a-z0-9]+)*)$",
    maxLength=90,
)
NEW = text("“board”, which it is unless you say so, or a run.", pattern="^(board|run:[1-9][0-9]{0,8})$")
COMPONENTS |= {
    "AudienceCount": members(
        "Comments of one audience.", audience=or_null(whole("Null for none.")), comments=whole()
    ),
    "Breadth": members(
        "In how many audiences a theme occurs.",
        audiences=whole("Audiences with at least one comment on it."),
        of=whole("Audiences of the study."),
        low=whole("Lower end of the 90 % interval."),
        high=whole("Upper end of it."),
        common=yes_or_no("Whether it is common to the audiences heard."),
    ),
    "Note": members(
        "What a person wrote beside a theme.",
        edit=whole("The number of the decision that wrote it.", least=1),
        text=text(),
        by=BY,
        at=MOMENT,
    ),
    "Theme": members(
        "A theme as it stands, with its sub-themes.",
        id=THEME_ID,
        name=text(),
        state=text(enum=list(ORDER)),
        size=whole("Comments in it."),
        breadth=of("Breadth"),
        by_audience=some(of("AudienceCount")),
        keywords=some(text()),
        quotes=some(COMMENT_ID, "Typical comments."),
        stability=or_null(number("How often it came back, 0 to 1, where that was measured.", most=1)),
        parent=or_null(whole("The theme it is a sub-theme of.", least=1)),
        children=some(THEME_ID),
        **{part: text("Of the codebook.") for part in ENTRY},
        office=or_null(whole("The id of the office that answers for it.")),
        lost=yes_or_no("Whether the run of the board does not support it."),
        notes=some(of("Note")),
    ),
    "Axis": members(
        "A second way of coding.",
        axis=whole(least=1),
        name=text(),
        codes=some(members("A code.", code=whole(least=1), name=text())),
    ),
    "Board": members(
        "The themes of a study as they stand. Before the first run there are none.",
        revision=whole("The number of the newest decision: send it as `seen_revision`."),
        run=or_null(whole("The number of the run that the board stands on.", least=1)),
        comments=whole("All comments of the study."),
        unplaced=whole("Comments in no live theme."),
        off_topic=whole("Comments set apart by people."),
        late=whole("Comments that came after the run."),
        totals=some(of("AudienceCount"), "All comments by audience."),
        themes=some(of("Theme"), "In the order of the board."),
        axes=some(of("Axis")),
    ),
    "ThemePage": members("One theme.", revision=whole("The revision of the board."), theme=of("Theme")),
    "PlacedComment": members(
        "A comment and where it stands.",
        **SAID,
        themes=some(THEME_ID, "The themes it is in, rejected and parked ones, too."),
        by_person=yes_or_no("Whether a person put it there, so that no run moves it."),
        weight=or_null(number("How well it fits where the machine put it, 0 to 1.", most=1)),
        reason=or_null(text("Why it is in no live theme.")),
        notes=some(of("Note"), "What people wrote beside it."),
        codes=some(members("A code of an axis.", axis=whole(least=1), code=whole(least=1))),
    ),
    "PlacedComments": page_of("PlacedComment", "Comments, the most typical first, 50 a page."),
    "Decision": members(
        "What somebody decided.",
        number=whole("Its number within the study.", least=1),
        kind=text(),
        told=text("What was decided, as a sentence."),
        details={"type": "object", "description": "What was decided, for programs."},
        comments=whole("How many comments it is about."),
        by=BY,
        at=MOMENT,
        run=whole("The run that the board stood on."),
        undone=yes_or_no("Whether it does not stand any more."),
    ),
    "Decisions": page_of("Decision", "Who decided what, newest first, 50 a page."),
    "DecisionPage": members(
        "One decision with its comments.",
        decision=of("Decision"),
        comments=some(
            members(
                "A comment of a decision.",
                comment=COMMENT_ID,
                themes=or_null(some(THEME_ID, "Its themes after the decision, where that says them.")),
            )
        ),
    ),
    "Decided": members(
        "What a decision changed.",
        number=or_null(whole("Its number; null when the board was as it asks already.", least=1)),
        revision=whole("The revision of the board now."),
        themes=some(of("Theme"), "The themes that are not as they were."),
        gone=some(THEME_ID, "The themes that are not there any more."),
    ),
    "Overtaken": members(
        "Others decided about the same thing: both sides.",
        **COMPONENTS["Problem"]["properties"],
        wanted=text("What you asked for, as a sentence."),
        since=some(of("Decision"), "What others decided since."),
        revision=whole("The revision of the board now: send it to decide all the same."),
        can_still=yes_or_no("Whether that would be possible."),
    ),
    "BoardChanged": members(
        "The board has changed: look at it again.",
        **COMPONENTS["Problem"]["properties"],
        since=some(of("Decision"), "What others decided since."),
        revision=whole("The revision of the board now."),
    ),
    "Run": members(
        "One theme discovery.",
        number=whole(least=1),
        kind=text(enum=list(RUN_KINDS)),
        seed=whole(most=MOST_SEED),
        comments=whole(),
        unplaced=whole(),
        themes=whole("Themes that it found."),
        on_board=yes_or_no("Whether the board stands on it."),
        made_by=BY,
        made_at=MOMENT,
    ),
    "Runs": members("The runs of a study, newest first.", items=some(of("Run"))),
    "FindThemes": sent(
        "Find themes in all comments. What people decided is kept in any case.",
        {
            "kind": {"const": "discover"},
            "themes": or_null(whole("How many; null to have it chosen.", least=1, most=MOST_THEMES)),
            "granularity": {"enum": list(GRANULARITIES), "description": "How finely, without a number."},
            "afresh": yes_or_no("Whether to leave out the suggestions that are on the board."),
            "seed": SEED,
        },
        required=("kind",),
    ),
    "PlaceComments": sent(
        "Place comments by the examples that people gave.",
        {
            "kind": {"const": "place"},
            "every": yes_or_no("Whether to place every comment, or only those in no theme."),
            "seed": SEED,
        },
        required=("kind",),
    ),
    "NewRun": one_of("How to look for themes.", "kind", {"discover": "FindThemes", "place": "PlaceComments"}),
    "ProposeSplit": sent(
        "Have parts of a theme proposed.",
        {
            "kind": {"const": "split"},
            "theme": THEME_ID,
            "parts": or_null(whole("How many; null to have it chosen.", FEWEST, MOST)),
        },
        required=("kind", "theme"),
    ),
    "SuggestComments": sent(
        "Have the comments chosen that would help most if a person placed them.",
        {"kind": {"const": "suggest"}},
        required=("kind",),
    ),
    "CompareThemes": sent(
        "Compare themes with earlier ones.",
        {"kind": {"const": "compare"}, "old": OLD, "new": NEW},
        required=("kind", "old"),
    ),
    "NewJob": one_of(
        "Work that ends in a proposal, not in a run.",
        "kind",
        {"split": "ProposeSplit", "suggest": "SuggestComments", "compare": "CompareThemes"},
    ),
    "ApplyRun": sent(
        "On which board this was decided.", {"seen_revision": of("SeenRevision")}, ("seen_revision",)
    ),
    "Job": members(
        "Long work, and how far it is.",
        id=whole(least=1),
        kind=text(),
        state=text(enum=["waiting", "running", "done", "failed", "cancelled"]),
        progress=number("Share done, 0 to 1.", most=1),
        message=text("What is being done, or why it failed."),
        result={"type": ["object", "null"], "description": "What it made; null before it is done."},
        made_by=BY,
        made_at=MOMENT,
    ),
}
