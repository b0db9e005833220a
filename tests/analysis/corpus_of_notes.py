"""Small corpora for these tests: five ideas in everyday words, and studies made of single words."""

from __future__ import annotations

import random
from itertools import product

from analysis import Comment, Result

AUDIENCES = ("academia", "nonprofits", "public", "staff")

IDEAS: dict[str, list[str]] = {
    "library": [
        "The library should open on Sunday",
        "Longer opening hours at the library, please",
        "Library hours are too short for people who work",
        "Open the branch library in the evening",
        "Our branch library closes before I finish work",
        "Please keep the library open later in the evening",
    ],
    "roads": [
        "Fix the potholes on our street",
        "The road is full of potholes",
        "Potholes damage every car on this road",
        "Repair the road surface before winter",
        "Street repair takes far too long and potholes stay",
        "Please repair the potholes near the school",
    ],
    "internet": [
        "Free public wi-fi in the parks",
        "Families need cheap internet at home",
        "Internet at home is too expensive for many families",
        "Public wi-fi would help students without internet",
        "Affordable internet for low income families",
        "Free wi-fi and cheap internet for students",
    ],
    "website": [
        "The city website is hard to search",
        "I cannot find forms on the city website",
        "Make the permit forms on the website easier",
        "The website search never finds the right form",
        "Online permit forms should work on a phone",
        "A simpler website with forms that work on my phone",
    ],
    "trash": [
        "Trash pickup is late every week",
        "Recycling and trash should be collected every week",
        "The trash truck missed our block again",
        "Recycling pickup was missed twice this month",
        "Trash bins overflow before pickup day",
        "Collect recycling on the same day as trash",
    ],
}

FILLERS = ("", "really, ", "honestly: ")


def notes() -> list[Comment]:
    """Return 90 comments: every sentence of every idea, said in three ways by different audiences."""
    made = []
    for idea, texts in IDEAS.items():
        for (number, text), filler in product(enumerate(texts), FILLERS):
            audience = AUDIENCES[(number + len(filler)) % len(AUDIENCES)]
            made.append(Comment(f"{idea}-{number}-{len(filler)}", filler + text, audience, language="en"))
    return made


def idea_of(identity: str) -> str:
    """Return which idea a comment of `notes` expresses."""
    return identity.split("-")[0]


SUBJECTS = {
    "bus": "bus driver route transit schedule stop tram late fare platform",
    "library": "library books branch reading librarian shelves borrow loan novels study",
    "road": "pothole asphalt street repair crack pavement surface traffic lane curb",
    "trash": "trash recycling bins pickup garbage collection truck compost litter waste",
    "park": "park trees playground grass benches shade garden picnic fountain lawn",
}
_AROUND = (
    "city people money year home work friend time area place family morning evening mayor budget council plan"
    " report idea question answer corner block neighbor meeting office phone letter month winter"
)


def study(size: int, seed: int = 0, telling: int = 3, around: int = 4) -> list[Comment]:
    """Return made-up comments of five subjects in turn: words that tell the subject, among others.

    Ids begin with the subject, as `idea_of` reads them.
    """
    draw, made = random.Random(seed), []
    for number in range(size):
        subject = list(SUBJECTS)[number % len(SUBJECTS)]
        said = draw.sample(SUBJECTS[subject].split(), telling) + draw.sample(_AROUND.split(), around)
        draw.shuffle(said)
        audience = AUDIENCES[draw.randrange(len(AUDIENCES))]
        made.append(Comment(f"{subject}-{number}", " ".join(said), audience, language="en"))
    return made


def labels_of(comments: list[Comment], result: Result) -> dict[str, list[str]]:
    """Return for each comment, by id, the labels of its themes."""
    names = {theme.id: theme.label for theme in result.themes}
    return {
        comment.id: [names[placement.theme] for placement in placed]
        for comment, placed in zip(comments, result.placements, strict=True)
    }


def purity(comments: list[Comment], result: Result) -> float:
    """Return the share of comments whose main theme is mostly about their own idea; unplaced ones are not."""
    held: dict[int, list[str]] = {}
    for comment, placed in zip(comments, result.placements, strict=True):
        if placed:
            held.setdefault(placed[0].theme, []).append(idea_of(comment.id))
    return sum(max(map(ideas.count, set(ideas))) for ideas in held.values()) / len(comments)
