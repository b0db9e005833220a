"""Sessions, what a report needs, member checks, releases, and the gate that all numbers go through"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Written out, as in 0005: a named check or key with a new column, without rebuilding a table others hang on.
COLUMNS = {
    "study": {
        "fewest_counted": "INTEGER DEFAULT 5 NOT NULL"
        " CONSTRAINT ck_study_fewest_counted_enough CHECK (fewest_counted >= 3)",
        "fewest_quoted": "INTEGER DEFAULT 10 NOT NULL"
        " CONSTRAINT ck_study_fewest_quoted_enough CHECK (fewest_quoted >= 3)",
    },
    "audience": {"pooled": "BOOLEAN DEFAULT FALSE NOT NULL"},
    "summary": {"ledger": "JSON DEFAULT '[]' NOT NULL"},
}


def upgrade() -> None:
    _sessions()
    _report()
    _checks()
    _files()
    _releases()
    for table, columns in COLUMNS.items():
        for name, definition in columns.items():
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {definition}")
    with op.batch_alter_table("comment", table_kwargs={"sqlite_with_rowid": False}) as batch:
        batch.add_column(sa.Column("session_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("speaker", sa.String(length=120), nullable=True))
        batch.create_foreign_key(
            batch.f("fk_comment_session_id_group_session"),
            "group_session",
            ["session_id"],
            ["id"],
            ondelete="SET NULL",
        )
    op.create_index("ix_comment_session", "comment", ["session_id"])


def _sessions() -> None:
    op.create_table(
        "group_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("audience_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("tables", sa.Integer(), nullable=False),
        sa.Column("join_code", sa.String(length=40), nullable=True),
        sa.Column("phones_dot", sa.Boolean(), nullable=False),
        sa.Column("on_now", sa.Integer(), nullable=True),
        sa.Column("timer_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by", sa.String(length=254), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'open', 'ended')", name=op.f("ck_group_session_state_known")
        ),
        sa.CheckConstraint("tables BETWEEN 1 AND 50", name=op.f("ck_group_session_tables_in_range")),
        sa.ForeignKeyConstraint(
            ["audience_id"],
            ["audience.id"],
            name=op.f("fk_group_session_audience_id_audience"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_group_session_study_id_study"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_session")),
        sa.UniqueConstraint("join_code", name=op.f("uq_group_session_join_code")),
    )
    op.create_index(op.f("ix_group_session_audience_id"), "group_session", ["audience_id"], unique=False)
    op.create_index(op.f("ix_group_session_study_id"), "group_session", ["study_id"], unique=False)
    op.create_table(
        "agenda_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("prompt_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["prompt_id"], ["prompt.id"], name=op.f("fk_agenda_item_prompt_id_prompt"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["group_session.id"],
            name=op.f("fk_agenda_item_session_id_group_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
        sa.UniqueConstraint("session_id", "prompt_id", name=op.f("uq_agenda_item_session_id")),
    )
    op.create_index(op.f("ix_agenda_item_prompt_id"), "agenda_item", ["prompt_id"], unique=False)
    op.create_table(
        "roster_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=100), nullable=False),
        sa.Column("table_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["group_session.id"],
            name=op.f("fk_roster_entry_session_id_group_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_entry")),
        sa.UniqueConstraint("session_id", "number", name=op.f("uq_roster_entry_session_id")),
    )
    op.create_table(
        "roster_name",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["roster_entry.id"],
            name=op.f("fk_roster_name_entry_id_roster_entry"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_roster_name")),
    )
    op.create_table(
        "note",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("prompt_id", sa.Integer(), nullable=True),
        sa.Column("table_number", sa.Integer(), nullable=False),
        sa.Column("speaker", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("struck", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("comment_id", sa.String(length=32), nullable=True),
        sa.Column("made_by", sa.String(length=254), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("source IN ('table', 'phone', 'minutes')", name=op.f("ck_note_source_known")),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_note_comment_id_comment"),
            onupdate="CASCADE",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["prompt_id"], ["prompt.id"], name=op.f("fk_note_prompt_id_prompt"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["group_session.id"],
            name=op.f("fk_note_session_id_group_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index(op.f("ix_note_comment_id"), "note", ["comment_id"], unique=False)
    op.create_index(op.f("ix_note_prompt_id"), "note", ["prompt_id"], unique=False)
    op.create_index("ix_note_session_position", "note", ["session_id", "position"], unique=False)
    op.create_table(
        "note_vote",
        sa.Column("note_id", sa.String(length=32), nullable=False),
        sa.Column("voter", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["note_id"], ["note.id"], name=op.f("fk_note_vote_note_id_note"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("note_id", "voter", name=op.f("pk_note_vote")),
        sqlite_with_rowid=False,
    )


def _report() -> None:
    op.create_table(
        "theme_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("theme", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("underway", sa.Text(), nullable=False),
        sa.Column("planned", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_theme_text_study_id_study"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_text")),
        sa.UniqueConstraint("study_id", "theme", "language", name=op.f("uq_theme_text_study_id")),
    )
    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.CheckConstraint("share > 0 AND share <= 1", name=op.f("ck_target_share_in_range")),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_target_study_id_study"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint("study_id", "by", "name", name=op.f("uq_target_study_id")),
    )
    op.create_table(
        "cross_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("down", sa.String(length=60), nullable=False),
        sa.Column("across", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_cross_table_survey_id_survey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cross_table")),
        sa.UniqueConstraint("survey_id", "down", "across", name=op.f("uq_cross_table_survey_id")),
    )


def _checks() -> None:
    op.create_table(
        "member_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("audience_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.String(length=254), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["audience_id"],
            ["audience.id"],
            name=op.f("fk_member_check_audience_id_audience"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_member_check_study_id_study"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_check")),
        sa.UniqueConstraint("code", name=op.f("uq_member_check_code")),
        sa.UniqueConstraint("study_id", "number", name=op.f("uq_member_check_study_id")),
    )
    op.create_index(op.f("ix_member_check_audience_id"), "member_check", ["audience_id"], unique=False)
    op.create_table(
        "member_check_answer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_id"],
            ["member_check.id"],
            name=op.f("fk_member_check_answer_check_id_member_check"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_check_answer")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_member_check_answer_check_id"), "member_check_answer", ["check_id"], unique=False
    )


def _files() -> None:
    op.create_table(
        "made_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=254), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_made_file_study_id_study"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_made_file")),
    )
    op.create_index(op.f("ix_made_file_expires_at"), "made_file", ["expires_at"], unique=False)
    op.create_index(op.f("ix_made_file_study_id"), "made_file", ["study_id"], unique=False)
    op.create_table(
        "made_file_part",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["made_file.id"],
            name=op.f("fk_made_file_part_file_id_made_file"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("file_id", "number", name=op.f("pk_made_file_part")),
    )


def _releases() -> None:
    op.create_table(
        "release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("summary_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("release_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("made_by", sa.String(length=254), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=254), nullable=False),
        sa.Column("asked_by", sa.String(length=254), nullable=True),
        sa.Column("approved_by", sa.String(length=254), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=254), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_note", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'asked', 'approved', 'withdrawn')", name=op.f("ck_release_state_known")
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> made_by", name=op.f("ck_release_four_eyes")
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_release_study_id_study"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["summary_id"], ["summary.id"], name=op.f("fk_release_summary_id_summary"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("study_id", "number", name=op.f("uq_release_study_id")),
    )
    op.create_index(op.f("ix_release_summary_id"), "release", ["summary_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_comment_session", "comment")
    with op.batch_alter_table("comment", table_kwargs={"sqlite_with_rowid": False}) as batch:
        batch.drop_constraint(batch.f("fk_comment_session_id_group_session"), type_="foreignkey")
        batch.drop_column("session_id")
        batch.drop_column("speaker")
    for table, columns in COLUMNS.items():
        for name in reversed(columns):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    for table in (
        "release",
        "made_file_part",
        "made_file",
        "member_check_answer",
        "member_check",
        "cross_table",
        "target",
        "theme_text",
        "note_vote",
        "note",
        "roster_name",
        "roster_entry",
        "agenda_item",
        "group_session",
    ):
        op.drop_table(table)
