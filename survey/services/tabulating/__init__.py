"""Counting what was answered: tables for the disclosure gate, and what is told of them afterwards.

`asked` finds the closed questions of a survey over its versions, `lines` and `kinds` count them, `counting`
goes once through the responses; `heard`, `crosses`, `weights` and `waves` are the other parts of a report.
"""

from __future__ import annotations
