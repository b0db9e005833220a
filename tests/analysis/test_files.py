"""Comments from files that are not to be trusted: each row once, or one sentence that says what is wrong."""

from __future__ import annotations

import csv
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import files
from analysis.files import Rows, read_rows
from analysis.lines import BadInput, Lines, name_of, shown

WORDS = st.text(st.characters(exclude_categories=[]), max_size=12)
IDENTITIES = st.one_of(WORDS, st.integers(), st.booleans(), st.floats(), st.none())


def read(folder: Path, content: bytes | str, name: str = "in.jsonl", **fields: str) -> Rows:
    """Write a file and read it."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_rows(path, **fields)


def texts(rows: Rows) -> list[str]:
    """Return the words of all comments."""
    return [comment.text for comment in rows.comments]


def refused(folder: Path, content: bytes | str, name: str = "in.jsonl", **fields: str) -> str:
    """Return the sentence with which a file is refused."""
    with pytest.raises(BadInput) as caught:
        read(folder, content, name, **fields)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@given(rows=st.lists(st.tuples(IDENTITIES, st.one_of(WORDS, st.none())), min_size=1, max_size=8))
def test_every_row_comes_back_once_with_its_own_id(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[Any, str | None]]
) -> None:
    written = [json.dumps({"id": identity, "text": text}) for identity, text in rows]
    # What JSON itself makes of it: two halves of a sign become one sign.
    meant = [json.loads(line, parse_constant=lambda name: None) for line in written]
    found = read(tmp_path_factory.mktemp("rows"), "\n".join(written))
    assert texts(found) == [row["text"] or "" for row in meant]
    usual = [line if row["id"] in (None, "") else row["id"] for line, row in enumerate(meant, start=1)]
    assert list(map(repr, found.given())) == list(map(repr, usual))
    assert [comment.id for comment in found.comments] == [name_of(identity) for identity in usual]


def test_names_are_kept_once_when_they_are_the_ids(tmp_path: Path) -> None:
    assert read(tmp_path, '{"id": "a", "text": "x"}\n{"id": "b", "text": "y"}').identities is None
    assert read(tmp_path, '{"id": "a", "text": "x"}\n{"id": 2, "text": "y"}').identities == ["a", 2]


@pytest.mark.parametrize(
    ("identity", "kept", "name"),
    [
        ("17", 17, "17"),
        ("17.0", 17.0, "17"),
        ("17.5", 17.5, "17.5"),
        ("true", True, "true"),
        ("NaN", 1, "1"),
        ("-Infinity", 1, "1"),
        ("1e999", 1, "1"),
        ("null", 1, "1"),
        ('""', 1, "1"),
        (r'"\u0000\ud800"', "\0\ud800", "\0\ud800"),
        (r'"first", "id": "last"', "last", "last"),
    ],
)
def test_odd_ids(tmp_path: Path, identity: str, kept: object, name: str) -> None:
    rows = read(tmp_path, f'{{"id": {identity}, "text": "Open late"}}\n')
    assert list(rows.given()) == [kept]
    assert type(next(rows.given())) is type(kept)
    assert rows.comments[0].id == name


def test_ids_found_by_name_stand_for_their_first_comment(tmp_path: Path) -> None:
    rows = read(tmp_path, '{"id": 7, "text": "a"}\n{"id": "7", "text": "b"}\n{"id": "c", "text": "c"}')
    assert rows.positions(["c", "7", "nobody"]) == {"7": 0, "c": 2}
    assert rows.as_given(["c", "7", "nobody"]) == {"7": 7, "c": "c"}


def test_all_fields_and_a_language_for_all(tmp_path: Path) -> None:
    row = {"key": 1, "words": 42, "team": 3, "prompt": "improve", "language": "es"}
    names = {"text": "words", "audience": "team", "identity": "key"}
    (found,) = read(tmp_path, json.dumps(row), **names).comments
    assert (found.id, found.text, found.audience, found.prompt, found.language) == (
        "1",
        "42",
        "3",
        "improve",
        "es",
    )
    assert read(tmp_path, json.dumps(row), language="pt-BR", **names).comments[0].language == "pt-BR"


def test_missing_values_are_none(tmp_path: Path) -> None:
    (found,) = read(tmp_path, '{"text": NaN, "group": NaN, "prompt": "", "language": null}').comments
    assert (found.text, found.audience, found.prompt, found.language) == ("", None, None, None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", ["in.jsonl", "in.csv"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str, end: str, name: str) -> None:
    csv_lines = ["id,text", "1,¿Más árboles?", "", "2,Улица 🌳", ""]
    lines = (
        csv_lines if name.endswith("csv") else ['{"text": "¿Más árboles?"}', "", '{"text": "Улица 🌳"}', ""]
    )
    rows = read(tmp_path, end.join(lines).encode(encoding), name)
    assert texts(rows) == ["¿Más árboles?", "Улица 🌳"]
    assert rows.notes == ()


def test_bad_bytes_are_counted_and_no_others(tmp_path: Path) -> None:
    # 8,192 and around: where one piece of the file ends and the next begins.
    padding = b'{"text": "' + b"a" * 8179 + b'"}\n'
    rows = read(tmp_path, padding + '{"text": "\ufffd é"}\n'.encode() + b'{"text": "\xff\xe2\x82 \xc3"}\n')
    assert texts(rows)[1:] == ["\ufffd é", "\ufffd\ufffd \ufffd"]
    assert rows.notes == ("in.jsonl is not clean UTF-8: 3 characters were replaced by \ufffd.",)
    rows = read(tmp_path, '\ufeff{"text": "\ud800"}'.encode("utf-16-le", "surrogatepass"))
    assert rows.notes == ("in.jsonl is not clean UTF-16: 1 character was replaced by \ufffd.",)


def test_a_note_is_only_on_what_was_read_from_this_file(tmp_path: Path) -> None:
    assert read(tmp_path, b'{"text": "\xff"}').notes
    assert read(tmp_path, b'{"text": "a"}').notes == ()


def test_lines_of_five_megabytes(tmp_path: Path) -> None:
    long = "library " * 650_000
    assert texts(read(tmp_path, json.dumps({"text": long}) + '\n{"text": "b"}')) == [long, "b"]
    assert texts(read(tmp_path, f'text\n"{long}"\nb\n', "in.csv")) == [long, "b"]
    usual = csv.field_size_limit()
    assert "not CSV" in refused(tmp_path, 'text\n"' + "a" * 10_000_001 + '"\n', "in.csv")
    assert csv.field_size_limit() == usual


def test_depth(tmp_path: Path) -> None:
    deep = '{"n": ' + "[" * 300 + "]" * 300 + ', "text": "a"}'
    assert texts(read(tmp_path, deep)) == ["a"]
    assert "Line 2 is not JSON" in refused(tmp_path, '{"text": "a"}\n{"text": ' + "[" * 200_000)
    assert "Line 1 is not JSON" in refused(tmp_path, '{"text":' * 200_000)


def test_audiences_share_their_memory_until_there_are_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_DIFFERENT", 2)
    content = "".join(json.dumps({"text": "a", "group": f"group {n % 3}"}) + "\n" for n in range(6))
    names = [comment.audience for comment in read(tmp_path, content).comments]
    assert names == ["group 0", "group 1", "group 2"] * 2
    assert [names[place] is names[place + 3] for place in range(3)] == [True, True, False]


def test_memory_for_a_comment(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    rows = ({"id": n, "text": f"{n:07} " + "library " * 18, "group": "staff"} for n in range(20_000))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    tracemalloc.start()
    kept = read_rows(path)
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert used / len(kept) < 450  # of which the words are 200


CSV = [
    ('id,text,group\n1,"a, ""b""\nc\r\nd",x\n', ['a, "b"\nc\r\nd']),
    ('"What, if any, would you change?";text;group\nx;Buses, trains;\n', ["Buses, trains"]),
    ("id\ttext, all of it\ttext\n1\tx\ta; b, c\n", ["a; b, c"]),
    (" id , text \n1,a\n", ["a"]),
    ("id,text\n1\n2,b\n\n,\n", ["", "b", ""]),
    ("id,text\n1,a,,\n", ["a"]),
    ("text\na\nb", ["a", "b"]),
    ("id,text\n1,a\0b\n", ["a\0b"]),
]


@pytest.mark.parametrize(("content", "found"), CSV)
def test_tables(tmp_path: Path, content: str, found: list[str]) -> None:
    assert texts(read(tmp_path, content, "in.csv")) == found


def test_the_line_stands_in_for_an_id_in_a_table_too(tmp_path: Path) -> None:
    rows = read(tmp_path, 'text\n"a\nb"\n\nc\n', "in.tsv")
    assert list(rows.given()) == [2, 5]


REFUSED: list[tuple[str, bytes | str, str]] = [
    ("in.jsonl", "", "in.jsonl holds no comments."),
    ("in.jsonl", "\n \r\n\t\n", "in.jsonl holds no comments."),
    ("in.csv", "id,text\n", "in.csv holds no comments."),
    ("in.csv", "", "in.csv holds no comments."),
    (
        "in.jsonl",
        '{"id": 1}\n',
        'No row of in.jsonl has a field "text". Its fields are: id. Name one with --text.',
    ),
    (
        "in.jsonl",
        "{}\n",
        'No row of in.jsonl has a field "text". Its fields are: none. Name one with --text.',
    ),
    ("in.jsonl", '{"text": "a"}\n\0\0\n', "in.jsonl: Line 2 is not JSON: every line must hold one object."),
    ("in.jsonl", '{"text": "a"}\n"b"\n', "in.jsonl: Line 2 is not a JSON object with fields."),
    (
        "in.jsonl",
        '{"text": {"a": 1}}',
        'in.jsonl: Line 1: the field "text" holds a list or an object, not words.',
    ),
    (
        "in.jsonl",
        '{"id": [1], "text": "a"}',
        'in.jsonl: Line 1: the field "id" holds a list or an object, not words.',
    ),
    (
        "in.jsonl",
        '{"text": "a", "id": ' + "9" * 5000 + "}",
        "in.jsonl: Line 1 is not JSON: every line must hold one object.",
    ),
    (
        "in.jsonl",
        '{"text": "a"}'.encode("utf-16-le"),
        "in.jsonl: Line 1 is not JSON: every line must hold one object.",
    ),
    (
        "in.csv",
        "id,text,group\n1,a,x\n2,buses, trains,x\n",
        "in.csv: The row at line 3 has 4 cells, but there are 3 columns:"
        " put quotes around words that hold the sign between columns.",
    ),
    ("in.csv", 'text\n"a" b\n', "in.csv: The row at line 2 is not CSV: ',' expected after '\"'."),
]


@pytest.mark.parametrize(("name", "content", "sentence"), REFUSED)
def test_what_is_refused(tmp_path: Path, name: str, content: bytes | str, sentence: str) -> None:
    assert refused(tmp_path, content, name) == sentence


def test_fields_in_a_message_are_few_and_readable(tmp_path: Path) -> None:
    row = {f"field\n\x1b[31m{n:02}" + "x" * 500: n for n in range(100)}
    sentence = refused(tmp_path, json.dumps(row))
    assert len(sentence) < 1000
    assert sentence.isprintable()
    assert shown(["a"] * 13).endswith("a ...")


def test_folders_and_missing_files(tmp_path: Path) -> None:
    for path, reason in ((tmp_path, "Is a directory"), (tmp_path / "none", "No such file or directory")):
        with pytest.raises(BadInput, match=f"cannot be read: {reason}"):
            read_rows(path)


def test_a_table_whose_first_quote_never_closes_takes_linear_time(tmp_path: Path) -> None:
    assert "not CSV" in refused(tmp_path, '"id,text\n' + "1,a\n" * 200_000, "in.csv")


def test_whole_text_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "in.json"
    path.write_bytes(b'\xef\xbb\xbf{\r\n"a": "\xff"}')
    assert Lines(path).whole() == '{\n"a": "\ufffd"}'
