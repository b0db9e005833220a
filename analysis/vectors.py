"""Back ends of sentence vectors: our own table, or a model in a folder of this machine. None downloads
anything."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from analysis import table
from analysis.arrays import Floats
from analysis.types import Vectors

_BATCH = 64


class NoSuchVectors(ValueError):
    """The vectors asked for cannot be had; the message says what to do."""


def backend(wanted: str | Vectors) -> Vectors | None:
    """Return the back end that `Options.vectors` asks for.

    Parameters
    ----------
    wanted : str or Vectors
        "table", "none", a folder with a model, or a back end.

    Returns
    -------
    Vectors or None
        None for "none".

    Raises
    ------
    NoSuchVectors
        When the folder holds no model that is understood, or the library to run it is not installed.

    Examples
    --------
    >>> backend("none") is None, backend("table").name
    (True, 'table')
    """
    if wanted == "none":
        return None
    if isinstance(wanted, str | PathLike):
        return table.load() if wanted == "table" else _from_folder(Path(wanted))
    if not callable(getattr(wanted, "vectors", None)):
        raise NoSuchVectors(f'vectors must be "table", "none", a folder or a back end, not {wanted!r}.')
    return wanted


def name_of(wanted: str | Vectors) -> str:
    """Return what to call a back end: of a folder its own name, never where it lies on this machine.

    Examples
    --------
    >>> name_of("table"), name_of("/models/minilm/")
    ('table', 'minilm')
    """
    if isinstance(wanted, str | PathLike):
        return Path(wanted).name
    return str(getattr(wanted, "name", type(wanted).__name__))


def _from_folder(folder: Path) -> Vectors:
    if not folder.is_dir():
        raise NoSuchVectors(f'There is no folder {folder}: give "table", "none" or a folder with a model.')
    made = _maker(folder)
    try:
        return made(folder)
    except NoSuchVectors:
        raise
    except Exception as error:  # libraries raise what they like over a damaged file
        reason = str(error).partition("\n")[0].rstrip(".") or type(error).__name__
        raise NoSuchVectors(f"The model in {folder.name} cannot be read: {reason}.") from error


def _maker(folder: Path) -> Callable[[Path], Vectors]:
    """Return what makes a back end of the model in a folder, by the files that are there."""
    weights = (folder / "model.safetensors").exists()
    if weights and _is_model2vec(folder):
        return _model2vec
    if weights and (folder / "modules.json").exists():
        return _sentence_transformers
    if _onnx_files(folder) and (folder / "tokenizer.json").exists():
        return _onnx
    raise NoSuchVectors(
        f"{folder} holds no model: one of sentence-transformers has modules.json and model.safetensors,"
        " one of model2vec config.json and model.safetensors, one of ONNX tokenizer.json and a file"
        " ending in .onnx."
    )


def _is_model2vec(folder: Path) -> bool:
    """Tell a model of model2vec, which has the files of sentence-transformers, too."""
    settings, modules = _settings(folder / "config.json"), _settings(folder / "modules.json")
    if isinstance(settings, dict) and settings.get("model_type") == "model2vec":
        return True
    parts = modules if isinstance(modules, list) else []
    return any(isinstance(part, dict) and str(part.get("type")).endswith("StaticEmbedding") for part in parts)


def _settings(file: Path) -> Any:
    """Return what a file of JSON holds; None when it is not there or is none."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _onnx_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.onnx")) or sorted(folder.glob("onnx/*.onnx"))


def _sentence_transformers(folder: Path) -> Vectors:
    made = _library("sentence_transformers").SentenceTransformer
    return _Encoder(folder, made(str(folder), device="cpu", local_files_only=True))


def _model2vec(folder: Path) -> Vectors:
    # Other processes would gain little, and must not be started by a library.
    model = _library("model2vec").StaticModel.from_pretrained(str(folder))
    return _Encoder(folder, model, {"use_multiprocessing": False})


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise NoSuchVectors(
            f"This model needs the library {name.replace('_', '-')}: install it, or use the table that comes"
            " with us."
        ) from None


def _unit(rows: Any) -> Floats:
    found = np.asarray(rows, dtype=np.float32)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(found / np.where(lengths > 0, lengths, 1), dtype=np.float32)


@dataclass(frozen=True)
class _Encoder:
    """A model of sentence-transformers or model2vec: both have a method `encode`."""

    folder: Path
    model: Any
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.folder.name

    def vectors(self, texts: Sequence[str]) -> Floats:
        return _unit(self.model.encode(list(texts), **self.settings))


def _onnx(folder: Path) -> Vectors:
    tokenizer = _library("tokenizers").Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(256)
    tokenizer.enable_padding()
    runtime = _library("onnxruntime")
    settings = runtime.SessionOptions()
    # One thread: see analysis.pipeline.
    settings.intra_op_num_threads = settings.inter_op_num_threads = 1
    session = runtime.InferenceSession(
        str(_onnx_files(folder)[0]), settings, providers=["CPUExecutionProvider"]
    )
    return _Onnx(folder, tokenizer, session)


@dataclass(frozen=True)
class _Onnx:
    """A transformer exported to ONNX, with the mean of its last layer as the vector of a text."""

    folder: Path
    tokenizer: Any
    session: Any

    @property
    def name(self) -> str:
        return self.folder.name

    def vectors(self, texts: Sequence[str]) -> Floats:
        # Texts of like length in one batch: padding costs as much as words do.
        order = np.argsort([len(text) for text in texts], kind="stable")
        found = [
            self._batch([texts[i] for i in order[start : start + _BATCH]])
            for start in range(0, len(order), _BATCH)
        ]
        return _unit(np.concatenate(found)[np.argsort(order, kind="stable")])

    def _batch(self, texts: Sequence[str]) -> Floats:
        coded = self.tokenizer.encode_batch(list(texts))
        given = {
            "input_ids": np.array([code.ids for code in coded], dtype=np.int64),
            "attention_mask": np.array([code.attention_mask for code in coded], dtype=np.int64),
            "token_type_ids": np.array([code.type_ids for code in coded], dtype=np.int64),
        }
        wanted = {one.name for one in self.session.get_inputs()}
        layers = self.session.run(None, {name: value for name, value in given.items() if name in wanted})[0]
        if layers.ndim == 2:
            return np.asarray(layers)
        mask = given["attention_mask"][:, :, None]
        return np.asarray((layers * mask).sum(axis=1) / mask.sum(axis=1))
