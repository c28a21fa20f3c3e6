"""Who else is on a case: for a minute, and written seldom."""

from datetime import timedelta

import pytest

from derman.cases.models import Case
from derman.worker import reconcilers, run_round
from derman.workplace import presence
from derman.workplace.models import Presence
from tests.factories import MONDAY, make_case, make_user, published

pytestmark = pytest.mark.django_db


def later(seconds: float):
    return MONDAY + timedelta(seconds=seconds)


@pytest.fixture
def two():
    published()
    return make_user("agent", name="ayse"), make_user("solution", name="sevgi")


def look(case, user, seconds=0.0, *, typing=False):
    return presence.look(case.pk, user, typing=typing, at=later(seconds))


def test_the_second_is_told_of_the_first_and_nobody_of_oneself(two):
    case, (first, second) = make_case(), two
    assert look(case, first) == []
    assert [str(one) for one in look(case, second, 1)] == [first.name]
    assert [one.id for one in look(case, first, 2, typing=True)] == [second.pk]
    assert [one.is_typing for one in look(case, second, 3)] == [True]
    assert look(make_case(), second, 3) == []


def test_a_minute_without_a_sign_and_nobody_is_there(two):
    case, (first, second) = make_case(), two
    look(case, first)
    assert look(case, second, 59)
    assert look(case, second, 60) == []


def test_the_same_said_again_soon_is_not_written(two, django_assert_num_queries):
    case, (first, _second) = make_case(), two
    with django_assert_num_queries(2):
        look(case, first)
    with django_assert_num_queries(1):
        look(case, first, 7)
    with django_assert_num_queries(2):
        look(case, first, 8)
    with django_assert_num_queries(2):
        look(case, first, 9, typing=True)  # that somebody begins to type is news
    assert Presence.objects.count() == 1


def test_cases_are_marked_that_somebody_else_has_open(two):
    case, other, (first, second) = make_case(), make_case(), two
    look(case, first)
    marked = presence.mark(Case.objects.all(), second, later(1))
    assert {one.pk: one.is_watched for one in marked} == {case.pk: True, other.pk: False}
    assert not any(one.is_watched for one in presence.mark(Case.objects.all(), first, later(1)))
    assert not any(one.is_watched for one in presence.mark(Case.objects.all(), second, later(61)))


def test_the_worker_forgets_who_left(two):
    case, (first, second) = make_case(), two
    look(case, first)
    look(case, second, 30)
    run_round(reconcilers(), later(70))
    assert list(Presence.objects.values_list("user", flat=True)) == [second.pk]
