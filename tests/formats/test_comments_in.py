"""From rows to comments: what is refused and why, and which columns are guessed."""

import pytest

from survey.formats.comments_in import ColumnChoice, IncomingComment, guess_columns, read_comments
from survey.formats.tables import Problem, TableError, read_table

FILE = """id,text,group,lang
7,"  More parks,
please ",academia,en
8,   ,academia,en
7,More parks,academia,en
,no id,,Spanish
,no id either,nonprofits,es_MX
9,\u200b,x,en
10,too,many,fields,here
11,much too long for the limit,x,en
"""


def test_every_row_is_a_comment_or_refused_with_a_reason() -> None:
    table = read_table(FILE.encode(), "a.csv")
    read = read_comments(
        table, ColumnChoice("text", id="id", audience="group", language="lang"), max_length=25
    )
    assert read.comments == (
        IncomingComment(2, "  More parks,\nplease ", "7", "academia", language="en"),
        IncomingComment(6, "no id"),
        IncomingComment(7, "no id either", None, "nonprofits", language="es-MX"),
    )
    assert read.refused == (
        Problem(4, "has no text"),
        Problem(5, "repeats the id “7” of line 2"),
        Problem(8, "has no text"),
        Problem(9, "has 5 fields where the header has 4"),
        Problem(10, "has a text of 27 characters; the most is 25"),
    )
    assert read.notes == (Problem(6, "has the language “Spanish”, not a tag like “es”; kept as unknown"),)


def test_a_wave_is_kept_as_it_is_written() -> None:
    table = read_table(b"text,round\na, 2026 spring \nb,\n", "a.csv")
    read = read_comments(table, ColumnChoice("text", wave="round"))
    assert [comment.wave for comment in read.comments] == ["2026 spring", None]


def test_an_id_of_a_refused_row_is_free_for_a_later_one() -> None:
    table = read_table(b"id,text\n1,\n1,good\n", "a.csv")
    read = read_comments(table, ColumnChoice("text", id="id"))
    assert [comment.text for comment in read.comments] == ["good"]


def test_the_same_id_and_text_is_refused_too() -> None:
    read = read_comments(read_table(b"id,text\n1,a\n1,a\n", "a.csv"), ColumnChoice("text", id="id"))
    assert read.refused == (Problem(3, "repeats the id “1” of line 2"),)


def test_an_unknown_column_is_refused_with_those_there_are() -> None:
    table = read_table(b"id,remark\n1,a\n", "a.csv")
    with pytest.raises(TableError, match="no column “text”.*“id”, “remark”"):
        read_comments(table, ColumnChoice("text"))
    with pytest.raises(TableError, match="no column “who”"):
        read_comments(table, ColumnChoice("remark", audience="who"))


@pytest.mark.parametrize(
    ("columns", "choice"),
    [
        (("id", "text", "label", "group"), ColumnChoice("text", id="id", audience="group")),
        (
            ("Respondent ID", "Your comments", "Language"),
            ColumnChoice("Your comments", "Respondent ID", language="Language"),
        ),
        (
            ("Número", "Comentario", "Público", "Canal", "Idioma"),
            ColumnChoice("Comentario", "Número", "Público", channel="Canal", language="Idioma"),
        ),
        (("question", "answer"), ColumnChoice("answer", prompt="question")),
        (("Year", "Comment"), ColumnChoice("Comment", wave="Year")),
        (("wave", "ronda", "texto"), ColumnChoice("texto", wave="wave")),
        (("sourceId", "responseText", "ward"), ColumnChoice("responseText", "sourceId", "ward")),
        (("whatever",), ColumnChoice("whatever")),
        (("alpha", "beta"), ColumnChoice("")),
    ],
)  # fmt: skip
def test_columns_are_guessed_by_their_headings(columns: tuple[str, ...], choice: ColumnChoice) -> None:
    assert guess_columns(columns) == choice
