"""Minutes: read from text, Word documents and tables, split, headings and speakers found, repeats marked."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Sequence
from typing import get_args

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from survey.formats.minutes_heads import (
    KnownPrompt,
    as_speaker,
    find_headings,
    maybe_names,
    no_headings,
    speaker_of,
)
from survey.formats.minutes_in import Minutes, MinutesError, read_minutes
from survey.formats.minutes_lines import lines_of_text
from survey.formats.minutes_repeats import repeats
from survey.formats.minutes_split import Mode, guess_mode, sentences, split
from survey.formats.rows import Limits

PROMPTS = (
    KnownPrompt(1, "What works well in our town?", "strength"),
    KnownPrompt(2, "What should we improve?", "improvement"),
)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/"
MAIN = '<Relationship Type="http://x/officeDocument" Target="word/document.xml"/>'
ROLES = {"teacher": "Teacher", "city staff": "City staff"}


def read(data: str | bytes, name: str = "minutes.txt", **limits: int) -> Minutes:
    return read_minutes(data.encode() if isinstance(data, str) else data, name, Limits(**limits))


def comments(
    minutes: Minutes, mode: Mode | None = None, prompts: Sequence[KnownPrompt] = PROMPTS
) -> list[str]:
    found = find_headings(minutes.lines, prompts)
    parts = split(minutes, mode or guess_mode(minutes, found.places), found.under)
    return [part.text for part in parts]


def word(*paragraphs: tuple[str, str] | str) -> bytes:
    """A document made by the library that others use, too."""
    document = Document()
    for one in paragraphs:
        text, style = one if isinstance(one, tuple) else (one, "Normal")
        document.add_paragraph(text, style=style)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def package(body: str, **parts: str) -> bytes:
    """A document with this XML inside its body."""
    file = io.BytesIO()
    names = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f"<Relationships>{MAIN}</Relationships>",
        "word/document.xml": f'<w:document xmlns:w="{WORD}main" xmlns:mc="{WORD}mc">{body}</w:document>',
        **parts,
    }
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in names.items():
            target.writestr(name, text)
    return file.getvalue()


def p(text: str, inside: str = "") -> str:
    return f"<w:p>{inside}<w:r><w:t>{text}</w:t></w:r></w:p>"


LIST = """What works well in our town?
- The parks
* The library,
  also in the evening
   • Nested: the children’s corner
1. The bus
   a) line 9
2) The pool
What should we improve
– Roads

