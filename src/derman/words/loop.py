"""Words of the loop from answer to satisfaction: actions, offers, links, surveys, visits."""

from derman.words.kinds import LABELS, Word
from derman.words.marks import gettext_noop


class ActionKind(Word):
    """What a justified case leads to (row C7, T9)."""

    REMEDY = "remedy"
    CORRECTIVE = "corrective"
    PREVENTIVE = "preventive"


class ActionState(Word):
    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class Effect(Word):
    """What the check of an action that was done has found."""

    EFFECTIVE = "effective"
    NOT_EFFECTIVE = "not_effective"


class OfferState(Word):
    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class ApprovalState(Word):
    """Of a decision that waits for a second pair of eyes."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # the case went on without it


class LinkKind(Word):
    """What another case is to this one."""

    DUPLICATE = "duplicate"
    RELATED = "related"
    PARENT = "parent"
    REPEAT = "repeat"


class Trigger(Word):
    """What raises a case one level though no clock ran out."""

    REOPENED_TWICE = "reopened_twice"
    THIRD_CONTACT = "third_contact"
    REPEAT = "repeat"
    BOUNCED = "bounced"
    SILENCE = "silence"
    CYCLES = "cycles"
    NO_ACTION = "no_action"


class FollowUpState(Word):
    OPEN = "open"
    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    NOT_REACHED = "not_reached"
    MOVED_ON = "moved_on"


class SurveyState(Word):
    WAITING = "waiting"
    ASKED = "asked"
    ANSWERED = "answered"
    EXPIRED = "expired"
    SKIPPED = "skipped"


class SkipReason(Word):
    """Why an applicant was not asked whether they are satisfied."""

    TOO_OFTEN = "too_often"
    NO_CONTACT = "no_contact"
    SECRET = "secret"  # noqa: S105  (a reason, not a password)
    MOVED_ON = "moved_on"
    OFF = "off"


class VisitState(Word):
    PLANNED = "planned"
    DONE = "done"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


_ = gettext_noop
LABELS[ActionKind] = {
    "remedy": _("Remedy for this applicant"),
    "corrective": _("Corrective action"),
    "preventive": _("Preventive action"),
}
LABELS[ActionState] = {"open": _("To be done"), "done": _("Done"), "cancelled": _("Cancelled")}
LABELS[Effect] = {"effective": _("Effective"), "not_effective": _("Not effective")}
LABELS[OfferState] = {
    "open": _("Waiting for the applicant"),
    "accepted": _("Accepted"),
    "refused": _("Refused"),
    "withdrawn": _("Withdrawn"),
    "lapsed": _("No answer in time"),
}
LABELS[ApprovalState] = {
    "waiting": _("Waiting for approval"),
    "approved": _("Approved"),
    "declined": _("Declined"),
    "withdrawn": _("The case went on without it"),
}
LABELS[LinkKind] = {
    "duplicate": _("Duplicate"),
    "related": _("Related"),
    "parent": _("Main case"),
    "repeat": _("Repeat"),
}
LABELS[Trigger] = {
    "reopened_twice": _("Reopened twice"),
    "third_contact": _("Third contact on the same case"),
    "repeat": _("Repeated complaint"),
    "bounced": _("Message could not be delivered"),
    "silence": _("Nothing has happened for long"),
    "cycles": _("Still not satisfied after several solutions"),
    "no_action": _("Justified, and no action planned"),
}
LABELS[FollowUpState] = {
    "open": _("To be called"),
    "satisfied": _("Satisfied"),
    "dissatisfied": _("Still not satisfied"),
    "not_reached": _("Could not be reached"),
    "moved_on": _("The case went on meanwhile"),
}
LABELS[SurveyState] = {
    "waiting": _("To be asked"),
    "asked": _("Asked"),
    "answered": _("Answered"),
    "expired": _("No answer in time"),
    "skipped": _("Not asked"),
}
LABELS[SkipReason] = {
    "too_often": _("Asked not long ago"),
    "no_contact": _("No way to ask in writing"),
    "secret": _("The reporter asked for secrecy"),
    "moved_on": _("The case went on meanwhile"),
    "off": _("Surveys are switched off"),
}
LABELS[VisitState] = {
    "planned": _("Planned"),
    "done": _("Done"),
    "no_show": _("Nobody met"),
    "cancelled": _("Cancelled"),
}
