"""What planners write about each theme for the report."""

from __future__ import annotations
