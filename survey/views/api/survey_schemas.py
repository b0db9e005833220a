"""The shapes of surveys, of what people answered, and of webhooks."""

from __future__ import annotations

from survey.document import LAYOUTS
from survey.models.survey import ACCESS, MODES
from survey.services.webhooks import EVENTS, MOST_URL
from survey.views.api.schemas import (
    COMPONENTS,
    DAY,
    MOMENT,
    PATH_PARAMETERS,
    SLUG,
    Schema,
    members,
    of,
    or_null,
    page_of,
    sent,
    some,
    text,
    whole,
    yes_or_no,
)

DOCUMENT: Schema = {
    "type": "object",
    "description": "A survey as docs/survey-files.md describes it: words, pages, questions, rules.",
}
ANSWERS: Schema = {
    "type": "object",
    "description": "Answers by the name of the question in data files, or its id.",
    "maxProperties": 1000,
}
REVISION = whole("The revision of the survey that this is about.")
STATES = ("draft", "waiting", "open", "ended", "closed")
SOURCES = ("web", "paper", "phone", "api", "import")
PATH_PARAMETERS |= {
    "survey_slug": text("The short name of a survey.", pattern="^[a-z0-9]+(-[a-z0-9]+)*$", maxLength=80),
    "webhook_id": whole("The id of a webhook.", least=1),
    "delivery_id": text("The id of a message.", pattern="^[0-9a-f]{32}$"),
}
COMPONENTS |= {
    "Survey": members(
        "A questionnaire of a study.",
        slug=SLUG,
        title=text(),
        mode=text(enum=list(MODES)),
        state=text("“ended” is past its last day, but not closed.", enum=list(STATES)),
        access=text("Who may answer: each browser once, or more often, or with a code.", enum=list(ACCESS)),
        opens_on=or_null(DAY),
        closes_on=or_null(DAY),
        languages=some(text()),
        versions=whole("How often it was published."),
        responses=or_null(whole("How many answered; null while fewer than 5 did in an anonymous survey.")),
        revision=REVISION,
    ),
    "Surveys": members("The surveys of a study, newest first.", items=some(of("Survey"))),
    "Gap": members(
        "Something to put right.", text=text(), must=yes_or_no("Whether publishing waits for it.")
    ),
    "SurveyPage": members(
        "A survey, its draft, and what is missing.",
        survey=of("Survey"),
        document=DOCUMENT,
        gaps=some(of("Gap")),
        unpublished=some(text(), "What people do not see yet."),
    ),
    "NewSurvey": sent(
        "A survey to make: with a document, or empty with a title.",
        {
            "title": text(minLength=1, maxLength=200),
            "slug": SLUG,
            "mode": text(enum=list(MODES), default="anonymous"),
            "layout": text(enum=list(LAYOUTS), default="question"),
            "language": text(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", default="en"),
            "document": DOCUMENT,
        },
        (),
    ),
    "NewDocument": sent(
        "The draft from now on.", {"revision": REVISION, "document": DOCUMENT}, ("revision", "document")
    ),
    "Seen": sent("What the program has seen.", {"revision": REVISION}, ("revision",)),
    "NewResponse": sent(
        "What one person answered. The same key is stored once, however often it is sent.",
        {
            "key": text("Names the response, such as a UUID.", minLength=8, maxLength=100),
            "answers": ANSWERS,
            "language": text(maxLength=20),
            "code": text("The code of an invitation, where the survey asks for one.", maxLength=40),
            "name": text("Who answers, where the mode asks for it.", maxLength=200),
            "email": text(maxLength=254),
        },
        ("key", "answers"),
    ),
    "Stored": members(
        "A response that is stored.", receipt=text(), stored=yes_or_no("False when it was already.")
    ),
    "Response": members(
        "What one person answered.",
        version=whole("The version it was given to.", least=1),
        day=DAY,
        language=text(),
        source=text("How it came.", enum=list(SOURCES)),
        unit=text("The unit, where it is known and large enough."),
        answers=ANSWERS,
    ),
    "Responses": page_of("Response", "Responses that count, in an order that tells nothing, 100 a page."),
    "Webhook": members(
        "An address that is told what happens.",
        id=whole(least=1),
        url=text(),
        events=some(text(enum=list(EVENTS))),
        active=yes_or_no("Whether it is told anything now."),
        made_at=MOMENT,
    ),
    "NewWebhook": sent(
        "An address to tell.",
        {
            "url": text(minLength=1, maxLength=MOST_URL),
            "events": some(text(enum=list(EVENTS)), minItems=1, maxItems=len(EVENTS)),
        },
        ("url", "events"),
    ),
    "MadeWebhook": members(
        "A new webhook; the secret is told this once.", webhook=of("Webhook"), secret=text()
    ),
    "Webhooks": members("The webhooks of a study.", items=some(of("Webhook"))),
    "WebhookDelivery": members(
        "One message.",
        id=text(),
        event=text(),
        state=text(enum=["waiting", "sent", "failed"]),
        attempts=whole(),
        last_status=text(),
        made_at=MOMENT,
        next_at=or_null(MOMENT),
    ),
    "WebhookDeliveries": members("The latest messages, newest first.", items=some(of("WebhookDelivery"))),
    "Done": members("It is done.", done=yes_or_no("Always true.")),
}
