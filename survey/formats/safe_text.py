"""Text that stays text: nothing in an export may become a formula, and nothing may be lost on the way."""

import re

# What spreadsheet programs take for the start of a formula, full-width forms and leading blanks included.
FORMULA_START = re.compile(r"[\s\ufeff\u200b-\u200f]*[=+\-@＝＋－＠]|[\t\r\n]")
# Characters that XML 1.0 cannot hold, and our own escapes where somebody typed them.
NOT_IN_XML = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|\\(?=x[0-9a-f]{2}|u[0-9a-f]{4})"
)


def looks_like_formula(text: str) -> bool:
    """Return whether a spreadsheet program might run the text."""
    return FORMULA_START.match(text) is not None


def for_csv(text: str) -> str:
    """Put an apostrophe before text that might be run as a formula, and before text that begins with one.

    Taking one leading apostrophe off gives the text back in every case.
    """
    return f"'{text}" if text.startswith("'") or looks_like_formula(text) else text


def for_xml(text: str) -> str:
    r"""Show what XML cannot hold as ``\x07`` or ``\ufffe``.

    A backslash that would look like the start of one of these becomes ``\x5c``, so the text can be had back.
    """
    return NOT_IN_XML.sub(_visible, text)


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
