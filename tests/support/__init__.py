"""What tests stand on: a PostgreSQL server, a browser, a check of accessibility."""


class MissingError(Exception):
    """Something the tests need is not on this machine: what it is, and how to get it."""
