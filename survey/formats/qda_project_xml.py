"""The XML of a REFI-QDA project, in the order of the published schema, as a stream of short pieces."""

import datetime as dt
from collections.abc import Iterable, Iterator

from survey.formats.qda_guid import code_guids
from survey.formats.qda_plan import VARIABLES, Case, Plan, Source
from survey.formats.qda_text import in_attribute, in_text
from survey.formats.qdc import DECLARATION, ORIGIN, codes_xml
from survey.formats.qdpx_project import CodedComment

NAMESPACE = "urn:QDA-XML:project:1.0"


def project_xml(plan: Plan) -> Iterator[str]:
    """Yield the document; parts that would be empty are left out, as the schema wants it."""
    project = plan.project
    made = _made(project.made_at)
    name = in_attribute(project.title)
    yield f'{DECLARATION}<Project xmlns="{NAMESPACE}" name="{name}" origin="{ORIGIN}"{made}>\n'
    yield from _wrapped("Users", (_user(plan, person, name) for person, name in plan.people.items()))
    if project.codebook.entries:
        yield "<CodeBook>\n"
        yield from codes_xml(project.codebook, _notes_on_codes(plan))
        yield "</CodeBook>\n"
    variables = [
        variable for variable in VARIABLES if any(variable in case.values for case in plan.cases.values())
    ]
    yield from _wrapped("Variables", (_variable(plan, variable) for variable in variables))
    yield from _wrapped("Cases", (piece for case in plan.cases.values() for piece in _case(plan, case)))
    yield from _wrapped("Sources", (piece for source in plan.sources for piece in _source(plan, source)))
    yield from _wrapped("Notes", _notes(plan))
    yield _note_refs(plan, "project", "")
    yield "</Project>\n"


def _wrapped(name: str, pieces: Iterable[str]) -> Iterator[str]:
    """Yield an element around the pieces; none at all where there are no pieces."""
    started = False
    for piece in pieces:
        if not started:
            yield f"<{name}>\n"
            started = True
        yield piece
    if started:
        yield f"</{name}>\n"


def _moment(at: dt.datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("A time in a project must know its time zone.")
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _made(at: dt.datetime | None) -> str:
    return "" if at is None else f' creationDateTime="{_moment(at)}"'


def _user(plan: Plan, person: str | None, name: str) -> str:
    return f'<User guid="{plan.user(person)}" name="{in_attribute(name)}"/>\n'


def _variable(plan: Plan, variable: str) -> str:
    return f'<Variable guid="{_variable_guid(plan, variable)}" name="{variable}" typeOfVariable="Text"/>\n'


def _variable_guid(plan: Plan, variable: str) -> str:
    return plan.guid("variable", variable)


def _value(plan: Plan, variable: str, value: str) -> str:
    reference = f'<VariableRef targetGUID="{_variable_guid(plan, variable)}"/>'
    return f"<VariableValue>{reference}<TextValue>{in_text(value)}</TextValue></VariableValue>\n"


def _case(plan: Plan, case: Case) -> Iterator[str]:
    yield f'<Case guid="{case.guid}" name="{in_attribute(case.name)}">\n'
    for variable, value in case.values.items():
        yield _value(plan, variable, value)
    for selection in case.selections:
        yield f'<SelectionRef targetGUID="{selection}"/>\n'
    yield "</Case>\n"


def _source(plan: Plan, source: Source) -> Iterator[str]:
    made = _made(plan.project.made_at)
    path = f"internal://{source.guid}.txt"
    name = in_attribute(source.name)
    yield f'<TextSource guid="{source.guid}" name="{name}" plainTextPath="{path}"{made}>\n'
    for comment, start, end in source.places():
        yield _selection(plan, comment, start, end, made)
    first = source.comments[0]  # all of a source have the same
    for variable, value in (("audience", first.audience), ("prompt", first.prompt)):
        if value:
            yield _value(plan, variable, value)
    yield "</TextSource>\n"


def _selection(plan: Plan, comment: CodedComment, start: int, end: int, made: str) -> str:
    selection = plan.selections[comment.id]
    user = plan.user(comment.coded_by)
    came = f' creationDateTime="{comment.day.isoformat()}T00:00:00Z"' if comment.day else ""
    # A code that is named twice, or by name and by number, is one coding.
    codings = "".join(
        f'<Coding guid="{plan.guid("coding", comment.id, code)}" creatingUser="{user}"{made}>'
        f'<CodeRef targetGUID="{code}"/></Coding>'
        for code in dict.fromkeys(map(plan.code, comment.codes))
    )
    return (
        f'<PlainTextSelection guid="{selection}" name="{in_attribute(comment.id)}" '
        f'startPosition="{start}" endPosition="{end}" creatingUser="{user}"{came}>'
        f"{codings}{_note_refs(plan, 'selection', selection)}</PlainTextSelection>\n"
    )


def _note_refs(plan: Plan, kind: str, target: str) -> str:
    return "".join(f'<NoteRef targetGUID="{note}"/>' for note in plan.notes_on.get((kind, target), ()))


def _notes_on_codes(plan: Plan) -> dict[int, str]:
    guids = code_guids(plan.project.codebook)
    return {place: refs for place, code in enumerate(guids) if (refs := _note_refs(plan, "code", code))}


def _notes(plan: Plan) -> Iterator[str]:
    for note in plan.project.notes:
        attributes = f'guid="{plan.note(note)}" name="Note {in_attribute(note.id)}"'
        by = f' creatingUser="{plan.user(note.by)}"{_made(note.at)}'
        yield f"<Note {attributes}{by}><PlainTextContent>{in_text(note.text)}</PlainTextContent></Note>\n"
