"""Discovery as a whole: what it finds, that it repeats, and that no comment is lost."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import Cancelled, Comment, NothingToGroup, Options, Result, TooFew, discover
from tests.analysis.corpus_of_notes import IDEAS, idea_of, notes


def ideas_by_theme(result: Result) -> dict[int, Counter[str]]:
    """Count the ideas of the comments in each theme."""
    found: dict[int, Counter[str]] = {theme.id: Counter() for theme in result.themes}
    for comment, placed in zip(notes(), result.placements, strict=True):
        if placed:
            found[placed[0].theme][idea_of(comment.id)] += 1
    return found


def test_finds_the_five_ideas(found: Result) -> None:
    assert sorted(map(dict, ideas_by_theme(found).values()), key=str) == sorted(
        ({idea: 18} for idea in IDEAS), key=str
    )


def test_chooses_five_themes_by_itself() -> None:
    assert len(discover(notes()).themes) == 5


def test_labels_and_keywords_are_golden(found: Result) -> None:
    assert {theme.label for theme in found.themes} == {
        "cheap internet; public wi-fi; low income families",
        "branch library; longer opening hours; evening",
        "permit forms; city website; find",
        "trash; pickup; recycling",
        "potholes; repair; road surface",
    }
    internet = next(theme for theme in found.themes if "internet" in theme.label)
    assert internet.keywords[:4] == ("internet", "families", "wi-fi", "cheap")


def test_themes_are_numbered_by_size() -> None:
    uneven = [comment for comment in notes() if idea_of(comment.id) != "trash" or comment.id.endswith("0-0")]
    result = discover(uneven, Options(themes=4))
    sizes = [theme.size for theme in result.themes]
    assert sizes == sorted(sizes, reverse=True)
    assert [theme.id for theme in result.themes] == list(range(1, len(sizes) + 1))


def test_sizes_and_audiences_agree_with_the_placements(found: Result) -> None:
    for theme in found.themes:
        members = [
            comment
            for comment, placed in zip(notes(), found.placements, strict=True)
            if theme.id in {placement.theme for placement in placed}
        ]
        assert theme.size == len(members)
        assert theme.by_audience == Counter(comment.audience for comment in members)
        assert (theme.breadth.k, theme.breadth.of) == (4, 4)


def test_quotes_are_of_the_theme_and_spread_over_audiences(found: Result) -> None:
    comments = {comment.id: comment for comment in notes()}
    for theme in found.themes:
        assert 2 <= len(theme.quotes) <= 5
        assert len({idea_of(quote) for quote in theme.quotes}) == 1
        assert len({comments[quote].audience for quote in theme.quotes}) >= 2


def test_well_separated_themes_are_stable(found: Result) -> None:
    assert all(theme.stability is not None and theme.stability >= 0.9 for theme in found.themes)
    assert all(theme.stability is None for theme in discover(notes(), Options(themes=5, resamples=0)).themes)


def test_the_same_seed_gives_an_equal_result(found: Result) -> None:
    assert discover(notes(), Options(themes=5)) == found


def test_the_order_of_comments_does_not_matter(found: Result) -> None:
    order = list(range(len(notes())))
    random.Random(7).shuffle(order)
    shuffled = discover([notes()[position] for position in order], Options(themes=5))
    assert shuffled.themes == found.themes
    assert shuffled.placements == tuple(found.placements[position] for position in order)


def test_copies_of_a_comment_share_its_theme_and_do_not_move_the_others(found: Result) -> None:
    campaign = [Comment(f"campaign-{number}", notes()[0].text, language="en") for number in range(200)]
    result = discover([*notes(), *campaign], Options(themes=5))
    assert set(result.placements[90:]) == {result.placements[0]}
    assert [placed[0].weight for placed in result.placements[:90]] == [
        placed[0].weight for placed in found.placements
    ]


def test_a_sample_stands_for_the_rest() -> None:
    subjects = ["bus late again", "library opens sunday", "pothole on road", "trash pickup missed"]
    ends = [f"near {word} {number}" for word in ("oak", "elm", "ash") for number in range(100, 240)]
    texts = [f"{subject} {end}" for end in ends for subject in subjects]
    result = discover(
        [Comment(str(number), text, language="en") for number, text in enumerate(texts)],
        Options(themes=4, sample=1000, resamples=0),
    )
    by_subject = [Counter(placed[0].theme for placed in result.placements[n::4] if placed) for n in range(4)]
    assert all(themes.most_common(1)[0][1] >= 0.95 * len(ends) for themes in by_subject)
    assert len({themes.most_common(1)[0][0] for themes in by_subject}) == 4


def test_english_and_spanish_in_one_study() -> None:
    spanish = [
        "Hay demasiados baches en la calle",
        "Arreglen los baches de mi calle, por favor",
        "La calle está llena de baches",
        "Los baches dañan los coches en nuestra calle",
    ]
    comments = [Comment(str(n), text) for n, text in enumerate(spanish * 3 + [c.text for c in notes()])]
    result = discover(comments, Options(themes=6))
    homes = {placed[0].theme for placed in result.placements[:12] if placed}
    assert len(homes) == 1
    theme = result.themes[homes.pop() - 1]
    assert "baches" in theme.keywords
    assert not {"los", "la", "en", "de"} & set(theme.keywords)


def test_a_language_without_a_stop_list() -> None:
    polish = [
        "autobus się spóźnia na przystanek",
        "autobus nie jeździ na czas",
        "biblioteka jest zamknięta w niedzielę",
        "biblioteka powinna być otwarta w niedzielę",
        "dziury na drodze są głębokie",
        "trzeba naprawić dziury na drodze",
    ]
    texts = [f"{text} numer {number}" for number in range(100, 106) for text in polish]
    result = discover(
        [Comment(str(n), text, language="pl") for n, text in enumerate(texts)], Options(themes=3)
    )
    assert len(result.themes) == 3
    assert all("numer" not in theme.keywords for theme in result.themes)
    assert all(len({placed[0].theme for placed in result.placements[n::6]}) == 1 for n in range(6))


def test_too_few_comments() -> None:
    with pytest.raises(TooFew) as caught:
        discover(notes()[:12])
    assert str(caught.value) == "12 comments are too few: 20 are needed"
    with pytest.raises(TooFew, match="^0 comments are too few: 20 are needed$"):
        discover([])
    with pytest.raises(TooFew, match="^12 comments are too few: 20 are needed$"):
        discover([*notes()[:12], *(Comment(f"empty {number}", " ") for number in range(30))])


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        (["Fix the road!"] * 40, "All 40 comments say the same: there is nothing to group."),
        ([""] * 40, "None of the 40 comments has words to group by."),
        (["the and of it"] * 40, "None of the 40 comments has words to group by."),
        (["😀😀 !!"] * 40, "None of the 40 comments has words to group by."),
        (
            [f"word{chr(97 + n // 26)}{chr(97 + n % 26)}x" for n in range(40)],
            "The 40 different comments share no words: there is nothing to group them by.",
        ),
    ],
)
def test_nothing_to_group_is_said_in_one_sentence(texts: list[str], sentence: str) -> None:
    with pytest.raises(NothingToGroup) as caught:
        discover([Comment(str(number), text) for number, text in enumerate(texts)])
    assert str(caught.value) == sentence


def test_reasons_for_comments_in_no_theme() -> None:
    odd = [
        Comment("empty", ""),
        Comment("signs", "?!"),
        Comment("stop", "it is what it is"),
        Comment("x", "xylem"),
    ]
    result = discover([*notes(), *odd], Options(themes=5))
    assert result.placements[90:] == ((), (), (), ())
    assert result.reasons[90:] == ("too short", "too short", "no content words", "equally far from all")
    assert result.unplaced == (90, 91, 92, 93)
    assert set(result.reasons[:90]) == {None}


def test_progress_rises_and_can_cancel() -> None:
    steps: list[tuple[float, str]] = []
    discover(notes(), progress=lambda share, message: steps.append((share, message)))
    shares = [share for share, _ in steps]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert len({message for _, message in steps}) >= 5
    for stop in range(len(steps)):
        seen = 0

        def cancel(share: float, message: str) -> None:
            nonlocal seen
            seen += 1
            if seen > stop:  # noqa: B023 (used within the same turn)
                raise Cancelled

        with pytest.raises(Cancelled):
            discover(notes(), progress=cancel)


@pytest.mark.parametrize(
    "wrong",
    [
        {"themes": 0},
        {"themes": 2.5},
        {"seed": -1},
        {"seed": 2**32},
        {"minimum": 1},
        {"sample": 10},
        {"themes": True},
    ],
)
def test_options_out_of_range_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Options(**wrong)


def test_more_themes_than_there_are_comments() -> None:
    result = discover(notes()[:24], Options(themes=500))
    assert 1 <= len(result.themes) <= 24
    assert len(result.placements) == 24


def test_a_huge_comment_in_capitals_takes_linear_time() -> None:
    huge = Comment("huge", "LIBRARY ROAD TRASH INTERNET " * 7_000, language="en")
    start = time.process_time()
    assert len(discover([*notes(), huge], Options(themes=5, resamples=0)).placements) == 91
    assert time.process_time() - start < 10


def test_one_theme() -> None:
    result = discover(notes(), Options(themes=1))
    assert [theme.size for theme in result.themes] == [90]


NASTY = st.text(max_size=60) | st.sampled_from(
    [
        "a@" * 50,
        "(" * 100,
        "مرحبا hello שלום",
        "x" * 3000,
        "\ud800 lone",
        "\x00nul",
        "ﷺ½①",
        "👍🏽👍🏽",
        "İıſß ŉ",
        "\u0e01\u0e34",
    ]
)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(NASTY, max_size=25), repeated=st.booleans(), themes=st.sampled_from([None, 1, 3, 40]))
def test_every_comment_is_accounted_for_once(texts: list[str], repeated: bool, themes: int | None) -> None:
    extra = [Comment("same" if repeated else str(n), text, text[:1] or None) for n, text in enumerate(texts)]
    comments = [*extra, *notes()[::3]]
    result = discover(comments, Options(themes=themes, resamples=1))
    known = {theme.id for theme in result.themes}
    assert len(result.placements) == len(result.reasons) == len(comments)
    for placed, reason in zip(result.placements, result.reasons, strict=True):
        assert bool(placed) != bool(reason)
        assert len(placed) <= 2
        assert len({placement.theme for placement in placed}) == len(placed)
        assert all(placement.theme in known and 0 <= placement.weight <= 1 for placement in placed)
        assert [placement.weight for placement in placed] == sorted((p.weight for p in placed), reverse=True)
    assert len({theme.label for theme in result.themes}) == len(result.themes)
    assert all(theme.size > 0 and theme.label and theme.quotes for theme in result.themes)
    assert all(theme.breadth.low <= theme.breadth.k <= theme.breadth.high for theme in result.themes)


@pytest.mark.parametrize(
    ("name", "words"), [("goboston2030", {"bike", "snow"}), ("austin_survey", {"traffic", "housing"})]
)
def test_real_comments(real: Callable[[str], list[Comment]], name: str, words: set[str]) -> None:
    comments = real(name)
    result = discover(comments)
    assert len(result.placements) == len(comments)
    assert 6 <= len(result.themes) <= 30
    assert len(result.unplaced) <= 0.12 * len(comments)
    assert words <= {word.lower() for theme in result.themes for word in theme.keywords}
    assert max(theme.size for theme in result.themes) <= 0.4 * len(comments)
