"""What a case can be about, how it came, who speaks, and how it may end: fixed keys with labels."""

from enum import StrEnum

from derman.words.marks import gettext_noop


class Word(StrEnum):
    """A fixed key with a label for people; subclasses fill `LABELS` below."""

    @property
    def label(self) -> str:
        """The English label, to be translated by whoever shows it."""
        return LABELS[type(self)][self]


class Kind(Word):
    COMPLAINT = "complaint"
    REQUEST = "request"
    SUGGESTION = "suggestion"
    INFORMATION = "information"
    THANKS = "thanks"


class Channel(Word):
    """How a case came in; alike in all presets (`design.md` §9)."""

    PHONE = "phone"
    BRANCH = "branch"
    WEB = "web"
    APP = "app"
    EMAIL = "email"
    LETTER = "letter"
    FAX = "fax"
    SMS = "sms"
    VOICE = "voice"
    SOCIAL = "social"
    WHATSAPP = "whatsapp"
    SURVEY = "survey"
    VISIT = "visit"
    REGULATOR = "regulator"
    ONLINE = "online"


class ReplyChannel(Word):
    """How the applicant wishes to be answered."""

    PHONE = "phone"
    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"


# Where the applicant is on the line or at the desk, so that saying it is telling it.
SPOKEN = (Channel.PHONE, Channel.BRANCH, Channel.ONLINE, Channel.VISIT)


class Relation(Word):
    """As what somebody speaks about an account (row G12)."""

    HOLDER = "holder"
    TENANT = "tenant"
    REPRESENTATIVE = "representative"
    RELATIVE = "relative"
    THIRD_PARTY = "third_party"
    OTHER = "other"


class Decision(Word):
    """What was decided on a case; partly justified counts as justified."""

    JUSTIFIED = "justified"
    PARTLY = "partly"
    NOT_JUSTIFIED = "not_justified"
    NOT_APPLICABLE = "not_applicable"


class ClosingReason(Word):
    RESOLVED = "resolved"
    INFORMATION_GIVEN = "information_given"
    REFERRED_EXTERNALLY = "referred_externally"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    NO_CONTACT = "no_contact"
    NOT_OURS = "not_ours"
    INVALID = "invalid"


# The reasons that end a case from any open state, without a decision on its matter.
EARLY_CLOSING = (
    ClosingReason.WITHDRAWN,
    ClosingReason.DUPLICATE,
    ClosingReason.NOT_OURS,
    ClosingReason.INVALID,
    ClosingReason.NO_CONTACT,
)


class ContactOutcome(Word):
    REACHED = "reached"
    NOT_REACHED = "not_reached"
    MESSAGE_LEFT = "message_left"


class SnoozeReason(Word):
    """Why a case is laid aside for a while."""

    INFORMATION = "information"
    OTHER_PARTY = "other_party"
    APPOINTMENT = "appointment"
    CALL_LATER = "call_later"
    OTHER = "other"


class Priority(Word):
    NORMAL = "normal"
    HIGH = "high"
    EMERGENCY = "emergency"


class TaskState(Word):
    OPEN = "open"
    STARTED = "started"
    ANSWERED = "answered"
    SENT_BACK = "sent_back"
    CANCELLED = "cancelled"


OPEN_TASK_STATES = (TaskState.OPEN, TaskState.STARTED)


class ClockKind(Word):
    ACKNOWLEDGE = "acknowledge"
    INTERIM = "interim"
    TASK = "task"
    RESOLVE = "resolve"
    PROMISE = "promise"
    EXTERNAL = "external"


class ClockState(Word):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    CANCELLED = "cancelled"


class NoReceipt(Word):
    """Why the receipt of a case could not be confirmed to its applicant."""

    NO_CONTACT = "no_contact"
    NO_WRITING = "no_writing"
    NOT_ACCEPTED = "not_accepted"


class MessageState(Word):
    QUEUED = "queued"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


class DeliveryState(Word):
    """What became of a message to another system (webhook)."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class OffReason(Word):
    """Why a webhook is not called any more."""

    HAND = "hand"
    GONE = "gone"
    FAILING = "failing"


class ContactState(Word):
    """Whether a contact point is known to belong to the person."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    DISPUTED = "disputed"


