"""All tables. Importing this package registers every model on `survey.db.Base`."""

from __future__ import annotations

from survey.models.audit import AuditHead, AuditRow
from survey.models.comment import Comment, CommentImport
from survey.models.delivery import Delivery
from survey.models.invitation import Ballot, Invitee, KeyedSheet, Mailing
from survey.models.job import Job
from survey.models.library import LibraryQuestion
from survey.models.office import Office, OfficePerson
from survey.models.people import Attempt, Membership, Person, SignIn
from survey.models.release import Release
from survey.models.report import (
    CrossTable,
    MadeFile,
    MadeFilePart,
    MemberCheck,
    MemberCheckAnswer,
    Target,
    ThemeText,
)
from survey.models.response import Draft, Respondent, Response
from survey.models.sample import Coding, Sample, SampleCoder, SampleItem
from survey.models.session import AgendaItem, GroupSession, Note, NoteVote, RosterEntry, RosterName
from survey.models.study import Audience, Prompt, Study
from survey.models.summary import Summary
from survey.models.survey import Survey, Version
from survey.models.theme import Candidate, Edit, EditComment, MapPoint, Placement, Run
from survey.models.token import ApiToken
from survey.models.webhook import Webhook, WebhookDelivery

__all__ = [
    "AgendaItem",
    "ApiToken",
    "Attempt",
    "Audience",
    "AuditHead",
    "AuditRow",
    "Ballot",
    "Candidate",
    "Coding",
    "Comment",
    "CommentImport",
    "CrossTable",
    "Delivery",
    "Draft",
    "Edit",
    "EditComment",
    "GroupSession",
    "Invitee",
    "Job",
    "KeyedSheet",
    "LibraryQuestion",
    "MadeFile",
    "MadeFilePart",
    "Mailing",
    "MapPoint",
    "MemberCheck",
    "MemberCheckAnswer",
    "Membership",
    "Note",
    "NoteVote",
    "Office",
    "OfficePerson",
    "Person",
    "Placement",
    "Prompt",
    "Release",
    "Respondent",
    "Response",
    "RosterEntry",
    "RosterName",
    "Run",
    "Sample",
    "SampleCoder",
    "SampleItem",
    "SignIn",
    "Study",
    "Summary",
    "Survey",
    "Target",
    "ThemeText",
    "Version",
    "Webhook",
    "WebhookDelivery",
]
