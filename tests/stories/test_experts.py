"""An operator's experts conclude within limits of authority, act, and know who comes again.

Rows T5 (above the limit a decision waits for a second pair of eyes), T9 (corrective and preventive
actions) and T10 (the same customer with the same complaint is noticed and acted on).
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from derman.cases.models import Case
from derman.outbox.models import Message
from derman.words.life import State
from derman.words.rights import Role
from derman.worker import reconcilers, run_round
from tests import desk
from tests.applicants import Applicant
from tests.desk import sent, told_of, work
from tests.factories import make_account, make_customer, preset, published

pytestmark = pytest.mark.django_db

SLOW, EXPERTS, CENTRE = "internet.slow", "internet_quality", "complaint_centre"
SERVICE = "8505551234"
CALLER = {"name": "Gönül Ceylan", "phone": "0532 111 22 33"}
WHY = "Santral çıkışı doluydu; hızınız düzeldi, farkı ödüyoruz."
JUSTIFIED = {
    "decision": "justified",
    "reason_code": "network_fault",
    "evidence": "Hat ölçümü 812.",
    "text": WHY,
}


class Desk(desk.Desk):
    """Somebody of the operator, called about a slow connection."""

    caller = {"topic": SLOW, "description": "Film izlenmiyor, sürekli donuyor."}


@pytest.fixture(autouse=True)
def organisation():
    return published(preset("telecom"))


@pytest.fixture
def agent():
    return Desk(Role.AGENT, "contact_centre")


@pytest.fixture
def expert():
    return Desk(Role.UNIT, EXPERTS)


@pytest.fixture
def head():
    return Desk(Role.SUPERVISOR, CENTRE)


@pytest.fixture
def case(agent, expert):
    """Sent to the experts of its topic, who found the cause."""
    case = agent.register(**CALLER)
    agent.do(case, "referrals", unit=EXPERTS, question="Port yoğunluğu nedir?")
    task = case.tasks.get()
    expert.do(case, f"tasks/{task.pk}/start")
    expert.do(case, f"tasks/{task.pk}/answer", text="Çıkış dolu, kapasite artırıldı.")
    work()
    return case


def result_told(case: Case) -> list[Message]:
    return [m for m in sent(case) if m.event.type == "resolved" and m.recipient == "applicant"]


# T5: within limits of authority


def test_within_their_limit_the_experts_conclude_alone(case, expert):
    expert.do(case, "outcome", compensation="2500", **JUSTIFIED)
    assert case.state == State.RESOLVED
    outcome = case.outcomes.get()
    assert (outcome.by, outcome.compensation, outcome.approved_by) == (expert.user, 2500, None)
    assert not case.approvals.exists()
    work()
    assert len(result_told(case)) == 1


def test_above_their_limit_it_waits_for_a_second_pair_of_eyes(case, expert, head):
    expert.do(case, "outcome", compensation="2501", **JUSTIFIED)

    # Nothing is decided, and nobody outside is told; who may approve is.
    assert case.state == State.ANSWERED
    assert not case.outcomes.exists()
    work()
    assert result_told(case) == []
    asked = told_of(case, "approval_asked")
    assert asked.address == head.user.email
    own = expert.page(f"/desk/cases/{case.number}/")
    assert "Waits for a second pair of eyes" in own
    assert 'data-verb="approval"' not in own
    refused = expert.client.post(
        f"/desk/cases/{case.number}/approval/",
        {"version": case.version, "answer": "approve", "note": ""},
    )
    assert refused.status_code in (403, 409, 422)
    case.refresh_from_db()
    assert case.state == State.ANSWERED

    # Somebody with the authority reads it, and it is carried out as it was decided.
    assert case.number in head.page("/desk/?view=approvals")
    page = head.page(f"/desk/cases/{case.number}/")
    assert "2,501 TRY" in page
    assert "Expert groups" in page
    assert WHY in page
    head.do(case, "approval", answer="approve", note="Uygun.")
    assert case.state == State.RESOLVED
    outcome = case.outcomes.get()
    assert (outcome.by, outcome.approved_by) == (expert.user, head.user)
    assert case.number not in head.page("/desk/?view=approvals")
    work()
    assert len(result_told(case)) == 1
    assert told_of(case, "approved").address == expert.user.email


def test_what_is_sent_back_is_decided_again(case, expert, head):
    expert.do(case, "outcome", compensation="9000", **JUSTIFIED)
    head.do(case, "approval", answer="decline", note="Fark en çok 2.000 tutar.")
    work()
    assert told_of(case, "declined").address == expert.user.email
    assert "Fark en çok 2.000 tutar." in expert.page(f"/desk/cases/{case.number}/")
    assert case.state == State.ANSWERED
    assert result_told(case) == []

    expert.do(case, "outcome", compensation="2000", **JUSTIFIED)
    assert case.state == State.RESOLVED
    assert case.outcomes.get().compensation == 2000


# T9: corrective and preventive actions


@pytest.mark.parametrize("kind", ["corrective", "preventive"])
def test_a_justified_complaint_leads_to_an_action_with_owner_date_and_proof(
    case, expert, head, kind
):
    expert.do(case, "contacts", channel="phone", outcome="reached")
    expert.do(case, "outcome", **JUSTIFIED)
    owed = {"version": case.version, "reason": "resolved"}
    closing = head.client.post(f"/desk/cases/{case.number}/closure/", owed)
    assert closing.status_code in (409, 422)  # justified, and nothing is planned yet

    text = "Göksu santralinin çıkışı iki katına çıkarılır."
    expert.do(case, "actions", kind=kind, text=text, owner_unit=EXPERTS)
    action = case.actions.get()
    assert (action.kind, action.owner_unit, action.state) == (kind, EXPERTS, "open")
    assert action.due_at > timezone.now()
    listed = expert.page("/desk/actions/")
    assert text in listed
    assert kind.capitalize() in listed

    # Reminded before its date; done with a proof; later somebody looks whether it worked.
    reminders = [one for one in reconcilers() if one.name == "actions to be reminded of"]
    assert run_round(reminders, action.due_at - timedelta(days=1)) == (1, 0)
    assert case.events.filter(type="action_due").exists()
    expert.do(case, f"actions/{action.pk}/done", proof="Kapasite kaydı 4471.")
    action.refresh_from_db()
    assert (action.state, action.proof) == ("done", "Kapasite kaydı 4471.")
    assert action.check_at is not None


# T10: the same customer with the same complaint


@pytest.fixture
def account():
    return make_account(
        make_customer("Gönül Ceylan", phone="+905321112233"), SERVICE, region="goksu"
    )


def test_whoever_comes_again_is_noticed_over_all_channels_and_acted_on(
    morning, agent, expert, head, account
):
    first = agent.register(account_number=SERVICE, **CALLER)
    solver = Desk(Role.SOLUTION, CENTRE, name="derya")
    solver.do(first, "ownership")
    work()
    assert not Case.objects.filter(is_repeat=True).exists()

    # While somebody else takes the second call, the first case is shown: add to this one first.
    said = {"account_number": SERVICE, "description": "Hız yine çok düşük, film donuyor."}
    typed = agent.client.post("/desk/register/", agent.call(do="repeats", **CALLER, **said))
    assert f'value="add:{first.number}"' in typed.content.decode()

    # This time it comes by the web form; nobody is there to look.
    number, _key = Applicant("tr").report(
        topic={"topic": SLOW},
        place={"region": "goksu", "place": "Postane Sokak 3"},
        description={"description": "Film yine donuyor, sürekli izlenmiyor."},
        proposal={"proposal": ""},
        contact={"name": "Gönül Ceylan", "phone": "0532 111 22 33", "email": ""},
        account={"account_number": SERVICE, "tckn": "", "relation": "holder"},
    )
    work()
    again = Case.objects.get(number=number)

    # Marked with the reasons, with the same owner, who hears of it.
    assert again.is_repeat
    assert again.owner_user == solver.user
    assert told_of(again, "repeat_found").address == solver.user.email
    page = head.page(f"/desk/cases/{number}/")
    assert f'data-link="{first.number}"' in page
    assert "same account" in page
    assert "same topic" in page
    assert found(head, repeat="yes") == {number}

    # One level up: whoever heads the owner's unit is told, and it stands on the list.
    raised = again.escalations.get(trigger="repeat")
    assert told_of(again, "escalated").address == head.user.email
    listed = head.page("/desk/escalations/?cause=repeat")
    assert f'data-escalation="{raised.pk}"' in listed
    assert "Repeated complaint" in listed


@pytest.mark.parametrize(("days", "is_repeat"), [(29, True), (31, False)])
def test_after_closing_it_is_noticed_for_a_month_and_then_no_more(
    agent, expert, account, days, is_repeat
):
    first = agent.register(account_number=SERVICE, **CALLER)
    decided = {
        "decision": "not_justified",
        "reason_code": "no_fault_found",
        "evidence": "Hat ölçümü.",
        "text": "Ölçülen hız sözleşmedeki gibi.",
    }
    agent.do(first, "referrals", unit=EXPERTS, question="Hat ölçülsün.")
    expert.do(first, "contacts", channel="phone", outcome="reached")
    expert.do(first, "outcome", **decided)
    work()  # the message with the reason leaves
    Desk(Role.SOLUTION, CENTRE).do(first, "closure", reason="resolved")
    assert first.state == State.CLOSED

    past = timezone.now() - timedelta(days=days)
    Case.objects.update(received_at=past, resolved_at=past, closed_at=past)
    again = agent.register(account_number=SERVICE, **CALLER)
    work()
    again.refresh_from_db()
    assert again.is_repeat is is_repeat
    page = agent.page(f"/desk/cases/{again.number}/")
    assert (f'data-link="{first.number}"' in page) is is_repeat


def found(somebody: Desk, **narrowed: str) -> set[str]:
    """The numbers that the list of cases holds under a filter."""
    query = "&".join(f"{key}={value}" for key, value in narrowed.items())
    return set(re.findall(r'data-number="(\d+)"', somebody.page(f"/desk/?view=all&{query}")))
