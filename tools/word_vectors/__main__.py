"""Make, check or measure the table of word vectors."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tools import announce
from tools.word_vectors import measuring, sentences, teacher, training, wordnet, writing


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; return 0 when all is well."""
    asked = _parser().parse_args(arguments)
    try:
        if asked.check:
            return check(asked.out)
        if asked.measure:
            return measure(asked.out, asked.measure, asked.threads)
        return make(asked.out, asked.wordnet, asked.cache, asked.threads)
    except ImportError as missing:
        problem = f"{missing.name} is not installed: pip install '.[vectors]'."
    except OSError as error:
        problem = f"{error.filename}: {error.strerror}."
    except ValueError as error:
        problem = str(error)
    print(problem, file=sys.stderr)
    return 1


def make(out: Path, folder: Path, cache: Path, threads: int) -> int:
    """Teach a table and write it."""
    found = teacher.folder()
    texts = sentences.everything(wordnet.read(folder))
    for name, text in texts.items():
        announce(f"Sentences {name}: {len(text):,}")
    pieces = teacher.pieces(found)
    notebook = teacher.Notebook(cache, lambda: teacher.MiniLM(found, threads))
    alone = notebook.vectors([teacher.alone(piece) for piece in pieces], "of one piece")
    taught = np.concatenate([notebook.vectors(text, name) for name, text in texts.items()])
    cut = training.cut(pieces, [sentence for text in texts.values() for sentence in text])
    vectors = training.teach(taught.astype(np.float32), alone.astype(np.float32), cut, training.Settings())
    writing.write(out, pieces, vectors)
    return check(out)


def check(folder: Path) -> int:
    """Say whether the table of a folder is whole."""
    found = writing.problems(folder)
    for problem in found:
        print(problem, file=sys.stderr)
    if not found:
        announce(f"The table in {folder} is whole.")
    return 1 if found else 0


def measure(folder: Path, files: Sequence[Path], threads: int) -> int:
    """Print, for each file of one text per line, how well table and teacher agree, and the mean."""
    table = writing.read(folder)
    model = teacher.MiniLM(teacher.folder(), threads)
    found = []
    for path in files:
        texts = measuring.drawn(_lines(path))
        found.append(measuring.agreement(table.vectors(texts), model.vectors(texts)))
        announce(f"{found[-1]:.3f}  {path.name} ({len(texts):,} texts)")
    announce(f"{np.mean(found):.3f}  mean")
    return 0


def _lines(path: Path) -> list[str]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if len(lines) < 3:
        raise ValueError(f"{path} holds fewer than three texts: give a file with one text per line.")
    return lines


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.word_vectors", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the table")
    parser.add_argument(
        "--wordnet", type=Path, default=Path("/usr/share/wordnet"), help="folder of WordNet 3.0"
    )
    parser.add_argument(
        "--cache", type=Path, default=Path("build/word-vectors"), help="folder for what the teacher has said"
    )
    parser.add_argument("--threads", type=int, default=1, help="of the teacher; training has one")
    parser.add_argument("--check", action="store_true", help="only look whether the table is whole")
    parser.add_argument(
        "--measure", type=Path, nargs="+", metavar="FILE", help="only compare with the teacher"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
