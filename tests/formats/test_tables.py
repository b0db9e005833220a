"""Any file at all: what kind it is, sizes, and that nothing but TableError ever comes out."""

import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from survey.formats.tables import Limits, Table, TableError, read_table
from tests.formats.workbooks import workbook

SHARED = Path(__file__).parents[3] / "shared" / "data" / "comments"


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"id,text\n1,a\n", "x.xlsx", "csv"),
        (workbook([["id", "text"], [1, "a"]]), "x.csv", "xlsx"),
        (b' \n{"id": "1", "text": "a"}\n', "x.csv", "jsonl"),
        (b'[{"id": 1, "text": "a"}]', "x.csv", "jsonl"),
        ('{"id": "1", "text": "a"}\n'.encode("utf-16"), "x.txt", "jsonl"),
        (b"[id],text\n1,a\n", "x.csv", "csv"),
    ],
)
def test_content_decides_the_kind(data: bytes, name: str, kind: str) -> None:
    table = read_table(data, name)
    assert table.kind == kind
    assert list(table.rows[0].values.values()) == ["1", "a"]


def test_a_file_on_disk_is_read_and_one_that_is_not_there_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,text\n1,a\n")
    assert read_table(path, path.name) == read_table(path.read_bytes(), path.name)
    with pytest.raises(TableError, match="cannot be opened"):
        read_table(tmp_path / "b.csv", "b.csv")


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,text\n" + b"1,a\n" * 600_000)
    limits = Limits(file_bytes=1024**2)
    for data in (path, path.read_bytes()):
        with pytest.raises(TableError, match="larger than 1 MB"):
            read_table(data, "a.csv", limits)


def read_or_refuse(data: bytes) -> Table | None:
    """Read, or not; all text that is read can be stored."""
    try:
        table = read_table(data, "file")
    except TableError:
        return None
    for row in table.rows:
        assert tuple(row.values) == table.columns
        for value in row.values.values():
            value.encode()
            assert "\0" not in value
    return table


PIECES = st.lists(
    st.sampled_from(
        [b'"', b",", b";", b"\n", b"\r", b"\0", b"a", b"\xff", b"\xc3\xb1", b"{", b"}", b"[", b"]", b":",
         b"PK\x03\x04",
         b'{"text": "x"}\n', b"\\ud800", b"\xff\xfe", b"sep=", b"text,id\n"]
    ),
    max_size=40,
).map(b"".join)  # fmt: skip


@settings(max_examples=300, deadline=2000)
@given(st.one_of(st.binary(max_size=400), PIECES))
@example(b"sep=")
@example(b"[")
@example(b'"')
@example(b"\0\0\0\0")
def test_no_file_raises_anything_but_a_sentence(data: bytes) -> None:
    read_or_refuse(data)


GOOD_WORKBOOK = workbook([["id", "text"], [1, "hello"], [2, "=1+1"]])


@settings(max_examples=100, deadline=2000)
@given(
    st.lists(st.tuples(st.integers(0, len(GOOD_WORKBOOK) - 1), st.integers(0, 255)), min_size=1, max_size=4)
)
def test_a_damaged_workbook_raises_nothing_but_a_sentence(changes: list[tuple[int, int]]) -> None:
    data = bytearray(GOOD_WORKBOOK)
    for at, byte in changes:
        data[at] = byte
    read_or_refuse(bytes(data))


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "data",
    [
        b'a,b\n1,"' + b"x,y\n" * 500_000,
        b"a,b\n" + b'"x"y\n' * 150_000,
        b'"' * 2_000_000,
        b"\n" * 2_000_000,
        b"a,b\n" + b"\xe9" * 2_000_000,
        b"[{" * 1_000_000,
        b'{"a":' * 400_000,
        b"," * 2_000_000,
        b"\0" * 2_000_000,
    ],
    ids=lambda data: repr(data[:8]),
)
def test_large_hostile_text_is_done_with_quickly(data: bytes) -> None:
    started = time.process_time()
    read_or_refuse(data)
    assert time.process_time() - started < 10


@pytest.mark.parametrize("name", ["goboston2030.jsonl", "austin_survey.jsonl"])
def test_real_comments_are_read_line_for_line(name: str) -> None:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the folder of real comments is not beside the project: {name} was not read")
    table = read_table(path, name)
    assert len(table.rows) == len(path.read_bytes().splitlines())
    assert (table.problems, table.replaced) == ((), ())
    assert {"id", "text", "group"} <= set(table.columns)
