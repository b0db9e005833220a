"""PDF files of a report or brief: made from the page that can be taken away, with tags for screen readers."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

from sqlalchemy.orm import Session

from survey.db import Database
from survey.errors import Refusal
from survey.formats import brief_out, html_out
from survey.formats.summary import Summary
from survey.jobs.table import Held
from survey.jobs.tasks.common import Progress, Store
from survey.models import Study
from survey.services import made_files, report_files, summaries

PAGES: dict[str, Callable[[Summary, str], str]] = {"report": html_out.page, "brief": brief_out.page}
# WeasyPrint draws pictures apart from their page: the rules of its style sheet do not reach them.
COLOURS = (
    "<style>.fill{fill:#0a5c66}.track{fill:#dcd8ce;fill-opacity:.55}.earlier{fill:#7f7c72}"
    ".few,.range,.range-edge,.aim{fill:none}.few{stroke:#7f7c72}.range{stroke:#17262e;stroke-width:1.5}"
    ".range-edge{stroke:#ffffff;stroke-width:4.5}.aim{stroke:#8a5100;stroke-width:3}</style>"
)
VARIANT = "pdf/ua-1"


def pdf(database: Database, held: Held, progress: Progress) -> Store:
    """Write a PDF file, then store it for a day."""
    assert held.study_id is not None
    weasyprint = library()
    progress(0.1, "Reading the summary")
    with database.reading() as session:
        study = session.get_one(Study, held.study_id)
        summary = summaries.read(summaries.get(session, study, held.args["summary"]))
        wanted = report_files.Wanted.of(held.args)
        name = report_files.name(study.slug, wanted)
    progress(0.2, "Laying out the pages")
    data = to_pdf(PAGES[wanted.which](summary, wanted.paper), weasyprint)
    progress(0.9, "Storing the file")
    return lambda session: _store(session, held, name, data)


def _store(session: Session, held: Held, name: str, data: bytes) -> dict[str, Any]:
    assert held.study_id is not None
    file = made_files.store(session, held.study_id, name, report_files.MEDIA_TYPE, [data], held.made_by)
    return {"file": file.id}


def library() -> ModuleType:
    """WeasyPrint; raise `Refusal` with what to do where it or Pango is missing on this machine."""
    try:
        import weasyprint
    except (ImportError, OSError) as error:  # OSError: Pango, which it loads, is not there
        raise Refusal(str(report_files.MISSING)) from error
    return weasyprint  # type: ignore[no-any-return]


def to_pdf(page: str, weasyprint: ModuleType | None = None) -> bytes:
    """The PDF/UA file of a page; nothing is fetched from anywhere, as a page is whole in itself."""
    used = weasyprint or library()
    # It says of each rule for screens that paper has no use for it.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    made = used.HTML(string=coloured(page), url_fetcher=used.urls.URLFetcher(allowed_protocols=()))
    return bytes(made.write_pdf(pdf_variant=VARIANT))


def coloured(page: str) -> str:
    """The page with its colours inside each picture; text cannot be taken for one, as it is escaped."""
    return re.sub(r"<svg [^>]*>", lambda found: found.group() + COLOURS, page)
