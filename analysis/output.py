"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from analysis.lines import BadInput, in_utf8


def check_output(path: Path, inputs: Iterable[Path]) -> None:
    """Refuse, before any work, a place where nothing can be written, or one that is still to be read.

    Parameters
    ----------
    path : Path
        Where a result is to be written.
    inputs : iterable of Path
        Files that are read.

    Raises
    ------
    BadInput
        With what to do about it.
    """
    for other in inputs:
        with suppress(OSError):
            if path.samefile(other):
                raise BadInput(f"{path} is read, so nothing can be written there: give --out another name.")
    if path.is_dir():
        raise BadInput(f"{path} cannot be written: it is a folder.")
    folder = Path(os.path.realpath(path)).parent
    if not folder.is_dir():
        raise BadInput(f"{path} cannot be written: there is no folder {folder}.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadInput(f"{path} cannot be written: the folder {folder} may not be changed.")


def write_whole(path: Path, pieces: Iterable[str]) -> None:
    """Write a file whole or not at all.

    Parameters
    ----------
    path : Path
        The file; where a symbolic link points to; or a pipe or device, which is written to as it is.
    pieces : iterable of str
        Its text. A lone surrogate, which has no UTF-8, is written as \\udxxx: the JSON that it came from.

    Raises
    ------
    BadInput
        When the file cannot be written; what was there before is untouched.
    """
    target = Path(os.path.realpath(path))
    try:
        usual = _mode(target)
        if usual is None:
            with target.open("wb") as file:
                file.writelines(map(in_utf8, pieces))
        else:
            _replace(target, usual, pieces)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror or error}.") from None


def _mode(path: Path) -> int | None:
    """Return the permissions of a file, those of a new one, or None when it is no file."""
    try:
        found = path.stat().st_mode
    except FileNotFoundError:
        mask = os.umask(0o077)
        os.umask(mask)
        return 0o666 & ~mask
    return stat.S_IMODE(found) if stat.S_ISREG(found) else None


def _replace(path: Path, mode: int, pieces: Iterable[str]) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(map(in_utf8, pieces))
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:  # Ctrl-C too leaves nothing behind
        with suppress(OSError):
            os.unlink(name)
        raise
