"""What a service may refuse. Views and the command line turn these into pages and sentences."""

from __future__ import annotations


class Refusal(Exception):
    """The request cannot be done; the message is a plain sentence for the person who asked."""


class NotFound(Exception):
    """There is no such object, or it is not this person's to see: both look the same from outside."""


class Stale(Refusal):
    """Somebody else changed the thing since this person looked at it."""


class Closed(Refusal):
    """The survey takes no answers now."""
