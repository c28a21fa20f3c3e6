"""Why a case was raised and why a decision waits, as a sentence in the reader's language.

Read by pages and messages; how a moment is written is their own.
"""

from collections.abc import Callable
from datetime import datetime

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from derman.cases.models import Approval, Escalation
from derman.lib.identifiers import group_number
from derman.profile.schema import Profile
from derman.words.kinds import ClockKind, Decision
from derman.words.loop import Trigger

Written = Callable[[datetime], str]


def why(escalation: Escalation, written: Written) -> str:
    """What raised the case, with the numbers it rests on."""
    if escalation.trigger:
        return _of_trigger(escalation, written)
    due_at = datetime.fromisoformat(escalation.details["due_at"])
    said = {
        "clock": _(ClockKind(escalation.details["clock"]).label),
        "date": written(due_at),
    }
    if escalation.at < due_at:
        return _("%(clock)s: due on %(date)s.") % said
    return _("%(clock)s: was due on %(date)s.") % said


def _of_trigger(escalation: Escalation, written: Written) -> str:
    details = escalation.details
    since = details.get("since", "")
    said = {
        "count": details.get("count", ""),
        "date": written(datetime.fromisoformat(since)) if since else "",
    }
    match Trigger(escalation.trigger):
        case Trigger.REOPENED_TWICE:
            return _("It has been reopened %(count)s times.") % said
        case Trigger.THIRD_CONTACT:
            return _("The applicant has come to us %(count)s times about it.") % said
        case Trigger.REPEAT:
            return _repeats(details.get("other", ""))
        case Trigger.BOUNCED:
            return _("A message to the applicant could not be delivered.")
        case Trigger.SILENCE:
            return _("Nothing has happened since %(date)s.") % said
        case Trigger.CYCLES:
            return _("The applicant is in cycle %(count)s and still not satisfied.") % said
        case Trigger.NO_ACTION:
            return _("Justified since %(date)s, and no action is planned.") % said


def _repeats(number: str) -> str:
    if not number:
        return _("The same matter has been reported before.")
    return _("The same matter was reported before, as case %(number)s.") % {
        "number": group_number(number)
    }


def why_it_waits(approval: Approval, profile: Profile, language: str) -> str:
    """What is above the authority of whoever decided."""
    known = profile.authority.limits.get(approval.limit)
    said = {
        "decision": _(Decision(approval.decision).label) if approval.decision else "",
        "amount": amount(approval, profile),
        "limit": profile.text(known.label, language) if known else approval.limit,
    }
    if known and said["amount"] and known.allows(approval.decision, approval.compensation):
        text = _("With what was granted before, %(amount)s is above the limit “%(limit)s”.")
        return text % said
    if said["decision"] and said["amount"]:
        return _("%(decision)s with %(amount)s is above the limit “%(limit)s”.") % said
    if said["amount"]:
        return _("%(amount)s is above the limit “%(limit)s”.") % said
    return _("%(decision)s is above the limit “%(limit)s”.") % said


def amount(approval: Approval, profile: Profile) -> str:
    """What the applicant is to be paid, with its currency; empty when nothing."""
    if approval.compensation is None:
        return ""
    whole = approval.compensation == approval.compensation.to_integral_value()
    figure = number_format(approval.compensation, 0 if whole else 2, force_grouping=True)
    return f"{figure} {profile.authority.currency}"
