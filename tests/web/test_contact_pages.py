"""Contacts of a customer on the desk: their states shown, changed by those who may."""

import pytest
from django.test import Client
from django.urls import reverse

from derman.audit.models import AccessRecord
from derman.outbox import disowning
from derman.people.models import ContactChange
from derman.words.kinds import ContactState
from derman.words.rights import Role
from tests.factories import MONDAY, make_case, make_customer, make_user, published

pytestmark = pytest.mark.django_db
PHONE = "+905321234567"


def signed_in(role: Role, unit: str = "") -> Client:
    client = Client()
    client.force_login(make_user(role, unit))
    return client


@pytest.fixture
def customer():
    published()
    return make_customer(phone=PHONE)


def page_of(customer):
    point = customer.contact_points.get()
    return reverse("desk:contact_point", args=[customer.pk, point.pk])


def test_a_disowned_contact_is_seen_with_its_reason(customer):
    case = make_case(customer=customer)
    disowning.by_address(case, PHONE, at=MONDAY, profile=published())
    desk = signed_in(Role.AGENT)

    file = desk.get(reverse("desk:customer", args=[customer.pk])).content.decode()
    shown = desk.get(page_of(customer)).content.decode()
    side = desk.get(reverse("desk:case", args=[case.number])).content.decode()

    for page in (file, shown, side):
        assert "Disputed" in page
        assert "0532 ••• •• 67" in page
        assert "123 45 67" not in page
        assert PHONE not in page
    assert "The recipient of a message said" in shown
    assert "Nothing more is sent there" in side
    assert AccessRecord.objects.filter(what="contact", person_id=customer.pk).count() == 1


def test_ending_a_dispute_needs_a_reason(customer):
    customer.contact_points.update(state=ContactState.DISPUTED)
    desk = signed_in(Role.CLERK)

    assert desk.post(page_of(customer), {"state": "verified", "reason": " "}).status_code == 409
    answer = desk.post(page_of(customer), {"state": "verified", "reason": "Came with an ID."})

    assert answer["Location"] == reverse("desk:customer", args=[customer.pk])
    assert customer.contact_points.get().state == ContactState.VERIFIED
    assert ContactChange.objects.get().reason == "Came with an ID."


@pytest.mark.parametrize("state", ["", "nonsense", "verified"])
def test_only_another_state_can_be_chosen(customer, state):
    desk = signed_in(Role.AGENT)
    assert desk.post(page_of(customer), {"state": state, "reason": "x"}).status_code == 422


@pytest.mark.parametrize("role", [Role.SWITCHBOARD, Role.MANAGER, Role.QUALITY, Role.UNIT])
def test_others_see_the_state_and_cannot_change_it(customer, role):
    make_case(customer=customer)
    desk = signed_in(role, "metering" if role == Role.UNIT else "")

    file = desk.get(reverse("desk:customer", args=[customer.pk])).content.decode()

    assert "Verified" in file
    assert "/contacts/" not in file
    assert desk.get(page_of(customer)).status_code == 403
    assert desk.post(page_of(customer), {"state": "disputed"}).status_code == 403


def test_a_contact_of_somebody_else_is_not_there(customer):
    desk, other = signed_in(Role.AGENT), make_customer("Ali")
    point = other.contact_points.get()
    assert desk.get(reverse("desk:contact_point", args=[customer.pk, point.pk])).status_code == 404
