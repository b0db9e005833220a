"""Numbers and dates, as people write them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.questions.asking import ask, says


def read(question: Any, text: str) -> Any:
    return question.read({question.field: [text]})


@pytest.mark.parametrize(
    ("text", "decimals", "value"),
    [
        ("12", 0, 12),
        (" 12 ", 0, 12),
        ("-3", 0, -3),
        ("− 3", 0, -3),
        ("+3", 0, 3),
        ("1,5", 1, 1.5),
        ("1.5", 1, 1.5),
        (".5", 1, 0.5),
        ("5.", 1, 5),
        ("5.0", 0, 5),
        ("1 000", 0, 1000),
        ("1\u00a0000", 0, 1000),
        ("1’000", 0, 1000),
        ("1,000", 0, 1000),
        ("1.000", 0, 1000),
        ("1,000,000", 2, 1_000_000),
        ("1,000", 3, 1),
        ("1.234,56", 2, 1234.56),
        ("1,234.56", 2, 1234.56),
        ("0,500", 1, 0.5),
        ("٣٤", 0, 34),
        ("٣٫٥", 1, 3.5),
        ("-0", 0, 0),
        ("0.1", 6, 0.1),
    ],
)
def test_numbers_as_people_write_them(text: str, decimals: int, value: float) -> None:
    assert read(ask("number", decimals=decimals), text) == value


@pytest.mark.parametrize(
    ("text", "settings", "sentence"),
    [
        ("abc", {}, "Type a number in digits, such as 12."),
        ("1e5", {}, "Type a number in digits, such as 12."),
        ("1 5", {}, "Type a number in digits, such as 12."),
        ("1,234,5", {"decimals": 1}, "Type a number in digits, such as 12.0."),
        ("inf", {}, "Type a number in digits, such as 12."),
        ("1.5", {}, "Type a whole number, such as 12."),
        ("1.25", {"decimals": 1}, "Use at most 1 digit after the point."),
        ("0", {"min": 1, "max": 30}, "Type a number from 1 to 30."),
        ("0", {"min": 1}, "Type a number that is 1 or more."),
        ("9", {"max": 5}, "Type a number that is 5 or less."),
        ("9" * 16, {}, "Type a number with at most 15 digits."),
    ],
)
def test_numbers_that_will_not_do(text: str, settings: dict[str, Any], sentence: str) -> None:
    assert says(lambda: read(ask("number", **settings), text)) == sentence


@given(st.integers(-(10**8), 10**8), st.integers(0, 6))
def test_numbers_come_back_as_typed(whole: int, decimals: int) -> None:
    question = ask("number", decimals=decimals)
    assert read(question, f"{whole:.{decimals}f}") == whole
    assert read(question, f"{whole:,}" if decimals < 3 else str(whole)) == whole


def test_a_number_is_shown_with_its_unit() -> None:
    assert ask("number", unit={"en": "miles"}).shown(3.5, "es") == "3.5 miles"


def typed_date(*parts: str) -> dict[str, list[str]]:
    return {name: [part] for name, part in zip(ask("date").fields(), parts, strict=False)}


@pytest.mark.parametrize(
    ("parts", "value"),
    [
        (("", "29", "2", "2024"), "2024-02-29"),
        (("", " 1", "05", "2024"), "2024-05-01"),
        (("", "٣", "٥", "٢٠٢٤"), "2024-05-03"),
        (("", "1", "May", "2024"), "2024-05-01"),
        (("", "1", "sept.", "2024"), "2024-09-01"),
        (("", "1", "DECEMBER", "2024"), "2024-12-01"),
        (("2024-05-01",), "2024-05-01"),
        (("", "2024-05-01"), "2024-05-01"),
        (("", "", "", "2024-05-01"), "2024-05-01"),
    ],
)
def test_dates(parts: tuple[str, ...], value: str) -> None:
    assert ask("date").read(typed_date(*parts)) == value


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (("", "30", "2", "2024"), "There is no such day. Check day and month."),
        (("", "1", "0", "2024"), "There is no such day. Check day and month."),
        (("", "1", "1", "0000"), "There is no such day. Check day and month."),
        (("2024-13-01",), "There is no such day. Check day and month."),
        (("", "1", "", "2024"), "The date lacks its month. Add it."),
        (("", "", "", "2024"), "The date lacks its day and month. Add it."),
        (("", "1", "5", "24"), "Type the year with four digits, such as 2026."),
        (("", "1", "Maybe", "2024"), "Type day, month and year in digits, such as 31 5 2026."),
        (("", "31", "Feb", "2024"), "There is no such day. Check day and month."),
        (("", "1", "5", "20245"), "Type day, month and year in digits, such as 31 5 2026."),
    ],
)
def test_dates_that_will_not_do(parts: tuple[str, ...], sentence: str) -> None:
    assert says(lambda: ask("date").read(typed_date(*parts))) == sentence


def test_dates_keep_their_bounds() -> None:
    question = ask("date", earliest="2024-01-01", latest="2024-12-31")
    assert question.read(typed_date("2024-01-01")) == "2024-01-01"
    assert "January 1, 2024 or later" in says(lambda: question.read(typed_date("2023-12-31")))
    assert "or earlier" in says(lambda: question.read(typed_date("2025-01-01")))
