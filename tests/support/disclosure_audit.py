"""An attacker with a linear program: what can be concluded from all that was ever shown of a study.

It shares nothing with the gate. Where the gate keeps to a junction tree, it counts every combination of all
attributes that are linked, of every release, and asks of each small number how large and how small it can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
from scipy import optimize
from scipy.sparse import csr_matrix

from analysis.disclose import Shown, Table

# Its types leave open what a result holds.
linprog: Any = optimize.linprog

NEAR = 1e-5


@dataclass(frozen=True)
class Release:
    """What was true and what was shown; `step` is 1 or -1 where people only came or went since the last."""

    truth: Mapping[str, Table]
    shown: Mapping[str, Shown]
    step: int = 0


@dataclass
class Verdict:
    """What was looked at and what could be concluded."""

    targets: int = 0
    leaks: list[str] = field(default_factory=list)
    tight: int = 0
    programs: int = 0


@dataclass(frozen=True)
class Target:
    """A number of few people: a row over all unknowns, and what it is, in words."""

    row: Any
    words: str
    left_out: bool = False


def audit(releases: Sequence[Release], k: int) -> Verdict:
    """Attack everything that was shown."""
    verdict = Verdict()
    for population in sorted({t.population for release in releases for t in release.truth.values()}):
        for keys in _linked(releases, population):
            _attack(_Joint(releases, keys, population), k, verdict)
    return verdict


def _linked(releases: Sequence[Release], population: str) -> list[set[str]]:
    """Keys of tables that have attributes in common; those of several choices stand alone."""
    groups: list[tuple[set[str], set[str]]] = []
    for release in releases:
        for key, table in release.truth.items():
            if table.population != population:
                continue
            keys, dims = {key}, set(table.dims) if table.exclusive else {key}
            for other in [one for one in groups if one[1] & dims]:
                groups.remove(other)
                keys, dims = keys | other[0], dims | other[1]
            groups.append((keys, dims))
    return [keys for keys, _dims in groups]


class _Joint:
    """All combinations of attributes at every release, with what is known of how many people have them."""

    def __init__(self, releases: Sequence[Release], keys: set[str], population: str) -> None:
        self.releases = releases
        self.keys = [key for release in releases for key in release.truth if key in keys]
        self.keys = list(dict.fromkeys(self.keys))
        self.tables = {key: next(r.truth[key] for r in releases if key in r.truth) for key in self.keys}
        self.several = any(not table.exclusive for table in self.tables.values())
        self.people = [_people(release, population) for release in releases]
        self.everybody = [_true_people(release, population) for release in releases]
        self.atoms = self._several_atoms() if self.several else self._atoms()
        self.size = len(self.atoms)
        self.equal: list[tuple[Any, float]] = []
        self.upper: list[tuple[Any, float]] = []
        self.bounds: list[tuple[float, float | None]] = [(0, None)] * (self.size * len(releases))
        for number, release in enumerate(releases):
            self._release(number, release)
            if number and release.step:
                self._step(number, release.step)

    def _atoms(self) -> list[dict[str, str]]:
        codes: dict[str, list[str]] = {}
        for release in self.releases:
            for key in self.keys:
                for table in [t for t in (release.truth.get(key), release.shown.get(key)) if t]:
                    for place, dim in enumerate(table.dims):
                        there = codes.setdefault(dim, [] if dim.startswith("@") else [""])
                        there += sorted({cell[place] for cell in table.counts} - set(there))
        return [dict(zip(codes, one, strict=True)) for one in product(*codes.values())]

    def _several_atoms(self) -> list[dict[str, str]]:
        """For small tables all sets of choices; a person who was not asked has none."""
        cells = sorted({c[0] for r in self.releases for key in self.keys for c in r.truth[key].counts})
        sets = product(("", "x"), repeat=len(cells))
        there = [{"asked": "x", **dict(zip(cells, one, strict=True))} for one in sets]
        return [{"asked": "", **dict.fromkeys(cells, "")}, *there]

    def row(self, number: int, inside: Sequence[bool]) -> Any:
        """A row over all unknowns that sums up some combinations of one release."""
        whole = np.zeros(self.size * len(self.releases))
        whole[number * self.size : (number + 1) * self.size] = inside
        return whole

    def rows(self, number: int, table: Table | Shown) -> Iterator[tuple[str, Any, int | None]]:
        """The numbers of a table: name, row, and value where it is known."""
        if not table.exclusive:
            yield from self._several_rows(number, table)
            return
        cells = [self._cell_of(table, atom) for atom in self.atoms]
        for cell, count in table.counts.items():
            yield f"cell {cell}", self.row(number, [one == cell for one in cells]), count
        yield "total", self.row(number, [one in table.counts for one in cells]), table.total
        for place, dim in enumerate(table.dims) if len(table.dims) > 1 else ():
            for code in sorted({cell[place] for cell in table.counts}):
                if code or dim.startswith("@"):
                    inside = [one is not None and one in table.counts and one[place] == code for one in cells]
                    counts = [count for cell, count in table.counts.items() if cell[place] == code]
                    known = None if None in counts else sum(counts)  # type: ignore[arg-type]
                    yield f"all of {dim} {code!r}", self.row(number, inside), known

    def _cell_of(self, table: Table | Shown, atom: dict[str, str]) -> tuple[str, ...] | None:
        """The cell in which people with these codes are counted; none for those who gave no answer."""
        answers = [atom[dim] for dim in table.dims if not dim.startswith("@")]
        return None if answers and not any(answers) else tuple(atom[dim] for dim in table.dims)

    def _several_rows(self, number: int, table: Table | Shown) -> Iterator[tuple[str, Any, int | None]]:
        asked = [atom["asked"] == "x" for atom in self.atoms]
        yield "total", self.row(number, asked), table.total
        for cell, count in table.counts.items():
            yield f"cell {cell}", self.row(number, [atom[cell[0]] == "x" for atom in self.atoms]), count
            rest = [atom["asked"] == "x" and atom[cell[0]] == "" for atom in self.atoms]
            known = None if count is None or table.total is None else table.total - count
            yield f"not {cell}", self.row(number, rest), known

    def _release(self, number: int, release: Release) -> None:
        tables = [release.shown[key] for key in self.keys if key in release.shown]
        new = [table for table in tables if not table.held]
        for table in new:
            for name, row, value in self.rows(number, table):
                if value is not None and (name == "total" or name.startswith("cell")):
                    self.equal.append((row, value))
        if self.people[number] is not None:
            self.equal.append((self.row(number, [True] * self.size), self.people[number] or 0))
        for place, atom in enumerate(self.atoms):
            if not self.several and not self._can_be(number, release, atom, new):
                self.bounds[number * self.size + place] = (0, 0)

    def _can_be(self, number: int, release: Release, atom: dict[str, str], tables: list[Shown]) -> bool:
        for table in tables:
            cell = tuple(atom[dim] for dim in table.dims)
            questions = [atom[dim] for dim in table.dims if not dim.startswith("@")]
            if cell not in table.counts and not (questions and not any(questions)):
                return False
            # A question that everybody must answer is known to be answered by everybody.
            if len(table.dims) == 1 and questions == [""] and self._must_answer(number, table.key):
                return False
        return True

    def _must_answer(self, number: int, key: str) -> bool:
        return (
            all(
                people is not None and release.truth[key].total == people
                for release, people in zip(self.releases, self.everybody, strict=True)
                if key in release.truth
            )
            and self.people[number] is not None
        )

    def _step(self, number: int, step: int) -> None:
        for place in range(self.size):
            row = np.zeros(self.size * len(self.releases))
            row[number * self.size + place], row[(number - 1) * self.size + place] = -step, step
            self.upper.append((row, 0.0))

    def targets(self, k: int) -> Iterator[Target]:
        """Numbers of 1 to k - 1 people, and changes by so many."""
        found = [self._true_rows(number) for number in range(len(self.releases))]
        for number, rows in enumerate(found):
            for name, (row, value) in rows.items():
                if 0 < value < k:
                    yield Target(row, f"release {number + 1}: {name} is {value}", self._left_out(name))
            for before in range(number):
                for name, (row, value) in rows.items():
                    if name in found[before]:
                        change = value - found[before][name][1]
                        if 0 < abs(change) < k:
                            whole = (row - found[before][name][0]) * np.sign(change)
                            words = f"releases {before + 1}, {number + 1}: {name} changed by {change}"
                            yield Target(whole, words, self._left_out(name))

    def _left_out(self, name: str) -> bool:
        """Whether a number is of people who gave no answer to a question of a cross table."""
        keys = [key for key in self.tables if name.startswith(f"{key} ")]
        table = self.tables[max(keys, key=len)]
        listed = name.removeprefix(f"{table.key} cell (").split(", ")
        pairs = zip(table.dims, listed, strict=False) if len(listed) > 1 else ()
        return any(not dim.startswith("@") and code.strip(")") == "''" for dim, code in pairs)

    def _true_rows(self, number: int) -> dict[str, tuple[Any, int]]:
        truth = self.releases[number].truth
        return {
            f"{key} {name}": (row, value)
            for key in self.keys
            if key in truth
            for name, row, value in self.rows(number, truth[key])
            if value is not None
        }

    def solve(self, cost: Any, more: Sequence[tuple[Any, float]] = (), extra: int = 0) -> Any:
        """The least of the cost among all that could be true."""

        def wide(row: Any) -> Any:
            return np.concatenate([row, np.zeros(extra)]) if extra else row

        upper = [(wide(row), value) for row, value in self.upper] + list(more)
        return linprog(
            cost,
            A_eq=csr_matrix(np.array([wide(row) for row, _v in self.equal])) if self.equal else None,
            b_eq=[value for _row, value in self.equal] if self.equal else None,
            A_ub=csr_matrix(np.array([row for row, _v in upper])) if upper else None,
            b_ub=[value for _row, value in upper] if upper else None,
            bounds=[*self.bounds, *[(None, None)] * extra],
            method="highs",
        )


def _people(release: Release, population: str) -> int | None:
    """How many people there were, where a table of groups that is shown tells it."""
    for table in release.shown.values():
        groups = table.exclusive and all(dim.startswith("@") for dim in table.dims)
        if table.population == population and groups and not table.held and table.total is not None:
            return table.total
    return None


def _true_people(release: Release, population: str) -> int | None:
    mine = [table for table in release.truth.values() if table.population == population]
    whole = [t.total for t in mine if t.exclusive and all(dim.startswith("@") for dim in t.dims)]
    return whole[0] if whole else None


def _attack(joint: _Joint, k: int, verdict: Verdict) -> None:
    targets = list(joint.targets(k))
    verdict.targets += len(targets)
    for target in _not_large(joint, targets, k, verdict):
        verdict.programs += 2
        most = joint.solve(-target.row)
        if most.status == 2:
            verdict.leaks.append(f"nothing fits to what was shown: {target.words}")
            return
        if most.status == 3 or -most.fun >= k - NEAR:
            continue
        least = joint.solve(target.row)
        low = -np.inf if least.status == 3 else least.fun
        # How many left a question out is no secret; how many of those said something else must not be told.
        if (low >= 1 - NEAR and not target.left_out) or -most.fun - low < NEAR:
            verdict.leaks.append(f"{target.words}: between {low:.2f} and {-most.fun:.2f}")
        else:
            verdict.tight += 1


def _not_large(joint: _Joint, targets: list[Target], k: int, verdict: Verdict) -> list[Target]:
    """Targets that are not seen to reach k when all together are made as large as they can be."""
    for _round in range(3):
        if not targets:
            break
        number, size = len(targets), joint.size * len(joint.releases)
        below = []
        for place, target in enumerate(targets):
            one = np.zeros(number)
            one[place] = 1.0
            below.append((np.concatenate([-target.row, one]), 0.0))
            below.append((np.concatenate([np.zeros(size), one]), float(k)))
        verdict.programs += 1
        found = joint.solve(np.concatenate([np.zeros(size), -np.ones(number)]), below, number)
        if found.status != 0:
            break
        still = [target for target in targets if target.row @ found.x[:size] < k - NEAR]
        if len(still) == len(targets):
            break
        targets = still
    return targets
