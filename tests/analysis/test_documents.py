"""Results in files: valid JSON whatever is in them, whole or not at all, and read again."""

from __future__ import annotations

import json
import os
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Breadth, Comment, Placement, Result, Theme
from analysis.documents import as_json, read_document, read_earlier
from analysis.files import Rows
from analysis.lines import BadInput, name_of
from analysis.output import check_output, write_whole
from tests.analysis.test_files import WORDS


def theme(number: int, label: str, quotes: tuple[str, ...] = ()) -> Theme:
    """Return a theme whose other fields do not matter."""
    breadth = Breadth(1, 2, 0, 1, 0.75, 2, only=0)
    return Theme(number, label, (label,), 2, 1, breadth, 0.8, quotes, {"b": 0, "a": 2}, True, 4)


def made(
    identities: list[Any], themes: list[Theme], placed: list[list[tuple[int, float]]]
) -> tuple[Rows, Result]:
    """Return rows and a result that goes with them."""
    rows = Rows([Comment(name_of(identity) or "", "") for identity in identities], identities)
    placements = tuple(tuple(Placement(*pair) for pair in pairs) for pairs in placed)
    reasons = tuple(None if pairs else "too short" for pairs in placed)
    return rows, Result(tuple(themes), placements, reasons, {"b": {"z": 1, "a": [None]}, "a": "é"})  # type: ignore[arg-type]


def small() -> tuple[Rows, Result]:
    """Return a result of three comments."""
    themes = [theme(1, "late; buses", ("7", "c")), theme(2, "Wasser")]
    return made(["c", 7, True], themes, [[(1, 0.9), (2, 0.25)], [(2, 1.0)], []])


def written(rows: Rows, result: Result) -> str:
    """Return the text of a result."""
    return "".join(as_json(rows, result))


def test_the_document_to_the_letter() -> None:
    text = written(*small())
    head, rest = text.split('"themes": [\n', 1)
    assert head == (
        '{\n"manifest": {"a": "é", "b": {"a": [null], "z": 1}},\n"placements": [\n'
        '{"id": "c", "themes": [[1, 0.9], [2, 0.25]]},\n'
        '{"id": 7, "themes": [[2, 1.0]]},\n'
        '{"id": true, "reason": "too short", "themes": []}\n],\n'
    )
    first = json.loads(rest.split(",\n", 1)[0])
    assert first == {
        "id": 1,
        "label": "late; buses",
        "keywords": ["late; buses"],
        "size": 2,
        "size_once": 1,
        "breadth": {
            "k": 1,
            "of": 2,
            "low": 0,
            "high": 1,
            "expected": 0.75,
            "heard": 2,
            "common": False,
            "only": 0,
            "only_sure": False,
        },
        "stability": 0.8,
        "badge": "stable",
        "named": True,
        "earlier": 4,
        "quotes": [7, "c"],
        "by_audience": {"a": 2, "b": 0},
    }
    assert list(first) == sorted(first)
    assert text.endswith("}\n]\n}\n")


def test_nothing_in_it() -> None:
    assert json.loads(written(*made([], [], []))) == {
        "manifest": {"a": "é", "b": {"a": [None], "z": 1}},
        "placements": [],
        "themes": [],
    }


@given(
    identities=st.lists(st.one_of(WORDS.filter(bool), st.integers(), st.booleans()), min_size=1, max_size=8),
    label=WORDS,
    weight=st.integers(0, 10_000).map(lambda number: number / 10_000),
)
def test_whatever_is_in_it_comes_back(
    tmp_path_factory: pytest.TempPathFactory, identities: list[Any], label: str, weight: float
) -> None:
    names = tuple(str(name_of(identity)) for identity in identities)
    rows, result = made(identities, [theme(3, label, names)], [[(3, weight)]] * len(identities))
    path = tmp_path_factory.mktemp("result") / "out.json"
    write_whole(path, as_json(rows, result))
    found = json.loads(path.read_text(encoding="utf-8"))
    meant = json.loads(json.dumps(identities))
    assert [row["id"] for row in found["placements"]] == meant
    assert [type(row["id"]) for row in found["placements"]] == list(map(type, meant))
    assert all(row["themes"] == [[3, weight]] for row in found["placements"])
    assert found["themes"][0]["label"] == json.loads(json.dumps(label))
    assert [name_of(quote) for quote in found["themes"][0]["quotes"]] == json.loads(json.dumps(names))
    earlier = read_earlier(path)
    assert earlier.labels == {3: json.loads(json.dumps(label))}
    assert earlier.placements == dict.fromkeys(map(name_of, meant), (3,))


def test_many_placements_over_pieces_and_in_constant_memory() -> None:
    many = 50_000
    rows, result = made(list(range(many)), [], [[(1, 0.5)]] * many)
    tracemalloc.start()
    count = sum(piece.count('"id"') for piece in as_json(rows, result))
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == many
    assert used < 2_500_000
    assert [row["id"] for row in json.loads(written(rows, result))["placements"]] == list(range(many))


