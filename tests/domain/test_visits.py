"""A visit on site: planned in a slot, moved, missed, reported with photos, and told of."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from derman.cases import actions, files
from derman.cases.actions import CannotDo, OldVersion
from derman.cases.models import Attachment, Case
from derman.outbox import expansion
from derman.outbox.models import Message
from derman.visits import closing, finding, planning, reporting, slots
from derman.visits.models import FieldVisit, TakenPlace
from derman.visits.reporting import Report
from derman.words.events import EventType
from derman.words.kinds import ClosingReason, TaskState
from derman.words.life import State
from derman.words.loop import VisitState
from tests.factories import MONDAY, make_case, make_customer, make_user, preset, published

pytestmark = pytest.mark.django_db
WHERE = {"address": "Çınar Sokak 12/4", "purpose": "Sayacı ve mührünü görün."}


@pytest.fixture
def act():
    return {"by": make_user("solution"), "at": MONDAY, "profile": published()}


@pytest.fixture
def case():
    return make_case(customer=make_customer(email="ayse@ornek.example"))


def offered(unit="metering", at=MONDAY):
    return [slot for slot in slots.offered(preset(), at) if slot.unit == unit]


def plan(case, act, *, slot=None, **more):
    return planning.plan(case, (slot or offered()[0]).key, **WHERE, **more, **act)


def photo():
    """A picture with a place in it, as phones write them."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (39.0, 46.0, 0.0)})
    file = BytesIO()
    Image.new("RGB", (8, 8)).save(file, "JPEG", exif=exif)
    file.seek(0)
    file.name = "sayac.jpg"
    return file


def said(**more):
    return Report(mark=uuid4(), found=True, finding="Mühür sağlam, endeks 4312.", **more)


def events(case):
    return list(case.events.order_by("id").values_list("type", flat=True))


def test_slots_follow_the_calendar_and_the_lead():
    found = offered()
    local = [slot.begins_at.strftime("%a %H:%M") for slot in found]

    assert local[:3] == ["Mon 13:30", "Tue 08:30", "Tue 13:30"]  # three working hours ahead
    assert not {day[:3] for day in local} & {"Sat", "Sun"}


def test_a_half_day_has_only_the_slots_that_fit_into_it():
    feast_eve = MONDAY.replace(month=3, day=19)  # the eve of Ramazan Bayramı 2026
    day = [s.begins_at.hour for s in slots.of_days(preset(), [feast_eve.date()], units=["network"])]

    assert day == [8]


def test_planning_takes_a_place_and_is_told(case, act):
    visit = plan(case, act)

    told = case.events.get(type=EventType.VISIT_PLANNED)
    assert told.details["visit"] == str(visit.pk)
    assert TakenPlace.objects.get().visit == visit
    assert offered()[0].taken == 1

    expansion.expand(MONDAY + timedelta(minutes=1), 100)
    message = Message.objects.get(event=told)
    assert "2 Mart 2026 Pazartesi 13:30-17:30" in message.body
    assert message.channel == "sms"
    for word in ("Sayac", "Çınar", "Ayşe"):
        assert word not in message.body


def test_a_slot_holds_no_more_visits_than_the_team_makes(act):
    slot = offered()[0]
    for _turn in range(slot.places):
        plan(make_case(), act, slot=slot)

    with pytest.raises(CannotDo) as refused:
        plan(make_case(), act, slot=slot)

    assert refused.value.field == "slot"
    assert FieldVisit.objects.count() == slot.places
    again = TakenPlace.objects.first()
    again.pk, again.visit_id = None, FieldVisit.objects.last().pk
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


def test_a_case_has_one_visit_ahead_of_it(case, act):
    plan(case, act)
    with pytest.raises(CannotDo, match="Move it"):
        plan(case, act, slot=offered()[2])


def test_a_slot_that_has_gone_by_is_not_planned(case, act):
    gone = offered()[0]
    late = {**act, "at": MONDAY + timedelta(days=2)}
    with pytest.raises(CannotDo, match="not offered"):
        plan(case, late, slot=gone)
    assert events(case) == ["opened"]


def test_moving_frees_the_place_and_tells_the_new_date(case, act):
    visit = plan(case, act)
    planning.move(visit, offered("network")[1].key, "Ekip hasta.", **act)

    visit.refresh_from_db()
    assert (visit.unit, visit.moved, visit.version) == ("network", 1, 2)
    assert offered()[0].taken == 0
    assert offered("network")[1].taken == 1
    assert case.notes.get().text == "Ekip hasta."
    expansion.expand(MONDAY + timedelta(minutes=1), 100)
    body = Message.objects.get(event__type="visit_moved").body
    assert "3 Mart 2026 Salı 08:30-12:30" in body


def test_moving_needs_a_reason_and_another_time(case, act):
    visit = plan(case, act)
    with pytest.raises(CannotDo, match="Enter a text"):
        planning.move(visit, offered()[1].key, " ", **act)
    with pytest.raises(CannotDo, match="another time"):
        planning.move(visit, offered()[0].key, "Yanlış gün.", **act)
    assert offered()[0].taken == 1


def test_cancelling_frees_the_place_and_is_told(case, act):
    visit = plan(case, act)
    planning.cancel(visit, "Uzaktan çözüldü.", **act)

    assert not TakenPlace.objects.exists()
    assert planning.ahead(case) is None
    expansion.expand(MONDAY + timedelta(minutes=1), 100)
    assert Message.objects.get(event__type="visit_cancelled").recipient == "applicant"


