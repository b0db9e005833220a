"""The JSON of a SurveyJS survey, as far as it is safe to go through, and the languages in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from survey.formats.survey_files import SurveyFileError
from survey.questions.settings import LANGUAGE

Json = Any
Node = dict[str, Any]
MOST_DEPTH = 60
MOST_NODES = 400_000
# What holds the survey where a file has more around it.
WRAPPED = ("json", "Json", "survey", "surveyJson", "schema", "definition")
PARTS = ("pages", "elements", "questions")
DEFAULT = "default"
UNKNOWN = "und"  # what the standard of languages has for one that is not known


def load(data: bytes) -> Node:
    """The survey's object; raise `SurveyFileError` when the file has none."""
    found = _unwrapped(_parsed(data))
    if not isinstance(found, dict) or not any(isinstance(found.get(part), list) for part in PARTS):
        raise SurveyFileError(
            _("The file is JSON, but no SurveyJS survey: it has no pages. "
              "Copy the text of the tab “JSON Editor” into a file.")
        )  # fmt: skip
    return found


def _parsed(data: bytes) -> Json:
    # Each of these signs is an object of Python's later, and small files could make very many.
    if any(data.count(sign) > MOST_NODES for sign in (b"[", b"{", b",")):
        raise _too_much()
    try:
        found = json.loads(data, parse_constant=lambda _name: None)
    except RecursionError as error:
        raise _too_deep() from error
    except UnicodeDecodeError as error:
        raise SurveyFileError(
            _("The file cannot be read as text. Save it in UTF-8 and try again.")
        ) from error
    except json.JSONDecodeError as error:
        raise SurveyFileError(
            _("The file is not whole JSON: it cannot be read from line %(line)s, column %(column)s, on.",
              line=error.lineno, column=error.colno), "", error.lineno
        ) from error  # fmt: skip
    except ValueError as error:
        raise SurveyFileError(_("The file has a number with too many digits.")) from error
    _check(found)
    return found


def _too_much() -> SurveyFileError:
    return SurveyFileError(_("The file has more in it than a survey can have."))


def _too_deep() -> SurveyFileError:
    return SurveyFileError(_("The file is nested too deep to be a survey."))


def _check(found: Json) -> None:
    """Not too deep and not too much; without recursion, so that nothing can be too deep for this."""
    level, count = [found], 0
    for _depth in range(MOST_DEPTH):
        count += len(level)
        if count > MOST_NODES:
            raise _too_much()
        level = [child for node in level for child in children(node)]
        if not level:
            return
    raise _too_deep()


def children(node: Json) -> list[Json]:
    """What stands directly in an object or a list."""
    if isinstance(node, dict):
        return list(node.values())
    return node if isinstance(node, list) else []


def _unwrapped(found: Json) -> Json:
    if not isinstance(found, dict) or any(isinstance(found.get(part), list) for part in PARTS):
        return found
    for key in WRAPPED:
        inner = found.get(key)
        if isinstance(inner, str) and inner.lstrip().startswith("{"):
            inner = _parsed(inner.encode("utf-8", "replace"))
        if isinstance(inner, dict):
            return inner
    return found


def languages(survey: Node) -> tuple[str, ...]:
    """The languages of the survey; the first is that of texts without a language.

    That is the survey's own, or English; but not one that stands beside "default" in the same text.
    """
    texts = list(_texts(survey))
    own = survey.get("locale")
    wanted = [tag_of(own) if isinstance(own, str) else "", "en", UNKNOWN]
    beside = {tag_of(tag) for text in texts if DEFAULT in text for tag in text}
    first = next(tag for tag in wanted if tag and tag not in beside)
    others = (tag_of(tag) for text in texts for tag in text if tag != DEFAULT)
    return tuple(dict.fromkeys([first, *others]))


def tag_of(locale: str) -> str:
    """A language as we name it: "pt-br" stays, "EN_us" becomes "en-us"; "" when it is none."""
    tag = locale.replace("_", "-").lower()
    return tag if LANGUAGE.fullmatch(tag) else ""


def _texts(survey: Node) -> Iterator[Node]:
    """Every text in languages: an object whose keys are languages, and whose values are texts."""
    level: list[Json] = [survey]
    while level:
        node = level.pop()
        if isinstance(node, dict) and is_text(node):
            yield node
        else:
            level += children(node)


def is_text(node: Json) -> bool:
    """Whether something is one text in several languages."""
    if not isinstance(node, dict) or not node or not all(isinstance(text, str) for text in node.values()):
        return False
    # "id" alone is Indonesian hardly as often as it is an id.
    return node.keys() != {"id"} and all(key == DEFAULT or (tag_of(key) and _is_locale(key)) for key in node)


def _is_locale(key: str) -> bool:
    """Languages have two or three letters; "url" or "min" in other objects have them, too."""
    return "-" in key or len(key) == 2 or key in ("fil", "ceb", "haw", "hmn")
