"""Contacts that are disowned, settled and replaced, and who is told of it."""

import re
from datetime import timedelta

import pytest

from derman.cases import actions
from derman.cases.models import AccessCode, Case
from derman.outbox import codes, disowning, expansion, way_out
from derman.outbox.models import Message
from derman.people import contacts
from derman.people.models import ContactChange, ContactPoint
from derman.words.kinds import ContactState, Decision, MessageState
from derman.words.rights import Role
from tests.factories import MONDAY, days, make_case, make_customer, make_user, published

pytestmark = pytest.mark.django_db
EMAIL, PHONE = "ayse@ornek.example", "+905321234567"
LINK = re.compile(r"/not-mine/([\w.-]{40,})/")


@pytest.fixture
def agent():
    return make_user(Role.AGENT)


def point_of(customer, kind="email"):
    return customer.contact_points.get(kind=kind, ended_at=None)


def expand():
    expansion.expand(MONDAY + days(1), 100)


def token_in(message):
    return LINK.search(message.body)[1]


class TestDisowning:
    def test_the_contact_is_disputed_once_and_nothing_more_is_sent_to_it(self):
        customer = make_customer(phone="", email=EMAIL)
        case = make_case(customer=customer)
        expand()
        message = Message.objects.get(recipient="applicant")
        assert message.state == MessageState.QUEUED
        given = {"at": MONDAY, "profile": published()}

        assert disowning.by_link(token_in(message), **given)

        assert point_of(customer).state == ContactState.DISPUTED
        message.refresh_from_db()
        assert (message.state, message.error) == (MessageState.CANCELLED, disowning.WHY)
        disputed = case.events.get(type="contact_disputed")
        assert disputed.details == {"points": [str(point_of(customer).pk)]}
        make_case(customer=customer)
        expand()
        assert Message.objects.filter(recipient="applicant").count() == 1
        assert codes.send_code(Case.objects.get(pk=case.pk), **given) is None

    def test_a_used_link_does_nothing_after_the_dispute_was_settled(self, agent):
        customer = make_customer(phone="", email=EMAIL)
        case = make_case(customer=customer)
        expand()
        token = token_in(Message.objects.get(recipient="applicant"))
        given = {"at": MONDAY, "profile": published()}
        assert disowning.by_link(token, **given)
        point = point_of(customer)
        contacts.change(point, ContactState.VERIFIED, reason="Called.", by=agent, at=MONDAY)

        assert not disowning.by_link(token, **given)

        assert point_of(customer).state == ContactState.VERIFIED
        assert case.events.filter(type="contact_disputed").count() == 1

    def test_the_next_wire_has_its_turn(self):
        customer = make_customer(phone=PHONE, email=EMAIL)
        make_case(customer=customer, reply_channel="email")
        expand()
        message = Message.objects.get(recipient="applicant")
        assert message.channel == "email"

        disowning.by_link(token_in(message), at=MONDAY, profile=published())

        other = Message.objects.get(recipient="applicant", channel="sms")
        assert (other.state, other.address) == (MessageState.QUEUED, PHONE)

    def test_codes_that_were_sent_there_open_nothing(self):
        customer = make_customer(phone="", email=EMAIL)
        case = make_case(customer=customer)
        codes.send_code(case, at=MONDAY, profile=published())
        message = Message.objects.get(template="code_email")

        disowning.by_link(token_in(message), at=MONDAY, profile=published())

        assert AccessCode.objects.get().expires_at == MONDAY

    def test_a_result_that_went_to_a_stranger_is_owed_by_phone(self, agent):
        customer = make_customer(phone=PHONE, email=EMAIL)
        case = make_case(customer=customer, reply_channel="email")
        act = {"by": agent, "at": MONDAY, "profile": published()}
        actions.take(case, **act)
        actions.outcome(case, Decision.JUSTIFIED, "Fatura düzeltildi.", **act)
        expand()
        result = Message.objects.get(concludes=True)
        Message.objects.filter(pk=result.pk).update(state=MessageState.ACCEPTED)
        assert not Case.objects.get(pk=case.pk).inform_unit

        disowning.by_link(token_in(result), at=MONDAY, profile=published())

        case = Case.objects.get(pk=case.pk)
        assert (case.inform_unit, case.silent_at) == (case.owner_unit, None)

    def test_by_number_only_the_address_that_was_typed(self):
        customer = make_customer(phone=PHONE, email=EMAIL)
        case = make_case(customer=customer)
        given = {"at": MONDAY, "profile": published()}

        assert not disowning.by_address(case, "0533 999 99 99", **given)
        assert not disowning.by_address(case, "", **given)
        assert disowning.by_address(case, "0532 123 45 67", **given)

        assert point_of(customer, "phone").state == ContactState.DISPUTED
        assert point_of(customer).state == ContactState.VERIFIED

    def test_a_value_that_stands_twice_is_disowned_wherever_it_stands(self, agent):
        survivor = make_customer(phone="", email=EMAIL)
        merged = make_customer("Ayşe Kaya", phone="", email=EMAIL)
        case = make_case(customer=survivor)
        expand()
        message = Message.objects.get(recipient="applicant")
        act = {"by": agent, "at": MONDAY, "profile": published()}
        actions.merge_people(survivor, merged, reason="Same.", **act)

        disowning.by_link(token_in(message), at=MONDAY, profile=published())

        assert set(survivor.contact_points.values_list("state", flat=True)) == {"disputed"}
        assert len(case.events.get(type="contact_disputed").details["points"]) == 2

    @pytest.mark.parametrize("change", [lambda t: "", lambda t: t[:-1], lambda t: t[1:] + t[0]])
    def test_a_token_that_is_not_ours_does_nothing(self, change):
        customer = make_customer(phone="", email=EMAIL)
        make_case(customer=customer)
        expand()
        token = token_in(Message.objects.get(recipient="applicant"))
        assert way_out.read(token)
        assert not disowning.by_link(change(token), at=MONDAY, profile=published())
        assert not ContactChange.objects.exists()

    def test_another_customer_with_the_same_address_is_untouched(self):
        wife, husband = make_customer(email=EMAIL), make_customer("Ali", email=EMAIL)
        case = make_case(customer=wife)

        disowning.by_address(case, EMAIL.upper(), at=MONDAY, profile=published())

        assert point_of(husband).state == ContactState.VERIFIED


