"""Personal data is found with exact places, ordinary numbers are left alone, and nothing is changed."""

from __future__ import annotations

import re
import time
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.personal.text import plain
from analysis.redact import Personal, find_personal, mask
from benchmarks import personal_data

MARK = re.compile(r"<<(\w+):(.*?)>>", re.DOTALL)


def marked(text: str, certain: bool = True) -> str:
    """Write what is found into the text, in the markup of these tests."""
    parts, place = [], 0
    for one in find_personal(text):
        if one.certain is certain:
            parts += [text[place : one.start], f"<<{one.kind}:{text[one.start : one.end]}>>"]
            place = one.end
    return "".join([*parts, text[place:]])


def bare(line: str) -> str:
    return MARK.sub(r"\2", line)


@pytest.mark.parametrize(
    "line",
    [
        "Write to <<email:jane.doe+311@mail.example.org>>.",
        "(<<email:jane@example.org>>), <<email:sam@example.net>>!",
        "jane: <<email:jane dot doe at gmail dot com>>, please",
        "<<email:jane.doe(at)gmail.com>> or <<email:sam [at] example [dot] org>>",
        "mi correo es <<email:ana punto ruiz arroba ejemplo punto org>>",
        "<<email:jane@gmail,com>> and <<email:jane@gmail>>",
        "mail <<email:a@example.com>>Phone <<phone:215-555-0123>>",
        "邮箱<<email:li@example.cn>>。",
    ],
)
def test_emails(line: str) -> None:
    assert marked(bare(line)) == line


@pytest.mark.parametrize(
    "line",
    [
        "call <<phone:(215) 555 0123 ext. 4>>.",
        "<<phone:215.555.0123>>, <<phone:+1 215 555 0123>>; <<phone:2155550123>>",
        "home <<phone:215-555-0140>>/<<phone:215-555-0141>>",
        "(<<phone:215-555-0123>>)",
        "call me at <<phone:555-0123>>, or text <<phone:5550124>>",
        "<<phone:+44 20 7946 0958>> and <<phone:+44 (0)20 7946 0958>>",
        "mi celular: <<phone:55 1234 5678>>",
        "<<phone:two one five, five five five, zero one two three>>",
        "电话<<phone:215-555-0193>>",
        "Call the case worker, <<phone:215-555-0123>>, about case 2155550199",
    ],
)
def test_phones(line: str) -> None:
    assert marked(bare(line)) == line


@pytest.mark.parametrize(
    "line",
    [
        "SSN <<ssn:987-65-4320>>, <<ssn:987-65-4321>>",
        "social security <<ssn:987654320>>; my social: <<ssn:987 65 4321>>.",
        "last four of my SSN: <<ssn:4320>>",
        "xxx: <<ssn:XXX-XX-4320>>",
        "paid with <<card:4111 1111 1111 1111>> 04/27 123",
        "<<card:378282246310005>>, <<card:3782 822463 10005>>",
        "<<card:4111-1111-1111-1111>>",
        "my visa ending in <<card:1881>>",
    ],
)
def test_ssns_and_cards(line: str) -> None:
    assert marked(bare(line)) == line


@pytest.mark.parametrize(
    "line",
    [
        "I live at <<address:1234 N. Broad St., Apt 2B, Philadelphia, PA 19107-1234>>.",
        "<<address:1500 Market Street>> has no ramp",
        "my address is <<address:22 Elm>>.",
        "<<address:PO Box 123>>, not ballot box 123",
        "<<address:7200 Frankford Ave\nPhiladelphia, PA 19135>>",
        "vivo en la <<address:Calle Luna 12, Apto 3>>, en la calle 5 hay 20 baches",
        "<<address:calle 5 #123>>",
        "<<address:Av. Juárez 100, Col. Centro>>",
        "behind <<address:3456 Kensington Ave>>. Nobody came.",
        "<<address:Apt 3, 212 Walnut Street>>",
        "i live at <<address:1234 n broad st>>",
        "<<address:10 rue de la Paix, 75001 Paris>>",
    ],
)
def test_addresses(line: str) -> None:
    assert marked(bare(line)) == line


