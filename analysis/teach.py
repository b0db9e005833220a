"""What examples teach: from some texts whose themes are known to scores for all.

Ridge regression (Hoerl & Kennard 1970) of one column per theme, 1 where a text belongs to it and 0 where
not. It has a closed form, is quick, needs no more than a handful of examples, and its scores add up to about
one per text. A theme's name is an example, too: "Parks" says where parks belong before anybody gave a comment
to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.arrays import Floats, Ints

_STIFFNESS = 1.0
"""Ridge penalty, for points of length one: how many examples weigh as much as the wish for small numbers."""
NAME = 2.0
"""A name weighs as much as so many examples."""


@dataclass(frozen=True)
class Lesson:
    """Examples to learn from."""

    points: Floats
    """Shape (examples, d)."""
    themes: NDArray[np.float64]
    """Shape (examples, themes): 1 where the example belongs to the theme, else 0."""
    weights: NDArray[np.float64]
    """Shape (examples,): how much each counts; above 0."""

    def __add__(self, other: Lesson) -> Lesson:
        """Return both lessons as one."""
        return Lesson(
            np.vstack([self.points, other.points]),
            np.vstack([self.themes, other.themes]),
            np.concatenate([self.weights, other.weights]),
        )


@dataclass(frozen=True)
class Teacher:
    """What was learnt."""

    slopes: NDArray[np.float64]
    """Shape (d, themes)."""
    usual: NDArray[np.float64]
    """Shape (themes,): score of a text of which nothing is known."""

    def scores(self, points: Floats) -> Floats:
        """Return how well each text fits each theme, shape (n, themes); about 0 to 1."""
        return np.asarray(points @ self.slopes + self.usual, dtype=np.float32)


def learn(lesson: Lesson) -> Teacher:
    """Learn from examples.

    Parameters
    ----------
    lesson : Lesson
        One example or more.

    Returns
    -------
    Teacher
        With ``slopes = (X' W X + lambda I)^-1 X' W (Y - m)``, where m is the weighted mean of the themes Y
        and lambda is 1; solved on the side, examples or axes, that is smaller.

    Examples
    --------
    >>> corners = np.array([[1, 0], [0, 1]], dtype=np.float32)
    >>> learnt = learn(Lesson(corners, np.eye(2), np.ones(2)))
    >>> learnt.scores(corners).argmax(axis=1).tolist()
    [0, 1]
    """
    points = lesson.points.astype(np.float64)
    usual = np.asarray(lesson.weights @ lesson.themes / lesson.weights.sum())
    wanted = lesson.themes - usual
    examples, axes = points.shape
    if examples < axes:
        kernel = points @ points.T + _STIFFNESS * np.diag(1 / lesson.weights)
        return Teacher(points.T @ np.linalg.solve(kernel, wanted), usual)
    weighted = points * lesson.weights[:, None]
    spread = points.T @ weighted + _STIFFNESS * np.eye(axes)
    return Teacher(np.linalg.solve(spread, weighted.T @ wanted), usual)


def belong(groups: Ints, themes: int) -> NDArray[np.float64]:
    """Return the matrix of 0 and 1 that says which theme each text belongs to, shape (n, themes); -1 for
    none."""
    return np.asarray((groups[:, None] == np.arange(themes)).astype(np.float64))
