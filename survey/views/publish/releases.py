"""Preparing, approving and withdrawing what the public sees."""

from __future__ import annotations
