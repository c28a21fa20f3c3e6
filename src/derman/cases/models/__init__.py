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

__all__ = [
    "AccessCode",
    "Attachment",
    "Case",
    "CaseTag",
    "Clock",
    "Contact",
    "Dispatch",
    "Event",
    "Note",
    "Outcome",
    "Reply",
    "SearchEntry",
    "Task",
]
