"""Solutions that the applicant may accept or refuse (rows G18, C11): by call, or by a link.

An accepted offer is concluded by the owner of the case, or closes it where the result was told
already. A refused one opens the next cycle, in which another solution has to be found.
"""

from datetime import datetime
from decimal import Decimal as Amount

from django.db import transaction
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.cases import clocks, escalating
from derman.cases.actions._closing import close_if_acted_on
from derman.cases.actions._core import Act, CannotDo, check_text, record, touch
from derman.cases.actions._cycle import begin_cycle
from derman.cases.actions._repetition import check_offer_differs, check_something_new
from derman.cases.actions._ruling import Ruling, check_amount
from derman.cases.actions._waiting import wait
from derman.cases.actions.informing import add_contact, end_of_calling, owe_call
from derman.cases.models import Approval, Case, Offer
from derman.cases.proof import has_been_told
from derman.people.reaching import can_be_written_to
from derman.profile.publishing import Published
from derman.words.events import EventType
from derman.words.kinds import SPOKEN, ClockKind, ClosingReason, ContactOutcome
from derman.words.life import State, Verb
from derman.words.loop import ApprovalState, OfferState


@transaction.atomic
def offer(
    case: Case,
    text: str,
    *,
    by: User,
    at: datetime,
    profile: Published,
    channel: str = "",
    compensation: Amount | None = None,
) -> Offer | Approval:
    """Offer a solution: told on a spoken `channel`, else by a single-use link to a contact on file.

    What is above the authority of `by` waits for a second pair of eyes; another offer that is made
    meanwhile takes its place.
    Another system (a service user) that names no channel tells the applicant itself.
    """
    act = Act(by, at, profile)
    check_offer(case, text, act, channel=channel, compensation=compensation)
    ruling = Ruling("", text, compensation=compensation)
    if asked := wait(case, Verb.OFFER, ruling, act, channel=channel):
        return asked
    return offer_now(case, text, act, channel=channel, compensation=compensation)


def check_offer(
    case: Case, text: str, act: Act, *, channel: str, compensation: Amount | None
) -> None:
    """Refuse what cannot be offered."""
    check_text(text)
    check_amount(compensation)
    if channel and channel not in SPOKEN:
        raise CannotDo(_("Choose one of these."), code="channel", field="channel")
    tells_itself = bool(channel) or bool(act.by and act.by.is_service)
    if not tells_itself and not can_be_written_to(case.applicant.contact_points.all()):
        raise CannotDo(
            _("There is no contact on file to send a link to. Call, and say how you told them."),
            code="no_contact",
            field="channel",
        )
    if case.offers.filter(state=OfferState.OPEN).exists():
        raise CannotDo(_("Another offer still waits for an answer."), code="offer_open")
    check_offer_differs(case, text, compensation)


def offer_now(
    case: Case,
    text: str,
    act: Act,
    *,
    channel: str,
    compensation: Amount | None,
    owes_call: bool = False,
) -> Offer:
    """The writing part of `offer`; the caller holds the transaction.

    `owes_call`: no message can tell of it, so somebody has to.
    """
    lapses_at = clocks.days_later(act.at, act.profile.profile.clocks.offer_days)
    made = Offer(
        case=case,
        cycle=case.cycle,
        text=text,
        compensation=compensation,
        channel=channel,
        made_at=act.at,
        made_by=act.by,
        lapses_at=lapses_at,
    )
    also = _told_by_call(case, channel, act) if channel else {}
    if case.state == State.RESOLVED:  # silence must not close what still waits for an answer
        also["silent_at"] = max(case.silent_at or lapses_at, lapses_at)
    if owes_call and not case.inform_unit:
        also["inform_unit"] = case.owner_unit
    touch(case, Verb.OFFER, also=also)
    instead_of = Approval.objects.filter(case=case, verb=Verb.OFFER, state=ApprovalState.WAITING)
    instead_of.update(state=ApprovalState.WITHDRAWN, decided_at=act.at)
    made.save(force_insert=True)
    record(case, EventType.OFFERED, act, offer=str(made.pk), channel=channel, cycle=case.cycle)
    if channel:
        _record_call(case, channel, act)
    return made


