"""What `make` runs: the virtual environment, Debian's packages, the sizes."""

import ast
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools import bootstrap, debian, environment, sizes

ROOT = environment.ROOT

# A project that installs without a network: it builds itself.
TINY_PROJECT = """
[build-system]
requires = []
build-backend = "build_tiny"
backend-path = ["."]

[project]
name = "tiny"
version = "1.0"
"""
TINY_BACKEND = """
import pathlib, zipfile

def get_requires_for_build_editable(settings=None):
    return []

def build_editable(folder, settings=None, metadata=None):
    name = "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        wheel.writestr("tiny.pth", str(pathlib.Path.cwd()))
        wheel.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1.0\\n")
        wheel.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any\\n")
        wheel.writestr("tiny-1.0.dist-info/RECORD", "")
    return name
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project installed over the remains of an environment whose Python is gone."""
    root = tmp_path_factory.mktemp("with a space")
    (root / "pyproject.toml").write_text(TINY_PROJECT)
    (root / "build_tiny.py").write_text(TINY_BACKEND)
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / ".venv" / "bin" / "python").symlink_to(root / "gone")
    environment.prepare(root, [])
    return root


def is_installed(root: Path) -> bool:
    command = [root / ".venv" / "bin" / "python", "-c", "import build_tiny"]
    return subprocess.run(command, cwd="/", capture_output=True, check=False).returncode == 0


def test_a_second_start_installs_nothing(tiny, capsys):
    assert is_installed(tiny)
    started = time.monotonic()
    environment.prepare(tiny, [])
    assert time.monotonic() - started < 1.5
    assert capsys.readouterr().out == ""


def test_a_failure_is_explained_and_the_next_start_goes_on(tiny, capsys):
    with (tiny / "pyproject.toml").open("a") as project:
        project.write('description = "changed"\n')
    (tiny / "build_tiny.py").write_text("raise RuntimeError('the disk is full')")
    with pytest.raises(environment.InstallationError, match=r"(?s)the disk is full.*Run the same command"):
        environment.prepare(tiny, [])
    (tiny / "build_tiny.py").write_text(TINY_BACKEND)
    environment.prepare(tiny, [])
    assert "Installed in" in capsys.readouterr().out


def test_a_moved_folder_starts_afresh(tiny):
    moved = tiny.rename(tiny.with_name("moved"))
    try:
        environment.prepare(moved, [])
        assert is_installed(moved)
        assert str(moved) in (moved / ".venv" / "bin" / "pip").read_text()
    finally:
        moved.rename(tiny)


@pytest.mark.parametrize(
    ("where", "project", "extras", "covered"),
    [
        ("here", "1", ("test",), True),
        ("here", "1", (), True),
        ("here", "1", ("bench",), False),
        ("here", "2", (), False),
        ("there", "1", (), False),
    ],
)
def test_an_installation_covers_the_same_place_and_project_with_fewer_extras(where, project, extras, covered):
    found = environment.Installation("here", "1", ("postgres", "test"))
    assert found.covers(environment.Installation(where, project, extras)) is covered


def test_without_any_way_to_make_an_environment_the_package_is_named(monkeypatch):
    monkeypatch.setattr(environment, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", "")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    with pytest.raises(environment.InstallationError, match=f"apt-get install python{version}-venv"):
        environment.maker()


def test_an_old_python_can_read_the_file_that_turns_it_away():
    source = Path(bootstrap.__file__).read_text()
    ast.parse(source, feature_version=(3, 6))
    hints = [node.annotation for node in ast.walk(ast.parse(source)) if isinstance(node, ast.arg)]
    assert all(isinstance(hint, ast.Constant | ast.Name) for hint in hints), "newer hints must be in quotes"


def test_an_old_python_is_told_what_is_needed(monkeypatch):
    monkeypatch.setattr(bootstrap, "NEEDED", (3, 99))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match=r"needs Python 3\.99 or later, and .* is Python 3\."):
        bootstrap.main([])


def test_a_newer_python_on_the_machine_is_found(tmp_path):
    for name, status in {"python3": 0, "python3.11": 0, "python3.12": 0, "python3.13": 127}.items():
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\nexit {status}\n")
        program.chmod(0o755)
    assert bootstrap.newer_python(str(tmp_path)) == str(tmp_path / "python3.12")
    assert bootstrap.newer_python("") is None


@pytest.fixture
def apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An apt-get that writes down what it is asked, and fails for the package `unknown`."""
    program = tmp_path / "apt-get"
    program.write_text(
        '#!/bin/sh\necho "$@" >>"$0.log"\ncase "$*" in *unknown) echo "E: no such package"; exit 100;; esac\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return program.with_name("apt-get.log")


def test_a_package_is_installed_after_an_update_without_questions(apt):
    assert debian.install("chromium")
    assert apt.read_text().splitlines() == [
        "--quiet update",
        "--quiet install --yes --no-install-recommends chromium",
    ]


def test_what_apt_says_is_shown_when_it_fails(apt, capsys):
    assert not debian.install("unknown")
    assert "E: no such package" in capsys.readouterr().err


def test_packages_are_left_alone_without_the_right_to_install(apt, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert not debian.install("chromium")
    assert not apt.exists()


SAMPLE = '''
@decorated
def plain(value):
    """One line."""
    # a comment

    text = """two
    lines"""
    return value  # said

async def outer():
    """
    A docstring

    of several lines.
    """
    def inner():
        return (
            1
        )
    return inner
'''


def test_sizes_count_code_but_no_docstrings_comments_or_blank_lines():
    found = {size.name: size.lines for size in sizes.functions(SAMPLE, "sample.py")}
    assert found == {"sample.py:3 plain": 4, "sample.py:11 outer": 6, "sample.py:17 inner": 4}


def test_percentiles_are_values_that_occur():
    values = list(range(1, 201))
    assert [sizes.percentile(values, share) for share in (50, 90, 99, 100)] == [100, 180, 198, 200]
    assert sizes.percentile([7], 50) == 7


def test_sizes_report_names_the_five_longest():
    report = sizes.report("Files", [sizes.Size(lines, f"file{lines}") for lines in range(10)])
    assert report.splitlines()[0] == "Files: 10, median 4, 90th percentile 8, 99th 9 lines"
    assert re.findall(r"file\d", report) == ["file9", "file8", "file7", "file6", "file5"]


def test_make_help_explains_every_target():
    named = re.search(r"^\.PHONY: (.*)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert named
    inner = {"environment", "test-environment"}
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^make (\S+) +\S", shown, re.MULTILINE)) == set(named[1].split()) - inner
