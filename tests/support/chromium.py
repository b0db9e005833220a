"""Chromium for the tests: the one of this machine, or one installed for them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.support import MissingError
from tools import announce, debian

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
# Only what the pages ask for goes over the network; no sandbox, which containers do not allow.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)
ADVICE = (
    "Chromium is missing: install it (Debian: apt-get install chromium; elsewhere: .venv/bin/python -m"
    " playwright install --with-deps chromium), or set CHROMIUM to the program."
)


@cache
def program() -> str:
    """Find Chromium, or install it; once in a process."""
    given = os.environ.get("CHROMIUM")
    if given:
        if not works(given):
            raise MissingError(f"CHROMIUM is set to {given}, which does not run.")
        return given
    found = on_machine() or of_playwright() or installed()
    if found is None:
        raise MissingError(ADVICE)
    return found


def on_machine(path: str | None = None) -> str | None:
    """Find a Chromium among the programs of this machine."""
    found = (shutil.which(name, path=path) for name in NAMES)
    return next((name for name in found if name and works(name)), None)


def of_playwright() -> str | None:
    """Find the Chromium that Playwright has downloaded earlier."""
    with sync_playwright() as playwright:
        name = playwright.chromium.executable_path
    return name if Path(name).exists() and works(name) else None


def installed() -> str | None:
    """Install Debian's Chromium where we may, else Playwright's."""
    if debian.install("chromium"):
        found = on_machine()
        if found:
            return found
    announce("  Downloading Chromium with Playwright ...")
    dependencies = ["--with-deps"] if os.geteuid() == 0 and shutil.which("apt-get") else []
    subprocess.run(
        [sys.executable, "-m", "playwright", "install", *dependencies, "chromium"],
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return of_playwright()


def works(name: str) -> bool:
    """Say whether it starts: Ubuntu's `chromium-browser` may be a signpost to another package."""
    try:
        done = subprocess.run([name, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start Chromium without a window, with a profile of its own that is thrown away."""
    found = program()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS, timeout=60_000)
        try:
            yield browser
        finally:
            browser.close()
