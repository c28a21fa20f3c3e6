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
    ACKNOWLEDGE_DUE = "acknowledge_due"
    NOT_ACKNOWLEDGED = "not_acknowledged"
    INTERIM = "interim"
    ESCALATED = "escalated"
    ESCALATION_SEEN = "escalation_seen"
    APPROVAL_ASKED = "approval_asked"
    APPROVED = "approved"
    DECLINED = "declined"
    ACTION_PLANNED = "action_planned"
    ACTION_DONE = "action_done"
    ACTION_CHECKED = "action_checked"
    ACTION_CANCELLED = "action_cancelled"
    ACTION_DUE = "action_due"
    OFFERED = "offered"
    OFFER_ACCEPTED = "offer_accepted"
    OFFER_REFUSED = "offer_refused"
    OFFER_ENDED = "offer_ended"
    REFERRED_EXTERNALLY = "referred_externally"
    LINKED = "linked"
    UNLINKED = "unlinked"
    MERGED = "merged"
    UNMERGED = "unmerged"
    REPEAT_FOUND = "repeat_found"
    SURVEY_ASKED = "survey_asked"
    SURVEY_ANSWERED = "survey_answered"
    SURVEY_SKIPPED = "survey_skipped"
    SURVEY_EXPIRED = "survey_expired"
    FOLLOW_UP_OPENED = "follow_up_opened"
    FOLLOWED_UP = "followed_up"
    VISIT_PLANNED = "visit_planned"
    VISIT_MOVED = "visit_moved"
    VISIT_REPORTED = "visit_reported"
    VISIT_MISSED = "visit_missed"
    VISIT_CANCELLED = "visit_cancelled"


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
        EventType.ACKNOWLEDGE_DUE,
        EventType.INTERIM,
        EventType.ESCALATED,
        EventType.APPROVAL_ASKED,
        EventType.APPROVED,
        EventType.DECLINED,
        EventType.ACTION_PLANNED,
        EventType.ACTION_DONE,
        EventType.ACTION_DUE,
        EventType.OFFERED,
        EventType.OFFER_ACCEPTED,
        EventType.OFFER_REFUSED,
        EventType.OFFER_ENDED,  # where nobody answered it
        EventType.REFERRED_EXTERNALLY,
        EventType.SURVEY_ASKED,
        EventType.FOLLOW_UP_OPENED,
        EventType.REPEAT_FOUND,
        EventType.MERGED,
        EventType.UNMERGED,
        EventType.VISIT_PLANNED,
        EventType.VISIT_MOVED,
        EventType.VISIT_REPORTED,
        EventType.VISIT_MISSED,
        EventType.VISIT_CANCELLED,
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
    "acknowledge_due": _("Under review, as promised"),
    "not_acknowledged": _("Receipt could not be confirmed"),
    "interim": _("Interim information"),
    "escalated": _("Escalated"),
    "escalation_seen": _("Escalation seen"),
    "approval_asked": _("Decision waits for approval"),
    "approved": _("Decision approved"),
    "declined": _("Decision not approved"),
    "action_planned": _("Action planned"),
    "action_done": _("Action carried out"),
    "action_checked": _("Effect of the action checked"),
    "action_cancelled": _("Action cancelled"),
    "action_due": _("Reminder of an action"),
    "offered": _("Solution offered"),
    "offer_accepted": _("Offer accepted"),
    "offer_refused": _("Offer refused"),
    "offer_ended": _("Offer ended without an answer"),
    "referred_externally": _("Referred to bodies outside"),
    "linked": _("Linked with another case"),
    "unlinked": _("Link removed"),
    "merged": _("Merged into another case"),
    "unmerged": _("Merge undone"),
    "repeat_found": _("Repeated complaint noticed"),
    "survey_asked": _("Asked whether satisfied"),
    "survey_answered": _("Survey answered"),
    "survey_skipped": _("Survey not sent"),
    "survey_expired": _("Survey not answered in time"),
    "follow_up_opened": _("Not satisfied: follow-up begins"),
    "followed_up": _("Follow-up contact"),
    "visit_planned": _("Visit planned"),
    "visit_moved": _("Visit moved"),
    "visit_reported": _("Finding of the visit"),
    "visit_missed": _("Nobody met at the visit"),
    "visit_cancelled": _("Visit cancelled"),
}
