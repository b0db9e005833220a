"""Participants type notes on their own phones."""

from __future__ import annotations
