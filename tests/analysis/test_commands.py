"""What the commands ask of the engine, with a small one in its place, and what they say on a terminal."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from analysis.__main__ import main
from analysis.breadth import Breadth
from analysis.console import Bar
from analysis.decisions import Decisions
from analysis.types import Cancelled, Comment, Earlier, Options, Placement, Result, Theme
from tests.analysis.test_command_line import lines_of, run, write_lines


class Part(NamedTuple):
    """A proposed part of a theme."""

    label: str
    keywords: tuple[str, ...]
    quotes: tuple[str, ...]
    comments: tuple[str, ...]


class Engine:
    """Stands in for the engine: puts all comments into one theme, and remembers what it was given."""

    def __init__(self) -> None:
        self.comments: Sequence[Comment] = ()
        self.options = Options()
        self.count = 0
        self.members: Sequence[str] = ()
        self.parts: int | None = None

    def discover(self, comments: Sequence[Comment], options: Options, *, progress: Any) -> Result:
        self.comments, self.options = comments, options
        progress(0.5, "Half way")
        theme = Theme(1, "all", ("all",), 1, 1, Breadth(0, 0, 0, 0, 0.0), None, (comments[0].id,), {})
        placed = tuple((Placement(1, 0.5),) for _ in comments)
        return Result((theme,), placed, (None,) * len(comments), {})

    def place(self, comments: Sequence[Comment], options: Options, *, progress: Any) -> Result:
        assert options.decisions.names
        return self.discover(comments, options, progress=progress)

    def suggest_next(
        self, comments: Sequence[Comment], options: Options, count: int = 20, *, progress: Any
    ) -> tuple[str, ...]:
        self.comments, self.options, self.count = comments, options, count
        return tuple(comment.id for comment in reversed(comments))[:count]

    def split(
        self, comments: Sequence[Comment], members: Sequence[str], options: Options, parts: int | None = None
    ) -> tuple[Part, ...]:
        self.comments, self.members, self.options, self.parts = comments, members, options, parts
        return tuple(Part(name, ("word",), (name,), (name,)) for name in members)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Put a small engine in place of the real one."""
    stand_in = Engine()
    for name, functions in (
        ("pipeline", ("discover", "place")),
        ("suggest", ("suggest_next",)),
        ("split", ("split",)),
    ):
        module = ModuleType(f"analysis.{name}")
        for function in functions:
            setattr(module, function, getattr(stand_in, function))
        monkeypatch.setitem(sys.modules, f"analysis.{name}", module)
    return stand_in


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Three comments, of which one has a number for an id and one has none."""
    return write_lines(
        tmp_path / "in.jsonl",
        [{"id": "a", "text": "Late buses"}, {"id": 17, "text": "¿Más árboles?"}, {"text": "odd \ud800"}],
    )


@pytest.fixture
def old(engine: Engine, source: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A result of the three comments."""
    out = source.with_name("old.json")
    assert main(["discover", str(source), "--out", str(out)]) == 0
    return out


def test_all_options_reach_the_engine(engine: Engine, source: Path, old: Path, tmp_path: Path) -> None:
    fixes = write_lines(tmp_path / "fixes.jsonl", [{"id": "17", "theme": "Parks"}])
    choices = "--themes 3 --granularity many --seed 5 --vectors none --duplicates once --language es"
    run(source, *choices.split(), "--corrections", str(fixes), "--previous", str(old))
    assert engine.options == Options(
        themes=3,
        granularity="many",
        seed=5,
        vectors="none",
        duplicates="once",
        decisions=Decisions.of({"17": ["Parks"]}, themes=["Parks"]),
        earlier=Earlier({"a": (1,), "17": (1,), "3": (1,)}, {1: "all"}),
    )
    assert {comment.language for comment in engine.comments} == {"es"}


def test_the_options_of_the_engine_are_those_of_the_library(engine: Engine, source: Path) -> None:
    run(source)
    assert engine.options == Options()


