"""The board in a browser: reading, deciding, being overtaken, going back."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.db import Database
from survey.models import AuditRow, Comment, Edit, Study
from tests.boards import LABELS, add_comments, add_run, board_of
from tests.fixtures import login, post
from tests.people import Cast

BOARD = "/studies/it-plan/themes"
READ = ("", "/{1}", "/none", "/history")
EDIT = ("/{1}/rename", "/{1}/merge")
DECIDE = (
    "/{1}/accept",
    "/{1}/reject",
    "/{1}/reopen",
    "/{1}/rename",
    "/{1}/merge",
    "/comments/decide",
    "/undo",
)


@pytest.fixture
def themes(database: Database, cast: Cast, study: Study) -> dict[int, int]:
    """The themes of the small study, by number."""
    with database.writing() as session:
        add_comments(session, study)
        return add_run(session, study)


@pytest.fixture
def planner(client: FlaskClient, cast: Cast) -> FlaskClient:
    return login(client, cast.planner)


def url(path: str, themes: dict[int, int]) -> str:
    return BOARD + re.sub(r"\{(\d)\}", lambda number: str(themes[int(number[1])]), path)


def edits(database: Database) -> list[tuple[str, dict[str, object]]]:
    """What people decided: the first run comes onto the board by itself."""
    query = select(Edit).where(Edit.kind != "apply").order_by(Edit.number)
    with database.reading() as session:
        return [(edit.kind, edit.details) for edit in session.scalars(query)]


def test_who_may_read_and_who_may_decide(client: FlaskClient, cast: Cast, themes: dict[int, int]) -> None:
    for member, reads, decides in [
        (cast.planner, 200, True),
        (cast.facilitator, 200, False),
        (cast.other_planner, 404, False),
        (cast.administrator, 403, False),
        (cast.auditor, 403, False),
    ]:
        login(client, member)
        for path in READ:
            assert client.get(url(path, themes)).status_code == reads, (member.email, path)
        refused = 404 if member is cast.other_planner else 403
        for path in EDIT:
            assert client.get(url(path, themes)).status_code == (200 if decides else refused), (
                member.email,
                path,
            )
        for path in DECIDE if not decides else ():
            sent = {"name": "x", "revision": "0", "comment": "x1", "to": themes[1]}
            assert post(client, url(path, themes), sent).status_code == refused, (member.email, path)
        post(client, "/sign-out")


def test_nobody_decides_without_signing_in(
    client: FlaskClient, database: Database, themes: dict[int, int]
) -> None:
    assert client.get(BOARD).status_code == 302
    assert post(client, url("/{1}/rename", themes), {"name": "Kept as typed"}).status_code == 401
    assert edits(database) == []


def test_a_facilitator_sees_no_buttons_that_decide(
    client: FlaskClient, cast: Cast, themes: dict[int, int]
) -> None:
    login(client, cast.facilitator)
    for path in READ:
        page = client.get(url(path, themes)).text
        assert "Accept<" not in page
        assert "/comments/decide" not in page


def test_before_themes_are_found(planner: FlaskClient, database: Database, study: Study) -> None:
    page = planner.get(BOARD).text
    assert "There are no comments yet" in page
    with database.writing() as session:
        add_comments(session, study)
    page = planner.get(BOARD).text
    assert "There are 14 comments" in page
    assert f'href="{BOARD}/find"' in page
    for path in ("/1", "/none", "/1/rename", "/1/merge"):
        assert planner.get(BOARD + path).status_code == 404
    assert post(planner, f"{BOARD}/1/accept").status_code == 404


def test_the_board_shows_size_breadth_quotes_and_table(planner: FlaskClient, themes: dict[int, int]) -> None:
    page = planner.get(BOARD).text
    assert page.count("<h1") == 1
    assert "<b>14</b> comments" in page
    assert "Raised in 3 of 3 groups, likely" in page
    assert "stable 0.80" in page
    assert "watch 0.70" in page
    assert "fragile 0.60" not in page, "0.6 is to be watched"
    assert re.search(r"<b>29%</b> in no theme", page)
    assert "“Comment a1 of &lt;b&gt;Academia&lt;/b&gt;”" in page
    apart = page[page.index('id="one-group"') :]
    assert LABELS[3] in apart
    assert LABELS[1] not in apart[: apart.index("Who said what")]
    row = re.search(rf'<th scope="row">{LABELS[1]}</th>(.*?)</tr>', page, re.DOTALL)
    assert row
    assert re.findall(r"[\d%]+", re.sub(r"<[^>]+>", " ", row[1])) == ["2", "50%", "3", "75%", "1", "25%", "6"]


def test_each_decision_says_what_changed_and_can_be_undone(
    planner: FlaskClient, database: Database, themes: dict[int, int]
) -> None:
    one, two, _ = themes.values()
    steps: list[tuple[str, dict[str, object], str]] = [
        (f"/{one}/accept", {}, f"Accepted “{LABELS[1]}”."),
        (f"/{one}/reopen", {}, f"Opened “{LABELS[1]}” again."),
        (f"/{one}/rename", {"name": " Home\tinternet "}, f"Renamed “{LABELS[1]}” to “Home internet”."),
        (
            "/comments/decide?of=all",
            {"do": "add", "comment": "x1", "to": two},
            f"Put a comment into “{LABELS[2]}”.",
        ),
        (
            f"/comments/decide?of={two}",
            {"do": "move", "comment": "x1", "to": one},
            f"Moved a comment from “{LABELS[2]}” to “Home internet”.",
        ),
        (
            f"/comments/decide?of={one}",
            {"do": "out", "comment": "x1"},
            "Took a comment out of “Home internet”.",
        ),
        (f"/{two}/merge", {"with": one, "into": one}, f"Merged “{LABELS[2]}” into “Home internet”."),
        (f"/{one}/reject", {}, "Rejected “Home internet”."),
    ]
    for number, (path, sent, said) in enumerate(steps, start=2):
        reply = post(planner, BOARD + path, {"revision": number - 1, **sent}, follow_redirects=True)
        assert reply.status_code == 200
        note = re.search(r'class="note good row spread said" role="status"><p>(.*?)</p>', reply.text)
        assert note, said
        assert unescape(note[1]) == said
        assert f'name="edit" value="{number}"' in reply.text
        assert "note good row" not in planner.get(BOARD).text, "it is said once"
    for number in range(len(steps) + 1, 1, -1):
        reply = post(planner, f"{BOARD}/undo", {"edit": number}, follow_redirects=True)
        assert f"Undid: {steps[number - 2][2].rstrip('.')}" in unescape(reply.text)
    with database.reading() as session:
        board = board_of(session, session.scalars(select(Study).where(Study.slug == "it-plan")).one())
        assert [(theme.name, theme.size, theme.state) for theme in board.themes] == [
            (LABELS[1], 6, "new"),
            (LABELS[2], 4, "new"),
            (LABELS[3], 2, "new"),
        ]
        told = session.scalars(select(AuditRow).where(AuditRow.action.like("themes.%"))).all()
        assert len(told) == 1 + 2 * len(steps), "the run, then each decision and its undoing"
    history = unescape(planner.get(f"{BOARD}/history").text)
    assert history.count("Undid: ") == len(steps)
    assert all(said.rstrip(".") in history for _path, _sent, said in steps)


def test_a_double_click_decides_once(
    planner: FlaskClient, database: Database, themes: dict[int, int]
) -> None:
    for _ in range(2):
        reply = post(planner, url("/{1}/accept", themes), {"revision": 0}, follow_redirects=True)
        assert "Accepted “" in reply.text
    assert [kind for kind, _details in edits(database)] == ["accept"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Type a name for the theme."),
        ("   \t ", "Type a name for the theme."),
        ("x" * 5000, "Use 200 characters or fewer."),
        (LABELS[2].upper(), "Another theme is called"),
    ],
)
def test_a_name_that_cannot_be_is_kept_and_explained(
    planner: FlaskClient, database: Database, themes: dict[int, int], name: str, said: str
) -> None:
    reply = post(planner, url("/{1}/rename", themes), {"name": name, "revision": 0})
    assert reply.status_code == 422
    assert "<title>Error: " in reply.text
    assert said in reply.text
    assert f'value="{name}"' in reply.text
    assert 'href="#name"' in reply.text
    assert edits(database) == []


def test_a_name_is_text_wherever_it_is_shown(planner: FlaskClient, themes: dict[int, int]) -> None:
    hostile = "<script>alert('x')</script>{{ 7*7 }}"
    post(planner, url("/{1}/rename", themes), {"name": hostile, "revision": 0})
    for path in (*READ, *EDIT, "/{2}/merge?with={1}"):
        page = planner.get(url(path, themes)).text
        assert hostile in unescape(page)
        assert "<script>alert" not in page


def test_being_overtaken_shows_both_and_keeps_what_was_typed(
    client: FlaskClient, planner: FlaskClient, database: Database, cast: Cast, themes: dict[int, int]
) -> None:
    post(planner, url("/{1}/rename", themes), {"name": "First name", "revision": 0})
    stale = {"name": "My own name", "revision": 0, "next": url("/{1}", themes)}
    reply = post(planner, url("/{1}/rename", themes), stale)
    page = unescape(reply.text)
    assert reply.status_code == 409
    assert "Renamed “First name” to “My own name”" in page
    assert f"Renamed “{LABELS[1]}” to “First name”" in page
    assert cast.planner.email in page
    assert 'name="revision" value="2"' in page
    form = page[page.index('<form method="post"') :]
    sent = dict(re.findall(r'<textarea hidden name="(\w+)" aria-hidden="true">\n(.*?)</textarea>', form))
    assert sent == {"name": "My own name", "next": url("/{1}", themes)}
    assert len(edits(database)) == 1
    assert post(planner, url("/{2}/accept", themes), {"revision": 0}).status_code == 303, (
        "another theme is free"
    )
    assert post(planner, url("/{1}/rename", themes), {**sent, "revision": 2}).location == url("/{1}", themes)
    assert edits(database)[-1][1]["name"] == "My own name"


def test_deciding_about_a_theme_that_was_merged_away(planner: FlaskClient, themes: dict[int, int]) -> None:
    one, two, _ = themes.values()
    post(planner, f"{BOARD}/{two}/merge", {"with": one, "into": one, "revision": 0})
    reply = post(planner, f"{BOARD}/{two}/rename", {"name": "Too late", "revision": 0})
    assert reply.status_code == 409
    assert "Too late" in reply.text
    assert "Do it all the same" not in reply.text
    assert planner.get(f"{BOARD}/{two}").location == f"{BOARD}/{one}"


def test_merging_looks_at_both_first(
    planner: FlaskClient, database: Database, themes: dict[int, int]
) -> None:
    page = planner.get(url("/{1}/merge", themes)).text
    assert f'name="with" value="{themes[2]}"' in page
    assert f'name="with" value="{themes[1]}"' not in page
    page = planner.get(url("/{1}/merge?with={2}", themes)).text
    assert "8 comments; one in several of them counts once." in page
    assert page.count('name="into"') == 2
    assert edits(database) == []
    assert post(planner, url("/{1}/merge", themes), {"with": themes[1]}).status_code == 422


def test_nonsense_is_not_found_or_refused(
    planner: FlaskClient, database: Database, themes: dict[int, int]
) -> None:
    for path in ("/999999", "/99999999999999999999", "/999999/rename", "/999999/merge"):
        assert planner.get(BOARD + path).status_code == 404, path
    for path, sent in [
        ("/999999/accept", {}),
        ("/99999999999999999999/reject", {}),
        ("/999999/rename", {"name": "x"}),
        ("/undo", {"edit": "12"}),
        ("/undo", {"edit": "x"}),
        ("/comments/%00/themes", {"theme": str(themes[1])}),
        ("/comments/decide?of=all", {"do": "add", "comment": "a1", "to": "99999999999999999999"}),
        ("/comments/decide?of=all", {"do": "add", "comment": "nobody", "to": str(themes[1])}),
    ]:
        assert post(planner, BOARD + path, {"revision": "x", **sent}).status_code == 404, path
    assert (
        planner.get(url("/{1}?audience=99999999999999999999&prompt=x&page=-4&text=%00", themes)).status_code
        == 200
    )
    assert edits(database) == []


def test_comments_of_a_theme_are_paged_and_filtered(
    planner: FlaskClient, database: Database, study: Study, themes: dict[int, int]
) -> None:
    with database.writing() as session:
        session.add_all(
            Comment(id=f"more{n}", study_id=study.id, channel="import", text=f"Later remark {n}")
            for n in range(60)
        )
    page = planner.get(f"{BOARD}/none").text
    assert "Page 1 of 2" in page
    assert "came after the themes were found" in page
    assert page.count('<li class="comment') == 50
    assert "text=Later" in (page := planner.get(f"{BOARD}/none?text=Later").text)
    assert "60 comments" in page
    page = planner.get(url("/{1}?text=n3", themes)).text
    assert page.count('<li class="comment') == 1
    assert f'also in <a href="{url("/{2}", themes)}">' in page
    assert "No comment fits" in planner.get(url("/{1}?text=nothing+like+it", themes)).text


def test_going_on_stays_on_this_site(planner: FlaskClient, themes: dict[int, int]) -> None:
    reply = post(planner, url("/{1}/accept", themes), {"revision": 0, "next": "https://evil.example/"})
    assert reply.location == "/studies"


def test_the_session_is_read_only_on_a_get(
    planner: FlaskClient, database: Database, themes: dict[int, int]
) -> None:
    def rows() -> int:
        with Session(database.read) as session:
            return len(session.scalars(select(AuditRow)).all())

    before = rows()
    for path in (*READ, *EDIT):
        planner.get(url(path, themes))
    assert rows() == before
