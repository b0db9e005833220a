"""What workers do, a file for each noun: the only place from which the analysis is run.

A task reads what it needs, computes without a transaction, and returns a function that stores its result: the
worker calls that in the transaction in which it ends the job, so a result is there whole or not at all.
"""

from __future__ import annotations

from survey.jobs.tasks.agreement import agreement
from survey.jobs.tasks.common import Progress, Store, Task
from survey.jobs.tasks.compare import compare
from survey.jobs.tasks.discover import discover
from survey.jobs.tasks.duplicates import near_duplicates
from survey.jobs.tasks.export import export_responses
from survey.jobs.tasks.freeze import freeze
from survey.jobs.tasks.mail import send_mailing
from survey.jobs.tasks.pdf import pdf
from survey.jobs.tasks.place import place
from survey.jobs.tasks.split import split
from survey.jobs.tasks.suggest import suggest
from survey.jobs.tasks.webhooks import send_webhooks

__all__ = ["TASKS", "Progress", "Store", "Task"]

TASKS: dict[str, Task] = {
    "discover": discover,
    "place": place,
    "split": split,
    "suggest": suggest,
    "near_duplicates": near_duplicates,
    "agreement": agreement,
    "compare": compare,
    "export_responses": export_responses,
    "freeze": freeze,
    "mailing": send_mailing,
    "pdf": pdf,
    "webhooks": send_webhooks,
}
