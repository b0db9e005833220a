"""`python -m analysis` with the engine behind it: what is written, the same bytes again, and bad input."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from analysis.__main__ import main
from tests.analysis.corpus_of_notes import notes

ROOT = Path(__file__).parents[2]


def write_lines(path: Path, rows: list[Any]) -> Path:
    """Write rows as JSON lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def rows() -> list[dict[str, Any]]:
    """Return the small corpus as rows of a file."""
    return [{"id": note.id, "text": note.text, "group": note.audience} for note in notes()]


def run(source: Path, *more: str) -> dict[str, Any]:
    """Run in this process and return what was written."""
    out = source.with_suffix(".out.json")
    assert main(["discover", str(source), "--out", str(out), *more]) == 0
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return found


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Return the lines of JSON on standard output."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_shape_of_the_output(tmp_path: Path) -> None:
    found = run(write_lines(tmp_path / "in.jsonl", rows()), "--themes", "5", "--language", "en")
    assert set(found) == {"themes", "placements", "manifest"}
    assert [row["id"] for row in found["placements"]] == [row["id"] for row in rows()]
    theme = found["themes"][0]
    assert {"id", "label", "keywords", "size", "size_once", "breadth", "stability", "badge", "quotes"} <= set(
        theme
    )
    assert {"k", "of", "low", "high", "expected"} <= set(theme["breadth"])
    assert {"named", "earlier", "by_audience"} <= set(theme)
    number, weight = found["placements"][0]["themes"][0]
    assert number in {theme["id"] for theme in found["themes"]}
    assert 0 < weight <= 1
    manifest = found["manifest"]
    assert manifest["options"]["seed"] == 0
    assert manifest["comments"] == 90
    assert len(manifest["input"]) == 64
    assert set(manifest["versions"]) >= {"python", "numpy", "scipy", "pystemmer", "py3langid", "throughline"}


@pytest.mark.parametrize("threads", ["1", "2"])
def test_the_same_bytes_whatever_the_hash_seed_and_threads(tmp_path: Path, threads: str) -> None:
    source = write_lines(tmp_path / "in.jsonl", rows())
    run(source)
    again = tmp_path / "again.json"
    surroundings = os.environ | {
        "PYTHONHASHSEED": threads,
        "OMP_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": threads,
    }
    command = [sys.executable, "-m", "analysis", "discover", str(source), "--out", str(again)]
    subprocess.run(command, env=surroundings, check=True, cwd=ROOT)
    assert again.read_bytes() == source.with_suffix(".out.json").read_bytes()
    assert again.read_bytes().endswith(b"}\n")


def test_every_row_once_with_missing_and_repeated_ids(tmp_path: Path) -> None:
    untidy: list[dict[str, Any]] = rows()
    for row in untidy[:10]:
        row["id"] = "same"
    for row in untidy[10:20]:
        del row["id"]
    untidy[20]["id"] = 7
    untidy[21]["id"] = None
    untidy[22]["text"] = None
    found = run(write_lines(tmp_path / "in.jsonl", untidy))
    identities = [row["id"] for row in found["placements"]]
    assert identities == ["same"] * 10 + list(range(11, 21)) + [7, 22] + [row["id"] for row in untidy[22:]]
    assert found["placements"][22] == {"id": untidy[22]["id"], "themes": [], "reason": "too short"}


def test_other_field_names_and_blank_lines(tmp_path: Path) -> None:
    renamed = [{"key": row["id"], "words": row["text"], "team": row["group"]} for row in rows()]
    source = write_lines(tmp_path / "in.jsonl", renamed)
    source.write_text("\n" + source.read_text().replace("\n", "\n\n"))
    found = run(source, "--text", "words", "--id", "key", "--audience", "team")
    assert [row["id"] for row in found["placements"]] == [row["id"] for row in rows()]
    assert found["themes"][0]["breadth"]["of"] == 4


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-16")])
def test_csv(tmp_path: Path, delimiter: str, encoding: str) -> None:
    source = tmp_path / "in.csv"
    with source.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, ["id", "text", "group"], delimiter=delimiter)
        writer.writeheader()
        writer.writerows({**row, "text": row["text"] + "\nsecond “line”"} for row in rows())
    found = run(source, "--themes", "5")
    assert [row["id"] for row in found["placements"]] == [row["id"] for row in rows()]


