"""How gunicorn serves the pages: `survey serve` hands it this module. The names are gunicorn's settings."""

from __future__ import annotations

import logging
import os

from gunicorn import glogging
from gunicorn.config import Config

# One process per core, each with a few threads: a request spends much of its time in the database.
workers = int(os.environ.get("WEB_CONCURRENCY") or min(os.cpu_count() or 1, 8))
worker_class = "gthread"
threads = 4

# Each worker loads the application for itself, because a database connection must not cross a fork, and so
# that a HUP signal brings in a new release. `survey serve` has refused wrong settings before this.
preload_app = False

# A worker that has not shown a sign of life for `timeout` is replaced; none lives for ever, so that memory
# lost a little at a time comes back, and not all at once.
timeout = 60
graceful_timeout = 30
max_requests = 5_000
max_requests_jitter = 1_000

# Enough for a browser to fetch a page and its style sheet. A proxy should let an idle connection go sooner.
keepalive = 5

limit_request_line = 4_094
limit_request_fields = 64
limit_request_field_size = 8_190

# Signs of life on a disk that stalls would look like a dead worker.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - no file is shared there

# No door for remote control: the service manager is in charge.
control_socket_disable = True

# An access log would say who asked for what and when, which undoes the promise of an anonymous survey.
accesslog = None
logger_class = "survey.gunicorn_conf.ImpersonalLogger"


class ImpersonalLogger(glogging.Logger):  # type: ignore[misc]
    """Gunicorn's log of errors without the visitor's address and what was asked for."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        self.error_log.addFilter(without_visitor)


def without_visitor(record: logging.LogRecord) -> bool:
    """Shorten the two messages of gunicorn that name a visitor or an address of a page; keep every record."""
    text = record.getMessage()
    if text.startswith("Invalid request from"):
        record.msg, record.args = "A request that is not HTTP was refused.", ()
    elif text.startswith("Error handling request"):
        record.msg, record.args = "A request could not be answered.", ()
    return True
