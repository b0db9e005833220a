"""Files of translations: whatever the texts are they come back; none runs as a formula, no file breaks us."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from survey.formats.rows import Limits
from survey.formats.safe_text import looks_like_formula
from survey.formats.translation_files import FORMATS, read
from survey.formats.translation_rows import Row, Sheet, TranslationError

# What a document can hold: everything but NUL and halves of surrogate pairs; line ends are \n there.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\ufeff"), max_size=40)
HOSTILE = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2",
    "@SUM(A1)",
    "＝1",
    "\t=1",
    "\n=1",
    "'=1",
    "''",
    "#REF!",
    "\u202e=1",
)


def sheet(*texts: tuple[str, str]) -> Sheet:
    rows = (
        Row(f"question.q{n}.label", "Question", source, target) for n, (source, target) in enumerate(texts)
    )
    return Sheet("en", "ar", tuple(rows))


def plain(found: Sheet) -> list[tuple[str, str, str]]:
    return [(row.key, row.source, row.target) for row in found.rows]


@pytest.mark.parametrize("kind", FORMATS)
@given(texts=st.lists(st.tuples(TEXT.filter(str.strip), TEXT), min_size=1, max_size=5))
def test_every_text_comes_back(kind: str, texts: list[tuple[str, str]]) -> None:
    before = sheet(*texts)
    found = read(FORMATS[kind].write(before), f"x.{kind}")
    assert plain(found) == plain(before)
    assert (found.source, found.target) == ("en", "ar")


def test_no_cell_of_a_download_is_a_formula() -> None:
    texts = sheet(*((text, text) for text in HOSTILE))
    workbook = load_workbook(io.BytesIO(FORMATS["xlsx"].write(texts)))
    cells = [cell for row in workbook.active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    written = FORMATS["csv"].write(texts).decode("utf-8-sig")
    fields = [field for row in csv.reader(io.StringIO(written)) for field in row]
    assert not any(looks_like_formula(field) for field in fields)


def test_formulas_of_a_workbook_that_comes_back_are_no_texts() -> None:
    workbook = Workbook()
    workbook.active.append(["key", "translation (ar)"])
    workbook.active.append(["survey.title", "=1+1"])
    workbook.active.append(["survey.what", "نص"])
    stream = io.BytesIO()
    workbook.save(stream)
    assert plain(read(stream.getvalue(), "x.xlsx")) == [("survey.title", "", ""), ("survey.what", "", "نص")]


def test_a_catalogue_is_one_that_other_programs_read() -> None:
    data = FORMATS["po"].write(sheet(("50% of all", "نصف")))
    catalogue = read_po(io.BytesIO(data), abort_invalid=True)
    (message,) = [message for message in catalogue if message.id]
    assert (message.context, message.id, message.string) == ("question.q0.label", "50% of all", "نصف")
    assert b"python-format" not in data
    assert str(catalogue.locale) == "ar"


def test_other_programs_catalogues_are_read() -> None:
    text = (
        '# A comment\r\n\r\nmsgid ""\r\nmsgstr ""\r\n"Language: pt_BR\\n"\r\n"Content-Type: text/plain; '
        'charset=zlib\\n"\r\n\r\n#: x:1\r\n#, fuzzy\r\nmsgctxt "a"\r\nmsgid "One"\r\nmsgstr "Um"\r\n\r\n'
        'msgctxt "b"\r\nmsgid ""\r\n"Two "\r\n"lines"\r\nmsgstr "Duas"\r\n\r\n#~ msgctxt "c"\r\n'
        '#~ msgid "x"\r\n#~ msgstr "y"\r\n'
    )
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        found = read(text.encode(encoding), "x.po")
        assert plain(found) == [("a", "One", ""), ("b", "Two lines", "Duas")]
        assert found.target == "pt_BR"


def test_columns_may_come_in_any_order_with_others_between() -> None:
    data = b"Translation (ar),note,Key\nx,look,survey.title\n"
    assert plain(read(data, "x.csv")) == [("survey.title", "", "x")]
    assert plain(read(b"key;translation\nsurvey.title;x\n", "x.csv")) == [("survey.title", "", "x")]


@pytest.mark.parametrize(
    "bad",
    [
        'msgctxt "a"\nmsgid "x\nmsgstr "y"\n',
        'msgctxt "a"\nmsgid "x"\n',
        'msgctxt "a"\nmsgid "x"\nmsgstr[x] "y"\n',
        'msgctxt "a"\nmsgid "x\\"\nmsgstr "y"\n',
        'msgid "x"\nwhat\n',
    ],
)
def test_a_damaged_catalogue_says_where(bad: str) -> None:
    with pytest.raises(TranslationError, match=r"line|msgctxt"):
        read(f'msgctxt "k"\nmsgid "s"\nmsgstr "t"\n\n{bad}'.encode(), "x.po")


@pytest.mark.parametrize(
    "data",
    [
        b'msgid "' + b"a" * 5_000_000 + b'"\n',
        b'msgctxt "' + b"\\" * 2_000_001 + b'"\n',
        b"#, " + b"f," * 2_000_000 + b'\nmsgid "a"\nmsgstr ""\n',
        b"#\n" * 500_000 + b'msgid "a"\nmsgstr "b"\n',
        b'msgid "' + b'\\"' * 2_000_000 + b'"\n',
        b"key,translation\n" + b'"' * 3_000_001,
        b"PK\x03\x04" + b"\x00" * 1000,
        b"\xff\xfe" + b"m\x00s\x00g\x00i\x00d\x00 \x00",
    ],
    ids=range(8),
)
def test_hostile_files_are_refused_soon(data: bytes) -> None:
    with pytest.raises(TranslationError):
        read(data, "x.po")


def test_a_catalogue_of_too_many_texts_is_refused() -> None:
    data = "".join(f'msgctxt "{n}"\nmsgid "a"\nmsgstr "b"\n\n' for n in range(20_001)).encode()
    with pytest.raises(TranslationError, match="more than 20,000"):
        read(data, "x.po")


def test_nothing_is_written_beside_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for one in FORMATS.values():
        read(one.write(sheet(("a", "b"))), "../x")
    assert list(tmp_path.iterdir()) == []
    assert Limits().file_bytes == 10 * 1024**2
