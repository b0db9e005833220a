"""Web addresses that name a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import parse_qsl, unquote

from analysis.personal.name_lists import FIRST_NAMES, LAST_NAMES
from analysis.personal.names import known_first, known_pair
from analysis.personal.text import Found, listed

_URL = re.compile(
    r"(?<![A-Za-z0-9@._/-])(?:https?://|www\.)?(?![A-Za-z0-9._%+-]{1,64}@)"
    r"(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,18}(?![A-Za-z0-9@-])(?::\d{1,5})?(?:[/?#][!#-;=?-~]{0,2000})?",
    re.I,
)
_SOCIAL = listed(
    """
    facebook.com fb.com fb.me m.me instagram.com instagr.am twitter.com x.com github.com gitlab.com
    threads.net threads.com tiktok.com t.me telegram.me paypal.me linktr.ee pinterest.com medium.com
    vimeo.com soundcloud.com twitch.tv patreon.com ko-fi.com cash.app venmo.com about.me vk.com wa.me
    snapchat.com strava.com goodreads.com behance.net dribbble.com buymeacoffee.com keybase.io
    mastodon.social truthsocial.com gofundme.me
    """
)
_HOSTS = re.compile(
    r"([a-z0-9-]+)\.(?:wordpress|blogspot|tumblr|substack|livejournal|weebly|wixsite|github|medium|carrd"
    r"|bandcamp|squarespace|blog)\.(?:com|io|co)\Z"
)
_NO_USER = listed(
    """
    groups group events event pages page watch hashtag explore search p reel reels status home intent share
    sharer sharer.php company school jobs r login about help policies privacy settings marketplace gaming
    story.php stories tag topics topic trending features pricing photo photo.php photos video videos plugins
    dialog i web media tv live notifications messages directory list index index.html all new contact
    services news feed hub channel playlist results terms public in u add people profile user users pub
    signup join discover org orgs
    """
)
_MARKED = listed("user users u profile profiles author authors member add athletes in pub people id")
_STAFFED = listed("people person staff team members faculty by bio bios employee contributors")
_KEYS = listed(
    """
    user username user_name name first_name last_name firstname lastname fullname full_name email e-mail
    author profile member screen_name contact resident applicant
    """
)
_BODIES = re.compile(
    "city|gov|polic|philly|philadelphia|phl|septa|dept|department|news|park|librar|transit|mayor|council"
    "|school|official|fire|health|water|street|museum|county|state|usa|311|nation|univers|college|church"
    "|center|centre|public|community|association|assoc|coalition|alliance|foundation|project|works|service"
    "|office|bus|bike|inquirer|whyy|radio|times|post|magazine|museum|union|club|society|fund|network|group"
    "|team|eagles|phillies|sixers|flyers|ciudad|policia|alcaldia|town|neighbors|civic",
    re.I,
)
_SPLIT = re.compile(r"[-_.+ ]+|(?<=[a-z])(?=[A-Z])|\d+")


def urls(text: str) -> Iterator[Found]:
    """Find web addresses that name a person: profiles, home pages, "/~jdoe", "/staff/jane-doe", "?name=".

    Examples
    --------
    >>> text = "See linkedin.com/in/jane-doe, not https://phila.gov/services."
    >>> [text[found.start : found.end] for found in urls(text)]
    ['linkedin.com/in/jane-doe']
    """
    for match in _URL.finditer(text):
        url = match[0].rstrip(".,;:!?]}'*_")
        if url.endswith(")") and "(" not in url:
            url = url.rstrip(").,;:!?")
        if names_someone(url):
            yield Found(match.start(), match.start() + len(url), "url")


def names_someone(url: str) -> bool:
    """Tell whether a web address names a person.

    Examples
    --------
    >>> names_someone("https://example.org/~jdoe"), names_someone("facebook.com/groups/123")
    (True, False)
    """
    place = re.sub(r"^https?://", "", url, flags=re.I).partition("#")[0]
    place, _, query = place.partition("?")
    host, *path = [unquote(part) for part in place.split("/")]
    host = re.sub(r"^(?:www|m|mobile|web|[a-z]{2})\.(?=.*\.)", "", host.lower().partition(":")[0])
    return _host_names(host) or _path_names(host, [part for part in path if part]) or _query_names(query)


def _host_names(host: str) -> bool:
    own = _HOSTS.match(host)
    if own:
        return own[1] != "www" and (not _BODIES.search(own[1]) or _is_person(own[1]))
    labels = host.split(".")[:-1]
    return any(map(_is_person, labels)) or _has_pair(labels)


def _has_pair(words: list[str]) -> bool:
    """Tell whether a frequent first name has a frequent last name behind it."""
    return any(first.lower() in FIRST_NAMES and last.lower() in LAST_NAMES for first, last in pairwise(words))


def _path_names(host: str, path: list[str]) -> bool:
    if not path:
        return False
    if any(len(part) > 2 and part[0] in "~@" and not is_body(part) for part in path):
        return True
    if host in _SOCIAL and path[0].lower() not in _NO_USER:
        return len(path[0]) > 1 and not is_body(path[0])
    return any(map(_marked, [host, *path], path)) or any(map(_is_person, path))


def _marked(marker: str, part: str) -> bool:
    """Tell whether a part of a path is a user by what stands before it."""
    marker, part = marker.lower(), re.sub(r"\.\w{3,4}$", "", part)
    if part.lower() in _NO_USER or is_body(part):
        return False
    if marker in _STAFFED:
        return bool(re.search(r"[-._]", part)) or _is_person(part) or known_first(part) or _initialled(part)
    return marker in _MARKED


def _query_names(query: str) -> bool:
    if "=" not in query:
        return False
    pairs = parse_qsl(query[:2000])
    facebook = query.startswith("id=") and len(query) > 10 and query[3:10].isdigit()
    return facebook or any(key.lower() in _KEYS and not is_body(value) for key, value in pairs)


def is_body(name: str) -> bool:
    """Tell whether a handle is that of an office or a group, not of a person.

    Examples
    --------
    >>> is_body("PhillyPolice"), is_body("philly_jane")
    (True, False)
    """
    return bool(_BODIES.search(name)) and not any(map(known_first, _SPLIT.split(name)))


def _initialled(part: str) -> bool:
    return part[1:].lower() in LAST_NAMES


def _is_person(slug: str) -> bool:
    """Tell whether a part of an address is made of a first and a last name."""
    parts = [part for part in _SPLIT.split(re.sub(r"\.html?$", "", slug)) if part]
    if len(parts) in (2, 3):
        return parts[0].isalpha() and parts[-1].isalpha() and known_pair(parts[0], parts[-1])
    if len(parts) == 4:
        return _has_pair(parts)
    return len(parts) == 1 and len(slug) <= 30 and is_joined(parts[0].lower())


def is_joined(word: str) -> bool:
    """Tell whether a word in small letters is a frequent first name and a frequent last name in one.

    Examples
    --------
    >>> is_joined("janedoe"), is_joined("marketplace")
    (True, False)
    """
    return any(word[:cut] in FIRST_NAMES and word[cut:] in LAST_NAMES for cut in range(3, len(word) - 2))
