"""Being away: what comes goes to the cover, who sees and may do what the absent person could."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from derman.accounts import absence, staff
from derman.accounts.models import AccessEvent, Membership, User
from derman.cases import actions
from derman.cases.models import Case
from derman.outbox.recipients import recipients
from derman.profile.schema import Notice
from derman.words.life import Verb
from derman.words.rights import Role
from tests.factories import MONDAY, make_case, make_user, published

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
WEEK = timedelta(days=6)


@pytest.fixture
def ayse() -> User:
    return make_user(Role.SOLUTION, "solution", name="ayse")


@pytest.fixture
def burak() -> User:
    return make_user(Role.SOLUTION, "solution", name="burak")


def away(user: User, cover: User, start: date = TODAY, end: date | None = None):
    return absence.enter(user, cover, start, end or start + WEEK, by=user, at=MONDAY)


def assigned(to: User, by: User) -> Case:
    case = make_case()
    actions.assign(case, to, by=by, at=MONDAY, profile=published())
    return Case.objects.get(pk=case.pk)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_what_is_assigned_to_somebody_away_goes_to_the_cover(ayse, burak):
    boss = make_user(Role.SUPERVISOR)
    assert assigned(ayse, boss).owner_user == ayse
    away(ayse, burak)
    case = assigned(ayse, boss)
    assert case.owner_user == burak
    assert case.events.last().details == {"to": burak.pk, "instead_of": ayse.pk}


@pytest.mark.parametrize("days", [-1, 7])
def test_before_the_first_and_after_the_last_day_nothing_goes_elsewhere(ayse, burak, days):
    away(ayse, burak)
    assert absence.stand_in(ayse, TODAY + timedelta(days=days)) == ayse
    assert absence.stands_in_for(burak, TODAY + timedelta(days=days)) == ()


def test_the_day_is_that_of_the_organisation(ayse, burak):
    profile = published().profile
    assert absence.day_of(MONDAY.replace(hour=0, minute=30), profile) == TODAY


def test_a_cover_who_is_away_is_covered_in_turn(ayse, burak):
    can = make_user(Role.SOLUTION, "solution", name="can")
    away(ayse, burak)
    away(burak, can)
    assert absence.stand_in(ayse, TODAY) == can
    assert set(absence.stands_in_for(can, TODAY)) == {ayse.pk, burak.pk}
    assert absence.stands_in_for(burak, TODAY) == ()


def test_two_who_cover_each_other_keep_their_own(ayse, burak):
    away(ayse, burak)
    away(burak, ayse)
    assert absence.stand_in(ayse, TODAY) == ayse
    assert absence.stands_in_for(burak, TODAY) == ()


def test_a_cover_whose_access_ended_covers_no_more(ayse, burak):
    away(ayse, burak)
    User.objects.filter(pk=burak.pk).update(is_active=False)
    assert absence.stand_in(ayse, TODAY) == ayse


def test_reminders_go_to_the_cover(ayse, burak):
    case = assigned(ayse, make_user(Role.SUPERVISOR))
    profile = published().profile
    notice = Notice.model_validate(
        {"on": "information_added", "to": "owner_user", "send": {"email": "staff_task"}}
    )

    def reached() -> list[str]:
        found = recipients(notice, case, "", profile, {}, at=MONDAY)
        return [address for one in found for address in one.addresses.values()]

    assert reached() == [ayse.email]
    away(ayse, burak)
    assert reached() == [burak.email]


def test_a_cover_sees_what_the_absent_person_owns_and_only_then(ayse):
    """A unit's expert covers for one of another unit, whose cases are not theirs otherwise."""
    Membership.objects.filter(user=ayse).update(role=Role.UNIT, unit="metering")
    owner = User.objects.get(pk=ayse.pk)
    other = make_user(Role.UNIT, "billing", name="other")
    case = assigned(owner, make_user(Role.SUPERVISOR))
    Case.objects.filter(pk=case.pk).update(unit="network", owner_unit="solution")
    assert not Case.objects.visible_to(other).exists()
    away(owner, other)
    other.stands_in_for = absence.stands_in_for(other, TODAY)
    assert Case.objects.visible_to(other).get() == case
    assert Case.objects.visible_to(other, Verb.CONTACT).get() == case
    assert not Case.objects.visible_to(other, Verb.CLOSE).exists()  # no right of the role


def test_mine_shows_the_cases_of_those_one_covers_for_with_a_mark(ayse, burak):
    today = timezone.localdate()
    case = assigned(ayse, make_user(Role.SUPERVISOR))
    client = signed_in(burak)
    assert case.number not in client.get("/desk/?view=mine").content.decode()
    absence.enter(ayse, burak, today, today + WEEK, by=ayse, at=timezone.now())
    absence.forget()
    page = client.get("/desk/?view=mine").content.decode()
    assert f'data-number="{case.number}"' in page
    assert f"For {ayse.name}" in page


@pytest.mark.parametrize(
    ("start", "end"), [(TODAY, TODAY - timedelta(days=1)), (TODAY + WEEK, TODAY + 2 * WEEK)]
)
def test_days_that_cannot_be_are_refused(ayse, burak, start, end):
    away(ayse, burak)
    with pytest.raises(staff.CannotChange):
        away(ayse, burak, start, end)
    assert ayse.absences.count() == 1


def test_a_cover_has_a_role_of_the_absent_person(ayse):
    for cover in (make_user(Role.AGENT), ayse):
        with pytest.raises(staff.CannotChange):
            away(ayse, cover)


def test_one_enters_and_ends_the_own_absence(ayse, burak):
    published()
    client = signed_in(ayse)
    today = timezone.localdate()
    said = {"cover": burak.pk, "starts_on": today, "ends_on": today + WEEK}
    assert client.post("/desk/account/absence/", said)["Location"] == "/desk/account/"
    entered = ayse.absences.get()
    assert f"{burak.name} covers" in client.get("/desk/account/").content.decode()
    assert signed_in(burak).post(f"/desk/account/absence/{entered.pk}/end/").status_code == 404
    client.post(f"/desk/account/absence/{entered.pk}/end/")
    assert not ayse.absences.exists()
    assert [event.type for event in AccessEvent.objects.order_by("id")] == [
        "absence_entered",
        "absence_ended",
    ]


def test_wrong_days_are_told_at_the_form(ayse, burak):
    published()
    said = {"cover": burak.pk, "starts_on": "2026-03-09", "ends_on": "2026-03-02"}
    answer = signed_in(ayse).post("/desk/account/absence/", said)
    assert answer.status_code == 422
    assert "The last day is before the first." in answer.content.decode()


def test_a_supervisor_enters_the_absence_of_somebody_who_is_ill(ayse, burak):
    published()
    client = signed_in(make_user(Role.SUPERVISOR))
    today = timezone.localdate()
    said = {"user": ayse.pk, "cover": burak.pk, "starts_on": today, "ends_on": today + WEEK}
    client.post("/settings/absences/", said)
    page = client.get("/settings/absences/").content.decode()
    assert 'data-absence="ayse"' in page
    assert client.get("/settings/users/").status_code == 403
    client.post(f"/settings/absences/{ayse.absences.get().pk}/end/")
    assert "Nobody is away" in client.get("/settings/absences/").content.decode()
