"""The commands of `survey`, one file per noun."""

from __future__ import annotations

import click

from survey.commands import (
    audit,
    db,
    demo,
    discover,
    doctor,
    export,
    imports,
    mail,
    people,
    reproduce,
    serve,
    studies,
)

COMMANDS: list[click.Command] = [
    db.group,
    demo.demo,
    serve.serve,
    serve.worker,
    doctor.doctor,
    people.group,
    mail.group,
    studies.group,
    imports.group,
    discover.discover,
    discover.list_runs,
    discover.apply,
    export.export,
    reproduce.bundle,
    reproduce.reproduce,
    audit.group,
]
