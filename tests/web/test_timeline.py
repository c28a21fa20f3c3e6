"""What the history of a case calls its facts."""

import pytest
from django.test import Client
from django.urls import reverse

from derman.cases import actions
from tests.factories import MONDAY, days, make_case, make_customer, make_user, published

pytestmark = pytest.mark.django_db


def test_a_message_that_told_the_result_is_no_call():
    profile, boss = published(), make_user("supervisor")
    act = {"by": boss, "at": MONDAY, "profile": profile}
    case = make_case()
    actions.take(case, **act)
    actions.contact(case, channel="phone", outcome="message_left", **act)
    actions.outcome(case, "justified", "Düzeltildi.", **act)
    actions.told(case, channel="sms", at=MONDAY, profile=profile)
    client = Client()
    client.force_login(boss)

    answer = client.get(reverse("desk:case", args=[case.number]))

    lines = [entry for entry in answer.context["page"].entries if entry.type == "contacted"]
    assert [(line.outcome, line.icon) for line in lines] == [
        ("Message left", "phone"),
        ("the result was delivered", "message-square"),
    ]


def test_a_receipt_that_was_not_confirmed_stands_beside_the_clocks_until_somebody_has_called():
    profile, boss = published(), make_user("supervisor")
    act = {"by": boss, "at": MONDAY, "profile": profile}
    case = make_case(customer=make_customer(phone=""))
    client = Client()
    client.force_login(boss)
    address = reverse("desk:case", args=[case.number])
    page = client.get(address).content.decode()
    receipt = page.split('data-receipt="unconfirmed"')[1].split("</dd>")[0]
    assert "There is no contact on file" in receipt

    actions.contact(case, channel="branch", outcome="reached", **act)
    assert 'data-receipt="unconfirmed"' not in client.get(address).content.decode()


def test_coming_back_as_promised_is_said_with_the_call():
    profile, boss = published(), make_user("supervisor")
    act = {"by": boss, "at": MONDAY, "profile": profile}
    case = make_case()
    actions.promise(case, MONDAY + days(2), **act)
    client = Client()
    client.force_login(boss)
    address = reverse("desk:case", args=[case.number])
    form = client.get(f"{address}contacts/", headers={"hx-request": "true"}).content.decode()
    assert "We promised to come back by" in form

    actions.contact(case, channel="phone", outcome="reached", **{**act, "at": MONDAY + days(3)})
    assert "promise kept too late" in client.get(address).content.decode()
