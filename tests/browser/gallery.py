"""A survey with every type of question, in English and Arabic, with short texts and with very long ones."""

from __future__ import annotations

from typing import Any

from survey import db, migrate
from survey.services import studies, surveys

Raw = dict[str, Any]
SHORT, LONG = "every-type", "long-words"
LINES = {"en": "Reliable internet in every home and library", "ar": "إنترنت موثوق في كل بيت ومكتبة"}
TAIL = {"en": ", also for people who come home late from work", "ar": "، وأيضًا لمن يعودون متأخرين من العمل"}
WORD = {"en": "Supercalifragilisticexpialidocious-and-even-longer", "ar": "أفاستسقيناكموهافاستسقيناكموها"}


class Writer:
    """Writes the words of the survey, short or long."""

    def __init__(self, is_long: bool) -> None:
        self.is_long = is_long

    def __call__(self, english: str, arabic: str) -> Raw:
        words = {"en": english, "ar": arabic}
        if not self.is_long:
            return words
        return {tag: f"{text} {LINES[tag]}{TAIL[tag]} {WORD[tag]}" for tag, text in words.items()}

    def end(self, english: str, arabic: str) -> Raw:
        """The words at the end of a scale, of which there may be fewer."""
        return {tag: text[:100] for tag, text in self(english, arabic).items()}

    def choices(self, *pairs: tuple[str, str]) -> list[Raw]:
        return [{"id": f"c{at}", "label": self(*pair)} for at, pair in enumerate(pairs, start=1)]


def questions(say: Writer) -> list[Raw]:
    """One of each type at least; those with two looks, in both."""
    topics = say.choices(("Parks", "الحدائق"), ("Roads", "الطرق"), ("Libraries", "المكتبات"))
    many = [{"id": f"m{n}", "label": say(f"Choice {n}", f"الخيار {n}")} for n in range(1, 15)]
    places = [{"id": f"p{n}", "label": say(f"191{n:02}", f"منطقة 191{n:02}")} for n in range(1, 100)]
    none = {"id": "none", "label": say("None of these", "لا شيء من هذه"), "exclusive": True}
    grades = say.choices(("Poor", "ضعيف"), ("Fair", "مقبول"), ("Good", "جيد"), ("Never used", "لم أستخدمه"))
    asked: list[tuple[str, str, Raw, Raw]] = [
        (
            "statement",
            "statement",
            say("Before you begin", "قبل أن تبدأ"),
            {"help": say("Take your time.", "خذ وقتك.")},
        ),
        (
            "consent",
            "consent",
            say("Do you agree?", "هل توافق؟"),
            {"text": say("We keep your answers.", "نحفظ إجاباتك.")},
        ),
        ("short_text", "short_text", say("Which library?", "أي مكتبة؟"), {}),
        ("long_text", "long_text", say("What works well?", "ما الذي يعمل جيدًا؟"), {}),
        ("one_choice", "one_choice", say("Which one?", "أي واحد؟"), {"choices": topics, "other": True}),
        ("one_choice", "list", say("Which of many?", "أي من الكثير؟"), {"choices": many, "other": True}),
        (
            "several_choices",
            "several_choices",
            say("Which ones?", "أيها؟"),
            {"choices": [*topics, none], "other": True, "max": 2},
        ),
        ("yes_no", "yes_no", say("Was it easy?", "هل كان سهلًا؟"), {"no_answer": True}),
        (
            "scale",
            "scale",
            say("How easy?", "ما مدى السهولة؟"),
            {"low": say.end("Hard", "صعب"), "high": say.end("Easy", "سهل")},
        ),
        (
            "scale",
            "eleven",
            say("How likely?", "ما الاحتمال؟"),
            {"low": say.end("No", "لا"), "high": say.end("Yes", "نعم"), "points": 11, "first": 0},
        ),
        (
            "matrix",
            "matrix",
            say("How good are these?", "ما مدى جودة هذه؟"),
            {"rows": topics, "choices": grades},
        ),
        ("matrix", "wide", say("And in detail?", "وبالتفصيل؟"), {"rows": topics, "choices": many[:9]}),
        ("ranking", "ranking", say("What comes first?", "ما الأول؟"), {"choices": topics}),
        ("ranking", "best", say("The best three?", "أفضل ثلاثة؟"), {"choices": many, "most": 3}),
        (
            "allocation",
            "allocation",
            say("Share out points", "وزّع النقاط"),
            {"choices": topics, "unit": {"en": "points", "ar": "نقطة"}},
        ),
        (
            "number",
            "number",
            say("How many people?", "كم شخصًا؟"),
            {"min": 1, "max": 30, "unit": {"en": "people", "ar": "أشخاص"}},
        ),
        ("date", "date", say("When?", "متى؟"), {}),
        ("time", "time", say("At what time?", "في أي ساعة؟"), {}),
        ("place", "place", say("Where?", "أين؟"), {"choices": topics}),
        ("place", "zip", say("Your ZIP code?", "رمزك البريدي؟"), {"choices": places}),
        ("email", "email", say("Your e-mail?", "بريدك الإلكتروني؟"), {}),
    ]
    helped = say("A line of help.", "سطر للمساعدة.")
    return [
        {"id": key, "type": kind, "label": label, "help": helped, **more} for kind, key, label, more in asked
    ]


