"""Duplicates and campaigns: what counts as the same, how many are found, and how fast."""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.campaigns import LEAST_CAMPAIGN, Campaign, campaigns
from analysis.duplicates import DuplicateGroup, counts, duplicates

WORDS = [
    f"{first}{second}" for first in ("bus", "road", "park", "tax", "lib") for second in map(str, range(60))
]


def sentences(count: int, seed: int) -> list[str]:
    """Make different sentences of 15 to 30 words."""
    draw = random.Random(seed)
    return [" ".join(draw.choices(WORDS, k=draw.randint(15, 30))) for _ in range(count)]


def shingles(text: str) -> set[tuple[str, ...]]:
    """Return the word triples of a text, padded at its start as the library does."""
    words = ["", "", *text.split()]
    return set(zip(words, words[1:], words[2:], strict=False))


def jaccard(one: str, other: str) -> float:
    return len(shingles(one) & shingles(other)) / len(shingles(one) | shingles(other))


def test_exact_copies_whatever_capitals_and_punctuation() -> None:
    texts = ["Fix the road!", "Open the library", "FIX  the road", "fix, the road…"]
    assert duplicates(texts) == (DuplicateGroup((0, 2, 3), exact=True),)


def test_a_near_copy_is_grouped_as_near() -> None:
    letter = " ".join(WORDS[:40])
    assert duplicates([letter, letter + " signed", letter]) == (DuplicateGroup((0, 1, 2), exact=False),)
    assert duplicates([letter, " ".join(WORDS[:20])]) == ()


def test_texts_without_words() -> None:
    assert duplicates([]) == ()
    assert duplicates(["", "  ", "\n"]) == ()
    assert duplicates(["👍", "👎", "👍"]) == (DuplicateGroup((0, 2), exact=True),)


def test_planted_near_copies_are_found_and_nothing_else() -> None:
    originals, draw = sentences(1500, seed=1), random.Random(2)
    changed = []
    for text in originals:
        words = text.split()
        for _ in range(draw.randint(1, 2)):
            words[draw.randrange(len(words))] = "changed"
        changed.append(" ".join(words))
    texts = originals + changed
    near = {(n, n + 1500) for n in range(1500) if jaccard(originals[n], changed[n]) >= 0.8}
    found = {group.positions for group in duplicates(texts)}
    assert len(near) >= 100
    assert len(near & found) >= 0.98 * len(near)
    assert all(jaccard(texts[pair[0]], texts[pair[1]]) >= 0.8 for pair in found if len(pair) == 2)


def test_many_copies_and_many_alike_take_linear_time() -> None:
    start = time.process_time()
    assert len(duplicates(["the same sentence again"] * 50_000)) == 1
    template = " ".join(WORDS[:30])
    alike = duplicates([f"{template} number {number}" for number in range(5_000)])
    assert [len(group.positions) for group in alike] == [5_000]
    assert time.process_time() - start < 5


def test_fast_enough_for_an_import() -> None:
    texts = sentences(20_000, seed=3)
    start = time.process_time()
    assert duplicates(texts) == ()
    assert len(texts) / (time.process_time() - start) > 25_000  # 60,000 to 85,000 on one core left alone


def test_thousands_that_are_similar_but_not_near_hide_no_near_copy() -> None:
    draw = random.Random(6)
    texts = [f"{' '.join(WORDS[:16])} {' '.join(draw.choices(WORDS, k=9))}" for _ in range(4_000)]
    copies = [text + " signed" for text in texts[::40]]
    assert jaccard(texts[0], copies[0]) >= 0.9
    assert jaccard(texts[0], texts[1]) < 0.6
    start = time.process_time()
    found = {group.positions for group in duplicates(texts + copies)}
    assert time.process_time() - start < 2
    assert len(found & {(n * 40, 4_000 + n) for n in range(100)}) >= 97


@pytest.mark.parametrize("similarity", [0.3, 0.5, 0.7, 0.9, 1.0])
def test_other_similarities_miss_few(similarity: float) -> None:
    originals, draw = sentences(400, seed=7), random.Random(8)
    changed = []
    for text in originals:
        words = text.split()
        start = draw.randrange(len(words))
        words[start : start + draw.randint(0, 12)] = ["changed"]
        changed.append(" ".join(words))
    near = {(n, n + 400) for n in range(400) if jaccard(originals[n], changed[n]) >= similarity}
    found = {group.positions for group in duplicates(originals + changed, similarity)}
    assert found <= near
    assert len(near & found) >= 0.98 * len(near)


NOISE = [
    "a@" * 8_000,
    "(" * 5_000,
    "x" * 200_000,
    "😀" * 5_000,
    "e" + "\u0301\u0323" * 50_000,
    "\uff9e\u0301" * 50_000,
    "שלום hello مرحبا " * 2_000,
    "\ud800" * 5_000,
    "word " * 50_000,
    "公共交通" * 10_000,
]


