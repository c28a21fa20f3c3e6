"""Solutions that are offered: by link or by call, accepted, refused, withdrawn, unanswered."""

from datetime import timedelta
from decimal import Decimal

import pytest

from derman.cases import actions, lapsing, silence
from derman.cases.models import AccessCode, Case, Clock, Offer
from derman.outbox import expansion, sending, transports
from derman.outbox.models import Message
from derman.outbox.transports import Permanent
from derman.words.events import EventType
from derman.words.kinds import Channel, ClockState, ClosingReason, ContactOutcome, Decision, Kind
from derman.words.life import State
from derman.words.loop import OfferState
from derman.words.rights import Role
from tests import factories
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
TEXT = "Faturanızı yeniden düzenler, farkı bir sonraki faturadan düşeriz."


class Broken:
    """A wire that takes nothing."""

    repeatable = True

    def send(self, message):
        raise Permanent("no such number")


@pytest.fixture
def solution():
    return factories.make_user(Role.SOLUTION, "solution")


@pytest.fixture
def given(solution):
    return {"by": solution, "at": MONDAY + HOUR, "profile": factories.published()}


@pytest.fixture
def case(solution, given):
    customer = factories.make_customer(email="ayse@posta.example")
    case = factories.make_case(customer=customer, kind=Kind.COMPLAINT)
    actions.take(case, by=solution, at=MONDAY, profile=given["profile"])
    return case


def later(given, hours=1, **more):
    return {**given, "at": given["at"] + timedelta(hours=hours), **more}


def events(case):
    return list(case.events.order_by("id").values_list("type", flat=True))


def test_an_offer_by_link_waits_for_its_answer(case, given):
    made = actions.offer(case, TEXT, **given)

    assert made.state == OfferState.OPEN
    assert made.lapses_at == given["at"] + factories.days(14)
    assert case.state == State.IN_REVIEW
    assert events(case)[-1] == EventType.OFFERED
    assert case.events.last().details == {"offer": str(made.pk), "channel": "", "cycle": 1}


def test_its_message_carries_a_link_that_lives_as_long_as_the_offer(case, given):
    made = actions.offer(case, TEXT, **given)
    Message.objects.all().delete()
    expansion.expand(given["at"], 100)

    message = Message.objects.get(case=case, event__type=EventType.OFFERED)
    code = AccessCode.objects.get(purpose="offer")
    assert "/offer/" in message.body
    assert TEXT not in message.body  # a text message never tells what it is about
    assert code.about == made.pk
    assert code.expires_at == given["at"] + factories.days(14)


def test_somebody_calls_where_no_message_brings_the_link(case, given):
    actions.offer(case, TEXT, **given)
    for wire in ("sms", "email"):
        transports.register(wire, Broken())
    at = given["at"]
    while expansion.expand(at, 100) or sending.send_due(at, 100):
        at += timedelta(minutes=1)  # the next wire has its turn when this round is over
    transports.forget()
    sending.forget_failures()

    case.refresh_from_db()
    assert case.inform_unit == case.owner_unit
    assert case.events.last().type == EventType.NOT_TOLD
    actions.contact(case, channel="phone", outcome="reached", **later(given))
    assert not case.inform_unit


def test_what_is_offered_on_the_phone_needs_no_message(case, given):
    made = actions.offer(case, TEXT, channel=Channel.PHONE, **given)
    expansion.expand(given["at"], 100)

    assert made.channel == Channel.PHONE
    assert case.contacts.get().outcome == ContactOutcome.REACHED
    assert events(case)[-2:] == [EventType.OFFERED, EventType.CONTACTED]
    assert not Message.objects.filter(event__type=EventType.OFFERED).exists()


def test_nobody_owes_a_call_about_what_was_offered_on_the_phone(case, given):
    offer = actions.offer(case, TEXT, channel="phone", **given)

    with pytest.raises(actions.CannotDo, match="nothing to tell"):
        actions.fail_to_offer(offer, at=MONDAY, profile=given["profile"])

    assert case.inform_unit == ""


