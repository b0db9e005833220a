"""A real mail server on the loopback address; it takes, refuses, delays or breaks off as a test says."""

from __future__ import annotations

import asyncio
import ssl
import tempfile
import threading
from asyncio import WriteTransport
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.support.server import free_port

Answer = str | None
DROP = "drop"


@dataclass
class Post:
    """What a server has taken, and how it answers. An answer of None is the usual one, `DROP` breaks off."""

    port: int = 0
    ca_file: str = ""
    taken: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    on_from: Callable[[str], Answer] = lambda address: None
    on_to: Callable[[str], Answer] = lambda address: None
    on_text: Callable[[str], Answer] = lambda address: None
    delay: float = 0.0

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        return _say(server, self.on_from(address)) or _accept_from(envelope, address, options)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = _say(server, self.on_to(address))
        if said is None:
            envelope.rcpt_tos.append(address)
        return said or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.delay)
        address = envelope.rcpt_tos[0]
        said = self.on_text(address)
        if said is not None and said != DROP:
            return said
        assert isinstance(envelope.content, bytes)
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        self.to.append(address)
        self.senders.append(envelope.mail_from or "")
        assert server.transport is not None
        self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        return _say(server, said) or "250 OK"


def _accept_from(envelope: Envelope, address: str, options: list[str]) -> str:
    envelope.mail_from = address
    envelope.mail_options.extend(options)
    return "250 OK"


def _say(server: SMTP, answer: Answer) -> Answer:
    if answer != DROP:
        return answer
    assert isinstance(server.transport, WriteTransport)
    server.transport.abort()
    return "421 gone"


@contextmanager
def serving(
    post: Post | None = None, *, tls: str = "none", login: tuple[str, str] | None = None
) -> Iterator[Post]:
    """Serve until the test is over. `tls` is none, starttls or ssl, with a certificate nobody knows."""
    post = post or Post()
    options: dict[str, Any] = {"enable_SMTPUTF8": True}
    context = _certificate(post) if tls != "none" else None
    if tls == "starttls":
        options["tls_context"] = context
    if login:
        check = lambda server, session, envelope, kind, data: AuthResult(  # noqa: E731
            success=(data.login.decode(), data.password.decode()) == login, handled=False
        )
        options |= {"authenticator": check, "auth_required": True, "auth_require_tls": tls == "starttls"}
    ssl_context = context if tls == "ssl" else None
    controller = Controller(post, hostname="127.0.0.1", port=free_port(), ssl_context=ssl_context, **options)
    controller.start()
    post.port = controller.port
    try:
        yield post
    finally:
        with suppress(RuntimeError, AssertionError):
            controller.stop()


_authority: list[trustme.CA] = []
_lock = threading.Lock()


def _certificate(post: Post) -> ssl.SSLContext:
    """A certificate for the loopback address, and the file that makes it trusted."""
    with _lock:
        if not _authority:
            _authority.append(trustme.CA())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _authority[0].issue_cert("127.0.0.1", "localhost").configure_cert(context)
    with tempfile.NamedTemporaryFile(suffix=".pem", delete=False) as file:
        file.write(_authority[0].cert_pem.bytes())
    post.ca_file = file.name
    return context
