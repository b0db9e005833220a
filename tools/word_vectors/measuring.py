"""How well the table follows its teacher on text that neither was taught on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

MOST = 1_500
"""More lines than these are drawn from: their pairs are more than a million."""


def drawn(lines: Sequence[str]) -> list[str]:
    """Return at most 1,500 of the lines, the same each time."""
    if len(lines) <= MOST:
        return list(lines)
    return [lines[at] for at in np.random.default_rng(0).permutation(len(lines))[:MOST]]


def agreement(ours: NDArray[np.floating], teachers: NDArray[np.floating]) -> float:
    """Return how alike two sets of vectors order the pairs of texts by similarity.

    Parameters
    ----------
    ours, teachers : arrays, shapes (texts, a) and (texts, b)
        Rows of length one, or zero; three texts at least.

    Returns
    -------
    float
        Spearman's rank correlation of the cosines of all pairs, from -1 to 1.
    """
    pairs = np.triu_indices(len(ours), 1)
    return float(spearmanr((ours @ ours.T)[pairs], (teachers @ teachers.T)[pairs]).statistic)
