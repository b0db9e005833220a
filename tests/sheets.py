"""A survey with a question of every type and some rules, in two languages, and people to invite to it."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy.orm import Session

from survey.models import Invitee, KeyedSheet, Study, Survey
from survey.services import addressed, mailings, surveys
from survey.services.mailings import Draft
from tests.fixtures import SECRET


def words(english: str, arabic: str = "") -> dict[str, str]:
    return {"en": english, "ar": arabic} if arabic else {"en": english}


def choices(*names: str | tuple[str, str]) -> list[dict[str, Any]]:
    pairs = [(name, "") if isinstance(name, str) else name for name in names]
    return [{"id": f"c{at}", "label": words(*pair)} for at, pair in enumerate(pairs, start=1)]


USES_BUS = {"question": "bus", "op": "=", "value": "yes"}
QUESTIONS: list[dict[str, Any]] = [
    {"id": "hello", "type": "statement", "label": words("About getting around", "عن التنقل")},
    {
        "id": "agree",
        "type": "consent",
        "label": words("May we use your answers?", "هل يمكننا استخدام إجاباتك؟"),
        "text": words("We count answers and quote some, never with a name.", "نحصي الإجابات ونقتبس بعضها."),
    },
    {"id": "bus", "type": "yes_no", "label": words("Do you take the bus?", "هل تركب الحافلة؟")},
    {
        "id": "often",
        "type": "one_choice",
        "label": words("How often do you take it?", "كم مرة تركبها؟"),
        "choices": choices(("Every day", "كل يوم"), ("Every week", "كل أسبوع"), ("Less often", "أقل")),
        "other": True,
        "show_if": USES_BUS,
    },
    {
        "id": "stop",
        "type": "short_text",
        "label": words("Which stop do you use most?", "أي موقف تستخدم أكثر؟"),
        "optional": True,
        "show_if": USES_BUS,
    },
    {
        "id": "why",
        "type": "several_choices",
        "label": words("What matters to you when you choose how to travel?", "ما الذي يهمك؟"),
        "choices": choices(("Price", "السعر"), ("Time", "الوقت"), ("Safety", "الأمان"), ("Weather", "الطقس")),
        "max": 3,
    },
    {
        "id": "happy",
        "type": "scale",
        "label": words("How happy are you with ${stop}?", "ما مدى رضاك عن ${stop}؟"),
        "points": 7,
        "low": words("Not at all", "أبدا"),
        "high": words("Very", "جدا"),
        "show_if": {"all": [USES_BUS, {"question": "stop", "is": "answered"}]},
    },
    {
        "id": "services",
        "type": "matrix",
        "label": words("How do you judge these?", "كيف تقيم هذه؟"),
        "rows": choices(
            ("Sidewalks", "الأرصفة"), ("Bike lanes", "مسارات الدراجات"), ("Street lights", "الإنارة")
        ),
        "choices": choices(("Bad", "سيئ"), ("Fair", "مقبول"), ("Good", "جيد"), ("Don’t know", "لا أعرف")),
    },
    {
        "id": "first",
        "type": "ranking",
        "label": words("What should come first?", "ما الذي يجب أن يأتي أولا؟"),
        "choices": choices(("More buses", "حافلات أكثر"), ("Shelters", "مظلات"), ("Lower fares", "أجرة أقل")),
    },
    {
        "id": "money",
        "type": "allocation",
        "label": words("Share out 100 dollars.", "وزع ١٠٠ دولار."),
        "choices": choices(("Buses", "الحافلات"), ("Bikes", "الدراجات"), ("Walking", "المشي")),
        "unit": words("dollars", "دولار"),
    },
    {
        "id": "years",
        "type": "number",
        "label": words("How many years have you lived here?"),
        "min": 0,
        "max": 110,
    },
    {"id": "since", "type": "date", "label": words("When did you last take a bus?"), "optional": True},
    {"id": "when", "type": "time", "label": words("When do you leave home?"), "optional": True},
    {
        "id": "where",
        "type": "place",
        "label": words("Which ZIP code do you live in?"),
        "choices": [{"id": f"z{zip}", "label": {"en": str(zip)}} for zip in range(19102, 19112)],
    },
    {"id": "mail", "type": "email", "label": words("Where can we write to you?"), "optional": True},
    {"id": "more", "type": "long_text", "label": words("What else should we know?"), "optional": True},
]
ANSWERS: dict[str, Any] = {
    "q-agree": "yes",
    "q-bus": "yes",
    "q-often": "c1",
    "q-stop": "Broad Street",
    "q-why": ["c1", "c2"],
    "q-happy": "5",
    **{f"q-services.c{row}": "c3" for row in (1, 2, 3)},
    **{f"q-first.c{at}": str(at) for at in (1, 2, 3)},
    **dict(zip((f"q-money.c{at}" for at in (1, 2, 3)), ("50", "30", "20"), strict=True)),
    "q-years": "12",
    "q-where": "z19104",
    "q-more": "More shade at the stops.",
}


def document(**more: Any) -> dict[str, Any]:
    """The survey, on two pages."""
    return {
        "title": words("Getting around the city", "التنقل في المدينة"),
        "what": words("Questions about buses, bikes and walking.", "أسئلة عن الحافلات والدراجات والمشي."),
        "why": words("Your answers decide what is built first."),
        "minutes": 8,
        "contact": words("Call 555 0100, or ask at any library."),
        "thanks": words("Thank you. Results will be on the city’s page in June."),
        "languages": ["en", "ar"],
        "layout": "pages",
        "pages": [
            {"id": "p1", "title": words("The bus", "الحافلة"), "questions": QUESTIONS[:7]},
            {"id": "p2", "title": words("The city", "المدينة"), "questions": QUESTIONS[7:]},
        ],
        **more,
    }


def make(session: Session, study: Study, *, publish: bool = True, **columns: Any) -> Survey:
    """The survey "travel"; `columns` are set before it is published."""
    survey = surveys.add(session, study, "travel", "Getting around", by="tests")
    surveys.save_document(session, survey, document(), by="tests")
    for name, value in columns.items():
        setattr(survey, name, value)
    if publish:
        surveys.publish(session, survey, by="tests")
    session.flush()
    return survey


def invite(session: Session, survey: Survey, *emails: str, **columns: Any) -> list[str]:
    """People on the list of a survey; returns their ids."""
    made = []
    for email in emails:
        name = email.partition("@")[0].title()
        values = {"name": name, "state": "listed", "mailings": 0, "answered": False, **columns}
        person = Invitee(id=secrets.token_hex(16), survey_id=survey.id, email=email, **values)
        session.add(person)
        made.append(person.id)
    session.flush()
    return made


def add_mail_and_paper(session: Session, survey: Survey) -> dict[str, str | int]:
    """One of everything that has to do with mail and paper; returns what its addresses need."""
    (person,) = invite(session, survey, "ana@x.example")
    (bounced,) = invite(
        session, survey, "gone@x.example", state="bounced", mailings=1, note="550 no such user"
    )
    subject = dict.fromkeys(survey.document["languages"], "Please")
    text = dict.fromkeys(survey.document["languages"], "Hello {name}, open {link}.")
    letter = mailings.save(session, survey, Draft("letter", subject, text, "all"), by="tests")
    mailings.save(session, survey, Draft("invitation", subject, text), by="tests")
    first = {"version_id": survey.versions[-1].id, "typed": {}, "first_by": "tests", "state": "first"}
    sheet = KeyedSheet(
        id=secrets.token_hex(16), survey_id=survey.id, number="7", source="paper", language="en", **first
    )
    session.add(sheet)
    return {
        "mailing_id": letter.id,
        "bounced_id": bounced,
        "stop_token": addressed.stop_token(SECRET, person),
        "sheet_id": sheet.id,
    }
