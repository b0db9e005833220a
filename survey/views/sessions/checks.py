"""Showing a group its draft themes."""

from __future__ import annotations
