"""What people decided, from files: kept as it stands, or refused with the line that cannot be kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Comment
from analysis.corrections import Corrections, about, read_corrections
from analysis.decisions import Decisions
from analysis.lines import BadInput


def read(folder: Path, *lines: Any, name: str = "decided.jsonl") -> Corrections:
    """Write decisions and read them."""
    path = folder / name
    written = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text("".join(line + "\n" for line in written), encoding="utf-8")
    return read_corrections(path)


def test_all_kinds_of_decisions(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {"themes": ["Water", "Parks"]},
        {"id": 17, "theme": "Parks", "by": "a planner"},
        {"id": "17", "theme": "Cost"},
        {"id": 17.0, "theme": "Parks"},
        "",
        {"id": "b", "theme": None},
        {"id": "c", "themes": ["Transit", "Cost"]},
        {"together": [17, "d", "e"]},
        {"apart": [17, "b"]},
    )
    assert found.decisions == Decisions.of(
        {"17": ["Parks", "Cost"], "b": [], "c": ["Transit", "Cost"]},
        themes=["Water", "Parks", "Cost", "Transit"],
        together=[["17", "d", "e"]],
        apart=[("17", "b")],
    )
    assert found.notes == ()


def test_a_table_where_blank_is_undecided(tmp_path: Path) -> None:
    found = read(
        tmp_path, "text;id;theme", "Late buses;17;Transit", "x;18; ", "y;19;", "z; 17;Cost", name="in.csv"
    )
    assert found.decisions.placed == {"17": ("Transit", "Cost")}
    assert found.notes == ("2 rows of in.csv without a theme decide nothing.",)


def test_an_empty_file_decides_nothing(tmp_path: Path) -> None:
    assert not read(tmp_path).decisions


REFUSED: list[tuple[list[Any], str]] = [
    ([{"id": 1, "theme": "A"}, "{"], "Line 2 is not JSON: every line must hold one object."),
    ([{"id": 1}], 'Line 1 has an "id" but no "theme": write null for a comment that belongs to none.'),
    ([{"id": 1, "theme": " "}], "Line 1: a theme needs a name, in quotes and not empty."),
    ([{"id": 1, "theme": 3}], "Line 1: a theme needs a name, in quotes and not empty."),
    ([{"themes": "A"}], 'Line 1: "themes" takes a list of names.'),
    ([{"themes": [None]}], "Line 1: a theme needs a name, in quotes and not empty."),
    ([{"id": None, "theme": "A"}], "Line 1: an id must be words or a number."),
    ([{"id": [1], "theme": "A"}], "Line 1: an id must be words or a number."),
    ([{"together": [1]}], 'Line 1: "together" and "apart" take a list of two ids or more.'),
    ([{"together": [1, {}]}], "Line 1: an id must be words or a number."),
    ([{"apart": [1, 2, 3]}], 'Line 1: "apart" takes two ids.'),
    (
        [{"text": "a"}],
        'Line 1 decides nothing: it needs "id" and "theme", or "themes", "together" or "apart".',
    ),
    ([{"id": 1, "theme": "A"}, {"id": 1, "theme": None}], "Line 2: 1 was put into a theme and into none."),
    (
        [{"id": 1, "theme": None}, "", {"id": "1", "theme": "A"}],
        "Line 3: 1 was put into a theme and into none.",
    ),
    ([{"apart": ["a", "a"]}], "Line 1: a cannot be told apart from itself."),
    (
        [
            {"id": "a", "theme": "A"},
            {"apart": ["a", "b"]},
            {"id": "b", "theme": "A"},
            {"id": "c", "theme": "A"},
            {"apart": ["a", "c"]},
        ],
        'Line 3: a and b were told apart, but both were put into "A".',
    ),
    (
        [{"together": ["a", "b"]}, {"id": "z", "theme": "A"}, {"apart": ["b", "a"]}],
        "Line 3: a and b were both put together and told apart.",
    ),
    (
        [{"id": "a", "theme": "A"}, {"id": "b", "theme": "B"}, {"together": ["a", "b"]}],
        'Line 3: a and b were put together, but into "A" and into "B".',
    ),
]


@pytest.mark.parametrize(("lines", "sentence"), REFUSED)
def test_what_is_refused(tmp_path: Path, lines: list[Any], sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(tmp_path, *lines)
    assert str(caught.value) == f"decided.jsonl: {sentence}"


@pytest.mark.parametrize("content", ["id,text\n1,a\n", "id,theme\n1\n"])
def test_a_table_without_the_columns(tmp_path: Path, content: str) -> None:
    with pytest.raises(BadInput, match="in.csv: Line 2 has no id or no theme"):
        read(tmp_path, content, name="in.csv")


NAMES = st.sampled_from("abcd")
DECIDED = st.one_of(
    st.fixed_dictionaries({"id": NAMES, "theme": st.sampled_from(["A", "B", None])}),
    st.fixed_dictionaries({"together": st.lists(NAMES, min_size=2, max_size=3)}),
    st.fixed_dictionaries({"apart": st.lists(NAMES, min_size=2, max_size=2)}),
)


@given(lines=st.lists(DECIDED, max_size=10))
def test_the_line_named_is_the_first_that_cannot_be_kept(
    tmp_path_factory: pytest.TempPathFactory, lines: list[dict[str, Any]]
) -> None:
    folder = tmp_path_factory.mktemp("decided")
    try:
        read(folder, *lines)
    except BadInput as error:
        number = int(str(error).split()[2].rstrip(":"))
        read(folder, *lines[: number - 1])
        with pytest.raises(BadInput, match=f"Line {number}: "):
            read(folder, *lines[:number])


def test_comments_that_are_not_there(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {"id": "a", "theme": "Parks"},
        {"id": "gone", "theme": "Water"},
        {"together": ["a", "b", "lost"]},
        {"apart": ["a", "gone"]},
        {"apart": ["a", "c"]},
    )
    comments = [Comment(name, "") for name in "abc"]
    decisions, notes = about(found, comments, Path("decided.jsonl"))
    assert decisions == Decisions.of(
        {"a": ["Parks"]}, themes=["Parks", "Water"], together=[["a", "b"]], apart=[("a", "c")]
    )
    assert notes == ("2 of the 5 ids in decided.jsonl are not among the comments: gone, lost.",)


def test_nothing_is_said_when_all_comments_are_there(tmp_path: Path) -> None:
    found = read(tmp_path, {"id": 1, "theme": "Parks"})
    assert about(found, [Comment("1", "")], Path("decided.jsonl")) == (found.decisions, ())
