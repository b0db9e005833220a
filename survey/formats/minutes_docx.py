"""Minutes in a Word document: paragraphs, items of lists, cells of tables, in the order of the page.

A document is a zip file of XML, and both can be small on disk and enormous in memory. So only the parts with
words in them are unpacked, piece by piece and under a limit, and parsed as they come: nothing is built, no
entity is known, and macros, pictures and links to elsewhere are never looked at.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from flask_babel import gettext as _

from survey.formats.minutes_lines import Line, MinutesError, has_words, line_of
from survey.formats.rows import Limits
from survey.formats.xlsx_package import CHUNK, MAX_DEPTH, MAX_MEMBERS, MAX_TAG

RELATIONS = "_rels/.rels"
MAIN_PART = "/officeDocument"
# What was there before somebody changed it, and what older programs show instead of what stands beside it.
NOT_THERE = frozenset({"del", "moveFrom", "pPrChange", "rPrChange", "numberingChange", "Fallback"})
BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
BODY_LEVEL = 9
MOST_ANCESTORS = 20
FAULTS = (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError, LookupError, ValueError)


@dataclass(slots=True)
class Style:
    """A style of paragraphs: what it says itself, and the one it is made after."""

    name: str = ""
    based_on: str = ""
    level: int | None = None
    outline: int | None = None


@dataclass(slots=True)
class Paragraph:
    """A paragraph while it is read."""

    style: str = ""
    level: int | None = None
    in_list: bool | None = None
    outline: int | None = None
    text: list[str] = field(default_factory=list)


def read_docx(data: bytes, limits: Limits) -> tuple[Line, ...]:
    """The lines of a Word document.

    Raises
    ------
    MinutesError
        It is none, damaged, locked with a password, or unpacks to more than the limits allow.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            return _Package(source, limits).lines()
    except MinutesError:
        raise
    except FAULTS as error:
        raise damaged() from error
    except (NotImplementedError, RuntimeError) as error:  # how zipfile says: unknown compression, encrypted
        raise MinutesError(
            _("The document is packed in a way that cannot be read. Save it again as .docx and try again.")
        ) from error


def damaged() -> MinutesError:
    """The document cannot be read."""
    return MinutesError(
        _("The Word document is damaged. Open it in Word, save it again as .docx, and try again.")
    )


def too_large() -> MinutesError:
    """The document has more in it than is read here."""
    return MinutesError(
        _("The document unpacks to more than is read here. Save it as plain text (.txt) and try again.")
    )


class _Package:
    """The parts of a document, measured while they are read."""

    def __init__(self, source: zipfile.ZipFile, limits: Limits) -> None:
        self.source, self.left, self.elements = source, limits.unpacked_bytes, limits.elements
        self.members = {member.filename: member for member in source.infolist()}
        if len(source.infolist()) > MAX_MEMBERS:
            raise too_large()

    def lines(self) -> tuple[Line, ...]:
        main = self._main_part()
        styles = posixpath.join(posixpath.dirname(main), "styles.xml")
        reader = _Styles()
        if styles in self.members:
            self._parse(styles, reader)
        body = _Body(reader.styles)
        self._parse(main, body)
        return tuple(body.lines)

    def _main_part(self) -> str:
        """The part with the text: where the package says that it is."""
        if RELATIONS not in self.members:
            raise MinutesError(
                _("The file is a zip archive but no Word document. Save the minutes as .docx or .txt.")
            )
        relations = _Relations()
        self._parse(RELATIONS, relations)
        if relations.main not in self.members or not relations.main.endswith(".xml"):
            raise MinutesError(_("The file is no Word document. Save the minutes as .docx or .txt."))
        return relations.main

    def _parse(self, name: str, reader: _Reader) -> None:
        member = self.members[name]
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotImplementedError
        parser = self._parser(reader)
        fed = 0
        with self.source.open(member) as stream:
            while chunk := stream.read(CHUNK):
                self.left -= len(chunk)
                if self.left < 0:
                    raise too_large()
                parser.Parse(chunk)
                fed += len(chunk)
                if fed - parser.CurrentByteIndex > MAX_TAG:
                    raise too_large()
        parser.Parse(b"", True)

    def _parser(self, reader: _Reader) -> expat.XMLParserType:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._counted(reader)
        parser.EndElementHandler = reader.end
        parser.CharacterDataHandler = reader.characters
        parser.StartDoctypeDeclHandler = _no_doctype
        return parser

    def _counted(self, reader: _Reader) -> Callable[[str, dict[str, str]], None]:
        def start(name: str, attributes: dict[str, str]) -> None:
            self.elements -= 1
            if self.elements < 0:
                raise too_large()
            reader.start(name, attributes)

        return start


def _no_doctype(*_declaration: object) -> None:
    """Documents have no document type; entities that unfold into each other need one."""
    raise damaged()


