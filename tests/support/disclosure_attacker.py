"""A second attacker, who knows more: people are whole, and how tables are made.

The auditor asks linear programs what fractions of people could be. Nobody is a fraction, so what is left for
whole people may be less. It also uses how tables are made: a group is listed only where somebody belongs
to it, and people without any choice are not counted among those who answered a question with several.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix, hstack, vstack

from analysis.disclose import Shown, Table
from tests.support.disclosure_audit import Release, Target, _Joint, _linked

SECONDS = 10.0
NEAR = 1e-4


@dataclass
class Attack:
    """What was attacked; `small` can be told to be below k but maybe nobody, `leaks` to be somebody."""

    targets: int = 0
    small: int = 0
    undecided: int = 0
    leaks: list[str] = field(default_factory=list)


class _Whole(_Joint):
    """All combinations at every release, with what whole people allow."""

    def _several_atoms(self) -> list[dict[str, str]]:
        """Of those who were asked, all that chose something."""
        return [atom for atom in super()._several_atoms() if not atom["asked"] or _chose(atom)]

    def _release(self, number: int, release: Release) -> None:
        super()._release(number, release)
        for key in self.keys:
            shown = release.shown.get(key)
            if shown is not None and not shown.held:
                self.upper += [(-row, -1.0) for row in self._somebody(number, shown)]

    def _somebody(self, number: int, table: Shown | Table) -> Iterator[Any]:
        """A row for each group that is listed."""
        for place, dim in enumerate(table.dims) if table.exclusive else ():
            if dim.startswith("@"):
                cells = [self._cell_of(table, atom) for atom in self.atoms]
                for code in {cell[place] for cell in table.counts}:
                    inside = [one is not None and one in table.counts and one[place] == code for one in cells]
                    yield self.row(number, inside)

    def rules(self) -> Any:
        """All that is known, as one constraint."""
        # The first says nothing, so that there is one even where nothing is shown.
        rules = [(np.zeros(len(self.bounds)), 0.0), *self.equal]
        rows = [row for row, _value in (*rules, *self.upper)]
        high = [value for _row, value in (*rules, *self.upper)]
        low = [value for _row, value in rules] + [-np.inf] * len(self.upper)
        return LinearConstraint(csr_matrix(np.array(rows)), low, high)

    def most(self, row: Any, rules: Any) -> float | None:
        """The most that a sum of whole people can be; None when time ran out; -inf when nothing fits."""
        found = self._solve(row, rules, presolve=True)
        if found.status == 2:
            # HiGHS says now and then that nothing fits, where the truth does: its preparation rounds too far.
            found = self._solve(row, rules, presolve=False)
        ends = {0: -float(found.fun) if found.fun is not None else None, 2: -np.inf, 3: np.inf}
        # HiGHS says 4 for "unbounded or infeasible": some people always fit, for the truth does.
        return ends.get(found.status, np.inf if found.status == 4 else None)

    def _solve(self, row: Any, rules: Any, *, presolve: bool) -> Any:
        high = [np.inf if most is None else most for _least, most in self.bounds]
        return milp(
            -row,
            constraints=rules,
            bounds=Bounds(np.zeros(len(high)), high),
            integrality=np.ones(len(high), dtype=int),
            options={"time_limit": SECONDS, "presolve": presolve},
        )

    def far(self, targets: Sequence[Target], k: int, rules: Any) -> list[Target]:
        """The targets that do not reach k when as many as possible do, once each."""
        size, number = len(self.bounds), len(targets)
        # Each further unknown is 1 at most, and k times it at most the sum of its target.
        matrix = vstack(
            [
                hstack([rules.A, csr_matrix((rules.A.shape[0], number))]),
                hstack(
                    [
                        csr_matrix(np.array([target.row for target in targets])),
                        csr_matrix(-k * np.eye(number)),
                    ]
                ),
            ]
        )
        low = np.concatenate([rules.lb, np.zeros(number)])
        high = [np.inf if most is None else most for _least, most in self.bounds]
        found = milp(
            np.concatenate([np.zeros(size), -np.ones(number)]),
            constraints=LinearConstraint(matrix, low, np.concatenate([rules.ub, np.full(number, np.inf)])),
            bounds=Bounds(np.zeros(size + number), [*high, *[1] * number]),
            integrality=np.repeat([1, 0], [size, number]),
            options={"time_limit": SECONDS},
        )
        if found.x is None:
            return list(targets)
        return [target for target in targets if target.row @ found.x[:size] < k - NEAR]


def _chose(atom: dict[str, str]) -> bool:
    return any(chosen for name, chosen in atom.items() if name != "asked")


def attack(releases: Sequence[Release], k: int) -> Attack:
    """Attack everything that was shown, as whole people."""
    found = Attack()
    for population in sorted({t.population for release in releases for t in release.truth.values()}):
        for keys in _linked(releases, population):
            _attack(_Whole(releases, keys, population), k, found)
    return found


def _attack(joint: _Whole, k: int, found: Attack) -> None:
    targets = list(joint.targets(k))
    found.targets += len(targets)
    if not targets:
        return
    rules = joint.rules()
    for target in joint.far(targets, k, rules):
        high = joint.most(target.row, rules)
        if high is None:
            found.undecided += 1
        elif high == -np.inf:
            found.leaks.append(f"nothing fits to what was shown: {target.words}")
            return
        elif high < k - NEAR:
            found.small += 1
            least = joint.most(-target.row, rules)
            low = -np.inf if least is None else -least
            if (low >= 1 - NEAR and not target.left_out) or high - low < NEAR:
                found.leaks.append(f"{target.words}: between {low:.0f} and {high:.0f}")
