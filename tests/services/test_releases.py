"""Releases: four eyes, nothing before its time, nothing that was not cleared, nothing after withdrawing."""

from __future__ import annotations

import zlib
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.dates import now
from survey.errors import NotFound, Refusal, Stale
from survey.formats.release_parts import Parts
from survey.models import AuditRow, Release, Study, Survey, ThemeText, Version
from survey.services import (
    audit,
    release_checks,
    release_content,
    release_public,
    releases,
    studies,
    summaries,
)
from survey.services import surveys as survey_service
from tests.services import answering, releasing
from tests.services.releasing import (
    APPROVER,
    LONG_AGO,
    MAKER,
    SECRET_COMMENTS,
    a_summary,
    approve,
    change,
    clock,
    prepared,
    released,
    seen,
    words,
)


@pytest.fixture(autouse=True)
def _words(app: Flask) -> object:
    """Sentences need the application."""
    with app.test_request_context():
        yield


@pytest.fixture
def draft(session: Session, study: Study) -> Release:
    release = prepared(session)
    change(session, release)
    return release


def actions(session: Session) -> list[str]:
    query = select(AuditRow.action).where(AuditRow.action.like("releases.%"))
    return list(session.scalars(query.order_by(AuditRow.number)))


def drawn_hash(session: Session, release: Release) -> str:
    return release_content.drawn(session, release).document.content_sha256()


def out(session: Session, **later: float) -> list[int]:
    return [one.number for one in release_public.of_study(session, "it-plan", now() + timedelta(**later))]


def open_survey(session: Session, state: str = "open", **columns: object) -> Survey:
    study = studies.by_slug(session, "it-plan")
    raw = answering.document()
    survey = Survey(
        study_id=study.id, slug="it-survey", document=raw, mode="confidential", state=state, **columns
    )
    survey.versions.append(Version(number=1, document=raw, published_at=now()))
    session.add(survey)
    session.flush()
    return survey


def test_the_whole_way_is_written_down(session: Session, draft: Release) -> None:
    assert draft.state == "draft"
    approve(session, draft)
    assert (draft.state, draft.approved_by) == ("approved", APPROVER)
    releases.withdraw(session, draft, "A number was wrong.", seen(draft, APPROVER))
    assert actions(session) == [
        f"releases.{verb}" for verb in ("prepare", "change", "ask", "approve", "withdraw")
    ]
    assert audit.verify(session) == []


def test_it_begins_with_accepted_themes_and_the_words_of_the_study(session: Session, study: Study) -> None:
    release = prepared(session)
    assert release.parts["themes"] == ["1", "2"]
    assert release.words["en"]["title"] == "IT Strategic Plan"
    change(session, release)
    again = releases.prepare(session, studies.by_slug(session, "it-plan"), release.summary, MAKER)
    assert (again.number, again.words) == (2, words())


@pytest.mark.parametrize("by", [MAKER, MAKER.upper()])
def test_attack_nobody_approves_what_they_prepared(session: Session, draft: Release, by: str) -> None:
    with pytest.raises(Refusal, match="another person"):
        approve(session, draft, by)
    assert (draft.state, draft.document) == ("asked", None)


def test_attack_nobody_approves_what_they_changed_last(session: Session, draft: Release) -> None:
    change(session, draft, APPROVER)
    with pytest.raises(Refusal, match="another person"):
        approve(session, draft, APPROVER)
    # Whoever made it cannot either: a third person has to.
    draft.state = "draft"
    session.flush()
    with pytest.raises(Refusal, match="another person"):
        approve(session, draft, MAKER)
    draft.state = "draft"
    session.flush()
    assert approve(session, draft, "third@office.example").state == "approved"


def test_attack_the_database_itself_wants_four_eyes(session: Session, draft: Release) -> None:
    with pytest.raises(IntegrityError):
        session.execute(
            update(Release).where(Release.id == draft.id).values(approved_by=MAKER, state="approved")
        )


def test_a_change_after_asking_needs_asking_again(session: Session, draft: Release) -> None:
    releases.ask(session, draft, clock(), seen(draft))
    change(session, draft, waves=())
    assert draft.state == "draft"
    with pytest.raises(Refusal, match="not asked for"):
        releases.approve(session, draft, clock(), seen(draft, APPROVER, drawn_hash(session, draft)))


def test_what_changed_since_it_was_looked_at_is_not_approved(session: Session, draft: Release) -> None:
    releases.ask(session, draft, clock(), seen(draft))
    looked_at = drawn_hash(session, draft)
    session.add(ThemeText(study_id=draft.study_id, theme=2, language="es", name="Otro nombre"))
    session.flush()
    with pytest.raises(Stale):
        releases.approve(session, draft, clock(), seen(draft, APPROVER, looked_at))
    with pytest.raises(Stale):
        releases.approve(session, draft, clock(), seen(draft, APPROVER))