class Language(Word):
    TURKISH = "tr"
    ENGLISH = "en"
    GERMAN = "de"


_ = gettext_noop
LABELS: dict[type[Word], dict[str, str]] = {
    Kind: {
        "complaint": _("Complaint"),
        "request": _("Request"),
        "suggestion": _("Suggestion"),
        "information": _("Information"),
        "thanks": _("Thanks"),
    },
    Channel: {
        "phone": _("Phone"),
        "branch": _("Branch desk"),
        "web": _("Web form"),
        "app": _("App"),
        "email": _("E-mail"),
        "letter": _("Letter"),
        "fax": _("Fax"),
        "sms": _("SMS"),
        "voice": _("Voice message"),
        "social": _("Social media"),
        "whatsapp": _("WhatsApp"),
        "survey": _("Survey"),
        "visit": _("Visit"),
        "regulator": _("Regulator"),
        "online": _("Online meeting"),
    },
    ReplyChannel: {
        "phone": _("Phone"),
        "sms": _("SMS"),
        "email": _("E-mail"),
        "letter": _("Letter"),
    },
    Relation: {
        "holder": _("Account holder"),
        "tenant": _("Tenant"),
        "representative": _("Representative"),
        "relative": _("Relative"),
        "third_party": _("Third party"),
        "other": _("Other"),
    },
    Decision: {
        "justified": _("Justified"),
        "partly": _("Partly justified"),
        "not_justified": _("Not justified"),
        "not_applicable": _("No decision needed"),
    },
    ClosingReason: {
        "resolved": _("Resolved"),
        "information_given": _("Information given"),
        "referred_externally": _("Referred to bodies outside"),
        "withdrawn": _("Withdrawn by the applicant"),
        "duplicate": _("Duplicate"),
        "no_contact": _("Applicant could not be reached"),
        "not_ours": _("Not within our responsibility"),
        "invalid": _("Not a valid case"),
    },
    ContactOutcome: {
        "reached": _("Reached"),
        "not_reached": _("Not reached"),
        "message_left": _("Message left"),
    },
    SnoozeReason: {
        "information": _("Waiting for information inside the house"),
        "other_party": _("Waiting for somebody outside"),
        "appointment": _("There is an appointment"),
        "call_later": _("To be called later"),
        "other": _("Another reason"),
    },
    Priority: {
        "normal": _("Normal"),
        "high": _("High"),
        "emergency": _("Emergency"),
    },
    TaskState: {
        "open": _("Waiting"),
        "started": _("Being worked on"),
        "answered": _("Answered"),
        "sent_back": _("Sent back"),
        "cancelled": _("Cancelled"),
    },
    ClockKind: {
        "acknowledge": _("Acknowledge"),
        "interim": _("Interim information"),
        "task": _("Task"),
        "resolve": _("Resolve"),
        "promise": _("Promise"),
        "external": _("External deadline"),
    },
    ClockState: {
        "running": _("Running"),
        "paused": _("Paused"),
        "met": _("Met"),
        "missed": _("Missed"),
        "cancelled": _("Cancelled"),
    },
    NoReceipt: {
        "no_contact": _("There is no contact on file"),
        "no_writing": _("The contact on file takes no messages"),
        "not_accepted": _("No message has gone out in time"),
    },
    MessageState: {
        "queued": _("Queued"),
        "claimed": _("Being sent"),
        "accepted": _("Accepted"),
        "delivered": _("Delivered"),
        "failed": _("Failed"),
        "unknown": _("Unconfirmed"),
        "cancelled": _("Cancelled"),
    },
    DeliveryState: {
        "waiting": _("Waiting"),
        "delivered": _("Delivered"),
        "failed": _("Failed"),
    },
    OffReason: {
        "hand": _("Switched off by hand"),
        "gone": _("The receiver said that it is gone for good"),
        "failing": _("The receiver did not answer for three days"),
    },
    ContactState: {
        "unverified": _("Unverified"),
        "verified": _("Verified"),
        "disputed": _("Disputed"),
    },
    Language: {"tr": _("Turkish"), "en": _("English"), "de": _("German")},
}
