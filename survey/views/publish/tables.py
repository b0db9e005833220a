"""The cross tables of a summary."""

from __future__ import annotations
