"""The live note screen."""

from __future__ import annotations
