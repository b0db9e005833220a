"""Documentation that must equal the code, does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from flask import Flask

from survey import permissions

ROOT = Path(__file__).parent.parent


def test_permissions_are_documented(app: Flask) -> None:
    text = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")
    assert text == permissions.document(app), (
        "write it anew with: survey doctor --permissions > docs/permissions.md"
    )


def test_every_dependency_is_justified_and_no_other() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.split(r"[\[>=<]", line)[0] for line in project["dependencies"]}
    rows = re.findall(
        r"^\| ([a-z0-9-]+) \| \S", (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8"), re.M
    )
    assert set(rows) - {"package"} == needed


def test_links_between_documents_lead_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")]
    for document in documents:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_no_document_carries_a_machine_path() -> None:
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        assert not re.search(r"/(root|home|tmp)/", document.read_text(encoding="utf-8")), document.name
