"""One board per study: runs come onto it by a decision, themes have numbers of their own"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "edit_comment",
        sa.Column("edit_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.String(length=32), nullable=False),
        sa.Column("themes", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_edit_comment_comment_id_comment"),
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["edit_id"], ["edit.id"], name=op.f("fk_edit_comment_edit_id_edit"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("edit_id", "comment_id", name=op.f("pk_edit_comment")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_edit_comment_comment_id"), "edit_comment", ["comment_id"])
    op.create_table(
        "map_point",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.String(length=32), nullable=False),
        sa.Column("x", sa.Float(), nullable=False),
        sa.Column("y", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_map_point_comment_id_comment"),
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_map_point_run_id_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "comment_id", name=op.f("pk_map_point")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_map_point_comment_id"), "map_point", ["comment_id"])
    op.create_table(
        "office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_office_study_id_study"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
        sa.UniqueConstraint("study_id", "slug", name=op.f("uq_office_study_id")),
    )
    op.create_table(
        "office_person",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_office_person_office_id_office"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_office_person_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("office_id", "person_id", name=op.f("pk_office_person")),
    )
    op.create_index(op.f("ix_office_person_person_id"), "office_person", ["person_id"])
    with op.batch_alter_table("run") as batch:
        batch.add_column(sa.Column("kind", sa.String(length=20), nullable=False, server_default="discover"))
        batch.add_column(sa.Column("board_revision", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("run") as batch:
        batch.alter_column("kind", server_default=None)
        batch.alter_column("board_revision", server_default=None)
        # A seed goes to 4,294,967,295, which PostgreSQL's integer does not hold.
        batch.alter_column("seed", existing_type=sa.Integer(), type_=sa.BigInteger())
    op.add_column("candidate", sa.Column("goes_on", sa.Integer(), nullable=True))
    op.add_column("comment", sa.Column("wave", sa.String(length=60), nullable=True))
    _one_board_per_study(op.get_bind())
    with op.batch_alter_table("study") as batch:
        batch.drop_column("board_run")
        batch.add_column(sa.Column("earlier_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            batch.f("fk_study_earlier_id_study"), "study", ["earlier_id"], ["id"], ondelete="SET NULL"
        )


def downgrade() -> None:
    """Takes the new columns and tables away. Decisions of the new kinds are lost, and so is which run was chosen."""
    op.execute(sa.text("DELETE FROM edit"))
    with op.batch_alter_table("study") as batch:
        batch.drop_constraint(batch.f("fk_study_earlier_id_study"), type_="foreignkey")
        batch.drop_column("earlier_id")
        batch.add_column(sa.Column("board_run", sa.Integer(), nullable=True))
    with op.batch_alter_table("comment", table_kwargs={"sqlite_with_rowid": False}) as batch:
        batch.drop_column("wave")
    with op.batch_alter_table("candidate") as batch:
        batch.drop_column("goes_on")
    with op.batch_alter_table("run") as batch:
        batch.drop_column("board_revision")
        batch.drop_column("kind")
        batch.alter_column("seed", existing_type=sa.BigInteger(), type_=sa.Integer())
    for table in ("office_person", "office", "map_point", "edit_comment"):
        op.drop_table(table)


def _one_board_per_study(connection: sa.Connection) -> None:
    """Decisions named candidates of their run; now they name themes of the study, after "apply" of that run."""
    rows = connection.execute(sa.text("SELECT id, board_run FROM study")).all()
    for study, chosen in rows:
        runs = connection.execute(
            sa.text("SELECT id, number, made_by, made_at FROM run WHERE study_id = :s ORDER BY number"),
            {"s": study},
        ).all()
        if runs:
            _Study(connection, study, runs, chosen or runs[-1].number).convert()


class _Study:
    """The old decisions of one study, told anew run by run; the run of the board comes last.

    People began afresh on each run and could go back, so each later run starts afresh here, too: undoing that
    it came onto the board brings back the board before it, with its decisions.
    """

    def __init__(self, connection: sa.Connection, study: int, runs: Any, chosen: int) -> None:
        self.connection, self.study = connection, study
        self.runs = sorted(runs, key=lambda run: (run.number == chosen, run.number))
        self.themes: dict[int, int] = {}
        self.number = 0

    def rows(self, statement: str, **values: Any) -> Any:
        return self.connection.execute(sa.text(statement), values)

    def convert(self) -> None:
        old = self.rows(
            "SELECT id, run_id, number, kind, details FROM edit WHERE study_id = :s ORDER BY number",
            s=self.study,
        ).all()
        # Out of the way: the new numbers are unique, too.
        self.rows("UPDATE edit SET number = -number WHERE study_id = :s", s=self.study)
        by_run = defaultdict(list)
        for edit in old:
            by_run[edit.run_id].append(edit)
        for run in self.runs:
            # A run that nobody decided about and that is not the board's stays beside the board, to be applied.
            if by_run[run.id] or run is self.runs[-1]:
                self._apply(run)
                told = _Run(self, run.id)
                for edit in by_run[run.id]:
                    told.tell(edit)

    def next(self) -> int:
        self.number += 1
        return self.number

    def _apply(self, run: Any) -> None:
        candidates = self.rows(
            "SELECT id, number, label FROM candidate WHERE run_id = :r ORDER BY number", r=run.id
        ).all()
        themes, names = {}, {}
        for place, candidate in enumerate(candidates, start=len(self.themes) + 1):
            self.themes[candidate.id] = themes[str(candidate.number)] = place
            names[str(place)] = candidate.label
        details = {"run": run.number, "themes": themes, "names": names}
        if self.number:
            details["afresh"] = True
        self.rows(
            "INSERT INTO edit (study_id, run_id, number, kind, details, made_by, made_at)"
            " VALUES (:s, :r, :n, 'apply', :d, :by, :at)",
            s=self.study,
            r=run.id,
            n=self.next(),
            d=json.dumps(details),
            by=run.made_by,
            at=run.made_at,
        )


class _Run:
    """The decisions about one run, oldest first. Only the last one in force could be undone."""

    def __init__(self, study: _Study, run: int) -> None:
        self.study, self.run = study, run
        self.renumbered: dict[int, int] = {}
        self.merges: dict[int, dict[int, int]] = {}
        self.moves: dict[int, tuple[str, set[int]]] = {}

    def tell(self, edit: Any) -> None:
        details = _read(edit.details)
        self.renumbered[edit.number] = number = self.study.next()
        if edit.kind == "undo":
            self.merges.pop(details["edit"], None)
            self.moves.pop(details["edit"], None)
            details = {"edit": self.renumbered[details["edit"]]}
        else:
            comment = details.pop("comment", None)
            details = dict(_with_themes(details, self.study.themes.__getitem__))
            if edit.kind == "merge":
                self.merges[edit.number] = dict.fromkeys(details["from"], details["into"])
            if comment is not None:
                self._keep_comment(edit, comment, details)
        self.study.rows(
            "UPDATE edit SET number = :n, details = :d WHERE id = :id",
            n=number,
            d=json.dumps(details),
            id=edit.id,
        )

    def _keep_comment(self, edit: Any, comment: str, details: dict[str, Any]) -> None:
        """Store where the comment was after the move."""
        if self.study.rows("SELECT 1 FROM comment WHERE id = :c", c=comment).scalar() is None:
            return  # it was taken away, with the file it came in
        earlier = [themes for moved, themes in self.moves.values() if moved == comment]
        before = {self._root(theme) for theme in (earlier[-1] if earlier else self._found(comment))}
        themes = (before - {details["from"]}) | ({details["to"]} - {None})
        self.moves[edit.number] = (comment, themes)
        self.study.rows(
            "INSERT INTO edit_comment (edit_id, comment_id, themes) VALUES (:e, :c, :t)",
            e=edit.id,
            c=comment,
            t=json.dumps(sorted(themes)),
        )

    def _found(self, comment: str) -> set[int]:
        placed = self.study.rows(
            "SELECT candidate_id FROM placement WHERE comment_id = :c AND run_id = :r", c=comment, r=self.run
        ).scalars()
        return {self.study.themes[id] for id in placed if id is not None}

    def _root(self, theme: int) -> int:
        """What a theme had become by merging."""
        became = {part: into for merge in self.merges.values() for part, into in merge.items()}
        while theme in became:
            theme = became[theme]
        return theme


def _read(value: Any) -> Any:
    """JSON comes as text from SQLite and as a value from PostgreSQL."""
    return json.loads(value) if isinstance(value, str) else value


def _with_themes(details: dict[str, Any], number: Callable[[int], int]) -> Iterator[tuple[str, Any]]:
    for key, value in details.items():
        if key in ("theme", "into", "from", "to"):
            value = [number(id) for id in value] if isinstance(value, list) else value and number(value)
        yield key, value
