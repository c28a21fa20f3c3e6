"""Visits on their pages: the case, the planner, the field team's phone."""

import re
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from derman.cases import actions
from derman.desk.labels import Labels
from derman.portal import timeline
from derman.visits import planning, reporting, slots
from derman.visits.models import FieldVisit
from derman.visits.reporting import Report
from derman.words.life import State
from derman.words.loop import VisitState
from tests.desk import Desk, told_of, work
from tests.factories import make_account, make_case, make_customer, preset, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return Desk("supervisor", name="boss")


@pytest.fixture
def crew():
    return Desk("field", "metering")


@pytest.fixture
def case(boss):
    published()
    customer = make_customer()
    return make_case(customer=customer, account=make_account(customer), at=timezone.now())


@pytest.fixture
def act(boss):
    return {"by": boss.user, "at": timezone.now(), "profile": published()}


def free(at=None, unit="metering"):
    return next(s for s in slots.offered(preset(), at or timezone.now()) if s.unit == unit)


def plan(case, act, **more):
    key = free(act["at"]).key
    return planning.plan(case, key, address="Çınar Sokak 12/4", purpose="Mühür?", **more, **act)


def photo():
    file = BytesIO()
    Image.new("RGB", (8, 8)).save(file, "JPEG")
    return SimpleUploadedFile("sayac.jpg", file.getvalue(), "image/jpeg")


def test_a_visit_is_planned_moved_and_called_off_from_the_case(boss, case):
    form = boss.page(f"/desk/cases/{case.number}/visit/")
    assert case.account.address in form
    assert f"/desk/visits/?case={case.number}" in form

    boss.do(case, "visit", slot=free().key, address=case.account.address, purpose="Mühür?")
    shown = boss.page(f"/desk/cases/{case.number}/")
    assert "data-visit=" in shown
    assert f"/desk/cases/{case.number}/visit-time/" in shown
    assert f"/desk/cases/{case.number}/visit/?" not in shown

    boss.do(case, "visit-time", slot=free(unit="network").key, reason="Ekip hasta.")
    boss.do(case, "visit-cancellation", reason="Telefonda çözüldü.")
    visit = FieldVisit.objects.get()
    assert (visit.unit, visit.state) == ("network", VisitState.CANCELLED)
    work()
    assert told_of(case, "visit_planned").recipient == "applicant"
    timeline = boss.page(f"/desk/cases/{case.number}/")
    for words in ("Visit planned", "Visit moved", "Ekip hasta.", "Visit cancelled"):
        assert words in timeline


def test_a_full_slot_is_said_at_its_field_and_nothing_typed_is_lost(boss, case, act):
    slot = free()
    for _turn in range(slot.places):
        plan(make_case(at=act["at"]), act)
    answer = boss.client.post(
        f"/desk/cases/{case.number}/visit/",
        {"version": 1, "slot": slot.key, "address": "Gül Sokak 1", "purpose": "Sayacı görün."},
    )
    assert answer.status_code == 422
    assert "slot" in answer.context["form"].errors
    assert "Sayacı görün." in answer.content.decode()


def test_without_teams_no_visit_is_offered(boss, case):
    profile = preset().model_copy(update={"visits": type(preset().visits)()})
    published(profile)
    assert "/visit/" not in boss.page(f"/desk/cases/{case.number}/")
    assert "No team goes out" in boss.page("/desk/visits/")


def test_the_planner_offers_free_slots_to_the_case_it_was_opened_from(boss, case, act):
    plan(make_case(at=act["at"]), act)
    slot = free(unit="network")
    week = timezone.localtime(slot.begins_at).date().isoformat()
    page = boss.page(f"/desk/visits/?case={case.number}&week={week}&unit=network")

    link = re.search(rf'/desk/cases/{case.number}/visit/\?slot=[^"]+', page)[0]
    form = boss.client.get(link.replace("&amp;", "&")).context["form"]
    assert form.initial["slot"].startswith("network|")
    (chosen,) = re.findall(r"<option [^>]*selected[^>]*>([^<]*)", str(form["slot"]))
    assert chosen.strip().endswith(" · Network operation")