o\tLights
"""


def test_a_list_is_one_comment_an_item_nested_ones_too() -> None:
    minutes = read(LIST)
    assert guess_mode(minutes) == "bullet"
    assert comments(minutes) == [
        "The parks",
        "The library, also in the evening",
        "Nested: the children’s corner",
        "The bus",
        "line 9",
        "The pool",
        "Roads",
        "Lights",
    ]


def test_what_stands_between_items_goes_on_or_stands_alone() -> None:
    long = "The bus number nine should run later in the evening, because"
    text = f"- Parks\nA line of its own\n- {long}\nPeople work late\n- The\nlibrary\n\nThe end"
    assert comments(read(text)) == [
        "Parks",
        "A line of its own",
        f"{long} People work late",
        "The library",
        "The end",
    ]


def test_headings_give_their_prompt_to_what_follows() -> None:
    minutes = read(LIST)
    found = find_headings(minutes.lines, PROMPTS)
    assert [(h.line, h.why, h.prompt) for h in found.found] == [(1, "prompt", 1), (9, "prompt", 2)]
    parts = list(split(minutes, "bullet", found.under))
    assert [part.heading for part in parts] == [0] * 6 + [1] * 2
    without = list(split(minutes, "bullet", no_headings(minutes.lines).under))
    assert [part.text for part in without][0] == "What works well in our town?"


@pytest.mark.parametrize(
    ("line", "prompt"),
    [
        ("What works well in our town", 1),
        ("WHAT WORKS WELL IN OUR TOWN?", 1),
        ("Question 1: What works well in our town?", 1),
        ("What work well in our town?", 1),  # a slip
        ("Strengths:", 1),
        ("Weaknesses:", 2),
        ("Parking:", None),
        ("Anything else?", None),
        ("Strengths", 1),
    ],
)
def test_a_heading_is_nearly_a_prompt_or_ends_with_a_colon_above_a_list(
    line: str, prompt: int | None
) -> None:
    found = find_headings(lines_of_text(f"{line}\n- one\n- two"), PROMPTS)
    assert [heading.prompt for heading in found.found] == [prompt]


@pytest.mark.parametrize(
    "line", ["What works well for me is the bus", "We should improve the roads", "Note: it rained", "Parking"]
)
def test_a_sentence_is_no_heading(line: str) -> None:
    assert find_headings(lines_of_text(f"{line}\nand more"), PROMPTS).found == []


def test_paragraphs_that_were_wrapped_are_put_together() -> None:
    text = "The bus is late in the\nmorning and in the\nevening.\n\nThe library is\nclosed on\nSundays.\n"
    minutes = read(text)
    assert guess_mode(minutes) == "paragraph"
    assert comments(minutes) == [
        "The bus is late in the morning and in the evening.",
        "The library is closed on Sundays.",
    ]
    assert len(comments(minutes, "line")) == 6


def test_one_paragraph_is_split_into_sentences() -> None:
    text = "The St. James bus is late. Dr. J. Ruiz said no! “Why?” Costs 3.50 a day… Más tarde. "
    text += "¿Y el parque? Sí。没有公园。"
    assert list(sentences(text)) == [
        "The St. James bus is late.",
        "Dr. J. Ruiz said no!",
        "“Why?”",
        "Costs 3.50 a day…",
        "Más tarde.",
        "¿Y el parque?",
        "Sí。",
        "没有公园。",
    ]
    assert guess_mode(read("The bus is late again. " * 40)) == "sentence"


@given(
    st.text(alphabet=st.sampled_from("ab .!?…\n-•1.)“”:#\t\x0b。"), max_size=200),
    st.sampled_from(get_args(Mode)),
)
def test_no_word_is_lost_or_added(text: str, mode: Mode) -> None:
    try:
        minutes = read(text)
    except MinutesError:
        return
    said = "".join(comments(minutes, mode, ()))
    under = find_headings(minutes.lines, ()).under
    lines = [line.text for line, heading in zip(minutes.lines, under, strict=True) if heading != -1]
    assert re.sub(r"\s", "", said) == re.sub(r"\s", "", "".join(lines))


@pytest.mark.parametrize(
    ("text", "speaker", "rest"),
    [
        ("P3: The bus", "P3", "The bus"),
        ("p12 - The bus", "P12", "The bus"),
        ("Participant 4: The bus", "P4", "The bus"),
        ("[P3] : The bus", "P3", "The bus"),
        ("Teacher: The bus", "Teacher", "The bus"),
        ("CITY  STAFF: The bus", "City staff", "The bus"),
        ("Maria: The bus", None, "Maria: The bus"),
        ("12: The bus", None, "12: The bus"),
        ("The bus: late", None, "The bus: late"),
        ("P3:", None, "P3:"),
        ("P3 buses", None, "P3 buses"),
    ],
)
def test_who_spoke_is_a_number_or_a_role_never_a_name(text: str, speaker: str | None, rest: str) -> None:
    assert speaker_of(text, ROLES) == (speaker, rest)


def test_a_cell_with_a_name_says_nobody() -> None:
    assert [as_speaker(cell, ROLES) for cell in ("P3", "teacher", "Maria", "7", "", None)] == [
        "P3",
        "Teacher",
        *[None] * 4,
    ]


def test_what_may_be_names_is_named() -> None:
    found = maybe_names(["Maria: a b", "Maria: c d", "Juan Paz: e f", "the bus: late", "No colon"])
    assert found == {"Maria": 2, "Juan Paz": 1}


def test_a_word_document_is_read_in_order() -> None:
    document = Document()
    document.add_heading("Meeting of the parents", 0)
    document.add_heading("What works well", 1)
    document.add_paragraph("The parks", style="List Bullet")
    document.add_paragraph("Also nested", style="List Bullet 2")
    document.add_paragraph("First", style="List Number")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("P1: in a cell", "", "two\nlines", "last"), strict=True):
        cell.text = text
    document.add_paragraph("The end")
    file = io.BytesIO()
    document.save(file)
    minutes = read(file.getvalue(), "minutes.docx")
    assert [(line.text, line.heading, line.is_item) for line in minutes.lines] == [
        ("Meeting of the parents", True, False),
        ("What works well", True, False),
        ("The parks", False, True),
        ("Also nested", False, True),
        ("First", False, True),
        ("P1: in a cell", False, False),
        ("two", False, False),
        ("lines", False, False),
        ("last", False, False),
        ("The end", False, False),
    ]


def test_what_was_taken_out_of_a_document_is_not_there_and_what_was_put_in_is() -> None:
    body = (
        "<w:p><w:r><w:t>Kept </w:t></w:r><w:ins><w:r><w:t>put in</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>taken out</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>moved away</w:t></w:r></w:moveFrom></w:p>"
        "<w:p><w:pPr><w:tabs><w:tab w:val='left'/></w:tabs></w:pPr>"
        "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r></w:p>"
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>"
        + p("In a box")
        + "</w:txbxContent></mc:Choice>"
        "<mc:Fallback>" + p("In a box") + "</mc:Fallback></mc:AlternateContent><w:t>around</w:t></w:r></w:p>"
    )
    assert [line.text for line in read(package(body), "m.docx").lines] == [
        "Kept put in",
        "a   b",
        "c",
        "In a box",
        "around",
    ]


def test_numbering_can_be_taken_off_an_item() -> None:
    styles = (
        '<w:styles xmlns:w="http://x"><w:style w:styleId="L"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
        '</w:pPr></w:style><w:style w:styleId="K"><w:basedOn w:val="L"/></w:style>'
        '<w:style w:styleId="A"><w:basedOn w:val="B"/></w:style>'
        '<w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>'
        '<w:style w:styleId="H"><w:name w:val="heading 2"/></w:style></w:styles>'
    )
    off = '<w:pPr><w:pStyle w:val="K"/><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr>'
    body = p("on", '<w:pPr><w:pStyle w:val="K"/></w:pPr>') + p("off", off)
    body += p("round", '<w:pPr><w:pStyle w:val="A"/></w:pPr>') + p(
        "top", '<w:pPr><w:pStyle w:val="H"/></w:pPr>'
    )
    lines = read(package(body, **{"word/styles.xml": styles}), "m.docx").lines
    assert [(line.text, line.is_item, line.heading) for line in lines] == [
        ("on", True, False),
        ("off", False, False),
        ("round", False, False),
        ("top", False, True),
    ]


def bomb() -> bytes:
    return package(p("a"), **{"word/styles.xml": '<w:styles xmlns:w="x">' + " " * 60_000_000 + "</w:styles>"})


def entities() -> bytes:
    doctype = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document xmlns:w="x">&a;</w:document>'
    return package("", **{"word/document.xml": doctype})


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "a.txt", "There is no text"),
        (b" \n\r\n\t \n----\n", "a.txt", "There is no text"),
        (b"hello", "a.docx", "is no Word document"),
        (b"PK\x03\x04 not a zip", "a.docx", "damaged"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "a.doc", "old Word file"),
        (b"%PDF-1.7 abc", "a.txt", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "a.txt", "PNG"),
        (bytes(range(256)) * 40, "a.txt", "cannot be read as text"),
        (b"\0" * 20_000, "a.txt", "cannot be read as text"),
        (word(), "a.docx", "There is no text"),
        (word("some")[:-40], "a.docx", "damaged"),
        (bomb(), "a.docx", "unpacks to more"),
        (entities(), "a.docx", "damaged"),
        (package("<w:x>" * 100 + "</w:x>" * 100), "a.docx", "unpacks to more"),
        (package("", **{"_rels/.rels": "<Relationships/>"}), "a.docx", "no Word document"),
        (package("", **{"word/document.xml": "<w:document"}), "a.docx", "damaged"),
        (b'a,b\n"open,1\n', "a.csv", "quotation mark"),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else "",
)
def test_what_cannot_be_minutes_is_refused_with_a_sentence(data: bytes, name: str, said: str) -> None:
    with pytest.raises(MinutesError, match=re.escape(said)):
        read(data, name)


def test_a_zip_that_is_another_kind_of_file_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as target:
        target.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(MinutesError, match="no Word document"):
        read(file.getvalue(), "a.docx")


def test_macros_are_never_looked_at() -> None:
    data = package(p("The bus"), **{"word/vbaProject.bin": "Sub AutoOpen()"})
    assert comments(read(data, "a.docm")) == ["The bus"]


@pytest.mark.parametrize(
    ("data", "encoding", "replaced"),
    [
        ("- El autobús\n- café".encode("utf-16"), "utf-16-le", 0),
        ("- El autobús va tarde\n- café con leche\n".encode("utf-16-le"), "utf-16-le", 0),
        ("- El autobús\n- café".encode("cp1252"), "windows-1252", 0),
        ("- El autobús\n- café año niño sí ".encode() + b"\xe9", "utf-8", 1),
        (b"- one\x00\n- two and many more words here", "utf-8", 1),
    ],
)
def test_bytes_of_any_kind_are_read_and_what_was_replaced_is_said(
    data: bytes, encoding: str, replaced: int
) -> None:
    minutes = read(data)
    assert (minutes.encoding, len(minutes.replaced), len(comments(minutes))) == (encoding, replaced, 2)
    assert "\0" not in "".join(line.text for line in minutes.lines)


def test_a_table_is_a_comment_a_row_with_prompt_and_speaker() -> None:
    asked = "What should we improve?"
    text = f"who,question,comment\nP1,{asked},Roads\nP2,{asked},- Lights\nP1,Other,Bus\n"
    minutes = read(text, "a.csv")
    found = find_headings(minutes.lines, PROMPTS)
    assert [(heading.text, heading.prompt) for heading in found.found] == [
        ("What should we improve?", 2),
        ("Other", None),
    ]
    parts = list(split(minutes, guess_mode(minutes), found.under))
    assert [(part.speaker, part.text, part.heading) for part in parts] == [
        ("P1", "Roads", 0),
        ("P2", "- Lights", 0),
        ("P1", "Bus", 1),
    ]


def test_a_list_in_one_column_keeps_its_first_line() -> None:
    assert comments(read("The bus is late\nThe park is nice\n", "a.csv")) == [
        "The bus is late",
        "The park is nice",
    ]
    assert comments(read("comment\nThe park is nice\n", "a.csv")) == ["The park is nice"]


def test_another_column_can_be_chosen() -> None:
    text = "number,short,long\n1,bus,The bus is late\n2,park,The park is nice\n"
    assert read(text, "a.csv").column == "long"
    chosen = read_minutes(text.encode(), "a.csv", Limits(), "short")
    assert comments(chosen) == ["bus", "park"]


def test_repeats_are_found_here_and_there() -> None:
    long = "the number nine bus should run much later in the evening on every day of the week please"
    texts = [
        "The bus",
        "The  bus",
        "the bus!",
        long,
        long.replace("please", "thanks"),
        "Parks",
        "THE park",
        "!!!",
        "???",
    ]
    assert repeats(texts, ["Parks", "the park"]) == ["", "here", "near", "", "near", "there", "near", "", ""]
    assert repeats(["a b c d", "a b c d!"], [], near=False) == ["", ""]


@given(
    st.lists(st.text(alphabet="ab \n", min_size=1, max_size=6), max_size=12),
    st.lists(st.text(alphabet="ab ")),
)
def test_exact_repeats_are_all_found(texts: list[str], there: list[str]) -> None:
    plain = [" ".join(text.split()) for text in texts]
    known = {" ".join(text.split()) for text in there}
    for place, mark in enumerate(repeats(texts, there)):
        if plain[place] in known:
            assert mark == "there"
        else:
            assert (mark == "here") == (plain[place] in plain[:place])


def test_every_near_repeat_of_long_texts_is_found() -> None:
    words = [f"w{number}" for number in range(4000)]
    texts = [" ".join(words[start : start + 40]) for start in range(0, 4000, 40)]
    changed = [text.replace(text.split()[-1], "other") for text in texts]
    assert repeats([*texts, *changed], []) == [""] * 100 + ["near"] * 100


HUGE = {
    "one paragraph": "The bus is late again. " * 80_000,
    "many lines": "The bus is late\n" * 60_000,
    "stops": "!" * 1_500_000,
    "initials": "a. " * 400_000,
    "blanks": "a" + " " * 1_500_000 + "b",
    "colons": "a: " * 400_000,
    "likely prompts": "What works well in their town\n" * 50_000,
}


@pytest.mark.parametrize("name", HUGE)
def test_huge_minutes_take_time_that_grows_with_them_only(name: str) -> None:
    text = HUGE[name]

    def seconds(share: int) -> float:
        start = time.process_time()
        minutes = read(text[: len(text) // share])
        found = find_headings(minutes.lines, PROMPTS)
        parts = [part.text for part in split(minutes, guess_mode(minutes, found.places), found.under)]
        repeats(parts, [])
        return time.process_time() - start

    # Eight times as much text: 64 times the time would be quadratic.
    eighth = min(seconds(8), seconds(8))
    assert seconds(1) < 24 * eighth + 1


def test_too_many_lines_and_too_many_bytes_are_refused() -> None:
    with pytest.raises(MinutesError, match="101 lines; at most 100"):
        read("a\n" * 101, rows=100)
    with pytest.raises(MinutesError, match="larger than 0 MB"):
        read("a" * 200, file_bytes=100)
