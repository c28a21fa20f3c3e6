"""What an applicant is told without asking, organisation by organisation (rows T7, P8, P9, C5)."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone, translation
from django.utils.formats import date_format

from derman.cases.models import Case, Clock
from derman.outbox import expansion
from derman.outbox.models import Message
from derman.words.kinds import MessageState
from derman.words.rights import Role
from derman.worker import reconcilers, run_round
from tests.desk import Desk, told_of, work
from tests.factories import make_customer, preset, published

pytestmark = pytest.mark.django_db
EMAIL = "ayse@ornek.example"


def work_at(at: datetime) -> None:
    """The worker's rounds at a moment that lies ahead."""
    for _ in range(5):
        run_round(reconcilers(), at)


def register(desk: Desk, topic: str) -> Case:
    customer = make_customer("Ayşe Yılmaz", email=EMAIL)
    return desk.register(
        topic=topic,
        description="Faturada iki kez ücret alınmış, düzeltilsin.",
        name="Ayşe Yılmaz",
        phone="0532 123 45 67",
        applicant=str(customer.pk),
        reply_channel="email",
    )


def day_of(moment: datetime) -> str:
    """The day as a Turkish message writes it."""
    with translation.override("tr"):
        return date_format(timezone.localtime(moment), "j F Y")


def first_topic(key: str) -> str:
    leaves = preset(key).leaves()
    return next(name for name, topic in leaves.items() if topic.unit and not topic.emergency)


@pytest.mark.parametrize("key", ["telecom", "consumer"])
def test_whoever_can_be_reached_hears_in_time_that_it_is_under_review(key):
    """T7, P8: where the receipt did not get through, the worker tells before the time is over."""
    published(preset(key))
    case = register(Desk(Role.AGENT, preset(key).process.front_line), first_topic(key))
    expansion.expand(timezone.now(), 100)
    Message.objects.filter(case=case).update(state=MessageState.FAILED)
    clock = Clock.objects.get(case=case, kind="acknowledge")
    if key == "consumer":
        received, due = (timezone.localtime(at).date() for at in (case.received_at, clock.due_at))
        assert received == due
    else:
        assert clock.due_at == case.received_at + timedelta(hours=24)
    assert clock.next_at < clock.due_at

    work_at(clock.next_at)
    sent = told_of(case, "acknowledge_due")
    assert case.follow_key in sent.body
    assert "değerlendir" in sent.body
    assert f"son gün: {day_of(case.due_at)}" in sent.body
    clock.refresh_from_db()
    assert (clock.state, clock.stopped_at <= clock.due_at) == ("met", True)


def test_a_promised_date_stands_on_the_list_of_its_day_and_ends_with_the_answer(morning):
    """T7: what is not resolved gets a date, and we come back by then."""
    published(preset("telecom"))
    desk = Desk(Role.SUPERVISOR, "complaint_centre")
    case = register(desk, first_topic("telecom"))
    tonight = timezone.localtime().replace(hour=23, minute=58, second=0, microsecond=0)
    desk.do(case, "promise", due_at=tonight.strftime("%Y-%m-%dT%H:%M"), reason="")
    assert f'data-number="{case.number}"' in desk.page("/desk/promises/")
    work()
    assert f"döneceğimiz gün: {day_of(tonight)}" in told_of(case, "promised").body

    # It is moved with a reason only, and told anew.
    tomorrow = tonight + timedelta(days=1)
    wanted = {"due_at": tomorrow.strftime("%Y-%m-%dT%H:%M"), "version": case.version}
    moved = desk.client.post(f"/desk/cases/{case.number}/promise/", {**wanted, "reason": ""})
    assert moved.status_code == 422
    desk.do(case, "promise", due_at=wanted["due_at"], reason="Parça bekleniyor.")
    work()
    newest = Message.objects.filter(case=case, event__type="promised").order_by("event_id").last()
    assert f"döneceğimiz gün: {day_of(tomorrow)}" in newest.body
    assert "Parça" not in newest.body
    assert f'data-number="{case.number}"' in desk.page("/desk/promises/?which=ahead")

    desk.do(case, "ownership")
    desk.do(
        case,
        "outcome",
        decision="not_justified",
        reason_code="by_contract",
        evidence="Fatura dökümü.",
        text="Ücret bir kez alınmış.",
    )
    assert f'data-number="{case.number}"' not in desk.page("/desk/promises/?which=ahead")
    assert f'data-number="{case.number}"' in desk.page("/desk/promises/?which=kept")


def test_a_long_case_is_told_of_by_itself_with_what_was_done():
    """P9: the applicant learns what was done since, and when they hear again."""
    consumer = preset("consumer")
    published(consumer)
    desk = Desk(Role.AGENT, consumer.process.front_line)
    case = register(desk, first_topic("consumer"))
    unit = consumer.topic(case.topic).unit
    desk.do(case, "referrals", unit=unit, question="Ne oldu?")
    work()
    clock = Clock.objects.get(case=case, kind="interim")
    work_at(clock.next_at)

    sent = told_of(case, "interim")
    assert consumer.units[unit].label["tr"] in sent.body
    assert case.events.filter(type="interim").count() == 1
    following = Clock.objects.get(case=case, kind="interim", state="running")
    assert following.due_at > clock.due_at
    assert f"Yeni bilgi için son gün: {day_of(following.due_at)}" in sent.body

    # And again, interval by interval, for as long as it lasts.
    work_at(following.next_at)
    assert Message.objects.filter(case=case, event__type="interim").count() == 2


def test_the_applicant_hears_that_the_department_began_its_review():
    """C5: the start of the department's work tells where the complaint is."""
    centre = preset("contact-centre")
    published(centre)
    case = register(Desk(Role.AGENT, centre.process.front_line), first_topic("contact-centre"))
    task = case.tasks.get()
    department = Desk(Role.UNIT, task.unit, name="department")
    department.do(case, f"tasks/{task.pk}/start")
    work()

    sent = told_of(case, "task_started")
    assert centre.units[task.unit].label["tr"] in sent.body
