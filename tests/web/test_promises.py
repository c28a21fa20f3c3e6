"""The page of promises: what is due today, overdue and coming, and what was kept."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from derman.audit.models import AccessRecord
from derman.cases import actions
from derman.cases.models import Case, Clock
from derman.desk.owed import promises
from derman.words.kinds import ClockState, Decision
from tests.factories import make_case, make_customer, make_user, published

pytestmark = pytest.mark.django_db
PAGE = "/desk/promises/"


@pytest.fixture
def now():
    """Noon, so that today has a before and an after."""
    return timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture(autouse=True)
def at_noon(now, monkeypatch):
    """For the sessions, too: one that began at noon would end at midnight, while a test runs."""
    monkeypatch.setattr("derman.desk.frame.timezone.now", lambda: now)
    monkeypatch.setattr("derman.sessions.time", SimpleNamespace(time=now.timestamp))


@pytest.fixture
def act(now):
    user = make_user("solution", "solution")
    return {"by": user, "at": now - timedelta(days=3), "profile": published()}


def promised(act, hours: float, **more) -> Case:
    """A case whose promise is so many hours after noon."""
    case = make_case(customer=make_customer(), at=act["at"], **more)
    actions.promise(case, act["at"] + timedelta(days=3, hours=hours), **act)
    return case


def sign_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def listed(client: Client, **query: str) -> list[str]:
    answer = client.get(PAGE, query)
    assert answer.status_code == 200
    return [line.number for line in answer.context["lines"]]


def test_each_kind_holds_its_own_the_oldest_first(act):
    late, this_morning = promised(act, -30), promised(act, -2)
    tonight, tomorrow = promised(act, 6), promised(act, 20)
    client = sign_in(act["by"])

    assert listed(client) == [this_morning.number, tonight.number]
    assert listed(client, which="late") == [late.number, this_morning.number]
    assert listed(client, which="ahead") == [tomorrow.number]
    counts = {name: count for name, _l, _i, count in client.get(PAGE).context["kinds"]}
    assert counts == {"today": 2, "late": 2, "ahead": 1, "kept": None, "broken": None}
    assert AccessRecord.objects.filter(what="promises", by=act["by"]).exists()


def test_a_line_leads_to_its_case_and_says_that_it_is_late(act):
    case = promised(act, -30)
    page = sign_in(act["by"]).get(PAGE, {"which": "late"}).content.decode()
    assert f'href="/desk/cases/{case.number}/' in page
    assert 'data-clock="late"' in page
    assert "Ayşe Yılmaz" in page


def test_concluded_cases_are_not_listed_but_counted_as_kept_or_broken(act, now):
    kept, broken, overdue = promised(act, 6), promised(act, -30), promised(act, -20)
    for case in (kept, broken):
        actions.take(case, **act)
        actions.outcome(case, Decision.JUSTIFIED, "Düzeltildi.", **{**act, "at": now})
    client = sign_in(act["by"])

    assert listed(client) == []
    assert listed(client, which="late") == [overdue.number]
    assert listed(client, which="kept") == [kept.number]
    assert listed(client, which="broken") == [broken.number]
    figures = client.get(PAGE, {"figures": "1"}).context["figures"]
    assert (figures.kept, figures.broken, figures.moved, figures.share) == (1, 2, 0, 33)


def test_a_moved_promise_is_neither_kept_nor_broken(act, now):
    case = promised(act, -30)
    actions.promise(case, now + timedelta(days=2), **{**act, "at": now}, reason="Parça yok.")
    client = sign_in(act["by"])

    assert listed(client, which="ahead") == [case.number]
    assert listed(client, which="broken") == []
    figures = client.get(PAGE, {"figures": "1"}).context["figures"]
    assert (figures.kept, figures.broken, figures.moved, figures.share) == (0, 0, 1, None)
    assert Clock.objects.filter(case=case, kind="promise", state=ClockState.CANCELLED).count() == 1


def test_without_scripts_the_figures_stand_in_the_page(act):
    promised(act, -30)
    client = sign_in(act["by"])
    assert "broken or overdue" not in client.get(PAGE).content.decode()
    assert "broken or overdue" in client.get(PAGE, {"figures": "1"}).content.decode()
    assert "broken or overdue" in client.get(f"{PAGE}figures/").content.decode()


def test_it_is_narrowed_to_mine_and_to_a_unit(act, now):
    mine, other = promised(act, 6), promised(act, 7)
    actions.take(mine, **act)
    actions.refer(other, "network", **act)
    client = sign_in(act["by"])

    assert listed(client, whose="mine") == [mine.number]
    assert listed(client, whose="network", which="today") == [other.number]
    assert listed(client, whose="nothing") == [mine.number, other.number]


def test_a_unit_sees_its_own_and_offers_no_other(act):
    theirs, other = promised(act, 6), promised(act, 7, topic="supply.road_after_works")
    actions.refer(theirs, "metering", **act)
    client = sign_in(make_user("unit", "metering"))

    assert listed(client) == [theirs.number]
    choices = [key for key, _label in client.get(PAGE).context["choices"]]
    assert choices == ["", "mine", "metering"]
    assert other.number not in client.get(PAGE).content.decode()


def test_pages_go_by_key(act, monkeypatch):
    monkeypatch.setattr(promises, "SIZE", 2)
    numbers = [promised(act, hours).number for hours in (1, 2, 3)]
    client = sign_in(act["by"])
    first = client.get(PAGE)
    assert [line.number for line in first.context["lines"]] == numbers[:2]
    assert listed(client, after=first.context["after"]) == numbers[2:]
    assert listed(client, after="nonsense") == numbers[:2]


def test_ended_ones_go_by_key_as_well(act, now, monkeypatch):
    monkeypatch.setattr(promises, "SIZE", 2)
    numbers = []
    for minute in range(3):
        case = promised(act, 6)
        actions.take(case, **act)
        at = now - timedelta(minutes=minute)
        actions.outcome(case, Decision.JUSTIFIED, "Düzeltildi.", **{**act, "at": at})
        numbers.append(case.number)
    client = sign_in(act["by"])
    first = client.get(PAGE, {"which": "kept"})
    assert [line.number for line in first.context["lines"]] == numbers[:2]
    assert listed(client, which="kept", after=first.context["after"]) == numbers[2:]


def test_however_many_there_are_it_takes_as_many_queries(act, django_assert_max_num_queries):
    for _ in range(12):
        promised(act, 6)
    client = sign_in(act["by"])
    client.get(PAGE)
    with django_assert_max_num_queries(12):
        client.get(PAGE)
    with django_assert_max_num_queries(7):
        client.get(f"{PAGE}figures/")


def test_a_name_that_is_kept_secret_stays_secret(act):
    case = promised(act, 6)
    Case.objects.filter(pk=case.pk).update(secret_reporter=True)
    page = sign_in(act["by"]).get(PAGE).content.decode()
    assert "Ayşe Yılmaz" not in page
    assert case.number in page


def test_the_empty_lists_say_what_would_be_there(act):
    client = sign_in(act["by"])
    for which in promises.NAMES:
        assert 'class="empty"' in client.get(PAGE, {"which": which}).content.decode()


def test_the_top_bar_leads_there(act):
    promised(act, 6)
    page = sign_in(act["by"]).get("/desk/?view=all").content.decode()
    assert f'class="promise num" href="{PAGE}"' in page


# Moving a promise


def move(client, case, **said):
    case.refresh_from_db()
    return client.post(f"/desk/cases/{case.number}/promise/", {"version": case.version, **said})


def test_a_promise_is_not_moved_without_a_reason_and_nothing_typed_is_lost(act, now):
    case = promised(act, 6)
    client = sign_in(act["by"])
    wanted = (now + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")
    answer = move(client, case, due_at=wanted, reason=" ")
    assert answer.status_code == 422
    assert wanted in answer.content.decode()
    assert 'class="optional"' not in answer.content.decode()
    assert case.events.filter(type="promised").count() == 1

    assert move(client, case, due_at=wanted, reason="Parça bekleniyor.").status_code == 302
    event = case.events.filter(type="promised").latest("id")
    assert set(event.details) == {"next_at", "before_at"}
    page = client.get(f"/desk/cases/{case.number}/?view=all").content.decode()
    assert "Promise moved" in page
    assert "Parça bekleniyor." in page


def test_beside_a_case_that_was_promised_for_today_stands_when(act, now):
    case = promised(act, 6)
    page = sign_in(act["by"]).get("/desk/", {"view": "promised"}).content.decode()
    row = page.split(f'data-number="{case.number}"')[1].split("</a>")[0]
    assert timezone.localtime(case.promised_at).strftime("%H:%M") in row
    assert timezone.localtime(case.due_at).strftime("%Y-%m-%d") not in row


def test_a_promise_that_passed_is_seen_on_the_case(act):
    case = promised(act, -30)
    page = sign_in(act["by"]).get(f"/desk/cases/{case.number}/?view=all").content.decode()
    clocks = page.split('class="facts clocks"')[1].split("</dl>")[0]
    assert 'data-clock="late"' in clocks
