"""An independent reader of REFI-QDA files, with the rules of the published schemas.

Written from the schemas Codebook.xsd 1.0 and Project.xsd of March 2019: for each element its attributes, and
its children in their order.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field

from lxml import etree

GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
KINDS = {
    "guid": rf"{GUID}|\{{{GUID}\}}",
    "text": r"(?s).*",
    "boolean": "true|false|0|1",
    "color": "#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})",
    "integer": "-?[0-9]+",
    # With its time zone, which the schema leaves open and we do not.
    "moment": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})",
    "variable": "Text|Boolean|Integer|Float|Date|DateTime",
}
MADE = "creatingUser=guid creationDateTime=moment modifyingUser=guid modifiedDateTime=moment"
REFERENCE = "targetGUID!guid"
# Attributes: "!" needed, "=" not. Children: "?" at most one, "*" any number, "+" one or more, else one.
CODEBOOK = {
    "CodeBook": ("origin=text", "Codes Sets?"),
    "Codes": ("", "Code+"),
    "Code": ("guid!guid name!text isCodable!boolean color=color", "Description? Code*"),
    "Description": ("", None),
}
PROJECT = CODEBOOK | {
    "Project": (
        "name!text origin=text creatingUserGUID=guid creationDateTime=moment modifyingUserGUID=guid "
        "modifiedDateTime=moment basePath=text",
        "Users? CodeBook? Variables? Cases? Sources? Notes? Links? Sets? Graphs? Description? NoteRef*",
    ),
    "Users": ("", "User+"),
    "User": ("guid!guid name=text id=text", ""),
    "CodeBook": ("", "Codes"),
    "Code": ("guid!guid name!text isCodable!boolean color=color", "Description? NoteRef* Code*"),
    "Variables": ("", "Variable+"),
    "Variable": ("guid!guid name!text typeOfVariable!variable", "Description?"),
    "Cases": ("", "Case+"),
    "Case": ("guid!guid name=text", "Description? CodeRef* VariableValue* SourceRef* SelectionRef*"),
    "VariableValue": ("", "VariableRef TextValue?"),
    "TextValue": ("", None),
    "Sources": ("", "TextSource+"),
    "TextSource": (
        f"guid!guid name=text richTextPath=text plainTextPath=text {MADE}",
        "Description? PlainTextContent? PlainTextSelection* Coding* NoteRef* VariableValue*",
    ),
    "PlainTextContent": ("", None),
    "PlainTextSelection": (
        f"guid!guid name=text startPosition!integer endPosition!integer {MADE}",
        "Description? Coding* NoteRef*",
    ),
    "Coding": ("guid!guid creatingUser=guid creationDateTime=moment", "CodeRef NoteRef*"),
    "Notes": ("", "Note+"),
    **dict.fromkeys(("CodeRef", "NoteRef", "SourceRef", "SelectionRef", "VariableRef"), (REFERENCE, "")),
}
PROJECT["Note"] = PROJECT["TextSource"]
REPEATS = {"?": "?", "*": "*", "+": "+"}


def check(root: etree._Element, rules: dict[str, tuple[str, str | None]], namespace: str) -> None:
    """Fail where the document breaks a rule, and where two things have the same GUID."""
    for element in root.iter():
        assert isinstance(element.tag, str), "no comments or instructions"
        name = etree.QName(element)
        assert name.namespace == namespace
        attributes, children = rules[name.localname]
        _check_attributes(element, attributes)
        _check_children(element, children)
    guids = [guid.lower() for element in root.iter() if (guid := element.get("guid"))]
    assert len(guids) == len(set(guids))


def _check_attributes(element: etree._Element, rule: str) -> None:
    allowed = {}
    for part in rule.split():
        name, needed, kind = re.split("([!=])", part)
        allowed[name] = kind
        assert needed == "=" or name in element.attrib, (element.tag, name)
    for name, value in element.attrib.items():
        assert re.fullmatch(KINDS[allowed[name]], value), (element.tag, name, value)


def _check_children(element: etree._Element, rule: str | None) -> None:
    if rule is None:
        assert len(element) == 0
        return
    beside = [element.text, *(child.tail for child in element)]
    assert not "".join(filter(None, beside)).strip(), "text where only elements may be"
    pattern = ""
    for part in rule.split():
        repeat = REPEATS.get(part[-1], "")
        pattern += f"(?:{part.removesuffix(repeat) if repeat else part} ){repeat}"
    found = "".join(f"{etree.QName(child).localname} " for child in element)
    assert re.fullmatch(pattern, found), (element.tag, found[:200])


def parse(data: bytes) -> etree._Element:
    """Parse strictly; a byte order mark is none of ours."""
    assert data.startswith(b"<?xml")
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, huge_tree=True))


def check_codebook(data: bytes) -> etree._Element:
    """Check a .qdc file and return its root."""
    root = parse(data)
    check(root, CODEBOOK, "urn:QDA-XML:codebook:1.0")
    assert etree.QName(root).localname == "CodeBook"
    return root


@dataclass
class Coded:
    """A comment as the project has it."""

    text: str
    codes: list[tuple[str, str]] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    day: str | None = None
    source: str = ""


class Project:
    """A .qdpx file, read and checked: every reference leads to something, every selection to its text."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert archive.testzip() is None
            self.members = {name: archive.read(name) for name in archive.namelist()}
        self.root = parse(self.members["project.qde"])
        check(self.root, PROJECT, "urn:QDA-XML:project:1.0")
        assert etree.QName(self.root).localname == "Project"
        self.by_guid = {guid: element for element in self.root.iter() if (guid := element.get("guid"))}
        self._check_references()
        self.comments: dict[str, Coded] = {}
        for source in self.all("TextSource"):
            self._read_source(source)
        self._read_cases()
        paths = {f"sources/{source.get('plainTextPath', '')[11:]}" for source in self.all("TextSource")}
        assert set(self.members) == {"project.qde", *paths}

    def all(self, name: str, under: etree._Element | None = None) -> list[etree._Element]:
        """Return all elements of a name."""
        return list((self.root if under is None else under).iter(f"{{urn:QDA-XML:project:1.0}}{name}"))

    def _check_references(self) -> None:
        kinds = {
            "CodeRef": "Code",
            "NoteRef": "Note",
            "SelectionRef": "PlainTextSelection",
            "VariableRef": "Variable",
        }
        for reference, kind in kinds.items():
            for element in self.all(reference):
                target = self.by_guid[element.get("targetGUID", "")]
                assert etree.QName(target).localname == kind
        for element in self.root.iter():
            if user := element.get("creatingUser"):
                assert etree.QName(self.by_guid[user]).localname == "User"

    def _read_source(self, source: etree._Element) -> None:
        path = source.get("plainTextPath", "")
        assert path.startswith("internal://")
        text = self.members[f"sources/{path[11:]}"].decode("utf-8")
        assert not text.startswith("\ufeff")
        assert "\r" not in text
        end = 0
        for selection in self.all("PlainTextSelection", source):
            start, after = int(selection.get("startPosition", "")), end
            end = int(selection.get("endPosition", ""))
            assert after <= start < end < len(text)
            assert text[end] == "\n", "readers that take the end along get a line end, not half a comment"
            self._read_selection(selection, text[start:end], source.get("name", ""))

    def _read_selection(self, selection: etree._Element, text: str, source: str) -> None:
        name = selection.get("name", "")
        assert name not in self.comments
        coded = self.comments[name] = Coded(text, day=selection.get("creationDateTime"), source=source)
        for coding in self.all("Coding", selection):
            code = self.by_guid[self.all("CodeRef", coding)[0].get("targetGUID", "")]
            user = self.by_guid[coding.get("creatingUser", "")]
            coded.codes.append((code.get("name", ""), user.get("name", "")))
        coded.notes = [self.note(reference) for reference in self.all("NoteRef", selection)]

    def note(self, reference: etree._Element) -> str:
        """Return the text of the note that is meant."""
        return self.all("PlainTextContent", self.by_guid[reference.get("targetGUID", "")])[0].text or ""

    def _read_cases(self) -> None:
        names = {guid: element.get("name", "") for guid, element in self.by_guid.items()}
        for case in self.all("Case"):
            values = {
                names[self.all("VariableRef", value)[0].get("targetGUID", "")]: self.all("TextValue", value)[
                    0
                ].text
                for value in self.all("VariableValue", case)
            }
            for reference in self.all("SelectionRef", case):
                comment = self.comments[names[reference.get("targetGUID", "")]]
                assert not comment.variables
                comment.variables = {name: text or "" for name, text in values.items()}
