"""Settings: one frozen dataclass, read from `SURVEY_*` variables of the environment.

Each field carries its help text and, where it has one, its range. `docs/settings.md` is tested against
this file, and a `SURVEY_*` name that is not here stops the start: a misspelt setting must not pass
for a default.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from email.utils import parseaddr
from typing import Any, Literal, get_args, get_type_hints
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from survey.languages import LANGUAGES

PREFIX = "SURVEY_"
SECRET_LENGTH = 32
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class SettingsError(ValueError):
    """A setting is unknown, missing or out of range; the message says what to do."""


def setting(default: Any, help: str, *, least: int | None = None, most: int | None = None) -> Any:
    """A dataclass field with the words and range that belong to it."""
    return field(default=default, metadata={"help": help, "least": least, "most": most})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything an operator can set. Times are in the unit the name says; sizes in kB or MB (1,000)."""

    database_url: str = setting(
        "sqlite:///var/throughline.sqlite",
        "Where everything is stored: an SQLite file or postgresql+psycopg://user@host/name.",
    )
    secret_key: str = setting(
        "",
        f"Signs cookies and keys hashes; at least {SECRET_LENGTH} random characters. Needed to serve pages.",
    )
    https: bool = setting(
        False,
        "Set to 1 where people reach the pages by https: cookies become __Host- and Secure, HSTS is sent.",
    )
    trusted_proxies: int = setting(
        0, "How many proxies of yours stand in front and set X-Forwarded-*.", least=0, most=5
    )
    demo: bool = setting(False, "Set by `survey demo`: the first page says that this is a demo.")
    office: str = setting("Your city", "The name of the city or office, shown on top of respondents' pages.")
    language: Literal["en", "es", "ar", "zh", "vi", "fr", "pt", "ru", "ht"] = setting(
        "en", "The language of pages when the browser asks for none we have."
    )
    approved_languages: str = setting(
        "",
        "Languages whose translation a speaker has approved, such as ar,vi: respondents' pages no longer say "
        "that a machine made it.",
    )
    timezone: str = setting("UTC", "The time zone in which surveys open and close and days are counted.")
    worker: Literal["on_demand", "separate"] = setting(
        "on_demand",
        "Who does long work: a child process started when needed, or `survey worker` that you run.",
    )
    dask_scheduler: str = setting(
        "",
        "A Dask scheduler that heavy arithmetic is lent to, such as tcp://10.0.0.5:8786; empty for none.",
    )
    body_kb: int = setting(256, "Largest form that is taken, in kB.", least=16, most=4_096)
    import_mb: int = setting(10, "Largest file of comments that is taken, in MB.", least=1, most=100)
    import_rows: int = setting(200_000, "Most rows of such a file.", least=100, most=2_000_000)
    draft_hours: int = setting(24, "How long an unfinished response is kept, in hours.", least=1, most=336)
    webhooks_inner: bool = setting(
        False, "Set to 1 to let webhooks go to http:// and to addresses inside this network."
    )
    idle_minutes: int = setting(
        30, "Staff are signed out after this long without a request.", least=5, most=720
    )
    session_hours: int = setting(12, "Staff are signed out after this long in any case.", least=1, most=72)
    sign_in_tries: int = setting(10, "Tries to sign in per account in 15 minutes.", least=3, most=100)
    sign_in_tries_address: int = setting(
        100, "Tries to sign in per network address in 15 minutes.", least=10, most=10_000
    )
    form_seconds: int = setting(
        3,
        "Responses that are sent sooner after the start are set apart for review, and those with less than "
        "half a second an answer; 0 for none.",
        least=0,
        most=60,
    )
    responses_address: int = setting(
        1000,
        "Responses per network address, survey and hour; further ones are set apart for review.",
        least=5,
        most=100_000,
    )

    smtp_host: str = setting("", "The mail server that sends invitations; empty when there is none.")
    smtp_port: int = setting(
        587, "Its port: 587 for starttls, 465 for ssl, 25 for none.", least=1, most=65_535
    )
    smtp_tls: Literal["starttls", "ssl", "none"] = setting(
        "starttls", "How the line to it is encrypted: starttls, ssl (from the first byte) or none."
    )
    smtp_ca_file: str = setting(
        "", "A PEM file with the certificate to trust, when the machine does not know the one of the server."
    )
    smtp_user: str = setting("", "The name to sign in to it with; empty when it asks for none.")
    smtp_password: str = setting("", "The password to sign in to it with.")
    smtp_from: str = setting("", "Who mails come from, such as City of Example <survey@city.example>.")
    smtp_reply_to: str = setting("", "Where replies go; empty for the address that mails come from.")
    smtp_bounce_to: str = setting("", "Where mail that cannot be delivered goes; empty for the same.")
    smtp_per_minute: int = setting(300, "Most mails that are sent in a minute.", least=1, most=100_000)

    def __post_init__(self) -> None:
        if not self.database_url.startswith(("sqlite:///", "postgresql")):
            raise SettingsError(
                "SURVEY_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://, "
                f"not {self.database_url.split(':')[0]}."
            )
        if self.dask_scheduler and not _is_scheduler(self.dask_scheduler):
            raise SettingsError(
                f"SURVEY_DASK_SCHEDULER is {self.dask_scheduler!r}; use an address such as tcp://10.0.0.5:8786."
            )
        _check_mail(self)
        unknown = self.approved - LANGUAGES.keys()
        if unknown:
            raise SettingsError(
                f"SURVEY_APPROVED_LANGUAGES has {min(unknown)!r}; use some of: {', '.join(LANGUAGES)}."
            )
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise SettingsError(
                f"SURVEY_TIMEZONE is {self.timezone!r}, which this machine does not know. "
                "Use a name such as America/New_York."
            ) from error

    @property
    def approved(self) -> frozenset[str]:
        """The languages that `approved_languages` lists."""
        return frozenset(filter(None, self.approved_languages.replace(",", " ").split()))

    def require_secret(self) -> None:
        """Raise `SettingsError` unless the secret key can carry cookies and keyed hashes."""
        weak = len(self.secret_key) < SECRET_LENGTH or len(set(self.secret_key)) < 10
        if weak:
            state = "too weak" if self.secret_key else "missing"
            raise SettingsError(
                f"SURVEY_SECRET_KEY is {state}. Set it to {SECRET_LENGTH} or more random characters, "
                "for example from: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )


def _is_scheduler(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("tcp", "tls") and bool(parts.hostname and parts.port)
    except ValueError:  # a port that is no number, or too large
        return False


def _check_mail(settings: Settings) -> None:
    """Raise `SettingsError` when mail cannot work, or a password would go over an open line."""
    for name in ("smtp_from", "smtp_reply_to", "smtp_bounce_to"):
        text = getattr(settings, name)
        if text and not _is_mail_address(text):
            raise SettingsError(
                f"SURVEY_{name.upper()} is {text!r}; use an address such as survey@city.example."
            )
    if settings.smtp_host and not settings.smtp_from:
        raise SettingsError("SURVEY_SMTP_FROM is missing: set the address that mails come from.")
    if settings.smtp_tls == "none" and settings.smtp_password and settings.smtp_host not in LOOPBACK:
        raise SettingsError(
            "SURVEY_SMTP_TLS is none, so that anybody on the line could read the password. "
            "Use starttls or ssl, or clear SURVEY_SMTP_PASSWORD."
        )


def _is_mail_address(text: str) -> bool:
    address = parseaddr(text)[1]
    return text.isprintable() and re.fullmatch(r"[^@\s<>,;]{1,64}@[^@\s<>,;]{1,189}", address) is not None


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment; raise `SettingsError` with one sentence when they are wrong."""
    environ = os.environ if environ is None else environ
    hints = get_type_hints(Settings)
    known = {PREFIX + f.name.upper(): f for f in fields(Settings)}
    given = {name: value for name, value in environ.items() if name.startswith(PREFIX)}
    unknown = sorted(given.keys() - known.keys())
    if unknown:
        raise SettingsError(f"{unknown[0]} is not a setting. docs/settings.md lists the names that are.")
    values: dict[str, Any] = {
        known[n].name: _convert(n, v, hints[known[n].name], known[n].metadata) for n, v in given.items()
    }
    return Settings(**values)


def _convert(name: str, text: str, kind: Any, limits: Mapping[str, Any]) -> object:
    if kind is bool:
        return _yes_or_no(name, text)
    if kind is int:
        return _whole_number(name, text, limits["least"], limits["most"])
    choices = get_args(kind)
    if choices and text not in choices:
        raise SettingsError(f"{name} is {text!r}; use one of: {', '.join(choices)}.")
    return text


def _yes_or_no(name: str, text: str) -> bool:
    answers = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}
    if text.lower() not in answers:
        raise SettingsError(f"{name} is {text!r}; use 1 or 0.")
    return answers[text.lower()]


def _whole_number(name: str, text: str, least: int, most: int) -> int:
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise SettingsError(f"{name} is {text!r}; use a whole number from {least} to {most}.")
    return number