ANSWERS: dict[str, str | list[str]] = {
    "q-consent": "yes",
    "q-short_text": "Eastgate",
    "q-long_text": "The library. " * 9,
    "q-one_choice": "other",
    "q-one_choice.other": "Bridges and boats",
    "q-list": "m3",
    "q-several_choices": ["c1", "c3"],
    "q-yes_no": "pns",
    "q-scale": "4",
    "q-eleven": "0",
    **{f"q-matrix.c{n}": f"c{n}" for n in (1, 2, 3)},
    **{f"q-wide.c{n}": f"m{n}" for n in (1, 2, 3)},
    **{f"q-ranking.c{n}": str(n) for n in (1, 2, 3)},
    "q-best.m1": "1",
    "q-allocation.c1": "60",
    "q-allocation.c3": "٤٠",
    "q-number": "3",
    "q-date.day": "31",
    "q-date.month": "5",
    "q-date.year": "2026",
    "q-time": "2:30 pm",
    "q-place": "c2",
    "q-zip": "19104",
    "q-email": " jane@city.example ",
}
WRONG: dict[str, str | list[str]] = {
    **ANSWERS,
    "q-consent": [],
    "q-short_text": "",
    "q-long_text": "x" * 5001,
    "q-one_choice.other": "",
    "q-list": "",
    "q-several_choices": ["c1", "c2", "c3"],
    "q-yes_no": [],
    "q-scale": [],
    "q-eleven": [],
    "q-matrix.c2": [],
    "q-wide.c1": [],
    "q-ranking.c1": "2",
    "q-best.m1": "5",
    "q-allocation.c1": "1e309",
    "q-number": "99",
    "q-date.day": "31",
    "q-date.month": "2",
    "q-time": "25:00",
    "q-place": "",
    "q-zip": "1910",
    "q-email": "jane at city",
}


def document(layout: str, *, is_long: bool) -> Raw:
    asked = questions(Writer(is_long))
    title = {"en": "Every type of question", "ar": "كل أنواع الأسئلة"}
    pages = [{"id": "p1", "title": None, "questions": asked}]
    return {"title": title, "languages": ["en", "ar"], "layout": layout, "pages": pages}


def build(url: str) -> None:
    """Put the surveys into a new database: each layout in short and in long words."""
    database = db.connect(url)
    migrate.upgrade(database)
    with database.writing() as session:
        study = studies.add(session, "types", "Types", by="tests")
        for slug, is_long in ((SHORT, False), (LONG, True)):
            for layout in ("question", "page"):
                made = surveys.add(session, study, f"{slug}-{layout}", slug, by="tests")
                surveys.save_document(session, made, document(layout, is_long=is_long), by="tests")
                surveys.publish(session, made, by="tests")
    database.dispose()
