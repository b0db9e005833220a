"""A feed of releases (RSS 2.0)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from survey.formats.safe_text import for_xml

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/rss+xml"
register_namespace("atom", ATOM)


@dataclass(frozen=True, slots=True)
class Item:
    """One release, or the note that one was withdrawn; `link` is its lasting address."""

    title: str
    text: str
    link: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A channel: what it is, the page it belongs to, its own address, and its items, newest first."""

    title: str
    text: str
    link: str
    address: str
    language: str
    items: Sequence[Item] = ()


def write(feed: Feed) -> bytes:
    """Return the feed as XML; its text is plain, markup in it stays text."""
    root = Element("rss", {"version": "2.0"})
    channel = SubElement(root, "channel")
    _texts(channel, title=feed.title, link=feed.link, description=feed.text, language=feed.language)
    SubElement(channel, f"{{{ATOM}}}link", {"href": feed.address, "rel": "self", "type": MEDIA_TYPE})
    for item in feed.items:
        _item(SubElement(channel, "item"), item)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _item(element: Element, item: Item) -> None:
    _texts(element, title=item.title, link=item.link, description=item.text)
    SubElement(element, "guid", {"isPermaLink": "true"}).text = item.link
    # RFC 822, as the standard asks, in one zone for all readers.
    _texts(element, pubDate=format_datetime(item.at.astimezone(UTC), usegmt=True))


def _texts(element: Element, **texts: str) -> None:
    for name, text in texts.items():
        # Readers take descriptions for HTML: what was plain text must be written as such.
        written = _as_html(text) if name == "description" else text
        SubElement(element, name).text = for_xml(written)


def _as_html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
