"""All responses of a survey as a file."""

from __future__ import annotations
