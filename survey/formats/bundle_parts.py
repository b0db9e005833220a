"""The members of a bundle as values: written as JSON, and read with every value looked at first.

A bundle may come from anybody, and its hashes only say that it is as somebody wrote it. So nothing is taken
for granted here: what is not of the kind it should be is refused in one sentence that names the member.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from survey.board import Decision, kinds
from survey.formats.bundle import (
    AGAIN,
    COMMENTS,
    EDITS,
    GIVEN,
    MANIFEST,
    About,
    Audience,
    BundleComment,
    BundleError,
    Given,
    Run,
    document,
)

KINDS = ("discover", "place")
MOST_NUMBER = 2**53
"""What JSON programs keep whole."""


def comments_out(comments: Iterable[BundleComment]) -> bytes:
    """Write comments, one a line."""
    return _lines(asdict(comment) for comment in comments)


def comments_in(content: bytes, audiences: Iterable[str]) -> list[BundleComment]:
    """Read comments; their groups must be among the keys in `audiences`."""
    return list(_Comments(audiences).read(content))


class _Comments:
    def __init__(self, audiences: Iterable[str]) -> None:
        self._keys = {"", *audiences}

    def read(self, content: bytes) -> Iterator[BundleComment]:
        for line in _objects(content, COMMENTS):
            yield BundleComment(
                id=_text(line, "id", COMMENTS),
                text=_text(line, "text", COMMENTS),
                audience=self._audience(line),
                group=_maybe_text(line, "group", COMMENTS),
                prompt=_maybe_text(line, "prompt", COMMENTS),
                language=_maybe_text(line, "language", COMMENTS),
                late=line.get("late") is True,
            )

    def _audience(self, line: Mapping[str, Any]) -> str:
        key = _text(line, "audience", COMMENTS)
        if key not in self._keys:
            raise _wrong(COMMENTS)
        return key


def edits_out(decisions: Iterable[Decision], runs: Mapping[int, int]) -> bytes:
    """Write decisions, oldest first, one a line; `runs` has the number of each run by its id."""
    return _lines(_edit(decision, runs) for decision in decisions)


def _edit(decision: Decision, runs: Mapping[int, int]) -> dict[str, Any]:
    return {
        "number": decision.number,
        "kind": decision.kind,
        "details": decision.details,
        "comments": [[comment, themes] for comment, themes in decision.comments],
        "by": decision.by,
        "at": decision.at.isoformat(),
        "run": runs.get(decision.run, 0),
    }


def edits_in(content: bytes) -> list[Decision]:
    """Read decisions."""
    return [_decision(line) for line in _objects(content, EDITS)]


def _decision(line: Mapping[str, Any]) -> Decision:
    kind, details = _text(line, "kind", EDITS), line.get("details")
    if kind not in kinds.KINDS or not isinstance(details, dict):
        raise _wrong(EDITS)
    return Decision(
        kind=kind,
        details=details,
        comments=tuple(_of_comment(pair) for pair in _list(line.get("comments"), EDITS)),
        number=_whole(line.get("number"), EDITS),
        by=_text(line, "by", EDITS),
        at=_moment(_text(line, "at", EDITS)),
        run=_whole(line.get("run"), EDITS),
    )


def _of_comment(pair: Any) -> tuple[str, tuple[int, ...] | None]:
    match pair:
        case [str(comment), None]:
            return comment, None
        case [str(comment), list(themes)]:
            return comment, tuple(_whole(theme, EDITS) for theme in themes)
    raise _wrong(EDITS)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise _wrong(EDITS) from error


def given_out(given: Given) -> bytes:
    """Write what a run knew. The order of names and comments is kept: the run depends on it."""
    content = asdict(given)
    if content["earlier"] is not None:
        content["earlier"] = {comment: list(themes) for comment, themes in content["earlier"].items()}
    return f"{json.dumps(content, ensure_ascii=False, indent=1)}\n".encode("utf-8", "surrogatepass")


def given_in(content: bytes) -> Given:
    """Read what a run knew."""
    found = document(content, GIVEN)
    placed = _mapping(found, "placed")
    before = None if found.get("earlier") is None else _mapping(found, "earlier")
    return Given(
        placed={comment: _texts(names) for comment, names in placed.items()},
        themes=_texts(found.get("themes")),
        earlier=None if before is None else {c: _wholes(themes) for c, themes in before.items()},
        labels={_number(theme): _is_text(label) for theme, label in _mapping(found, "labels").items()},
        numbers={name: _whole(number, GIVEN) for name, number in _mapping(found, "numbers").items()},
        every=found.get("every") is True,
        stay={comment: _wholes(themes) for comment, themes in _mapping(found, "stay").items()},
    )


def about_out(about: About) -> dict[str, Any]:
    """Make the fields of the manifest."""
    return {
        "study": {"title": about.study, "slug": about.slug},
        "summary": {
            "number": about.summary,
            "sha256": about.summary_sha256,
            "frozen_at": about.frozen_at,
            "board_revision": about.board_revision,
        },
        "run": asdict(about.run),
        "audiences": [[audience.key, audience.name] for audience in about.audiences],
        "exact": not about.notes,
        "notes": list(about.notes),
    }


def about_in(manifest: Mapping[str, Any]) -> About:
    """Read the manifest."""
    study, summary, run = (_section(manifest, name) for name in ("study", "summary", "run"))
    if run.get("kind") not in KINDS or not isinstance(run.get("manifest"), dict):
        raise _wrong(MANIFEST)
    return About(
        study=_text(study, "title", MANIFEST),
        slug=_text(study, "slug", MANIFEST),
        summary=_whole(summary.get("number"), MANIFEST),
        summary_sha256=_text(summary, "sha256", MANIFEST),
        frozen_at=_text(summary, "frozen_at", MANIFEST),
        board_revision=_whole(summary.get("board_revision"), MANIFEST),
        run=Run(
            _whole(run.get("number"), MANIFEST), run["kind"], _text(run, "made_at", MANIFEST), run["manifest"]
        ),
        audiences=tuple(_audience(pair) for pair in _list(manifest.get("audiences"), MANIFEST)),
        notes=tuple(_is_text(note, MANIFEST) for note in _list(manifest.get("notes"), MANIFEST)),
    )


def _audience(pair: Any) -> Audience:
    match pair:
        case [str(key), str(name)]:
            return Audience(key, name)
    raise _wrong(MANIFEST)


def _section(manifest: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = manifest.get(name)
    if not isinstance(found, dict):
        raise _wrong(MANIFEST)
    return found


def _lines(objects: Iterable[Mapping[str, Any]]) -> bytes:
    write = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
    return "".join(f"{write(one)}\n" for one in objects).encode("utf-8", "surrogatepass")


def _objects(content: bytes, name: str) -> Iterator[dict[str, Any]]:
    # Not `splitlines`: texts may hold other line ends than that of a line.
    for line in content.removesuffix(b"\n").split(b"\n") if content else ():
        yield document(line, name)


def _wrong(name: str) -> BundleError:
    return BundleError(f"“{name}” holds something that does not belong there. {AGAIN}")


def _text(line: Mapping[str, Any], key: str, name: str) -> str:
    return _is_text(line.get(key), name)


def _maybe_text(line: Mapping[str, Any], key: str, name: str) -> str | None:
    return None if line.get(key) is None else _text(line, key, name)


def _is_text(value: Any, name: str = GIVEN) -> str:
    if not isinstance(value, str):
        raise _wrong(name)
    return value


def _whole(value: Any, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < MOST_NUMBER:
        raise _wrong(name)
    return value


def _number(key: str) -> int:
    if not (key.isascii() and key.isdigit() and len(key) < 16):
        raise _wrong(GIVEN)
    return int(key)


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise _wrong(name)
    return value


def _mapping(found: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = found.get(key)
    if not isinstance(value, dict):
        raise _wrong(GIVEN)
    return value


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_is_text(one) for one in _list(value, GIVEN))


def _wholes(value: Any) -> tuple[int, ...]:
    return tuple(_whole(one, GIVEN) for one in _list(value, GIVEN))
