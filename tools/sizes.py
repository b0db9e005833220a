"""How big functions, files and templates are: `python -m tools.sizes`. A mirror, not a gate."""

import ast
import io
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("survey", "analysis")
SILENT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


@dataclass(frozen=True)
class Size:
    lines: int
    name: str


def functions(source: str, path: str) -> Iterator[Size]:
    """Give the code lines of each function: no blank lines, no comments, no docstring."""
    tree = ast.parse(source, path)
    code = code_lines(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            own = set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
            yield Size(len((own & code) - docstring_lines(node)), f"{path}:{node.lineno} {node.name}")


def code_lines(source: str) -> set[int]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    spans = (range(token.start[0], token.end[0] + 1) for token in tokens if token.type not in SILENT)
    return {line for span in spans for line in span}


def docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[int]:
    if ast.get_docstring(node, clean=False) is None:
        return set()
    first = node.body[0]
    return set(range(first.lineno, (first.end_lineno or first.lineno) + 1))


def file_size(file: Path) -> Size:
    return Size(len(file.read_text(encoding="utf-8").splitlines()), file.relative_to(ROOT).as_posix())


def percentile(values: Sequence[int], share: int) -> int:
    """Give the smallest value that at least `share` per cent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def report(title: str, sizes: Sequence[Size]) -> str:
    if not sizes:
        return f"{title}: none"
    lines = [size.lines for size in sizes]
    median, ninety, most = (percentile(lines, share) for share in (50, 90, 99))
    longest = sorted(sizes, key=lambda size: (-size.lines, size.name))[:5]
    head = f"{title}: {len(sizes)}, median {median}, 90th percentile {ninety}, 99th {most} lines"
    return "\n".join([head, *(f"{size.lines:6}  {size.name}" for size in longest)])


def main() -> None:
    files = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
    templates = sorted(file for file in (ROOT / "templates").rglob("*") if file.is_file())
    found = [
        size
        for file in files
        for size in functions(file.read_text(encoding="utf-8"), file.relative_to(ROOT).as_posix())
    ]
    print(report("Functions", found))
    print(report("Files", [file_size(file) for file in files]))
    print(report("Templates", [file_size(file) for file in templates]))


if __name__ == "__main__":
    main()
