"""A summary with something of everything a release can show, hostile names and hidden numbers among it."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from survey import models
from survey.dates import now
from survey.formats.release_parts import Parts
from survey.formats.summary import (
    SMALL_GROUPS,
    Summary,
    SummaryCheck,
    SummaryChoice,
    SummaryComment,
    SummaryCross,
    SummaryFacts,
    SummaryHeard,
    SummaryHeardRow,
    SummaryQuestion,
    SummaryQuote,
    SummarySection,
    SummarySession,
    SummaryTheme,
    SummaryWave,
)
from survey.models import Release, Study
from survey.services import releases, studies
from survey.services.release_checks import Clock

MARKUP = '"><svg onload=alert(1)>'
FORMULA = "=HYPERLINK(1)"
MAKER, APPROVER = "facilitator@office.example", "planner@office.example"
CLEARED = "The signal on our street is so weak that my students write essays in a parking lot."
SECRET_COMMENTS = (
    "My neighbour at number twelve told me that the office of permits lost his papers three times.",
    "I am the only librarian with a red bicycle and I think that the new system is a disgrace.",
    "Nobody should ever read this sentence outside of the office because it was not cleared at all.",
)


def a_summary(**more: object) -> Summary:
    """Themes 1 (accepted, hostile name), 2 (accepted), 3 (suggested); two questions with hidden numbers."""
    groups = (("Academia", 40), (FORMULA, 31), (SMALL_GROUPS, 12))
    summary = Summary(
        study_title="IT Strategic Plan",
        study_slug="it-plan",
        demo=False,
        made_at="2026-03-01T12:00:00+00:00",
        made_by=MAKER,
        run=1,
        seed=7,
        board_revision=3,
        facts=SummaryFacts(83, 3, 3, 0.09, people=31, responses=25),
        themes=(
            _theme(
                "1",
                MARKUP,
                by=(("Academia", 12), (FORMULA, 0), (SMALL_GROUPS, None)),
                quotes=(
                    SummaryQuote(CLEARED, "Academia", "What works well?"),
                    SummaryQuote("<b>Bold</b> words"),
                ),
            ),
            _theme(
                "2",
                "Services on a phone",
                by=(("Academia", 3), (FORMULA, 9), (SMALL_GROUPS, 2)),
                quotes=(SummaryQuote("One account for every department would save me a day."),),
                check=SummaryCheck(6, None, 7),
            ),
            _theme(
                "3",
                "Undecided matter",
                state="suggested",
                only_one_audience=True,
                by=(("Academia", 5), (FORMULA, 0), (SMALL_GROUPS, 0)),
            ),
        ),
        comments=tuple(
            SummaryComment(f"c{place}", text, themes=("1",))
            for place, text in enumerate((CLEARED, *SECRET_COMMENTS))
        ),
        audiences=groups,
        method=(
            ("Breadth", "In how many groups."),
            ("List of comments", "For the office only."),
            ("Decisions by people", f"12 stand; the last by {APPROVER}."),
        ),
        number=1,
        language="en",
        languages=("en", "es", "ar"),
        heard=(
            SummaryHeard(
                "audience",
                (
                    SummaryHeardRow("Academia", 13, 0.42, 0.3, 0.71),
                    SummaryHeardRow("Tech", None, None, 0.4, None, True),
                ),
            ),
        ),
        questions=(
            SummaryQuestion(
                "services/ease",
                "services",
                "How easy is it?",
                "one_choice",
                25,
                choices=(
                    SummaryChoice("easy", "Easy", 17, 0.68, 0.48, 0.83, names=(("es", "Fácil"),)),
                    SummaryChoice("hard", "Hard", None, None, names=(("es", "Difícil"),)),
                ),
                labels=(("es", "¿Qué tan fácil es?"),),
            ),
            SummaryQuestion(
                "services/age",
                "services",
                "How old are you?",
                "number",
                25,
                numbers=(("mean", 41.5), ("median", None)),
            ),
        ),
        crosses=(
            SummaryCross(
                "services/ease@unit",
                "services",
                "How easy is it?",
                "Unit",
                ("Parks", "Police"),
                (("Easy", (7, 10)), ("Hard", (None, None))),
                (None, 13),
                "Small groups are hidden.",
            ),
        ),
        waves=(
            SummaryWave("ease", "People who find it easy", 88.2, 96.4, 0.093, "%", "Plan 2019", "Plan 2024"),
        ),
        sessions=(SummarySession("Academia", "Evening at the library", "2026-02-03", 2, 44),),
        appendix=(
            SummarySection(
                "Decisions",
                (
                    ("Merge", f"2026-02-10, {APPROVER} put “Phones” into “Services on a phone”"),
                    ("Split", "Mary Planner split “Internet”"),
                ),
            ),
        ),
        hidden=5,
    )
    return replace(summary, **more)  # type: ignore[arg-type]


def _theme(
    id: str, name: str, by: tuple[tuple[str, int | None], ...], state: str = "accepted", **more: object
) -> SummaryTheme:
    heard = sum(1 for _name, count in by if count != 0)
    theme = SummaryTheme(
        id,
        name,
        state,
        20,
        0.24,
        heard,
        3,
        max(heard - 1, 1),
        3,
        by_audience=by,
        keywords=("neighbour", "bicycle"),
        stability=0.91,
        about=f"About {name}",
        underway="A pilot in two libraries.",
        planned="All branches by 2027.",
    )
    return replace(theme, **more)  # type: ignore[arg-type]


def store(session: Session, study: Study, summary: Summary) -> models.Summary:
    """A frozen summary with this content."""
    document = summary.to_json()
    row = models.Summary(
        study_id=study.id,
        number=summary.number or 1,
        board_revision=summary.board_revision,
        sha256=hashlib.sha256(document).hexdigest(),
        document=zlib.compress(document),
        ledger=[],
        made_by=summary.made_by,
        made_at=summary.made_at_moment(),
    )
    session.add(row)
    session.flush()
    return row


def clock(**ahead: float) -> Clock:
    """Now, or so much later."""
    return Clock(now() + timedelta(**ahead), "America/New_York")


def seen(release: Release, by: str = MAKER, sha256: str = "") -> releases.Seen:
    return releases.Seen(by, release.revision, sha256)


def words(title: str = "What we heard", introduction: str = "Thank you.") -> dict[str, dict[str, str]]:
    return {
        "en": {"title": title, "introduction": introduction},
        "es": {"title": "Lo que oímos", "introduction": ""},
    }


def prepared(session: Session, slug: str = "it-plan", summary: Summary | None = None) -> Release:
    """A draft made of the sample, or of another summary."""
    study = studies.by_slug(session, slug)
    return releases.prepare(session, study, store(session, study, summary or a_summary()), MAKER)


def change(
    session: Session, release: Release, by: str = MAKER, at: datetime | None = None, **parts: object
) -> None:
    """Change what a release shows, its words and its time."""
    wanted = replace(Parts.from_dict(release.parts), **parts)  # type: ignore[arg-type]
    releases.change(session, release, releases.Wanted(wanted, words(), at), seen(release, by))


def approve(session: Session, release: Release, by: str = APPROVER) -> Release:
    """Ask for approval and give it."""
    from survey.services import release_content

    releases.ask(session, release, clock(), seen(release))
    drawn = release_content.drawn(session, release).document
    releases.approve(session, release, clock(), seen(release, by, drawn.content_sha256()))
    return release


def released(
    session: Session, slug: str = "it-plan", summary: Summary | None = None, **parts: object
) -> Release:
    """A release that is public."""
    release = prepared(session, slug, summary)
    change(session, release, **parts)
    return approve(session, release)


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
