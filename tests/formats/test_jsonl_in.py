"""JSON lines and JSON arrays."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.formats.tables import DEFAULT_LIMITS, Limits, Problem, Replaced, Table, TableError, read_table


def read(text: str, limits: Limits = DEFAULT_LIMITS) -> Table:
    return read_table(text.encode(), "comments.jsonl", limits)


def test_objects_become_rows_and_keys_columns() -> None:
    table = read(
        '{"id": 7, "text": "ñ"}\n\n{"text": "b", "more": [1, {"a": "é"}], "no": null, "yes": true}\n'
    )
    assert table.kind == "jsonl"
    assert table.columns == ("id", "text", "more", "no", "yes")
    assert [row.line for row in table.rows] == [1, 3]
    assert table.rows[0].values == {"id": "7", "text": "ñ", "more": "", "no": "", "yes": ""}
    assert table.rows[1].values == {"id": "", "text": "b", "more": '[1, {"a": "é"}]', "no": "", "yes": "true"}


def test_bad_lines_are_refused_with_number_and_reason() -> None:
    table = read(
        '{"a": 1}\n{"a": \n[1]\n"x"\n{"a": NaN}\n' + "[" * 100_000 + '\n{"a": ' + "9" * 5_000 + "}\n"
    )
    assert [row.line for row in table.rows] == [1, 5]
    assert table.rows[1].values == {"a": ""}
    assert [problem.line for problem in table.problems] == [2, 3, 4, 6, 7]
    assert table.problems[0].reason.startswith("is not valid JSON at character")
    assert table.problems[1].reason == "is not a JSON object: write one {...} a row"


def test_halves_of_characters_and_nul_are_replaced_and_pairs_kept() -> None:
    table = read(r'{"text": "a\ud800b\u0000 \ud83d\udeb2"}')
    assert table.rows[0].values["text"] == "a\ufffdb\ufffd 🚲"
    assert table.replaced == (
        Replaced(1, "U+D800", column="text"),
        Replaced(1, "U+0000", column="text"),
    )


def test_an_array_is_read_with_its_lines() -> None:
    table = read('\n[\n{"a": 1},\n3, {"a":\n 2}\n]\n')
    assert [(row.line, row.values["a"]) for row in table.rows] == [(3, "1"), (4, "2")]
    assert table.problems == (Problem(4, "is not a JSON object: write one {...} a row"),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[{"a": 1},\n{"a": ]', "line 2"),
        ('[{"a": 1}', "not valid"),
        ('[{"a": 1}] and more', "not valid"),
        ("[{" * 100_000, "not valid"),
        ("[]", "empty"),
        ('{"a": oops}\n', "No line of the file is a JSON object: line 1"),
        ('{"a": 1}\n' * 6, "more than 5 rows"),
        (json.dumps({f"c{n}": n for n in range(101)}), "more than 100 columns"),
    ],
)
def test_files_that_cannot_be_read_are_refused_in_a_sentence(text: str, words: str) -> None:
    with pytest.raises(TableError, match=words):
        read(text, Limits(rows=5))


NAMES = st.text(alphabet="abcé x", min_size=1, max_size=4)
TEXTS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


@given(
    st.lists(st.dictionaries(NAMES, TEXTS, min_size=1), min_size=1, max_size=6), st.booleans(), st.booleans()
)
def test_text_comes_back_word_for_word(items: list[dict[str, str]], ascii_only: bool, array: bool) -> None:
    lines = [json.dumps(item, ensure_ascii=ascii_only) for item in items]
    table = read("[" + ",\n".join(lines) + "]" if array else "\n".join(lines))
    assert [
        {key: row.values[key] for key in item} for row, item in zip(table.rows, items, strict=True)
    ] == items
