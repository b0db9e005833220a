"""The live note screen: a line, Enter, next; what others type appears on it.

Without a script each button is a form and the page comes back. `session.js` sends the same forms in the
background and asks `news` every few seconds for what changed; rows are made by the same template either way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from survey.errors import Refusal
from survey.models import GroupSession, Note, Study
from survey.permissions import may
from survey.services import notes as service
from survey.services import notes_since, session_live
from survey.services.notes import Typed
from survey.views.sessions import bp
from survey.views.sessions.shared import ONE, attempt, done, me, meeting_of, session_page
from survey.web import db

MOST_DIGITS = 9


@dataclass(frozen=True)
class Place:
    """Which table a note taker sits at, and which notes the screen shows: those of a table, or all."""

    at: int
    shows: int | None

    @property
    def table(self) -> int:
        """As it stands in the address: 0 shows all tables."""
        return self.shows if self.shows is not None else 0


def place_of(meeting: GroupSession) -> Place:
    """The table of the address. Where there is one table only, everything is shown."""
    table = request.values.get("table", 1, type=int)
    at = min(max(table, 1), meeting.tables)
    return Place(at, None if table <= 0 or meeting.tables == 1 else at)


def wants_json() -> bool:
    """Whether a script asks."""
    return request.headers.get("Accept") == "application/json"


@bp.get(f"{ONE}/live")
@may("run sessions")
def live(slug: str, session_id: int) -> ResponseReturnValue:
    """The note screen."""
    return _screen(*meeting_of(slug, session_id))


def _screen(
    study: Study, meeting: GroupSession, problem: str = "", typed: dict[str, Any] | None = None
) -> ResponseReturnValue:
    place = place_of(meeting)
    shown = {
        "place": place,
        "notes": notes_since.shown(db(), meeting, place.shows),
        "now": session_live.on_now(meeting),
        "minutes": session_live.planned_minutes(meeting),
        "left": session_live.seconds_left(meeting),
        "mark": notes_since.fingerprint(db(), meeting),
        "key": service.new_key(),
        "problem": problem,
        "typed": typed or {},
    }
    return session_page("sessions/live.html", study, meeting, 422 if problem else 200, **shown)


@bp.post(f"{ONE}/live")
@may("run sessions")
def add_note(slug: str, session_id: int) -> ResponseReturnValue:
    """Store a note. Sent again, it is answered in the same way and stored once."""
    study, meeting = meeting_of(slug, session_id)
    typed, raw = _typed(meeting), request.form.get("text", "")
    try:
        note, new = service.add(db(), study, meeting, typed, by=me())
    except Refusal as refusal:
        db().rollback()
        return _refused(slug, session_id, str(refusal))
    if wants_json():
        return jsonify(id=note.id, position=note.position, row=_row(study, meeting, note))
    if not new and note.text != service.readable(typed.text, service.MOST_CHARACTERS):
        said = _("This page was sent before with another text. Press “Add” once more to add this one, too.")
        return _screen(study, meeting, said, {"text": raw})
    return done("", ".live", meeting, slug, table=place_of(meeting).table)


def _typed(meeting: GroupSession) -> Typed:
    """The note of the form. A page without script leaves it to us to read "3:" at the beginning."""
    form = request.form
    chosen, text = number_of("speaker"), form.get("text", "")
    said, rest = (None, text) if wants_json() else service.spoken(meeting, text)
    parked = "park" in form
    return Typed(
        key=form.get("key", ""),
        text=rest,
        prompt_id=None if parked else number_of("prompt"),
        speaker=chosen if said is None else said,
        table=place_of(meeting).at,
    )


def number_of(field: str) -> int | None:
    """A whole number of the form; -1, which nothing has, for what is none."""
    raw = request.form.get(field, "").strip()
    if not raw:
        return None
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= MOST_DIGITS else -1


def _refused(slug: str, session_id: int, problem: str) -> ResponseReturnValue:
    if wants_json():
        return jsonify(problem=problem), 422
    form = request.form
    typed = {"text": form.get("text", ""), "speaker": form.get("speaker", ""), "field": "text"}
    return _screen(*meeting_of(slug, session_id), problem, typed)


def _row(study: Study, meeting: GroupSession, note: Note) -> str:
    place = place_of(meeting)
    return render_template("sessions/row.html", study=study, meeting=meeting, note=note, place=place)


@bp.get(f"{ONE}/live/news")
@may("run sessions")
def news(slug: str, session_id: int) -> ResponseReturnValue:
    """What changed since the screen was last told: new notes as rows, a mark for each of the others."""
    study, meeting = meeting_of(slug, session_id)
    mark = notes_since.fingerprint(db(), meeting)
    left = session_live.seconds_left(meeting)
    # The token is for a script whose own went out of date while somebody signed in anew.
    told = {"mark": mark, "left": left, "token": generate_csrf()}
    if request.args.get("seen") == mark and "rows" not in request.args:
        return jsonify(told)
    place = place_of(meeting)
    after, also = request.args.get("after", 0, type=int), _places()
    rows = notes_since.shown(db(), meeting, place.shows, max(0, min(after, service.MOST_NOTES)), also)
    return jsonify(
        **told,
        state=meeting.state,
        now=meeting.on_now,
        agenda=[item.prompt_id for item in meeting.agenda],
        marks=notes_since.marks(db(), meeting, place.shows),
        rows=[[note.position, _row(study, meeting, note)] for note in rows],
        head=render_template("sessions/now.html", **_now(study, meeting)),
    )


def _now(study: Study, meeting: GroupSession) -> dict[str, Any]:
    now, left = session_live.on_now(meeting), session_live.seconds_left(meeting)
    minutes = session_live.planned_minutes(meeting)
    told = {"now": now, "left": left, "minutes": minutes, "place": place_of(meeting)}
    return {"study": study, "meeting": meeting, **told}


def _places() -> list[int]:
    """The places of notes that the script has in an older state."""
    listed = request.args.get("rows", "").split(",")[: notes_since.MOST_AT_ONCE]
    return [int(one) for one in listed if one.isascii() and one.isdigit() and len(one) <= MOST_DIGITS]


@bp.post(f"{ONE}/live/prompt")
@may("run sessions")
def discuss(slug: str, session_id: int) -> ResponseReturnValue:
    """Say which prompt is on now."""
    study, meeting = meeting_of(slug, session_id)
    prompt = number_of("prompt") or -1
    problem = attempt(lambda: session_live.discuss(db(), study, meeting, prompt, by=me()))
    return stepped(slug, session_id, problem)


@bp.post(f"{ONE}/live/timer")
@may("run sessions")
def timer(slug: str, session_id: int) -> ResponseReturnValue:
    """Start the timer, add a minute, stop it."""
    study, meeting = meeting_of(slug, session_id)
    minutes = number_of("minutes")
    minutes = session_live.planned_minutes(meeting) if minutes is None else minutes
    problem = attempt(lambda: session_live.set_timer(db(), study, meeting, minutes, by=me()))
    return stepped(slug, session_id, problem)


def stepped(slug: str, session_id: int, problem: str = "") -> ResponseReturnValue:
    """After a button of the screen: back to it, or for a script a word."""
    if wants_json():
        return (jsonify(problem=problem), 422) if problem else jsonify(done=True)
    study, meeting = meeting_of(slug, session_id)
    if problem:
        return _screen(study, meeting, problem)
    return done("", ".live", meeting, slug, table=place_of(meeting).table)
