"""A small corpus written for these tests: five ideas in everyday words, from four audiences."""

from __future__ import annotations

from itertools import product

from analysis import Comment

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
