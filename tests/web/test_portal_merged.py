"""Following a case that was merged: its own people learn where it goes on, others nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from derman.cases import actions
from derman.cases.models import Case, Event
from tests.applicants import Applicant
from tests.factories import make_case, make_customer, make_user, published
from tests.web.test_portal_track import open_details

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture
def mine(at):
    return make_case(customer=make_customer(), at=at - timedelta(days=1))


def merge(case, into, at):
    user = make_user("supervisor")
    actions.merge(case, into, by=user, at=at, profile=published())


def followed(case):
    applicant = Applicant()
    applicant.track(case.number, case.follow_key)
    return applicant


def test_ones_own_other_number_is_named(mine, at):
    other = make_case(customer=mine.applicant, at=at)
    merge(mine, other, at)

    page = followed(mine)

    assert "data-goes-on" in page.text
    assert f"?n={other.number}" in page.text
    assert 'data-event="merged"' in page.text


def test_somebody_elses_number_is_not(mine, at):
    other = make_case(at=at)
    merge(mine, other, at)

    page = open_details(Applicant(), mine)

    assert "data-goes-on" in page.text
    for hidden in (other.number, other.follow_key, other.applicant.name):
        assert hidden not in page.text.replace("\xa0", "")


def test_the_targets_applicant_learns_nothing_of_the_merge(mine, at):
    other = make_case(customer=make_customer("Ali Kaya", phone="+905331112233"), at=at)
    merge(mine, other, at)
    said = Case.objects.get(pk=mine.pk)
    actions.hear(said, "Bunu başkası yazdı.", by=None, at=at, profile=published())

    page = open_details(Applicant(), other)

    assert 'data-event="merged"' not in page.text
    assert 'data-event="information_added"' not in page.text
    assert "Bunu başkası yazdı." not in page.text
    assert mine.number not in page.text


def test_what_is_added_under_the_old_number_reaches_the_target(mine, at):
    other = make_case(customer=mine.applicant, at=at)
    merge(mine, other, at)
    page = open_details(Applicant(), mine)

    page.get(f"/track/{mine.number}/information/")
    page.send(text="Bir fotoğraf daha var.")

    assert Event.objects.filter(case=other, type="information_added").exists()
    assert "Bir fotoğraf daha var." in page.get(f"/track/{mine.number}/").content.decode()


def test_the_state_shown_is_that_of_the_target_and_nothing_can_be_withdrawn(mine, at):
    other = make_case(customer=mine.applicant, at=at)
    merge(mine, other, at)
    actions.take(other, by=make_user("solution"), at=at, profile=published())

    page = followed(mine)

    assert "Being examined" in page.text
    assert 'data-state="closed"' in page.text  # what other systems are told as well
    assert "/withdrawal/" not in page.text


def test_what_we_ask_of_somebody_else_is_not_asked_of_whose_case_went_on_there(mine, at):
    other = make_case(customer=make_customer("Ali Kaya", phone="+905331112233"), at=at)
    merge(mine, other, at)
    given = {"by": make_user("solution"), "at": at, "profile": published()}

    actions.ask(other, "Hangi daire?", **given)
    page = followed(mine)
    assert "Being examined" in page.text
    assert "We need something from you" not in page.text
    assert "before we hear from you" not in page.text

    actions.hear(other, "On iki.", **given)
    actions.outcome(other, "justified", "Düzeltildi.", **given)
    page = followed(mine)
    assert "Being concluded" in page.text
    assert "tell us" not in page.text
