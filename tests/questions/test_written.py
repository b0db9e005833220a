"""What people write in one line: times, places, e-mail addresses."""

from __future__ import annotations

import time
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from tests.questions.asking import ask, says


def read(question: Any, text: str) -> Any:
    return question.read({"q-x": [text]})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("14:05", "14:05"),
        ("2 pm", "14:00"),
        ("2pm", "14:00"),
        ("2:30 p.m.", "14:30"),
        ("2:30 P. M.", "14:30"),
        ("2.30pm", "14:30"),
        ("14.30", "14:30"),
        ("14,30", "14:30"),
        ("14-30", "14:30"),
        ("14 30", "14:30"),
        ("1430", "14:30"),
        ("0930", "09:30"),
        ("930 am", "09:30"),
        ("14h30", "14:30"),
        ("14 h", "14:00"),
        ("14g30", "14:30"),
        ("at 7pm", "19:00"),
        ("14：30", "14:30"),
        ("14:30:00", "14:30"),
        ("١٤:٣٠", "14:30"),
        ("٢:٣٠ م", "14:30"),
        ("下午2:30", "14:30"),
        ("  08:15  ", "08:15"),
        ("00:00", "00:00"),
        ("0:05", "00:05"),
        ("12 am", "00:00"),
        ("12:30 pm", "12:30"),
        ("14:30 pm", "14:30"),
        ("10:30", "10:30"),
        ("9 a", "09:00"),
    ],
)
def test_times_as_people_write_them(text: str, value: str) -> None:
    assert read(ask("time"), text) == value


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2:30", "Add am or pm, such as 2:30\u202fAM or 2:30\u202fPM."),
        ("9", "Add am or pm, such as 9:00\u202fAM or 9:00\u202fPM."),
        ("24:00", "There is no such time. Type it like 2:30 pm or 14:30."),
        ("2:75", "There is no such time. Type it like 2:30 pm or 14:30."),
        ("14:60", "There is no such time. Type it like 2:30 pm or 14:30."),
        ("14 am", "There is no such time. Type it like 2:30 pm or 14:30."),
        ("0 pm", "There is no such time. Type it like 2:30 pm or 14:30."),
        ("noonish", "Type a time, such as 2:30 pm or 14:30."),
        ("am 2 pm", "Type a time, such as 2:30 pm or 14:30."),
        ("1e309", "Type a time, such as 2:30 pm or 14:30."),
        ("14:3", "Type a time, such as 2:30 pm or 14:30."),
        ("14:30:15", "Type a time, such as 2:30 pm or 14:30."),
        ("14305", "Type a time, such as 2:30 pm or 14:30."),
        ("-2 pm", "Type a time, such as 2:30 pm or 14:30."),
        ("2 pm" + " " * 50 + ".", "Type a time, such as 2:30 pm or 14:30."),
    ],
)
def test_times_that_will_not_do(text: str, sentence: str) -> None:
    assert says(lambda: read(ask("time"), text)) == sentence


@given(st.times())
def test_every_stored_time_is_read_again(moment: Any) -> None:
    clock = moment.strftime("%H:%M")
    question = ask("time")
    assert read(question, clock) == clock
    assert read(question, moment.strftime("%I:%M %p")) == clock
    assert read(question, question.in_words(clock, "en")) == clock


def test_times_where_the_clock_has_24_hours(app: Flask) -> None:
    question = ask("time")
    with app.test_request_context(), force_locale("fr"):
        assert (read(question, "2:30"), read(question, "9 h")) == ("02:30", "09:00")
        assert question.in_words("14:30", "fr") == "14:30"


def test_times_keep_their_bounds() -> None:
    question = ask("time", earliest="08:00", latest="18:00")
    assert [read(question, text) for text in ("8 am", "6 pm")] == ["08:00", "18:00"]
    assert says(lambda: read(question, "7:59 am")) == "Type a time that is 8:00\u202fAM or later."
    assert says(lambda: read(question, "18:01")) == "Type a time that is 6:00\u202fPM or earlier."


