"""Every address that code and templates build is one that there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).parent.parent.parent
NAMED = re.compile(r"""url_for\(\s*["']([a-z_]+\.[a-z_]+)["']""")


def named() -> Iterator[tuple[str, str]]:
    """Endpoints written out in full, each with its file."""
    for file in [*(ROOT / "survey").rglob("*.py"), *(ROOT / "templates").rglob("*.html")]:
        for endpoint in NAMED.findall(file.read_text(encoding="utf-8")):
            yield file.relative_to(ROOT).as_posix(), endpoint


def test_every_named_endpoint_is_there(app: Flask) -> None:
    found = list(named())
    assert len(found) > 100
    assert [(file, name) for file, name in found if name not in app.view_functions] == []
