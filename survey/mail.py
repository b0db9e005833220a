"""Mail: what a message looks like, and handing messages to the mail server of the office, one by one.

What the server says is sorted into four kinds, because each asks for something else: it took the message
(`Line.send` returns), it did not (`NotSent`, for now or for good), nobody knows (`Unsure`: the line broke
after the text was handed over), or it cannot be used at all (`NoServer`).
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, EmailPolicy
from email.utils import formatdate, make_msgid, parseaddr

from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from survey.config import Settings
from survey.errors import Refusal
from survey.i18n import direction
from survey.questions.settings import Sentence

SECONDS = 30
LOCAL_PART = re.compile(r"[^@\s<>,;:\\\"()\[\]]{1,64}")
DOMAIN = re.compile(r"[\w.-]{1,189}")
MOST_REASON = 300
LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


class WebAddress(UnstructuredHeader):
    """A header with an address of a page in it, which stays in one piece; other long words are encoded."""

    def fold(self, *, policy: EmailPolicy) -> str:
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


_headers = HeaderRegistry()
_headers.map_to_type("list-unsubscribe", WebAddress)  # type: ignore[arg-type]
PLAIN, WITH_UTF8 = (one.clone(header_factory=_headers) for one in (SMTP, SMTPUTF8))


class NoServer(Refusal):
    """The mail server cannot be used: it is away, its certificate is not trusted, it refuses our sign-in."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))


class Away(NoServer):
    """It does not answer now; it may in a minute."""

    def __init__(self) -> None:
        super().__init__(AWAY)


class NotSent(Exception):
    """The server did not take this message; `for_good` when trying again would not help."""

    def __init__(self, reason: str, *, for_good: bool) -> None:
        super().__init__(reason)
        self.reason, self.for_good = plain_line(reason)[:MOST_REASON], for_good


class Unsure(Exception):
    """The line broke after the text was handed over: the message may be under way, or not."""


@dataclass(frozen=True)
class Mail:
    """A message to one person. `stop` is the page on which the person can ask for no more mail."""

    to: str
    subject: str
    text: str
    language: str
    name: str = ""
    stop: str = ""


def message(mail: Mail, settings: Settings) -> EmailMessage:
    """The message as it goes out; raise `NotSent` when the address cannot be written into one."""
    made = EmailMessage(policy=PLAIN if mail.to.rpartition("@")[0].isascii() else WITH_UTF8)
    made["From"] = _sender(settings)
    made["To"] = _receiver(mail)
    made["Subject"] = plain_line(_storable(mail.subject))
    made["Date"] = formatdate(localtime=False)
    made["Message-ID"] = make_msgid(domain=parseaddr(settings.smtp_from)[1].partition("@")[2])
    # Answering machines then keep still, and mail programs offer a way out.
    made["Auto-Submitted"] = "auto-generated"
    if settings.smtp_reply_to:
        made["Reply-To"] = settings.smtp_reply_to
    if mail.stop:
        made["List-Unsubscribe"] = f"<{plain_line(mail.stop)}>"
    # Not every server takes bytes above 127.
    made.set_content(_storable(mail.text), charset="utf-8", cte="quoted-printable")
    made.add_alternative(_html(mail), subtype="html", charset="utf-8", cte="quoted-printable")
    return made


def plain_line(text: str) -> str:
    """A text as one line that can stand in a header: no line ends, nothing that cannot be seen."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _storable(text: str) -> str:
    """Half a surrogate pair cannot be written down; neither mail nor page has a use for a NUL."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def _sender(settings: Settings) -> Address:
    if not settings.smtp_from:
        raise NoServer(NO_HOST)
    name, address = parseaddr(settings.smtp_from)
    return Address(plain_line(name or settings.office), addr_spec=address)


def _receiver(mail: Mail) -> Address:
    local, _at, domain = mail.to.rpartition("@")
    try:
        if not LOCAL_PART.fullmatch(local) or not DOMAIN.fullmatch(domain):
            raise ValueError
        return Address(plain_line(_storable(mail.name)), local, domain.encode("idna").decode())
    except ValueError as error:  # UnicodeError is one
        raise NotSent("This is not an address that mail can be sent to.", for_good=True) from error


def _html(mail: Mail) -> str:
    """The same words for programs that show HTML: with their direction, and links that can be pressed."""
    parts = (part for part in re.split(r"\n\s*\n", _storable(mail.text).strip()))
    body = Markup("\n").join(Markup("<p>{}</p>").format(_linked(part)) for part in parts)
    whole = Markup('<!doctype html><html lang="{}" dir="{}"><body>{}</body></html>')
    return str(whole.format(mail.language, direction(mail.language), body))


def _linked(text: str) -> Markup:
    """Words with their links made so, each line on its own."""
    made, at = Markup(), 0
    for match in LINK.finditer(text):
        made += escape(text[at : match.start()])
        made += Markup('<a href="{0}" dir="ltr">{0}</a>').format(match[0])
        at = match.end()
    return Markup("<br>\n").join((made + escape(text[at:])).split("\n"))


