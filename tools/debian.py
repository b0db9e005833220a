"""Debian's packages, for what Python's package index cannot give."""

import os
import shutil
import subprocess
import sys

from tools import announce


def install(package: str) -> bool:
    """Install a Debian package where there is apt-get and we are root; say whether it is there now."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return False
    announce(f"  Installing Debian's package {package} ...")
    _run(apt, "update")  # One unreachable source of several is no reason to give up.
    done = _run(apt, "install", "--yes", "--no-install-recommends", package)
    if done.returncode != 0:
        print(done.stdout, file=sys.stderr)
    return done.returncode == 0


def _run(apt: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [apt, "--quiet", *arguments],
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
