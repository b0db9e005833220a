"""Codebooks for tests, and a strategy for any codebook that a round trip must keep."""

import uuid
from dataclasses import replace

from hypothesis import strategies as st

from survey.formats.codebook import Codebook, CodebookProblem, CodeEntry, name_key

GUID = "0f1e2d3c-4b5a-4978-8796-a5b4c3d2e1f0"
BUSES = CodeEntry(
    name="Buses & “trams” <late>",
    definition="Late or rare.\n\nInclude: that word stands in the definition.\n=1+1",
    include="Routes\nStops",
    exclude="'Taxis'",
    example="“The 5 never comes” ]]>",
    guid=GUID,
    number=12,
    color="#1A2b3c",
)
NIGHT = CodeEntry(name="=Night", parent=BUSES.name, example="-1", number=3)
PARKS = CodeEntry(name="'Parks 🌳")
CODEBOOK = Codebook("IT plan", (BUSES, NIGHT, PARKS))

# What the formats give a meaning of their own.
PIECES = st.sampled_from(
    ["Include:", "exclude: ", "Theme number: 7", "Example", "\\", "\n", "\n\n", "'", "=", "+1", '"', ";", ","]
    + [
        "\t",
        "|",
        "&amp;",
        "<b>",
        "]]>",
        "\u2028",
        "\x85",
        " ",
        "é",
        "🚲",
        "sep=",
        "-",
        ":",
        "\u200b",
        "true",
        "7",
    ]
)
ALPHABET = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
TEXTS = st.lists(st.one_of(PIECES, st.text(ALPHABET, max_size=5)), max_size=8).map("".join)


FIELDS = TEXTS.map(str.strip)
NAMES = TEXTS.map(lambda text: " ".join(text.split())[:200].strip()).filter(bool)


@st.composite
def codebooks(draw: st.DrawFn, with_guids: bool) -> Codebook:
    """Return a codebook as a reader would give it: distinct names, those under a code right after it."""
    names = draw(st.lists(NAMES, min_size=1, max_size=6, unique_by=name_key))
    numbers = iter(draw(st.lists(st.integers(1, 999_999_999), min_size=6, max_size=6, unique=True)))
    top: str | None = None
    entries = []
    for name in names:
        parent = top if top is not None and draw(st.booleans()) else None
        top = name if parent is None else top
        texts = [draw(FIELDS) for _ in range(4)]
        number = next(numbers) if draw(st.booleans()) else None
        color = draw(st.sampled_from([None, "#FFF", "#00ff7F"]))
        guid = str(draw(st.uuids(version=4))) if with_guids or draw(st.booleans()) else None
        entries.append(CodeEntry(name, *texts, parent=parent, guid=guid, number=number, color=color))
    return Codebook("IT plan", tuple(entries))


def without_guids(codebook: Codebook) -> Codebook:
    """Return the codebook as it is before it got GUIDs."""
    return replace(codebook, entries=tuple(replace(entry, guid=None) for entry in codebook.entries))


def sentences(problems: tuple[CodebookProblem, ...]) -> list[str]:
    """Return problems as people read them."""
    return list(map(str, problems))


def is_guid(text: str | None) -> bool:
    """Return whether the text is a GUID in its usual form."""
    return text is not None and str(uuid.UUID(text)) == text