def test_the_planner_opens_for_a_case_where_there_is_room_and_says_nothing_of_times_past(
    boss, case
):
    first = min((slot for slot in slots.offered(preset(), timezone.now()) if slot.free),
                key=lambda slot: slot.begins_at)  # fmt: skip
    monday = first.begins_at.date() - timedelta(days=first.begins_at.weekday())
    context = boss.client.get(f"/desk/visits/?case={case.number}").context
    assert context["monday"] == monday
    assert "slot=" in boss.page(f"/desk/visits/?case={case.number}")

    past = boss.page(f"/desk/visits/?week={monday - timedelta(days=14)}")
    assert "08:30" in past
    assert " free<" not in past
    assert " free<" in boss.page(f"/desk/visits/?week={monday + timedelta(days=14)}")


def test_the_planner_costs_the_same_however_many_visits(
    boss, case, act, django_assert_max_num_queries
):
    for _turn in range(3):
        plan(make_case(at=act["at"]), act)
    week = timezone.localtime(free().begins_at).date().isoformat()
    boss.page("/desk/visits/")
    with django_assert_max_num_queries(13):
        page = boss.page(f"/desk/visits/?week={week}")
    assert page.count("data-visit=") == 3


def test_days_are_written_as_the_reader_writes_them(boss, case, act):
    begins = timezone.localtime(plan(case, act).begins_at)
    boss.user.language = "de"
    boss.user.save()
    week = f"/desk/visits/?week={begins.date()}"
    day = f"{begins.day}. "
    ahead = boss.page(f"/desk/cases/{case.number}/").partition('id="visit-ahead"')[2]
    assert day in ahead.partition("</h2>")[0]
    assert re.search(rf"<h3><time[^>]*>\w\w {day}\w\w\w", boss.page(week))
    form = boss.client.get(f"/desk/cases/{case.number}/visit-time/").context["form"]
    assert re.search(r">\w\w \d+\. \w\w\w \d\d:\d\d-", str(form["slot"]))


def test_a_unit_plans_for_its_own_team_only(case, act):
    actions.refer(case, "metering", question="Mühür?", **act)
    unit = Desk("unit", "metering")
    page = unit.page("/desk/visits/")
    assert 'id="team-metering"' in page
    assert 'id="team-network"' not in page


def test_the_phone_page_lists_the_own_visits_and_reports_one(crew, case, act):
    task = actions.refer(case, "metering", question="Mühür?", **act)
    visit = plan(case, act)
    FieldVisit.objects.update(begins_at=act["at"], ends_at=act["at"] + timedelta(hours=3))
    assert f'data-visit="{visit.pk}"' in crew.page("/desk/field/")
    page = crew.page(f"/desk/field/{visit.pk}/")
    assert "geo:0,0?q=%C3%87%C4%B1nar" in page
    assert 'capture="environment"' in page
    assert case.applicant.name in page

    answer = crew.client.post(
        f"/desk/field/{visit.pk}/",
        {
            "mark": str(uuid4()), "result": "found", "finding": "Mühür sağlam.",
            "met": "Komşu", "answers": "on", "photos": [photo(), photo()],
        },
    )  # fmt: skip
    assert answer.status_code == 302
    case.refresh_from_db()
    task.refresh_from_db()
    assert case.state == State.ANSWERED
    assert task.answer == "Mühür sağlam."
    assert visit.photos.count() == 2
    assert "The report has arrived." in crew.page("/desk/field/")
    shown = Desk("agent").page(f"/desk/cases/{case.number}/")
    assert shown.count("sayac.jpg") >= 2
    assert "Komşu" in shown


def test_the_same_report_sent_twice_arrives_once(crew, case, act):
    visit = plan(case, act)
    said = {"mark": str(uuid4()), "result": "missed", "finding": ""}
    path, script = f"/desk/field/{visit.pk}/", {"HTTP_ACCEPT": "application/json"}

    assert crew.client.post(path, said, **script).json() == {"arrived": True, "new": True}
    assert crew.client.post(path, said, **script).json() == {"arrived": True, "new": False}
    assert case.events.filter(type="visit_missed").count() == 1
    other = crew.client.post(path, {**said, "mark": str(uuid4())}, **script)
    assert other.status_code == 409
    assert "already" in other.json()["errors"][0]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"result": "found"}, "Write what you found."),
        ({}, "Choose one of these."),
        ({"result": "found", "finding": "x", "mark": "no"}, "valid UUID"),
    ],
)
def test_a_report_that_is_not_whole_says_what_is_missing(crew, case, act, said, words):
    visit = plan(case, act)
    answer = crew.client.post(f"/desk/field/{visit.pk}/", {"mark": str(uuid4()), **said})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    visit.refresh_from_db()
    assert visit.is_planned


