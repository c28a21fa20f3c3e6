"""The case file. `cases.actions` is the only writer of these tables."""

from derman.cases.models.case import Case, Event
from derman.cases.models.casework import CaseTag, Clock, Contact, Outcome, Task
from derman.cases.models.papers import (
    AccessCode,
    Attachment,
    Dispatch,
    Note,
    Reply,
    SearchEntry,
)
from derman.cases.models.solutions import Action, Approval, Letter, Offer
from derman.cases.models.watch import Check, Escalation, Link

__all__ = [
    "AccessCode",
    "Action",
    "Approval",
    "Attachment",
    "Case",
    "CaseTag",
    "Check",
    "Clock",
    "Contact",
    "Dispatch",
    "Escalation",
    "Event",
    "Letter",
    "Link",
    "Note",
    "Offer",
    "Outcome",
    "Reply",
    "SearchEntry",
    "Task",
]