@pytest.mark.parametrize("noise", NOISE)
def test_noise_is_read_in_linear_time(noise: str) -> None:
    start = time.process_time()
    assert duplicates([noise, "Fix the road", noise])[0].positions == (0, 2)
    campaigns([noise] * 5 + [noise + " and one thing more to say"])
    assert time.process_time() - start < 2


LETTER = (
    "Please do not close the branch library on Fifth Street. Our children do their homework there, and "
    "many of us have no computer at home. A city that wants readers has to keep its doors open."
)
OWN = "I have lived around the corner for thirty years and my mother before me."


def campaign(*texts: str, audiences: list[str | None] | None = None) -> Campaign:
    noise = [f"Nothing to do with it {word}" for word in ("one", "two")]
    found = campaigns([*noise, *texts], audiences)
    assert len(found) == 1
    return found[0]


def test_a_campaign_of_copies() -> None:
    found = campaign(*[LETTER] * 3, LETTER.upper(), LETTER.replace(".", " !"))
    assert found == Campaign((2, 3, 4, 5, 6), 2, 1, ("same",) * 5, {})
    assert found.size == LEAST_CAMPAIGN


def test_how_letters_were_varied() -> None:
    found = campaign(
        f"{OWN} {LETTER}",
        LETTER,
        f"{LETTER} {OWN}",
        LETTER.replace("thirty", "forty").replace("homework", "school work"),
        LETTER[: LETTER.index(" A city")],
        f"{OWN} {LETTER} Thank you for reading this.",
        f"Dear council: {LETTER}",
    )
    assert (found.representative, found.spellings) == (3, 7)
    assert found.variations == (
        "added before",
        "same",
        "added after",
        "edited",
        "shortened",
        "added around",
        "edited",
    )


def test_a_letter_that_nobody_sent_bare() -> None:
    draw = random.Random(9)
    found = campaign(*(f"{LETTER} {' '.join(draw.choices(WORDS, k=draw.randint(5, 20)))}." for _ in range(8)))
    assert (found.size, found.spellings) == (8, 8)


def test_audiences_of_a_campaign() -> None:
    audiences = ["web", "web", "mail", "mail", None, "academia", "mail"]
    found = campaign(*[LETTER] * 5, audiences=audiences)
    assert found.audiences == {"academia": 1, "mail": 3}
    with pytest.raises(ValueError, match="one audience per text"):
        campaigns([LETTER], ["web", "mail"])
    with pytest.raises(ValueError, match="similarity must be"):
        campaigns([LETTER], similarity=0)


@pytest.mark.parametrize(
    "texts",
    [
        [LETTER] * 4,
        ["Fix the roads please"] * 9,
        ["👍"] * 9,
        [""] * 9,
        # A prompt that people say again is no letter.
        [f"What I like most about the city is {' '.join(WORDS[n : n + 4])}" for n in range(9)],
        # Neither is a saying in the middle of long comments.
        [f"{' '.join(WORDS[n * 30 : n * 30 + 25])} {OWN} {' '.join(WORDS[-n * 20 :][:9])}" for n in range(6)],
        [],
    ],
)
def test_no_campaign(texts: list[str]) -> None:
    assert campaigns(texts) == ()


def test_two_letters_stay_two_although_somebody_sent_both() -> None:
    other = " ".join(WORDS[:40])
    texts = [LETTER] * 6 + [other] * 5 + [f"{LETTER} {other}"]
    first, second = campaigns(texts)
    assert first.positions[:6] == tuple(range(6))
    assert second.positions[:5] == tuple(range(6, 11))


def test_letters_in_scripts_without_spaces() -> None:
    letter = "请不要关闭第五街的图书馆，孩子们每天在那里做作业，许多人家里没有电脑。"
    assert campaign(*[letter] * 4, letter + "我住在附近三十年了。").variations[-1] == "added after"


def planted(letters: int, noise: int, seed: int) -> tuple[list[str], list[int]]:
    """Make noise and letters of 20 to 60 words, each sent 5 to 30 times, in five ways; -1 is noise."""
    draw = random.Random(seed)
    texts, origin = sentences(noise, seed + 1_000), [-1] * noise
    for number in range(letters):
        letter = draw.choices(WORDS, k=draw.randint(20, 60))
        for _ in range(draw.choice((5, 10, 30))):
            sent, way = letter.copy(), draw.randrange(5)
            if way == 1:
                sent[draw.randrange(len(sent))] = "edited"
            own = [draw.choices(WORDS, k=draw.randint(4, 18)) for _ in range(2)]
            before, after = own[0] if way in (2, 4) else [], own[1] if way in (3, 4) else []
            texts.append(" ".join([*before, *sent, *after]))
            origin.append(number)
    return texts, origin