class Line:
    """An open line to the mail server."""

    def __init__(self, smtp: smtplib.SMTP, settings: Settings) -> None:
        self._smtp, self._settings = smtp, settings
        self._from = parseaddr(settings.smtp_bounce_to or settings.smtp_from)[1]

    def send(self, made: EmailMessage) -> None:
        """Hand one message over; raise `NotSent`, `Unsure` or `NoServer`."""
        to = made["To"].addresses[0].addr_spec
        data = made.as_bytes()  # before anything is said: what cannot be written must not end half said
        options = self._options(to)
        try:
            self._from_us(options)
            self._to_them(to)
        except (smtplib.SMTPException, OSError) as error:
            raise Away() from error
        self._hand_over(data)

    def _options(self, to: str) -> list[str]:
        if to.isascii():
            return []
        if not self._smtp.has_extn("smtputf8"):
            raise NotSent("The mail server takes only addresses in Latin letters.", for_good=True)
        return ["SMTPUTF8", "BODY=8BITMIME"]

    def _from_us(self, options: list[str]) -> None:
        code, said = self._smtp.mail(self._from, options)
        if code // 100 == 4:
            raise self._not_sent(code, said)
        if code != 250:
            raise NoServer(SENDER)

    def _to_them(self, to: str) -> None:
        code, said = self._smtp.rcpt(to)
        if code // 100 != 2:
            raise self._not_sent(code, said)

    def _hand_over(self, data: bytes) -> None:
        try:
            code, said = self._smtp.data(data)
        except smtplib.SMTPDataError as error:  # refused before the text
            raise self._not_sent(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Unsure from error
        if code != 250:
            raise self._not_sent(code, said)

    def _not_sent(self, code: int, said: bytes | str) -> Exception:
        """What its answer means for this message; the line is then ready for the next one."""
        if code == 421 or code < 0:  # it closes the line
            return Away()
        with suppress(smtplib.SMTPException, OSError):
            self._smtp.rset()
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        return NotSent(f"{code} {words}", for_good=code >= 500)


AWAY = _l("The mail server does not answer. What is not sent yet waits: go on when the server is back.")
SIGN_IN = _l(
    "The mail server does not take our name and password. Correct SURVEY_SMTP_USER and SURVEY_SMTP_PASSWORD."
)
SENDER = _l("The mail server does not take mail from our address. Correct SURVEY_SMTP_FROM.")
NO_TLS = _l("The mail server offers no starttls. Correct SURVEY_SMTP_TLS and SURVEY_SMTP_PORT.")
NOT_TRUSTED = _l(
    "The certificate of the mail server is not trusted. Set SURVEY_SMTP_CA_FILE, or correct the server."
)
NO_CA_FILE = _l("The file that SURVEY_SMTP_CA_FILE names cannot be read as certificates.")
NO_HOST = _l("No mail server is set. Set SURVEY_SMTP_HOST, or print letters.")


@contextmanager
def line(settings: Settings) -> Iterator[Line]:
    """A line to the mail server, closed afterwards; raise `NoServer` when there is none to be had."""
    if not settings.smtp_host:
        raise NoServer(NO_HOST)
    smtp = _connected(settings)
    try:
        yield Line(smtp, settings)
    finally:
        with suppress(smtplib.SMTPException, OSError):
            smtp.quit()
        smtp.close()


def _connected(settings: Settings) -> smtplib.SMTP:
    context = _context(settings)
    try:
        smtp = _greeted(settings, context)
    except ssl.SSLError as error:
        raise NoServer(NOT_TRUSTED if isinstance(error, ssl.SSLCertVerificationError) else NO_TLS) from error
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise Away() from error
    try:
        _make_safe(smtp, settings, context)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _greeted(settings: Settings, context: ssl.SSLContext) -> smtplib.SMTP:
    where = (settings.smtp_host, settings.smtp_port)
    # Our name in the greeting is not this machine's: that would be the one thing mail tells of it.
    if settings.smtp_tls == "ssl":
        return smtplib.SMTP_SSL(*where, local_hostname="localhost", timeout=SECONDS, context=context)
    return smtplib.SMTP(*where, local_hostname="localhost", timeout=SECONDS)


def _make_safe(smtp: smtplib.SMTP, settings: Settings, context: ssl.SSLContext) -> None:
    """Encrypt the line as the settings say, never less, then sign in."""
    try:
        smtp.ehlo_or_helo_if_needed()
        if settings.smtp_tls == "starttls":
            smtp.starttls(context=context)
            smtp.ehlo()
        if settings.smtp_user:
            smtp.login(settings.smtp_user, settings.smtp_password)
    except ssl.SSLError as error:
        raise NoServer(NOT_TRUSTED) from error
    except smtplib.SMTPAuthenticationError as error:
        raise NoServer(SIGN_IN) from error
    except smtplib.SMTPNotSupportedError as error:
        raise NoServer(NO_TLS if settings.smtp_tls == "starttls" else SIGN_IN) from error
    except (smtplib.SMTPException, OSError) as error:
        raise Away() from error


def _context(settings: Settings) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=settings.smtp_ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise NoServer(NO_CA_FILE) from error