@transaction.atomic
def accept(
    offer: Offer, *, by: User | None, at: datetime, profile: Published, channel: str = ""
) -> None:
    """The applicant accepts, which proves that they know of it; `by` is who took it down.

    Where the result was told already this closes the case, unless an action is still missing.
    """
    act = Act(by, at, profile)
    case = offer.case
    _answer(offer, OfferState.ACCEPTED, act)
    if case.state == State.RESOLVED and not channel and not has_been_told(case, profile.profile):
        channel = "web"
    also = _told_by_call(case, channel, act) if channel else end_of_calling(case, act)
    touch(case, Verb.ACCEPT, also={**also, "snoozed_until": None})
    record(case, EventType.OFFER_ACCEPTED, act, offer=str(offer.pk), cycle=case.cycle)
    if channel:
        _record_call(case, channel, act)
    if case.state == State.RESOLVED:
        close_if_acted_on(case, ClosingReason.RESOLVED, act)


@transaction.atomic
def refuse(
    offer: Offer,
    reason: str,
    *,
    by: User | None,
    at: datetime,
    profile: Published,
    channel: str = "",
) -> None:
    """The applicant refuses and says why: the next cycle looks for another solution."""
    act = Act(by, at, profile)
    case = offer.case
    check_text(reason, field="reason")
    _answer(offer, OfferState.REFUSED, act, reason)
    if channel:
        _told_by_call(case, channel, act)
        _record_call(case, channel, act)
    begin_cycle(case, Verb.REFUSE, act, also={"snoozed_until": None})
    record(case, EventType.OFFER_REFUSED, act, offer=str(offer.pk), cycle=case.cycle)
    escalating.begin_again(case, act)


@transaction.atomic
def withdraw_offer(
    offer: Offer, reason: str, *, by: User, at: datetime, profile: Published
) -> None:
    """Take an offer back that nobody has answered yet.

    Not where a result rests on it that was told to an applicant who had not been satisfied.
    """
    act = Act(by, at, profile)
    check_text(reason, field="reason")
    _answer(offer, OfferState.WITHDRAWN, act, reason)
    check_something_new(offer.case, offer.case.decision)
    touch(offer.case, Verb.NOTE, also=end_of_calling(offer.case, act))
    _record_end(offer, act)


@transaction.atomic
def let_offer_lapse(offer: Offer, *, at: datetime, profile: Published) -> None:
    """Nobody answered in the profile's days: the case is its owner's again, and stays open.

    After a result somebody has to call before silence may close the case.
    """
    act = Act(None, at, profile)
    case = offer.case
    if offer.lapses_at is None or offer.lapses_at > at:
        raise CannotDo(_("The applicant still has time to answer."))
    _answer(offer, OfferState.LAPSED, act)
    also = {**end_of_calling(case, act), "snoozed_until": None}
    if case.state == State.RESOLVED:
        also["inform_unit"] = case.owner_unit
    touch(case, Verb.NOTE, also=also)
    _record_end(offer, act)


@transaction.atomic
def fail_to_offer(offer: Offer, *, at: datetime, profile: Published) -> None:
    """No message brought the link to the applicant: somebody has to call and tell them.

    Not of an offer that was made on the phone: they know of it.
    """
    act = Act(None, at, profile)
    case = offer.case
    if offer.state != OfferState.OPEN or offer.channel or case.inform_unit:
        raise CannotDo(_("Somebody calls already, or there is nothing to tell any more."))
    owe_call(case, act, offer=str(offer.pk))


def _answer(offer: Offer, state: OfferState, act: Act, reason: str = "") -> None:
    """Set how an offer ended; only one that is open, so of two answers the first counts.

    The case is locked first, as verbs that end offers do: in two orders, two would wait for each
    other.
    """
    Case.objects.select_for_update().only("pk").get(pk=offer.case_id)
    changes = {
        "state": state,
        "answered_at": act.at,
        "answered_by": act.by,
        "reason": reason,
    }
    if not Offer.objects.filter(pk=offer.pk, state=OfferState.OPEN).update(**changes):
        raise CannotDo(_("This offer is not open any more."), code="offer_ended")
    for name, value in changes.items():
        setattr(offer, name, value)


def _told_by_call(case: Case, channel: str, act: Act) -> dict[str, object]:
    """Write down that the applicant was reached; what this changes on the case."""
    tells = case.state in (State.ANSWERED, State.RESOLVED)
    outcome = ContactOutcome.REACHED
    add_contact(case, act, channel=channel, outcome=outcome, concludes=tells)
    clocks.stop(case, ClockKind.ACKNOWLEDGE, at=act.at)
    return end_of_calling(case, act)


def _record_call(case: Case, channel: str, act: Act) -> None:
    record(case, EventType.CONTACTED, act, channel=channel, outcome=ContactOutcome.REACHED)


def _record_end(offer: Offer, act: Act) -> None:
    record(
        offer.case,
        EventType.OFFER_ENDED,
        act,
        offer=str(offer.pk),
        state=offer.state,
        cycle=offer.cycle,
    )
