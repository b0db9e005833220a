"""A frozen summary as a page of its own: one file that needs no server, no script and nothing from elsewhere.

The same macros draw it as the page on screen. Here they speak English, as every file of a summary does, and
there is no request: the templates get what they use from this module.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from survey import charts, summary_pictures
from survey.formats.safe_text import for_xml
from survey.formats.summary import Summary, percent
from survey.languages import direction, language_name
from survey.resources import PACKAGE, folder

LANGUAGE, LOCALE = "en", "en_US"
DRAWING = ("breadth_strip", "bar", "share_bar", "target_bar", "pair_bar", "heat")
PICTURES = {name: getattr(charts, name) for name in DRAWING}
"""What draws, by its name in templates."""


def tenths(share: float, locale: Locale | str = LOCALE) -> str:
    """A share between 0 and 1 as per cent with one decimal, as a language writes it."""
    # Rounded as in all formats first: Babel rounds 12.35 % to another side than Python does.
    rounded = Decimal(percent(share).removesuffix("%")) / 100
    return format_percent(rounded, _with_tenths(str(locale)), locale=locale)


@cache
def _with_tenths(locale: str) -> str:
    """How a language writes per cent, with a decimal after the last digit."""
    pattern = Locale.parse(locale).percent_formats[None].pattern
    before, zero, after = pattern.rpartition("0")
    return f"{before}{zero}.0{after}"


def render(template: str, summary: Summary, **more: Any) -> str:
    """The page that a template makes of a summary."""
    drawn = summary_pictures.of_summary(summary)
    page = (
        _environment()
        .get_template(template)
        .render(
            summary=summary,
            pictures=drawn,
            style=style(template),
            frozen=format_date(summary.made_at_moment(), "long", locale=LOCALE),
            **more,
        )
    )
    # Whatever people typed: control characters may stand neither in HTML nor in PDF.
    return for_xml(page)


@cache
def style(template: str) -> Markup:
    """The style sheet of a page, as an element: its own, after what the pages on screen have in common."""
    shared = (PACKAGE / "static" / "report.css").read_text(encoding="utf-8")
    own = [
        folder("templates") / name for name in ("publish/file.css.txt", template.replace(".html", ".css.txt"))
    ]
    texts = [path.read_text(encoding="utf-8") for path in own if path.is_file()]
    rules = Markup("\n".join([texts[0], shared, *texts[1:]]))  # noqa: S704 (our own files)
    return Markup("<style>\n{}</style>").format(rules)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(tenths=tenths, number=_number, percent=_whole)
    environment.globals.update(
        PICTURES,
        language=lambda: LANGUAGE,
        exact_tag=lambda: LANGUAGE,
        direction=direction,
        language_name=language_name,
        method_label=str,
    )
    return environment


def _number(value: float) -> str:
    return format_decimal(value, locale=LOCALE)


def _whole(share: float) -> str:
    return format_percent(share, locale=LOCALE)
