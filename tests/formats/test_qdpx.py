"""REFI-QDA projects: every selection is its comment, every reference leads somewhere, and harm is refused."""

import datetime as dt
import io
import struct
import time
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.formats import qdpx
from survey.formats.codebook import Codebook, CodebookError, CodeEntry
from survey.formats.qda_any import read_codebook
from survey.formats.qda_plan import COMMENTS_IN_SOURCE
from survey.formats.qdpx import CodedComment, CodedProject, Person, ProjectNote
from tests.formats.codebooks import BUSES, CODEBOOK, TEXTS, sentences, without_guids
from tests.formats.qda_checks import Project
from tests.formats.test_qdc import HARM, book
from tests.formats.test_qdc import write as write_qdc

MADE_AT = dt.datetime(2024, 5, 6, 9, 8, 7, tzinfo=dt.timezone(dt.timedelta(hours=2)))
ANN = Person("7", 'Ann "A" <Ono>')
COMMENTS = (
    CodedComment(
        "c1", "🚲 Buses\r\nare late", (BUSES.name, 3), "North", "What\nto improve?", "web", "en", coded_by="7"
    ),
    CodedComment("c2", " ", (), "North", "What\nto improve?", "paper", "es", dt.date(2024, 2, 29)),
    CodedComment("c3", "]]> & \x00\ud800\r", (12, "buses & “TRAMS” <late>"), "South"),
    CodedComment("c4", "Más árboles 🌳", ("'Parks 🌳",), coded_by="9"),
)
NOTES = (
    ProjectNote("1", "Look\nagain <here>", "7", MADE_AT, comment="c1"),
    ProjectNote("2", "On the code", "7", MADE_AT, code=BUSES.name),
    ProjectNote("3", "On all"),
    ProjectNote("4", "Another", "8", comment="c1"),
)
PROJECT = CodedProject("IT plan & more", CODEBOOK, (ANN,), COMMENTS, NOTES, MADE_AT)


def written(project: CodedProject) -> bytes:
    stream = io.BytesIO()
    qdpx.write(project, stream)
    return stream.getvalue()


def zipped(members: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def project_xml(codes: str, rest: str = "") -> str:
    codebook = f"<CodeBook><Codes>{codes}</Codes></CodeBook>"
    return f'<Project xmlns="urn:QDA-XML:project:1.0" name="P">{codebook}{rest}</Project>'


def test_every_comment_is_a_selection_with_its_codes_and_who_coded() -> None:
    project = Project(written(PROJECT))
    assert project.root.get("name") == "IT plan & more"
    assert project.root.get("creationDateTime") == "2024-05-06T07:08:07Z"
    found = project.comments
    assert [comment.text for comment in found.values()] == [
        "🚲 Buses\nare late", " ", "]]> & \ufffd\ufffd\n", "Más árboles 🌳",
    ]  # fmt: skip
    assert found["c1"].codes == [(BUSES.name, ANN.name), ("=Night", ANN.name)]
    assert found["c2"].codes == []
    assert found["c3"].codes == [(BUSES.name, "Throughline")]
    assert found["c4"].codes == [("'Parks 🌳", "9")]
    assert [comment.day for comment in found.values()] == [None, "2024-02-29T00:00:00Z", None, None]


def test_audience_channel_prompt_and_language_are_variables_of_cases() -> None:
    project = Project(written(PROJECT))
    assert [comment.variables for comment in project.comments.values()] == [
        {"audience": "North", "channel": "web", "prompt": "What\nto improve?", "language": "en"},
        {"audience": "North", "channel": "paper", "prompt": "What\nto improve?", "language": "es"},
        {"audience": "South"},
        {},
    ]
    assert [source.get("name") for source in project.all("TextSource")] == [
        "North: What to improve?", "South", "Comments",
    ]  # fmt: skip


def test_notes_are_on_comments_codes_and_the_project() -> None:
    project = Project(written(PROJECT))
    assert project.comments["c1"].notes == ["Look\nagain <here>", "Another"]
    code = next(code for code in project.all("Code") if code.get("name") == BUSES.name)
    assert [project.note(child) for child in code if child.tag.endswith("NoteRef")] == ["On the code"]
    assert [project.note(child) for child in project.root if child.tag.endswith("NoteRef")] == ["On all"]
    assert project.all("Note")[0].get("creationDateTime") == "2024-05-06T07:08:07Z"


def test_equal_projects_give_equal_bytes_and_others_other_guids() -> None:
    assert written(PROJECT) == written(PROJECT)
    with zipfile.ZipFile(io.BytesIO(written(PROJECT))) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "project.qde"
    other = replace(PROJECT, title="Other", codebook=replace(CODEBOOK, title="Other"))
    mine, others = Project(written(PROJECT)), Project(written(other))
    assert not set(mine.by_guid) & (set(others.by_guid) - {BUSES.guid})


def test_codes_have_the_guids_they_have_in_the_codebook_alone() -> None:
    alone = read_codebook(write_qdc(CODEBOOK), "IT plan.qdc").codebook
    report = qdpx.read(written(PROJECT), "x.qdpx")
    assert report.codebook.entries == alone.entries
    assert report.codebook.title == "IT plan & more"
    assert without_guids(report.codebook).entries == without_guids(CODEBOOK).entries
    # The note on a code; its text is no part of the codebook.
    assert sentences(report.problems) == [
        "The file has 1 element “NoteRef” in codes, for which there is no place here"
    ]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(TEXTS.filter(bool), st.sampled_from(["", "A", "a", "=B\n"]), st.text(max_size=3)),
        max_size=8,
    )
)
def test_any_text_is_selected_exactly(drawn: list[tuple[str, str, str]]) -> None:
    comments = tuple(
        CodedComment(str(number), text, audience=audience, language=language)
        for number, (text, audience, language) in enumerate(drawn)
    )
    found = Project(written(CodedProject("P", Codebook(""), (), comments))).comments
    assert {name: coded.text for name, coded in found.items()} == {
        comment.id: comment.text for comment in comments
    }


