"""Make the virtual environment: `python3 -m tools.bootstrap [EXTRA ...]`.

Any Python 3 must be able to read this file, because its first duty is to say that a Python is too old.
"""

import os
import shutil
import subprocess
import sys

NEEDED = (3, 11)


def newer_python(path: "str | None" = None) -> "str | None":
    """Find an interpreter that will do, for a machine whose `python3` is older."""
    names = [f"python3.{minor}" for minor in range(19, NEEDED[1] - 1, -1)]
    found = [shutil.which(name, path=path) for name in names]
    return next((program for program in found if program and runs(program)), None)


def runs(program: str) -> bool:
    """Say whether it is a Python: version managers leave names that only print where to get one."""
    return subprocess.call([program, "-c", ""], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def too_old(version: str) -> str:
    return (
        f"Throughline needs Python 3.{NEEDED[1]} or later, and {sys.executable} is Python {version}."
        " Install a newer one, or name it: make demo PYTHON=/path/to/python"
    )


def main(extras: "list[str]") -> None:
    if sys.version_info < NEEDED:
        other = newer_python()
        if other is None:
            sys.exit(too_old(sys.version.split()[0]))
        os.execv(other, [other, "-m", "tools.bootstrap", *extras])
    from tools import environment

    try:
        environment.prepare(environment.ROOT, extras)
    except environment.InstallationError as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main(sys.argv[1:])
