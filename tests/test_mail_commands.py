"""`survey mail`: trying the server, taking in what came back."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from survey.db import Database
from survey.models import AuditRow, Invitee, Study
from survey.services import studies
from tests import sheets
from tests.services.test_mailings import report
from tests.support import smtp
from tests.support.server import run


def settings_of(post: smtp.Post) -> dict[str, str]:
    return {
        "SURVEY_SMTP_HOST": "127.0.0.1",
        "SURVEY_SMTP_PORT": str(post.port),
        "SURVEY_SMTP_TLS": "none",
        "SURVEY_SMTP_FROM": "city@c.example",
    }


def url_of(database: Database) -> str:
    return database.write.url.render_as_string(hide_password=False)


def test_a_message_to_try_the_server(tmp_path: Path) -> None:
    post = smtp.Post(on_to=lambda to: "550 no such user" if "nobody" in to else None)
    url = f"sqlite:///{tmp_path / 'no.sqlite'}"
    with smtp.serving(post):
        done = run(["mail", "test", "ana@x.example"], url, **settings_of(post))
        refused = run(["mail", "test", "nobody@x.example"], url, **settings_of(post))
    assert (done.returncode, post.to) == (0, ["ana@x.example"])
    assert (refused.returncode, "550 no such user" in refused.stderr) == (1, True)
    without = run(["mail", "test", "ana@x.example"], url)
    assert (without.returncode, "No mail server is set" in without.stderr) == (1, True)


def test_messages_that_came_back(database: Database, study: Study, tmp_path: Path) -> None:
    with database.writing() as session:
        survey = sheets.make(session, studies.by_slug(session, study.slug))
        sheets.invite(session, survey, "ana@x.example", "bob@x.example", state="sent", mailings=1)
    (good := tmp_path / "back.eml").write_bytes(report("ana@x.example"))
    (bad := tmp_path / "letter.eml").write_bytes(b"Subject: hello\n\nHello")
    refused = run(["mail", "bounced", str(good), str(bad)], url_of(database))
    assert (refused.returncode, "no report" in refused.stderr) == (1, True)
    done = run(["mail", "bounced", str(good)], url_of(database))
    assert (done.returncode, done.stdout) == (0, "1 addresses failed; 1 people are marked.\n")
    with database.reading() as session:
        found = dict(session.execute(select(Invitee.email, Invitee.state)).all())
        assert found == {"ana@x.example": "bounced", "bob@x.example": "sent"}
        assert "ana@" not in str([row.details for row in session.scalars(select(AuditRow))])
