"""Reports, briefs and PDF files of a frozen summary."""

from __future__ import annotations
