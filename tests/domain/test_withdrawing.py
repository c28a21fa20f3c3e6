"""A typed reply is called back in time, or not at all; and the history says so."""

from datetime import timedelta

import pytest

from derman.api.v1 import pictures
from derman.cases import actions
from derman.cases.actions._core import UNDO_SECONDS
from derman.cases.models import Case
from derman.outbox import expansion
from derman.outbox.models import Message
from derman.portal import timeline
from tests.factories import MONDAY, make_case, make_customer, make_user, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def act():
    return {"by": make_user("agent", "call_centre"), "at": MONDAY, "profile": published()}


@pytest.fixture
def reply(act):
    case = make_case(customer=make_customer(email="ayse@ornek.example"))
    return actions.reply(case, "Bakıyoruz.", channel="email", **act)


def later(act, seconds):
    return {**act, "at": MONDAY + timedelta(seconds=seconds)}


def test_it_never_leaves_and_nobody_outside_sees_it_as_sent(reply, act):
    before = reply.case.version
    actions.withdraw(reply, **later(act, 5))
    expansion.expand(MONDAY + timedelta(minutes=1), 100)
    assert not Message.objects.filter(event__type="replied").exists()
    assert reply.case.version == before + 1
    event = reply.case.events.get(type="reply_withdrawn")
    assert event.details == {"reply": str(reply.pk)}
    events = reply.case.events.order_by("id")
    assert "We wrote to you." not in [entry.text for entry in timeline.entries(events)]
    case = pictures.with_everything(Case.objects.all()).get(pk=reply.case_id)
    types = [one["type"] for one in pictures.picture(case, act["by"])["events"]]
    assert "replied" not in types
    assert "reply_withdrawn" in types


def test_a_reply_that_was_not_called_back_is_shown(reply, act):
    other = actions.reply(reply.case, "Tekrar yazıyoruz.", **later(act, 1))
    actions.withdraw(reply, **later(act, 2))
    events = other.case.events.order_by("id")
    assert "We wrote to you." in [entry.text for entry in timeline.entries(events)]


def test_it_is_too_late_once_the_window_is_over_or_the_worker_has_it(reply, act):
    with pytest.raises(actions.CannotDo) as over:
        actions.withdraw(reply, **later(act, UNDO_SECONDS))
    expansion.expand(MONDAY + timedelta(seconds=UNDO_SECONDS), 100)
    with pytest.raises(actions.CannotDo) as taken:
        actions.withdraw(reply, **later(act, 5))  # a machine whose clock is behind
    assert {over.value.code, taken.value.code} == {"too_late"}
    assert not reply.case.events.filter(type="reply_withdrawn").exists()
    assert Message.objects.filter(event__type="replied").exists()


def test_nobody_calls_back_what_a_colleague_wrote(reply, act):
    with pytest.raises(actions.CannotDo) as refused:
        actions.withdraw(reply, **{**later(act, 1), "by": make_user("supervisor")})
    assert refused.value.code == "not_yours"


def test_a_question_moved_the_case_and_stays(act):
    asked = actions.ask(make_case(), "Sayaç numarası?", **act)
    with pytest.raises(actions.CannotDo):
        actions.withdraw(asked, **later(act, 1))
