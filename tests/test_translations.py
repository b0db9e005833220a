"""The catalogues: complete, in step with the code, compiled, with the placeholders of the English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import read_mo

from tools.translations import catalogues, extracted, read

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def strings(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, tuple | list) else (str(message.string),)


def key(message: Message) -> tuple[str, ...]:
    """The English, singular and plural."""
    return tuple(message.id) if isinstance(message.id, tuple | list) else (message.id,)


def wanted(message: Message) -> set[str]:
    """The placeholders of the English, which every form of the translation needs too."""
    return set(PLACEHOLDER.findall(key(message)[-1]))


def test_there_is_a_spanish_catalogue() -> None:
    assert "es" in [path.parent.parent.name for path in catalogues()]


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: path.parent.parent.name)
def test_nothing_is_missing_and_nothing_is_left_over(path: Path) -> None:
    catalogue, code = read(path), extracted()
    known = {key(message) for message in catalogue if message.id and all(strings(message))}
    assert {key(message) for message in code if message.id} == known, "run: python -m tools.translations"


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: path.parent.parent.name)
def test_placeholders_are_those_of_the_english(path: Path) -> None:
    for message in read(path):
        if message.id:
            for string in strings(message):
                # A singular may say "one" where the English says the number.
                found = set(PLACEHOLDER.findall(string))
                assert found == wanted(message) or found == wanted(message) - {"%(num)s"}, message.id


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: path.parent.parent.name)
def test_the_compiled_catalogue_says_the_same(path: Path) -> None:
    with path.with_suffix(".mo").open("rb") as stream:
        compiled = {key(message): strings(message) for message in read_mo(stream) if message.id}
    assert compiled == {key(message): strings(message) for message in read(path) if message.id}
