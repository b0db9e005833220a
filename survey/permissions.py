"""The permission table: what may be done, by whom, in what words.

It drives the guard (`survey.security`), the tests and `docs/permissions.md`. A view without a permission is
refused to everybody. Administrators run accounts and have no access to answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask

View = TypeVar("View", bound=Callable[..., Any])

ANYONE = frozenset({"anyone"})
STAFF = frozenset({"facilitator", "planner", "office", "administrator", "auditor"})
FACILITATOR = frozenset({"facilitator"})
PLANNER = frozenset({"planner"})
STUDY_STAFF = FACILITATOR | PLANNER
OFFICE = frozenset({"office"})


@dataclass(frozen=True)
class Permission:
    """One thing that may be done, and the roles that may do it."""

    name: str
    roles: frozenset[str]
    help: str


PERMISSIONS = {
    p.name: p
    for p in (
        Permission("see public pages", ANYONE, "First page, health check, style sheet, language."),
        Permission("answer surveys", ANYONE, "Read and answer an open survey."),
        Permission("sign in", ANYONE, "Sign in with e-mail and password."),
        Permission("use own account", STAFF, "Sign out, change one's own password."),
        Permission("use the api", STUDY_STAFF, "Make and revoke one's own tokens for the API."),
        Permission("see studies", STUDY_STAFF, "Lists and pages of studies one works on."),
        Permission("edit studies", FACILITATOR, "Make and change studies, audiences and prompts."),
        Permission("edit surveys", FACILITATOR, "Build, preview, publish, open and close surveys."),
        Permission("invite people", FACILITATOR, "Keep the list of people of a survey; see response rates."),
        Permission("send invitations", FACILITATOR, "Write to the people on the list, print their letters."),
        Permission("key in answers", FACILITATOR, "Type in answers given on paper or by phone."),
        Permission("see comments", STUDY_STAFF, "Read comments of a study."),
        Permission("import comments", STUDY_STAFF, "import comments from a file; take an import back."),
        Permission("see respondents", FACILITATOR, "Read who answered a confidential or identified survey."),
        Permission("review responses", FACILITATOR, "Read responses that were set apart, and decide."),
        Permission("export responses", FACILITATOR, "Read and take away all responses of a survey."),
        Permission("manage webhooks", FACILITATOR, "Have other systems told what happens in a study."),
        Permission("find themes", PLANNER, "Start and cancel theme discovery."),
        Permission("see themes", STUDY_STAFF, "Read the board, its themes and their comments."),
        Permission("edit themes", PLANNER, "Name, order, decide, merge, split, place comments, undo."),
        Permission("manage offices", PLANNER, "Name the offices of a study and who sees their pages."),
        Permission("see own office", OFFICE | STUDY_STAFF, "Read the page of an office one belongs to."),
        Permission("code samples", STUDY_STAFF, "Code a drawn sample; see how far two people agree."),
        Permission("export summaries", STUDY_STAFF, "Freeze a summary and download it."),
        Permission("run sessions", STUDY_STAFF, "Plan and hold sessions, type notes, bring minutes in."),
        Permission("take part", ANYONE, "Type notes by phone in a session; look at draft themes."),
        Permission("check with members", STUDY_STAFF, "Show a group its draft themes; read what it said."),
        Permission("write reports", STUDY_STAFF, "Targets, cross tables and words for the report."),
        Permission("prepare releases", STUDY_STAFF, "Choose what the public sees, and ask for approval."),
        Permission("approve releases", STUDY_STAFF, "Approve or withdraw a release; never one's own."),
        Permission("read results", ANYONE, "Read what was released to the public."),
        Permission("manage people", frozenset({"administrator"}), "Make accounts, change roles, switch off."),
        Permission("read audit", frozenset({"auditor", "administrator"}), "Read who did what."),
    )
}


def may(permission: str) -> Callable[[View], View]:
    """Mark a view with the permission it needs; unknown names fail at import."""
    PERMISSIONS[permission]

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def takes_files(view: View) -> View:
    """Mark a view that takes an uploaded file: its form may be as large as `import_mb` says."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def needed(app: Flask, endpoint: str) -> Permission | None:
    """The permission an endpoint needs, or None when nobody gave it one."""
    name = getattr(app.view_functions.get(endpoint), "permission", None)
    return PERMISSIONS[name] if name else None


def document(app: Flask) -> str:
    """`docs/permissions.md`: every permission with its roles, every route with its permission."""
    lines = [
        "# Who may do what",
        "",
        "Made from `survey/permissions.py` and the routes by `survey doctor --permissions`.",
    ]
    lines += ["A test keeps it equal to the code. Who is not listed is refused.", ""]
    lines += ["| permission | roles | what it covers |", "|---|---|---|"]
    lines += [f"| {p.name} | {', '.join(sorted(p.roles))} | {p.help} |" for p in PERMISSIONS.values()]
    lines += ["", "## Routes", "", "| route | methods | permission |", "|---|---|---|"]
    lines += sorted(_route_line(app, rule) for rule in app.url_map.iter_rules())
    return "\n".join(lines) + "\n"


def _route_line(app: Flask, rule: Any) -> str:
    permission = needed(app, rule.endpoint)
    methods = ", ".join(sorted(rule.methods - {"HEAD", "OPTIONS"}))
    return f"| `{rule.rule}` | {methods} | {permission.name if permission else 'nobody'} |"
