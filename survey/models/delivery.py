"""What became of a mailing for each person: mail was handed over, refused, or nobody knows.

This belongs to the people's side. It tells who was written to, never who answered.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.db import Base

# waiting: not tried yet. sending: with the server just now. sent, refused: it took it, or never will.
# later: it would not take it today. unsure: the work or the line broke while it was with the server.
# skipped: the person asked for no more mail, or has answered, before it was their turn.
STATES = ("waiting", "sending", "sent", "refused", "later", "unsure", "skipped")


class Delivery(Base):
    """One mailing to one person; the key lets it exist once."""

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'refused', 'later', 'unsure', 'skipped')",
            name="state_known",
        ),
        {"sqlite_with_rowid": False},
    )

    mailing_id: Mapped[int] = mapped_column(ForeignKey("mailing.id", ondelete="CASCADE"), primary_key=True)
    invitee_id: Mapped[str] = mapped_column(
        ForeignKey("invitee.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(300), default="")
