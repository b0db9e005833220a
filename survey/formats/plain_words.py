"""HTML as plain text: lines stay lines, links keep their address, and what is lost is told.

Written for texts of survey tools, which are bits of HTML from editors and from word processors, often broken.
One pass, no tree, so nothing is too deep.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

TAG = re.compile(
    r"""<(/?)([A-Za-z][A-Za-z0-9:]*)((?:[^<>"']|"[^"]{0,20000}"|'[^']{0,20000}'){0,20000}?)/?>"""
)
ATTRIBUTE = re.compile(r"""([A-Za-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""")
BLOCKS = frozenset(
    {"address", "article", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "footer",
     "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend", "main", "ol", "p", "pre",
     "section", "table", "tbody", "tfoot", "thead", "tr", "ul"}
)  # fmt: skip
# Their content is no text for people.
SILENT = frozenset({"script", "style", "template", "noscript", "iframe", "object", "svg", "select", "head"})
LOST = {
    "script": "scripts", "iframe": "embedded pages", "object": "embedded pages", "embed": "embedded pages",
    "svg": "pictures", "img": "pictures", "video": "videos", "audio": "sounds", "input": "form fields",
    "select": "form fields", "textarea": "form fields", "button": "form fields",
}  # fmt: skip
LOOKS = frozenset(
    {"b", "strong", "i", "em", "u", "font", "span", "mark", "small", "big", "sup", "sub", "h1", "h2", "h3",
     "h4", "h5", "h6", "style"}
)  # fmt: skip
BLANKS_INSIDE = re.compile(r"[ \t]{2,}")
BLANKS = re.compile(r"[ \t\r\n\f\u00a0]+")
MANY_LINES = re.compile(r"\n{3,}")
AROUND_LINES = re.compile(r" *\n *")
EMPTY_CELLS = re.compile(r"^(?:\| ?)+|(?: ?\|)+$", re.MULTILINE)
ADDRESS = re.compile(r"(?:https?|mailto|tel|ftp):", re.IGNORECASE)
ELLIPSIS = "…"
MOST_TEXT = 100_000  # characters of one text; longer ones end there


@dataclass(frozen=True)
class Plain:
    """A text without tags, and what of it is lost: a set of words such as "pictures", "looks" and "long"."""

    text: str
    lost: frozenset[str] = frozenset()


class _Writer:
    """Takes tags and text in turn and writes the lines."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.lost: set[str] = set()
        self.link: tuple[str, int] | None = None

    def text(self, raw: str) -> None:
        """Take text between two tags."""
        self.pieces.append(BLANKS.sub(" ", unescape(raw)))

    def tag(self, closing: bool, name: str, attributes: str) -> None:
        """Take a tag: line ends, marks of lists and cells, addresses of links."""
        if name in LOST and not closing:
            self.lost.add(LOST[name])
        if name in LOOKS:
            self.lost.add("looks")
        if name in BLOCKS or name == "br":
            self.pieces.append("\n" if name != "p" or closing else "\n\n")
        elif name == "li" and not closing:
            self.pieces.append("\n• ")
        elif name in ("td", "th") and not closing:
            self.pieces.append(" | ")
        elif name == "img":
            self.pieces.append(_attribute(attributes, "alt"))
        elif name == "a":
            self._link(closing, _attribute(attributes, "href"))

    def _link(self, closing: bool, address: str) -> None:
        """After the text of a link comes its address, unless the text is the address."""
        if self.link:
            target, start = self.link
            said = "".join(self.pieces[start:]).strip()
            if target and target.removeprefix("mailto:") != said and target != said:
                self.pieces.append(f" ({target})" if said else target)
            self.link = None
        if not closing:
            self.link = (address.strip() if ADDRESS.match(address.strip()) else "", len(self.pieces))

    def close(self) -> Plain:
        """The text and what was lost."""
        self._link(True, "")
        text = AROUND_LINES.sub("\n", BLANKS_INSIDE.sub(" ", "".join(self.pieces)))
        text = EMPTY_CELLS.sub("", text)
        return Plain(MANY_LINES.sub("\n\n", AROUND_LINES.sub("\n", text)).strip(), frozenset(self.lost))


def plain(html: str) -> Plain:
    """The text of a bit of HTML. Without any tag, its own line ends count."""
    if len(html) > MOST_TEXT:
        told = plain(html[:MOST_TEXT])
        return Plain(told.text + ELLIPSIS, told.lost | {"long"})
    if "<" not in html or not TAG.search(html):
        text = unescape(html).replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
        return Plain(MANY_LINES.sub("\n\n", text).strip())
    writer, at = _Writer(), 0
    while at < len(html):
        at = _step(writer, html, at)
    return writer.close()


def _step(writer: _Writer, html: str, at: int) -> int:
    """Take what begins at `at`, a tag or text, and return where it ends."""
    if html.startswith("<!--", at):
        end = html.find("-->", at)
        return len(html) if end < 0 else end + 3
    match = TAG.match(html, at) if html[at] == "<" else None
    if not match:
        end = html.find("<", at + 1)
        end = len(html) if end < 0 else end
        writer.text(html[at:end])
        return end
    name = match.group(2).lower()
    writer.tag(bool(match.group(1)), name, match.group(3))
    if name in SILENT and not match.group(1) and not match.group().endswith("/>"):
        return _after(html, name, match.end())
    return match.end()


def _after(html: str, name: str, at: int) -> int:
    """Where an element ends whose content is not read."""
    end = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(html, at)
    return end.end() if end else len(html)


def _attribute(attributes: str, wanted: str) -> str:
    for match in ATTRIBUTE.finditer(attributes[:20_000]):
        if match.group(1).lower() == wanted:
            return unescape(match.group(2) or match.group(3) or match.group(4) or "")
    return ""


def cut(text: str, most: int, start: int = 0) -> int:
    """Where a piece that begins at `start` ends: at a line, sentence or word, after at most `most`."""
    if len(text) - start <= most:
        return len(text)
    for mark in ("\n", ". ", " "):
        at = text.rfind(mark, start + most // 3, start + most)
        if at >= 0:
            return at + len(mark)
    return start + most


def pieces(text: str, most: int) -> list[str]:
    """A text in pieces of at most so many characters; none for an empty text."""
    found, start = [], 0
    while start < len(text):
        end = cut(text, most, start)
        piece = text[start:end].strip()
        found += [piece] if piece else []
        start = end
    return found


def shortened(text: str, most: int) -> str:
    """A text on one line with at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + ELLIPSIS
