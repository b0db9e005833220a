"""The bundle with which anybody can repeat the theme table."""

from __future__ import annotations