def test_planted_campaigns_are_found_and_nothing_else() -> None:
    texts, origin = planted(60, 3_000, seed=10)
    found = campaigns(texts)
    assert all(len({origin[place] for place in one.positions}) == 1 for one in found)
    members = [place for one in found for place in one.positions]
    assert all(origin[place] >= 0 for place in members)
    assert len(members) >= 0.98 * sum(number >= 0 for number in origin)
    assert len(found) == 60
    assert [one.size for one in found] == sorted((one.size for one in found), reverse=True)


@pytest.mark.parametrize(
    "texts",
    [
        ["the same sentence said again by many"] * 50_000,
        [f"{' '.join(WORDS[:30])} number {n}" for n in range(10_000)],
        [f"{' '.join(WORDS[:12])} {n} x{n} y{n} z{n} u{n} v{n} w{n} q{n}" for n in range(20_000)],
        [" ".join(WORDS[n % 250 : n % 250 + 20]) + f" {n}" for n in range(20_000)],
        [
            " ".join(f"w{n}" for n in range(200_000)),
            *(" ".join(f"w{n}" for n in range(m, m + 30)) for m in range(5_000)),
        ],
    ],
)
def test_campaigns_take_linear_time(texts: list[str]) -> None:
    start = time.process_time()
    for half in (texts[::2], texts):
        campaigns(half)
    assert time.process_time() - start < 5


WORDS_OF_FEW = st.lists(st.sampled_from("abcdefgh"), max_size=30).map(" ".join)


@settings(max_examples=100, deadline=None)
@given(st.lists(WORDS_OF_FEW, max_size=25), st.integers(0, 6))
def test_every_campaign_keeps_its_promises(texts: list[str], copies: int) -> None:
    texts += texts[:5] * copies
    found = campaigns(texts)
    places = [place for one in found for place in one.positions]
    assert len(places) == len(set(places))
    for one in found:
        assert one.size >= LEAST_CAMPAIGN
        assert one.representative in one.positions
        assert len(one.variations) == one.size
        assert one.spellings == len({texts[place] for place in one.positions})
        letter = texts[one.representative]
        assert len(letter.split()) >= 6
        for place, variation in zip(one.positions, one.variations, strict=True):
            assert (variation == "same") == (texts[place] == letter)
            shared = len(shingles(letter) & shingles(texts[place]))
            shorter = min(len(shingles(letter)), len(shingles(texts[place])))
            assert jaccard(letter, texts[place]) >= 0.8 or (shared >= 12 and shared >= shorter / 2)
    exact = Counter(text for text in texts if len(text.split()) >= 6)
    alone = {text for text, number in exact.items() if number >= LEAST_CAMPAIGN}
    if len(exact) == 1:
        assert len(found) == len(alone)


def test_counting_both_ways() -> None:
    groups = (DuplicateGroup((0, 2, 3), exact=True), DuplicateGroup((4, 5), exact=False))
    both = counts(groups, 7)
    assert both.group.tolist() == [0, -1, 0, 0, 1, 1, -1]
    assert both.once.tolist() == [1 / 3, 1, 1 / 3, 1 / 3, 0.5, 0.5, 1]
    assert (both.all, both.different) == (7, 4)
    assert counts((), 0).different == 0
    theme = [0, 2, 4]
    assert both.once[theme].sum() == pytest.approx(2 / 3 + 0.5)


@pytest.mark.parametrize("positions", [(0, 7), (-1, 0), (1, 2), (0, 0)])
def test_groups_that_do_not_fit_are_refused(positions: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        counts([DuplicateGroup((1, 3), exact=True), DuplicateGroup(positions, exact=True)], 7)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(["a b c", "a b d", "e", "", "f g"]), max_size=40))
def test_counts_add_up(texts: list[str]) -> None:
    groups = duplicates(texts)
    both = counts(groups, len(texts))
    assert both.different == len(texts) - sum(len(group.positions) - 1 for group in groups)
    assert both.once[both.group == -1].tolist() == [1.0] * int((both.group == -1).sum())


@pytest.mark.parametrize("similarity", [0, -1, 1.01])
def test_similarity_out_of_range(similarity: float) -> None:
    with pytest.raises(ValueError, match="similarity must be"):
        duplicates([], similarity)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(alphabet="ab c!\ud800\u0301É", max_size=12), max_size=30))
def test_groups_are_disjoint_sorted_and_hold_all_exact_copies(texts: list[str]) -> None:
    groups = duplicates(texts)
    positions = [position for group in groups for position in group.positions]
    assert len(positions) == len(set(positions))
    assert all(list(group.positions) == sorted(group.positions) for group in groups)
    home = {position: number for number, group in enumerate(groups) for position in group.positions}
    for one, text in enumerate(texts):
        for other in range(one + 1, len(texts)):
            if text.strip() and text == texts[other]:
                assert home[one] == home[other]
