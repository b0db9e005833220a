"""Settings: one frozen dataclass, read from `SURVEY_*` variables of the environment.

Each field carries its help text and, where it has one, its range. `docs/settings.md` is tested against
this file, and a `SURVEY_*` name that is not here stops the start: a misspelt setting must not pass
for a default.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args, get_type_hints
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PREFIX = "SURVEY_"
SECRET_LENGTH = 32


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
    language: Literal["en", "es"] = setting(
        "en", "The language of pages when the browser asks for none we have."
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
    idle_minutes: int = setting(
        30, "Staff are signed out after this long without a request.", least=5, most=720
    )
    session_hours: int = setting(12, "Staff are signed out after this long in any case.", least=1, most=72)
    sign_in_tries: int = setting(10, "Tries to sign in per account in 15 minutes.", least=3, most=100)
    sign_in_tries_address: int = setting(
        100, "Tries to sign in per network address in 15 minutes.", least=10, most=10_000
    )

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
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise SettingsError(
                f"SURVEY_TIMEZONE is {self.timezone!r}, which this machine does not know. "
                "Use a name such as America/New_York."
            ) from error

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