def test_attack_nobody_adds_words_after_asking_and_approves_them_alone(
    session: Session, draft: Release
) -> None:
    releases.ask(session, draft, clock(), seen(draft))
    session.add(ThemeText(study_id=draft.study_id, theme=2, language="es", name="", planned="Prometido."))
    session.flush()
    with pytest.raises(Stale, match="Ask for it again"):
        releases.approve(session, draft, clock(), seen(draft, APPROVER, drawn_hash(session, draft)))
    # Asking again is standing behind it, so then another one has to approve it.
    releases.ask(session, draft, clock(), seen(draft, APPROVER))
    with pytest.raises(Refusal, match="another person"):
        releases.approve(session, draft, clock(), seen(draft, APPROVER, drawn_hash(session, draft)))
    with pytest.raises(Refusal, match="asked for already"):
        releases.ask(session, draft, clock(), seen(draft))
    third = seen(draft, "third@office.example", drawn_hash(session, draft))
    releases.approve(session, draft, clock(), third)
    assert draft.state == "approved"


def test_an_old_page_changes_nothing(session: Session, draft: Release) -> None:
    old = seen(draft)
    change(session, draft, waves=())
    for act in (
        lambda: releases.change(session, draft, releases.Wanted(Parts(), {}), old),
        lambda: releases.ask(session, draft, clock(), old),
        lambda: releases.discard(session, draft, old),
    ):
        with pytest.raises(Stale):
            act()
    assert draft.parts["themes"] == ["1", "2"]


def test_what_was_approved_does_not_change(session: Session, draft: Release) -> None:
    approve(session, draft)
    for act in (lambda: change(session, draft), lambda: releases.discard(session, draft, seen(draft))):
        with pytest.raises(Refusal, match="does not change"):
            act()
    document = release_content.read(draft)
    session.add(ThemeText(study_id=draft.study_id, theme=2, language="es", name="Later"))
    session.flush()
    assert release_content.read(draft) == document
    assert document.to_json() == zlib.decompress(draft.document or b"")


def test_words_of_themes_in_other_languages_are_frozen_with_it(session: Session, draft: Release) -> None:
    for theme, language, name in (
        (2, "es", "Servicios"),
        (3, "es", "Not shown"),
        (2, "fr", "No such language"),
        (2, "", "Own"),
    ):
        session.add(ThemeText(study_id=draft.study_id, theme=theme, language=language, name=name))
    session.flush()
    approve(session, draft)
    assert [(t.theme, t.language, t.name) for t in release_content.read(draft).themes] == [
        ("2", "es", "Servicios")
    ]


def test_nothing_is_out_before_its_time(session: Session, draft: Release) -> None:
    change(session, draft, at=now() + timedelta(hours=2))
    assert out(session, hours=3) == []
    approve(session, draft)
    assert out(session) == []
    assert out(session, hours=3) == [1]
    assert release_public.all_latest(session, now()) == []
    assert release_public.all_out(session, now()) == []
    with pytest.raises(NotFound):
        release_public.numbered(release_public.of_study(session, "it-plan", now()), 1)


def test_a_time_that_is_past_is_the_moment_of_approval(session: Session, draft: Release) -> None:
    change(session, draft, at=LONG_AGO)
    before = now().replace(microsecond=0)
    approve(session, draft)
    assert before <= draft.release_at <= now()  # type: ignore[operator]
    assert release_content.read(draft).released_at == draft.release_at.astimezone(clock().zone).isoformat()  # type: ignore[union-attr]


def test_the_latest_that_stands_is_shown_and_earlier_ones_stay(session: Session, study: Study) -> None:
    one = released(session)
    plan = studies.by_slug(session, "it-plan")
    two = releases.prepare(session, plan, one.summary, MAKER)
    approve(session, two)
    there = release_public.of_study(session, "it-plan", now())
    assert [release.number for release in there] == [2, 1]
    assert (
        release_public.latest(there),
        release_public.newer(there, one),
        release_public.newer(there, two),
    ) == (two, two, None)
    assert releases.latest_public(session, plan, now()) is two
    releases.withdraw(session, two, "Wrong.", seen(two, APPROVER))
    there = release_public.of_study(session, "it-plan", now())
    assert (release_public.latest(there), release_public.newer(there, one)) == (one, None)
    assert [row.number for row, _document in release_public.all_latest(session, now())] == [1]


