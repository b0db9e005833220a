"""Bringing minutes in."""

from __future__ import annotations
