"""The page of who was heard: frozen numbers, targets typed in, weights chosen."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html as lxml_html

from survey.db import Database
from survey.heard_picture import full_share, heard_bar
from survey.models import Audience, Study
from survey.services import studies, summaries, targets
from tests.fixtures import login, post
from tests.people import Cast
from tests.services.counted import EASE, aim, answer, ask
from tests.views.studio import HOSTILE, audits, text_of

HEARD = "/studies/it-plan/heard"


@pytest.fixture
def planner(client: FlaskClient, cast: Cast) -> FlaskClient:
    return login(client, cast.planner)


def fields(client: FlaskClient) -> dict[str, list[str]]:
    """The form of targets as the page has it."""
    page = lxml_html.fromstring(client.get(HEARD).text)
    (form,) = page.xpath("//form[.//input[@name='share']]")
    names = ("seen", "by", "group", "share", "new")
    return {
        name: [field.get("value", "") for field in form.xpath(f".//input[@name='{name}']")] for name in names
    }


def with_share(found: dict[str, list[str]], by: str, group: str, share: str) -> dict[str, list[str]]:
    place = list(zip(found["by"], found["group"], strict=True)).index((by, group))
    return {**found, "share": [*found["share"][:place], share, *found["share"][place + 1 :]]}


def stored(database: Database, study: Study) -> dict[str, dict[str, float]]:
    with database.reading() as session:
        return targets.of_study(session, study)


def freeze(database: Database) -> None:
    with database.writing() as session:
        summaries.freeze(session, studies.by_slug(session, "it-plan"), "tests")


def test_targets_can_be_typed_before_anybody_was_heard(
    planner: FlaskClient, database: Database, study: Study
) -> None:
    page = text_of(planner.get(HEARD))
    assert "People are counted when a summary is frozen" in page
    before = audits(database)
    sent = with_share(fields(planner), "channel", "paper", "12,5 %")
    assert post(planner, HEARD, sent).status_code == 303
    assert stored(database, study)["channel"] == {"paper": 0.125}
    assert audits(database) == before + 1
    assert "12.5" in fields(planner)["share"]


def test_the_newest_summary_is_shown_with_who_was_heard_too_little(
    planner: FlaskClient, database: Database, study: Study
) -> None:
    aim(database, study, "unit", Parks=0.5, Streets=0.5)
    survey = ask(database, study, EASE)
    answer(database, survey, [{"ease": "easy"}] * 60, unit="Parks")
    answer(database, survey, [{"ease": "hard"}] * 15, unit="Streets")
    answer(database, survey, [{"ease": "hard"}] * 20)
    freeze(database)
    reply = planner.get(HEARD)
    page = text_of(reply)
    assert "one group was heard clearly less than its target: Streets (20%, target 50%)" in page
    assert "95 people heard" in page
    rows = {
        row.xpath("string(th)").strip(): [cell.text_content().strip() for cell in row.xpath("td")]
        for row in lxml_html.fromstring(reply.text).xpath("//table[caption[@id='caption-unit']]/tbody/tr")
    }
    assert rows["Streets"][:2] == ["15", "20%"]
    assert rows["Streets"][3:] == ["50%", "2.5", "Heard too little"]
    assert rows["Parks"][-1] == "Not clearly less"
    assert rows["Not known"][:2] == ["20", "–"]
    # Of later answers the page knows nothing: numbers come from the gate.
    answer(database, survey, [{"ease": "hard"}], unit="Streets")
    assert "96" not in text_of(planner.get(HEARD))


def test_totals_of_an_earlier_summary_say_so(planner: FlaskClient, database: Database, study: Study) -> None:
    survey = ask(database, study, EASE)
    answer(database, survey, [{"ease": "easy"}] * 30)
    freeze(database)
    answer(database, survey, [{"ease": "hard"}] * 2)
    freeze(database)
    with database.reading() as session:
        first, second = (
            summaries.read(row) for row in reversed(summaries.frozen(session, session.merge(study)))
        )
    assert (first.facts.people, second.facts.people) == (30, 30)
    assert "People heard" not in dict(first.method)
    assert "those of an earlier summary" in dict(second.method)["People heard"]


def test_hidden_numbers_are_called_so(planner: FlaskClient, database: Database, study: Study) -> None:
    survey = ask(database, study, EASE)
    answer(database, survey, [{}] * 30, unit="Parks")
    answer(database, survey, [{}] * 3, unit="Streets")
    freeze(database)
    page = planner.get(HEARD).text
    assert "hidden" in page
    assert '<td class="n" data-label="People">3</td>' not in page


def test_shares_that_cannot_be_come_back(planner: FlaskClient, database: Database, study: Study) -> None:
    found = fields(planner)
    place = found["group"].index("phone")
    for share in ("0", "101", "a lot", "\0", "<script>", "=1+1", "9" * 100_000):
        reply = post(planner, HEARD, with_share(found, "channel", "phone", share))
        assert reply.status_code == 422
        assert f'<a href="#share-{place}">By phone: ' in reply.text
        assert "<title>Error: " in reply.text
        assert share.replace("\0", "") in html.unescape(reply.text)
        assert "<script>" not in reply.text
    assert stored(database, study)["channel"] == {}


def test_a_unit_of_ones_own_with_a_hostile_name(
    planner: FlaskClient, database: Database, study: Study
) -> None:
    found = fields(planner)
    sent = with_share(found, "unit", "", "25")
    sent["group"][found["new"].index("1")] = HOSTILE
    assert post(planner, HEARD, sent).status_code == 303
    (name,) = stored(database, study)["unit"]
    page = planner.get(HEARD).text
    assert html.escape(name) in page or name in html.unescape(page)
    assert "<script>alert" not in page


def test_names_that_cannot_be_come_back(planner: FlaskClient, database: Database, study: Study) -> None:
    found = fields(planner)
    sent = with_share(found, "unit", "", "25")
    for name in ("x" * 5000, "a\0b", ""):
        sent["group"][found["new"].index("1")] = name
        reply = post(planner, HEARD, sent)
        assert reply.status_code == 422
        assert name.replace("\0", "") in html.unescape(reply.text)
    assert stored(database, study)["unit"] == {}


def test_two_people_type_targets(planner: FlaskClient, database: Database, study: Study) -> None:
    sent = with_share(fields(planner), "channel", "web", "40")
    aim(database, study, "channel", paper=0.3)
    reply = post(planner, HEARD, sent)
    assert reply.status_code == 409
    page = text_of(reply)
    assert "Somebody else changed these targets" in page
    assert "On paper: 30 %" in page
    shown = lxml_html.fromstring(reply.text)
    assert "40" in [field.get("value") for field in shown.xpath("//input[@name='share']")]
    # Saved again from that page, they stand.
    again = {**sent, "seen": shown.xpath("string(//input[@name='seen']/@value)")}
    assert post(planner, HEARD, again).status_code == 303
    assert stored(database, study)["channel"] == {"web": 0.4}


def test_forms_that_no_page_sends(planner: FlaskClient) -> None:
    many = {"by": ["unit"] * 201, "group": ["a"] * 201, "share": [""] * 201, "new": [""] * 201}
    forms: list[tuple[dict[str, Any], int]] = [
        ({"by": ["unit"], "group": [], "share": [], "new": []}, 400),
        ({"by": ["weights"], "group": ["unit"], "share": ["5"], "new": [""]}, 404),
        (many, 422),
    ]
    for sent, status in forms:
        assert post(planner, HEARD, {"seen": "", **sent}).status_code == status


def test_weights_are_chosen_among_what_has_targets(
    planner: FlaskClient, database: Database, study: Study
) -> None:
    assert "Save targets by unit, language or audience first" in text_of(planner.get(HEARD))
    reply = post(planner, f"{HEARD}/weights", {"by": "unit"})
    assert (reply.status_code, "Type targets for these groups first" in reply.text) == (422, True)
    aim(database, study, "unit", Parks=0.5)
    assert post(planner, f"{HEARD}/weights", {"by": "unit"}).status_code == 303
    assert re.search(r'value="unit" checked', planner.get(HEARD).text)
    for wrong in ("channel", "\0", "x" * 10_000):
        assert post(planner, f"{HEARD}/weights", {"by": wrong}).status_code == 422
    assert post(planner, f"{HEARD}/weights", {"by": ""}).status_code == 303


def test_who_may_see_it(client: FlaskClient, cast: Cast) -> None:
    assert client.get(HEARD).status_code in (302, 303)
    for member, status in ((cast.facilitator, 200), (cast.other_planner, 404), (cast.administrator, 403)):
        assert login(client, member).get(HEARD).status_code == status
        assert post(client, f"{HEARD}/weights", {"by": ""}).status_code == (303 if status == 200 else status)


def test_an_audience_that_is_gone_takes_its_target_along(
    planner: FlaskClient, database: Database, study: Study
) -> None:
    with database.writing() as session:
        audience = Audience(study_id=study.id, name=HOSTILE)
        session.add(audience)
        session.flush()
        name = str(audience.id)
    aim(database, study, "audience", **{name: 0.5, "0": 0.1})
    found = fields(planner)
    assert ("0" in found["group"], name in found["group"]) == (False, True)
    assert post(planner, HEARD, found).status_code == 303
    assert stored(database, study)["audience"] == {name: 0.5}


def test_a_bar_and_its_mark() -> None:
    picture = str(heard_bar(0.25, 0.5, 0.5, HOSTILE))
    assert 'class="fill" y="5" width="100"' in picture
    assert 'class="target" x="197"' in picture
    assert "<script>" not in picture
    assert "fill" not in re.sub('fill="currentColor"', "", str(heard_bar(None, 0.1, 1.0, "hidden")))
    assert full_share([0.31, None, 0.1]) == 0.4
    assert (full_share([]), full_share([0.3]), full_share([1.0])) == (0.1, 0.3, 1.0)
