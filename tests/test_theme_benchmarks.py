"""The benchmark of themes can be believed: its measures are right, and what is not kept is found out."""

from __future__ import annotations

import json
import math
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Comment, Result
from analysis.breadth import breadth
from analysis.decisions import Decisions
from analysis.types import Placement, Theme
from benchmarks import theme_costs, theme_edits, theme_measures, themes
from benchmarks.theme_data import Data, Row, Set, halves
from benchmarks.theme_decisions import decided, examples, right_on_rest
from benchmarks.theme_measures import Check


def result(labels: list[str], *placed: tuple[int, ...]) -> Result:
    """A result with these themes, numbered from 1, and each comment's themes by number."""
    found = tuple(
        Theme(
            id=number,
            label=label,
            keywords=(),
            size=0,
            size_once=0,
            breadth=breadth((), ()),
            stability=None,
            quotes=(),
            by_audience={},
        )
        for number, label in enumerate(labels, start=1)
    )
    placements = tuple(tuple(Placement(number, 1.0) for number in numbers) for numbers in placed)
    return Result(found, placements, (None,) * len(placed), {})


def test_ids_are_made_where_they_are_missing_or_repeated(tmp_path: Path) -> None:
    records = [{"id": 7, "text": "a", "label": "x"}, {"id": 7, "text": "b", "label": None}, {"text": "c"}]
    (tmp_path / "some.jsonl").write_text("\n".join(map(json.dumps, records)) + "\n\n")
    found = Data(tmp_path).whole("some").rows
    assert [row.id for row in found] == ["7", "7:2", "3"]
    assert [row.labels for row in found] == [("x",), (), ()]


def test_questions_come_one_at_a_time_and_rows_with_one_label_can_be_taken(tmp_path: Path) -> None:
    kinds = [("q1", []), ("q2", ["a", "b"]), ("q1", ["c"]), ("q2", ["a"]), ("q1", ["c", "c"])]
    records = [{"id": i, "text": "t", "question": q, "labels": found} for i, (q, found) in enumerate(kinds)]
    (tmp_path / "argkp_dev.jsonl").write_text("\n".join(map(json.dumps, records)))
    first, second = Data(tmp_path).questions()
    assert (first.name, len(first.rows), second.name, second.themes) == ("q1", 3, "q2", 2)
    assert [row.id for row in first.single().rows] == ["2", "4"]
    assert second.single().labels == ["a"]


def test_classes_that_are_too_small_are_left_out() -> None:
    rows = tuple(Row(str(i), "t", (label,)) for i, label in enumerate("aaabbc"))
    assert Set("s", rows).classes_of(2).labels == list("aaabb")


def test_halves_are_every_other_one() -> None:
    assert halves(["a", "b", "c"]) == {"even": ["a", "c"], "odd": ["b"]}


def test_nmi_against_values_worked_out_by_hand() -> None:
    assert theme_measures.nmi("aabb", "xxyy") == pytest.approx(1)
    assert theme_measures.nmi("aabb", "xyxy") == pytest.approx(0, abs=1e-12)
    # H(truth) = log 2, H(found) = 1.5 log 2, and found tells everything about truth.
    assert theme_measures.nmi("aabb", "xxyz") == pytest.approx(2 * math.log(2) / (2.5 * math.log(2)))


def test_comments_in_no_theme_are_one_part() -> None:
    found = theme_measures.first_themes(result(["A", "B"], (2, 1), (), (1,), ()))
    assert found == ["B", "none", "A", "none"]
    assert theme_measures.unplaced_share(result(["A"], (1,), (), (), ())) == 0.75


def test_f1_of_placements() -> None:
    truth = {("1", "A"), ("1", "B"), ("2", "A")}
    found = theme_measures.pairs(["1", "2", "3"], result(["A", "B"], (1,), (1, 2), ()))
    assert found == {("1", "A"), ("2", "A"), ("2", "B")}
    assert theme_measures.f1(truth, found) == pytest.approx(2 / 3)
    assert theme_measures.f1(set(), set()) == 1
    assert theme_measures.f1(truth, set()) == 0


