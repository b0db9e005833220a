"""Discovery as a whole: what it finds, that it repeats, and that no comment is lost."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import Cancelled, Comment, Decisions, Options, Result, TooFew, discover, place
from tests.analysis.corpus_of_notes import IDEAS, idea_of, notes, purity, study


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


def test_the_number_of_themes_chosen_follows_the_granularity() -> None:
    few, balanced, many = (
        len(discover(notes(), Options(granularity=finely, resamples=0)).themes)
        for finely in ("few", "balanced", "many")
    )
    assert 4 <= few <= balanced <= many <= 15
    assert few <= 6


@pytest.mark.parametrize("granularity", ["few", "balanced", "many"])
def test_themes_chosen_by_itself_do_not_mix_ideas(granularity: Literal["few", "balanced", "many"]) -> None:
    for comments in (notes(), study(400)):
        result = discover(comments, Options(granularity=granularity, resamples=0))
        assert purity(comments, result) >= 0.95


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


def test_the_same_seed_gives_an_equal_result_and_another_need_not(found: Result) -> None:
    assert discover(notes(), Options(themes=5)) == found
    other = discover(notes(), Options(themes=5, seed=1))
    assert other.manifest != found.manifest
    assert other.manifest["input"] == found.manifest["input"]


def shuffled(comments: Sequence[Comment], seed: int) -> tuple[list[int], list[Comment]]:
    """Return another order, and the comments in it."""
    order = random.Random(seed).sample(range(len(comments)), len(comments))
    return order, [comments[position] for position in order]


def renamed(comments: Sequence[Comment]) -> list[Comment]:
    """Give other ids to comments, whose order by alphabet is another, too."""
    return [
        Comment(
            f"{97 * number % 89:02} {comment.id[::-1]}",
            comment.text,
            comment.audience,
            None,
            comment.language,
        )
        for number, comment in enumerate(comments)
    ]


def without_ids(result: Result) -> list[tuple[object, ...]]:
    return [
        (t.id, t.label, t.keywords, t.size, t.size_once, t.breadth, t.stability, t.by_audience)
        for t in result.themes
    ]


def test_the_order_of_comments_does_not_matter(found: Result) -> None:
    order, comments = shuffled(notes(), 7)
    result = discover(comments, Options(themes=5))
    assert result.themes == found.themes
    assert result.placements == tuple(found.placements[position] for position in order)


def test_ids_do_not_matter(found: Result) -> None:
    result = discover(renamed(notes()), Options(themes=5))
    assert without_ids(result) == without_ids(found)
    assert result.placements == found.placements


WORDS = (
    "bus",
    "buses",
    "late",
    "library",
    "open",
    "sunday",
    "road",
    "holes",
    "trash",
    "park",
    "trees",
    "the",
    "ruta",
)


@settings(max_examples=25, deadline=None)
@given(
    texts=st.lists(
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join), min_size=8, max_size=40
    ),
    seed=st.integers(0, 2**32 - 1),
    vectors=st.sampled_from(["table", "none"]),
    decided=st.booleans(),
)
def test_neither_order_nor_ids_matter_in_any_small_study(
    texts: list[str], seed: int, vectors: str, decided: bool
) -> None:
    texts = [*texts, "the bus is late", "the library opens", "holes in the road", "bus road library"]
    comments = [Comment(str(n), text, "abc"[len(text) % 3], language="en") for n, text in enumerate(texts)]
    placed = {str(n): [texts[n][0]] for n in range(0, len(texts), 9)} if decided else {}
    options = Options(seed=seed, vectors=vectors, minimum=2, resamples=1, decisions=Decisions.of(placed))
    once, again = discover(comments, options), discover(comments, options)
    assert once == again
    order, other = shuffled(comments, seed)
    result = discover(other, options)
    assert result.themes == once.themes
    assert result.placements == tuple(once.placements[position] for position in order)
    if not decided:
        named = discover(renamed(comments), options)
        assert without_ids(named) == without_ids(once)
        assert named.placements == once.placements


IN_ANOTHER_PROCESS = """
import dataclasses, json, sys
from analysis import Decisions, Options, discover, place, suggest_next
from tests.analysis.corpus_of_notes import idea_of, notes, study
found = []
decided = Decisions.of(
    {c.id: [idea_of(c.id)] for c in notes()[:9]}, themes=["Roads", "Trash"],
    together=[[c.id for c in notes()[20:26]], [c.id for c in notes()[40:44]]],
    apart=[("trash-0-0", "trash-1-0")],
)
for comments in (notes(), study(300)):
    for options in (Options(), Options(decisions=decided), Options(vectors="none", themes=4)):
        result = discover(comments, options)
        themes = [dataclasses.asdict(theme) for theme in result.themes]
        found.append([themes, result.placements, result.manifest])
        found.append(suggest_next(comments, options, 5))