def test_bad_bytes_are_replaced_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write_lines(tmp_path / "in.jsonl", rows())
    source.write_bytes(source.read_bytes().replace(b"library", b"libr\xffary", 1))
    assert len(run(source)["placements"]) == 90
    assert capsys.readouterr().err == "in.jsonl is not clean UTF-8: 1 character was replaced by \ufffd.\n"


def test_a_lone_surrogate_in_an_id_comes_back(tmp_path: Path) -> None:
    found = run(write_lines(tmp_path / "in.jsonl", [*rows(), {"id": "odd \ud800", "text": "library hours"}]))
    assert found["placements"][-1]["id"] == "odd \ud800"


def test_decisions_are_kept_and_an_earlier_run_is_gone_on_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_lines(tmp_path / "in.jsonl", rows())
    decided = [{"id": row["id"], "theme": "Books for all"} for row in rows()[:3]]
    fixes = write_lines(tmp_path / "fixes.jsonl", [*decided, {"id": rows()[40]["id"], "theme": None}])
    first = run(source, "--themes", "5", "--corrections", str(fixes))
    (books,) = [theme for theme in first["themes"] if theme["label"] == "Books for all"]
    assert books["named"] is True
    assert all(first["placements"][place]["themes"] == [[books["id"], 1.0]] for place in range(3))
    assert first["placements"][40]["themes"] == []
    assert first["placements"][40]["reason"] == "set apart by people"
    old = source.with_suffix(".out.json").rename(tmp_path / "old.json")
    second = run(source, "--corrections", str(fixes), "--earlier", str(old))
    assert {theme["earlier"] for theme in second["themes"]} == {theme["id"] for theme in first["themes"]}
    assert capsys.readouterr().err == ""


