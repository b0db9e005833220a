"""Makes bytes of the vectors, writes the table's files, and looks whether files that are there are whole."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from analysis.table import Table

FILES = ("pieces.txt", "scales.npy", "vectors.npy")
SUMS = "SHA256SUMS"

_LETTERS = re.compile(r"(?:##)?[^\W_]+")
"""Pieces that a word can be cut into: `analysis.table` looks for nothing else."""
_MOST = 127
_SMALLEST_SCALE = float(np.finfo(np.float16).tiny)


class Unwritable(ValueError):
    """The vectors cannot be written as a table."""


def reachable(pieces: Sequence[str]) -> list[int]:
    """Return the rows of the pieces made of letters and digits only."""
    return [row for row, piece in enumerate(pieces) if _LETTERS.fullmatch(piece)]


def quantised(vectors: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """Return whole numbers from -127 to 127 and one scale per row.

    Parameters
    ----------
    vectors : array of float32, shape (rows, axes)
        Any finite numbers up to eight million.

    Returns
    -------
    tuple of an array of int8, shape (rows, axes), and one of float16, shape (rows,)
        Their product is off by 0.57 scales at most: half a step of rounding, and what a scale of eleven
        binary digits takes from the largest number of a row (127 / 2,048 of a step).

    Raises
    ------
    Unwritable
        When a number is not finite, or too large for a scale of two bytes.
    """
    largest = np.abs(vectors).max(axis=1)
    if not (largest < _MOST * float(np.finfo(np.float16).max)).all():  # Also when it is not a number.
        raise Unwritable("A vector is not finite or far too long: teach again, with a lower rate.")
    scales = np.maximum(largest / _MOST, _SMALLEST_SCALE).astype(np.float16)
    numbers = np.round(vectors / scales.astype(np.float32)[:, None])
    return np.clip(numbers, -_MOST, _MOST).astype(np.int8), scales


def write(folder: Path, pieces: Sequence[str], vectors: NDArray[np.float32]) -> None:
    """Write the table: pieces that no word is cut into are left out.

    Parameters
    ----------
    folder : Path
        Made when absent.
    pieces : sequence of str
        In the order of the rows.
    vectors : array of float32, shape (pieces, axes)
        As taught.
    """
    rows = reachable(pieces)
    numbers, scales = quantised(vectors[rows])
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as fresh:
        new = Path(fresh)
        _write(new / "pieces.txt", [pieces[row] for row in rows])
        np.save(new / "scales.npy", scales)
        np.save(new / "vectors.npy", numbers)
        _write(new / SUMS, [f"{checksum(new / name)}  {name}" for name in FILES])
        # Renamed, not overwritten: whoever has the old table mapped keeps it.
        for name in (*FILES, SUMS):
            os.replace(new / name, folder / name)


def _write(path: Path, lines: Sequence[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read(folder: Path) -> Table:
    """Return the table of a folder, to measure it."""
    pieces = (folder / "pieces.txt").read_text(encoding="utf-8").split("\n")[:-1]
    scales = np.load(folder / "scales.npy").astype(np.float32)
    return Table({piece: row for row, piece in enumerate(pieces)}, np.load(folder / "vectors.npy"), scales)


def problems(folder: Path) -> list[str]:
    """Say what is wrong with the table of a folder: nothing, when it is whole.

    Parameters
    ----------
    folder : Path
        Where the four files are.

    Returns
    -------
    list of str
        One sentence each.
    """
    missing = [name for name in (*FILES, SUMS) if not (folder / name).is_file()]
    if missing:
        return [f"{name} is missing." for name in missing]
    lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    if sorted(line.split("  ")[-1] for line in lines) != list(FILES):
        return [f"{SUMS} does not name the three files."]
    changed = [line.split("  ")[-1] for line in lines if not _holds(folder, line)]
    return [f"{name} has been changed." for name in changed] or _misshapen(folder)


def _holds(folder: Path, line: str) -> bool:
    expected, name = line.split("  ")
    return checksum(folder / name) == expected


def _misshapen(folder: Path) -> list[str]:
    numbers, scales = np.load(folder / "vectors.npy"), np.load(folder / "scales.npy")
    pieces = (folder / "pieces.txt").read_text(encoding="utf-8").split("\n")[:-1]
    faults = {
        "The vectors are not whole numbers of one byte, one row per piece.": numbers.dtype != np.int8
        or numbers.ndim != 2
        or len(numbers) != len(pieces),
        "The scales are not numbers of two bytes, one per piece.": scales.dtype != np.float16
        or scales.shape != (len(pieces),),
        "A scale is not a number above zero.": not (np.isfinite(scales) & (scales > 0)).all(),
        "A number is -128.": bool((numbers == -_MOST - 1).any()),
        "A piece is there twice.": len(set(pieces)) != len(pieces),
        "A piece is not made of letters and digits.": len(reachable(pieces)) != len(pieces),
    }
    return [sentence for sentence, holds in faults.items() if holds]
