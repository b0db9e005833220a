"""The virtual environment in `.venv`: made when absent, installed once, quick ever after."""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

from tools import announce, debian

ROOT = Path(__file__).resolve().parent.parent
STAMP = "throughline-installed.json"
CLEAR_LINE = "\r\033[K"
# False for an environment cut short, and for one whose Python the machine has since replaced.
USABLE = """
import sys
from importlib.util import find_spec
sys.exit(sys.version_info < (3, 11) or find_spec("pip") is None)
"""


class InstallationError(Exception):
    """What went wrong and what to do about it, for the person at the terminal."""


@dataclass(frozen=True)
class Installation:
    """What is installed where. A second start that finds the same has nothing to do."""

    where: str
    project: str
    extras: tuple[str, ...]

    def covers(self, other: "Installation") -> bool:
        return (
            self.where == other.where
            and self.project == other.project
            and set(self.extras).issuperset(other.extras)
        )


def prepare(root: Path, extras: Collection[str]) -> None:
    """Make sure that the project of `root` is installed, with these extras, in its `.venv`."""
    venv = root / ".venv"
    found = installed(venv)
    wanted = Installation(str(venv), fingerprint(root), tuple(sorted(extras)))
    works = usable(venv)
    if works and found and found.covers(wanted):
        return
    moved = found is not None and found.where != str(venv)
    started = time.monotonic()
    announce("Installing Throughline (about a minute the first time) ...")
    if not works or moved:
        create(venv)
    elif found:
        wanted = Installation(wanted.where, wanted.project, tuple(sorted({*found.extras, *extras})))
    install(venv, root, wanted.extras)
    (venv / STAMP).write_text(json.dumps(asdict(wanted)), encoding="utf-8")
    announce(f"Installed in {time.monotonic() - started:.0f} seconds.")


def fingerprint(root: Path) -> str:
    """Name what is to be installed: it changes with the requirements."""
    return hashlib.sha256((root / "pyproject.toml").read_bytes()).hexdigest()


def installed(venv: Path) -> Installation | None:
    """Read what an earlier run has installed; None where it did not finish."""
    try:
        stamp = json.loads((venv / STAMP).read_text(encoding="utf-8"))
        return Installation(stamp["where"], stamp["project"], tuple(stamp["extras"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def usable(venv: Path) -> bool:
    """Say whether the environment has a Python we can use, with pip."""
    python = venv / "bin" / "python"
    return python.exists() and subprocess.run([python, "-c", USABLE], check=False).returncode == 0


def create(venv: Path) -> None:
    """Make an empty environment, over the remains of an unusable one."""
    done = subprocess.run(
        [sys.executable, "-m", maker(), "--clear", venv], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise InstallationError(f"{done.stdout}{done.stderr}\nThe virtual environment could not be made.")


def maker() -> str:
    """Name the module that makes environments here. Debian packs half of `venv` apart."""
    if find_spec("venv") and find_spec("ensurepip"):
        return "venv"
    if find_spec("virtualenv"):
        return "virtualenv"
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if debian.install(package):
        return "venv"
    raise InstallationError(
        f"This Python ({sys.executable}) cannot make virtual environments. On Debian or Ubuntu, install"
        f" the package {package} (as root: apt-get install {package}), then run the command again."
    )


def install(venv: Path, root: Path, extras: Collection[str]) -> None:
    """Install the project so that changes to its files need no new installation."""
    target = f".[{','.join(extras)}]" if extras else "."
    options = ["--disable-pip-version-check", "--no-input", "--progress-bar=off"]
    command = [str(venv / "bin" / "python"), "-m", "pip", "install", *options, "--editable", target]
    # A personal setting of pip to install for the user would be refused inside an environment.
    settings = os.environ | {"PIP_USER": "no"}
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints,
        subprocess.Popen(
            command, cwd=root, env=settings, stdout=subprocess.PIPE, stderr=complaints, text=True
        ) as pip,
    ):
        assert pip.stdout is not None
        for line in pip.stdout:
            show_progress(line)
        show_progress("")
        if pip.wait() != 0:
            complaints.seek(0)
            raise InstallationError(
                f"{complaints.read()}\nThe installation did not finish: pip's own words are above."
                " It needs to reach a Python package index. Run the same command again to go on."
            )


def show_progress(line: str) -> None:
    """Show the package being fetched, on one line that is written over; only to a person watching."""
    if not sys.stdout.isatty():
        return
    package = re.match(r"Collecting ([\w.-]+)", line)
    if package:
        print(f"{CLEAR_LINE}  {package[1]}", end="", flush=True)
    elif line.startswith("Installing collected"):
        print(f"{CLEAR_LINE}  unpacking", end="", flush=True)
    elif not line:
        print(CLEAR_LINE, end="", flush=True)
