"""Themes found in comments, against the ones people coded: at their number, and at a number we choose.

Every figure is the mean over seeds 0, 1 and 2, for us and for the peers. "BERTopic told k" is its pipeline
with k-means for k topics in place of HDBSCAN: the stronger of the two ways to tell it (`nr_topics`, which can
only merge what HDBSCAN found, is reported beside it).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from analysis import Options, Result, discover
from benchmarks import theme_measures as measures
from benchmarks.theme_data import Data, Set, halves
from benchmarks.theme_measures import Check, by_half, mean, nmi, paired
from benchmarks.theme_peers import Peers

SEEDS = (0, 1, 2)
TOLD, REDUCED = "bertopic, k-means", "bertopic, nr_topics"
TFIDF, PLAIN = "tfidf", "tfidf, no stop words"
AS_IT_COMES = ("bertopic, 5", "bertopic, 10")
SPANISH = (TFIDF, PLAIN, "tfidf, our stop words")
OURS = "ours"


@dataclass(frozen=True)
class Found:
    """What was measured on one set, mean over seeds."""

    nmi: dict[str, float]
    unplaced: float
    numbers: tuple[int, ...]
    """Themes we found, per seed."""
    true: int

    def as_json(self) -> dict[str, Any]:
        return {
            "true_themes": self.true,
            "our_themes": list(self.numbers),
            "unplaced": round(self.unplaced, 4),
            **{name: round(value, 4) for name, value in self.nmi.items()},
        }


def measure(one: Set, peers: Peers, names: Sequence[str], *, told: bool) -> Found:
    """Run us and the peers on one set."""
    results = [_ours(one, seed, told=told) for seed in SEEDS]
    scores = {OURS: fmean(nmi(one.labels, measures.first_themes(result)) for result in results)}
    for name in names:
        answers = [peers.ask(name, one.texts, one.themes, seed) for seed in SEEDS]
        scores[name] = fmean(nmi(one.labels, answer) for answer in answers)
    return Found(
        scores,
        fmean(map(measures.unplaced_share, results)),
        tuple(len(result.themes) for result in results),
        one.themes,
    )


def _ours(one: Set, seed: int, *, told: bool) -> Result:
    options = Options(themes=one.themes, seed=seed) if told else Options(seed=seed)
    return discover(one.comments(), options)


Measured = dict[str, Found]


def _scores(found: Measured, name: str) -> list[float]:
    return [one.nmi[name] for one in found.values()]


def _report(data: str, found: Measured, checks: Sequence[Check], names: Sequence[str]) -> dict[str, Any]:
    means = {name: mean(_scores(found, name)) for name in (OURS, *names)}
    apart = {name: by_half({key: one.nmi[name] for key, one in found.items()}) for name in means}
    ratios = {name: paired(_scores(found, OURS), _scores(found, name)) for name in names}
    return {
        "data": data,
        "measure": "NMI, mean over sets and 3 seeds; comments in no theme are one part",
        "means": means,
        "paired": ratios,
        "halves": apart,
        "unplaced": mean(one.unplaced for one in found.values()),
        "checks": [check.as_json() for check in checks],
        "sets": {key: one.as_json() for key, one in found.items()},
    }


def _against(found: Measured, peer: str, bar: float) -> Check:
    value = measures.ratio(_scores(found, OURS), _scores(found, peer))
    return Check(f"NMI, times that of {peer}", value, bar)


def questions(data: Data, peers: Peers) -> dict[str, Any]:
    """Measure one question at a time, at the true number of themes."""
    names = (TOLD, REDUCED, TFIDF, PLAIN)
    found = {one.name: measure(one.single(), peers, names, told=True) for one in data.questions()}
    checks = [_against(found, TOLD, 1.25), _against(found, TFIDF, 1.9)]
    return _report("argkp_dev, rows with one label, question by question", found, checks, names)


def questions_k_chosen(data: Data, peers: Peers) -> dict[str, Any]:
    """Measure the same with the number of themes left to us, and to BERTopic."""
    found = {one.name: measure(one.single(), peers, AS_IT_COMES, told=False) for one in data.questions()}
    better = max(AS_IT_COMES, key=lambda name: fmean(_scores(found, name)))
    checks = [_against(found, better, 1.6), Check("k within a third of the truth", _near(found), 0.75)]
    report = _report("argkp_dev, rows with one label, question by question", found, checks, AS_IT_COMES)
    return report | {
        "better_setting": better,
        "k_near_truth_by_half": _near_by_half(found),
        "k_always_the_same": _constant([one.true for one in found.values()]),
        "k_of_small_draws": _numbers_of_draws(data),
    }


def _near(found: Measured) -> float:
    """Return the share of sets and seeds whose number of themes is near the truth."""
    return fmean(measures.within_a_third(k, one.true) for one in found.values() for k in one.numbers)


def _constant(true: Sequence[int]) -> dict[str, float]:
    """Return the one number that is near the truth most often: a choice worth making does better."""
    scores = {k: fmean(measures.within_a_third(k, one) for one in true) for k in range(1, max(true) + 1)}
    best = max(scores, key=scores.__getitem__)
    return {"k": best, "near_truth": round(scores[best], 4)}


def _numbers_of_draws(data: Data) -> dict[str, Any]:
    """Return the same for the small draws, without a bar."""
    sets = data.draws()
    chosen = {one.name: [len(_ours(one, seed, told=False).themes) for seed in SEEDS] for one in sets}
    near = [measures.within_a_third(k, one.themes) for one in sets for k in chosen[one.name]]
    return {
        "near_truth": mean(near),
        "k_always_the_same": _constant([one.themes for one in sets]),
        "true_and_ours": {one.name: [one.themes, *chosen[one.name]] for one in sets},
    }


def _near_by_half(found: Measured) -> dict[str, float]:
    return {half: mean([_near({n: found[n] for n in names})]) for half, names in halves(list(found)).items()}


def small(data: Data, peers: Peers) -> dict[str, Any]:
    """Measure the skewed draws, together and apart by size and by corpus."""
    names = (TOLD, REDUCED, TFIDF, PLAIN)
    found = {one.name: measure(one, peers, names, told=True) for one in data.draws()}
    checks = [_against(found, TOLD, 1.0), _against(found, TFIDF, 1.4)]
    report = _report("small/*, labels in `label`", found, checks, names)
    return report | {"apart": _apart(found, ("_n150_", "_n300_", "clinc150_", "searchsnippets_"), names)}


def _apart(found: Measured, parts: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    chosen = {part: {key: one for key, one in found.items() if part in key} for part in parts}
    return {
        part.strip("_"): {name: mean(_scores(some, name)) for name in (OURS, *names)}
        for part, some in chosen.items()
        if some
    }


def spanish(data: Data, peers: Peers) -> dict[str, Any]:
    """Measure comments in Spanish, against the best of three stop lists."""
    one = data.spanish()
    whole = {one.name: measure(one, peers, SPANISH, told=True)}
    best = max(SPANISH, key=lambda name: whole[one.name].nmi[name])
    report = _report(
        "madrid_comments_es, top level, labels: the proposal", whole, [_against(whole, best, 1.15)], SPANISH
    )
    return report | {"best_stop_list": best, "halves": _half_by_half(one, peers)}


def _half_by_half(one: Set, peers: Peers) -> dict[str, Any]:
    """Measure each half of the proposals as a set of its own."""
    names = list(dict.fromkeys(one.labels))
    kept: Callable[[list[str]], Set] = lambda some: one.keep(lambda row: row.label in set(some))
    return {
        half: measure(kept(some), peers, SPANISH, told=True).as_json() for half, some in halves(names).items()
    }