def test_what_is_not_there_leaves_no_empty_element() -> None:
    project = Project(written(CodedProject("Nothing yet", Codebook(""))))
    assert len(project.root) == 0
    assert set(project.members) == {"project.qde"}


def test_what_does_not_fit_together_is_refused() -> None:
    twice = replace(PROJECT, comments=COMMENTS + COMMENTS[:1])
    nothing = replace(PROJECT, comments=(CodedComment("c9", ""),), notes=())
    unknown = replace(PROJECT, comments=(*COMMENTS, CodedComment("c9", "x", ("Nowhere",))))
    for project, says in (
        (twice, "Two comments have the id “c1”"),
        (nothing, "“c9” has no text"),
        (unknown, "no code “Nowhere”"),
        (replace(PROJECT, notes=(ProjectNote("1", "x", comment="c9"),)), "comment “c9”"),
        (replace(PROJECT, notes=(ProjectNote("1", "x", code=99),)), "no code “99”"),
    ):
        with pytest.raises(CodebookError, match=says):
            written(project)
    with pytest.raises(ValueError, match="time zone"):
        written(replace(PROJECT, made_at=dt.datetime(2024, 5, 6)))  # noqa: DTZ001


def test_long_sources_are_divided() -> None:
    comments = tuple(CodedComment(str(number), "x", audience="A") for number in range(COMMENTS_IN_SOURCE + 1))
    project = Project(written(replace(PROJECT, comments=comments, notes=())))
    assert [source.get("name") for source in project.all("TextSource")] == ["A", "A (part 2)"]
    assert [len(project.all("PlainTextSelection", source)) for source in project.all("TextSource")] == [
        1000,
        1,
    ]
    assert len(project.all("Case")) == 1


@pytest.mark.timeout(60)
def test_a_hundred_thousand_comments_take_seconds() -> None:
    text = "The bus is late and the stop has no roof. " * 3
    comments = tuple(
        CodedComment(str(number), text, (12, 3), f"audience {number % 6}", f"prompt {number % 3}")
        for number in range(100_000)
    )
    begun = time.process_time()
    data = written(replace(PROJECT, comments=comments, notes=()))
    assert time.process_time() - begun < 20
    begun = time.process_time()
    assert qdpx.read(data, "x.qdpx").taken == 3
    assert time.process_time() - begun < 1


