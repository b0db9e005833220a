"""People from a file: what is taken, and what is left out with its reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.formats.people_in import (
    PeopleColumns,
    PersonDetails,
    guess_people_columns,
    is_email,
    read_people,
)
from survey.formats.tables import TableError, read_table

HEADER = "name,email,address,unit,language\n"
ALL = PeopleColumns("name", None, "email", "address", "unit", "language")


def read(rows: str | bytes, choice: PeopleColumns = ALL, known: set[str] = frozenset()):  # type: ignore
    data = rows if isinstance(rows, bytes) else (HEADER + rows).encode()
    return read_people(read_table(data, "people.csv"), choice, known)


def reasons(rows: str | bytes, **more: object) -> list[tuple[int, str]]:
    return [(one.line, one.reason) for one in read(rows, **more).refused]


def test_people_are_taken_as_they_stand_without_blanks_around() -> None:
    (person,) = read('  Ana  Díaz ,Ana@City.example,"1 Main St\n Springfield ",Parks, es_mx \n').people
    assert person == PersonDetails("Ana Díaz", "Ana@City.example", "1 Main St\nSpringfield", "Parks", "es-MX")


@pytest.mark.parametrize(
    ("first", "second", "sign"),
    [
        ("Ana,ana@city.example,,,", "Other,ANA@CITY.example,,,", "e-mail"),
        ("Ana Díaz,,1 Main St,,", "ANA  DÍAZ,,1 main  st,,", "name and address"),
        ("Ana,a@city.example,1 Main St,,", "ana,b@city.example,1 MAIN ST,,", "name and address"),
        ("Ana,,,,", "ana,,,Roads,", "name and address"),
        (",,1 Main St,,", ",,1 MAIN ST,,", "name and address"),
    ],
)
def test_the_same_person_twice_is_taken_once(first: str, second: str, sign: str) -> None:
    assert reasons(f"{first}\n{second}\n") == [(3, f"is the same person as line 2 (same {sign})")]


def test_two_people_of_one_name_are_two() -> None:
    rows = "Ana,a@city.example,,,\nAna,b@city.example,,,\nBob,,1 Main St,,\nBob,,2 Main St,,\n"
    assert len(read(rows).people) == 4


def test_who_is_on_the_list_already_is_left_out() -> None:
    known = set(PersonDetails("Ana", "ana@city.example").marks())
    assert reasons("X,ANA@city.example,,,\n", known=known) == [(2, "is on the list already (same e-mail)")]


@pytest.mark.parametrize(
    "text",
    ["ana@", "@city.example", "ana@city", "a b@city.example", "ana@@city.example", "ana@city..example"]
    + ["ana.@city.example", "ana@-city.example", "a@b.c", "ana@city.example>", "ana,b@city.example"]
    + ["x" * 65 + "@city.example", "ana@" + "x" * 64 + ".example", "a\x07@city.example", "ana@1.2.3.4"],
)
def test_what_cannot_be_an_e_mail_is_said(text: str) -> None:
    assert not is_email(text)
    quoted = '"' + text.replace('"', '""') + '"'
    ((line, reason),) = reasons(f"Ana,{quoted},,,\n")
    assert (line, "cannot be an e-mail" in reason) == (2, True)


@pytest.mark.parametrize("text", ["a@b.co", "o'neil+x@mail.city.example", "ñandú@münchen.de", "a_b@x-y.org"])
def test_what_can_be_an_e_mail(text: str) -> None:
    assert is_email(text)


def test_empty_rows_are_counted_and_others_without_anything_to_go_by_are_refused() -> None:
    found = read("Ana,ana@city.example,,,\n\n,,,,\nBob,bob@city.example,,,\n,,,Roads,\n")
    assert (len(found.people), found.empty) == (2, 2)
    assert [(one.line, one.reason) for one in found.refused] == [(6, "has no name, no e-mail and no address")]


def test_bad_bytes_are_replaced_and_remarked_on() -> None:
    data = HEADER.encode() + "Zoë,zoe@city.example,,,\n".encode() * 1 + b"Jos\xe9,jose@city.example,,,\n"
    data += "Łukasz Ögürt çé,l@city.example,,,\n".encode()
    found = read(data)
    assert [person.name for person in found.people] == ["Zoë", "Jos�", "Łukasz Ögürt çé"]
    assert [(one.line, one.reason[:23]) for one in found.notes] == [(3, "has characters that cou")]


@pytest.mark.parametrize(("column", "most"), [("name", 200), ("address", 500), ("unit", 200)])
def test_what_is_too_long_for_the_database_is_left_out(column: str, most: int) -> None:
    values = {"name": "Ana", "email": "ana@city.example", "address": "", "unit": "", "language": ""}
    for length, refused in ((most, 0), (most + 1, 1)):
        row = ",".join({**values, column: "x" * length}.values())
        assert len(reasons(row + "\n")) == refused


def test_an_unknown_language_is_remarked_on_and_left_empty() -> None:
    found = read("Ana,ana@city.example,,,English!\n")
    assert (found.people[0].language, len(found.notes)) == ("", 1)


def test_first_and_last_names_of_two_columns_are_one_name() -> None:
    table = read_table(b"First name,Last name,E-mail\nAna,Perez,ana@city.example\n", "p.csv")
    choice = guess_people_columns(table.columns)
    assert choice == PeopleColumns("First name", "Last name", "E-mail")
    assert read_people(table, choice).people[0].name == "Ana Perez"


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [("E-Mail address", "email"), ("Correo", "email"), ("Dept.", "unit"), ("Dirección", "address")]
    + [("Full name", "name"), ("Idioma", "language"), ("Apellidos", "surname")],
)
def test_headings_are_understood(heading: str, meaning: str) -> None:
    assert getattr(guess_people_columns(["#", heading]), meaning) == heading


def test_a_list_needs_something_to_find_people_by() -> None:
    table = read_table(b"unit,language\nParks,en\n", "p.csv")
    with pytest.raises(TableError, match="names, the e-mails or the addresses"):
        read_people(table, PeopleColumns(unit="unit"))
    with pytest.raises(TableError, match="no column"):
        read_people(table, PeopleColumns(name="gone"))


@given(st.lists(st.tuples(*[st.text(st.characters(codec="utf-8"), max_size=12)] * 3), max_size=12))
def test_every_row_is_taken_refused_or_empty(rows: list[tuple[str, str, str]]) -> None:
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(("name", "email", "unit"))
    writer.writerows(rows)
    try:
        table = read_table(text.getvalue().encode("utf-8"), "p.csv")
    except TableError:
        return
    if table.columns != ("name", "email", "unit"):
        return
    found = read_people(table, PeopleColumns("name", None, "email", None, "unit"))
    assert len(found.people) + len(found.refused) <= len(rows)
    assert len(found.people) + len(found.refused) + found.empty >= len(table.rows)
    marks = [mark for person in found.people for mark in person.marks()]
    assert len(marks) == len(set(marks)), "nobody twice"