@pytest.mark.parametrize(
    "line",
    [
        "<<url:linkedin.com/in/jane-doe>>, <<url:https://www.facebook.com/jane.doe>>.",
        "(<<url:https://example.com/~jdoe>>)",
        "<<url:https://example.org/search?name=Jane+Doe>>",
        "follow <<handle:@janedoe>>, <<handle:@jane@mastodon.example>>!",
        "IG: <<handle:jane_doe99>>",
    ],
)
def test_web_addresses_and_handles(line: str) -> None:
    assert marked(bare(line)) == line


@pytest.mark.parametrize(
    "text",
    [
        "Permit ZP-2023-001234, permit 2155550123, Case 215-555-0123, ticket #2155550123",
        "ZIP 19107, 19107-1234; Philadelphia, PA 19107",
        "Route 23, I-95, bus 47 Market Street, US-1, exit 23 Girard Avenue",
        "the 1500 block of Market Street, Broad and Market, 15th & Market Streets",
        "$1,234.56, $215-$555, 2,155,550,123 dollars",
        "Bill No. 210553, HB 1234, S. 2155, Section 14-304(5), Chapter 123-45-6789",
        "2019-2024, 2018-2019-2020, 12-25-2024, 9:00-17:30, 24/7, 21-14",
        "call 311, 911 or 988; 192.168.1.10; version 215.555.0123",
        "order 4111111111111112, order 4111111111111111, serial 4111-1111-1111-1112",
        "10 x 12 ft at 39.952583, -75.165222",
        "5 Main issues, 100 people Street fairs, 3 Avenue stations, 4 lane road",
        "10 Chestnut Street shops; in 2023 Market Street; May 5 Market Street festival",
        "https://phila.gov/services, facebook.com/groups/1, @SEPTA, lunch @noon, @5pm, tod@s",
        "look at example.org; we met at city hall",
    ],
)
def test_ordinary_numbers_are_left_alone(text: str) -> None:
    assert find_personal(text) == ()


@pytest.mark.parametrize(
    "line",
    [
        "Mr. <<name:Smith>> and Officer <<name:Johnson>>",
        "La Sra. <<name:López>>, Councilmember <<name:Gym>>",
        "my name is <<name:Quintessa Quux>>",
        "me llamo <<name:José>>",
        "I'm <<name:Jane Doe>> from the block club",
        "No more cars.\nThanks, <<name:Bob>>",
        "Plant trees\n- <<name:Jane>>",
        "<<name:Robert Jones>> parks here; Martin Luther King Drive, Grace Church, San Juan",
    ],
)
def test_names_are_for_people_to_look_at(line: str) -> None:
    assert marked(bare(line), certain=False) == line
    assert marked(bare(line)) == bare(line)


def test_a_card_with_a_wrong_check_digit_is_uncertain() -> None:
    (found,) = find_personal("my credit card 4111 1111 1111 1112")
    assert (found.kind, found.certain) == ("card", False)


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        ("😀😀 215-555-0123 😀", "215-555-0123"),
        ("\u202a215\u2011555\u20110123\u202c", "215\u2011555\u20110123"),
        ("2\u200b15-555-0123", "2\u200b15-555-0123"),
        ("tel ٢١٥-٥٥٥-٠١٢٣", "٢١٥-٥٥٥-٠١٢٣"),
        ("tel ２１５－５５５－０１２３。", "２１５－５５５－０１２３"),
        ("call\u00a0(215)\u00a0555\u20130123", "(215)\u00a0555\u20130123"),
        ("me llamo Jose\u0301, hola", "Jose\u0301"),
        ("\ud800 jane@example.org", "jane@example.org"),
    ],
)
def test_places_are_those_of_the_text_as_given(text: str, datum: str) -> None:
    (found,) = find_personal(text)
    assert text[found.start : found.end] == datum


@given(st.text(max_size=60))
def test_a_plain_text_leads_back_to_the_original(text: str) -> None:
    read = plain(text)
    assert len(read.places or text) - (read.places is not None) == len(read.text)
    for place in range(len(read.text)):
        start, end = read.back(place, place + 1)
        assert end == start + 1
        assert read.text[place] == plain(text[start:end]).text