def test_one_reason_too_few_is_an_error_and_not_a_short_file(tmp_path: Path) -> None:
    rows, result = small()
    with pytest.raises(ValueError):
        write_whole(tmp_path / "out.json", as_json(Rows(rows.comments[:2], None), result))
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_result_is_read_whatever_its_layout(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    old = {
        "themes": [{"id": 2, "label": "Wasser", "more": {"id": 1}}, {"id": 5, "label": "Bus"}],
        "placements": [
            {"id": 7, "themes": [[5, 0.5], [2, 0.1]]},
            {"id": "7", "themes": [[2, 1]]},
            {"id": "x", "themes": []},
            {"id": None, "themes": []},
        ],
    }
    path.write_bytes(json.dumps(old, indent=4).encode("utf-16"))
    earlier = read_earlier(path)
    assert earlier.placements == {"7": (5, 2), "x": ()}
    assert earlier.labels == {2: "Wasser", 5: "Bus"}


def test_a_document_keeps_its_themes_and_shares_equal_placements(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    write_whole(path, as_json(*made(["a", "b"], [theme(1, "Bus", ("a",))], [[(1, 0.5)], [(1, 0.6)]])))
    found = read_document(path)
    assert found["themes"][0]["quotes"] == ["a"]
    assert [row["id"] for row in found["placements"]] == ["a", "b"]
    assert found["placements"][0]["themes"] is found["placements"][1]["themes"]


THEMES = '"themes": [{"id": 1, "label": "Bus"}]'
OTHERS = [
    "",
    "[",
    "[]",
    "[" * 200_000,
    '{"id": 1, "text": "a"}\n{"id": 2, "text": "b"}',
    '{"themes": [], "placements": {}}',
    '{"placements": []}',
    '{"themes": [1], "placements": []}',
    '{"themes": [{"id": "1", "label": "Bus"}], "placements": []}',
    '{"themes": [{"id": true, "label": "Bus"}], "placements": []}',
    '{"themes": [{"id": 1, "label": 1}], "placements": []}',
    f'{{{THEMES}, "placements": ["a"]}}',
    f'{{{THEMES}, "placements": [{{"id": 1}}]}}',
    f'{{{THEMES}, "placements": [{{"id": 1, "themes": [1]}}]}}',
    f'{{{THEMES}, "placements": [{{"id": 1, "themes": [[2, 0.5]]}}]}}',
    f'{{{THEMES}, "placements": [{{"id": 1, "themes": [[[1], 0.5]]}}]}}',
    f'{{{THEMES}, "placements": [{{"id": 1, "themes": null}}]}}',
]


@pytest.mark.parametrize("content", OTHERS)
def test_other_files_are_no_result(tmp_path: Path, content: str) -> None:
    path = tmp_path / "old.json"
    path.write_text(content)
    with pytest.raises(BadInput, match=r"old.json is no result: give the JSON that .* wrote\.$"):
        read_earlier(path)


def test_a_missing_result_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read: No such file"):
        read_document(tmp_path / "none.json")


def interrupted() -> Iterator[str]:
    """Yield a little, and stop as Ctrl-C does."""
    yield "half a "
    raise KeyboardInterrupt


def test_stopped_while_writing(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    path.write_text("what was there")
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, interrupted())
    assert path.read_text() == "what was there"
    assert list(tmp_path.iterdir()) == [path]


def test_permissions_stay_and_new_files_have_the_usual_ones(tmp_path: Path) -> None:
    path, other = tmp_path / "out.json", tmp_path / "other.json"
    path.touch(0o640)
    path.chmod(0o640)
    other.touch()
    usual = other.stat().st_mode
    other.unlink()
    write_whole(path, ["new"])
    write_whole(other, ["new"])
    assert path.stat().st_mode & 0o777 == 0o640
    assert other.stat().st_mode == usual


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    target.write_text("old")
    link.symlink_to(target)
    write_whole(link, ["new"])
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_pipe_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_text()))
    reader.start()
    write_whole(pipe, ["through ", "it"])
    reader.join(10)
    assert got == ["through it"]
    assert pipe.is_fifo()


def test_a_name_as_long_as_names_may_be(tmp_path: Path) -> None:
    path = tmp_path / ("o" * 255)
    write_whole(path, ["new"])
    assert path.read_text() == "new"


def test_places_that_are_refused_before_any_work(tmp_path: Path) -> None:
    source, link, hard = tmp_path / "in.jsonl", tmp_path / "link", tmp_path / "hard"
    source.write_text("words")
    link.symlink_to(source)
    os.link(source, hard)
    for place in (source, link, hard, tmp_path / "." / "in.jsonl"):
        with pytest.raises(BadInput, match="is read, so nothing can be written there"):
            check_output(place, [tmp_path / "missing", source])
    with pytest.raises(BadInput, match="it is a folder"):
        check_output(tmp_path, [source])
    with pytest.raises(BadInput, match="there is no folder"):
        check_output(tmp_path / "nowhere" / "out.json", [source])
    check_output(tmp_path / "out.json", [source])
    assert source.read_text() == "words"
