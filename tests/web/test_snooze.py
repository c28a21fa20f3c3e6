"""Laying a case aside on its page: the form, its moments, the chips, the own view."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from derman.desk.verbs.snooze import moments
from tests.factories import make_case, make_user, preset, published

pytestmark = pytest.mark.django_db
ISTANBUL = ZoneInfo("Europe/Istanbul")


@pytest.fixture
def client():
    published()
    client = Client()
    client.force_login(make_user("agent", "call_centre"))
    return client


def post(client, case, **said):
    case.refresh_from_db()
    address = f"/desk/cases/{case.number}/snooze/"
    return client.post(address, {"version": case.version, "reason": "appointment", **said})


def test_it_is_laid_aside_and_taken_up_again(client):
    case = make_case(at=timezone.now())
    assert post(client, case, moment="tomorrow", note="Yarın arayacağız.").status_code == 302
    page = client.get(f"/desk/cases/{case.number}/").content.decode()
    assert "data-asleep" in page
    assert 'data-event="snoozed"' in page
    assert "There is an appointment" in page
    assert "Yarın arayacağız." in page
    assert f"/desk/cases/{case.number}/wake/" in page
    assert f"/desk/cases/{case.number}/snooze/" not in page
    case.refresh_from_db()
    client.post(f"/desk/cases/{case.number}/wake/", {"version": case.version})
    page = client.get(f"/desk/cases/{case.number}/").content.decode()
    assert 'data-event="woken"' in page
    assert "data-asleep" not in page


def test_the_own_view_holds_it_with_its_moment(client):
    case, other = make_case(at=timezone.now()), make_case(at=timezone.now())
    post(client, case, moment="tomorrow")
    listed = client.get("/desk/?view=aside")
    assert [row.number for row in listed.context["bench"].rows] == [case.number]
    assert "Until " in listed.content.decode()
    fresh = client.get("/desk/?view=new")
    assert [row.number for row in fresh.context["bench"].rows] == [other.number]


def test_a_named_moment_needs_to_be_said_and_to_lie_ahead(client):
    case = make_case(at=timezone.now())
    answer = post(client, case, moment="named")
    assert answer.status_code == 422
    assert "Enter a day and a time." in answer.content.decode()
    answer = post(client, case, moment="named", until="2020-01-01T09:00")
    assert answer.status_code == 422
    assert "Choose a time that lies ahead." in answer.content.decode()
    ahead = timezone.localtime(timezone.now() + timedelta(days=2))
    assert post(client, case, moment="named", until=f"{ahead:%Y-%m-%dT%H:%M}").status_code == 302
    case.refresh_from_db()
    assert case.snoozed_until is not None


def test_the_moments_are_mornings_of_the_organisation():
    wednesday = datetime(2026, 3, 4, 10, 20, tzinfo=ISTANBUL)
    with timezone.override(ISTANBUL):
        found = moments(preset(), wednesday)
        late = moments(preset(), wednesday.replace(hour=22))
    assert found["later"] == wednesday.replace(hour=13, minute=0)
    assert (found["tomorrow"].day, found["week"].day) == (5, 9)
    assert found["week"].weekday() == 0
    assert "later" not in late


def test_whoever_only_reads_lays_nothing_aside():
    published()
    case, client = make_case(), Client()
    client.force_login(make_user("manager"))
    assert post(client, case, moment="tomorrow").status_code == 403