def test_placing_in_named_themes_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write_lines(tmp_path / "in.jsonl", rows())
    decided = [{"id": row["id"], "theme": row["id"].split("-")[0]} for row in rows()[::4]]
    fixes = write_lines(tmp_path / "fixes.jsonl", decided)
    assert main(["place", str(source), "--corrections", str(fixes)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {theme["label"] for theme in found["themes"]} <= {line["theme"] for line in decided}
    assert [row["id"] for row in found["placements"]] == [row["id"] for row in rows()]


def test_suggestions_and_parts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write_lines(tmp_path / "in.jsonl", rows())
    assert main(["suggest", str(source), "--count", "7"]) == 0
    suggested = lines_of(capsys)
    texts = {row["id"]: row["text"] for row in rows()}
    assert len({line["id"] for line in suggested}) == 7
    assert all(line["text"] == texts[line["id"]] for line in suggested)
    found = run(source, "--themes", "2")
    out = source.with_suffix(".out.json")
    assert main(["split", str(source), "--result", str(out), "--theme", "1", "--parts", "2"]) == 0
    parts = json.loads(capsys.readouterr().out)["parts"]
    members = {row["id"] for row in found["placements"] if 1 in dict(row["themes"])}
    assert len(parts) == 2
    assert {name for part in parts for name in part["comments"]} <= members


def test_two_runs_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write_lines(tmp_path / "in.jsonl", rows())
    run(source, "--themes", "5")
    out = str(source.with_suffix(".out.json"))
    assert main(["compare", out, out]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["counts"]["continued"] == 5
    assert main(["compare", out, out, "--out", str(tmp_path / "changes.json")]) == 0
    assert capsys.readouterr().out.splitlines() == [change["sentence"] for change in printed["changes"]]
    assert json.loads((tmp_path / "changes.json").read_text()) == printed


BAD = [
    (b"", 2, "in.jsonl holds no comments."),
    (b'{"text": "a"}\n{"text": \n', 2, "in.jsonl: Line 2 is not JSON"),
    (b'{"text": "a"}\n[1]\n', 2, "Line 2 is not a JSON object"),
    (b"[" * 100_000, 2, "Line 1 is not JSON"),
    (b'{"words": "a", "n": 1}\n', 2, 'has a field "text". Its fields are: n, words.'),
    (b'{"text": ["a"]}\n', 2, 'Line 1: the field "text" holds a list'),
    (b'{"text": "Longer library hours"}\n' * 12, 1, "12 comments are too few: 20 are needed"),
    (b'{"text": "Longer library hours"}\n' * 40, 1, "All 40 comments say the same"),
]


@pytest.mark.parametrize(("content", "code", "sentence"), BAD)
def test_bad_input_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, code: int, sentence: str
) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.json"
    source.write_bytes(content)
    assert main(["discover", str(source), "--out", str(out)]) == code
    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_an_unclosed_quote_in_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "in.csv"
    source.write_text('id,text\n1,fine\n2,"never closed\n3,lost\n')
    assert main(["discover", str(source), "--out", str(tmp_path / "out.json")]) == 2
    assert "The row at line 3 is not CSV" in capsys.readouterr().err


@pytest.mark.parametrize("more", [["--themes", "0"], ["--seed", "-1"]])
def test_options_out_of_range(tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str]) -> None:
    source = write_lines(tmp_path / "in.jsonl", rows())
    assert main(["discover", str(source), "--out", str(tmp_path / "out.json"), *more]) == 2
    assert "must be a whole number" in capsys.readouterr().err


def test_missing_file_and_unwritable_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["discover", str(tmp_path / "none.jsonl"), "--out", str(tmp_path / "out.json")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    source = write_lines(tmp_path / "in.jsonl", rows())
    assert main(["discover", str(source), "--out", str(tmp_path / "nowhere" / "out.json")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_a_failed_run_keeps_the_old_output(tmp_path: Path) -> None:
    source, out = write_lines(tmp_path / "in.jsonl", rows()[:5]), tmp_path / "out.json"
    out.write_text("what was there")
    assert main(["discover", str(source), "--out", str(out)]) == 1
    assert out.read_text() == "what was there"


def test_personal_data_a_line_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = [
        {"id": 1, "text": "Nothing here"},
        {"id": 2, "text": "Escríbame: jane@example.org, or call 215-555-0123."},
    ]
    assert main(["personal", str(write_lines(tmp_path / "in.jsonl", written))]) == 0
    mail, phone = lines_of(capsys)
    assert mail == {
        "id": 2,
        "start": 11,
        "end": 27,
        "kind": "email",
        "certain": True,
        "text": "jane@example.org",
    }
    assert (phone["kind"], phone["text"]) == ("phone", "215-555-0123")


def test_copies_and_letters_a_line_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letter = "Please keep our library open on Sundays, as our children have nowhere else to read"
    texts = [
        letter,
        "Fix the road",
        letter.upper() + "!",
        letter,
        letter,
        "fix  the road",
        letter + " My son is nine.",
    ]
    written = [{"text": text, "group": "mail"} for text in texts]
    assert main(["duplicates", str(write_lines(tmp_path / "in.jsonl", written))]) == 0
    found = lines_of(capsys)
    assert {"kind": "exact", "size": 2, "ids": [2, 6], "text": "Fix the road"} in found
    (campaign,) = [line for line in found if line["kind"] == "campaign"]
    assert campaign["ids"] == [1, 3, 4, 5, 7]
    assert (campaign["representative"], campaign["text"], campaign["size"]) == (1, letter, 5)
    assert campaign["audiences"] == {"mail": 5}


def test_nobody_reads_on(tmp_path: Path) -> None:
    many = [{"text": f"Mail jane{n}@example.org"} for n in range(3000)]
    command = [sys.executable, "-m", "analysis", "personal", str(write_lines(tmp_path / "in.jsonl", many))]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        assert json.loads(process.stdout.readline())["id"] == 1
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_help_and_bad_files_are_told_of_without_the_large_libraries(tmp_path: Path) -> None:
    program = (
        "import sys; from analysis.__main__ import main\n"
        "assert main(['discover', 'none.jsonl', '--out', 'out.json']) == 2\n"
        "try: main(['discover', '--help'])\n"
        "finally: assert not {'numpy', 'scipy', 'sklearn', 'nltk'} & set(sys.modules)\n"
    )
    surroundings = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=surroundings, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    assert b"--corrections" in done.stdout