def test_what_was_withdrawn_before_its_time_never_was(session: Session, draft: Release) -> None:
    change(session, draft, at=now() + timedelta(hours=2))
    approve(session, draft)
    releases.withdraw(session, draft, "Too early.", seen(draft, APPROVER))
    assert out(session, hours=3) == []
    assert release_public.all_out(session, now() + timedelta(hours=3)) == []


@pytest.mark.parametrize("note", ["", "  \n", "x" * 3000, "a\0b"])
def test_withdrawing_needs_a_note(session: Session, draft: Release, note: str) -> None:
    approve(session, draft)
    with pytest.raises(Refusal):
        releases.withdraw(session, draft, note, seen(draft, APPROVER))
    assert draft.state == "approved"


@pytest.mark.parametrize(
    "wrong",
    [
        {"en": {"title": "x" * 201, "introduction": ""}},
        {"en": {"title": "", "introduction": "x" * 5001}},
        {"es": {"title": "a\0b", "introduction": ""}},
        {"es": {"title": "\ud800", "introduction": ""}},
    ],
)
def test_words_that_cannot_be_stored_are_refused(
    session: Session, draft: Release, wrong: dict[str, dict[str, str]]
) -> None:
    with pytest.raises(Refusal):
        releases.change(session, draft, releases.Wanted(Parts(), wrong), seen(draft))


def test_without_title_or_parts_nobody_is_asked(session: Session, draft: Release) -> None:
    releases.change(
        session, draft, releases.Wanted(Parts(), {"es": {"title": "Solo"}, "fr": {"title": "x"}}), seen(draft)
    )
    assert set(draft.words) == {"es"}
    with pytest.raises(Refusal, match=r"title in the study's own language.*Nothing is chosen"):
        releases.ask(session, draft, clock(), seen(draft))


def test_ids_that_are_not_there_are_left_out(session: Session, draft: Release) -> None:
    wanted = Parts(themes=("2", "77", "x"), quotes=("1",), data=("theme:1", "theme:2", "no"), sessions=True)
    releases.change(session, draft, releases.Wanted(wanted, words()), seen(draft))
    assert Parts.from_dict(draft.parts) == Parts(themes=("2",), data=("theme:2",), sessions=True)


# A survey behind it takes answers.


def test_while_a_survey_is_open_the_release_must_say_so(session: Session, draft: Release) -> None:
    open_survey(session)
    with pytest.raises(Refusal, match="“IT plan survey” takes answers now"):
        releases.ask(session, draft, clock(), seen(draft))
    change(session, draft, interim=True)
    assert release_content.read(approve(session, draft)).interim


def test_a_survey_reopened_between_asking_and_approving_stops_it(session: Session, draft: Release) -> None:
    survey = open_survey(session, "closed")
    releases.ask(session, draft, clock(), seen(draft))
    survey_service.reopen(session, survey, answering.DAY, by=MAKER)
    with pytest.raises(Refusal, match="takes answers now"):
        releases.approve(session, draft, clock(), seen(draft, APPROVER, drawn_hash(session, draft)))
    # Closed again it is no better: what came in meanwhile is not in the summary.
    survey_service.close(session, survey, by=MAKER)
    with pytest.raises(Refusal, match="took answers after this summary was frozen"):
        releases.approve(session, draft, clock(), seen(draft, APPROVER, drawn_hash(session, draft)))


def test_a_survey_closed_before_the_summary_is_no_hindrance(session: Session, study: Study) -> None:
    survey = open_survey(session)
    survey_service.close(session, survey, by=MAKER)
    later = (now() + timedelta(seconds=1)).isoformat(timespec="seconds")
    release = prepared(session, summary=a_summary(made_at=later))
    assert release_checks.unfinished(session, release.study, release.summary.made_at, clock()) == []


@pytest.mark.parametrize(
    ("closes_on", "waits"), [("2026-02-28", False), ("2026-03-01", True), ("2026-03-05", True)]
)
def test_a_survey_that_ended_by_its_date(
    session: Session, draft: Release, closes_on: str, waits: bool
) -> None:
    from datetime import date

    open_survey(session, closes_on=date.fromisoformat(closes_on))
    found = release_checks.unfinished(session, draft.study, draft.summary.made_at, releasing.clock(days=400))
    assert bool(found) == waits


def test_drafts_and_surveys_of_other_studies_do_not_count(session: Session, draft: Release) -> None:
    open_survey(session, "draft")
    other = open_survey_of_other(session)
    assert other.state == "open"
    assert release_checks.unfinished(session, draft.study, draft.summary.made_at, clock()) == []


