"""What was raised and what waits, on the case page, in the list and on the board."""

from datetime import timedelta
from decimal import Decimal as Amount
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from derman.accounts import absence
from derman.cases import actions, escalating
from derman.cases.actions._core import Act
from derman.cases.models import Approval, Case, Escalation, Outcome
from derman.profile import publishing
from derman.reports.models import DayCount
from derman.words.events import EventType
from derman.words.kinds import Decision
from derman.words.life import State
from derman.words.loop import Trigger
from derman.words.rights import Role
from tests.factories import make_case, make_customer, make_user, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def act() -> dict[str, Any]:
    solver = make_user(Role.SOLUTION, "solution")
    return {"by": solver, "at": timezone.now(), "profile": published()}


@pytest.fixture
def boss() -> Client:
    return signed_in(Role.SUPERVISOR, "solution")


def signed_in(role: Role, unit: str = "", name: str = "") -> Client:
    client = Client()
    client.force_login(make_user(role, unit, name=name))
    return client


def raised(act: dict[str, Any], what: Trigger = Trigger.BOUNCED) -> Escalation:
    case = make_case(at=act["at"], profile=act["profile"])
    escalating.trigger(case, what, Act(None, act["at"], act["profile"]), channel="sms")
    return Escalation.objects.get(case=case)


def waiting(act: dict[str, Any], amount: int = 9000) -> Approval:
    case = make_case(at=act["at"], profile=act["profile"])
    actions.take(case, **act)
    made = actions.outcome(
        case, Decision.JUSTIFIED, "Haklısınız.", compensation=Amount(amount), **act
    )
    assert isinstance(made, Approval)
    return made


def queries(client: Client, address: str) -> int:
    """How many a page takes that every process has asked its profile and absences for anew."""
    publishing.forget()
    absence.forget()
    with CaptureQueriesContext(connection) as asked:
        text(client, address)
    return len(asked)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_says_what_why_and_to_whom(act, boss):
    row = raised(act)
    page = text(boss, "/desk/escalations/")
    assert f'data-escalation="{row.pk}"' in page
    assert "A message to the applicant could not be delivered." in page
    assert "Solution group" in page


def test_seen_takes_it_from_the_list_and_all_still_has_it(act, boss):
    row = raised(act)
    answer = boss.post(f"/desk/escalations/{row.pk}/seen/")
    assert (answer.status_code, answer.url) == (302, "/desk/escalations/?")
    assert f'data-escalation="{row.pk}"' not in text(boss, "/desk/escalations/")
    assert "seen by Supervisor Kaya" in text(boss, "/desk/escalations/?seen=all")
    events = row.case.events.filter(type=EventType.ESCALATION_SEEN)
    assert events.count() == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [("cause=bounced", 1), ("cause=clock", 0), ("to=me", 1), ("cause=nonsense", 1)],
)
def test_the_list_is_narrowed(act, boss, query, found):
    row = raised(act)
    page = text(boss, f"/desk/escalations/?{query}")
    assert page.count(f'data-escalation="{row.pk}"') == found


def test_the_head_of_the_unit_finds_what_is_meant_for_them(act, boss):
    row = raised(act, Trigger.REPEAT)
    assert f'data-escalation="{row.pk}"' in text(boss, "/desk/escalations/?to=me")
    other = signed_in(Role.SUPERVISOR, "call_centre", "other")
    assert f'data-escalation="{row.pk}"' not in text(other, "/desk/escalations/?to=me")


def test_the_list_goes_by_key_pages_with_as_many_queries_as_for_one(act, boss):
    raised(act)
    few = queries(boss, "/desk/escalations/")
    rows = [raised(act) for _turn in range(60)]
    assert queries(boss, "/desk/escalations/") <= few
    page = text(boss, "/desk/escalations/")
    assert page.count("data-escalation=") == 50
    after = page.split("after=")[1].split('"')[0]
    rest = text(boss, f"/desk/escalations/?after={after}")
    assert rest.count("data-escalation=") == len(rows) + 1 - 50


def test_an_empty_list_says_so(boss):
    published()
    assert "Everything raised has been seen" in text(boss, "/desk/escalations/")


def test_the_case_page_shows_to_whom_it_was_raised(act, boss):
    row = raised(act)
    page = text(boss, f"/desk/cases/{row.case.number}/")
    assert "Message did not arrive" in page
    assert f"/desk/escalations/{row.pk}/seen/" in page
    agent = signed_in(Role.AGENT)
    page = text(agent, f"/desk/cases/{row.case.number}/")
    assert "Message did not arrive" in page
    assert f"/desk/escalations/{row.pk}/seen/" not in page