PLACES = [
    {"id": "c1", "label": {"en": "Fulton Heights"}},
    {"id": "c2", "label": {"en": "Oak Hill", "es": "Cerro del Roble"}},
    {"id": "c3", "label": {"en": "San José"}},
    {"id": "z19103", "label": {"en": "19103"}},
    {"id": "z19104", "label": {"en": "19104"}},
]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("c1", "c1"),
        ("C1", "c1"),
        ("Fulton Heights", "c1"),
        ("  fulton   HEIGHTS ", "c1"),
        ("fulton-heights", "c1"),
        ("Cerro del Roble", "c2"),
        ("San Jose", "c3"),
        ("san jose\u0301", "c3"),
        ("19104", "z19104"),
        ("١٩١٠٤", "z19104"),
    ],
)
def test_places_as_people_write_them(text: str, value: str) -> None:
    question = ask("place", choices=PLACES)
    assert read(question, text) == value
    assert read(question, question.shown(value, "en")) == value


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Fultn Hights", "“Fultn Hights” is not on our list. Do you mean “Fulton Heights”?"),
        ("Oak", "“Oak” is not on our list. Do you mean “Oak Hill”?"),
        ("19103-1234", "“19103-1234” is not on our list. Do you mean “19103” or “19104”?"),
        ("1910", "“1910” is not on our list. Do you mean “19103” or “19104”?"),
        ("Xq", "“Xq” is not on our list. Check how it is written."),
        ("Oak Hill " * 50, "“Oak Hill Oak Hill Oak Hill Oak Hill Oak…” is not on our list. Do you mean “Oak"),
        ("...", "“...” is not on our list. Check how it is written."),
    ],
)  # fmt: skip
def test_unknown_places_bring_those_that_are_close(text: str, sentence: str) -> None:
    assert says(lambda: read(ask("place", choices=PLACES), text)).startswith(sentence)


def test_a_long_list_of_places() -> None:
    choices = [{"id": f"p{n}", "label": {"en": f"{n:05}"}} for n in range(5000)]
    question = ask("place", choices=choices)
    assert (question.is_select, question.suggests) == (False, False)
    assert read(question, "04999") == "p4999"
    begun = time.perf_counter()
    assert "Do you mean" in says(lambda: read(question, "0499"))
    assert "not on our list" in says(lambda: read(question, "z" * 1_000_000))
    assert time.perf_counter() - begun < 1
    assert ask("place", choices=choices[:60]).is_select
    assert ask("place", choices=choices[:61]).suggests
    assert (question.written("p7", "en"), question.written("anything", "en")) == ("00007", "anything")


def test_places_that_sound_alike_are_told_apart_or_asked_about() -> None:
    question = ask(
        "place", choices=[{"id": "a", "label": {"en": "Cana"}}, {"id": "b", "label": {"en": "Caña"}}]
    )
    assert (read(question, "cana"), read(question, "CAÑA")) == ("a", "b")
    assert says(lambda: read(question, "Çana")) == "“Çana” is not on our list. Do you mean “Cana” or “Caña”?"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (" jane@city.example ", "jane@city.example"),
        ("jane@city.example,", "jane@city.example"),
        ("<jane@city.example>", "jane@city.example"),
        ("mailto:jane@city.example", "jane@city.example"),
        ("\u200bjane@city.example\u00a0", "jane@city.example"),
        ("jane＠city。example", "jane@city.example"),
        ("jane.o'neil+news@mail.city.example.", "jane.o'neil+news@mail.city.example"),
        ("josé@correo.example", "josé@correo.example"),
    ],
)
def test_addresses_as_people_write_them(text: str, value: str) -> None:
    assert read(ask("email"), text) == value


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("jane", "Type an e-mail address in full, such as name@city.example."),
        ("jane at city", "Type an e-mail address in full, such as name@city.example."),
        ("jane@", "Type an e-mail address in full, such as name@city.example."),
        ("@city.example", "Type an e-mail address in full, such as name@city.example."),
        ("jane@city", "Type an e-mail address in full, such as name@city.example."),
        ("jane@@city.example", "Type an e-mail address in full, such as name@city.example."),
        ("jane@city..example", "Type an e-mail address in full, such as name@city.example."),
        ("jane @city.example", "Type one e-mail address, without blanks in it."),
        ("a@city.example, b@city.example", "Type one e-mail address, without blanks in it."),
        ("a@" + "b." * 200 + "example", "An e-mail address has at most 254 characters."),
    ],
)
def test_addresses_that_will_not_do(text: str, sentence: str) -> None:
    assert says(lambda: read(ask("email"), text)) == sentence