class _Reader:
    """Hears what a part holds; leaves out what `NOT_THERE` names."""

    def __init__(self) -> None:
        self.depth = self.skipped = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise too_large()
        local = name.rpartition(" ")[2]
        if self.skipped or local in NOT_THERE:
            self.skipped += 1
        else:
            self.begin(local, {key.rpartition(" ")[2]: value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        self.depth -= 1
        if self.skipped:
            self.skipped -= 1
        else:
            self.finish(name.rpartition(" ")[2])

    def characters(self, text: str) -> None:
        """Text between tags."""

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def finish(self, name: str) -> None:
        """An element ends."""


class _Relations(_Reader):
    """Which part is the document."""

    main = ""

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith(MAIN_PART):
            self.main = posixpath.normpath(attributes.get("Target", "").lstrip("/"))


class _Styles(_Reader):
    """Which styles are headings, and which make items of a list."""

    def __init__(self) -> None:
        super().__init__()
        self.styles: dict[str, Style] = {}
        self.now = Style()

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        value = attributes.get("val", "")
        if name == "style":
            self.now = self.styles.setdefault(attributes.get("styleId", ""), Style())
        elif name == "name":
            self.now.name = value.casefold()
        elif name == "basedOn":
            self.now.based_on = value
        elif name == "numPr":
            self.now.level = self.now.level or 0
        elif name == "ilvl":
            self.now.level = _number(value)
        elif name == "outlineLvl":
            self.now.outline = _number(value)


class _Body(_Reader):
    """The lines of the text. A text box stands inside a paragraph, so paragraphs are a stack."""

    def __init__(self, styles: Mapping[str, Style]) -> None:
        super().__init__()
        self.styles = styles
        self.lines: list[Line] = []
        self.paragraphs: list[Paragraph] = []
        self.count = self.runs = 0
        self.in_text = False

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "p":
            self.paragraphs.append(Paragraph())
        elif not self.paragraphs:
            return
        elif name == "r":
            self.runs += 1
        elif name == "t":
            self.in_text = True
        elif self.runs and name in BREAKS:
            self.paragraphs[-1].text.append(BREAKS[name])
        else:
            self._property(self.paragraphs[-1], name, attributes.get("val", ""))

    def _property(self, paragraph: Paragraph, name: str, value: str) -> None:
        if name == "pStyle":
            paragraph.style = value
        elif name == "ilvl":
            paragraph.level = _number(value)
        elif name == "numId":
            paragraph.in_list = value != "0"  # nought takes an item out of the list of its style
        elif name == "outlineLvl":
            paragraph.outline = _number(value)

    def characters(self, text: str) -> None:
        if self.in_text and self.paragraphs and not self.skipped:
            self.paragraphs[-1].text.append(text)

    def finish(self, name: str) -> None:
        if name == "t":
            self.in_text = False
        elif name == "r":
            self.runs = max(0, self.runs - 1)
        elif name == "p" and self.paragraphs:
            self._close(self.paragraphs.pop())

    def _close(self, paragraph: Paragraph) -> None:
        texts = [part for part in "".join(paragraph.text).split("\n") if has_words(part)]
        if not texts:
            return
        self.count += 1
        lineage = self._lineage(paragraph.style)
        if self._is_heading(paragraph, lineage):
            self.lines.append(Line(self.count, " ".join(map(str.strip, texts)), starts=True, heading=True))
            return
        level = self._level(paragraph, lineage)
        self.lines.append(line_of(self.count, texts[0], starts=True, level=level))
        self.lines.extend(line_of(self.count, text, starts=False) for text in texts[1:])

    def _lineage(self, style: str) -> list[Style]:
        """A style and those it is made after, the nearest first; a hostile file may have them in a circle."""
        found: list[Style] = []
        while style in self.styles and len(found) < MOST_ANCESTORS:
            found.append(self.styles[style])
            style = found[-1].based_on
        return found

    def _is_heading(self, paragraph: Paragraph, lineage: list[Style]) -> bool:
        named = any(s.name in ("title", "subtitle") or s.name.startswith("heading ") for s in lineage[:2])
        levels = [paragraph.outline, *(style.outline for style in lineage)]
        outline = next((level for level in levels if level is not None), BODY_LEVEL)
        return named or outline < BODY_LEVEL

    def _level(self, paragraph: Paragraph, lineage: list[Style]) -> int | None:
        """How deep a paragraph stands in a list; None outside of lists."""
        styled = next((style.level for style in lineage if style.level is not None), None)
        if paragraph.in_list is False or (paragraph.in_list is None and styled is None):
            return None
        return paragraph.level if paragraph.level is not None else styled or 0


def _number(value: str) -> int:
    """A level: a digit or two."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 3 else 0