def test_who_was_told_instead_stands_in_the_list_and_on_the_case(act, boss):
    row = raised(act, Trigger.REPEAT)
    meant = {"meant_role": "supervisor", "meant_unit": "billing"}
    Escalation.objects.filter(pk=row.pk).update(unit="", details={**row.details, **meant})
    said = "instead of Head of Billing"
    for address in ("/desk/escalations/", "/desk/board/", f"/desk/cases/{row.case.number}/"):
        assert said in text(boss, address)


def test_that_nobody_at_all_could_be_told_is_said(act, boss):
    row = raised(act, Trigger.REPEAT)
    meant = {"meant_role": row.role, "meant_unit": row.unit}
    Escalation.objects.filter(pk=row.pk).update(details={**row.details, **meant})
    assert "told: nobody <strong data-meant>instead of" in text(boss, "/desk/escalations/")


def test_what_nobody_saw_before_the_case_was_closed_is_not_listed_as_unseen(act, boss):
    row = raised(act)
    case = Case.objects.get(pk=row.case_id)
    actions.close_early(case, "withdrawn", **act)
    assert f'data-escalation="{row.pk}"' not in text(boss, "/desk/escalations/")
    for address in ("/desk/escalations/?seen=all", f"/desk/cases/{case.number}/"):
        assert "seen by nobody before the case was closed" in text(boss, address)
    boss.post(f"/desk/escalations/{row.pk}/seen/")
    assert not case.events.filter(type=EventType.ESCALATION_SEEN).exists()


def test_a_decision_that_waits_stands_on_the_case_page_for_all_to_read(act, boss):
    row = waiting(act)
    page = text(boss, f"/desk/cases/{row.case.number}/")
    assert f'data-approval="{row.pk}"' in page
    assert "9,000 TRY" in page
    assert 'data-verb="approval"' in page
    asker = Client()
    asker.force_login(act["by"])
    page = text(asker, f"/desk/cases/{row.case.number}/")
    assert f'data-approval="{row.pk}"' in page
    assert 'data-verb="approval"' not in page
    assert 'data-verb="outcome"' not in page  # one decision waits at a time


def test_where_nobody_has_the_authority_the_page_says_so(act, boss):
    row = waiting(act, amount=60_000)  # above the limit of supervisors, too
    address = f"/desk/cases/{row.case.number}/"
    assert "data-nobody" in text(boss, address)
    make_user(Role.MANAGER)
    assert "data-nobody" not in text(boss, address)


def test_the_desk_asks_for_approval_and_says_so(act):
    case = make_case(at=act["at"], profile=act["profile"])
    actions.take(case, **act)
    client = Client()
    client.force_login(act["by"])
    said = {
        "version": case.version, "decision": "justified", "text": "Haklısınız.",
        "compensation": "9000", "evidence": "Fotoğraf", "reason_code": "",
    }  # fmt: skip
    reasons = published().profile.decisions.fitting("justified", case.topic)
    said["reason_code"] = next(iter(reasons), "")
    answer = client.post(f"/desk/cases/{case.number}/outcome/", said, follow=True)
    assert "The decision waits for a second pair of eyes." in answer.content.decode()
    case.refresh_from_db()
    assert case.state == State.IN_REVIEW


def test_an_offer_that_waits_is_not_said_to_be_made_and_sent_back_is_history_after_the_next(
    act, boss
):
    customer = make_customer(email="ayse@posta.example")
    case = make_case(customer=customer, at=act["at"], profile=act["profile"])
    actions.take(case, **act)
    client = Client()
    client.force_login(act["by"])
    address = f"/desk/cases/{case.number}/"
    said = {"version": case.version, "text": "Ödeme", "channel": "", "compensation": "9000"}
    answer = client.post(f"{address}offers/", said, follow=True)
    assert "The decision waits for a second pair of eyes." in answer.content.decode()
    assert "The solution is offered." not in answer.content.decode()

    case.refresh_from_db()
    no = {"version": case.version, "answer": "decline", "note": "Çok fazla."}
    boss.post(f"{address}approval/", no)
    assert "Sent back: decide again" in text(client, address)

    case.refresh_from_db()
    less = {**said, "version": case.version, "compensation": "900", "text": "Daha az ödeme"}
    answer = client.post(f"{address}offers/", less, follow=True)
    assert "The solution is offered." in answer.content.decode()
    assert "Sent back: decide again" not in answer.content.decode()


