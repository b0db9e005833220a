"""Translating a document: keys that stay, progress, languages that come and go, whatever the survey is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey import translating
from survey.document import MOST_LANGUAGES, parse
from survey.errors import Refusal

DEMO = Path(__file__).parent.parent / "survey" / "demo" / "public_survey.json"


def demo() -> dict[str, Any]:
    raw = json.loads(DEMO.read_text("utf-8"))
    return parse({key: value for key, value in raw.items() if key != "mode"}).to_dict()


def small(*questions: dict[str, Any], **more: Any) -> dict[str, Any]:
    page = {"id": "p1", "title": None, "questions": list(questions)}
    return parse({"title": {"en": "T"}, "languages": ["en", "ar"], "pages": [page], **more}).to_dict()


def words_in(value: Any, tag: str) -> list[str]:
    """Every text in a language, wherever it stands in the JSON."""
    if isinstance(value, dict):
        own = [value[tag]] if isinstance(value.get(tag), str) else []
        return own + [text for part in value.values() for text in words_in(part, tag)]
    return [text for part in value for text in words_in(part, tag)] if isinstance(value, list) else []


def test_every_text_of_every_type_is_found() -> None:
    raw = demo()
    found = sorted(text.words["en"] for text in translating.texts(raw))
    assert found == sorted(text for text in words_in(raw, "en") if any(map(str.isalpha, text)))
    assert len({text.key for text in translating.texts(raw)}) == len(found) > 60


def test_keys_stay_when_questions_move() -> None:
    raw = demo()
    before = {text.key: text.words for text in translating.texts(raw)}
    raw["pages"].reverse()
    for page in raw["pages"]:
        page["questions"].reverse()
    assert {text.key: text.words for text in translating.texts(raw)} == before


def test_numbers_to_choose_from_need_no_translation() -> None:
    zips = [{"id": f"z{n}", "label": {"en": f"1910{n}"}} for n in range(9)]
    raw = small({"id": "q", "type": "one_choice", "label": {"en": "ZIP code"}, "choices": zips})
    assert [text.key for text in translating.texts(raw)] == ["survey.title", "question.q.label"]


@given(st.data())
def test_what_is_translated_is_there_and_nothing_else_changes(data: st.DataObject) -> None:
    raw = {**demo(), "languages": ["en", "ar"]}
    keys = [text.key for text in translating.texts(raw)]
    wanted = data.draw(
        st.dictionaries(st.sampled_from(keys), st.text(st.characters(codec="utf-8"), max_size=40))
    )
    changed = translating.translate(raw, "ar", {**wanted, "question.gone.label": "x"})
    stored = {text.key: text.words.get("ar", "") for text in translating.texts(changed)}
    assert {key: text for key, text in stored.items() if text} == {
        key: translating.plain(text) for key, text in wanted.items() if translating.plain(text)
    }
    count = sum(bool(text) for text in stored.values())
    assert translating.progress(changed, "ar") == translating.Progress(count, len(keys))
    assert translating.forget({**changed, "languages": ["en"]}, "ar") == {**raw, "languages": ["en"]}
    assert words_in(raw, "ar") == []


def test_removing_and_adding_again_brings_everything_back() -> None:
    raw = demo()
    gone = translating.remove(raw, "es")
    assert gone["languages"] == ["en"]
    assert translating.kept(gone) == {"es": len(words_in(raw, "es"))}
    back, tag = translating.add(gone, "ES")
    assert (back, tag) == (raw, "es")
    assert parse(gone).to_dict() == gone


def test_the_first_language_can_change_when_the_other_is_whole() -> None:
    raw = demo()
    turned = translating.make_first(raw, "es")
    assert parse(turned).languages == ("es", "en")
    assert translating.remove(turned, "en")["languages"] == ["es"]
    del raw["title"]["es"]
    with pytest.raises(Refusal, match="1 text is not translated"):
        translating.make_first(raw, "es")
    with pytest.raises(Refusal, match="1 text is not translated"):
        translating.remove(raw, "en")


def test_what_cannot_be_is_refused_in_words() -> None:
    raw = small()
    for change, said in (
        (lambda: translating.remove(raw, "fr"), "not in this language"),
        (lambda: translating.translate(raw, "en", {}), "Add the language"),
        (lambda: translating.forget(raw, "ar"), "Remove the language first"),
        (lambda: translating.add(raw, "nonsense!"), "is not a code"),
        (lambda: translating.remove(small(languages=["en"]), "en"), "at least one language"),
    ):
        with pytest.raises(Refusal, match=said):
            change()
    many = [f"a{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(MOST_LANGUAGES - 1)]
    with pytest.raises(Refusal, match="at most 30 languages"):
        translating.add({**raw, "languages": ["en", *many]}, "fr")
