"""The labels of "How this was made", which a frozen summary keeps in English, in the page's language."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

LABELS = {
    "Themes": _l("Themes"),
    "Breadth": _l("Breadth"),
    "Sizes": _l("Sizes"),
    "In no theme": _l("In no theme"),
    "Decisions by people": _l("Decisions by people"),
    "Rejected themes": _l("Rejected themes"),
    "Late comments": _l("Late comments"),
    "Comments of no known group": _l("Comments of no known group"),
    "Comments": _l("Comments"),
    "Input": _l("Input"),
    "Options": _l("Options"),
    "Versions": _l("Versions"),
    "Quotes": _l("Quotes"),
    "List of comments": _l("List of comments"),
    "People heard": _l("People heard"),
    "Privacy": _l("Privacy"),
}


def method_label(name: str) -> str:
    """A label in the page's language; as it was frozen when it is not known."""
    return str(LABELS.get(name, name))
