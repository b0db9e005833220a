"""Talking with a terminal: sentences, progress, output in UTF-8, and stopping."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import TextIO

from analysis.lines import BadInput, in_utf8
from analysis.types import Cancelled, NothingToGroup

_BAR, _LINE = 30, 79
DONE, NOTHING, BAD, STOPPED = 0, 1, 2, 130


def exit_code(work: Callable[[], Iterable[str]]) -> int:
    """Do the work of a command, and say in one sentence what went wrong.

    Parameters
    ----------
    work : callable
        Returns notes for standard error.

    Returns
    -------
    int
        0 done, 1 nothing to group, 2 bad input, 130 stopped with Ctrl-C.

    Examples
    --------
    >>> exit_code(lambda: [])
    0
    """
    try:
        for note in work():
            _say(note, DONE)
    except NothingToGroup as error:
        return _say(str(error), NOTHING)
    except ValueError as error:
        return _say(str(error), BAD)
    except (KeyboardInterrupt, Cancelled):
        return _say("Stopped: no file was written.", STOPPED)
    except BrokenPipeError:
        return _nobody_reads_on()
    return DONE


def _say(sentence: str, code: int) -> int:
    line = "".join(sign if sign.isprintable() else " " for sign in in_utf8(sentence).decode())
    sys.stderr.write(line + "\n")
    return code


def _nobody_reads_on() -> int:
    """End without a word, as in `... | head`; nor may Python complain when it empties its buffers."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def put(pieces: Iterable[str]) -> None:
    """Write to standard output in UTF-8, whatever the terminal is set to.

    Parameters
    ----------
    pieces : iterable of str
        Text, with its line ends.

    Raises
    ------
    BadInput
        When it cannot be written.
    BrokenPipeError
        When nobody reads it any more.
    """
    try:
        sys.stdout.flush()
        for piece in pieces:
            sys.stdout.buffer.write(in_utf8(piece))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise BadInput(f"Standard output cannot be written: {error.strerror or error}.") from None


class Bar:
    """Shows on a terminal how far the work is, and nothing anywhere else: a `analysis.types.Progress`.

    Within `with`; at its end the line is empty again.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream if stream.isatty() else None

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._show("")

    def __call__(self, share: float, message: str) -> None:
        filled = int(max(0.0, min(1.0, share)) * _BAR)
        self._show(f"[{'#' * filled}{' ' * (_BAR - filled)}] {share:4.0%}  {message}")

    def _show(self, line: str) -> None:
        if self._stream:
            self._stream.write(f"\r{line[:_LINE]:{_LINE}}\r")
            self._stream.flush()
