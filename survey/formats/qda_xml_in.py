"""The codes in REFI-QDA XML, read as a stream: no tree is built, so no depth is too deep.

Codebooks (.qdc) and the codebook in a project (project.qde) are the same but for their root and namespace.
Programs differ in both, and in what they leave out; so elements go by their local names, and only the name of
a code is needed. Document types are refused: entities that unfold, or name other files, need one.
"""

from collections import Counter
from collections.abc import Iterable

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, XMLParser

from survey.formats.codebook import CodebookError
from survey.formats.qda_codes import FILE, Problems, RawCode, code_called
from survey.formats.qda_text import take_apart
from survey.formats.rows import count

NAMESPACES = ("urn:QDA-XML:codebook:", "urn:QDA-XML:project:")
ROOTS = ("CodeBook", "Project")
MAX_CODES = 20_000
MAX_DEPTH = 100_000  # of elements; what is remembered of each is its name
MAX_TAG = 1024 * 1024  # bytes of one tag; the parser reads it anew with every chunk until it ends
NAMED = 5  # how many names a report gives before it counts


class NotXml(CodebookError):
    """The bytes are no whole XML in the encoding they name."""


class CodebookReader:
    """Takes the events of an XML parser and keeps the codes; `done` once the codebook has ended."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.codes: list[RawCode] = []
        self.title = ""
        self.done = False
        self.path: list[str] = []
        self.open: list[int] = []
        self.text: list[str] | None = None
        self.sets: list[str] = []
        self.others: Counter[str] = Counter()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        space, _, name = tag.rpartition("}")
        above = self.path[-1] if self.path else None
        self.path.append(name)
        if len(self.path) > MAX_DEPTH:
            raise CodebookError(
                "The file is nested too deep to be a codebook. Export it again and try again."
            )
        if above is None:
            self._root(space.removeprefix("{"), name)
            self.title = attributes.get("name", "")
        elif not self.done:
            self._element(above, name, attributes)

    def _root(self, space: str, name: str) -> None:
        if name not in ROOTS:
            raise CodebookError(
                f"The file is XML, but no codebook: it begins with <{name[:40]}>, not with <CodeBook>. "
                "Export the codebook as a REFI-QDA codebook (.qdc) and try again."
            )
        if not space.startswith(NAMESPACES):
            named = f"the namespace “{space[:60]}”" if space else "no namespace"
            self.problems.changed(
                FILE, "The file", f"names {named}, not that of REFI-QDA; it is read all the same"
            )

    def _element(self, above: str, name: str, attributes: dict[str, str]) -> None:
        if name == "Code" and above in ("Codes", "Code"):
            self._code(attributes)
        elif above == "Code" and name == "Description":
            self.text = []
        elif above == "Code":
            self.others[name] += 1
        elif above == "Sets" and name == "Set":
            self.sets.append(attributes.get("name", ""))

    def _code(self, attributes: dict[str, str]) -> None:
        if len(self.codes) >= MAX_CODES:
            raise CodebookError(
                f"The file has more than {MAX_CODES:,} codes. Keep the ones you need and export it again."
            )
        name = attributes.get("name", "")
        texts = {str(field): attributes[field] for field in ("guid", "color") if field in attributes}
        where = code_called(name) if name.strip() else f"Code number {len(self.codes) + 1}"
        if attributes.get("isCodable", "true").strip().lower() in ("false", "0"):
            reason = "is only a heading there (isCodable is false); here it can be coded like the others"
            self.problems.changed(len(self.codes), where, reason)
        self.open.append(len(self.codes))
        self.codes.append(RawCode(where, name, self.open[-2] if len(self.open) > 1 else None, texts))

    def data(self, text: str) -> None:
        """Take text, which counts only inside a description."""
        if self.text is not None:
            self.text.append(text)

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        name = self.path.pop()
        above = self.path[-1] if self.path else None
        if self.done:
            return
        if name == "Code" and above in ("Codes", "Code"):
            self.open.pop()
        elif name == "Description" and above == "Code" and self.text is not None:
            self._describe(self.codes[self.open[-1]], "".join(self.text))
        elif name == "CodeBook":
            self._finish()

    def _describe(self, code: RawCode, description: str) -> None:
        """Take a description; of two the second goes on with the first."""
        for field, text in take_apart(description).items():
            before = code.texts.get(field)
            code.texts[field] = f"{before}\n{text}" if before and text else before or text
        self.text = None

    def _finish(self) -> None:
        self.done = True
        if self.sets:
            named = ", ".join(f"“{name[:60]}”" for name in self.sets[:NAMED])
            more = f" and {len(self.sets) - NAMED:,} more" if len(self.sets) > NAMED else ""
            reason = f"has {count(len(self.sets), 'set')} of codes ({named}{more}); sets are left out"
            self.problems.left_out(FILE, "The file", reason)
        for name, times in self.others.most_common(NAMED):
            found = f"{count(times, 'element')} “{name[:60]}”"
            reason = f"has {found} in codes, for which there is no place here"
            self.problems.left_out(FILE, "The file", reason)

    def close(self) -> None:
        """Be a target that the parser can close."""


def read_codes(chunks: Iterable[bytes | str], problems: Problems) -> tuple[str, list[RawCode]]:
    """Return the title, where the root has one, and the codes; read no further than the end of the codebook.

    Raises
    ------
    NotXml
        The content is no XML, or breaks off before the codebook ends.
    CodebookError
        It is other XML, has a document type, or is too large.
    """
    reader = CodebookReader(problems)
    try:
        _feed(reader, chunks)
    except DefusedXmlException as error:
        raise CodebookError(
            "The file has a document type (<!DOCTYPE ...>). A codebook needs none, and it can do harm. "
            "Take that line out, or export the codebook with another program."
        ) from error
    except ParseError as error:
        if reader.done:  # what is wrong comes after the codebook
            return reader.title, reader.codes
        line, column = error.position
        raise NotXml(
            f"The file is not valid XML: it cannot be read from line {line}, column {column + 1}, on. "
            "Export the codebook again and try again."
        ) from error
    return reader.title, reader.codes


def _feed(reader: CodebookReader, chunks: Iterable[bytes | str]) -> None:
    parser = XMLParser(target=reader, forbid_dtd=True)
    fed = 0
    for chunk in chunks:
        _parse(parser, chunk)
        fed += len(chunk)
        if reader.done:
            return
        if isinstance(chunk, bytes) and fed - parser.parser.CurrentByteIndex > MAX_TAG:
            raise CodebookError("The file has a tag of more than a million characters, so it is no codebook.")
    parser.close()
    raise CodebookError("The file has no codebook in it. Export the codebook with its codes and try again.")


def _parse(parser: XMLParser, chunk: bytes | str) -> None:
    try:
        parser.feed(chunk)
    except (CodebookError, DefusedXmlException):  # are ValueErrors, too
        raise
    except (ValueError, LookupError) as error:
        raise NotXml(
            "The file names an encoding that cannot be read. Export the codebook again, in UTF-8."
        ) from error