def test_only_the_codebook_of_a_project_is_read() -> None:
    unread = "<Sources><TextSource guid='x'>" + "&undefined; <not closed"
    report = qdpx.read(
        zipped({"../../evil.txt": "x", "Project.QDE": project_xml('<Code name="a"/>', unread)}), "x.qdpx"
    )
    assert report.codebook == Codebook("P", (CodeEntry("a"),))
    inner = zipped(
        {"p/project.qde": project_xml('<Code name="b"/>'), "project.qde": project_xml('<Code name="a"/>')}
    )
    assert qdpx.read(inner, "x").codebook.entries == (CodeEntry("a"),)
    assert (
        qdpx.read(zipped({"p/project.qde": book('<Code name="b"/>')}), "f/My plan.qdpx").codebook.title
        == "My plan"
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"<Project/>", "no REFI-QDA project"),
        (b"PK\x03\x04 and nothing else", "damaged"),
        (zipped({}), "without “project.qde”"),
        (zipped({"sources/a.txt": "x"}), "without “project.qde”"),
        (zipped({"project.qde": ""}), "not valid XML"),
        (zipped({"project.qde": "<Project/>"}), "no codebook in it"),
        (zipped({"project.qde": project_xml("")}), "no codes"),
        (zipped({"project.qde": "<Project><CodeBook>"}), "not valid XML"),
        (zipped({"project.qde": b"<Project name='\xe9'/>"}), "not valid XML"),
        (zipped({"project.qde": project_xml('<Code name="a"/>')}, zipfile.ZIP_BZIP2), "packed in a way"),
        (zipped({"project.qde": " " * 50_000_000}), "unpacks to more"),
        (zipped({"project.qde": " " * 50_000_000}, zipfile.ZIP_STORED), "unpacks to more"),
        *((zipped({"project.qde": xml}), "document type") for xml in HARM.values()),
    ],
)
@pytest.mark.timeout(20)
def test_what_is_no_project_is_refused_in_words(data: bytes, says: str) -> None:
    with pytest.raises(CodebookError, match=says):
        qdpx.read(data, "x.qdpx")


def test_damage_is_found_and_said() -> None:
    data = bytearray(written(PROJECT))
    start = data.index(b"project.qde") + len("project.qde")
    data[start : start + 40] = b"\xff" * 40
    with pytest.raises(CodebookError):
        qdpx.read(bytes(data), "x.qdpx")
    for damaged in (written(PROJECT)[:-30], written(PROJECT)[20:], b"PK\x03\x04" + written(PROJECT)[40:]):
        with pytest.raises(CodebookError, match="damaged|no REFI-QDA project"):
            qdpx.read(damaged, "x.qdpx")


def test_a_password_is_said() -> None:
    data = bytearray(zipped({"project.qde": project_xml('<Code name="a"/>')}))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + at] |= 1
    with pytest.raises(CodebookError, match="password"):
        qdpx.read(bytes(data), "x.qdpx")


@pytest.mark.timeout(20)
def test_a_long_list_of_members_is_refused_before_it_is_read() -> None:
    good = zipped({"project.qde": project_xml('<Code name="a"/>')})
    end = good.index(b"PK\x05\x06")
    claimed = good[: end + 12] + struct.pack("<L", 2**31) + good[end + 16 :]
    with pytest.raises(CodebookError, match="unpacks to more"):
        qdpx.read(claimed, "x.qdpx")
    wide = b"PK\x06\x06" + struct.pack("<QHHLLQQQQ", 44, 45, 45, 0, 0, 2**20, 2**20, 2**31, 0)
    locator = b"PK\x06\x07" + struct.pack("<LQL", 0, end, 1)
    with pytest.raises(CodebookError, match="unpacks to more"):
        qdpx.read(good[:end] + wide + locator + good[end:], "x.qdpx")


@pytest.mark.timeout(20)
def test_one_endless_tag_is_refused_soon() -> None:
    begun = time.process_time()
    letters = bytes(97 + (7 * number * number + number // 3) % 26 for number in range(200_003)).decode() * 60
    with pytest.raises(CodebookError, match="more than a million characters"):
        qdpx.read(zipped({"project.qde": f'<Project name="{letters}"/>'}), "x.qdpx")
    assert time.process_time() - begun < 10


def test_a_project_is_known_by_what_is_in_it() -> None:
    assert read_codebook(written(PROJECT), "anything.zip").taken == 3
