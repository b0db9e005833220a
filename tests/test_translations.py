"""The catalogues: complete, in step with the code, compiled, with the placeholders of the English."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.support import Translations

from survey.languages import LANGUAGES, STAFF_LANGUAGES
from tools import translations
from tools.translations import FILES, FOLDER, ROOT, catalogues, language, read

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
EACH = pytest.mark.parametrize("path", catalogues(), ids=language)
# What these say, staff are told: respondents' pages import them for other things.
FOR_STAFF = {
    "survey.config",
    "survey.document",
    "survey.errors",
    "survey.permissions",
    "survey.questions.problems",
    "survey.services.survey_pages",
    "survey.services.surveys",
}


@cache
def extracted(staff: bool) -> Catalog:
    """The sentences of the code, looked up once."""
    return translations.extracted(staff=staff)


def strings(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, tuple | list) else (str(message.string),)


def key(message: Message) -> tuple[str, ...]:
    """The English, singular and plural."""
    return tuple(message.id) if isinstance(message.id, tuple | list) else (message.id,)


def placeholders(message: Message) -> set[str]:
    """The placeholders of the English, which every form of the translation needs too."""
    return set(PLACEHOLDER.findall(key(message)[-1]))


def test_there_is_a_catalogue_for_every_language_but_english() -> None:
    assert sorted([language(path) for path in catalogues()] + ["en"]) == sorted(LANGUAGES)
    assert {"en", *translations.STAFF} == set(STAFF_LANGUAGES)


@EACH
def test_nothing_is_missing_and_nothing_is_left_over(path: Path) -> None:
    known = {key(message) for message in read(path) if message.id and all(strings(message))}
    code = {key(message) for message in extracted(language(path) in translations.STAFF) if message.id}
    assert code - known == set(), "translate them"
    assert known - code == set(), "run: python -m tools.translations"


@EACH
def test_what_respondents_see_is_translated(path: Path) -> None:
    """The same for every language, Spanish too: no sentence of theirs may wait."""
    known = {key(message) for message in read(path) if message.id and all(strings(message))}
    assert {key(message) for message in extracted(False) if message.id} - known == set()


@EACH
def test_placeholders_are_those_of_the_english(path: Path) -> None:
    for message in read(path):
        if message.id:
            for string in filter(None, strings(message)):
                # A form for one or two may say so in words where the English has the number.
                found = set(PLACEHOLDER.findall(string))
                assert found == placeholders(message) or found == placeholders(message) - {"%(num)s"}, (
                    message.id
                )


@EACH
def test_each_sentence_can_be_filled_in(path: Path) -> None:
    """A stray per cent sign in a translation would break the page it stands on."""
    for message in read(path):
        names = re.findall(r"%\((\w+)\)", " ".join(key(message))) if message.id else []
        for string in filter(None, strings(message)) if message.id else ():
            assert string % dict.fromkeys(names, 1)


@EACH
def test_blanks_at_the_ends_are_those_of_the_english(path: Path) -> None:
    tight = {"zh", "ar"}  # these join words without a blank after "and"
    for message in read(path):
        for string in filter(None, strings(message)) if message.id and language(path) not in tight else ():
            english = key(message)[0]
            assert (string[0].isspace(), string[-1].isspace()) == (
                english[0].isspace(),
                english[-1].isspace(),
            )


NAMES = {"XLSForm (Kobo, ODK, Survey123)"}


@EACH
def test_no_sentence_was_left_in_english(path: Path) -> None:
    same = {key(m)[0] for m in read(path) if m.id and strings(m)[0] == key(m)[0]}
    assert {text for text in same if len(PLACEHOLDER.sub("", text)) > 20} <= NAMES


@EACH
def test_the_compiled_catalogue_says_the_same(path: Path) -> None:
    with path.with_suffix(".mo").open("rb") as stream:
        compiled = {key(message): strings(message) for message in read_mo(stream) if message.id}
    assert compiled == {key(m): strings(m) for m in read(path) if m.id and all(strings(m))}


@EACH
def test_plurals_follow_the_language(path: Path) -> None:
    """Each number has the form that CLDR says it takes, where the language tells them apart."""
    spoken = Translations.load(str(FOLDER), [language(path)])
    rule = Locale.parse(language(path)).plural_form
    forms: dict[int, set[str]] = {}
    for number in range(1, 203):
        forms.setdefault(spoken.plural(number), set()).add(rule(number))  # type: ignore[attr-defined]
    assert all(len(kinds - {"other"}) <= 1 for kinds in forms.values()), forms
    expected = {"ar": 5, "ru": 3, "zh": 1, "vi": 1, "ht": 1}.get(language(path), 2)
    assert len(forms) == expected  # of Arabic's six, none but 0 takes the first


@pytest.mark.parametrize(
    ("tag", "number", "said"),
    [
        *(("ar", 1, "دقيقة واحدة"), ("ar", 2, "دقيقتين"), ("ar", 3, "3 دقائق"), ("ar", 11, "11 دقيقة")),
        *(("ar", 100, "100 دقيقة"), ("ar", 103, "103 دقائق"), ("ru", 1, "1 минуты"), ("ru", 2, "2 минут")),
        *(("ru", 21, "21 минуты"), ("ru", 11, "11 минут"), ("fr", 1, "1 minute."), ("fr", 2, "2 minutes.")),
        *(("zh", 5, "5 分钟"), ("vi", 1, "1 phút"), ("ht", 2, "2 minit"), ("pt", 2, "2 minutos")),
    ],
)
def test_so_many_minutes(tag: str, number: int, said: str) -> None:
    spoken = Translations.load(str(FOLDER), [tag])
    words = spoken.ungettext("It takes about %(num)s minute.", "It takes about %(num)s minutes.", number)
    assert said in words % {"num": number}


def imported(path: Path) -> set[str]:
    """The modules of the product that a file imports, and the names that may be modules."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("survey"):
            found |= {str(node.module)} | {f"{node.module}.{name.name}" for name in node.names}
    return found


def test_every_file_that_speaks_on_respondents_pages_is_listed() -> None:
    """What their views import and has sentences is for respondents, or is said to be for staff."""
    views = [*(ROOT / "survey/views/respond").glob("*.py"), *(ROOT / "survey/views/front").glob("*.py")]
    names = {name for path in views for name in imported(path)} - FOR_STAFF
    speaking = {str(location[0]) for message in extracted(True) for location in message.locations}
    files = {f"{name.replace('.', '/')}.py" for name in names} & speaking
    missing = {file for file in files if not any(file == f or file.startswith(f"{f}/") for f in FILES)}
    assert missing == set(), "add it to FILES of tools/translations.py, or to FOR_STAFF here"


def test_files_that_are_listed_are_there() -> None:
    assert [file for file in FILES if not (ROOT / file).exists()] == []