@pytest.mark.parametrize(
    ("found", "true", "near"),
    [(8, 12, True), (7, 12, False), (16, 12, True), (17, 12, False), (13, 10, True)],
)
def test_within_a_third(found: int, true: int, near: bool) -> None:
    assert theme_measures.within_a_third(found, true) is near


def test_pairing_tells_the_two_kinds_of_mean_apart() -> None:
    found = theme_measures.paired([2.0, 4.0], [1.0, 4.0])
    assert (found["ratio_of_means"], found["mean_of_ratios"], found["won"], found["of"]) == (1.2, 1.5, 1, 2)
    assert found["interval_90"] == [1.0, 2.0]


@pytest.mark.parametrize(
    ("value", "at_least", "passes"), [(0.5, True, True), (0.49999, True, False), (0.51, False, False)]
)
def test_a_bar_is_held_against_the_exact_value(value: float, at_least: bool, passes: bool) -> None:
    found = Check("m", value, 0.5, at_least).as_json()
    assert found["passes"] is passes
    assert found["value"] == round(value, 4)


def test_the_rest_leaves_out_what_was_decided_and_counts_no_placement_as_wrong() -> None:
    rows = tuple(Row(str(i), "t", (label,)) for i, label in enumerate("AABB"))
    found = result(["A", "B"], (2,), (1,), (2, 1), ())
    assert right_on_rest(Set("s", rows), found, {"0"}) == pytest.approx(2 / 3)


@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=3), min_size=1, max_size=60), st.integers(0, 5))
def test_every_theme_has_an_example(labels: list[list[str]], seed: int) -> None:
    rows = tuple(Row(str(i), "t", tuple(dict.fromkeys(found))) for i, found in enumerate(labels))
    chosen = examples(Set("s", rows), 0.1, random.Random(seed))
    assert {one for row in chosen for one in row.labels} == {one for row in rows for one in row.labels}
    assert math.ceil(0.1 * len(rows)) <= len(chosen) <= max(6, math.ceil(0.1 * len(rows)))
    assert len({row.id for row in chosen}) == len(chosen)


def test_all_labels_and_none_become_decisions() -> None:
    found = decided([Row("1", "t", ("A", "B")), Row("2", "t", ())])
    assert dict(found.placed) == {"1": ("A", "B"), "2": ()}


IDS = ("1", "2", "3", "4")


TOGETHER = "1 is in [{}], 2 in [{}], and they were put together"


@pytest.mark.parametrize(
    ("labels", "placed", "sentences"),
    [
        (["A", "B"], [(1,), (1,), (2,), ()], []),
        (["A", "B", "C"], [(1, 3), (1,), (2,), ()], ["1 is in ['A', 'C'], and was put into ['A']"]),
        (["A", "B"], [(), (), (2,), ()], ["1 is in [], and was put into ['A']"]),
        (["A", "B"], [(1,), (1,), (2,), (1,)], ["4 is in ['A'], and was put into []"]),
        (["A", "b"], [(1,), (1,), (2,), ()], ["the theme 'B' came back 0 times"]),
        (["A", "B", "B"], [(1,), (1,), (2,), ()], ["the theme 'B' came back 2 times"]),
        (["A", "B"], [(1,), (2,), (2,), ()], [TOGETHER.format("'A'", "'B'")]),
        (["A", "B"], [(1,), (), (2,), ()], [TOGETHER.format("'A'", "")]),
        (["A", "B"], [(1,), (1, 2), (2,), ()], []),
        (["A", "B"], [(1,), (1,), (2, 1), ()], ["1 and 3 are both in ['A'], and were put apart"]),
    ],
)
def test_a_decision_that_is_not_kept_is_found(
    labels: list[str], placed: list[tuple[int, ...]], sentences: list[str]
) -> None:
    decisions = Decisions.of({"1": ["A"], "4": []}, themes=["B"], together=[("1", "2")], apart=[("1", "3")])
    assert theme_edits.broken(IDS, result(labels, *placed), decisions) == sentences


