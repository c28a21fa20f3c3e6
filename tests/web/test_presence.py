"""The line on the case page that says who else is here, and the mark in the list."""

import pytest
from django.test import Client

from derman.audit.models import AccessRecord
from derman.workplace.models import Presence
from tests.factories import make_case, make_user, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    published()
    return make_user("agent", name="ayse"), make_user("supervisor", name="sevgi")


def sign_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def say(client, case, **said):
    return client.post(f"/desk/cases/{case.number}/presence/", said, headers={"HX-Request": "true"})


def test_a_page_is_told_who_else_looks_or_types(people):
    case, (one, other) = make_case(), map(sign_in, people)
    assert say(one, case).status_code == 204  # nobody else: nothing new
    answer = say(other, case).content.decode()
    assert "Agent Kaya is looking at this" in answer
    say(one, case, typing="1")
    answer = say(other, case).content.decode()
    assert "Agent Kaya is typing" in answer
    known = f"{people[0].pk}t"
    assert f'value="{known}"' in answer
    assert say(other, case, known=known).status_code == 204


def test_it_shows_nothing_of_the_case_and_so_records_no_look(people):
    case = make_case()
    say(sign_in(people[0]), case)
    assert not AccessRecord.objects.exists()


def test_who_may_not_see_the_case_learns_nothing(people):
    case = make_case()
    stranger = sign_in(make_user("unit", "billing"))
    assert say(stranger, case).status_code == 404
    assert not Presence.objects.exists()


def test_asking_again_costs_few_queries_and_writes_nothing(people, django_assert_max_num_queries):
    case, client = make_case(), sign_in(people[0])
    say(client, case)
    with django_assert_max_num_queries(6) as asked:
        say(client, case)
    assert not [one for one in asked if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_the_list_marks_a_case_that_somebody_else_has_open(people):
    case, (one, other) = make_case(), map(sign_in, people)
    make_case()
    say(one, case)
    page = other.get("/desk/?view=all").content.decode()
    assert page.count("A colleague has it open") == 1
    assert "A colleague has it open" not in one.get("/desk/?view=all").content.decode()


def test_the_case_page_asks_by_itself(people):
    case, client = make_case(), sign_in(people[0])
    page = client.get(f"/desk/cases/{case.number}/").content.decode()
    assert f'hx-post="/desk/cases/{case.number}/presence/"' in page
