"""All tables. Importing this package registers every model on `survey.db.Base`."""

from __future__ import annotations

from survey.models.audit import AuditHead, AuditRow
from survey.models.comment import Comment, CommentImport
from survey.models.job import Job
from survey.models.people import Attempt, Membership, Person, SignIn
from survey.models.response import Draft, Respondent, Response
from survey.models.study import Audience, Prompt, Study
from survey.models.summary import Summary
from survey.models.survey import Survey, Version
from survey.models.theme import Candidate, Edit, Placement, Run

__all__ = [
    "Attempt",
    "Audience",
    "AuditHead",
    "AuditRow",
    "Candidate",
    "Comment",
    "CommentImport",
    "Draft",
    "Edit",
    "Job",
    "Membership",
    "Person",
    "Placement",
    "Prompt",
    "Respondent",
    "Response",
    "Run",
    "SignIn",
    "Study",
    "Summary",
    "Survey",
    "Version",
]
