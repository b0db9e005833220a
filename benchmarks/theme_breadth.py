"""Whether the themes that all audiences share are called common, and no others (see `breadth.py`)."""

from __future__ import annotations

from typing import Any

from benchmarks.theme_data import Data
from benchmarks.theme_measures import Check
from benchmarks.theme_peers import Peers

STUDIES = 400


def breadth(data: Data, peers: Peers) -> dict[str, Any]:
    """Measure on themes that people coded, and on simulated studies of 6 audiences of 5 people."""
    from benchmarks import breadth as truth

    coded = {name: truth.coded(data.folder / f"{name}.jsonl") for name in truth.FILES}
    simulated = truth.simulated(40 if data.quick else STUDIES)
    held = [simulated["over_all_worlds"][way] for way in truth.MAIN]
    checks = [check for name, found in coded.items() for check in _on(name, found)]
    checks += [
        Check("lowest share of 90 % intervals that hold the truth", min(held), truth.BARS[0]),
        Check("highest share of 90 % intervals that hold the truth", max(held), truth.BARS[1], False),
    ]
    return {
        "data": "goboston2030 by neighbourhood, dc_vision_zero by road user; studies made up",
        "measure": "themes wrongly called common or not; coverage over all worlds, each way of listening",
        "checks": [check.as_json() for check in checks],
        "halves": "one file each",
        "coded": coded,
        "simulated": simulated,
    }


def _on(name: str, found: dict[str, Any]) -> list[Check]:
    return [
        Check(f"{name}, themes with 5 % everywhere not called common", len(found["missed"]), 0, False),
        Check(f"{name}, themes missing somewhere called common", len(found["wrongly_common"]), 0, False),
    ]
