"""What the attacker of `joining` sees in each of the two databases, when he has no key but all the rest."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from survey.db import Database
from survey.services import ballots, invitees
from tests.support.joining import Evidence, linked
from tests.support.time_travel import states

# What an attacker tries instead of the key that he does not have.
KEYS = ("", "secret", "it-survey", "change me")
# What to look for in files: addresses of the list, and the words that answers begin with.
EMAIL, WORD = re.compile(rb"(?:person|late)[0-9]+@[a-z-]+\.example"), re.compile(rb"w[0-9a-f]{16}")


@dataclass
class Found:
    """Of one survey: people and responses, with what was in hand when each response came.

    `came` is the mark of the moment of a response (a commit, a transaction); `used` the ballot and `draft`
    the draft that vanished in it, by that mark, with their own traits.
    """

    listed: list[str]
    emails: dict[str, str]
    words: dict[str, str]
    came: dict[str, Any] = field(default_factory=dict)
    used: dict[Any, dict[str, Any]] = field(default_factory=dict)
    draft: dict[Any, dict[str, Any]] = field(default_factory=dict)
    added: dict[str, str] = field(default_factory=dict)


def evidence(
    database: Database, survey_id: int, listed: list[str], files: Mapping[str, list[Path]] | None = None
) -> Evidence:
    """Everything that can be seen of a survey; `listed` are the e-mails in the order of the list.

    `files` are others to look through: logs, backups, the folder of a database server.
    """
    with database.reading() as session:
        found = _found(session, survey_id, listed)
        seen = Evidence(list(found.emails), list(found.words))
        _plain(seen, found)
        collect = _of_sqlite if database.is_sqlite else _of_postgres
        collect(session, database, survey_id, seen, found)
        for name, paths in (files or {}).items():
            _look_through(seen, found, name, b"".join(path.read_bytes() for path in paths if path.is_file()))
        round = session.scalar(text("SELECT ballot_round FROM survey WHERE id = :id"), {"id": survey_id})
    seen.see(seen.response_marks, "moment", found.came)
    for store, name in ((found.used, "ballot"), (found.draft, "draft")):
        for trait, values in linked(found.came, store):
            seen.see(seen.response_order, f"{trait} of its {name}", values)
            seen.see(seen.response_marks, f"{trait} of its {name}", values)
    seen.see(seen.people_marks, "the ballot that was new with them", found.added)
    _guess(seen, found, survey_id, int(round or 0))
    return seen


def _found(session: Session, survey_id: int, listed: list[str]) -> Found:
    people = session.execute(text("SELECT id, email FROM invitee WHERE survey_id = :s"), {"s": survey_id})
    by_email = {email: id for id, email in people}
    rows = session.execute(text("SELECT id, answers FROM response WHERE survey_id = :s"), {"s": survey_id})
    words = {id: word_of(answers) for id, answers in rows}
    emails = {by_email[email]: email for email in listed if email in by_email}
    return Found(listed, emails, words)


def word_of(answers: str | Mapping[str, Any]) -> str:
    """The word by which a response is known to the judge; the attacker only looks where it lies."""
    plain = json.loads(answers) if isinstance(answers, str) else answers
    return str(plain["better"]).split(" ")[0]


def _plain(seen: Evidence, found: Found) -> None:
    """What needs no more than a look at the tables."""
    seen.see(seen.people_order, "list", {id: found.listed.index(e) for id, e in found.emails.items()})
    seen.see(seen.people_order, "id", {id: id for id in found.emails})
    seen.see(seen.response_order, "id", {id: id for id in found.words})


def _guess(seen: Evidence, found: Found, survey_id: int, round: int) -> None:
    """The names that ballots would have if the key were one of a few."""
    for key in KEYS:
        for number in sorted({0, 1, round}):
            names = {
                id: ballots.name(key, survey_id, invitees.code_of_id(key, survey_id, id), number)
                for id in found.emails
            }
            seen.see(seen.people_order, f"ballot {number} by the key {key!r}", names)
            seen.see(seen.people_marks, f"ballot {number} by the key {key!r}", names)


def _of_sqlite(session: Session, database: Database, survey_id: int, seen: Evidence, found: Found) -> None:
    path = Path(str(database.write.url.database))
    for name, file in (("file", path), ("log", path.with_name(path.name + "-wal"))):
        _look_through(seen, found, name, file.read_bytes() if file.exists() else b"")
    comments = session.execute(text("SELECT response_id, id FROM comment WHERE response_id IS NOT NULL"))
    seen.see(seen.response_order, "id of its comment", {r: c for r, c in comments if r in found.words})
    with suppress(FileNotFoundError):
        seen.see(seen.people_marks, "moment of the last change", _travel(path, survey_id, found))


def _look_through(seen: Evidence, found: Found, name: str, data: bytes) -> None:
    """Where people's addresses and the words of answers lie in a file."""
    for whose, pattern, texts in (
        (seen.people_order, EMAIL, found.emails),
        (seen.response_order, WORD, found.words),
    ):
        first, last = _places(data, pattern, texts)
        seen.see(whose, f"first place in the {name}", first)
        seen.see(whose, f"last place in the {name}", last)


