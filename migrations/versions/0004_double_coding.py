"""Blind double coding: samples, their coders and comments, and what each coder said"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("per_page", sa.Integer(), nullable=False),
        sa.Column("hide_context", sa.Boolean(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("agreement", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("made_by", sa.String(length=254), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('coding', 'finished')", name=op.f("ck_sample_state_known")),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_sample_study_id_study"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample")),
        sa.UniqueConstraint("study_id", "number", name=op.f("uq_sample_study_id")),
    )
    op.create_table(
        "sample_coder",
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("place IN (1, 2)", name=op.f("ck_sample_coder_two_places")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sample_coder_person_id_person")),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["sample.id"], name=op.f("fk_sample_coder_sample_id_sample"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sample_id", "place", name=op.f("pk_sample_coder")),
        sa.UniqueConstraint("sample_id", "person_id", name=op.f("uq_sample_coder_sample_id")),
    )
    with op.batch_alter_table("sample_coder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sample_coder_person_id"), ["person_id"], unique=False)

    op.create_table(
        "sample_item",
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("comment_id", sa.String(length=32), nullable=False),
        sa.Column("settled", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_sample_item_comment_id_comment"),
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["sample.id"], name=op.f("fk_sample_item_sample_id_sample"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sample_id", "position", name=op.f("pk_sample_item")),
        sa.UniqueConstraint("sample_id", "comment_id", name=op.f("uq_sample_item_sample_id")),
    )
    with op.batch_alter_table("sample_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sample_item_comment_id"), ["comment_id"], unique=False)

    op.create_table(
        "coding",
        sa.Column("sample_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sample_id", "place"],
            ["sample_coder.sample_id", "sample_coder.place"],
            name=op.f("fk_coding_sample_id_sample_coder"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["sample_id", "position"],
            ["sample_item.sample_id", "sample_item.position"],
            name=op.f("fk_coding_sample_id_sample_item"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("sample_id", "position", "place", name=op.f("pk_coding")),
    )


def downgrade() -> None:
    op.drop_table("coding")
    with op.batch_alter_table("sample_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sample_item_comment_id"))

    op.drop_table("sample_item")
    with op.batch_alter_table("sample_coder", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sample_coder_person_id"))

    op.drop_table("sample_coder")
    op.drop_table("sample")