@pytest.mark.parametrize("phone", ["", "+902125550101"])  # a land line takes no link
def test_nobody_without_a_contact_is_offered_something_by_link(given, solution, phone):
    customer = factories.make_customer(phone=phone)
    case = factories.make_case(customer=customer)
    actions.take(case, **given)

    with pytest.raises(actions.CannotDo) as reason:
        actions.offer(case, TEXT, **given)

    assert reason.value.code == "no_contact"
    assert reason.value.field == "channel"
    actions.offer(case, TEXT, channel=Channel.BRANCH, **given)


def test_another_system_tells_its_people_itself(given, solution):
    solution.is_service = True
    case = factories.make_case(customer=factories.make_customer(phone=""))
    actions.take(case, **given)

    assert actions.offer(case, TEXT, **given).state == OfferState.OPEN


@pytest.mark.parametrize("text", ["", "  ", "x\x00"])
def test_nothing_unreadable_is_offered(case, given, text):
    with pytest.raises(actions.CannotDo):
        actions.offer(case, text, **given)

    assert not Offer.objects.exists()


def test_of_a_case_one_offer_is_open_at_a_time(case, given):
    actions.offer(case, TEXT, **given)

    with pytest.raises(actions.CannotDo) as reason:
        actions.offer(case, "Başka bir öneri", **given)

    assert reason.value.code == "offer_open"


def test_nothing_is_offered_before_somebody_took_the_case(given):
    case = factories.make_case(customer=factories.make_customer())

    with pytest.raises(actions.CannotDo):
        actions.offer(case, TEXT, **given)


def test_an_accepted_offer_is_left_to_the_owner_to_conclude(case, given):
    offer = actions.offer(case, TEXT, **given)

    actions.accept(offer, **later(given, by=None))

    offer.refresh_from_db()
    assert (offer.state, offer.answered_by) == (OfferState.ACCEPTED, None)
    assert case.state == State.IN_REVIEW
    assert events(case)[-1] == EventType.OFFER_ACCEPTED


def test_an_offer_accepted_after_the_result_closes_the_case(case, given):
    actions.outcome(case, Decision.NOT_JUSTIFIED, "Sayaç doğru.", **given)
    offer = actions.offer(case, TEXT, **later(given))

    actions.accept(offer, **later(given, 2, by=None))

    case.refresh_from_db()
    assert (case.state, case.closing_reason) == (State.CLOSED, ClosingReason.RESOLVED)
    assert case.contacts.get(concludes=True).outcome == ContactOutcome.REACHED


def test_a_refused_offer_opens_the_next_cycle(case, given):
    offer = actions.offer(case, TEXT, **given)
    task = actions.refer(case, "metering", question="Yeniden okur musunuz?", **given)

    actions.refuse(offer, "Fark çok az.", **later(given, by=None))

    case.refresh_from_db()
    offer.refresh_from_db()
    task.refresh_from_db()
    assert (case.state, case.cycle) == (State.IN_REVIEW, 2)
    assert (offer.state, offer.reason, offer.cycle) == (OfferState.REFUSED, "Fark çok az.", 1)
    assert task.state == "cancelled"
    clock = Clock.objects.get(case=case, kind="resolve", cycle=2)
    assert (clock.state, clock.due_at) == (ClockState.RUNNING, case.due_at)
    assert not Clock.objects.filter(case=case, kind="resolve", cycle=1, state="running").exists()
    assert events(case)[-1] == EventType.OFFER_REFUSED


def test_its_owner_is_told_of_a_refusal_unless_they_took_it_down(case, given, solution):
    solution.email = "solution@derman.example"
    solution.save()
    refused = []
    for by, text in ((solution, "Bir ay bedelsiz."), (None, "İki ay bedelsiz.")):
        offer = actions.offer(case, text, **given)
        actions.refuse(offer, "Taşınıyorum.", **{**given, "by": by})
        refused.append(case.events.get(type=EventType.OFFER_REFUSED, details__offer=str(offer.pk)))
    expansion.expand(given["at"], 100)

    told = Message.objects.filter(recipient=f"user:{solution.pk}", event__in=refused)
    assert [message.event for message in told] == refused[1:]


def test_a_refusal_needs_a_word_why(case, given):
    offer = actions.offer(case, TEXT, **given)

    with pytest.raises(actions.CannotDo) as reason:
        actions.refuse(offer, " ", **later(given, by=None))

    assert reason.value.field == "reason"
    offer.refresh_from_db()
    assert offer.state == OfferState.OPEN


