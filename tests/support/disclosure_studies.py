"""Made-up studies: people with answers who come and go, and tables of them at each of several releases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from analysis.disclose import Shown, Table, protect
from tests.support.disclosure_audit import Release

Person = dict[str, str]
Protect = Callable[[Sequence[Table], Sequence[Sequence[Shown]], int], dict[str, Shown]]


@dataclass
class Made:
    """A study: k, and the people of each survey at each release, with who came or went."""

    k: int
    surveys: list[Asked]
    people: list[list[list[Person]]] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)

    def tables(self, release: int) -> list[Table]:
        """All tables of a release."""
        pairs = zip(self.surveys, self.people[release], strict=True)
        return [table for asked, people in pairs for table in asked.tables(people, release)]


@dataclass
class Asked:
    """What a survey asks: codes of each question and group, choices of one with several, pairs to cross."""

    name: str
    codes: dict[str, list[str]]
    weights: dict[str, list[float]]
    missing: float
    choices: list[str]
    pairs: list[tuple[str, str, int]]

    def person(self, random: Random) -> Person:
        """Somebody who answers."""
        found = {}
        for dim, codes in self.codes.items():
            skips = not dim.startswith("@") and random.random() < self.missing
            found[dim] = "" if skips else random.choices(codes, self.weights[dim])[0]
        for choice in self.choices:
            found[f"+{choice}"] = "x" if random.random() < (0.1 if choice == "c0" else 0.4) else ""
        return found

    def tables(self, people: Sequence[Person], release: int) -> Iterator[Table]:
        """Its tables as the product counts them."""
        for dim, codes in self.codes.items():
            found = Counter(person[dim] for person in people)
            listed = sorted(found) if dim.startswith("@") else codes
            cells: dict[tuple[str, ...], int] = {(code,): found[code] for code in listed}
            priority = 2 if dim.startswith("@") else 3
            yield Table(
                f"{self.name} {dim}", self.name, (dim,), cells, sum(cells.values()), priority=priority
            )
        if self.choices:
            yield self._several(people)
        for down, across, since in self.pairs:
            if release >= since:
                yield self._cross(people, down, across)

    def _several(self, people: Sequence[Person]) -> Table:
        answered = [p for p in people if any(p[f"+{choice}"] for choice in self.choices)]
        cells: dict[tuple[str, ...], int] = {
            (c,): sum(person[f"+{c}"] == "x" for person in answered) for c in self.choices
        }
        return Table(f"{self.name} several", self.name, ("s",), cells, len(answered), False, 3)

    def _cross(self, people: Sequence[Person], down: str, across: str) -> Table:
        inside = [p for p in people if p[down] or (p[across] and not across.startswith("@"))]
        found = Counter((person[down], person[across]) for person in inside)
        sides = [[*(() if dim.startswith("@") else self.codes[dim])] for dim in (down, across)]
        for place, listed in enumerate(sides):
            listed += sorted({cell[place] for cell in found} - set(listed))
        cells: dict[tuple[str, ...], int] = {
            (one, other): found[one, other] for one in sides[0] for other in sides[1]
        }
        key = f"{self.name} {down} x {across}"
        return Table(key, self.name, (down, across), cells, sum(cells.values()), priority=1)


def make(random: Random) -> Made:
    """A study with one or two surveys and one to four releases."""
    made = Made(random.choice([3, 5, 5, 10]), [_asked(random, n) for n in range(random.choice([1, 1, 2]))])
    now = [[asked.person(random) for _ in range(_some(random))] for asked in made.surveys]
    for number in range(random.choice([1, 2, 2, 3, 4])):
        step = random.choice([1, 1, 1, -1, 0]) if number else 1
        if number:
            now = [
                _changed(random, asked, people, step, made.k)
                for asked, people in zip(made.surveys, now, strict=True)
            ]
        made.people.append(now)
        made.steps.append(step)
    return made


def _some(random: Random) -> int:
    return random.choice([random.randint(0, 12), random.randint(5, 40), random.randint(20, 200), 300])


def _asked(random: Random, number: int) -> Asked:
    questions = [f"q{n}" for n in range(random.randint(1, 3))]
    groups = {"@source": random.choice([["web"], ["web", "paper"]])}
    if random.random() < 0.6:
        groups["@unit"] = ["", "north", "south", "west"][: random.randint(2, 4)]
    codes = {q: [f"{q}{c}" for c in "abcd"[: random.randint(2, 4)]] for q in questions} | groups
    weights = {dim: [random.choice([0.3, 1, 3, 10]) for _ in listed] for dim, listed in codes.items()}
    across = [dim for dim in codes if dim != "@source"]
    pairs = [(one, other) for one in questions for other in across if one < other or other.startswith("@")]
    chosen = random.sample(pairs, min(len(pairs), random.choice([0, 1, 1, 2, 3])))
    choices = [f"c{n}" for n in range(random.choice([0, 2, 3]))]
    crossed = [(one, other, random.choice([0, 0, 1])) for one, other in chosen]
    return Asked(f"s{number}", codes, weights, random.choice([0, 0.02, 0.2]), choices, crossed)


def _changed(random: Random, asked: Asked, people: list[Person], step: int, k: int) -> list[Person]:
    by = random.choice([0, random.randint(1, k), random.randint(k, 4 * k), random.randint(20, 80)])
    come = [asked.person(random) for _ in range(by)] if step >= 0 else []
    gone = min(len(people), random.choice([1, random.randint(1, 2 * k)]) if step == 0 else by)
    stay = people if step > 0 else random.sample(people, len(people) - gone)
    return [*stay, *come]


def released(made: Made, gate: Protect = protect) -> list[Release]:
    """Every release as the gate lets it through, each with all earlier ones in view."""
    found: list[Release] = []
    for number, step in enumerate(made.steps):
        tables = made.tables(number)
        shown = gate(tables, [list(one.shown.values()) for one in found], made.k)
        found.append(Release({table.key: table for table in tables}, shown, step))
    return found


def without_secondary(
    tables: Sequence[Table], earlier: Sequence[Sequence[Shown]], k: int
) -> dict[str, Shown]:
    """A gate that hides small numbers and nothing else: the auditor must find out what it tells."""
    found = {}
    for table in tables:
        counts = {cell: None if 0 < count < k else count for cell, count in table.counts.items()}
        total = None if 0 < table.total < k else table.total
        found[table.key] = Shown(table.key, table.population, table.dims, counts, total, table.exclusive)
    return found


def hidden_share(shown: Mapping[str, Shown]) -> tuple[int, int]:
    """How many numbers are hidden, of how many."""
    tables = list(shown.values())
    return sum(one.hidden for one in tables), sum(len(one.counts) + 1 for one in tables)
