"""Whether the applicant was told the result, or could not be: what closing needs (design §4)."""

from derman.cases.models import Case
from derman.people.matching import has_contact
from derman.profile.schema import Profile
from derman.words.kinds import ContactOutcome

WRITTEN = ("sms", "email", "letter")


def has_been_told(case: Case, profile: Profile) -> bool:
    """Reached in this cycle, or written to, or tried often enough, or there is no way to."""
    return is_proven(case, profile) or not has_contact(case.applicant)


def is_proven(case: Case, profile: Profile) -> bool:
    """The same by what was done: reached in this cycle, written to, or tried often enough."""
    contacts = [c for c in case.contacts.all() if c.cycle == case.cycle and c.concludes]
    if any(c.outcome == ContactOutcome.REACHED for c in contacts):
        return True
    left = [c for c in contacts if c.outcome == ContactOutcome.MESSAGE_LEFT]
    if any(c.channel in WRITTEN for c in left):
        return True
    if left and profile.process.message_left_proves:
        return True
    tried = sum(c.outcome != ContactOutcome.REACHED for c in contacts)
    return tried >= profile.process.attempts
