"""Text in REFI-QDA files: what XML can hold, and a description that holds the parts of a code's meaning.

Other programs know one description for each code. So the definition is written first; what belongs, what
does not, an example and the number follow as paragraphs with a label ("Include: ..."). People read them as
they are, and they are taken apart again here. A line of the text itself that looks like a label gets a
backslash in front, so that every text comes back word for word.
"""

import re

from survey.formats.codebook import TEXT_FIELDS, CodeEntry
from survey.formats.rows import REPLACEMENT

# Characters that XML 1.0 cannot hold, not even as references; and halves of surrogate pairs.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LINE_END = re.compile("\r\n?")
IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
IN_ATTRIBUTE = IN_TEXT | str.maketrans({'"': "&quot;", "\t": "&#9;", "\n": "&#10;"})

LABELS = {"include": "Include", "exclude": "Exclude", "example": "Example"}
NUMBER = "Theme number"
MEANT = {
    "include": "include",
    "inclusion": "include",
    "exclude": "exclude",
    "exclusion": "exclude",
    "example": "example",
    "examples": "example",
    "theme number": "number",
}
LABEL = re.compile(
    r"^(\\*)(include|inclusion|exclude|exclusion|examples?|theme number)(?: criteria)?:[ \t]*",
    re.IGNORECASE | re.MULTILINE,
)
ESCAPED = re.compile(r"^\\(?=\\*" + LABEL.pattern.removeprefix(r"^(\\*)") + ")", LABEL.flags)
DIGITS = re.compile("[1-9][0-9]{0,8}")


def storable(text: str) -> str:
    """Put U+FFFD for each character that XML cannot hold: the length stays the same."""
    return NOT_IN_XML.sub(REPLACEMENT, text)


def one_line_end(text: str) -> str:
    r"""Return the text with "\n" for every line end."""
    return LINE_END.sub("\n", text)


def in_text(text: str) -> str:
    """Return text as the content of an element, from which every character comes back."""
    return storable(text).translate(IN_TEXT)


def in_attribute(text: str) -> str:
    """Return text as the value of an attribute in double quotes, from which every character comes back."""
    return storable(text).translate(IN_ATTRIBUTE)


def describe(entry: CodeEntry) -> str:
    """Return the description of a code: its definition, then the other parts with their labels."""
    parts = [_escape(entry.definition)] if entry.definition else []
    parts += [
        f"{label}: {_escape(getattr(entry, field))}"
        for field, label in LABELS.items()
        if getattr(entry, field)
    ]
    if entry.number is not None:
        parts.append(f"{NUMBER}: {entry.number}")
    return "\n\n".join(parts)


def take_apart(description: str) -> dict[str, str]:
    """Return the parts of a description by field; `number` is there only when it is one.

    Parts that come twice are joined, and a part whose label does not hold ("Theme number: several") stays in
    the definition.
    """
    text = one_line_end(description)
    found = {field: list[str]() for field in TEXT_FIELDS}
    number = ""
    end, meaning, label = 0, "definition", ""
    for match in (*_labels(text), None):
        value = text[end : match.start() if match else len(text)].strip()
        if meaning != "number":
            found[meaning].append(value)
        elif DIGITS.fullmatch(value) and not number:
            number = value
        else:
            found["definition"].append(label + value)
        if match:
            end, meaning, label = match.end(), MEANT[match.group(2).casefold()], match.group()
    parts = {field: _unescape("\n".join(filter(None, values))) for field, values in found.items()}
    return parts | ({"number": number} if number else {})


def _labels(text: str) -> list[re.Match[str]]:
    return [match for match in LABEL.finditer(text) if not match.group(1)]


def _escape(text: str) -> str:
    return LABEL.sub(r"\\\g<0>", one_line_end(text))


def _unescape(text: str) -> str:
    return ESCAPED.sub("", text)
