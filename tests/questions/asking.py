"""What the tests of question types share: questions made from few settings, and what they say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from survey import questions
from survey.questions import DocumentError, Problem

LABEL = {"en": "What do you think?", "es": "¿Qué piensa?"}


def listed(*names: str) -> list[dict[str, Any]]:
    """Choices called so; the id is the first letter, small."""
    return [{"id": name[0].lower(), "label": {"en": name}} for name in names]


def ask(kind: str, **settings: Any) -> Any:
    """A question of a type. Its fields begin with "q-x"."""
    return questions.from_document({"id": "x", "type": kind, "label": LABEL, **settings})


def typed(question: Any, **parts: str) -> dict[str, list[str]]:
    """What a form sends for the parts of a question."""
    return {question.field_of(part): [text] for part, text in parts.items()}


def problem(task: Callable[[], object]) -> Problem:
    """The problem that a task ends with."""
    with pytest.raises(Problem) as caught:
        task()
    return caught.value


def says(task: Callable[[], object]) -> str:
    """The sentence that a task is refused with."""
    with pytest.raises((Problem, DocumentError)) as caught:
        task()
    return str(caught.value)
