"""Two note takers type 200 notes in five minutes; the network is cut three times: each note once, in order.

`python benchmarks/session.py` (some six minutes; `--quick` half a minute) writes `results/session.json`, and
ends with an error when a note is lost, stored twice, changed or out of order.

Real Chromium, real gunicorn, SQLite. The first cut takes both note takers off the network, the second one of
them, in the third the server is killed with SIGKILL and started again.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.results import save
from survey.models import Note
from tests.support import chromium
from tests.support.meeting_room import NoteTaker, Room, note_taker, open_room

NOTES = 100
"""By each of the two."""
SECONDS = 300
SECONDS_OF_CUT = 20
HOSTILE = (
    "<img src=x onerror=alert(1)> & <b>bold</b>",
    "=HYPERLINK(“x”) +1-2@a",
    "bell \x07 escape \x1b[31m tab\tend",
    "👩🏽‍🚀 🏳️‍🌈 emoji",
    "أريد أن أدفع \u202e من هاتفي",
)


def text_of(taker: NoteTaker, number: int) -> str:
    """A note that no other is like; every tenth is hostile."""
    more = f": {HOSTILE[number // 10 % len(HOSTILE)]}" if number % 10 == 5 else ", as somebody said"
    return f"Note {number} of {taker.name}{more}"


def cuts(room: Room, takers: list[NoteTaker]) -> list[tuple[Callable[[], None], Callable[[], None]]]:
    """How each of the three cuts begins and ends."""

    def offline(some: list[NoteTaker], value: bool) -> Callable[[], None]:
        return lambda: [one.context.set_offline(value) for one in some] and None

    return [
        (offline(takers, True), offline(takers, False)),
        (offline(takers[:1], True), offline(takers[:1], False)),
        (room.kill, room.start),
    ]


def run(room: Room, takers: list[NoteTaker], notes: int, seconds: float, cut: float) -> float:
    """Type; the line is cut at a quarter, a half and three quarters of the time. Returns how long it took."""
    began = time.monotonic()
    events: list[tuple[float, Callable[[], None]]] = []
    for place, (start, end) in enumerate(cuts(room, takers), start=1):
        events += [(seconds * place / 4, start), (seconds * place / 4 + cut, end)]
    turns = [(seconds * number / notes, taker, number) for number in range(notes) for taker in takers]
    for due, taker, number in turns:
        while events and events[0][0] <= due:
            _wait(began + events[0][0])
            events.pop(0)[1]()
        _wait(began + due)
        taker.type(text_of(taker, number))
    for due, act in events:
        _wait(began + due)
        act()
    for taker in takers:
        taker.expect_saved(60)
    return time.monotonic() - began


def _wait(until: float) -> None:
    time.sleep(max(0.0, until - time.monotonic()))


def judge(stored: list[Note], takers: list[NoteTaker]) -> dict[str, Any]:
    """What became of the notes; all but the first two and the last number should be 0."""
    typed = [text for taker in takers for text in taker.typed]
    times = Counter(note.text for note in stored)
    shown = [note.text for note in stored]
    order = sum(
        [note.text for note in stored if note.made_by.startswith(taker.name)] != taker.typed
        for taker in takers
    )
    return {
        "typed": len(typed),
        "stored": len(stored),
        "lost": sum(text not in times for text in typed),
        "twice": sum(number > 1 for number in times.values()),
        "changed": sum(text not in set(typed) for text in times),
        "note takers whose notes are out of order": order,
        "note takers whose screen differs from what is stored": sum(
            _settled(taker, shown) != shown for taker in takers
        ),
    }


def _settled(taker: NoteTaker, wanted: list[str]) -> list[str]:
    """What a screen shows, once it had time to hear of the other's last notes."""
    for _second in range(15):
        if taker.shown() == wanted:
            break
        taker.page.wait_for_timeout(1000)
    return taker.shown()


def main() -> int:
    """Measure and write it down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="40 notes in half a minute")
    quick = parser.parse_args().quick
    notes, seconds, cut = (20, 30.0, 3.0) if quick else (NOTES, float(SECONDS), float(SECONDS_OF_CUT))
    with (
        tempfile.TemporaryDirectory() as folder,
        chromium.open_browser() as browser,
        open_room(Path(folder)) as room,
        note_taker(browser, room, "facilitator") as ann,
        note_taker(browser, room, "planner") as bob,
    ):
        took = run(room, [ann, bob], notes, seconds, cut)
        report = {
            **judge(room.notes(), [ann, bob]),
            "seconds": round(took, 1),
            "cuts": 3,
            "seconds_of_each_cut": cut,
        }
    print(report)
    if not quick:
        print(save("session", report))
    good = report["typed"] == report["stored"] == 2 * notes
    bad = [name for name in ("lost", "twice", "changed") if report[name]]
    differ = [name for name, value in report.items() if name.startswith("note takers") and value]
    return 0 if good and not bad and not differ else 1


if __name__ == "__main__":
    sys.exit(main())
