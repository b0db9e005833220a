"""Notes: stored once, in order, word for word; ended sessions; phones and dots. On both databases."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.db import Database
from survey.errors import NotFound, Refusal, Stale
from survey.models import AuditRow, Comment, GroupSession, Note, NoteVote, RosterEntry, Study
from survey.services import notes, notes_end, notes_phone, notes_since, session_live, sessions, studies
from survey.services.notes import Typed
from survey.services.sessions import Plan
from tests.services.meeting import BY, GROUPS, begin, prepare, typed

HOSTILE = (
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "=cmd|' /C calc'!A0",
    "+1-2@x",
    "\x01\x07\x1b[31m bell",
    "👩🏽‍🚀 emoji 🏳️‍🌈",
    "أريد أن أدفع \u202e reversed",
    "{{ 7*7 }} %(x)s {0}",
    "x" * 5000,
)


@pytest.fixture
def plan(session: Session, study: Study) -> Study:
    return prepare(session, study)


@pytest.fixture
def meeting(session: Session, plan: Study) -> GroupSession:
    return begin(session, plan)


def texts(session: Session, meeting: GroupSession) -> list[str]:
    return [note.text for note in notes.of_session(session, meeting)]


def comments(session: Session, meeting: GroupSession) -> list[Comment]:
    mine = select(Comment).where(Comment.session_id == meeting.id)
    return list(session.scalars(mine.order_by(Comment.position)))


def audits(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(AuditRow)) or 0


def test_a_note_sent_again_is_stored_once(session: Session, plan: Study, meeting: GroupSession) -> None:
    first = typed("Buses are late", plan.prompts[1].id, 3)
    note, new = notes.add(session, plan, meeting, first, by=BY)
    before = audits(session)
    for again in (first, Typed(first.key, "other text")):
        assert notes.add(session, plan, meeting, again, by="other") == (note, False)
    assert new
    assert audits(session) == before
    assert (note.text, note.prompt_id, note.speaker, note.made_by) == (first.text, first.prompt_id, 3, BY)
    assert (note.position, note.table_number, note.source) == (1, 1, "table")


def test_a_note_sent_again_after_the_end_is_answered_all_the_same(
    session: Session, plan: Study, meeting: GroupSession
) -> None:
    first = typed("a")
    note, _new = notes.add(session, plan, meeting, first, by=BY)
    notes_end.end(session, plan, meeting, "UTC", by=BY)
    assert notes.add(session, plan, meeting, first, by=BY) == (note, False)
    with pytest.raises(Refusal):
        notes.add(session, plan, meeting, typed("b"), by=BY)


def test_a_key_of_another_session_is_not_found(session: Session, plan: Study, meeting: GroupSession) -> None:
    first = typed("a")
    note, _new = notes.add(session, plan, meeting, first, by=BY)
    other = begin(session, plan, 1)
    with pytest.raises(NotFound):
        notes.add(session, plan, other, first, by=BY)
    with pytest.raises(NotFound):
        notes.get(session, other, note.id)
    for wrong in ("", "\0", "x" * 32, "A" * 32, "f" * 33):
        with pytest.raises(NotFound):
            notes.get(session, meeting, wrong)
        with pytest.raises(Refusal):
            notes.add(session, plan, meeting, Typed(wrong, "a"), by=BY)


def test_hostile_text_is_stored_word_for_word(session: Session, plan: Study, meeting: GroupSession) -> None:
    for text in HOSTILE:
        notes.add(session, plan, meeting, typed(text), by=BY)
    session.expire_all()
    assert texts(session, meeting) == list(HOSTILE)
    notes_end.end(session, plan, meeting, "UTC", by=BY)
    session.expire_all()
    assert [comment.text for comment in comments(session, meeting)] == list(HOSTILE)


@pytest.mark.parametrize("text", ["", "  \n\t", "a\0b", "\ud800", "x" * 5001])
def test_text_that_cannot_be_kept(session: Session, plan: Study, meeting: GroupSession, text: str) -> None:
    with pytest.raises(Refusal):
        notes.add(session, plan, meeting, typed(text), by=BY)
    assert texts(session, meeting) == []


def test_wrong_prompt_speaker_or_table(session: Session, plan: Study, meeting: GroupSession) -> None:
    for wrong in (
        typed("a", prompt=2**40),
        typed("a", speaker=6),
        typed("a", speaker=-1),
        typed("a", table=2),
    ):
        with pytest.raises(Refusal):
            notes.add(session, plan, meeting, wrong, by=BY)


SAYS = {
    "3: buses": (3, "buses"),
    "P3: buses": (3, "buses"),
    "p3 buses": (3, "buses"),
    "  p3 :  buses": (3, "buses"),
    "03: buses": (3, "buses"),
    "3:30 is too late": (None, "3:30 is too late"),
    "311 never answers": (None, "311 never answers"),
    "9: nobody has this number": (None, "9: nobody has this number"),
    "p3": (None, "p3"),
    "3:  ": (None, "3:  "),
    "٣: x": (None, "٣: x"),
    "p3buses": (None, "p3buses"),
}


@pytest.mark.parametrize(("line", "said"), SAYS.items())
def test_who_speaks_at_the_beginning_of_a_line(line: str, said: tuple[int | None, str]) -> None:
    assert notes.spoken(GroupSession(roster=[RosterEntry(number=n) for n in range(1, 6)]), line) == said


@given(st.text(max_size=40))
@example("3: 3: x")
def test_no_word_is_lost_when_a_speaker_is_read(line: str) -> None:
    number, rest = notes.spoken(GroupSession(roster=[RosterEntry(number=n) for n in range(1, 6)]), line)
    assert line.endswith(rest)
    assert number is None or line[: len(line) - len(rest)].strip().strip("pP: 0") == str(number)


def test_two_people_changing_one_note(session: Session, plan: Study, meeting: GroupSession) -> None:
    note, _new = notes.add(session, plan, meeting, typed("first", plan.prompts[0].id), by=BY)
    seen = note.revision
    mine = Typed(note.id, "mine", plan.prompts[1].id, 2)
    notes.change(session, plan, meeting, note, mine, seen=seen, by=BY)
    with pytest.raises(Stale):
        notes.change(session, plan, meeting, note, Typed(note.id, "theirs"), seen=seen, by=BY)
    assert (note.text, note.prompt_id, note.speaker) == ("mine", plan.prompts[1].id, 2)


def test_a_note_stays_under_a_prompt_that_left_the_agenda(
    session: Session, plan: Study, meeting: GroupSession
) -> None:
    gone = plan.prompts[2].id
    note, _new = notes.add(session, plan, meeting, typed("first", gone), by=BY)
    wanted = [(prompt.id, None) for prompt in plan.prompts[:2]]
    sessions.set_agenda(session, plan, meeting, wanted, seen=meeting.revision, by=BY)
    notes.change(session, plan, meeting, note, Typed(note.id, "b", gone), seen=note.revision, by=BY)
    assert (note.text, note.prompt_id) == ("b", gone)
    with pytest.raises(Refusal):
        notes.add(session, plan, meeting, typed("c", gone), by=BY)


def test_votes_are_counted_and_never_below_zero(session: Session, plan: Study, meeting: GroupSession) -> None:
    note, _new = notes.add(session, plan, meeting, typed("a"), by=BY)
    for step in (-1, 1, 1, -1, -1, -1, 1):
        notes.vote(session, plan, meeting, note, step, by=BY)
    assert note.votes == 1
    for wrong in (0, 2, -7):
        with pytest.raises(Refusal):
            notes.vote(session, plan, meeting, note, wrong, by=BY)


def test_the_end_makes_comments_of_what_was_not_struck(session: Session, plan: Study) -> None:
    meeting = begin(session, plan, 2)
    meeting.starts_at = datetime(2027, 3, 15, 2, 30, tzinfo=UTC)
    for text, prompt, who in (("one", 0, 1), ("two", 1, 3), ("struck", 1, None), ("parked", None, None)):
        asked = plan.prompts[prompt].id if prompt is not None else None
        note, _new = notes.add(session, plan, meeting, typed(text, asked, who), by=BY)
        notes.strike(session, plan, meeting, note, struck=text == "struck", by=BY)
    assert notes_end.end(session, plan, meeting, "America/New_York", by=BY) == 3
    found = comments(session, meeting)
    assert [(c.text, c.prompt_id, c.speaker, c.position) for c in found] == [
        ("one", plan.prompts[0].id, "P1, teacher", 1),
        ("two", plan.prompts[1].id, "P3", 2),
        ("parked", None, None, 4),
    ]
    # In the time zone of the office the evening is still the day before.
    assert {(c.channel, c.audience_id, c.language, c.day) for c in found} == {
        ("session", plan.audiences[2].id, None, date(2027, 3, 14))
    }
    assert len({c.id for c in found} | {note.id for note in notes.of_session(session, meeting)}) == 7


def test_ending_again_adds_only_what_is_new(session: Session, plan: Study, meeting: GroupSession) -> None:
    note, _new = notes.add(session, plan, meeting, typed("one"), by=BY)
    assert notes_end.end(session, plan, meeting, "UTC", by=BY) == 1
    with pytest.raises(Refusal):
        notes_end.end(session, plan, meeting, "UTC", by=BY)
    first = comments(session, meeting)
    sessions.open_it(session, plan, meeting, by=BY)
    with pytest.raises(Refusal):
        notes.change(session, plan, meeting, note, Typed(note.id, "x"), seen=note.revision, by=BY)
    with pytest.raises(Refusal):
        notes.strike(session, plan, meeting, note, struck=True, by=BY)
    notes.add(session, plan, meeting, typed("two"), by=BY)
    assert notes_end.end(session, plan, meeting, "UTC", by=BY) == 1
    assert [comment.text for comment in comments(session, meeting)] == ["one", "two"]
    assert comments(session, meeting)[0].id == first[0].id
    sessions.open_it(session, plan, meeting, by=BY)
    assert notes_end.end(session, plan, meeting, "UTC", by=BY) == 0


def test_nothing_changes_once_the_session_has_ended(
    session: Session, plan: Study, meeting: GroupSession
) -> None:
    note, _new = notes.add(session, plan, meeting, typed("one"), by=BY)
    notes.strike(session, plan, meeting, note, struck=True, by=BY)
    notes_end.end(session, plan, meeting, "UTC", by=BY)
    for act in (
        lambda: notes.vote(session, plan, meeting, note, 1, by=BY),
        lambda: notes.strike(session, plan, meeting, note, struck=False, by=BY),
        lambda: notes.change(session, plan, meeting, note, Typed(note.id, "x"), seen=note.revision, by=BY),
    ):
        with pytest.raises(Refusal):
            act()


def test_six_groups_with_more_than_150_notes(session: Session, plan: Study) -> None:
    """S1 and S2: each comment has audience, session, prompt and the role of who spoke; no name is needed."""
    held = [begin(session, plan, group) for group in range(6)]
    for meeting in held:
        for number in range(27):
            prompt, who = plan.prompts[number % 3].id, number % 5 + 1
            note = typed(f"{meeting.audience.name} {number}", prompt, who)
            notes.add(session, plan, meeting, note, by=BY)
        notes_end.end(session, plan, meeting, "UTC", by=BY)
    found = list(session.scalars(select(Comment).where(Comment.study_id == plan.id)))
    assert len(found) == 162
    assert {c.audience.name for c in found if c.audience} == set(GROUPS)
    for meeting in held:
        mine = [c for c in found if c.session_id == meeting.id]
        assert len(mine) == 27
        assert all(c.audience_id == meeting.audience_id and c.channel == "session" for c in mine)
        assert {c.speaker for c in mine} == {"P1, teacher", "P2", "P3", "P4", "P5"}
        kinds = [c.prompt.kind for c in mine if c.prompt]
        assert {kind: kinds.count(kind) for kind in kinds} == {
            "strength": 9,
            "improvement": 9,
            "aspiration": 9,
        }


def test_a_phone_note_has_no_name_and_is_stored_once(
    session: Session, plan: Study, meeting: GroupSession
) -> None:
    sent = typed("From my phone", plan.prompts[0].id)
    before = audits(session)
    note, new = notes_phone.add(session, meeting, sent)
    assert notes_phone.add(session, meeting, sent) == (note, False)
    assert (new, note.source, note.made_by, note.speaker) == (True, "phone", "", None)
    assert audits(session) == before
    for text in ("", "x" * 2001, "\0"):
        with pytest.raises(Refusal):
            notes_phone.add(session, meeting, typed(text))
    notes_end.end(session, plan, meeting, "UTC", by=BY)
    with pytest.raises(Refusal):
        notes_phone.add(session, meeting, typed("late"))
    assert [comment.speaker for comment in comments(session, meeting)] == [None]


def test_three_dots_on_the_notes_of_a_prompt(session: Session, plan: Study, meeting: GroupSession) -> None:
    first, second = plan.prompts[0].id, plan.prompts[1].id
    made = [notes.add(session, plan, meeting, typed(f"{n}", first), by=BY)[0] for n in range(4)]
    other, _new = notes.add(session, plan, meeting, typed("other", second), by=BY)
    with pytest.raises(Refusal):
        notes_phone.dot(session, meeting, made[0].id, "ann")
    session_live.set_phones(session, plan, meeting, on=True, dots=True, by=BY)
    for note in (*made[:3], other):
        notes_phone.dot(session, meeting, note.id, "ann")
    with pytest.raises(Refusal):
        notes_phone.dot(session, meeting, made[3].id, "ann")
    notes_phone.dot(session, meeting, made[3].id, "bob")
    notes_phone.dot(session, meeting, made[0].id, "ann")
    notes_phone.dot(session, meeting, made[3].id, "ann")
    notes.vote(session, plan, meeting, made[3], 1, by=BY)
    session.expire_all()
    assert [note.votes for note in made] == [0, 1, 1, 3]
    assert notes_phone.dots(session, meeting, first, "ann") == {note.id for note in made[1:]}
    notes.strike(session, plan, meeting, made[1], struck=True, by=BY)
    with pytest.raises(NotFound):
        notes_phone.dot(session, meeting, made[1].id, "bob")
    with pytest.raises(NotFound):
        notes_phone.dot(session, meeting, "0" * 32, "bob")
    assert [note.text for note in notes_phone.on_prompt(session, meeting, first)] == ["0", "2", "3"]


def test_dots_on_struck_notes_are_free_again(session: Session, plan: Study, meeting: GroupSession) -> None:
    """Struck notes are not listed, so nobody could take a dot away from one."""
    first = plan.prompts[0].id
    made = [notes.add(session, plan, meeting, typed(f"{n}", first), by=BY)[0] for n in range(5)]
    session_live.set_phones(session, plan, meeting, on=True, dots=True, by=BY)
    for note in made[:3]:
        notes_phone.dot(session, meeting, note.id, "ann")
    notes.strike(session, plan, meeting, made[0], struck=True, by=BY)
    assert notes_phone.dots(session, meeting, first, "ann") == {note.id for note in made[1:3]}
    notes_phone.dot(session, meeting, made[3].id, "ann")
    with pytest.raises(Refusal):
        notes_phone.dot(session, meeting, made[4].id, "ann")
    # Back on the list, its dot counts again: a fourth is there, and a fifth is not to be had.
    notes.strike(session, plan, meeting, made[0], struck=False, by=BY)
    for taken_away in (made[0], made[1]):
        with pytest.raises(Refusal):
            notes_phone.dot(session, meeting, made[4].id, "ann")
        notes_phone.dot(session, meeting, taken_away.id, "ann")
    notes_phone.dot(session, meeting, made[4].id, "ann")
    assert notes_phone.dots(session, meeting, first, "ann") == {note.id for note in made[2:]}


def test_the_fingerprint_changes_with_everything_on_the_screen(
    session: Session, plan: Study, meeting: GroupSession
) -> None:
    first, second = (notes.add(session, plan, meeting, typed(t), by=BY)[0] for t in ("a", "b"))
    notes.vote(session, plan, meeting, first, 1, by=BY)
    seen = [notes_since.fingerprint(session, meeting)]
    marks = notes_since.marks(session, meeting, None)

    def changed() -> bool:
        seen.append(notes_since.fingerprint(session, meeting))
        return seen[-1] not in seen[:-1]

    assert notes_since.fingerprint(session, meeting) == seen[0]
    notes.vote(session, plan, meeting, first, -1, by=BY)
    notes.vote(session, plan, meeting, second, 1, by=BY)
    assert changed()
    assert notes_since.marks(session, meeting, None) != marks
    notes.strike(session, plan, meeting, first, struck=True, by=BY)
    assert changed()
    notes.change(session, plan, meeting, second, Typed(second.id, "c"), seen=second.revision, by=BY)
    assert changed()
    session_live.set_timer(session, plan, meeting, 1, by=BY)
    assert changed()
    session_live.discuss(session, plan, meeting, plan.prompts[2].id, by=BY)
    assert changed()
    notes.add(session, plan, meeting, typed("d"), by=BY)
    assert changed()
    wanted = [(prompt.id, 5) for prompt in plan.prompts]
    sessions.set_agenda(session, plan, meeting, wanted, seen=meeting.revision, by=BY)
    assert changed()


def test_a_table_sees_its_own_notes_and_those_of_phones(session: Session, plan: Study) -> None:
    meeting = begin(session, plan, tables=2)
    for text, table in (("a", 1), ("b", 2), ("c", 1)):
        notes.add(session, plan, meeting, typed(text, table=table), by=BY)
    notes_phone.add(session, meeting, typed("p"))

    def shown(table: int | None, after: int = 0, also: tuple[int, ...] = ()) -> str:
        return "".join(n.text for n in notes_since.shown(session, meeting, table, after, also))

    assert (shown(None), shown(1), shown(2)) == ("abcp", "acp", "bp")
    assert (shown(None, 2), shown(2, 2), shown(1, 3, (1, 2)), shown(None, 99, (2,))) == ("cp", "p", "ap", "b")
    assert [place for place, _rev, _votes in notes_since.marks(session, meeting, 2)] == [2, 4]


def test_many_at_once_each_get_a_place_of_their_own(database: Database, study: Study) -> None:
    """Two note takers and a phone, the session ended meanwhile: no place twice, nothing left behind."""
    with database.writing() as session:
        plan = prepare(session, study)
        number = begin(session, plan).id
    taken: list[str] = []

    def write(name: str) -> None:
        for turn in range(8):
            try:
                with database.writing() as session:
                    plan = studies.by_slug(session, study.slug)
                    meeting = sessions.get(session, plan, number)
                    if name == "phone":
                        notes_phone.add(session, meeting, typed(f"{name} {turn}"))
                    else:
                        notes.add(session, plan, meeting, typed(f"{name} {turn}"), by=name)
            except Refusal:
                continue
            taken.append(f"{name} {turn}")

    threads = [threading.Thread(target=write, args=(name,)) for name in ("ann", "bob", "phone")]
    for thread in threads:
        thread.start()
    with database.writing() as session:
        plan = studies.by_slug(session, study.slug)
        notes_end.end(session, plan, sessions.get(session, plan, number), "UTC", by=BY)
    for thread in threads:
        thread.join()
    with database.reading() as session:
        found = list(session.scalars(select(Note).order_by(Note.position)))
        assert sorted(note.text for note in found) == sorted(taken)
        assert [note.position for note in found] == list(range(1, len(found) + 1))
        for name in ("ann", "bob", "phone"):
            mine = [note.text for note in found if note.text.startswith(name)]
            assert mine == sorted(mine)
        # What came before the end is a comment; after it nothing was taken.
        assert all(note.comment_id for note in found)


def test_dots_at_once_are_three_at_most(database: Database, study: Study) -> None:
    with database.writing() as session:
        plan = prepare(session, study)
        meeting = begin(session, plan)
        session_live.set_phones(session, plan, meeting, on=True, dots=True, by=BY)
        number = meeting.id
        ids = [notes.add(session, plan, meeting, typed(f"{n}"), by=BY)[0].id for n in range(6)]

    def put(note_id: str) -> None:
        try:
            with database.writing() as session:
                meeting = sessions.get(session, studies.by_slug(session, study.slug), number)
                notes_phone.dot(session, meeting, note_id, "ann")
        except Refusal:
            return

    threads = [threading.Thread(target=put, args=(one,)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(NoteVote)) == 3
        assert session.scalar(select(func.sum(Note.votes))) == 3


def test_a_planned_session_takes_no_notes(session: Session, plan: Study) -> None:
    meeting = sessions.add(session, plan, Plan(plan.audiences[0].id), by=BY)
    with pytest.raises(Refusal):
        notes.add(session, plan, meeting, typed("a"), by=BY)
    with pytest.raises(Refusal):
        notes_phone.add(session, meeting, typed("a"))