class TestChangingByHand:
    @pytest.mark.parametrize(
        ("before", "after"),
        [("verified", "disputed"), ("disputed", "verified"), ("disputed", "unverified")],
    )
    def test_disputes_begin_and_end_with_a_reason(self, agent, before, after):
        point = point_of(make_customer(email=EMAIL, state=ContactState(before)))
        for reason in ("", "  ", "\x00"):
            with pytest.raises(contacts.CannotChange):
                contacts.change(point, ContactState(after), reason=reason, by=agent, at=MONDAY)

        contacts.change(point, ContactState(after), reason="She called.", by=agent, at=MONDAY)

        kept = ContactChange.objects.get()
        assert (kept.before, kept.after, kept.reason) == (before, after, "She called.")
        assert (kept.by, ContactPoint.objects.get(pk=point.pk).state) == (agent, after)

    def test_verifying_needs_none(self, agent):
        point = point_of(make_customer(email=EMAIL, state=ContactState.UNVERIFIED))
        contacts.change(point, ContactState.VERIFIED, reason="", by=agent, at=MONDAY)
        with pytest.raises(contacts.CannotChange):
            contacts.change(point, ContactState.VERIFIED, reason="", by=agent, at=MONDAY)

    def test_a_replaced_contact_is_left_alone(self, agent):
        point = point_of(make_customer(email=EMAIL))
        ContactPoint.objects.filter(pk=point.pk).update(ended_at=MONDAY)
        with pytest.raises(contacts.CannotChange):
            contacts.change(point, ContactState.DISPUTED, reason="x", by=agent, at=MONDAY)

    def test_a_code_proves_a_contact_but_ends_no_dispute(self):
        unverified = point_of(make_customer(email=EMAIL, state=ContactState.UNVERIFIED))
        disputed = point_of(make_customer(email=EMAIL, state=ContactState.DISPUTED))
        for point in (unverified, disputed):
            contacts.prove(point, at=MONDAY)
            point.refresh_from_db()
        assert (unverified.state, disputed.state) == ("verified", "disputed")


class TestReplacing:
    """Whoever changes a phone cannot do so unseen (threats P6)."""

    def correct(self, case, agent, **changes):
        given = {"by": agent, "at": MONDAY + timedelta(hours=1), "profile": published()}
        return actions.correct(case, changes, verified=True, **given)

    def told(self):
        found = Message.objects.exclude(recipient="applicant").order_by("recipient")
        return {(m.recipient.partition(":")[0], m.channel, m.address): m for m in found}

    def test_a_new_phone_is_told_to_the_old_and_to_the_new_one(self, agent):
        customer = make_customer(phone=PHONE, email=EMAIL)
        case = make_case(customer=customer)
        self.correct(case, agent, phone="0533 987 65 43")
        expand()

        told = self.told()

        assert set(told) == {("former", "sms", PHONE), ("new", "sms", "+905339876543")}
        for message in told.values():
            assert message.template in ("contact_changed_sms", "contact_added_sms")
            for secret in (case.number, case.follow_key, "Ayşe", "track"):
                assert secret not in message.body

    def test_a_new_mailbox_is_told_with_a_way_to_disown_it(self, agent):
        customer = make_customer(phone="", email=EMAIL)
        case = make_case(customer=customer)
        self.correct(case, agent, email="yeni@ornek.example")
        expand()

        told = self.told()
        new = told["new", "email", "yeni@ornek.example"]
        assert ("former", "email", EMAIL) in told
        assert disowning.by_link(token_in(new), at=MONDAY, profile=published())
        assert point_of(customer).state == ContactState.DISPUTED

    @pytest.mark.parametrize("changes", [{"name": "Ayşe Kaya"}, {"address": "Çınar Sokak 4"}])
    def test_what_is_no_contact_is_told_to_nobody(self, agent, changes):
        case = make_case(customer=make_customer(phone=PHONE))
        self.correct(case, agent, **changes)
        expand()
        assert not self.told()

    def test_a_first_contact_replaces_none(self, agent):
        case = make_case(customer=make_customer(phone=PHONE))
        self.correct(case, agent, email=EMAIL)
        expand()
        assert not self.told()

    def test_a_disputed_former_contact_hears_nothing(self, agent):
        customer = make_customer(phone=PHONE, state=ContactState.DISPUTED)
        case = make_case(customer=customer)
        self.correct(case, agent, phone="0533 987 65 43")
        expand()
        assert {key[0] for key in self.told()} == {"new"}

    def test_one_correction_ends_the_value_wherever_it_stands(self, agent):
        survivor, merged = make_customer(phone=PHONE), make_customer("Ayşe K", phone=PHONE)
        case = make_case(customer=survivor)
        act = {"by": agent, "at": MONDAY, "profile": published()}
        actions.merge_people(survivor, merged, reason="Same.", **act)
        case.refresh_from_db()

        self.correct(case, agent, phone="0533 987 65 43")

        assert point_of(survivor, "phone").value == "+905339876543"