def test_the_same_is_not_offered_again_in_the_next_cycle(case, given):
    actions.refuse(actions.offer(case, TEXT, **given), "Az.", **later(given, by=None))
    again = TEXT.upper().replace(",", "  ")

    with pytest.raises(actions.CannotDo) as reason:
        actions.offer(case, again, **later(given, 2))

    assert (reason.value.code, reason.value.field) == ("same_as_before", "text")
    assert actions.offer(case, "Sayacı değiştiririz.", **later(given, 2)).cycle == 2


def test_of_two_answers_the_first_counts(case, given):
    offer = actions.offer(case, TEXT, **given)
    same = Offer.objects.select_related("case").get(pk=offer.pk)
    actions.accept(offer, **later(given, by=None))

    with pytest.raises(actions.CannotDo) as reason:
        actions.refuse(same, "Hayır.", **later(given, by=None))

    assert reason.value.code == "offer_ended"


def test_an_offer_can_be_taken_back(case, given):
    offer = actions.offer(case, TEXT, **given)

    actions.withdraw_offer(offer, "Yanlış başvuru.", **later(given))

    assert offer.state == OfferState.WITHDRAWN
    assert case.events.last().details["state"] == OfferState.WITHDRAWN
    expansion.expand(given["at"] + factories.days(1), 100)
    assert not Message.objects.filter(event__type=EventType.OFFER_ENDED).exists()


def test_an_unanswered_offer_lapses_and_the_case_stays_open(case, given):
    actions.offer(case, TEXT, **given)
    profile = given["profile"]

    assert lapsing.settle(given["at"] + factories.days(13), 10, profile=profile) == 0
    assert lapsing.settle(given["at"] + factories.days(14), 10, profile=profile) == 1
    assert lapsing.settle(given["at"] + factories.days(14), 10, profile=profile) == 0

    case = Case.objects.get(pk=case.pk)
    assert case.state == State.IN_REVIEW
    assert case.offers.get().state == OfferState.LAPSED
    assert events(case)[-1] == EventType.OFFER_ENDED


def test_silence_does_not_close_what_was_offered_after_the_result(case, given):
    profile = given["profile"]
    actions.outcome(case, Decision.NOT_JUSTIFIED, "Sayaç doğru.", **given)
    actions.contact(case, channel="phone", outcome=ContactOutcome.REACHED, **given)
    end = given["at"] + factories.days(14)
    if case.state == State.RESOLVED:
        actions.offer(case, TEXT, **given)

    assert silence.settle(given["at"] + factories.days(8), 10, profile=profile) == 0
    lapsing.settle(end, 10, profile=profile)
    silence.settle(end, 10, profile=profile)

    case.refresh_from_db()
    assert case.state == State.RESOLVED
    assert case.inform_unit == case.owner_unit


def test_closing_ends_the_open_offer(case, given):
    offer = actions.offer(case, TEXT, **given)

    actions.close_early(case, ClosingReason.WITHDRAWN, **later(given))

    offer.refresh_from_db()
    assert offer.state == OfferState.WITHDRAWN


def test_events_of_offers_hold_keys_only(case, given):
    offer = actions.offer(case, TEXT, **given)
    actions.refuse(offer, "Fark çok az.", **later(given, by=None))

    said = " ".join(str(event.details) for event in case.events.all())
    assert TEXT not in said
    assert "Fark" not in said


def test_an_action_that_was_tried_before_is_not_offered_again(case, given):
    actions.plan_action(case, actions.Plan("remedy", TEXT), **given)
    actions.refuse(actions.offer(case, "Az bir şey.", **given), "Az.", **later(given, by=None))

    with pytest.raises(actions.CannotDo) as reason:
        actions.offer(case, TEXT, **later(given, 2))

    assert (reason.value.code, reason.value.field) == ("same_as_before", "text")


def test_the_same_words_with_more_money_are_another_offer(case, given):
    first = actions.offer(case, TEXT, compensation=Decimal("50.00"), **given)
    actions.refuse(first, "Az.", **later(given, by=None))

    with pytest.raises(actions.CannotDo):
        actions.offer(case, TEXT, compensation=Decimal(50), **later(given, 2))
    assert actions.offer(case, TEXT, compensation=Decimal(60), **later(given, 2)).cycle == 2
