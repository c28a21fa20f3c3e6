"""What the history of a case calls its facts."""

import pytest
from django.test import Client
from django.urls import reverse

from derman.cases import actions
from tests.factories import MONDAY, make_case, make_user, published

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
