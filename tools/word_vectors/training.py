"""Teaches the table: the sum of a sentence's pieces shall point where the teacher's vector of it points.

The teacher's vectors are centred and turned to their principal axes. Each piece starts from the teacher's
vector of it alone, the longer the rarer it is. Then the loss is lowered, by Adam (Kingma & Ba 2015):

    1 - cosine(ours, teacher's)   +   10 x (ours_i . ours_j - teacher's_i . teacher's_j)^2

as means over a batch and over its pairs: the first says where a sentence points, the second, which sentences
are alike. Both are taken after bringing vectors to length one.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from analysis.table import Table
from tools import announce

Floats = NDArray[np.float32]
Whole = NDArray[np.int64]

_START_SPREAD = 0.05
"""Standard deviation of the sizes of the numbers that training starts from."""
_PAIRS_WEIGHT = 10.0
_LAST_RATE = 0.05
"""The rate falls in a straight line, down to this share of the first."""


@dataclass(frozen=True)
class Settings:
    """How long and how fast to teach."""

    axes: int = 128
    epochs: int = 6
    batch: int = 1024
    rate: float = 0.003
    seed: int = 0


@dataclass(frozen=True)
class Cut:
    """Sentences as rows of the table, one after another."""

    rows: Whole
    starts: Whole
    """Shape (sentences,): where each begins in `rows`."""
    lengths: Whole
    """Shape (sentences,): how many rows it has."""

    def of(self, chosen: Whole) -> tuple[Whole, Whole]:
        """Return rows and starts of some sentences only."""
        lengths = self.lengths[chosen]
        starts = np.cumsum(lengths) - lengths
        places = np.repeat(self.starts[chosen] - starts, lengths) + np.arange(lengths.sum())
        return self.rows[places], starts


def cut(pieces: Sequence[str], sentences: Sequence[str]) -> Cut:
    """Cut sentences exactly as the finished table will cut comments.

    Parameters
    ----------
    pieces : sequence of str
        In the order of the rows.
    sentences : sequence of str
        Any texts.
    """
    known = {piece: row for row, piece in enumerate(pieces)}
    table = Table(known, np.zeros((len(pieces), 0), dtype=np.int8), np.ones(len(pieces), dtype=np.float32))
    found = [[row for word in sentence.lower().split() for row in table.cut(word)] for sentence in sentences]
    lengths = np.array([len(rows) for rows in found], dtype=np.int64)
    flat = np.array([row for rows in found for row in rows], dtype=np.int64)
    return Cut(flat, np.cumsum(lengths) - lengths, lengths)


def turned(taught: Floats, alone: Floats, axes: int) -> tuple[Floats, Floats]:
    """Turn the teacher's vectors to their principal axes, and give the pieces their first vectors.

    Parameters
    ----------
    taught : array of float32, shape (sentences, t)
        The teacher's vectors of the sentences.
    alone : array of float32, shape (pieces, t)
        The teacher's vectors of the pieces, in the order of how common they are.
    axes : int
        How many of the axes to keep.

    Returns
    -------
    tuple of two arrays of float32, shapes (sentences, axes) and (pieces, axes)
        What sentences shall point to, and what pieces start from.
    """
    mean = taught.mean(axis=0)
    centred = taught - mean
    principal = np.linalg.eigh(np.cov(centred.T))[1][:, ::-1][:, :axes].copy()
    # log(1 + rank): without it a sentence would point where its commonest words do.
    start = (alone - mean) @ principal * np.log1p(np.arange(len(alone)))[:, None]
    start *= _START_SPREAD / np.abs(start).std()
    return (centred @ principal).astype(np.float32), start.astype(np.float32)


def teach(taught: Floats, alone: Floats, sentences: Cut, settings: Settings) -> Floats:
    """Return the vectors of the pieces, shape (pieces, axes).

    One thread and one seed: the same sentences give the same bytes on the same machine.

    Parameters
    ----------
    taught, alone : arrays of float32
        As `turned` takes them.
    sentences : Cut
        The same sentences as `taught`, cut.
    settings : Settings
        How long and how fast.
    """
    with threadpool_limits(1):
        target, start = turned(taught, alone, settings.axes)
        return _descend(target, start, sentences, settings)


def _descend(target: Floats, start: Floats, sentences: Cut, settings: Settings) -> Floats:
    import torch  # type: ignore[import-not-found,unused-ignore]

    torch.set_num_threads(1)
    torch.manual_seed(settings.seed)
    bags: Any = torch.nn.EmbeddingBag(*start.shape, mode="sum")
    bags.weight.data = torch.tensor(start)
    goal = torch.tensor(target)
    # A sentence of unknown letters teaches nothing.
    usable = torch.tensor(np.flatnonzero(sentences.lengths))
    descent = _Descent(torch, bags, settings, settings.epochs * (len(usable) // settings.batch))
    begun = time.monotonic()
    for epoch in range(settings.epochs):
        losses = [
            descent.step(*sentences.of(chosen.numpy()), goal[chosen])
            for chosen in usable[torch.randperm(len(usable))].split(settings.batch)
            if len(chosen) == settings.batch
        ]
        progress = f"{epoch + 1} of {settings.epochs}: loss {np.mean(losses):.4f}"
        announce(f"Training, epoch {progress}, {time.monotonic() - begun:.0f} s")
    found: Floats = bags.weight.detach().numpy()
    return found


class _Descent:
    """Adam, with a rate that falls from step to step."""

    def __init__(self, torch: Any, bags: Any, settings: Settings, steps: int) -> None:
        self._torch, self._bags = torch, bags
        self._adam = torch.optim.Adam(bags.parameters(), lr=settings.rate)
        self._rate = torch.optim.lr_scheduler.LambdaLR(self._adam, lambda at: max(_LAST_RATE, 1 - at / steps))

    def step(self, rows: Whole, starts: Whole, goal: Any) -> float:
        """Learn from one batch; return its loss."""
        loss = self._loss(self._bags(self._torch.tensor(rows), self._torch.tensor(starts)), goal)
        self._adam.zero_grad()
        loss.backward()
        self._adam.step()
        self._rate.step()
        return float(loss.detach())

    def _loss(self, ours: Any, goal: Any) -> Any:
        ours, goal = (self._torch.nn.functional.normalize(vectors, dim=1) for vectors in (ours, goal))
        pairs = (ours @ ours.T - goal @ goal.T) ** 2
        return (1 - (ours * goal).sum(1)).mean() + _PAIRS_WEIGHT * pairs.mean()
