"""The open data and the feed, read back with other people's readers."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from survey.formats import feed
from survey.formats.open_data import COLUMNS, data_csv, dictionary_csv, written
from survey.formats.release import PublicRelease, ReleaseWords
from survey.formats.release_parts import cut, defaults
from survey.formats.summary import Summary, SummaryTheme
from tests.services.releasing import FORMULA, MARKUP, SECRET_COMMENTS, a_summary

SUMMARY = a_summary()
ANY = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)


def release(summary: Summary = SUMMARY) -> PublicRelease:
    parts = defaults(summary)
    return PublicRelease(4, cut(summary, parts), (ReleaseWords("en", "What we heard"),), data=parts.data)


def read(document: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(document.decode("utf-8-sig"), newline="")))


def values(rows: list[dict[str, str]]) -> dict[tuple[str, ...], tuple[str, str]]:
    return {(r["kind"], r["id"], r["group"], r["label"], r["measure"]): (r["value"], r["note"]) for r in rows}


def test_every_row_is_one_number_and_no_two_say_the_same() -> None:
    rows = read(data_csv(release()))
    assert tuple(rows[0]) == COLUMNS
    assert len(values(rows)) == len(rows)
    assert {row["release"] for row in rows} == {"it-plan/4"}
    for row in rows:
        assert (row["value"] == "") == (row["note"] == "hidden")
        assert row["value"] == "" or float(row["value"]) >= 0


def test_numbers_are_those_of_the_summary_and_hidden_ones_are_empty() -> None:
    found = values(read(data_csv(release())))
    assert found["choice", "services/ease/easy", "", "Easy", "people"] == ("17", "")
    assert found["choice", "services/ease/easy", "", "Easy", "share"] == ("0.68", "")
    assert found["choice", "services/ease/hard", "", "Hard", "people"] == ("", "hidden")
    assert found["theme", "2", "", "Services on a phone", "check_no"] == ("", "hidden")
    assert found["cross", "services/ease@unit", "Parks", "Hard", "people"] == ("", "hidden")
    assert found["cross", "services/ease@unit", "Police", "All", "people"] == ("13", "")
    assert found["wave", "ease", "", "People who find it easy", "change"] == ("0.093", "")
    assert found["heard", "audience", "Tech", "audience", "people"] == ("", "hidden")


def test_a_formula_is_no_formula_and_markup_stays_text() -> None:
    for document in (data_csv(release()), dictionary_csv(release())):
        rows = list(csv.reader(io.StringIO(document.decode("utf-8-sig"), newline="")))
        assert all(not field.startswith(("=", "+", "@", "\t")) for row in rows for field in row)
    rows = read(data_csv(release()))
    assert f"'{FORMULA}" in {row["group"] for row in rows}
    assert MARKUP in {row["label"] for row in rows}


@given(st.lists(st.tuples(ANY, ANY), min_size=1, max_size=4))
def test_any_name_comes_back_as_it_was(names: list[tuple[str, str]]) -> None:
    themes = tuple(
        SummaryTheme(str(place), name, "accepted", place, 0.5, 1, 1, 1, 1, by_audience=((group, place),))
        for place, (name, group) in enumerate(names)
    )
    rows = read(data_csv(release(replace(SUMMARY, themes=themes))))
    back = [(row["label"], row["group"]) for row in rows if row["kind"] == "theme" and row["group"]]
    plain = [tuple(text[1:] if text.startswith("'") else text for text in pair) for pair in back]
    assert plain == [pair for pair in names if pair[1]]


def test_every_column_and_code_is_in_the_dictionary() -> None:
    meanings = {(row["column"], row["code"]) for row in read(dictionary_csv(release()))}
    for row in read(data_csv(release())):
        assert ("kind", row["kind"]) in meanings
        assert ("measure", row["measure"]) in meanings
        if row["kind"] in ("theme", "question", "choice", "cross"):
            assert ("id", row["id"]) in meanings
    assert {(column, "") for column in COLUMNS} <= meanings
    spanish = [row["meaning"] for row in read(dictionary_csv(release())) if row["language"] == "es"]
    assert "Fácil" in spanish


def test_what_is_not_ticked_for_the_open_data_is_not_in_it() -> None:
    some = replace(release(), data=("theme:2",))
    kinds = {
        (row["kind"], row["id"]) for row in read(data_csv(some)) if row["kind"] not in ("study", "group")
    }
    assert kinds == {("theme", "2")}
    assert "How easy" not in dictionary_csv(some).decode()


def test_nothing_of_uncleared_comments_is_in_it() -> None:
    both = (data_csv(release()) + dictionary_csv(release())).decode()
    assert not any(secret in both for secret in SECRET_COMMENTS)


@given(st.floats(-1000, 1000))
def test_numbers_are_plain_decimals(number: float) -> None:
    text = written(number)
    assert abs(float(text) - number) <= 5e-7
    assert "e" not in text


def a_feed(title: str, text: str) -> feed.Feed:
    at = datetime(2026, 4, 2, 13, 0, tzinfo=UTC)
    item = feed.Item(title, text, "https://city.example/results/it-plan/1?a=1&b=2", at)
    address = "https://city.example/results/feed.xml"
    return feed.Feed(title, text, "https://city.example/results", address, "en", (item,))


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_feed_is_well_formed_whatever_is_in_it(title: str, text: str) -> None:
    root = etree.fromstring(feed.write(a_feed(title, text)))
    channel = root.find("channel")
    assert root.get("version") == "2.0"
    assert [child.tag for child in channel][:4] == ["title", "link", "description", "language"]
    assert [child.tag for child in channel.find("item")] == [
        "title",
        "link",
        "description",
        "guid",
        "pubDate",
    ]
    assert not root.xpath("//*[local-name() = 'svg' or local-name() = 'script']")


def test_markup_in_a_feed_is_text_also_for_readers_that_take_it_for_html() -> None:
    root = etree.fromstring(feed.write(a_feed(MARKUP, f"<b>{MARKUP}</b>")))
    assert root.findtext("channel/item/title") == MARKUP
    as_html = etree.HTML(root.findtext("channel/item/description"))
    assert as_html.xpath("string()") == f"<b>{MARKUP}</b>"
    assert not as_html.xpath("//svg | //b")


def test_an_item_has_a_lasting_link_and_a_date() -> None:
    item = etree.fromstring(feed.write(a_feed("A", "B"))).find("channel/item")
    assert item.findtext("guid") == item.findtext("link") == "https://city.example/results/it-plan/1?a=1&b=2"
    assert parsedate_to_datetime(item.findtext("pubDate")) == datetime(2026, 4, 2, 13, 0, tzinfo=UTC)