FRAGMENTS = st.sampled_from(
    [
        *("jane@example.org", "215-555-0123", "+44 20 7946 0958", "987-65-4320", "4111 1111 1111 1111"),
        *("1234 N. Broad St.", ", Apt 2", ", Philadelphia, PA 19107", "Calle Luna 12", "PO Box 1", "22 Elm"),
        *(
            "linkedin.com/in/jane-doe",
            "@jane_doe",
            " at ",
            " dot ",
            "gmail.com",
            "my name is ",
            "Mr. ",
            "Jane",
        ),
        *("Doe", " ", "\n", "- ", "(", ")", ".", ",", "#", "1", "call ", "SSN ", "card ", "last four: ", "é"),
        *("\u0301", "\u200b", "٢", "公", "😀", "\ud800", "https://", "/~", "?name=", "five ", "I'm "),
    ]
)
TEXTS = st.one_of(
    st.text(max_size=80), st.lists(st.one_of(FRAGMENTS, st.text(max_size=3)), max_size=14).map("".join)
)


@given(TEXTS)
def test_spans_are_in_the_text_in_order_and_apart(text: str) -> None:
    before = str(text)
    place = 0
    for one in find_personal(text):
        assert place <= one.start < one.end <= len(text)
        assert not text[one.start].isspace()
        assert not text[one.end - 1].isspace()
        assert text[one.end - 1] not in ".,;:!?"
        place = one.end
    assert text == before


@given(TEXTS)
def test_a_mask_replaces_the_spans_and_nothing_else(text: str) -> None:
    found = find_personal(text)
    masked, place = mask(text, reversed(found)), 0
    for one in found:
        kept, kind = text[place : one.start], f"[{one.kind}]"
        assert masked.startswith(kept + kind)
        masked, place = masked[len(kept + kind) :], one.end
    assert masked == text[place:]


@given(st.sampled_from(["215-555-0123", "jane@example.org", "987-65-4320"]), st.sampled_from('()[]<>"“”;!\n'))
def test_signs_around_a_datum_are_not_part_of_it(datum: str, sign: str) -> None:
    (found,) = find_personal(sign + datum + sign)
    assert (found.start, found.end) == (1, 1 + len(datum))


@pytest.mark.parametrize("found", [[(0, 3), (2, 5)], [(0, 99)], [(-1, 2)], [(3, 2)]])
def test_a_mask_of_spans_that_do_not_fit_is_refused(found: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="Give spans of this text"):
        mask("A short text", [Personal(start, end, "name", False) for start, end in found])


def test_a_datum_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Personal(0, 1, "name", False).start = 2  # type: ignore[misc]


NOISE = (
    *(
        "a@",
        "(",
        "x",
        "1",
        "1 ",
        "1-",
        "4111 ",
        "215-555-0123 ",
        "1 a ",
        "1 Market Street ",
        "1 Main St, A, B, ",
    ),
    *("Jane ", "Mr. ", "😀", "e\u0301", "\u202e2", "\ud800", "a.b", "http://", "@a", " at ", "a at b dot c "),
    *(
        "one two ",
        "Calle 5 ",
        "PO Box 1 ",
        "last four ",
        "ssn ",
        "call 5",
        "+4 ",
        "\n- J",
        "my name is ",
        "א1 ",
        "公",
    ),
)


def seconds(text: str) -> float:
    """Return the CPU time it takes at best."""
    times = []
    for _ in range(3):
        start = time.process_time()
        find_personal(text)
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize("noise", NOISE)
def test_twice_the_text_takes_no_more_than_twice_the_time(noise: str) -> None:
    size = 4_000
    text = noise * (size // len(noise))
    assert seconds(text * 2) < 2.5 * seconds(text) + 0.02


@pytest.mark.parametrize("noise", ["a@" * 8000, "(" * 5000, "x" * 200_000, "1" * 200_000, "\u0301" * 100_000])
def test_noise_is_read_in_good_time(noise: str) -> None:
    assert seconds(noise) < 2


def test_the_lines_of_the_benchmark_keep_what_is_promised() -> None:
    counted = personal_data.count(personal_data.LINES)
    assert counted["lines"] == 400
    assert counted["recall"] >= personal_data.RECALL
    assert counted["precision"] >= personal_data.PRECISION
    assert counted["names_recall"] >= 0.9