def _places(
    data: bytes, pattern: re.Pattern[bytes], texts: Mapping[str, str]
) -> tuple[dict[str, int], dict[str, int]]:
    """Where each text first and last lies in a file."""
    by_text = {text.encode(): id for id, text in texts.items()}
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for match in pattern.finditer(data):
        if (id := by_text.get(match.group())) is not None:
            first.setdefault(id, match.start())
            last[id] = match.start()
    return first, last


def _travel(path: Path, survey_id: int, found: Found) -> dict[str, int]:
    """Go through all commits of the log; returns when each person's row was last changed."""
    tables = {"ballot": "id", "draft": "id", "response": "id"}
    before: dict[str, set[str]] = {name: set() for name in tables}
    people: dict[str, Any] = {}
    changed: dict[str, int] = {}
    first: dict[str, int] = {}
    for moment, connection in enumerate(states(path)):
        now = {name: _ids(connection, name, survey_id) for name in tables}
        for id in now["draft"] | now["ballot"]:
            first.setdefault(id, moment)
        for id in (now["response"] - before["response"]) & found.words.keys():
            found.came[id] = moment
            gone = {name: before[name] - now[name] for name in ("ballot", "draft")}
            if len(gone["ballot"]) == 1:
                found.used[moment] = _traits(gone["ballot"], first)
            if len(gone["draft"]) == 1:
                found.draft[moment] = _traits(gone["draft"], first)
        rows = {row[0]: row for row in connection.execute("SELECT * FROM invitee")}
        new = {id for id, row in rows.items() if people.get(id) != row}
        changed |= dict.fromkeys(new & found.emails.keys(), moment)
        _growth(found, new - people.keys(), now["ballot"] - before["ballot"])
        before, people = now, rows
    return changed


def _ids(connection: sqlite3.Connection, table: str, survey_id: int) -> set[str]:
    return {row[0] for row in connection.execute(f"SELECT id FROM {table} WHERE survey_id = {survey_id}")}


def _traits(gone: set[str], first: Mapping[str, int]) -> dict[str, Any]:
    (id,) = gone
    return {"id": id, "beginning": first.get(id, -1)}


def _growth(found: Found, people: Iterable[str], new: set[str]) -> None:
    """Who came alone gets a ballot that is new with them: the only one, or else the last."""
    came = list(people)
    if len(came) == 1 and new:
        found.added[came[0]] = max(new)


