"""What a tracked case lets its applicant do, and what its page shows of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from derman.audit import access
from derman.cases.merged import goes_on_in, is_of_one_person
from derman.cases.models import Action, Attachment, Case, Offer, Outcome, Reply
from derman.outbox import queries
from derman.outbox.recipients import Recipient, applicant
from derman.profile.schema import Profile
from derman.words.kinds import ClosingReason
from derman.words.life import State
from derman.words.loop import ActionKind, ActionState, OfferState

# A typed reply can be called back this long; nobody reads it before. A question cannot.
UNDO = timedelta(seconds=20)
CONCLUDED = (ClosingReason.RESOLVED, ClosingReason.INFORMATION_GIVEN)

# The applicant's own files, and the letters that we wrote.
READABLE = Q(from_applicant=True) | Q(letter__isnull=False)


@dataclass(frozen=True)
class Details:
    """What was written on a case to and by its applicant."""

    replies: list[Reply]
    outcomes: list[Outcome]
    attachments: list[Attachment]
    letters: list[Attachment]
    offer: Offer | None  # that still waits for an answer
    remedies: list[Action]  # what was done for the applicant

    @property
    def question(self) -> str:
        """What we asked last."""
        return next((r.text for r in reversed(self.replies) if r.asks), "")


def look_into(case: Case, *, what: str, at: datetime) -> Details:
    """Read what the applicant may read, and write down that it was read."""
    replies = case.replies.filter(at__lte=at).exclude(
        by__isnull=False, asks=False, at__gt=at - UNDO
    )
    replies = replies.exclude(pk__in=queries.called_back(case.pk))
    files = case.attachments.filter(READABLE).order_by("at", "name")
    details = Details(
        list(replies.order_by("at")),
        list(case.outcomes.order_by("cycle")),
        [file for file in files if file.from_applicant],
        [file for file in files if not file.from_applicant],
        case.offers.filter(state=OfferState.OPEN).first(),
        list(
            case.actions.filter(kind=ActionKind.REMEDY, state=ActionState.DONE).order_by("done_at")
        ),
    )
    access.record(case.applicant_id, what=what, about=case.number, by=None, at=at)
    return details


def reachable(case: Case, profile: Profile) -> Recipient:
    """The applicant's contacts on file that a code can be sent to."""
    return applicant(case, profile)


def may_refuse(case: Case, profile: Profile, *, at: datetime) -> bool:
    """Whether “not solved” is still heard: while resolved, or in the window after a result."""
    if case.state == State.RESOLVED:
        return True
    if case.state != State.CLOSED or case.closing_reason not in CONCLUDED:
        return False
    until = heard_until(case, profile)
    return until is not None and at <= until


def heard_until(case: Case, profile: Profile) -> datetime | None:
    """Until when “not solved” is heard of a result, should the case be closed by then."""
    if case.resolved_at is None:
        return None
    return case.resolved_at + timedelta(days=profile.clocks.closing_window_days)


def may_add(case: Case) -> bool:
    """Information helps while something is still to be done, here or where the case goes on."""
    target = goes_on_in(case)
    return target.is_open if target else case.is_open


# Of somebody else's case: what is asked of its applicant is asked of nobody else.
TOLD_TO_OTHERS = {State.AWAITING_APPLICANT: State.IN_REVIEW, State.RESOLVED: State.ANSWERED}


@dataclass(frozen=True)
class GoesOn:
    """That a case goes on together with another: `number` only where that is theirs as well."""

    number: str
    state: State


def goes_on(case: Case) -> GoesOn | None:
    """Where a merged case goes on, as its own applicant may know it (row E11)."""
    target = goes_on_in(case)
    if target is None:
        return None
    state = State(target.state)
    if is_of_one_person(case, target):
        return GoesOn(target.number, state)
    return GoesOn("", TOLD_TO_OTHERS.get(state, state))