@given(st.integers(0, 10_000))
def test_random_edits_never_contradict_each_other(seed: int) -> None:
    draw, board = random.Random(seed), theme_edits.Board()
    ids = [*IDS, "1 again"]
    for _ in range(30):
        theme_edits.edit(board, ids, draw)
        assert not board.contradicts_itself()
    board.decisions()  # the library agrees


@pytest.mark.parametrize(
    "board",
    [
        theme_edits.Board(placed={"1": ("A",), "2": ("B",)}, together=[("1", "3"), ("3", "2")]),
        theme_edits.Board(placed={"1": ("A", "B"), "2": ("B",)}, apart=[("1", "2")]),
        theme_edits.Board(together=[("1", "2"), ("2", "3")], apart=[("3", "1")]),
        theme_edits.Board(placed={"1": ("A",), "2": ("A",)}, together=[("1", "3")], apart=[("3", "2")]),
    ],
)
def test_contradictions_are_seen(board: theme_edits.Board) -> None:
    assert board.contradicts_itself()
    with pytest.raises(ValueError):
        board.decisions()


def test_edits_are_played_over_several_runs_and_the_library_keeps_them() -> None:
    words = (
        "bus stop late",
        "park bench broken",
        "library hours longer",
        "trash on street",
        "bike lane unsafe",
    )
    comments = [Comment(str(i), f"{words[i % 5]} number {i} {words[(i // 5) % 5]}") for i in range(60)]
    played = [theme_edits.play(comments, number) for number in range(3)]
    assert all(one.runs >= 2 for one in played)
    assert sum(one.decisions for one in played) > 10
    assert [sentence for one in played for sentence in one.broken] == []


def test_comments_for_scale_are_made_of_sentences_that_people_wrote() -> None:
    rows = [Row("1", "Fix it. Please fix it! Now?", (), "north"), Row("2", "No stop here", (), None)]
    pool = set(theme_costs.sentences(rows))
    assert pool == {"Fix it.", "Please fix it!", "Now?", "No stop here"}
    made = list(theme_costs.made_up(rows, 50))
    assert made == list(theme_costs.made_up(rows, 50))
    assert len({row.id for row in made}) == 50
    assert {row.group for row in made} == {"north"}


def test_growth_is_one_when_cost_is_linear() -> None:
    runs = {10: {"cpu_seconds": 2.0}, 100: {"cpu_seconds": 20.0}, 1000: {"cpu_seconds": 2000.0}}
    assert theme_costs._exponent(10, 100, runs) == 1
    assert theme_costs._exponent(100, 1000, runs) == 2


def test_the_cost_of_a_process_is_the_kernels_count() -> None:
    held = bytearray(b"x") * 200_000_000  # ours, and not to be counted as the child's
    spent = theme_costs.spend([sys.executable, "-c", "print(sum(range(3_000_000)))"])
    assert spent.said == "4499998500000"
    assert 0 < spent.cpu_seconds < 60
    assert 1 < spent.peak_mib < len(held) / 2**20
    with pytest.raises(SystemExit, match="ended with 3"):
        theme_costs.spend([sys.executable, "-c", "raise SystemExit(3)"])


def test_rows_measured_before_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "themes.json"
    themes.keep(path, {"a": {"checks": [1]}, "b": {"checks": [2]}}, ["a", "b", "c"])
    themes.keep(path, {"b": {"checks": [3]}}, ["a", "b", "c"])
    assert json.loads(path.read_text())["rows"] == {"a": {"checks": [1]}, "b": {"checks": [3]}}


def test_a_missed_bar_ends_with_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for value, code in ((1.0, 0), (0.0, 1)):
        report = {"checks": [Check("m", value, 0.5).as_json()]}
        monkeypatch.setattr(themes, "row", lambda name, report=report: lambda data, peers: dict(report))
        assert themes.main(["--quick", "--only", "small"]) == code
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["ok", "MISSED"]


def test_every_row_can_be_loaded_without_the_peers() -> None:
    script = (
        "import sys; from benchmarks import themes; [themes.row(name) for name in themes.ROWS];"
        "print({'torch', 'bertopic', 'umap', 'sentence_transformers'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
