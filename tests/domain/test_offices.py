"""A branch or dealer registers cases and sees only those it took in, on the desk and by the API."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext

from derman.accounts import rights
from derman.accounts.models import Membership, User
from derman.cases import actions
from derman.cases.models import Case
from derman.cases.permissions import find_case, find_task, is_left_to
from derman.desk import worklists
from derman.words.life import Verb
from derman.words.rights import OPEN_TO_OFFICES, Place, Role
from tests.factories import MONDAY, make_case, make_user, published, with_offices
from tests.systems import OPENING, System

pytestmark = pytest.mark.django_db
NORTH, SOUTH = "office_north", "office_south"


@pytest.fixture
def profile():
    return published(with_offices(NORTH, SOUTH))


@pytest.fixture
def ayse(profile) -> User:
    """A clerk of the northern office."""
    return make_user(Role.CLERK, NORTH, name="ayse")


@pytest.fixture
def burak(profile) -> User:
    """A clerk of the southern office."""
    return make_user(Role.CLERK, SOUTH, name="burak")


def again(user: User) -> User:
    """The user as the next request finds them."""
    return User.objects.get(pk=user.pk)


def find(user: User, case: Case, verb: Verb = Verb.READ) -> Case:
    return find_case(again(user), case.number, verb=verb, what="test", at=MONDAY)


def test_a_case_carries_the_office_of_whoever_took_it_in(profile, ayse):
    agent = make_user(Role.AGENT, "call_centre")
    assert make_case(by=ayse, profile=profile).office == NORTH
    assert make_case(by=agent, profile=profile).office == ""
    assert make_case(by=None, profile=profile).office == ""


def test_who_belongs_to_two_offices_takes_in_at_the_first(profile, ayse):
    Membership.objects.create(user=ayse, role=Role.CLERK, unit=SOUTH)
    assert make_case(by=again(ayse), profile=profile).office == NORTH


def test_an_office_sees_its_own_cases_and_no_other(profile, ayse, burak):
    case = make_case(by=ayse, profile=profile)
    make_case(profile=profile)
    assert list(Case.objects.visible_to(ayse)) == [case]
    assert find(ayse, case) == case
    assert not Case.objects.visible_to(burak).exists()
    with pytest.raises(Http404):
        find(burak, case)


def test_a_colleague_of_the_same_office_may_go_on_with_it(profile, ayse):
    case = make_case(by=ayse, profile=profile)
    colleague = make_user(Role.CLERK, NORTH, name="can")
    assert find(colleague, case, Verb.REPLY) == case
    with pytest.raises(PermissionDenied):
        find(colleague, case, Verb.OUTCOME)  # a verb that the role lacks stays refused


def test_who_left_an_office_loses_its_cases_also_those_they_took_in(profile, ayse):
    case = make_case(by=ayse, profile=profile)
    Membership.objects.filter(user=ayse).update(unit=SOUTH)
    assert not Case.objects.visible_to(again(ayse)).exists()
    with pytest.raises(Http404):
        find(ayse, case)


def test_a_membership_everywhere_or_in_a_unit_that_is_no_office_sees_all(profile, ayse):
    other = make_case(profile=profile)
    for unit in ("", "call_centre"):
        user = make_user(Role.CLERK, unit, name=f"clerk {unit}")
        assert rights.sees_all(user)
        assert find(user, other) == other
    Membership.objects.create(user=ayse, role=Role.CLERK, unit="")
    assert find(ayse, other) == other


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMIN, Role.AGENT])
def test_an_office_confines_every_role(profile, role):
    boss = make_user(role, NORTH)
    make_case(profile=profile)
    assert not Case.objects.visible_to(boss).exists()
    assert {place for place in Place if rights.may_enter(boss, place)} == OPEN_TO_OFFICES


def test_an_office_and_a_unit_add_up(profile, ayse):
    Membership.objects.create(user=ayse, role=Role.UNIT, unit="metering")
    taken = make_case(by=again(ayse), profile=profile)
    asked = make_case(profile=profile)
    boss = make_user(Role.SUPERVISOR)
    actions.refer(asked, "metering", by=boss, at=MONDAY, profile=profile, question="?")
    both = again(ayse)
    assert set(Case.objects.visible_to(both)) == {taken, asked}
    assert set(Case.objects.visible_to(both, Verb.HEAR)) == {taken}
    assert set(worklists.VIEWS["unit"].narrow(Case.objects.visible_to(both), both, MONDAY)) == {
        taken,
        asked,
    }


def test_an_office_reads_the_tasks_of_its_own_case(profile, ayse):
    case = make_case(by=ayse, profile=profile)
    boss = make_user(Role.SUPERVISOR)
    task = actions.refer(case, "metering", by=boss, at=MONDAY, profile=profile, question="?")
    assert find_task(again(ayse), find(ayse, case), task.pk, verb=Verb.READ) == task


def test_an_office_may_inform_on_its_own_cases_where_units_may_not(profile, ayse):
    assert is_left_to(ayse, Verb.REPLY, profile.profile)


def test_its_view_of_the_unit_holds_what_the_office_took_in(profile, ayse):
    case = make_case(by=ayse, profile=profile)
    narrowed = worklists.VIEWS["unit"].narrow(Case.objects.visible_to(ayse), ayse, MONDAY)
    assert list(narrowed) == [case]


def test_the_pages_of_another_offices_case_look_like_none(profile, ayse, burak):
    case = make_case(by=ayse, profile=profile)
    for user, status in ((ayse, 200), (burak, 404)):
        client = Client()
        client.force_login(user)
        assert client.get(f"/desk/cases/{case.number}/").status_code == status
        assert client.get(f"/desk/customers/{case.customer_id}/").status_code == status
        listed = client.get("/desk/?view=all").content.decode()
        assert (f'data-number="{case.number}"' in listed) is (status == 200)
        assert client.get("/desk/messages/").status_code == 403


def test_a_dealers_own_system_sees_what_it_sent_and_nothing_else(profile):
    dealer, other = System(Role.CLERK, NORTH), System(Role.CLERK, SOUTH)
    number = dealer.post("cases", OPENING).json()["number"]
    make_case(profile=profile)
    assert Case.objects.get(number=number).office == NORTH
    assert [case["number"] for case in dealer.get("cases").json()["items"]] == [number]
    assert dealer.get(f"cases/{number}").status_code == 200
    assert other.get("cases").json()["items"] == []
    assert other.get(f"cases/{number}").status_code == 404


def test_the_list_of_an_office_walks_its_own_index(profile, ayse):
    cases = Case.objects.visible_to(ayse).order_by("-received_at")[:50]
    with CaptureQueriesContext(connection) as asked:
        plan = cases.explain()
    assert len(asked) == 1
    if connection.vendor == "sqlite":  # PostgreSQL scans a table that is all but empty
        assert "case_of_office" in plan
