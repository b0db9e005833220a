"""The reproduce bundle as a file: the same bytes for the same content, and nothing taken for granted."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.board import Decision
from survey.formats import bundle, bundle_parts, bundle_readme
from survey.formats.bundle import About, Audience, BundleComment, BundleError, Given, Run

ABOUT = About(
    study="IT plan “2026”",
    slug="it-plan",
    summary=3,
    summary_sha256="a" * 64,
    frozen_at="2026-03-01T12:00:00+00:00",
    board_revision=7,
    run=Run(2, "discover", "2026-02-01T12:00:00+00:00", {"options": {"seed": 1, "themes": None}}),
    audiences=(Audience("1", "Academia"), Audience("2", '"><svg onload=alert(1)>')),
)
COMMENTS = [
    BundleComment("c1", "One\u2028line\nand\x85another \x1b[31m", "1", "Academia", "What?", "en"),
    BundleComment("c2", "=1+1 😀 مرحبا", late=True),
]
GIVEN = Given(
    placed={"c2": ("B", "A"), "c1": ()},
    themes=("Z", "A"),
    earlier={"c1": (2, 1)},
    labels={2: "two", 1: "one"},
    numbers={"A": 4},
    every=True,
    stay={"c1": (4,)},
)
AT = datetime(2026, 1, 2, tzinfo=UTC)
DECISIONS = [
    Decision("apply", {"run": 1, "themes": {"1": 1}, "names": {"1": "A"}}, (), 1, "a@x.example", AT, 9),
    Decision("pin", {"note": "ü"}, (("c1", (1,)), ("c2", None)), 2, "b", AT, 9),
]


def members() -> dict[str, bytes]:
    return {
        bundle.README: bundle_readme.text(ABOUT),
        bundle.COMMENTS: bundle_parts.comments_out(COMMENTS),
        bundle.GIVEN: bundle_parts.given_out(GIVEN),
        bundle.EDITS: bundle_parts.edits_out(DECISIONS, {9: 1}),
        bundle.CODEBOOK: b"name\r\nA\r\n",
        bundle.THEMES: b"id\r\n1\r\n",
    }


def written(files: dict[str, bytes] | None = None) -> bytes:
    stream = io.BytesIO()
    bundle.write(stream, files or members(), bundle_parts.about_out(ABOUT))
    return stream.getvalue()


def zipped(files: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return stream.getvalue()


def content(data: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(member.filename, archive.read(member)) for member in archive.infolist()]


def test_what_was_written_is_read() -> None:
    files, manifest = bundle.read(written())
    assert {name: files[name] for name in members()} == members()
    assert bundle_parts.about_in(manifest) == ABOUT
    assert bundle_parts.comments_in(files[bundle.COMMENTS], ["1", "2"]) == COMMENTS
    read = bundle_parts.given_in(files[bundle.GIVEN])
    assert read == GIVEN
    assert list(read.placed) == ["c2", "c1"], "the run depends on the order"
    assert list(read.labels) == [2, 1]
    edits = bundle_parts.edits_in(files[bundle.EDITS])
    assert [(d.number, d.kind, d.details, d.comments, d.by, d.at, d.run) for d in edits] == [
        (d.number, d.kind, d.details, d.comments, d.by, d.at, 1) for d in DECISIONS
    ]


def test_equal_content_gives_equal_bytes() -> None:
    data = written()
    assert written(dict(reversed(members().items()))) == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert [member.filename for member in archive.infolist()] == list(bundle.MEMBERS)
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_manifest_has_the_hash_of_every_file() -> None:
    files, manifest = bundle.read(written())
    for name, told in manifest["files"].items():
        assert told == {"sha256": hashlib.sha256(files[name]).hexdigest(), "bytes": len(files[name])}
    assert manifest["files"].keys() | {bundle.MANIFEST} == set(bundle.MEMBERS)


def test_what_is_not_exact_is_said_in_manifest_and_readme() -> None:
    about = About(**{**ABOUT.__dict__, "notes": ("Two comments are missing.",)})
    told = bundle_parts.about_out(about)
    assert (told["exact"], told["notes"]) == (False, ["Two comments are missing."])
    assert "Two comments are missing." in bundle_readme.text(about).decode()
    assert "not exact" not in bundle_readme.text(ABOUT).decode()


@pytest.mark.parametrize("name", bundle.MEMBERS)
@pytest.mark.parametrize("change", [lambda b: b + b" ", lambda b: b[:-1], lambda b: b"\0" + b[1:]])
def test_attack_a_changed_member_is_refused_by_name(name: str, change: Callable[[bytes], bytes]) -> None:
    files = [(one, change(data) if one == name else data) for one, data in content(written())]
    with pytest.raises(BundleError, match=f"“{name}”"):
        bundle.read(zipped(files))


def test_attack_a_manifest_that_was_put_right_for_another_file_is_refused() -> None:
    files = dict(content(written()))
    files[bundle.THEMES] = b"id\r\n2\r\n"
    manifest = json.loads(files[bundle.MANIFEST])
    manifest["files"][bundle.THEMES]["sha256"] = hashlib.sha256(files[bundle.THEMES]).hexdigest()
    files[bundle.MANIFEST] = bundle.canonical(manifest)
    with pytest.raises(BundleError, match=r"“manifest\.json” was changed"):
        bundle.read(zipped([*files.items()]))


def test_attack_names_that_do_not_belong_there() -> None:
    files = content(written())
    for name in (
        "../../etc/passwd",
        "/abs",
        "sub/themes.csv",
        "THEMES.CSV",
        "x\x1b[2J",
        "a" * 5000,
        "comments.jsonl/",
    ):
        with pytest.raises(BundleError, match="does not belong") as told:
            bundle.read(zipped([*files, (name, b"")]))
        assert "\x1b" not in str(told.value)
        assert len(str(told.value)) < 200
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = zipped([*files, files[-1]])
    with pytest.raises(BundleError, match=r"“themes\.csv” is there twice"):
        bundle.read(twice)
    for place in range(len(files)):
        with pytest.raises(BundleError, match=f"“{files[place][0]}” is missing"):
            bundle.read(zipped(files[:place] + files[place + 1 :]))


@pytest.mark.parametrize(
    "data",
    [b"", b"no zip", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"PK\x03\x04" + b"PK\x05\x06", b"\0" * 5000],
    ids=["empty", "text", "head", "empty zip", "head and tail", "zeros"],
)
def test_what_is_no_bundle_is_refused(data: bytes) -> None:
    with pytest.raises(BundleError):
        bundle.read(data)


def test_a_bundle_cut_anywhere_is_refused() -> None:
    data = written()
    for end in range(0, len(data), 37):
        with pytest.raises(BundleError):
            bundle.read(data[:end])


def test_attack_a_bomb_is_measured_while_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "MOST_UNPACKED", 3 * 1024**2)
    files = [(n, b"0" * 8 * 1024**2 if n == bundle.COMMENTS else d) for n, d in content(written())]
    data = bytearray(zipped(files))
    # The directory claims that it is small.
    place = data.rfind(b"PK\x01\x02", 0, data.rfind(bundle.COMMENTS.encode()))
    struct.pack_into("<L", data, place + 24, 10)
    for attack in (bytes(data), zipped(files)):
        with pytest.raises(BundleError):
            bundle.read(attack)


def test_attack_packed_otherwise_locked_or_with_many_members() -> None:
    files = content(written())
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        with pytest.raises(BundleError, match="packed in another way"):
            bundle.read(zipped(files, method))
    locked = bytearray(zipped(files))
    for place in (locked.find(b"PK\x03\x04") + 6, locked.find(b"PK\x01\x02") + 8):
        locked[place] |= 1
    with pytest.raises(BundleError):
        bundle.read(bytes(locked))
    with pytest.raises(BundleError, match="holds more"):
        bundle.read(zipped([(f"{number:060}", b"") for number in range(1000)]))


def test_too_much_for_a_bundle_is_refused_when_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "MOST_UNPACKED", 1000)
    with pytest.raises(BundleError, match="too many comments"):
        written()


@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(max_examples=150)
def test_a_bit_that_flips_is_found_or_alters_nothing(place: float, bit: int) -> None:
    whole = written()
    data = bytearray(whole)
    data[int(place * len(data))] ^= 1 << bit
    try:
        files, _manifest = bundle.read(bytes(data))
    except BundleError:
        return
    assert files == bundle.read(whole)[0], "dates and permissions in the archive say nothing"


JUNK: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def spoilt(value: Any, draw: Callable[[Any], Any]) -> Any:
    """The same with one thing in it put in the place of another."""
    if isinstance(value, dict) and value and draw(st.booleans()):
        key = draw(st.sampled_from(sorted(value)))
        return {**value, key: spoilt(value[key], draw)}
    if isinstance(value, list) and value and draw(st.booleans()):
        place = draw(st.integers(0, len(value) - 1))
        return [*value[:place], spoilt(value[place], draw), *value[place + 1 :]]
    return draw(JUNK)


@given(st.data())
@settings(max_examples=150)
def test_values_of_another_kind_are_refused_or_read(data: st.DataObject) -> None:
    readers: list[tuple[bytes, Callable[[bytes], Any]]] = [
        (members()[bundle.COMMENTS].split(b"\n")[0], lambda b: bundle_parts.comments_in(b, ["1", "2"])),
        (members()[bundle.EDITS].split(b"\n")[1], bundle_parts.edits_in),
        (members()[bundle.GIVEN], bundle_parts.given_in),
        (json.dumps(bundle_parts.about_out(ABOUT)).encode(), lambda b: bundle_parts.about_in(json.loads(b))),
    ]
    content, read = data.draw(st.sampled_from(readers))
    wrong = spoilt(json.loads(content), data.draw)
    if not isinstance(wrong, dict):
        wrong = {"x": wrong}
    with suppress(BundleError):
        assert read(json.dumps(wrong).encode()) is not None


@pytest.mark.parametrize(
    "line", [b"[" * 100_000, b"{", b"\xff", b"[]", b"null", b'{"number": ' + b"9" * 5000 + b"}"]
)
def test_attack_json_that_is_none_or_too_deep(line: bytes) -> None:
    for read in (bundle_parts.edits_in, bundle_parts.given_in, lambda b: bundle_parts.comments_in(b, [])):
        with pytest.raises(BundleError):
            read(line)


def test_a_comment_of_a_group_that_the_manifest_does_not_name_is_refused() -> None:
    with pytest.raises(BundleError, match=r"comments\.jsonl"):
        bundle_parts.comments_in(bundle_parts.comments_out(COMMENTS), ["2"])
