"""What can be wrong with a question of a document, and with an answer to it."""

from __future__ import annotations

from survey.errors import Refusal


class DocumentError(Refusal):
    """The document of a survey cannot be used; the sentence names the question and what to change."""


class Problem(Exception):
    """What was typed is not an answer to the question; the sentence says how to put it right.

    `controls` are the ids of the controls to change, where a question has several; else it is all of it.
    """

    def __init__(self, sentence: str, controls: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.controls = controls
