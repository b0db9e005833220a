"""The texts of the demo: what was planted is there, and nothing is real or mass-produced."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest

import survey

DEMO = Path(survey.__file__).parent / "demo"
AUDIENCES = {
    "Academia", "Technology companies", "Nonprofits", "Civic technologists", "City staff: operations",
    "City staff: services",
}  # fmt: skip
PROMPTS = {"strength", "improvement", "aspiration"}
SPEAKERS = {"P1", "P2", "P3", "P4", "P5"}
PLANTED_REPEATS = {
    "n/a",
    "thanks",
    "No comment.",
    "Keep the walk-in counter open.",
    "I would like to be able to report a missed trash pickup without signing in.",
}
CAMPAIGN = "bring city fiber to eastgate before any other neighborhood"
SENT_TWICE = "Sorry if this came twice"
SPANISH = re.compile(
    r"\b(más|los|las|una|que|qué|para|con|por|del|está|hay|gracias|contraseñas|baches|veces|siempre)\b",
    re.IGNORECASE,
)
# Common given names in English and Spanish that are no everyday words.
GIVEN_NAMES = (
    r"\b(James|John|Robert|Michael|William|David|Richard|Joseph|Thomas|Charles|Daniel|Matthew|Anthony|Steven|Paul"
    r"|Andrew|Joshua|Kevin|Brian|George|Edward|Jason|Ryan|Jacob|Eric|Stephen|Larry|Justin|Benjamin|Samuel|Patrick"
    r"|Mary|Patricia|Jennifer|Linda|Elizabeth|Barbara|Susan|Jessica|Sarah|Karen|Lisa|Nancy|Betty|Sandra|Margaret"
    r"|Ashley|Emily|Donna|Michelle|Carol|Amanda|Melissa|Rebecca|Laura|Sharon|Amy|Angela|Anna|Mar[ií]a|José|Juan"
    r"|Luis|Carlos|Jorge|Pedro|Miguel|Ana|Carmen|Rosa|Lucía|Elena|Sofía|Diego|Pablo|Fatima|Mohammed|Ahmed|Priya)\b"
)

Row = dict[str, str]


def read_csv(name: str) -> list[Row]:
    with (DEMO / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


NOTES = read_csv("notes.csv")
PUBLIC = read_csv("public.csv")
RESPONSES = json.loads((DEMO / "staff.json").read_text(encoding="utf-8"))["responses"]
STAFF_TEXTS = [
    response["answers"][key]
    for response in RESPONSES
    for key in ("works-well", "change-first", "aspire")
    if key in response["answers"]
]
ALL_TEXTS = [row["text"] for row in NOTES + PUBLIC] + STAFF_TEXTS


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:'[^\W_]+)?", text.lower())


def is_planted_repeat(text: str) -> bool:
    return text in PLANTED_REPEATS or CAMPAIGN in text.lower() or text.startswith(SENT_TWICE)


# Files and columns


@pytest.mark.parametrize("path", sorted(DEMO.glob("*.*")), ids=lambda path: path.name)
def test_files_are_utf8_with_line_feeds_and_end_in_one(path: Path) -> None:
    content = path.read_bytes()
    assert b"\r" not in content
    assert not content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\n")
    assert "\ufffd" not in content.decode("utf-8")


def test_columns_are_those_the_loader_reads() -> None:
    assert {tuple(row) for row in NOTES} == {("audience", "prompt", "speaker", "language", "text")}
    assert {tuple(row) for row in PUBLIC} == {("audience", "channel", "day", "language", "text")}
    assert all(value == value.strip() and value for row in NOTES + PUBLIC for value in row.values())


def test_readme_states_the_true_numbers() -> None:
    readme = (DEMO / "README.md").read_text(encoding="utf-8")
    assert f"{len(NOTES)} notes" in readme
    assert f"{len(PUBLIC)} public comments" in readme
    assert f"{len(RESPONSES)} staff responses with {len(STAFF_TEXTS)} free texts" in readme


# Notes of the focus groups


def test_each_audience_has_five_speakers_and_about_thirty_notes() -> None:
    speakers: dict[str, set[str]] = defaultdict(set)
    for row in NOTES:
        speakers[row["audience"]].add(row["speaker"])
    assert speakers == dict.fromkeys(AUDIENCES, SPEAKERS)
    assert all(28 <= count <= 34 for count in Counter(row["audience"] for row in NOTES).values())


def test_every_audience_answers_every_prompt() -> None:
    cells = Counter((row["audience"], row["prompt"]) for row in NOTES)
    assert set(cells) == {(audience, prompt) for audience in AUDIENCES for prompt in PROMPTS}
    assert min(cells.values()) >= 8


def test_notes_are_as_short_as_typed_notes() -> None:
    assert all(5 <= len(row["text"].split()) <= 35 for row in NOTES)
    assert all("\n" not in row["text"] for row in NOTES)


@pytest.mark.parametrize(
    "pattern",
    [
        r"internet|laptop|fiber|wi-?fi|provider|phone with|computadora|signal|data plan",
        r"phone|password|log ?in|sign-on|account|plain|portal|forms?\b|formulario|celular",
        r"open (permit )?data|dataset|data portal|datos abiertos|wait times, open to all",
    ],
    ids=["home internet and devices", "services on a phone", "open data"],
)
def test_shared_ideas_occur_in_every_audience(pattern: str) -> None:
    assert {row["audience"] for row in NOTES if re.search(pattern, row["text"], re.IGNORECASE)} == AUDIENCES


@pytest.mark.parametrize(
    ("pattern", "audience"),
    [
        (r"sensor (data|feeds|network)|raw readings|safe room", "Academia"),
        (r"\bpole permits|dig once|right-of-way", "Technology companies"),
        (r"four city grants|one report a year|union hall", "Nonprofits"),
        (r"public code|open license|vendor's repo", "Civic technologists"),
        (r"ticket queue|pager|on-call|nine tickets", "City staff: operations"),
        (r"retype|keyed in|ask once|nothing lost in between", "City staff: services"),
    ],
)
def test_local_ideas_occur_in_one_audience_and_more_than_once(pattern: str, audience: str) -> None:
    found = Counter(row["audience"] for row in NOTES if re.search(pattern, row["text"], re.IGNORECASE))
    assert set(found) == {audience}
    assert found[audience] >= 2


@pytest.mark.parametrize(
    ("pattern", "fewest"),
    [
        (r"home internet|internet (?:provider|at home)|fiber|internet en casa|compañía de internet", 30),
        (r"free wifi|laptop|hotspot", 25),
        (r"online|\ben línea", 50),
        (r"\baccounts?\b|sign-in|password|\bcuentas?\b|contraseña", 30),
        (r"plain language|translation|traducción|en español", 20),
        (r"open (?:permit |budget )?data|data portal|datos abiertos", 40),
        (r"privacy|privacidad|cameras?\b|cámaras|plate readers", 25),
        (r"cyber security|security breach|hacked", 12),
        (r"(?:IT|our best|keep) staff|\bhir(?:e|ed|ing)\b|salary", 15),
        (r"procurement|contract\b|contracts\b|\bvendors?\b|\bbid\b|contratos", 20),
        (r"legacy|old (?:\w+ ){0,2}(?:system|server)|servers?\b|system (?:is|was) down", 15),
        (r"class(?:es)?\b|digital (?:skills|navigator)|library computer|\bclases?\b", 18),
    ],
)
def test_ideas_are_named_in_words_that_many_people_share(pattern: str, fewest: int) -> None:
    named = [row for row in NOTES + PUBLIC if re.search(pattern, row["text"], re.IGNORECASE)]
    assert len(named) >= fewest
    assert len({row["audience"] for row in named}) >= 4


# Comments of the public


def test_public_comments_are_one_audience_and_channel_in_september_and_october() -> None:
    assert {(row["audience"], row["channel"]) for row in PUBLIC} == {("The public", "import")}
    days = [date.fromisoformat(row["day"]) for row in PUBLIC]
    assert days == sorted(days)
    assert date(2026, 9, 1) <= days[0] < days[-1] <= date(2026, 10, 31)
    assert len(PUBLIC) == 312


def test_public_comments_vary_in_length_and_manner() -> None:
    texts = [row["text"] for row in PUBLIC]
    assert sum(len(text.split()) == 1 for text in texts) >= 6
    assert sum(len(text.split()) >= 40 for text in texts) >= 15
    assert sum(text.isupper() and len(text) > 20 for text in texts) >= 3
    assert any("\n" in text for text in texts)
    assert {text[0] for text in texts} >= {"+", "-", "@"}


def test_campaign_is_six_letters_alike_and_none_equal() -> None:
    letters = [row for row in PUBLIC if CAMPAIGN in row["text"].lower()]
    assert len(letters) == 6
    assert len({row["text"] for row in letters}) == 6
    first, last = (date.fromisoformat(letters[i]["day"]) for i in (0, -1))
    assert (last - first).days <= 3


# Language


@pytest.mark.parametrize("rows", [NOTES, PUBLIC], ids=["notes", "public"])
def test_about_one_row_in_twelve_is_spanish_and_marked_so(rows: list[Row]) -> None:
    spanish = [row["text"] for row in rows if row["language"] == "es"]
    assert {row["language"] for row in rows} == {"en", "es"}
    assert 0.06 <= len(spanish) / len(rows) <= 0.12
    assert all(SPANISH.search(text) for text in spanish)
    assert not [row["text"] for row in rows if row["language"] == "en" and re.search("[¿¡ñ]", row["text"])]


# Nothing real, nothing mass-produced


def test_no_two_texts_are_equal_except_the_planted_repeats() -> None:
    repeated = {text: count for text, count in Counter(ALL_TEXTS).items() if count > 1}
    assert repeated == dict.fromkeys(PLANTED_REPEATS, 2)


def shared_runs(texts: list[str], length: int) -> dict[tuple[str, ...], int]:
    """Count the texts that hold each run of `length` words, and keep the runs found in more than one."""
    counts: Counter[tuple[str, ...]] = Counter()
    for text in texts:
        tokens = words(text)
        counts.update({tuple(tokens[i : i + length]) for i in range(len(tokens) - length + 1)})
    return {run: count for run, count in counts.items() if count > 1}


def test_no_six_words_in_a_row_are_used_twice() -> None:
    assert shared_runs([text for text in ALL_TEXTS if not is_planted_repeat(text)], 6) == {}


def test_no_opening_is_a_habit() -> None:
    own = [words(text) for text in ALL_TEXTS if not is_planted_repeat(text)]
    openings = Counter(tuple(tokens[:3]) for tokens in own if len(tokens) >= 3)
    assert max(openings.values()) <= 3
    first_words = Counter(tokens[0] for tokens in own if tokens)
    assert max(first_words.values()) <= len(own) / 10


@pytest.mark.parametrize(
    "pattern",
    [r"\S+@\S+\.\w+", r"https?://|www\.|\.(?:com|org|gov)\b", r"\d{3}[ .)-]{0,2}\d{4}\b", GIVEN_NAMES],
    ids=["e-mail address", "web address", "phone number", "given name"],
)
def test_nothing_points_to_a_person(pattern: str) -> None:
    assert [text for text in ALL_TEXTS if re.search(pattern, text)] == []
