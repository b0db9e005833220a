"""A PostgreSQL server for the tests: one that is there, or one started for them."""

import atexit
import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from glob import glob
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from tests.support import MissingError
from tools import debian

# Where packages of PostgreSQL put programs that are not on the path.
PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
ADVICE = (
    "PostgreSQL is missing: set TEST_DATABASE_URL to a server whose user may create databases, or install"
    " PostgreSQL (Debian or Ubuntu: apt-get install postgresql; macOS: brew install postgresql)."
)
SECONDS_TO_START = 60
INITDB = ("--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync")
# What is lost when the machine stops does not matter here; what a killed process has written stays.
OPTIONS = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off"}
# Stops the server when our end of the pipe closes, so also when the tests are killed. $0 is the folder.
GUARD = """
"$@" >"$0/log" 2>&1 & server=$!
read -r _
kill -QUIT $server 2>/dev/null
wait $server
rm -rf "$0"
"""
CREATE = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
DROP = sql.SQL("DROP DATABASE {} WITH (FORCE)")


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server on which tests may make databases, and where it came from."""

    url: URL
    origin: str

    @contextmanager
    def database(self) -> Iterator[str]:
        """Give the address of a new, empty database; drop it at the end, whoever is still connected."""
        name = f"throughline_test_{secrets.token_hex(8)}"
        self._execute(CREATE, name)
        try:
            yield self.url.set(database=name).render_as_string(hide_password=False)
        finally:
            self._execute(DROP, name)

    def _execute(self, statement: sql.SQL, name: str) -> None:
        with connect(self.url) as connection:
            connection.execute(statement.format(sql.Identifier(name)))


def connect(url: URL) -> psycopg.Connection[Any]:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True, connect_timeout=5)


@cache
def server() -> Server:
    """Find a server, or start one; once in a process."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return at_address(given)
    return listening() or start(programs() or installed_programs())


@contextmanager
def fresh_postgres_database() -> Iterator[str]:
    """Give the address of a new, empty PostgreSQL database, dropped at the end."""
    with server().database() as url:
        yield url


def at_address(text: str) -> Server:
    """Use the server of TEST_DATABASE_URL, or say why it will not do."""
    try:
        url = make_url(text)
        if not url.drivername.startswith("postgres"):
            raise ArgumentError(url.drivername)
        url = url.set(drivername="postgresql+psycopg")
        allowed = may_create_databases(url)
    except ArgumentError as problem:
        raise MissingError(
            "TEST_DATABASE_URL is not the address of a PostgreSQL server: postgresql://USER:PASSWORD@HOST/NAME"
        ) from problem
    except psycopg.OperationalError as problem:
        raise MissingError(f"TEST_DATABASE_URL is set, but cannot be used: {problem}") from problem
    if not allowed:
        raise MissingError("The user of TEST_DATABASE_URL may not create databases: give it CREATEDB.")
    return Server(url, f"the server of TEST_DATABASE_URL, {url.host}")


def listening(port: int = 5432) -> Server | None:
    """Use a server of this machine that lets us in without a password and lets us make databases."""
    for user in ("postgres", None):  # None: whoever runs the tests
        url = URL.create("postgresql+psycopg", user, host="127.0.0.1", port=port, database="postgres")
        try:
            if may_create_databases(url):
                return Server(url, f"the server on 127.0.0.1:{port}")
        except psycopg.OperationalError:
            continue
    return None


def may_create_databases(url: URL) -> bool:
    with connect(url) as connection:
        row = connection.execute(
            "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    return bool(row and row[0])


def programs(path: str | None = None, places: Sequence[str] = PLACES) -> Path | None:
    """Find the folder of PostgreSQL's programs: on the path, else the newest of the usual places."""
    on_path = shutil.which("initdb", path=path)
    folders = sorted((found for place in places for found in glob(place)), key=_version, reverse=True)
    if on_path:
        # Through the links of a package manager, to where `postgres` is as well.
        folders.insert(0, str(Path(on_path).resolve().parent))
    return next((Path(found) for found in folders if _complete(Path(found))), None)


def _version(folder: str) -> int:
    number = re.search(r"\d+", folder)
    return int(number.group()) if number else 0


def _complete(folder: Path) -> bool:
    return (folder / "initdb").exists() and (folder / "postgres").exists()


def installed_programs() -> Path:
    """Install PostgreSQL where we may, or say what to do."""
    found = programs() if debian.install("postgresql") else None
    if found is None:
        raise MissingError(ADVICE)
    return found


def start(folder: Path) -> Server:
    """Start a server of our own on a free port of this machine; it ends with this process."""
    home = Path(tempfile.mkdtemp(prefix="throughline-postgres-"))
    password, account = secrets.token_hex(16), unprivileged_account(home)
    _initialise(folder, home, password, account)
    port = free_port()
    options = [f"--{name}={value}" for name, value in {**OPTIONS, "port": port}.items()]
    guard = subprocess.Popen(
        ["/bin/sh", "-c", GUARD, home, folder / "postgres", "-D", home / "data", *options],
        cwd=home,
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for the tests, which then stop the server.
        **account,
    )
    atexit.register(stop, guard)
    url = URL.create("postgresql+psycopg", "postgres", password, "127.0.0.1", port, "postgres")
    _wait_until_ready(url, home / "log")
    return Server(url, f"a server started for the tests with the programs of {folder}")


def stop(guard: "subprocess.Popen[bytes]") -> None:
    guard.communicate(timeout=30)


def unprivileged_account(home: Path) -> dict[str, Any]:
    """Give the arguments that run a child as somebody else: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    name = next((name for name in ("postgres", "nobody") if name in names), None)
    if name is None:
        raise MissingError("PostgreSQL does not run as root, and there is no user `postgres` or `nobody`.")
    shutil.chown(home, name)
    return {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _initialise(folder: Path, home: Path, password: str, account: dict[str, Any]) -> None:
    secret = home / "password"
    secret.touch(mode=0o600)
    secret.write_text(password, encoding="ascii")
    if account:
        shutil.chown(secret, account["user"])
    done = subprocess.run(
        [folder / "initdb", *INITDB, f"--pgdata={home / 'data'}", f"--pwfile={secret}"],
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        **account,
    )
    if done.returncode != 0:
        shutil.rmtree(home)
        raise MissingError(f"PostgreSQL's initdb ({folder}) failed: {done.stderr.strip()}")


def _wait_until_ready(url: URL, log: Path) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            connect(url).close()
        except psycopg.OperationalError as problem:
            if time.monotonic() > end:
                words = log.read_text(errors="replace") if log.exists() else ""
                raise MissingError(f"The PostgreSQL server for the tests did not start: {words}") from problem
            time.sleep(0.05)
        else:
            return
