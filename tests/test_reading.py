"""How hard a text is to read, against syllables and figures worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.reading import Text, syllables

ENGLISH = {
    "the": 1, "city": 2, "safe": 1, "safety": 2, "table": 2, "people": 2, "vehicles": 3, "walked": 1,
    "wanted": 2, "create": 2, "idea": 3, "area": 3, "doesn't": 2, "they're": 1, "something": 2, "homeless": 2,
    "queue": 1, "information": 4, "technology": 4, "library": 3, "buses": 2, "places": 2, "rhythm": 1,
    "café": 2, "co-op": 2, "improvement": 3, "I": 1, "use": 1, "used": 1, "being": 2, "being's": 2,
    "sidewalk": 2, "WIFI": 2,
}  # fmt: skip
SPANISH = {
    "la": 1, "ciudad": 2, "país": 2, "poeta": 3, "queso": 2, "guerra": 2, "pingüino": 3, "hoy": 1, "mayo": 2,
    "aéreo": 4, "tecnología": 5, "bueno": 2, "leer": 2, "servicios": 3, "estudiáis": 3, "ahora": 3, "muy": 1,
}  # fmt: skip


@pytest.mark.parametrize(("language", "words"), [("en", ENGLISH), ("es", SPANISH)])
def test_syllables(language: str, words: dict[str, int]) -> None:
    assert {word: syllables(word, language) for word in words} == words


def test_the_grade_is_that_of_the_formula() -> None:
    text = Text("The cat sat on the mat. It was happy.", "en-US")
    assert (len(text.words), text.sentences) == (9, 2)
    assert text.grade == pytest.approx(0.39 * 9 / 2 + 11.8 * 10 / 9 - 15.59)
    assert text.ease is None


def test_the_ease_is_that_of_the_formula() -> None:
    text = Text("El gato duerme. La casa es bonita.", "es")
    assert text.ease == pytest.approx(206.84 - 62.3 * 12 / 7 - 3.5)
    assert text.band == "very easy"
    assert text.grade is None


def test_harder_text_is_harder() -> None:
    plain = Text("Do you use the bus? How often?", "en")
    hard = Text("To what extent do you utilize municipal transportation infrastructure?", "en")
    assert plain.grade is not None
    assert hard.grade is not None
    assert plain.grade < 2
    assert hard.grade > 14
    assert hard.long_words[:2] == ["transportation", "infrastructure"] or "municipal" in hard.long_words
    facil, dificil = (
        Text("¿Usa el bus? ¿Cada cuánto?", "es"),
        Text("¿En qué medida utiliza las infraestructuras municipales de transporte metropolitano?", "es"),
    )
    assert (facil.band, dificil.band) == ("very easy", "very hard")


def test_other_languages_are_counted_and_not_judged() -> None:
    for text in (Text("ما رأيك في خدمات المدينة؟", "ar"), Text("您对城市服务有什么看法？", "zh")):
        assert (text.grade, text.ease) == (None, None)
        assert text.length >= 4
    assert Text("", "en").grade is None
    assert Text("12 34 ${age}!", "en").words == []


@given(st.text(max_size=300), st.sampled_from(["en", "es", "zh", "ar"]))
def test_any_text_can_be_looked_at(text: str, language: str) -> None:
    found = Text(text, language)
    assert found.sentences >= 1
    assert all(syllables(word, language) >= 1 for word in found.words)
    assert found.grade is None or found.grade > -20
    assert found.band
    assert found.length >= 0