def test_the_second_of_two_people_is_told(case, act):
    visit = plan(case, act)
    other = FieldVisit.objects.select_related("case").get(pk=visit.pk)
    planning.cancel(visit, "Uzaktan çözüldü.", **act)
    with pytest.raises(OldVersion):
        planning.cancel(other, "Ben de.", **act)


def test_a_finding_answers_the_task_once(case, act):
    task = actions.refer(case, "metering", question="Mühür?", **act)
    visit = plan(case, act)
    assert visit.task == task
    report = said(met="Ayşe Yılmaz", photos=(photo(),), answers=True)
    later = {**act, "at": MONDAY + timedelta(hours=6)}

    assert reporting.report(visit, report, **later)
    assert not reporting.report(visit, report, **later)  # sent twice

    case.refresh_from_db()
    task.refresh_from_db()
    assert (case.state, task.state) == (State.ANSWERED, TaskState.ANSWERED)
    assert task.answer == report.finding
    assert events(case)[-3:] == ["visit_reported", "task_answered", "attached"]
    visit.refresh_from_db()
    assert (visit.state, visit.met) == (VisitState.DONE, "Ayşe Yılmaz")
    kept = visit.photos.get().attachment
    with files.open_file(kept.pk) as file:
        assert not Image.open(BytesIO(file.read())).getexif().get_ifd(0x8825)
    assert Attachment.objects.filter(case=case).count() == 1


def test_a_finding_without_a_task_reaches_the_owner(case, act):
    visit = plan(case, act)
    reporting.report(visit, said(answers=True), **act)
    expansion.expand(MONDAY + timedelta(minutes=1), 100)

    assert Message.objects.filter(event__type="visit_reported").count() == 1


def test_a_finding_may_be_written_on_another_version_of_the_case(case, act):
    visit = plan(case, act)
    stale = FieldVisit.objects.select_related("case").get(pk=visit.pk)
    actions.note(visit.case, "Zili çalmıyor.", **act)

    assert reporting.report(stale, said(), **act)


def test_another_report_of_the_same_visit_is_refused(case, act):
    visit = plan(case, act)
    reporting.report(visit, said(), **act)
    with pytest.raises(CannotDo, match="already"):
        reporting.report(visit, said(), **act)


def test_a_wrong_photo_leaves_nothing_behind(case, act):
    visit = plan(case, act)
    wrong = BytesIO(b"MZ not a picture")
    wrong.name = "sayac.jpg"
    with pytest.raises(CannotDo):
        reporting.report(visit, said(photos=(photo(), wrong)), **act)

    visit.refresh_from_db()
    assert visit.is_planned
    assert not Attachment.objects.exists()
    assert "visit_reported" not in events(case)


def test_after_two_misses_the_next_date_is_agreed_first(case, act):
    for turn in range(2):
        visit = plan(case, act)
        there = {**act, "at": MONDAY + timedelta(hours=6 + turn)}
        reporting.report(visit, Report(mark=uuid4(), found=False), **there)
        case.refresh_from_db()
        told = case.events.filter(type=EventType.VISIT_MISSED).order_by("id").last()
        assert told.details["times"] == turn + 1
        assert planning.misses(case) == turn + 1

    with pytest.raises(CannotDo) as refused:
        plan(case, act)
    assert refused.value.field == "agreed"
    assert [visit.case for visit in finding.missed(act["by"])] == [case]

    plan(case, act, agreed=True)
    assert not finding.missed(act["by"])
    expansion.expand(MONDAY + timedelta(hours=9), 100)
    assert Message.objects.filter(event__type="visit_missed", recipient="applicant").count() == 2


def test_a_team_sees_its_own_visits_of_today(act):
    own, other = plan(make_case(), act), plan(make_case(), act, slot=offered("network")[0])
    crew = make_user("field", "metering", name="crew")

    assert finding.of_today(crew, preset(), MONDAY) == [own]
    assert finding.of_today(crew, preset(), MONDAY + timedelta(days=1)) == [own]  # not reported yet
    assert set(finding.of_today(act["by"], preset(), MONDAY)) == {own, other}


def test_nobody_is_sent_to_a_case_that_was_closed(case, act):
    visit = plan(case, act)
    assert closing.settle(MONDAY, 100, profile=act["profile"]) == 0
    actions.close_early(case, ClosingReason.WITHDRAWN, **act)

    assert closing.settle(MONDAY, 100, profile=act["profile"]) == 1
    visit.refresh_from_db()
    assert visit.state == VisitState.CANCELLED
    assert events(case)[-1] == "visit_cancelled"
    assert not TakenPlace.objects.exists()
    assert closing.settle(MONDAY, 100, profile=act["profile"]) == 0


def test_the_visit_to_a_merged_case_takes_place_until_the_one_it_goes_on_in_is_closed(case, act):
    visit = plan(case, act)
    middle, target = make_case(), make_case()
    actions.merge(Case.objects.get(pk=case.pk), middle, **act)
    actions.merge(middle, target, **act)
    assert closing.settle(MONDAY, 100, profile=act["profile"]) == 0

    actions.close_early(Case.objects.get(pk=target.pk), ClosingReason.INVALID, **act)
    assert closing.settle(MONDAY, 100, profile=act["profile"]) == 1
    visit.refresh_from_db()
    assert visit.state == VisitState.CANCELLED


def test_looking_for_visits_to_call_off_reads_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert closing.settle(MONDAY, 100, profile=None) == 0