found.append(place(notes(), Options(decisions=decided)).placements)
print(json.dumps(found))
"""


def test_hashes_and_threads_do_not_matter() -> None:
    outputs = set()
    for seed, threads in (("0", "1"), ("4242", "2")):
        settings_of_process = dict.fromkeys(
            ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), threads
        )
        ran = subprocess.run(
            [sys.executable, "-c", IN_ANOTHER_PROCESS],
            env={**os.environ, "PYTHONHASHSEED": seed, **settings_of_process},
            cwd=Path(__file__).parents[2],
            check=True,
            capture_output=True,
            timeout=240,
        )
        outputs.add(ran.stdout)
    assert len(outputs) == 1
    assert len(json.loads(outputs.pop())) == 13


def test_neither_order_nor_ids_matter_with_real_comments(real: Callable[[str], list[Comment]]) -> None:
    comments = real("argkp_dev")
    once = discover(comments, Options(resamples=1))
    order, other = shuffled(renamed(comments), 3)
    result = discover(other, Options(resamples=1))
    assert without_ids(result) == without_ids(once)
    assert result.placements == tuple(once.placements[position] for position in order)


def test_copies_of_a_comment_share_its_theme_and_do_not_move_the_others(found: Result) -> None:
    campaign = [Comment(f"campaign-{number}", notes()[0].text, language="en") for number in range(200)]
    result = discover([*notes(), *campaign], Options(themes=5))
    assert set(result.placements[90:]) == {result.placements[0]}
    assert [placed[0].weight for placed in result.placements[:90]] == [
        placed[0].weight for placed in found.placements
    ]


def test_copies_count_once_or_all_in_sizes_breadth_and_order() -> None:
    text = "Repair the road surface before winter"
    campaign = [Comment(f"campaign {n}", text, "lobby", language="en") for n in range(50)]
    near = [
        Comment(f"near {n}", f"Potholes damage every car on this road{'!' * n}", "public")
        for n in range(1, 9)
    ]
    comments = [*notes(), *campaign, *near]
    every, once = (discover(comments, Options(themes=5, duplicates=way)) for way in ("all", "once"))
    assert all(every.placements)
    by_label = {theme.label: theme for theme in once.themes}
    for theme in every.themes:
        same = by_label[theme.label]
        assert (same.size, same.size_once) == (theme.size, theme.size_once)
        assert theme.size_once <= theme.size
        assert theme.size == sum(theme.by_audience.values())
        assert sum(same.by_audience.values()) <= theme.size
    roads = every.themes[0]
    assert "potholes" in roads.label.lower()
    assert roads.size == 18 + 58
    assert roads.size_once <= 18
    assert (roads.by_audience["lobby"], by_label[roads.label].by_audience["lobby"]) == (50, 1)
    library = next(theme for theme in every.themes if "library" in theme.label)
    # Fifty who say nothing of the library tell more than one does.
    assert library.breadth.k == by_label[library.label].breadth.k == 4
    assert library.breadth.expected < by_label[library.label].breadth.expected
    for result, size in ((every, "size"), (once, "size_once")):
        sizes = [getattr(theme, size) for theme in result.themes]
        assert sizes == sorted(sizes, reverse=True)


def test_a_map_that_is_lent_changes_nothing(found: Result) -> None:
    used: list[int] = []

    def lent(function: Callable[..., object], *items: Sequence[object]) -> list[object]:
        used.append(1)
        return list(map(function, *items))

    assert discover(notes(), Options(themes=5), map=lent) == found
    assert used


def test_the_manifest_tells_inputs_apart() -> None:
    few = notes()[::3]
    manifests = [
        discover(comments, options).manifest
        for comments, options in [
            (few, Options(resamples=0)),
            (few[::-1], Options(resamples=0)),
            (few, Options(resamples=0, decisions=Decisions.of({"a": ["B"], "c": ["D"]}))),
            (few, Options(resamples=0, decisions=Decisions.of({"c": ["D"], "a": ["B"]}))),
            (few, Options(resamples=0, seed=5)),
        ]
    ]
    assert len({json.dumps(manifest, sort_keys=True) for manifest in manifests}) == len(manifests)
    assert manifests[0]["decisions"] is None
    assert place(few, Options(decisions=Decisions.of(themes=["A"]))).manifest["earlier"] is None


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


ABROAD = {
    "es": (
        ["Hay demasiados baches en la calle", "Arreglen los baches de mi calle, por favor"],
        ["La calle está llena de baches", "Los baches dañan los coches en nuestra calle"],
        "baches",
    ),
    "zh": (
        ["公交车总是迟到", "公交车太慢了", "希望公交车更准时"],
        ["早上的公交车很拥挤", "公交车晚上班次太少"],
        "公交",
    ),
    "ar": (
        ["الحديقة تحتاج إلى أشجار", "نريد المزيد من الأشجار في الحديقة"],
        ["الأشجار في الحديقة جميلة", "ازرعوا الأشجار في كل حديقة"],
        "الحديقة",
    ),
    "ru": (
        ["Библиотека закрыта вечером", "Нам нужна библиотека вечером"],
        ["Библиотека должна работать в воскресенье", "Вечером библиотека закрыта, а жаль"],
        "библиотека",
    ),
}


def abroad(*languages: str) -> list[Comment]:
    """Return comments in other languages, each language about something of its own."""
    return [
        Comment(f"{language}-{number}-{times}", f"{text} {'?!.'[times]}")
        for language in languages
        for number, text in enumerate(ABROAD[language][0] + ABROAD[language][1])
        for times in range(3)
    ]


def script(text: str) -> str:
    """Return the script that the letters of a text are in, and * for several."""
    kinds = {
        "ar" if "\u0600" <= c <= "\u06ff" else "ru" if "а" <= c <= "ё" else "zh" if c >= "\u4e00" else "latin"
        for c in text.lower()
        if c.isalpha()
    }
    return kinds.pop() if len(kinds) == 1 else "*"


def test_a_study_in_five_languages() -> None:
    comments = [*notes(), *abroad("es", "zh", "ar", "ru")]
    result = discover(comments, Options(themes=9))
    for language, (_, _, word) in ABROAD.items():
        homes = Counter(
            placed[0].theme
            for comment, placed in zip(comments, result.placements, strict=True)
            if placed and comment.id.startswith(f"{language}-")
        )
        home, times = homes.most_common(1)[0]
        assert times >= 0.8 * homes.total()
        theme = result.themes[home - 1]
        assert word in theme.label.lower()
        assert not {"los", "la", "en", "de", "的", "في", "и"} & set(theme.keywords)
    for theme in result.themes:
        assert script(theme.label) != "*", theme.label


@pytest.mark.parametrize("vectors", ["table", "none"])
def test_a_study_without_english(vectors: str) -> None:
    comments = abroad("es", "ru", "zh", "ar")
    result = discover(comments, Options(themes=4, vectors=vectors, minimum=5))
    assert purity(comments, result) >= 0.9
    assert len(result.themes) == 4
    only = abroad("zh")
    assert {script(theme.label) for theme in discover(only, Options(minimum=5, vectors=vectors)).themes} == {
        "zh"
    }


def test_two_languages_say_the_same_words() -> None:
    """A word of two languages is two words, but the same text in either is one document."""
    spanish = [Comment(f"es-{n}", text) for n, text in enumerate((ABROAD["es"][0] + ABROAD["es"][1]) * 3)]
    result = discover([*spanish, *notes()], Options(themes=6))
    homes = {placed[0].theme for placed in result.placements[:12] if placed}
    assert len(homes) == 1
    assert "baches" in result.themes[homes.pop() - 1].keywords


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


def test_one_theme_is_named_after_what_is_said_most() -> None:
    result = discover(notes(), Options(themes=1))
    assert [theme.size for theme in result.themes] == [90]
    assert "library" in result.themes[0].label


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
    for theme in result.themes:
        breadth = theme.breadth
        assert (
            0
            <= breadth.low
            <= breadth.high
            <= breadth.of
            >= breadth.k
            == sum(map(bool, theme.by_audience.values()))
        )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("goboston2030", {"bike", "snow"}),
        ("austin_survey", {"traffic", "housing"}),
        ("durham_youth", {"youth"}),
        ("dc_vision_zero", {"pedestrians"}),
        ("madrid_comments_es", {"perros"}),
        ("polis_bg2050", set()),
    ],
)
def test_real_comments(real: Callable[[str], list[Comment]], name: str, words: set[str]) -> None:
    comments = real(name)[:3_000]
    result = discover(comments, Options(resamples=0))
    assert len(result.placements) == len(comments)
    assert 4 <= len(result.themes) <= 30
    assert len(result.unplaced) <= 0.15 * len(comments)
    assert words <= {word.lower() for theme in result.themes for word in theme.keywords}
    assert max(theme.size for theme in result.themes) <= 0.4 * len(comments)


def test_a_result_says_what_is_placed_and_what_one_audience_alone_raised() -> None:
    one_sided = [
        Comment(c.id, c.text, "north" if c.id.startswith("trash") else ("south", "east")[n % 2])
        for n, c in enumerate(notes())
    ]
    result = discover([*one_sided, Comment("signs", "?!", "south")], Options(themes=5))
    assert result.placed_share == 1 - len(result.unplaced) / 91
    assert 0 < len(result.unplaced) < 14
    alone = [theme for theme in result.themes if list(theme.by_audience.values()).count(0) == 2]
    assert alone
    assert list(result.of_one_audience) == alone