def test_a_wrong_photo_is_refused_at_its_field(crew, case, act):
    visit = plan(case, act)
    file = SimpleUploadedFile("sayac.jpg", b"MZ\x90", "image/jpeg")
    said = {"mark": str(uuid4()), "result": "found", "finding": "Mühür sağlam.", "photos": file}
    answer = crew.client.post(f"/desk/field/{visit.pk}/", said)

    assert answer.status_code == 422
    (error,) = answer.context["form"].errors["photos"]
    assert error.startswith("sayac.jpg: ")
    assert "Mühür sağlam." in answer.content.decode()


def test_who_asked_for_secrecy_is_not_named_on_the_phone(crew, act, case):
    case.secret_reporter = True
    case.save()
    visit = plan(case, act)
    name = case.applicant.name
    assert name not in crew.page(f"/desk/field/{visit.pk}/")

    said = Report(mark=uuid4(), found=True, finding=f"{name} açtı.", met=name)
    reporting.report(visit, said, **act)
    for page in (f"/desk/field/{visit.pk}/", f"/desk/cases/{case.number}/"):
        shown = crew.page(page)
        assert "açtı." in shown
        assert name not in shown


def test_another_team_finds_nothing(case, act):
    visit = plan(case, act)
    other = Desk("field", "network", name="other")
    assert f"{visit.pk}" not in other.page("/desk/field/")
    assert other.client.get(f"/desk/field/{visit.pk}/").status_code == 404


def test_a_phone_reads_why_a_visit_of_another_team_takes_no_report(case, act):
    visit = plan(case, act)
    other = Desk("field", "network", name="other")
    said = {"mark": str(uuid4()), "result": "missed", "finding": ""}
    answer = other.client.post(
        f"/desk/field/{visit.pk}/", said, headers={"accept": "application/json"}
    )
    assert answer.status_code == 404
    assert "no longer your team's" in answer.json()["errors"][0]


def test_after_two_misses_the_form_asks_whether_the_date_is_agreed(boss, case, act):
    for _turn in range(2):
        visit = plan(case, act)
        Desk("field", "metering", name=f"crew{_turn}").client.post(
            f"/desk/field/{visit.pk}/", {"mark": str(uuid4()), "result": "missed"}
        )
        case.refresh_from_db()
    page = boss.page(f"/desk/cases/{case.number}/visit/")
    assert 'name="agreed"' in page
    assert "Nobody was met at the last 2 visits." in page
    assert f'data-number="{case.number}"' in boss.page("/desk/visits/")


def test_the_worker_script_may_keep_this_place_and_no_other(client):
    answer = client.get("/desk/field/worker.js")
    assert answer.status_code == 200
    assert answer["Service-Worker-Allowed"] == "/desk/field/"
    assert answer["Content-Type"].startswith("text/javascript")
    assert "default-src 'self'" in answer["Content-Security-Policy"]


def test_who_is_signed_out_is_asked_to_sign_in_and_gets_no_token(crew):
    published()
    assert set(crew.client.get("/desk/field/session/").json()) == {"user", "token"}
    assert Client().get("/desk/field/session/").status_code == 302


def test_the_applicant_reads_when_somebody_comes(case, act):
    visit = plan(case, act)
    told = [one.text for one in timeline.entries(case.events.order_by("id"))]
    begins, ends = (f"{timezone.localtime(moment):%H:%M}" for moment in visit.slot)
    assert f"{begins}–{ends}" in told[-1]


def test_a_visit_at_a_time_that_the_profile_names_no_more_is_not_forgotten(boss, case, act):
    visit = plan(case, act)
    begins = visit.begins_at + timedelta(minutes=7)
    FieldVisit.objects.update(begins_at=begins)
    week = timezone.localtime(begins).date().isoformat()
    page = boss.page(f"/desk/visits/?week={week}")
    assert "At other times" in page
    assert Labels.for_reader(preset()).unit("metering") in page.split("At other times")[1][:600]
    assert page.count(f'data-visit="{visit.pk}"') == 1
