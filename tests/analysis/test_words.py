"""Tokens, stems and stop lists."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.spelling import plain
from analysis.stopwords import LANGUAGES, is_stop_word, stop_words
from analysis.text import base_language, fold, runs, spans, stem, stems_of, words


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The buses and the bus don't run", "en", ["bus", "bus", "run"]),
        (
            "Wi-Fi, wifi, e-mail and self-driving cars",
            "en",
            ["wifi", "wifi", "email", "self", "drive", "car"],
        ),
        ("People’s libraries", "en", ["peopl", "librari"]),
        ("Write to me@city.gov or see https://city.gov/a?b now: www.city.gov", "en", ["write"]),
        ("snake_case (www.city.gov)", "en", ["snake", "case"]),
        ("Call 311 in 24 h", "en", ["call", "311"]),
        ("Necesitamos más autobuses y autobús nocturno", "es", ["necesit", "autobus", "autobus", "nocturn"]),
        ("Il n'y a pas d'école à l’hôpital aujourd’hui", "fr", ["ecol", "hopital"]),
        ("Não há ônibus para as bibliotecas", "pt", ["onibus", "bibliotec"]),
        ("Не хватает автобусов", "ru", ["хвата", "автобус"]),
        ("وهذه الحافلات بطيئة جداً", "ar", ["حافل", "بطي"]),
        ("公交车很慢", "zh", ["公交", "交车", "慢"]),
        ("學校附近的樹和長椅", "zh", ["學校", "校附", "附近", "樹", "長椅"]),
        (
            "请看https://phila.gov/x公园,SEPTA地铁311热线",
            "zh",
            ["看", "公园", "septa", "地铁", "311", "热线"],
        ),
        ("Chúng tôi cần đường và đèn đường", "vi", ["đường", "đèn", "đường"]),
        ("ផ្លូវនៅក្នុងសង្កាត់របស់យើង", "km", ["ផ្លូវ", "សង្កា", "ង្កាត់"]),
        ("M'ap tann bis la, nou pa gen lekòl", "ht", ["tann", "bis", "lekol"]),
        ("버스가 너무 늦고 길이 어두워요", "ko", ["버스", "늦고", "길이", "어두워요"]),
        ("क्या हाल", "hi", ["क्या", "हाल"]),
        ("", "en", []),
        ("a I — 😀 x" + "y" * 60, "en", []),
        ("\ud800 bus \udfff", "en", ["bus"]),
        ("\u202bحافلة\u202c SEPTA \u200f23", "ar", ["حافل", "septa"]),
    ],
)
def test_words(text: str, language: str, expected: list[str]) -> None:
    assert [word.stem for word in words(text, language)] == expected
    assert [found for run in runs(text) for found in stems_of(run, language)] == expected


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("ru", "автобус автобусы автобусов автобусами автобусе"),
        ("ru", "остановка остановки остановок остановку"),
        ("ru", "дорожка дорожки дорожек"),
        ("ru", "скамейка скамеек скамейки"),
        ("ru", "жильё жилье жилья"),
        ("ru", "зелёный зеленые зелёных"),
        ("ar", "حافلة حافلات الحافلات والحافلات بالحافلة للحافلات وَالحافِلَة الحـــافلة"),
        ("ar", "مدرسة المدرسة مدرستنا ومدرسة"),
        ("ar", "شوارع الشوارع شوارعنا"),
        ("ar", "أطفال الاطفال للأطفال أطفالنا"),
        ("ar", "خدمة خدمات خدماتنا الخدمات"),
        ("ar", "وظائف الوظائف والوظائف"),
        ("ar", "آمن آمنة أمن"),
        ("ko", "버스 버스가 버스는 버스를 버스에서"),
        ("ko", "공원 공원이 공원은 공원을 공원에서는 공원으로"),
        ("ko", "주민 주민들 주민들이 주민들에게"),
        ("ko", "도로 도로가 도로를"),
        ("ko", "어린이 어린이들 어린이가"),
        ("ko", "안전 안전하고 안전한 안전합니다"),
        ("vi", "hòa hoà HÒA"),
        ("ht", "lekòl lekol Lekòl"),
        ("es", "autobús autobuses AUTOBUS"),
    ],
)
def test_forms_of_a_word_are_counted_together(language: str, forms: str) -> None:
    found = {word.stem for word in words(forms, language)}
    assert len(found) == 1
    assert len(words(forms, language)) == len(forms.split())


@pytest.mark.parametrize(
    ("language", "different"),
    [
        ("vi", "đường dương dưỡng"),
        ("vi", "chợ chờ"),
        ("ru", "парк парковка"),
        ("ar", "شارع مدرسة حافلة سوق بيت وقت"),
        ("ko", "공원 공사 도로 도서관 회의"),
        ("km", "ផ្លូវ ភ្លើង"),
    ],
)
def test_different_words_stay_apart(language: str, different: str) -> None:
    assert len({word.stem for word in words(different, language)}) == len(different.split())


@given(st.text(max_size=80), st.sampled_from(["en", "es", "fr", "xx", *LANGUAGES]))
def test_words_lie_in_the_text_in_order(text: str, language: str) -> None:
    ends = 0
    for word in words(text, language):
        assert word.stem
        assert 0 <= word.start < word.end <= len(text)
        assert word.end >= ends
        ends = word.end


ORDINARY = {
    "en": "We don't need self-driving wi-fi cars, e-mail me@city.gov - people’s LIBRARIES & parks_and_rec!",
    "es": "¿Más autobuses? Sí: ¡los fines de semana! www.ciudad.gov ÁRBOLES niños",
    "fr": "L'école n’a pas d'arbres; rendez-vous à l’hôpital aujourd'hui ÇA œuvre",
    "pt": "Não há ônibus. Dá-lhe calçadas à noite! Corações",
    "ru": "Больше автобусов по выходным, кое-где Ёлки остановок",
    "ar": "نريد حافلاتٍ أكثر، والشوارع مظلمة! SEPTA لا إضاءة الحـافلة",
    "zh": "周末多开几班公交车，SEPTA地铁的厕所太脏了。311热线 我们 图书馆 🚌",
    "vi": "Thêm xe buýt và đèn đường; hoà bình Thuỷ, TRẺ EM 24/7",
    "km": "សូមបន្ថែមរថយន្តក្រុងនៅចុងសប្តាហ៍ ផ្លូវ៥ SEPTA",
    "ht": "M'ap tann bis la; timoun yo bezwen plas pou jwe, lekòl-la",
    "ko": "주말에 버스를 더 늘려 주세요! 도로의 구멍, SEPTA가 늦어요",
}


@given(st.data())
def test_words_and_runs_agree(data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(LANGUAGES))
    pieces = ORDINARY[language].split() + list(" .,-'’@_/:") + ["www.", "://", "bus"]
    text = data.draw(st.lists(st.sampled_from(pieces)).map(" ".join) | st.text(max_size=40))
    # Elsewhere the two see word borders differently at most.
    assume(len(unicodedata.normalize("NFKC", text).lower()) == len(text))
    expected = [found for run in runs(text) for found in stems_of(run, language)]
    assert [word.stem for word in words(text, language)] == expected


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=60))
def test_plain_text_is_read_as_any_other(text: str) -> None:
    assert runs(text + " é")[:-1] == runs(text)


def test_decomposed_letters_are_read_as_composed_ones() -> None:
    for language, text in ORDINARY.items():
        apart = unicodedata.normalize("NFD", text)
        assert runs(apart) == runs(text)
        assert [word.stem for word in words(apart, language)] == [word.stem for word in words(text, language)]
        for word in words(apart, language):
            assert unicodedata.normalize("NFC", apart[word.start : word.end]) in text


@pytest.mark.parametrize(
    "noise",
    ["a@" * 8000, "(" * 5000, "x" * 200_000, "a-" * 50_000, "'’" * 50_000, "公" * 20_000, "的" * 20_000]
    + [
        "ក្" * 50_000,
        "가" * 100_000,
        "와" * 40,
        "و" * 100_000,
        "ó" * 200_000,
        "\u0301" * 100_000,
        "😀" * 50_000,
    ]
    + ["_" * 100_000, "www." * 30_000, "://" * 30_000, "İ" * 100_000, "a公" * 10_000, "\ud800" * 10_000],
)
def test_noise_is_read_in_linear_time(noise: str) -> None:
    start = time.process_time()
    for language in ("en", "zh", "km", "ko", "ar"):
        spans(noise, language)
        words(noise, language)
        for run in runs(noise):
            stems_of(run, language)
    assert time.process_time() - start < 4


def test_plain_comments_are_cut_quickly() -> None:
    text = (
        "We really need more buses on the weekend because people can't get to work or to the store now " * 50
    )
    start = time.process_time()
    for _ in range(100):
        runs(text)
    # 20 words take about 2 microseconds; ten times as much would be felt with a million comments.
    assert time.process_time() - start < 0.1


@pytest.mark.parametrize("language", LANGUAGES)
def test_stop_lists_are_plain_and_of_a_fair_size(language: str) -> None:
    listed = stop_words(language)
    assert 100 <= len(listed) <= 500
    assert all(word == plain(word.lower(), language) for word in listed)
    assert all(stem(word, language) == "" for word in listed)
    assert [found for word in sorted(listed) for found in stems_of(word, language)] == []


def test_stop_words_with_something_stuck_to_them() -> None:
    for word in ("وهذا", "فهو", "بهذه", "لكل", "وَهِيَ"):
        assert is_stop_word(word, "ar")
    for word in ("وقت", "بيت", "لغة", "كتاب", "فندق"):
        assert not is_stop_word(word, "ar")
    assert stem("우리들은", "ko") == stem("있는", "ko") == ""


@pytest.mark.parametrize(
    ("tag", "language"), [("pt-BR", "pt"), (" EN_us ", "en"), ("hat", "ht"), ("zho-Hans", "zh"), ("nb", "no")]
)
def test_base_language(tag: str, language: str) -> None:
    assert base_language(tag) == language


def test_a_korean_word_ends_before_its_particles() -> None:
    text = "버스가 늦고 공원에서는 조용합니다"
    assert [text[word.start : word.end] for word in words(text, "ko")] == ["버스", "늦고", "공원", "조용"]


def test_fold() -> None:
    assert fold("Opinión Ñandú ç") == "Opinion Nandu c"
