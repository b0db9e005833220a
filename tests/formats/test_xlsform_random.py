"""Random forms: what pyxform accepts is taken, every row named, and comes out as it came in."""

from __future__ import annotations

import warnings
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from survey.document import parse
from survey.formats import xlsform_book, xlsform_out
from survey.formats.survey_files import SurveyFileError
from tests.formats.forms import form, read
from tests.formats.test_xlsform_out import facts

NAMES = ["_x", "q.1", "Q-2", "data", "other", "x" * 70]
TYPES = [
    *("text", "integer", "decimal", "date", "time", "dateTime", "note", "acknowledge", "trigger", "barcode"),
    *("geopoint", "image", "audio", "file", "calculate", "hidden", "start", "end", "today", "username"),
    *("select_one l1", "select one from l1", "select_multiple l2", "rank l2", "select_one l1 or_other"),
    *("select_one_from_file x.csv", "string", "int", "percentage", "phone number", "add note prompt"),
    *(
        "select_one  l2",
        "select1 l1",
        "q string",
        "geotrace",
        "xml-external",
        "deviceid",
        "email",
        "nonsense",
    ),
    *("range", "audit", "csv-external"),
]
REFS = [
    *("", "", "", "${a} = 'x'", "selected(${b}, 'y z')", "${a} > 3 and (${c} = '' or not(${b} = 'x'))"),
    *("true()", "false()", "today() > '2026-01-01'", "${größe} != ''", "count-selected(${a}) >= 1"),
    *("string-length(${c}) < 3", "${a} = ${b}", "regex(${a}, '^x$')", "${a} + 1 = 2"),
    *("((${a} = 'x'))", "${a} = 'x' and"),
]
WORDS = [
    *("", "Label", "L <b>x</b>", "${a} said", "**bold**", "Ünïcode “quotes”", "x " * 400, "=1+1"),
    "# Head\n- item",
]
CHECKS = ["", "", ". > 0 and . <= 9.5", ". != ${a}", "count-selected(.) <= 2", "%%"]
FILTERS = ["", "", "", "k = ${a}", "k='1' or name != 'x'", "selected(${b}, k)"]
OWN = st.fixed_dictionaries(
    {
        "type": st.sampled_from(TYPES),
        "name": st.sampled_from(NAMES),
        "label": st.sampled_from(WORDS),
        "hint": st.sampled_from(["", "", "A hint", "${b}"]),
        "relevant": st.sampled_from(REFS),
        "required": st.sampled_from(["", "yes", "true()", "no", "${a} = 'x'"]),
        "constraint": st.sampled_from(CHECKS),
        "appearance": st.sampled_from(["", "", "multiline", "minimal", "label", "list-nolabel", "w4 likert"]),
        "choice_filter": st.sampled_from(FILTERS),
        "calculation": st.sampled_from(["", "", "1 + 1", "${a} * 2"]),
        "default": st.sampled_from(["", "", "7", "today()"]),
    }
)
HEADINGS = st.sampled_from(
    [
        {},
        {"label": "label::English (en)", "hint": "hint::English (en)"},
        {"label": "LABEL", "type": "Type ", "name": " name"},
        {"relevant": "relevance", "constraint": "bind:constraint"},
        {"label": "label:Nowhere", "calculation": "calculate"},
        {"label": "caption", "required": "bind::required", "appearance": "body::appearance"},
    ]
)
GROUP = st.tuples(st.integers(0, 8), st.integers(0, 8), st.sampled_from(["group", "repeat"]))
GROUPS = st.lists(GROUP, max_size=2)
KEYS = (
    *("type", "name", "label", "hint", "relevant", "required", "constraint", "appearance", "choice_filter"),
    *("calculation", "default", "parameters"),
)
CHOICES = [
    ("list_name", "name", "label", "k"),
    ("l1", "x", "X", "1"),
    ("l1", "y", "", "2"),
    ("l2", "y z", "Y Z", "1"),
    ("l2", "other", "Other", "x"),
]


ALWAYS = [
    {"type": "select_one l1", "name": "a", "label": "A"},
    {"type": "select_multiple l2", "name": "b", "label": "B"},
    {"type": "text", "name": "c", "label": "C"},
    {"type": "integer", "name": "größe", "label": "G"},
]


def _mended(row: dict[str, str]) -> dict[str, str]:
    """A row without what makes pyxform refuse the whole form."""
    kind = row["type"]
    more = {"range": {"parameters": "start=0 end=8 step=2"}, "audit": {"name": ""}}.get(kind, {})
    more |= {"calculation": "${c} + 1"} if kind == "calculate" else {}
    more |= {"choice_filter": ""} if "or_other" in kind or not kind.startswith(("select", "rank")) else {}
    return {**row, "label": row["label"] or "L", **more}


@st.composite
def forms(draw: st.DrawFn) -> bytes:
    """A form of some rows, perhaps with groups; often one that nobody accepts."""
    own = draw(st.lists(OWN, max_size=7, unique_by=lambda row: row["name"]))
    rows: list[dict[str, str]] = [*map(dict, ALWAYS), *map(_mended if draw(st.integers(0, 9)) else dict, own)]
    rows = draw(st.permutations(rows))
    for number, (start, length, kind) in enumerate(draw(GROUPS)):
        at = min(start, len(rows))
        begin = {"type": f"begin {kind}", "name": f"g{number}", "label": draw(st.sampled_from(["", "Group"]))}
        begin["relevant"] = draw(st.sampled_from(["", "${a} = 'x'"]))
        begin["appearance"] = draw(st.sampled_from(["", "field-list", "table-list"]))
        rows = [*rows[:at], begin, *rows[at : at + length], {"type": f"end_{kind}"}, *rows[at + length :]]
    names = draw(HEADINGS)
    keys = [key for key in KEYS if any(row.get(key) for row in rows)]
    blank = draw(st.integers(0, 9)) == 9
    choices = [(one[0], one[1] if blank else one[1].replace(" ", ""), *one[2:]) for one in CHOICES]
    head = [names.get(key, key) for key in keys]
    return form([head, *([row.get(key, "") for key in keys] for row in rows)], choices)


def accepted(data: bytes) -> bool:
    """Whether pyxform takes the file, read in its own way."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            convert(data)
        except (PyXFormError, KeyError, TypeError, AttributeError, ValueError):
            return False
    return True


@given(forms())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_random_forms(data: bytes) -> None:
    try:
        found = read(data)
    except SurveyFileError as refused:
        said: Any = (str(refused), refused.sheet)
        assert not accepted(data), said
        return
    assert accepted(data)
    survey = xlsform_book.read(data).sheets["survey"]
    kinds = {number: next(iter(row.values())) for number, row in survey.numbered()}
    named = {line.row for line in found.lines if line.sheet == survey.title}
    assert {number for number, kind in kinds.items() if not kind.startswith("end")} <= named
    out, _lines = xlsform_out.write(parse(found.document))
    assert accepted(out)
    assert facts(out) == facts(data)
