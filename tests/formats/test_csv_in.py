"""CSV: delimiters, quotation marks, rows that do not fit, and line numbers people can find."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.formats.tables import DEFAULT_LIMITS, Limits, Problem, Table, TableError, read_table


def read(text: str, limits: Limits = DEFAULT_LIMITS) -> Table:
    return read_table(text.encode(), "comments.csv", limits)


def texts(table: Table, column: str = "text") -> list[str]:
    return [row.values[column] for row in table.rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found_although_the_text_holds_others(delimiter: str) -> None:
    others = "".join({",", ";", "\t", "|"} - {delimiter})
    rows = [["id", "text", "group"], *([str(n), f"more {others} parks", "north"] for n in range(5))]
    table = read("\n".join(delimiter.join(row) for row in rows))
    assert table.delimiter == delimiter
    assert table.columns == ("id", "text", "group")
    assert texts(table) == [f"more {others} parks"] * 5


def test_a_delimiter_inside_a_quoted_heading_does_not_decide() -> None:
    table = read('id;"What, if anything, is missing?"\n1;parks\n2;roads\n')
    assert table.columns == ("id", "What, if anything, is missing?")


def test_one_column_keeps_its_commas() -> None:
    table = read('comment\nparks, roads; trees\n"a\nb"\n')
    assert (table.delimiter, texts(table, "comment")) == (None, ["parks, roads; trees", "a\nb"])


def test_the_delimiter_may_be_named_on_a_first_line() -> None:
    table = read("sep=;\r\nid;text\r\n1;a,b\r\n")
    assert (table.delimiter, table.rows[0].line, texts(table)) == (";", 3, ["a,b"])


def test_quoted_line_ends_and_line_numbers() -> None:
    table = read('id,text\r\n1,"two\r\nlines"\r\n\r\n2,"say ""hi"""\r\n')
    assert [(row.line, row.values["text"]) for row in table.rows] == [(2, "two\r\nlines"), (5, 'say "hi"')]


def test_rows_that_do_not_fit_are_refused_with_their_line() -> None:
    table = read("id,text\n1,ok\n2,too,many\n3\n4,spare,,\n,\n\n5,ok\n")
    assert texts(table) == ["ok", "spare", "ok"]
    assert table.problems == (
        Problem(3, "has 3 fields where the header has 2"),
        Problem(4, "has 1 field where the header has 2"),
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('id,text\n1,a\n2,"open\n3,b\n4,c\n', 3),
        ('id,text\n1,"open\n2,"closed here"\n3,b\n', 2),
        ('id,text\n1,"fine\nquote"\n2,"never closed', 4),
        ('id,text,more\n1,"spans\ntwo","then opens\n3,b\n', 3),
        ('id,text\n1,"' + "x,y\n" * 60_000, 2),
        ('id,"text\n1,a\n', 1),
    ],
)
def test_an_unclosed_quotation_mark_is_found_where_it_opens(text: str, line: int) -> None:
    with pytest.raises(TableError, match=rf"opened on line {line} is not closed.*try again"):
        read(text)


def test_a_stray_quotation_mark_costs_only_its_row() -> None:
    table = read('id,text\n1,"He said "hi" loudly"\n2,fine\n3,a 5" pipe\n')
    assert texts(table) == ["fine", 'a 5" pipe']
    assert [problem.line for problem in table.problems] == [2]
    assert "twice" in table.problems[0].reason


def test_a_field_too_long_for_the_reader_costs_only_its_row() -> None:
    table = read("id,text\n1," + "x" * 140_000 + "\n2,fine\n")
    assert texts(table) == ["fine"]
    assert table.problems[0].line == 2
    assert "longer than" in table.problems[0].reason


def test_headings_that_are_empty_or_repeated_get_names_and_a_note() -> None:
    table = read(" text ,text,,multi  word\n1,2,3,4\n")
    assert table.columns == ("text", "text (column 2)", "column 3", "multi word")
    assert len(table.notes) == 2
    assert table.rows[0].values["text (column 2)"] == "2"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("\n \n", "empty"),
        ("id,text\n", "no rows"),
        ("id,text\n,\n\n", "no rows"),
        (",".join(f"c{n}" for n in range(101)) + "\n1\n", "more than 100 columns"),
        ("id,text\n" + "1,a\n" * 6, "more than 5 rows"),
    ],
)
def test_files_that_are_no_table_are_refused_in_a_sentence(text: str, words: str) -> None:
    with pytest.raises(TableError, match=words):
        read(text, Limits(rows=5))


def test_the_number_of_rows_allowed_is_allowed() -> None:
    assert len(read("id,text\n" + "1,a\n" * 5, Limits(rows=5)).rows) == 5


FIELD = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=12)


@settings(max_examples=200)
@given(
    rows=st.lists(st.tuples(FIELD, FIELD), min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    line_end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_csv_writer_wrote_comes_back(
    rows: list[tuple[str, str]], delimiter: str, line_end: str
) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    writer.writerows([("id", "text"), *rows])
    wanted = [{"id": first, "text": second} for first, second in rows if (first + second).strip()]
    if not wanted:
        with pytest.raises(TableError, match="no rows"):
            read(stream.getvalue())
        return
    table = read(stream.getvalue())
    assert [row.values for row in table.rows] == wanted
    assert table.problems == ()