def open_survey_of_other(session: Session) -> Survey:
    raw = answering.document()
    survey = Survey(
        study_id=studies.by_slug(session, "other").id, slug="other-survey", document=raw, state="open"
    )
    session.add(survey)
    session.flush()
    return survey


# Words of comments that nobody cleared.


@pytest.mark.parametrize("field", ["introduction", "title"])
def test_attack_words_of_an_uncleared_comment_are_noticed(
    session: Session, draft: Release, field: str
) -> None:
    copied = " ".join(SECRET_COMMENTS[1].upper().split()[2:12])
    wanted = {"en": {"title": "What we heard", "introduction": "", field: f"They said: {copied}!"}}
    releases.change(session, draft, releases.Wanted(Parts.from_dict(draft.parts), wanted), seen(draft))
    with pytest.raises(Refusal, match="a comment that nobody cleared: “"):
        releases.ask(session, draft, clock(), seen(draft))


def test_attack_words_of_a_comment_in_a_translated_theme_are_noticed(
    session: Session, draft: Release
) -> None:
    session.add(ThemeText(study_id=draft.study_id, theme=1, language="es", planned=SECRET_COMMENTS[2]))
    session.flush()
    with pytest.raises(Refusal, match="nobody should ever read this sentence"):
        releases.ask(session, draft, clock(), seen(draft))


def test_words_of_a_cleared_quote_may_be_used(session: Session, draft: Release) -> None:
    wanted = {"en": {"title": "What we heard", "introduction": releasing.CLEARED}}
    releases.change(session, draft, releases.Wanted(Parts.from_dict(draft.parts), wanted), seen(draft))
    releases.ask(session, draft, clock(), seen(draft))
    assert draft.state == "asked"


def test_signs_of_chinese_are_counted_one_by_one(session: Session, study: Study) -> None:
    from survey.formats.summary import SummaryComment

    release = prepared(
        session,
        summary=a_summary(comments=(SummaryComment("c", "我住在十二号,邻居告诉我许可证办公室丢了文件"),)),
    )
    wanted = {"en": {"title": "What we heard", "introduction": "有人说:邻居告诉我许可证办公室。"}}
    releases.change(session, release, releases.Wanted(Parts.from_dict(release.parts), wanted), seen(release))
    with pytest.raises(Refusal, match="nobody cleared"):
        releases.ask(session, release, clock(), seen(release))


# Documents that were tampered with.


@pytest.mark.parametrize("bad", [b"", b"junk", zlib.compress(b"{}"), None])
def test_attack_a_changed_document_is_not_read(session: Session, draft: Release, bad: bytes | None) -> None:
    approve(session, draft)
    draft.document = bad
    session.flush()
    with pytest.raises(Refusal, match="changed after it was approved"):
        release_content.read(draft)
    assert release_public.all_latest(session, now()) == []


def test_attack_changed_words_are_noticed_even_when_it_is_a_release(session: Session, draft: Release) -> None:
    approve(session, draft)
    plain = zlib.decompress(draft.document or b"").replace(b"What we heard", b"What we wish")
    draft.document = zlib.compress(plain)
    session.flush()
    with pytest.raises(Refusal):
        release_content.read(draft)


def test_a_summary_that_was_changed_makes_no_release(session: Session, draft: Release) -> None:
    draft.summary.document = zlib.compress(a_summary(study_title="Other").to_json())
    session.flush()
    with pytest.raises(Refusal, match="was changed after it was frozen"):
        releases.ask(session, draft, clock(), seen(draft))


def test_only_studies_with_a_published_survey_say_that_nothing_is_out(session: Session, study: Study) -> None:
    assert not release_public.has_survey(session, "it-plan")
    survey = open_survey(session, "draft")
    assert release_public.has_survey(session, "it-plan")
    session.delete(survey.versions[0])
    session.flush()
    session.expire(survey)
    assert not release_public.has_survey(session, "it-plan")
    for slug in ("no-such", "", "\0", "x" * 500, "IT-PLAN"):
        assert not release_public.has_survey(session, slug)
        assert release_public.of_study(session, slug, now()) == []


def test_a_real_summary_can_be_released(session: Session, study: Study) -> None:
    from tests.boards import add_comments, add_run

    add_comments(session, study)
    add_run(session, study)
    plan = studies.by_slug(session, "it-plan")
    release = releases.prepare(session, plan, summaries.freeze(session, plan, MAKER), MAKER)
    themes = tuple(theme.id for theme in release_content.summary_of(release).themes)
    change(session, release, themes=themes)
    document = release_content.read(approve(session, release))
    assert len(document.summary.themes) == 3
    assert b"Comment a1" not in document.to_json()
