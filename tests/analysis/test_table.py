"""The table of word vectors that comes with the library."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from analysis import Options, discover, table
from analysis.table import DamagedTable
from tests.analysis.corpus_of_notes import notes, study

FILES = ("pieces.txt", "scales.npy", "vectors.npy")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the table's folder, from which it is loaded."""
    copy = tmp_path / "data"
    shutil.copytree(Path(table.__file__).parent / "data", copy)
    monkeypatch.setattr(table, "_FOLDER", copy)
    table.load.cache_clear()
    yield copy
    table.load.cache_clear()


def flip(path: Path) -> None:
    found = bytearray(path.read_bytes())
    found[len(found) // 2] ^= 1
    path.write_bytes(found)


def test_the_copy_loads_and_is_mapped_from_its_file(folder: Path) -> None:
    found = table.load()
    assert isinstance(found.numbers, np.memmap)
    assert Path(str(found.numbers.filename)) == folder / "vectors.npy"
    assert not found.numbers.flags.writeable
    assert found.numbers.dtype == np.int8
    assert len(found.pieces) == len(found.numbers) == len(found.scales)
    assert np.isfinite(found.scales).all()
    assert table.load() is found


@pytest.mark.parametrize("name", FILES)
def test_one_flipped_bit_is_detected(folder: Path, name: str) -> None:
    flip(folder / name)
    with pytest.raises(DamagedTable) as caught:
        table.load()
    assert str(caught.value) == f"The word vectors are damaged ({name}): install Throughline again."
    with pytest.raises(ValueError, match="damaged"):
        discover(notes())
    assert len(discover(notes(), Options(vectors="none")).themes) > 1


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_said(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(
        DamagedTable, match=r"^The word vectors are missing \(.*\): install Throughline again\.$"
    ):
        table.load()


@pytest.mark.parametrize("sums", [b"", b"\xff\xfe", b"no checksum", b"0  vectors.npy\n"])
def test_damaged_checksums_let_nothing_pass(folder: Path, sums: bytes) -> None:
    (folder / "SHA256SUMS").write_bytes(sums)
    with pytest.raises(DamagedTable, match="damaged"):
        table.load()
    (folder / "SHA256SUMS").unlink()
    with pytest.raises(DamagedTable, match="missing"):
        table.load()


def test_nothing_is_loaded_before_it_is_needed() -> None:
    code = """
import sys
import analysis
from analysis import Comment, Options
assert not {"numpy", "scipy"} & set(sys.modules), "importing analysis loads numpy"
import analysis.pipeline, analysis.table
assert analysis.table.load.cache_info().currsize == 0
comments = [Comment(str(n), f"bus late {n % 7 + 100}") for n in range(30)]
analysis.discover(comments, Options(vectors="none"))
assert analysis.table.load.cache_info().currsize == 0, "the table is read though it is not wanted"
analysis.discover(comments)
assert analysis.table.load.cache_info().currsize == 1
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2], timeout=120)


def test_unknown_letters_and_noise_have_no_vector() -> None:
    found = table.load()
    odd = ["ᚠᚢᚦ", "", "…", "x" * 61, "x" * 200_000, "👍🏽", "\ud800", "\x00"]
    assert not found.vectors(odd).any()
    assert not found.words(odd).any()
    assert found.vectors([]).shape == (0, found.axes)
    assert found.words([]).shape == (0, found.axes)


def test_a_word_is_the_sum_of_its_longest_pieces() -> None:
    found = table.load()
    assert found.cut("library") == (found.pieces["library"],)
    made_up = found.cut("librarywise")
    names = {row: piece for piece, row in found.pieces.items()}
    assert "".join(names[row].removeprefix("##") for row in made_up) == "librarywise"
    rows = [found.numbers[row].astype(np.float32) * found.scales[row] for row in made_up]
    np.testing.assert_allclose(found.words(["librarywise"])[0], np.sum(rows, axis=0), rtol=1e-5)


def test_texts_are_directions_whatever_their_capitals_and_order() -> None:
    found = table.load()
    bus, shout, turned, empty = found.vectors(
        ["The bus is late", "THE BUS IS LATE!!", "late is the bus", " "]
    )
    np.testing.assert_allclose(np.linalg.norm(bus), 1, rtol=1e-5)
    np.testing.assert_allclose(bus, shout, atol=1e-6)
    np.testing.assert_allclose(bus, turned, atol=1e-6)
    assert not empty.any()


@pytest.mark.parametrize(
    ("one", "near", "far"),
    [
        ("bus", "train", "library"),
        ("rent", "landlord", "bicycle"),
        ("police", "crime", "garden"),
        ("teacher", "school", "pothole"),
        ("trash", "garbage", "music"),
    ],
)
def test_words_of_one_subject_are_nearer_than_others(one: str, near: str, far: str) -> None:
    a, b, c = table.load().vectors([one, near, far])
    assert a @ b > a @ c + 0.1


def test_words_kept_in_mind_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = table.load()
    fresh = table.Table(loaded.pieces, loaded.numbers, loaded.scales)
    monkeypatch.setattr(table, "_REMEMBERED", 100)
    words = [f"word{number}" for number in range(1_000)]
    assert fresh.words(words).tolist() == loaded.words(words).tolist()
    assert len(fresh._known) <= 100


def test_twenty_thousand_comments_take_less_than_a_second() -> None:
    from analysis.corpus import read
    from analysis.layout import _ByTable

    corpus = read(study(20_000), 20)
    loaded = table.load()
    fresh = table.Table(loaded.pieces, loaded.numbers, loaded.scales)
    start = time.process_time()
    meaning = _ByTable.of(corpus, fresh, 20_000)
    assert len(meaning.documents(np.arange(len(corpus)))) == len(corpus) >= 19_000
    assert time.process_time() - start < 1
