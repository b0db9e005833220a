"""What axe-core finds on a page."""

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

# By tags rather than by default, because axe leaves the rules of WCAG 2.2 out unless they are named.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
RUN = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"


def violations(page: Page) -> list[str]:
    """List the breaches of WCAG 2.2 A and AA and of good practice, each with where and why; best: []."""
    # Through the debugger, not as a script of the page: the page keeps its content security policy.
    page.evaluate(axe_source())
    found = page.evaluate(RUN, TAGS)
    return [describe(rule) for rule in found["violations"]]


@cache
def axe_source() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def describe(rule: dict[str, Any]) -> str:
    lines = [f"{rule['id']} ({rule['impact']}): {rule['help']}"]
    for node in rule["nodes"]:
        why = " ".join(node["failureSummary"].split())
        lines.append(f"  {', '.join(map(str, node['target']))}: {node['html'][:200]}\n    {why}")
    return "\n".join(lines)
