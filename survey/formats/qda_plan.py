"""What goes where in a REFI-QDA project, before it is written: sources, cases, people, codes and notes.

Comments are grouped into text sources by audience and prompt. A source holds the comments one after the
other, each followed by an empty line, and no more than a thousand of them: tools get slow on longer texts,
and a tool that counts positions in another way (see `qdpx`) is off by no more than what is in one source.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from survey.formats.codebook import CodebookError, name_key
from survey.formats.qda_guid import code_guids, guid
from survey.formats.qda_text import one_line_end, storable
from survey.formats.qdpx_project import CodedComment, CodedProject, ProjectNote

COMMENTS_IN_SOURCE = 1_000
BETWEEN = "\n\n"
MAX_NAME = 150
PROGRAM = "Throughline"
VARIABLES = ("audience", "channel", "prompt", "language")


@dataclass(slots=True)
class Source:
    """A text of several comments."""

    guid: str
    name: str
    comments: list[CodedComment] = field(default_factory=list)

    def texts(self) -> Iterator[str]:
        """Yield the text in pieces, one for each comment."""
        for comment in self.comments:
            yield comment_text(comment) + BETWEEN

    def places(self) -> Iterator[tuple[CodedComment, int, int]]:
        """Yield each comment with the position of its first character and that after its last."""
        start = 0
        for comment in self.comments:
            end = start + len(comment_text(comment))
            yield comment, start, end
            start = end + len(BETWEEN)


@dataclass(slots=True)
class Case:
    """The comments that have the same audience, channel, prompt and language."""

    guid: str
    name: str
    values: dict[str, str]
    selections: list[str] = field(default_factory=list)


class Plan:
    """A project in the parts it is written in; made in one pass over the comments."""

    def __init__(self, project: CodedProject) -> None:
        self.project = project
        self.scope = storable(project.title)
        self.people = self._people()
        self.codes = self._codes()
        self.selections: dict[str, str] = {}
        self.sources: list[Source] = []
        self.cases: dict[tuple[str | None, ...], Case] = {}
        self._names: dict[str, int] = {}
        self._place_comments()
        self.notes_on = self._notes()

    def guid(self, *parts: str) -> str:
        """Return the GUID of something in this project."""
        return guid(self.scope, *parts)

    def user(self, person: str | None) -> str:
        """Return the GUID of a person, or of the program for None."""
        return self.guid("user", "program") if person is None else self.guid("user", "person", person)

    def code(self, code: str | int) -> str:
        """Return the GUID of the code that is meant."""
        found = self.codes.get(code if isinstance(code, int) else name_key(code))
        if found is None:
            raise CodebookError(f"The codebook has no code “{code}”, which comments or notes have.")
        return found

    def note(self, note: ProjectNote) -> str:
        """Return the GUID of a note."""
        return self.guid("note", note.id)

    def _people(self) -> dict[str | None, str]:
        """Return who is named anywhere, also where the list of people has them not."""
        project = self.project
        known: dict[str | None, str] = {person.id: person.name for person in project.people}
        for named in chain((note.by for note in project.notes), (item.coded_by for item in project.comments)):
            known.setdefault(named, named or PROGRAM)
        return known

    def _codes(self) -> dict[str | int, str]:
        found: dict[str | int, str] = {}
        codebook = self.project.codebook
        for entry, code in zip(codebook.entries, code_guids(codebook), strict=True):
            found.setdefault(name_key(entry.name), code)
            if entry.number is not None:
                found.setdefault(entry.number, code)
        return found

    def _place_comments(self) -> None:
        open_sources: dict[tuple[str | None, str | None], Source] = {}
        for comment in self.project.comments:
            if comment.id in self.selections:
                raise CodebookError(f"Two comments have the id “{comment.id}”.")
            if not comment.text:
                raise CodebookError(f"The comment “{comment.id}” has no text.")
            selection = self.selections[comment.id] = self.guid("selection", comment.id)
            self._source(comment, open_sources).comments.append(comment)
            self._case(comment).selections.append(selection)

    def _source(self, comment: CodedComment, known: dict[tuple[str | None, str | None], Source]) -> Source:
        key = (comment.audience, comment.prompt)
        source = known.get(key)
        if source is None or len(source.comments) >= COMMENTS_IN_SOURCE:
            name = self._distinct(": ".join(filter(None, key)) or "Comments")
            source = known[key] = Source(self.guid("source", str(len(self.sources))), name)
            self.sources.append(source)
        return source

    def _case(self, comment: CodedComment) -> Case:
        key = tuple(getattr(comment, variable) for variable in VARIABLES)
        case = self.cases.get(key)
        if case is None:
            name = ", ".join(filter(None, key))[:MAX_NAME] or "Comments"
            values = {variable: value for variable, value in zip(VARIABLES, key, strict=True) if value}
            case = Case(self.guid("case", str(len(self.cases))), name, values)
            self.cases[key] = case
        return case

    def _distinct(self, name: str) -> str:
        """Return the name of a source, numbered from the second on: some tools want them distinct."""
        name = " ".join(name.split())[:MAX_NAME]
        times = self._names[name] = self._names.get(name, 0) + 1
        return name if times == 1 else f"{name} (part {times})"

    def _notes(self) -> dict[tuple[str, str], list[str]]:
        """Return the notes by what they are on: a selection, a code, or the project itself."""
        found: dict[tuple[str, str], list[str]] = {}
        for note in self.project.notes:
            found.setdefault(self._target(note), []).append(self.note(note))
        return found

    def _target(self, note: ProjectNote) -> tuple[str, str]:
        if note.comment is not None:
            selection = self.selections.get(note.comment)
            if selection is None:
                raise CodebookError(f"A note is on the comment “{note.comment}”, which the project has not.")
            return "selection", selection
        return ("project", "") if note.code is None else ("code", self.code(note.code))


def comment_text(comment: CodedComment) -> str:
    """Return a comment as it stands in its source: all but line ends and what XML cannot hold is kept."""
    return storable(one_line_end(comment.text))