def _of_postgres(session: Session, database: Database, survey_id: int, seen: Evidence, found: Found) -> None:
    place = {"s": survey_id}
    hidden = "ctid::text, xmin::text::bigint AS xmin, cmin::text::int AS cmin"
    for row in session.execute(text(f"SELECT id, {hidden} FROM invitee WHERE survey_id = :s"), place):
        for name in ("ctid", "xmin"):
            seen.people_marks.setdefault(f"{name} of the row", {})[row.id] = getattr(row, name)
        seen.people_order.setdefault("place of the row", {})[row.id] = _place(row.ctid)
        seen.people_order.setdefault("turn in its transaction", {})[row.id] = (row.xmin, row.cmin)
    for row in session.execute(text(f"SELECT id, {hidden} FROM response WHERE survey_id = :s"), place):
        found.came[row.id] = row.xmin
        seen.response_order.setdefault("place of the row", {})[row.id] = _place(row.ctid)
        seen.response_order.setdefault("transaction", {})[row.id] = (row.xmin, row.cmin)
    query = f"SELECT response_id, id, {hidden} FROM comment WHERE response_id IS NOT NULL"
    for row in session.execute(text(query)):
        if row.response_id in found.words:
            seen.response_order.setdefault("place of its comment", {})[row.response_id] = _place(row.ctid)
            seen.response_order.setdefault("id of its comment", {})[row.response_id] = row.id
    _long_values(session, seen, found)
    _dead_rows(session, found)
    _times(session, survey_id, seen)


def _place(ctid: str) -> tuple[int, ...]:
    return tuple(map(int, ctid.strip("()").split(",")))


def _long_values(session: Session, seen: Evidence, found: Found) -> None:
    """PostgreSQL numbers long values as they come, and lays them down apart from their rows."""
    name = session.scalar(
        text("SELECT reltoastrelid::regclass::text FROM pg_class WHERE oid = 'response'::regclass")
    )
    query = f"SELECT chunk_id, convert_from(chunk_data, 'UTF8') AS words FROM {name} WHERE chunk_seq = 0"
    by_word = {word: id for id, word in found.words.items()}
    numbers: dict[str, int] = {}
    for row in session.execute(text(query)):
        numbers |= {id: row.chunk_id for word, id in by_word.items() if word in row.words}
    seen.see(seen.response_order, "number of its long value", numbers)


def _times(session: Session, survey_id: int, seen: Evidence) -> None:
    """When transactions were committed, where the server was told to remember it."""
    if session.scalar(text("SHOW track_commit_timestamp")) != "on":
        return
    for table, order, marks in (
        ("invitee", seen.people_order, seen.people_marks),
        ("response", seen.response_order, seen.response_marks),
    ):
        moment = "extract(epoch FROM pg_xact_commit_timestamp(xmin))"
        query = text(f"SELECT id, {moment} AS moment FROM {table} WHERE survey_id = :s")
        times = {row.id: float(row.moment) for row in session.execute(query, {"s": survey_id})}
        seen.see(order, "time of the commit", times)
        seen.see(marks, "minute of the commit", {id: time // 60 for id, time in times.items()})


DEAD = """
SELECT t_xmin::text::bigint AS xmin, t_xmax::text::bigint AS xmax, t_field3::text::bigint AS turn, lp,
       page, t_attrs[1] AS id
FROM generate_series(0, pg_relation_size('{0}') / 8192 - 1) AS page,
     heap_page_item_attrs(get_raw_page('{0}', page::int), '{0}'::regclass)
WHERE t_attrs IS NOT NULL
"""


def _dead_rows(session: Session, found: Found) -> None:
    """Rows that were deleted and lie in their pages still, with the transaction that deleted them."""
    for table, store in (("ballot", found.used), ("draft", found.draft)):
        for row in _rows(session, table):
            id = bytes(row.id)[1:].decode("ascii", "replace")
            traits = {"id": id, "place": (row.page, row.lp), "transaction": row.xmin, "turn": row.turn}
            store[row.xmax] = traits


def _rows(session: Session, table: str) -> list[Any]:
    try:
        return list(session.execute(text(DEAD.format(table))))
    except DBAPIError:  # the extension is not there, or we may not use it
        session.rollback()
        return []
