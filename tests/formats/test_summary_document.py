"""The frozen summary: canonical bytes, and back."""

import json
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.formats.summary import Summary, SummaryError
from tests.formats.samples import SUMMARY, with_texts


def test_there_and_back_is_the_same_summary_and_the_same_bytes() -> None:
    document = SUMMARY.to_json()
    again = Summary.from_json(document)
    assert again == SUMMARY
    assert again.to_json() == document
    assert again.sha256() == SUMMARY.sha256()


def test_documents_from_before_themes_named_the_one_above_can_be_read() -> None:
    document = json.loads(SUMMARY.to_json())
    for theme in document["summary"]["themes"]:
        del theme["parent"]
    assert Summary.from_json(json.dumps(document).encode()) == SUMMARY


def test_bytes_are_canonical() -> None:
    document = SUMMARY.to_json()
    parsed = json.loads(document)
    assert document == json.dumps(parsed, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    assert parsed["format"] == "throughline-summary-2"


def test_any_change_changes_the_hash() -> None:
    changed = [
        replace(SUMMARY, demo=True),
        replace(SUMMARY, seed=1),
        replace(SUMMARY, themes=SUMMARY.themes[::-1]),
    ]
    assert len({summary.sha256() for summary in [SUMMARY, *changed]}) == 4


def test_a_summary_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        SUMMARY.facts.comments = 5  # type: ignore[misc]


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"[]",
        b"{}",
        b'{"format": "other", "summary": {}}',
        b'{"format": "throughline-summary-2", "summary": {}}',
        b"\xff",
    ],
)
def test_other_documents_are_refused(document: bytes) -> None:
    with pytest.raises(SummaryError):
        Summary.from_json(document)


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8")), max_size=4))
def test_any_text_comes_back(texts: list[str]) -> None:
    summary = with_texts(texts)
    assert Summary.from_json(summary.to_json()) == summary
