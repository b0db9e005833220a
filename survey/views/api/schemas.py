"""The shapes of what goes in and comes out, as JSON Schema (2020-12), which OpenAPI 3.1 takes as it is."""

from __future__ import annotations

from typing import Any

from survey.models.study import PROMPT_KINDS

Schema = dict[str, Any]
MOST_ID = 2**31 - 1
MOST_PAGE = 1_000_000
MOST_SEARCHED = 200


def of(name: str) -> Schema:
    """A component by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def text(help: str = "", **more: Any) -> Schema:
    """A text."""
    return {"type": "string", **({"description": help} if help else {}), **more}


def whole(help: str = "", least: int = 0, most: int = MOST_ID) -> Schema:
    """A whole number."""
    described = {"description": help} if help else {}
    return {"type": "integer", "minimum": least, "maximum": most, **described}


def number(help: str, least: float = 0, most: float | None = None) -> Schema:
    """A number."""
    return {
        "type": "number",
        "minimum": least,
        "description": help,
        **({} if most is None else {"maximum": most}),
    }


def yes_or_no(help: str) -> Schema:
    """True or false."""
    return {"type": "boolean", "description": help}


def some(items: Schema, help: str = "", **more: Any) -> Schema:
    """A list."""
    return {"type": "array", "items": items, **({"description": help} if help else {}), **more}


def or_null(schema: Schema) -> Schema:
    """The same, or null."""
    if "type" in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def members(help: str, /, **properties: Schema) -> Schema:
    """An object of an answer: it has all of these. Later releases may add to them."""
    return {"type": "object", "description": help, "required": list(properties), "properties": properties}


def sent(help: str, properties: dict[str, Schema], required: tuple[str, ...]) -> Schema:
    """An object of a request: it has no others, so that a misspelt name is not passed over."""
    shape = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**shape, "required": list(required), "description": help}


def one_of(help: str, member: str, kinds: dict[str, str]) -> Schema:
    """An object of one of several kinds, each a component, told apart by a member."""
    mapping = {kind: of(name)["$ref"] for kind, name in kinds.items()}
    discriminator = {"propertyName": member, "mapping": mapping}
    return {"description": help, "oneOf": [of(n) for n in kinds.values()], "discriminator": discriminator}


def page_of(name: str, what: str) -> Schema:
    """One page of a list."""
    return members(
        what,
        items=some(of(name)),
        page=whole("The number of this page.", least=1),
        pages=whole("How many pages there are; 1 when nothing was found.", least=1),
        total=whole("How many there are on all pages."),
        next=or_null(text("The path of the next page; null on the last one.")),
    )


SLUG = text("The short name of a study.", pattern="^[a-z0-9]+(-[a-z0-9]+)*$", maxLength=80)
DAY = text("A day.", format="date")
MOMENT = text("A moment, in UTC.", format="date-time")
COMMENT_ID = text("The id of a comment.", pattern="^[A-Za-z0-9_-]{1,32}$")
THEME_ID = whole("The number of a theme within its study.", least=1)
PATH_PARAMETERS: dict[str, Schema] = {
    "slug": SLUG,
    "theme_id": THEME_ID,
    "job_id": whole("The id of a job.", least=1),
    "number": whole("The number of a decision within its study.", least=1),
    "run": whole("The number of a run within its study.", least=1),
    "sample": whole("The number of a sample within its study.", least=1),
    "position": whole("The place of a comment in a sample.", least=1),
}
PAGE: dict[str, Schema] = {"page": {**whole("Which page.", least=1, most=MOST_PAGE), "default": 1}}
WHICH_COMMENTS: dict[str, Schema] = {
    "text": text("Only comments that hold this text; capitals do not matter.", maxLength=MOST_SEARCHED),
    "audience": whole("Only this audience, by id; 0 for comments without one."),
    "prompt": whole("Only this prompt, by id; 0 for comments without one."),
    "channel": text("Only comments that came this way.", maxLength=40),
    "language": text("Only comments in this language, such as en.", maxLength=20),
    "wave": text("Only comments of this wave.", maxLength=60),
}

SAID = {
    "id": COMMENT_ID,
    "text": text(),
    "audience": or_null(whole("The id of its audience.")),
    "prompt": or_null(whole("The id of its prompt.")),
    "channel": text(),
    "wave": or_null(text()),
    "language": or_null(text()),
    "day": or_null(DAY),
    "source_id": or_null(text("Its number or name in the file it came in.")),
}
COMPONENTS: dict[str, Schema] = {
    "Problem": members(
        "What went wrong (RFC 9457). `detail` is a sentence that says how to put it right.",
        type=text("Names the kind of problem, for programs."),
        title=text("A few words."),
        status=whole("The HTTP status.", least=400, most=599),
        detail=text("A plain sentence, in the language of the person or of Accept-Language."),
    ),
    "Study": members(
        "One consultation.",
        slug=SLUG,
        title=text(),
        description=text(),
        demo=yes_or_no("Whether its content is invented."),
        made_at=MOMENT,
    ),
    "Studies": members("The studies that the token reaches, newest first.", items=some(of("Study"))),
    "Prompt": members(
        "What people were asked.",
        id=whole(),
        text=text(),
        kind=text(enum=list(PROMPT_KINDS)),
        comments=whole(),
    ),
    "StudyPage": members(
        "A study and what it holds.",
        study=of("Study"),
        comments=whole("How many comments it has."),
        channels=some(of("Channel"), "How they came."),
        prompts=some(of("Prompt")),
        run=or_null(whole("The number of the run that the board stands on; null before the first.")),
    ),
    "Channel": members("A way in which comments came.", channel=text(), comments=whole()),
    "Audience": members(
        "A group that the study listens to.",
        id=whole(),
        name=text(),
        people=or_null(whole("How many took part, where that is known.")),
        comments=whole(),
    ),
    "Audiences": members(
        "The audiences in the order of the study.",
        items=some(of("Audience")),
        without=whole("Comments without an audience."),
    ),
    "Comment": members(
        "One comment, word for word.",
        **SAID,
    ),
    "Comments": page_of("Comment", "Comments that fit, in a stable order, 50 a page."),
}
