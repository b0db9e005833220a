"""Who was heard, against the targets that were typed in."""

from __future__ import annotations