def test_a_folder_of_vectors(
    engine: Engine, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(source, "--vectors", str(tmp_path))
    assert engine.options.vectors == str(tmp_path)
    assert main(["suggest", str(source), "--vectors", "fast"]) == 2
    assert (
        capsys.readouterr().err
        == '--vectors takes "table", "none" or a folder, and there is no folder fast.\n'
    )


def test_place_writes_to_a_file_or_to_standard_output(
    engine: Engine, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fixes = tmp_path / "fixes.csv"
    fixes.write_text("id,theme\n17,Parks\na,\ngone,Water\n")
    command = ["place", str(source), "--corrections", str(fixes)]
    assert main(command) == 0
    said = capsys.readouterr()
    assert main([*command, "--out", str(tmp_path / "out.json")]) == 0
    assert (tmp_path / "out.json").read_text(encoding="utf-8") == said.out
    assert [row["id"] for row in json.loads(said.out)["placements"]] == ["a", 17, 3]
    assert said.err == (
        "1 row of fixes.csv without a theme decide nothing.\n"
        "1 of the 2 ids in fixes.csv are not among the comments: gone.\n"
    )
    assert engine.options.decisions == Decisions.of({"17": ["Parks"]}, themes=["Parks", "Water"])


def test_suggest_gives_ids_as_they_stand_and_the_words(
    engine: Engine, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fixes = write_lines(tmp_path / "fixes.jsonl", [{"id": "a", "theme": "Parks"}])
    assert main(["suggest", str(source), "--corrections", str(fixes), "--count", "2"]) == 0
    assert lines_of(capsys) == [{"id": 3, "text": "odd \ud800"}, {"id": 17, "text": "¿Más árboles?"}]
    assert engine.count == 2
    assert engine.options.decisions.placed == {"a": ("Parks",)}
    assert main(["suggest", str(source)]) == 0
    assert engine.count == 20


def test_split_gives_parts_of_the_theme(
    engine: Engine, source: Path, old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_lines(source, [{"id": "new", "text": "b"}, {"id": 17, "text": "a"}])
    command = ["split", str(source), "--result", str(old), "--theme"]
    assert main([*command, "1", "--parts", "3"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out) == {
        "theme": 1,
        "parts": [{"label": "17", "keywords": ["word"], "quotes": [17], "comments": [17]}],
    }
    assert said.err == "2 of the 3 comments of the theme are not in in.jsonl.\n"
    assert (engine.members, engine.parts) == (["17"], 3)
    assert main([*command, "9"]) == 2
    assert capsys.readouterr().err == "old.json has no theme 9: its themes are 1.\n"
    write_lines(source, [{"id": "new", "text": "b"}])
    assert main([*command, "1"]) == 2
    assert capsys.readouterr().err == "in.jsonl holds no comment of theme 1.\n"


def test_nothing_that_is_read_is_written_over(
    engine: Engine, source: Path, old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fixes = write_lines(tmp_path / "fixes.jsonl", [{"id": "a", "theme": "Parks"}])
    before = {path: path.read_bytes() for path in (source, old, fixes)}
    reading = ["--corrections", str(fixes), "--earlier", str(old)]
    for command in (
        *(["discover", str(source), *reading, "--out", str(path)] for path in before),
        ["place", str(source), "--corrections", str(fixes), "--out", str(fixes)],
        ["split", str(source), "--result", str(old), "--theme", "1", "--out", str(old)],
        ["compare", str(old), str(old), "--out", str(old)],
    ):
        assert main(command) == 2
        assert "is read, so nothing can be written there" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in before} == before


WRONG: list[tuple[str, str, str]] = [
    ("corrections", '{"id": 1, "theme": "A"}\n{"id": 1}\n', 'Line 2 has an "id" but no "theme"'),
    ("corrections", '{"apart": ["a", "a"]}\n', "fixes: Line 1: a cannot be told apart from itself."),
    ("earlier", '{"themes": []}', "fixes is no result: give the JSON"),
]


@pytest.mark.parametrize(("option", "content", "sentence"), WRONG)
def test_files_beside_the_comments(
    engine: Engine, source: Path, capsys: pytest.CaptureFixture[str], option: str, content: str, sentence: str
) -> None:
    other, out = source.with_name("fixes"), source.with_name("out.json")
    other.write_text(content)
    assert main(["discover", str(source), "--out", str(out), f"--{option}", str(other)]) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1
    assert not out.exists()


def test_a_result_that_cannot_be_compared(
    old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.json"
    other.write_text('{"themes": [{"id": "x"}], "placements": []}')
    assert main(["compare", str(old), str(other)]) == 2
    assert capsys.readouterr().err == (
        f'{other}: This is not a result of a discovery: a theme has no whole number "id".\n'
    )


@pytest.mark.parametrize("stop", [KeyboardInterrupt, Cancelled])
def test_stopped_on_the_way(
    engine: Engine,
    source: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    stop: type[BaseException],
) -> None:
    def stopped(*given: Any, **more: Any) -> Result:
        raise stop

    monkeypatch.setattr(sys.modules["analysis.pipeline"], "discover", stopped)
    assert main(["discover", str(source), "--out", str(source.with_name("out.json"))]) == 130
    assert capsys.readouterr().err == "Stopped: no file was written.\n"
    assert list(source.parent.iterdir()) == [source]


def test_a_sentence_is_one_line_whatever_is_in_it(
    engine: Engine, source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(*given: Any, **more: Any) -> Result:
        raise ValueError("a theme\n\x1b[31m\udcff")

    monkeypatch.setattr(sys.modules["analysis.pipeline"], "discover", refused)
    assert main(["discover", str(source), "--out", str(source.with_name("out.json"))]) == 2
    assert capsys.readouterr().err == "a theme  [31m\\udcff\n"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["discover", "in.jsonl"],
        ["discover", "in.jsonl", "--out", "o", "--granularity", "some"],
        ["discover", "in.jsonl", "--out", "o", "--theme", "3"],
        ["discover", "in.jsonl", "--out", "o", "--language", "not a language"],
        ["place", "in.jsonl"],
        ["suggest", "in.jsonl", "--count", "0"],
        ["split", "in.jsonl", "--result", "o", "--theme", "1", "--parts", "5"],
        ["compare", "old.json"],
    ],
)
def test_wrong_arguments(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: python -m analysis" in capsys.readouterr().err


class Terminal(io.StringIO):
    """A terminal that keeps all that was shown."""

    def isatty(self) -> bool:
        return True


def test_a_bar_on_a_terminal_and_nothing_elsewhere() -> None:
    terminal, file = Terminal(), io.StringIO()
    for stream in (terminal, file):
        with Bar(stream) as bar:
            bar(0.5, "Grouping the comments")
            bar(1.0, "A step with a name that is far too long for " + "the line " * 20)
    shown = [line for line in terminal.getvalue().split("\r") if line]
    assert shown[0].rstrip() == "[" + "#" * 15 + " " * 15 + "]  50%  Grouping the comments"
    assert {len(line) for line in shown} == {79}
    assert shown[-1].isspace()
    assert file.getvalue() == ""


def test_the_bar_is_gone_before_anything_else_is_said(
    engine: Engine, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    source.write_bytes(source.read_bytes() + b'{"text": "\xff"}\n')
    run(source)
    *bars, note = terminal.getvalue().split("\r")
    assert [line.split("%")[1].strip() for line in bars if "%" in line] == [
        "Reading the file",
        "Half way",
        "Writing",
    ]
    assert note == "in.jsonl is not clean UTF-8: 1 character was replaced by \ufffd.\n"
