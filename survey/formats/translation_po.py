"""Translations as a gettext catalogue, the format of translators' tools; the key of a text is its context."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po

from survey.formats.decoding import decode
from survey.formats.rows import Limits
from survey.formats.translation_rows import NO_KEYS, Row, Sheet, TranslationError

MEDIA_TYPE = "text/x-gettext-translation"
DAY = datetime(2026, 1, 1, tzinfo=UTC)
# What a catalogue begins with: comments and blank lines, then a message.
START = re.compile(r'(?:\s|#[^\n]*\n)*(?:msgctxt|msgid)[ \t]*"')
# What else there may be on a line: Babel passes over a text that is not closed, and its message is gone.
LINE = re.compile(r'\s*(#.*|(msg[a-z_]+(\[\d\])?[ \t]*)?"(?:[^"\\]|\\.)*"\s*)?')
SOURCE = "X-Source-Language"
DAMAGED = (
    "The file is not a whole PO catalogue: line %s cannot be read. Save it again in your translation program "
    "and try again."
)


def write(sheet: Sheet) -> bytes:
    """The file. Messages have no flags: a per cent sign in a question is no placeholder."""
    catalog = Catalog(project="Throughline", charset="utf-8", creation_date=DAY, revision_date=DAY)
    catalog.mime_headers = [("Language", sheet.target or ""), (SOURCE, sheet.source or "")]
    for row in sheet.rows:
        message = catalog.add(row.source, row.target, auto_comments=[row.about], context=row.key)
        message.flags.clear()
    stream = io.BytesIO()
    write_po(stream, catalog, width=0, omit_header=True)
    return _header(sheet) + stream.getvalue()


def _header(sheet: Sheet) -> bytes:
    lines = (
        "Project-Id-Version: Throughline",
        f"Language: {sheet.target}",
        f"{SOURCE}: {sheet.source}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    )
    body = "".join(f'"{line}\\n"\n' for line in lines)
    return f'msgid ""\nmsgstr ""\n{body}\n'.encode()


def is_po(text: str) -> bool:
    """Whether a text is a catalogue."""
    return START.match(text[:100_000]) is not None


def read(data: bytes, limits: Limits) -> Sheet:
    """Read a catalogue.

    Raises
    ------
    TranslationError
        It is damaged, has more messages than the limits allow, or none with a key.
    TableError
        It is not text.
    """
    decoded = decode(data, limits)
    # As text, so that a charset that the file names is not looked at; line ends inside texts are escapes.
    lines = re.split("\r\n|\r|\n", decoded.text)
    for number, line in enumerate(lines, start=1):
        if not LINE.fullmatch(line):
            raise TranslationError(DAMAGED % number)
    try:
        catalog = read_po(lines, abort_invalid=True, ignore_obsolete=True)
    except PoFileError as error:
        raise TranslationError(DAMAGED % ((error.lineno or 0) + 1)) from error
    except (ValueError, TypeError, IndexError, AttributeError, KeyError) as error:
        raise TranslationError(DAMAGED.replace("line %s", "some line")) from error
    messages = [message for message in catalog if message.id]
    if len(messages) > limits.rows:
        raise TranslationError(
            f"The file has more than {limits.rows:,} texts. Use one that was downloaded here."
        )
    if messages and not any(message.context for message in messages):
        raise TranslationError(NO_KEYS.replace("no column “key”", "no contexts (msgctxt)"))
    return Sheet(*_languages(decoded.text), tuple(map(_row, messages)), decoded.notes)


def _languages(text: str) -> tuple[str | None, str | None]:
    head = text[:5000]
    source = re.search(rf'"{SOURCE}: ?([A-Za-z0-9_-]{{1,40}})\\n"', head)
    target = re.search(r'"Language: ?([A-Za-z0-9_-]{1,40})\\n"', head)
    return (source[1] if source else None), (target[1] if target else None)


def _row(message: Message) -> Row:
    source = message.id if isinstance(message.id, str) else message.id[0]
    string = message.string if isinstance(message.string, str) else (message.string or ("",))[0]
    # A fuzzy translation is a guess of the program that nobody has looked at.
    target = "" if message.fuzzy else string or ""
    return Row(message.context or "", "", source, target, line=message.lineno or 0)
