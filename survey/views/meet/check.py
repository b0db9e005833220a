"""Participants say whether their group was understood."""

from __future__ import annotations