def test_approving_at_the_desk_carries_it_out(act, boss):
    row = waiting(act)
    case = Case.objects.get(pk=row.case_id)
    said = {"version": case.version, "answer": "approve", "note": ""}
    assert boss.post(f"/desk/cases/{case.number}/approval/", said).status_code == 302
    case.refresh_from_db()
    assert case.state == State.RESOLVED
    assert Outcome.objects.get(case=case).compensation == 9000


def test_sending_back_needs_a_reason_and_shows_it(act, boss):
    row = waiting(act)
    case = Case.objects.get(pk=row.case_id)
    said = {"version": case.version, "answer": "decline", "note": " "}
    address = f"/desk/cases/{case.number}/approval/"
    assert boss.post(address, said).status_code == 422
    answer = boss.post(address, {**said, "note": "Önce ölçüm."}, follow=True)
    assert "The decision was sent back." in answer.content.decode()
    asker = Client()
    asker.force_login(act["by"])
    page = text(asker, f"/desk/cases/{case.number}/")
    assert "Önce ölçüm." in page
    assert 'data-verb="outcome"' in page


def test_the_list_to_approve_holds_what_others_decided(act, boss):
    row = waiting(act)
    number = f'data-number="{row.case.number}"'
    link = f"/desk/cases/{row.case.number}/"
    assert link in text(boss, "/desk/?view=approvals") or number in text(
        boss, "/desk/?view=approvals"
    )
    manager = signed_in(Role.MANAGER)
    assert link in text(manager, "/desk/?view=approvals")


def test_what_a_decision_costs_in_all_is_reckoned_once_for_a_page(act, boss):
    page = f"/desk/cases/{waiting(act).case.number}/"
    for reader in (boss, signed_in(Role.AGENT), signed_in(Role.MANAGER)):
        text(reader, page)
        assert queries(reader, page) <= 27  # three of them for the profile and absences


def figure(page: str, key: str) -> str:
    """The number of a block at the top of the board."""
    block = page.split(f'data-figure="{key}"')[1]
    return block.split("<strong>")[1].split("</strong>")[0]


def test_the_board_counts_what_needs_a_hand(act, boss):
    raised(act)
    waiting(act)
    old = timezone.now() - timedelta(days=60)
    late = make_case(at=old, profile=act["profile"])
    task = actions.refer(late, "billing", **{**act, "at": old + timedelta(hours=1)})
    actions.assign(late, act["by"], **{**act, "at": old + timedelta(hours=2)})
    page = text(boss, "/desk/board/")
    assert figure(page, "late") == "1"
    assert figure(page, "unseen") == "1"
    assert figure(page, "approvals") == "1"
    assert 'data-unit="billing"' in page
    assert f'data-person="{act["by"].pk}"' in page
    for link in (
        "/desk/?view=open&asked=billing",
        "/desk/?view=open&asked_late=billing",
        f"/desk/?view=late&owner={act['by'].pk}",
    ):
        assert link.replace("&", "&amp;") in page
        assert f"/desk/cases/{task.case.number}/" in text(boss, link)
    soon = text(boss, "/desk/?view=open&asked_soon=billing")
    assert f"/desk/cases/{task.case.number}/" not in soon


def test_the_board_shows_what_surges_and_not_what_is_usual(boss):
    published()
    today = timezone.localdate()
    for back in range(35):
        day = today - timedelta(days=back)
        rows = {"metering.reading_disputed": 4, "billing.tariff": 12 if back < 7 else 2}
        DayCount.objects.bulk_create(
            DayCount(day=day, event="opened", topic=topic, channel="web", count=count)
            for topic, count in rows.items()
        )
    page = text(boss, "/desk/board/")
    assert 'data-topic="billing.tariff"' in page
    assert 'data-topic="metering.reading_disputed"' not in page


def test_the_board_asks_as_often_with_many_rows_as_with_few(act, boss):
    def fill(times: int) -> None:
        for turn in range(times):
            raised(act)
            case = make_case(at=act["at"], profile=act["profile"])
            actions.refer(case, ("billing", "metering", "legal")[turn % 3], **act)
            owner = make_user(Role.AGENT, name=f"agent{Case.objects.count()}")
            actions.assign(case, owner, **act)

    fill(1)
    text(boss, "/desk/board/")
    few = queries(boss, "/desk/board/")
    fill(8)
    assert queries(boss, "/desk/board/") <= few <= 20


def test_who_has_no_escalations_has_no_board():
    published()
    agent = signed_in(Role.AGENT)
    for address in ("/desk/board/", "/desk/escalations/"):
        assert agent.get(address).status_code == 403
