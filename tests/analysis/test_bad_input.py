"""Whatever people paste: a result in time linear in size, or one sentence that says why not."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import pytest

from analysis import (
    Comment,
    Decisions,
    NothingToGroup,
    Options,
    Result,
    discover,
    place,
    suggest_next,
    update,
)
from analysis.split import split
from tests.analysis.corpus_of_notes import notes, purity

NASTY: dict[str, Callable[[int], str]] = {
    "one word": lambda size: "x" * 200_000 * size,
    "one word in Chinese": lambda size: "公" * 50_000 * size,
    "at signs": lambda size: "a@" * 8_000 * size,
    "brackets": lambda size: "(" * 5_000 * size,
    "a million characters": lambda size: "library roads trash internet website " * 27_000 * size,
    "capitals": lambda size: "LIBRARY ROAD TRASH INTERNET " * 20_000 * size,
    "hyphens": lambda size: "a-" * 50_000 * size,
    "apostrophes": lambda size: "a'b" * 30_000 * size,
    "dots": lambda size: "a." * 50_000 * size,
    "addresses": lambda size: "http://" * 15_000 * size,
    "webs": lambda size: "www." * 20_000 * size,
    "digits": lambda size: "1,2-3 " * 30_000 * size,
    "marks": lambda size: "e" + "\u0301" * 50_000 * size,
    "signs of direction": lambda size: "\u202eשלום\u202c مرحبا bus " * 5_000 * size,
    "emoji": lambda size: "👍🏽" * 30_000 * size,
    "different words": lambda size: " ".join(f"word{n:x}q" for n in range(6_000 * size)),
    "zero bytes": lambda size: "\x00bus\x00road " * 15_000 * size,
    "surrogates": lambda size: "\ud800 bus \udfff " * 10_000 * size,
    "lines": lambda size: "\n\r\t\v library \u2028" * 15_000 * size,
    "apparent tags": lambda size: "<a <a href='" * 15_000 * size,
}


def run(texts: Sequence[str], options: Options | None = None) -> Result:
    """Discover the themes of the notes and other texts."""
    added = [Comment(f"added {number}", text) for number, text in enumerate(texts)]
    result = discover([*notes(), *added], options or Options(resamples=0))
    assert len(result.placements) == len(notes()) + len(texts)
    return result


@pytest.mark.parametrize("name", NASTY)
def test_one_nasty_comment_takes_linear_time_and_leaves_the_others_alone(name: str) -> None:
    def seconds(size: int) -> float:
        start = time.process_time()
        result = run([NASTY[name](size)], Options(themes=5, resamples=0))
        assert purity(notes(), Result(result.themes, result.placements[:90], result.reasons[:90], {})) >= 0.75
        return time.process_time() - start

    once = seconds(1)
    assert once < 5
    assert seconds(3) < 2 * 3 * max(once, 0.1)


@pytest.mark.parametrize("name", NASTY)
def test_nothing_but_nasty_comments(name: str) -> None:
    text = NASTY[name](1)[:3_000]
    comments = [Comment(str(number), text[number * 7 :]) for number in range(40)]
    sentences: list[str] = []
    for vectors in ("table", "none"):
        try:
            result = discover(comments, Options(vectors=vectors, resamples=1))
        except NothingToGroup as error:
            sentences.append(str(error))
        else:
            assert len(result.placements) == 40
            assert all(theme.label for theme in result.themes)
    assert all(20 < len(sentence) < 120 and "\n" not in sentence for sentence in sentences)


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        (["Longer library hours"], "1 comment is too few: 20 are needed"),
        (["Fix the road!"] * 40, "All 40 comments say the same: there is nothing to group."),
        ([""] * 40, "None of the 40 comments has words to group by."),
        ([" \n\t"] * 40, "None of the 40 comments has words to group by."),
        (["the and of it"] * 40, "None of the 40 comments has words to group by."),
        (["😀😀👍🏽 !!"] * 40, "None of the 40 comments has words to group by."),
        (["x" * 200_000] * 40, "None of the 40 comments has words to group by."),
        (["Please fix our road"] * 50_000, "All 50,000 comments say the same: there is nothing to group."),
    ],
)
def test_nothing_to_group_is_said_in_one_sentence(texts: list[str], sentence: str) -> None:
    comments = [Comment(str(number), text) for number, text in enumerate(texts)]
    start = time.process_time()
    for options in (Options(), Options(themes=30), Options(vectors="none")):
        with pytest.raises(NothingToGroup) as caught:
            discover(comments, options)
        assert str(caught.value) == sentence
    assert time.process_time() - start < 15
    if len(texts) == 1:
        with pytest.raises(NothingToGroup):
            suggest_next(comments)
        with pytest.raises(NothingToGroup):
            split(comments, ["0"])


def test_comments_that_share_no_word() -> None:
    texts = [f"{first}{second}zq" for first in "abcdefgh" for second in "ijklm"]
    comments = [Comment(str(number), text, language="en") for number, text in enumerate(texts)]
    with pytest.raises(NothingToGroup) as caught:
        discover(comments, Options(vectors="none"))
    assert str(caught.value) == "The 40 different comments share no words: there is nothing to group them by."


def test_fifty_thousand_copies_among_others() -> None:
    start = time.process_time()
    result = run(["The road near my school is full of potholes"] * 50_000)
    assert time.process_time() - start < 15
    assert len(set(result.placements[90:])) == 1
    home = result.themes[0]
    assert result.placements[90][0].theme == home.id
    assert home.size >= 50_000 > 100 > home.size_once
    assert len({theme.label for theme in result.themes}) == len(result.themes) > 2


def test_a_silent_audience_has_nothing_in_common() -> None:
    said = [Comment(comment.id, comment.text, "loud", language="en") for comment in notes()]
    silent = [Comment(f"silent {number}", "" if number % 2 else "?", "silent") for number in range(40)]
    result = discover([*said, *silent], Options(themes=5))
    for theme in result.themes:
        assert theme.by_audience == {"loud": theme.size, "silent": 0}
        assert (theme.breadth.k, theme.breadth.of) == (1, 2)
    assert set(result.reasons[90:]) == {"too short"}


def test_directions_of_writing_mixed() -> None:
    mixed = [
        "الحافلة bus متأخرة",
        "bus מאחר late",
        "السلام the bus is late עברית",
        "مكتبة library ספרייה",
    ] * 3
    result = run(mixed)
    assert all(theme.label.strip() for theme in result.themes)


def test_ids_that_repeat() -> None:
    same = [Comment("same", comment.text, comment.audience, language="en") for comment in notes()]
    plain = discover(notes(), Options(themes=5))
    repeated = discover(same, Options(themes=5))
    assert repeated.placements == plain.placements
    assert {quote for theme in repeated.themes for quote in theme.quotes} == {"same"}
    decided = discover(same, Options(themes=5, decisions=Decisions.of({"same": ["Everything"]})))
    assert {len(placed) for placed in decided.placements} == {1}
    assert [theme.label for theme in decided.themes] == ["Everything"]
    assert len(update(repeated, same, same).placements) == 90
    assert set(suggest_next(same, count=3)) == {"same"}


@pytest.mark.parametrize("vectors", ["table", "none"])
@pytest.mark.parametrize("texts", [["Fix the road", "Fix the bus"], ["Fix the road", "Trees in the park"]])
def test_two_texts_and_thirty_themes(texts: list[str], vectors: str) -> None:
    comments = [Comment(str(number), text, language="en") for number, text in enumerate(texts * 20)]
    if vectors == "none" and "park" in texts[1]:
        with pytest.raises(NothingToGroup, match="share no words"):
            discover(comments, Options(themes=30, vectors=vectors))
        return
    result = discover(comments, Options(themes=30, vectors=vectors))
    assert 1 <= len(result.themes) <= 2
    assert len(result.placements) == 40
    assert len({*zip(result.placements, [n % 2 for n in range(40)], strict=True)}) == 2


def test_place_takes_the_same_input() -> None:
    decided = Decisions.of(
        {"library-0-0": ["Library"]}, themes=["Roads", "a@" * 500, "(" * 200, "\ud800", "x" * 5_000]
    )
    nasty = [Comment(f"nasty {name}", make(1)[:5_000]) for name, make in NASTY.items()]
    result = place([*notes(), *nasty], Options(decisions=decided))
    assert len(result.placements) == len(notes()) + len(nasty)
    assert {theme.label for theme in result.themes} == set(decided.names)


def test_many_groups_that_nothing_ties_together_are_told_apart() -> None:
    """Each subject has words of its own: the graph of neighbours falls into parts, each of them a theme."""
    comments = [
        Comment(f"{subject}-{number}", f"{subject}aa {subject}bb {number + 100} {subject}cc", language="pl")
        for subject in ("ko", "mu", "ri", "ze", "tap", "vol", "xen", "dir")
        for number in range(60)
    ]
    result = discover(comments, Options(themes=8, vectors="none", resamples=2))
    assert len(result.themes) == 8
    assert purity(comments, result) == 1
    assert all(theme.stability == 1 for theme in result.themes)
