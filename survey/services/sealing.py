"""Sealing an anonymous survey when it is closed: nothing is left that tells who answered, or in which order.

Until then a response is named by a keyed hash of a token that sits in a browser, and the database lays rows
down in the order they come. Sealing gives every response a random name, in random order and in one
transaction; `compact` then rewrites the tables on disk. What each step is for:

- new ids: no token leads to a response any more.
- one transaction: on PostgreSQL every row then has the same `xmin`; freezing rows keeps it readable.
- random order: `cmin` counts the commands of that transaction, and stays readable too.
- answers and texts written anew: PostgreSQL numbers long values as they come and keeps the number (the
  `chunk_id` of its TOAST tables) through every rewrite of the table, unless the value itself is written.
- ballots that were not used go: with the key and the list of people they would say who has not answered, and
  with a backup from before, which ballot was used for which response.
- `compact`: the place of a row (`ctid`; the pages of an SQLite file), old copies, the free list and the
  write-ahead log of SQLite. PostgreSQL's own write-ahead log is the operator's to keep short.

Comments keep their ids, which are random and to which placements refer.
"""

from __future__ import annotations

import secrets
from random import SystemRandom
from typing import cast

from sqlalchemy import Table, bindparam, delete, select, text, update
from sqlalchemy.orm import Session

from survey.db import Database
from survey.models import Comment, Draft, KeyedSheet, Response, Survey
from survey.services import ballots

RESPONSE, COMMENT = cast(Table, Response.__table__), cast(Table, Comment.__table__)
REWRITTEN = ("response", "comment", "draft", "ballot")


def seal(session: Session, survey: Survey) -> bool:
    """Seal a closed anonymous survey; False when there is nothing to. Call `compact` after the commit."""
    if survey.mode != "anonymous" or survey.state != "closed" or survey.sealed:
        return False
    # The row of the survey is written first: responses under way hold it, so none can come after this.
    survey.sealed = True
    session.flush()
    session.execute(delete(Draft).where(Draft.survey_id == survey.id))
    session.execute(delete(KeyedSheet).where(KeyedSheet.survey_id == survey.id))
    ballots.drop(session, survey.id)
    _rename_responses(session, survey.id)
    _rewrite_comments(session, survey.id)
    return True


def _rename_responses(session: Session, survey_id: int) -> None:
    rows = list(
        session.execute(select(RESPONSE.c.id, RESPONSE.c.answers).where(RESPONSE.c.survey_id == survey_id))
    )
    SystemRandom().shuffle(rows)
    statement = update(RESPONSE).where(RESPONSE.c.id == bindparam("old"))
    values = [{"old": row.id, "id": secrets.token_hex(16), "answers": row.answers} for row in rows]
    if values:
        session.execute(statement, values)


def _rewrite_comments(session: Session, survey_id: int) -> None:
    query = select(COMMENT.c.id, COMMENT.c.text).join(RESPONSE, RESPONSE.c.id == COMMENT.c.response_id)
    rows = list(session.execute(query.where(RESPONSE.c.survey_id == survey_id)))
    SystemRandom().shuffle(rows)
    statement = update(COMMENT).where(COMMENT.c.id == bindparam("old"))
    values = [{"old": row.id, "text": row.text} for row in rows]
    if values:
        session.execute(statement, values)


def compact(database: Database) -> None:
    """Rewrite the tables of answers on disk, in the order of their random keys; outside any transaction.

    Answers that come in meanwhile wait for it.
    """
    if database.is_sqlite:
        _compact_sqlite(database)
    else:
        _compact_postgres(database)


def _compact_sqlite(database: Database) -> None:
    connection = database.write.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.close()
    finally:
        connection.close()


def _compact_postgres(database: Database) -> None:
    with database.write.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in REWRITTEN:
            connection.execute(text(f"CLUSTER {table} USING pk_{table}"))
