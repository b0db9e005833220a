"""What a respondent's pages weigh, and what axe-core and Lighthouse say of them.

    python benchmarks/respondent_pages.py [--lighthouse PATH/TO/lighthouse]

A survey with every type of question is served by gunicorn, in short and in very long words, in all languages
of the interface, some from right to left. Each page is looked at empty, filled in and with something to be
put right: axe (WCAG 2.2 AA and good practice) in a real Chromium, in the light and in the dark, in forced
colours, and whether 320 px are too narrow. The first visit is weighed as Chromium receives it, headers
included, with nothing in front of gunicorn. Lighthouse (`npm install lighthouse`) is run where its path is
given.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Response

from benchmarks import results
from survey import db
from survey.i18n import LANGUAGES
from survey.models import Survey
from survey.services import surveys
from tests.browser import gallery
from tests.browser.hands import Pointer
from tests.browser.look import faults
from tests.browser.test_question_types import begin, fill_in, go_on
from tests.support import server
from tests.support.axe import violations
from tests.support.chromium import FLAGS, open_browser, program

BARS = {"first visit, kB on the wire": 30, "first visit, requests": 4, "axe": 0}
LIGHTHOUSE_BARS = {"accessibility": 1.0, "performance": 0.98}
CATEGORIES = ("accessibility", "performance")


@contextmanager
def gallery_served(folder: str) -> Iterator[str]:
    """The address of the surveys with every type, in every language of the interface."""
    url = f"sqlite:///{folder}/pages.sqlite"
    gallery.build(url)
    database = db.connect(url)
    with database.writing() as session:
        for survey in session.query(Survey):
            document = {**survey.document, "languages": list(LANGUAGES)}
            surveys.save_document(session, survey, document, by="benchmark")
            surveys.publish(session, survey, by="benchmark")
    database.dispose()
    with server.serving(url) as address:
        yield address


def first_visit(browser: Browser, address: str) -> dict[str, float]:
    """What a browser that was never here gets, and in how many requests."""
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    replies: list[Response] = []
    page.on("response", lambda reply: replies.append(reply))
    page.goto(f"{address}/answer/{gallery.SHORT}-question", wait_until="networkidle")
    sizes = [reply.request.sizes() for reply in replies]
    wire = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
    whole = sum(len(reply.body()) for reply in replies)
    context.close()
    return {
        "requests": len(replies),
        "kb_uncompressed": round(whole / 1000, 1),
        "kb_on_the_wire": round(wire / 1000, 1),
    }


def axe(browser: Browser, address: str, language: str) -> dict[str, Any]:
    """What is found on all types at once, in each state, in short and in long words."""
    found: list[str] = []
    looked_at = 0
    for name in (gallery.SHORT, gallery.LONG):
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        for state in states(page, address, name, language):
            found += faults(page, f"{name}, {state}")
            found += [f"{name}, {state}, {one}" for one in in_forced_colors(page)]
            looked_at += 2
        page.context.close()
    return {"pages": looked_at, "violations": found}


def in_forced_colors(page: Page) -> list[str]:
    """What axe finds with the colours of the system, light and dark, once they are painted."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(forced_colors="active", color_scheme=scheme)
        page.wait_for_timeout(400)  # before that, axe sees one colour of the old palette and one of the new
        found += [f"forced colors, {scheme}: {one}" for one in violations(page)]
    page.emulate_media(forced_colors="none", color_scheme="light")
    page.wait_for_timeout(400)
    return found


def states(page: Page, address: str, name: str, language: str) -> Iterator[str]:
    """Bring the page with all types into each of its states; then the check page."""
    begin(page, address, f"{name}-page", language)
    yield "empty"
    fill_in(page, gallery.ANSWERS, Pointer())
    yield "filled in"
    fill_in(page, {"q-time": "25:00", "q-email": "no address", "q-ranking.c1": "2"}, Pointer())
    go_on(page)
    yield "to be put right"
    fill_in(page, gallery.ANSWERS, Pointer())
    go_on(page)
    yield "check"


def lighthouse(path: str, url: str) -> dict[str, float]:
    """The scores of a page, from 0 to 1."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [path, url, "--quiet", "--output=json", f"--output-path={report}"]
        flags = " ".join(("--headless=new", *FLAGS))
        command += [f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={flags}"]
        subprocess.run(command, check=True, env=os.environ | {"CHROME_PATH": program()}, timeout=300)
        scores = json.loads(report.read_text(encoding="utf-8"))["categories"]
        return {name: scores[name]["score"] for name in CATEGORIES}


def measure(lighthouse_path: str) -> dict[str, Any]:
    """Everything."""
    with tempfile.TemporaryDirectory() as folder, gallery_served(folder) as address:
        with open_browser() as browser:
            report: dict[str, Any] = {"first_visit": first_visit(browser, address)}
            report["axe"] = {tag: axe(browser, address, tag) for tag in LANGUAGES}
        if lighthouse_path:
            urls = {"start": f"{address}/answer/{gallery.SHORT}-question", "front": f"{address}/"}
            report["lighthouse"] = {name: lighthouse(lighthouse_path, url) for name, url in urls.items()}
        return report


def missed(report: dict[str, Any]) -> Iterator[str]:
    """The bars that were missed: one sentence each."""
    found = {
        "first visit, kB on the wire": report["first_visit"]["kb_on_the_wire"],
        "first visit, requests": report["first_visit"]["requests"],
        "axe": sum(len(one["violations"]) for one in report["axe"].values()),
    }
    for name, most in BARS.items():
        if found[name] > most:
            yield f"{name}: {found[name]}, at most {most} were promised."
    for page, scores in report.get("lighthouse", {}).items():
        for name, least in LIGHTHOUSE_BARS.items():
            if scores[name] < least:
                yield f"Lighthouse, {page}: {name} {scores[name]}, at least {least} was promised."


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--lighthouse", default="", help="the lighthouse program")
    report = measure(parser.parse_args().lighthouse)
    print(json.dumps(report, indent=1, ensure_ascii=False))
    results.save("respondent_pages", report)
    sys.exit("\n".join(missed(report)) or 0)


if __name__ == "__main__":
    main()
