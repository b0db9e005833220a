"""Whether personal data is found, and little else taken for it (see `personal_data.py`)."""

from __future__ import annotations

from typing import Any

from benchmarks.theme_data import Data
from benchmarks.theme_measures import Check
from benchmarks.theme_peers import Peers


def personal(data: Data, peers: Peers) -> dict[str, Any]:
    """Measure on four hundred lines, of which a hundred are traps."""
    from benchmarks import personal_data as truth

    found = truth.count(truth.LINES)
    checks = [
        Check("recall of spans", found["recall"], truth.RECALL),
        Check("precision of spans", found["precision"], truth.PRECISION),
    ]
    return {
        "data": f"{found['lines']} made-up lines, 100 of them traps",
        "measure": "spans found exactly; names are for review and counted apart",
        "checks": [check.as_json() for check in checks],
        "halves": {"even": truth.count(truth.LINES[0::2]), "odd": truth.count(truth.LINES[1::2])},
        "all": found,
    }
