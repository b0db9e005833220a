"""The words of an XLSForm for a survey: in our languages, without markup, as long as they may be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

LINE_BREAK = re.compile(r"<br\s*/?>|</p>|</div>|</li>|</h[1-6]>", re.IGNORECASE)
ELEMENT = re.compile(
    r"</?(?:span|b|i|u|p|br|div|font|h[1-6]|strong|em|a|ul|ol|li|small|big|center|img|su[pb]|table|tr|t[dh]|hr)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
HEADING = re.compile(r"(?m)^[ \t]*#{1,6}[ \t]+")
BOLD = re.compile(r"\*\*([^*\n]+)\*\*|(?<!\w)__([^_\n]+)__(?!\w)")
LINK = re.compile(r"\[([^\[\]\n]+)\]\((https?://[^()\s]+)\)")
PIPE = re.compile(r"\$\{\s*([^\s{}$]+)\s*\}")
UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


@dataclass
class Notes:
    """What is told about one row: sentences, each once."""

    said: list[str] = field(default_factory=list)

    def add(self, sentence: str) -> None:
        """One more sentence."""
        if sentence not in self.said:
            self.said.append(sentence)

    def __bool__(self) -> bool:
        return bool(self.said)

    def __str__(self) -> str:
        return " ".join(self.said)


def plain(text: str) -> str:
    """A text without HTML and Markdown; links keep their address."""
    found = LINE_BREAK.sub("\n", text) if "<" in text else text
    found = ELEMENT.sub("", found) if "<" in found else found
    found = LINK.sub(r"\1 (\2)", BOLD.sub(r"\1\2", HEADING.sub("", found)))
    return UNWANTED.sub("", PIPE.sub(r"${\1}", found)).strip()


def words(
    texts: Mapping[str, str], tags: Mapping[str, str], first: str, most: int, notes: Notes
) -> dict[str, str]:
    """Texts by the names of languages -> by our tags; the first language always has one where any has."""
    found: dict[str, str] = {}
    for name, text in texts.items():
        clean = plain(text)
        if clean != text.strip():
            _tell(clean, text, notes)
        if clean:
            found.setdefault(tags.get(name, first), cut(clean, most, notes))
    if found and first not in found:
        stand_in = next(iter(found))
        notes.add(
            _("There is no text in “%(tag)s”; the one in “%(other)s” stands in.", tag=first, other=stand_in)
        )
        found = {first: found[stand_in], **found}
    return found


def _tell(clean: str, text: str, notes: Notes) -> None:
    if "".join(PIPE.sub(r"${\1}", text).split()) != "".join(clean.split()):
        notes.add(_("Bold type, colors and the like are left out of its text."))


def cut(text: str, most: int, notes: Notes) -> str:
    """A text as long as it may be, cut at a blank."""
    if len(text) <= most:
        return text
    notes.add(_("Its text was longer than %(most)s characters and is cut. Check it.", most=most))
    at = text.rfind(" ", most // 2, most - 1)
    return text[: at if at > 0 else most - 1].rstrip() + "…"


def parted(
    label: Mapping[str, str], help: Mapping[str, str], most: int
) -> tuple[dict[str, str], dict[str, str]]:
    """Label and help: of a label that is too long, what is beyond its first sentences goes into the help."""
    heads, rests = {}, {}
    for tag, text in label.items():
        heads[tag], rest = _head(text, most)
        both = "\n\n".join(filter(None, (rest, help.get(tag, ""))))
        if both:
            rests[tag] = both
    for tag, text in help.items():
        rests.setdefault(tag, text)
    return heads, rests


def _head(text: str, most: int) -> tuple[str, str]:
    if len(text) <= most:
        return text, ""
    ends = [found.end() for found in re.finditer(r"[.!?:。？！](?=\s)|\n", text[:most])]
    at = ends[-1] if ends else text.rfind(" ", 1, most)
    at = at if at > 0 else most
    return text[:at].strip() or text[:most], text[at:].strip()


def each(texts: Mapping[str, str], change: Callable[[str], str]) -> dict[str, str]:
    """Every text changed in one way."""
    return {name: change(text) for name, text in texts.items()}
