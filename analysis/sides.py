"""The themes of one run or wave as one side of a comparison, from a result or from a file of one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.languages import resolve
from analysis.lines import name_of
from analysis.text import base_language, words
from analysis.types import Comment, Result

Bag = Mapping[str, float]
"""Weight per stem, above 0."""

IN_LABEL = 1.0
"""Weight of a word in the label; the first keyword has 1."""
_LAST, _QUOTE = 0.5, 0.5
"""Weights of the last keyword and of a word in every quote."""


@dataclass(frozen=True, slots=True)
class ThemeView:
    """A theme, as far as comparing needs it."""

    id: int
    """Number of the theme on its side."""
    label: str
    """Its name: phrases, separated by "; "."""
    keywords: tuple[str, ...] = ()
    """Its words, best first."""
    size: int = 0
    """Comments placed in it."""
    members: Collection[str] = frozenset()
    """Ids of its comments; a mapping from ids to weights will do."""
    words: Bag = field(default_factory=dict)
    """Weight per stem, above 0; empty to take those of the label and the keywords, as in English."""
    vector: tuple[float, ...] | None = None
    """Its middle in a space that both sides share; None when there is none."""

    @property
    def phrases(self) -> frozenset[str]:
        """The phrases of the label, whatever their order, capitals and blanks."""
        return frozenset(" ".join(phrase.casefold().split()) for phrase in self.label.split(";"))


@dataclass(frozen=True, slots=True)
class Side:
    """The themes of one run or wave."""

    themes: tuple[ThemeView, ...]
    """In any order; their ids differ."""
    comments: frozenset[str] = frozenset()
    """Ids of all its comments, those in no theme too. The members of the themes need not be repeated."""

    def __post_init__(self) -> None:
        """Refuse two themes with one id."""
        if len({theme.id for theme in self.themes}) < len(self.themes):
            raise ValueError("Two themes have the same id: give each theme of a run its own.")


def from_result(comments: Sequence[Comment], result: Result) -> Side:
    """View a result as one side of a comparison.

    Parameters
    ----------
    comments : sequence of Comment
        What the result was made from.
    result : Result
        With its placements in the order of the comments.

    Returns
    -------
    Side
        Words are those of the label, the keywords and the quotes.

    Raises
    ------
    ValueError
        When the result has another number of placements than there are comments.

    Examples
    --------
    >>> from analysis import Options, discover
    >>> notes = ["Open the library on Sunday", "The library should open on Sunday evening"] * 10
    >>> notes += ["Fix the holes in the road", "The road is full of holes"] * 10
    >>> comments = [Comment(str(number), text) for number, text in enumerate(notes)]
    >>> side = from_result(comments, discover(comments, Options(themes=2)))
    >>> [(theme.size, len(theme.members)) for theme in side.themes]
    [(20, 20), (20, 20)]
    """
    if len(comments) != len(result.placements):
        raise ValueError(
            f"Give the comments of this result: it places {len(result.placements)}, not {len(comments)}."
        )
    members: defaultdict[int, set[str]] = defaultdict(set)
    for comment, placed in zip(comments, result.placements, strict=True):
        for theme, _ in placed:
            members[theme].add(comment.id)
    quoted = {quote for theme in result.themes for quote in theme.quotes}
    texts = {comment.id: comment.text for comment in comments if comment.id in quoted}
    language = _usual_language(comments)
    themes = (
        ThemeView(
            found.id,
            found.label,
            found.keywords,
            found.size,
            frozenset(members[found.id]),
            weighed(found.label, found.keywords, language, _texts_of(found.quotes, texts)),
        )
        for found in result.themes
    )
    return Side(tuple(themes), frozenset(comment.id for comment in comments))


def _usual_language(comments: Sequence[Comment]) -> str:
    languages = Counter(resolve([c.text for c in comments], [c.language for c in comments]))
    return min(languages, key=lambda language: (-languages[language], language), default="en")


def from_document(
    document: Mapping[str, Any], texts: Mapping[str, str] | None = None, language: str = "en"
) -> Side:
    """View a document that `python -m analysis discover` wrote as one side of a comparison.

    Parameters
    ----------
    document : mapping
        The loaded JSON: `themes`, each with `id`, `label`, `keywords` and `size`, and `placements`, each with
        `id` and `themes`. All else is optional.
    texts : mapping, optional
        Text by comment id, to read the words of the quotes too.
    language : str
        Language tag of the labels and keywords, for their stems.

    Returns
    -------
    Side
        Ids of comments as text, see `analysis.lines.name_of`: 17, 17.0 and "17" are one.

    Raises
    ------
    ValueError
        When it is not such a document.

    Examples
    --------
    >>> theme = {"id": 1, "label": "buses", "keywords": ["bus", "late"], "size": 1}
    >>> side = from_document({"themes": [theme], "placements": [{"id": 7, "themes": [[1, 0.8]]}]})
    >>> side.themes[0].members, sorted(side.themes[0].words)
    (frozenset({'7'}), ['bus', 'late'])
    >>> from_document({"themes": []})
    Traceback (most recent call last):
        ...
    ValueError: This is not a result of a discovery: it has no list "placements".
    """
    if not isinstance(document, Mapping):
        raise _not_a_result("it is not a JSON object")
    themes, placements = _list(document, "themes"), _list(document, "placements")
    members: dict[int, set[str]] = {_whole(theme, "id"): set() for theme in themes}
    everything = set()
    for place in placements:
        name = _name(place)
        everything.add(name)
        for theme in _placed(place):
            if theme not in members:
                raise _not_a_result(f"a comment is placed in theme {theme!r}, which is not among its themes")
            members[theme].add(name)
    code = base_language(language)
    views = (_view(theme, members[theme["id"]], code, texts or {}) for theme in themes)
    return Side(tuple(views), frozenset(everything))


def _not_a_result(why: str) -> ValueError:
    return ValueError(f"This is not a result of a discovery: {why}.")


def _list(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = document.get(name)
    if not isinstance(found, list):
        raise _not_a_result(f'it has no list "{name}"')
    if not all(isinstance(entry, Mapping) for entry in found):
        raise _not_a_result(f'its list "{name}" holds something that is not an object')
    return found


def _whole(theme: Mapping[str, Any], name: str) -> int:
    value = theme.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _not_a_result(f'a theme has no whole number "{name}"')
    return value


def _name(placement: Mapping[str, Any]) -> str:
    name = name_of(placement.get("id"))
    if name is None:
        raise _not_a_result('a placement has no "id"')
    return name


def _placed(placement: Mapping[str, Any]) -> list[Any]:
    """Return the themes a comment is placed in."""
    pairs = placement.get("themes")
    if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        raise _not_a_result('the "themes" of a placement are not pairs of a theme and a weight')
    if not all(isinstance(theme, int) for theme, _ in pairs):
        raise _not_a_result("a placement names a theme by something else than its number")
    return [theme for theme, _ in pairs]


def _view(theme: Mapping[str, Any], members: set[str], language: str, texts: Mapping[str, str]) -> ThemeView:
    label, keywords, quotes = theme.get("label"), theme.get("keywords"), theme.get("quotes", [])
    if not isinstance(label, str):
        raise _not_a_result('a theme has no "label"')
    if not isinstance(keywords, list) or not all(isinstance(word, str) for word in keywords):
        raise _not_a_result('the "keywords" of a theme are not a list of words')
    if not isinstance(quotes, list):
        raise _not_a_result('the "quotes" of a theme are not a list')
    bag = weighed(label, keywords, language, _texts_of(map(name_of, quotes), texts))
    return ThemeView(theme["id"], label, tuple(keywords), _whole(theme, "size"), frozenset(members), bag)


def _texts_of(quotes: Iterable[str | None], texts: Mapping[str, str]) -> list[str]:
    return [texts[quote] for quote in quotes if quote is not None and quote in texts]


def weighed(label: str, keywords: Sequence[str], language: str, quotes: Sequence[str] = ()) -> Bag:
    """Weigh the stems of a theme.

    Parameters
    ----------
    label : str
        Its name.
    keywords : sequence of str
        Best first: the first weighs 1, the last half.
    language : str
        Two-letter code of all three.
    quotes : sequence of str
        Texts of typical comments.

    Returns
    -------
    mapping
        Weight per stem, above 0.

    Examples
    --------
    >>> weighed("late buses", ["bus", "delay"], "en", ["The bus is late"])
    {'bus': 2.5, 'delay': 0.5, 'late': 1.5}
    """
    bag: defaultdict[str, float] = defaultdict(float)
    step = (1 - _LAST) / max(1, len(keywords) - 1)
    for place, keyword in enumerate(keywords):
        for stem in _stems(keyword, language):
            bag[stem] = max(bag[stem], 1 - step * place)
    for stem in _stems(label, language):
        bag[stem] += IN_LABEL
    for quote in quotes:
        for stem in _stems(quote, language):
            bag[stem] += _QUOTE / len(quotes)
    return dict(bag)


def _stems(text: str, language: str) -> set[str]:
    return {word.stem for word in words(text, language)}
