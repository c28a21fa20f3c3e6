"""The facts that can stand in a case's history. The table says which of them may speak."""

from derman.words.kinds import LABELS, Word
from derman.words.marks import gettext_noop


class EventType(Word):
    """Past tense of the verb that wrote it (`cases.actions`)."""

    OPENED = "opened"
    TAKEN = "taken"
    ASSIGNED = "assigned"
    REFERRED = "referred"
    TASK_STARTED = "task_started"
    TASK_ANSWERED = "task_answered"
    TASK_SENT_BACK = "task_sent_back"
    TAKEN_BACK = "taken_back"
    ASKED = "asked"
    APPLICANT_ANSWERED = "applicant_answered"
    APPLICANT_SILENT = "applicant_silent"
    INFORMATION_ADDED = "information_added"
    CONTACTED = "contacted"
    REPLIED = "replied"
    NOTED = "noted"
    ACKNOWLEDGED = "acknowledged"
    PROMISED = "promised"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CLOSED_EARLY = "closed_early"
    REOPENED = "reopened"
    CORRECTED = "corrected"
    RECLASSIFIED = "reclassified"
    TAGGED = "tagged"
    UNTAGGED = "untagged"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    REPLY_WITHDRAWN = "reply_withdrawn"
    ALERTED = "alerted"
    ATTACHED = "attached"
    NOT_TOLD = "not_told"
    CONTACT_DISPUTED = "contact_disputed"
    PEOPLE_MERGED = "people_merged"
    PEOPLE_PARTED = "people_parted"


# Facts that a profile's notice table may answer with a message.
SPEAKING = frozenset(
    {
        EventType.OPENED,
        EventType.REFERRED,
        EventType.TASK_STARTED,
        EventType.TASK_ANSWERED,
        EventType.TASK_SENT_BACK,
        EventType.ASKED,
        EventType.REPLIED,
        EventType.PROMISED,
        EventType.RESOLVED,
        EventType.CLOSED_EARLY,
        EventType.REOPENED,
        EventType.ALERTED,
        EventType.APPLICANT_ANSWERED,
        EventType.INFORMATION_ADDED,
        EventType.CORRECTED,  # where a contact was replaced
    }
)

# Facts that the worker deals with: those that may speak, and those that the rollup counts.
DISPATCHED = SPEAKING | {EventType.CLOSED}

_ = gettext_noop
LABELS[EventType] = {
    "opened": _("Received"),
    "taken": _("Taken over"),
    "assigned": _("Assigned"),
    "referred": _("Referred to a unit"),
    "task_started": _("Unit began its work"),
    "task_answered": _("Unit answered"),
    "task_sent_back": _("Unit sent the task back"),
    "taken_back": _("Taken back from the unit"),
    "asked": _("Applicant asked for information"),
    "applicant_answered": _("Applicant answered"),
    "applicant_silent": _("No answer from the applicant"),
    "information_added": _("Applicant added information"),
    "contacted": _("Contact with the applicant"),
    "replied": _("Reply to the applicant"),
    "noted": _("Internal note"),
    "acknowledged": _("Receipt confirmed to the applicant"),
    "promised": _("Date promised"),
    "resolved": _("Resolved"),
    "closed": _("Closed"),
    "closed_early": _("Closed without a decision"),
    "reopened": _("Reopened"),
    "corrected": _("Customer data corrected"),
    "reclassified": _("Topic changed"),
    "tagged": _("Tag added"),
    "untagged": _("Tag removed"),
    "snoozed": _("Laid aside"),
    "woken": _("Taken up again"),
    "reply_withdrawn": _("Reply called back before it left"),
    "alerted": _("Emergency unit alerted"),
    "attached": _("File added"),
    "not_told": _("Result did not reach the applicant"),
    "contact_disputed": _("Recipient said that a message was not for them"),
    "people_merged": _("Customer merged with another row"),
    "people_parted": _("Merge of customers undone"),
}
