"""Tags on the desk: the form, the chips, the filter."""

import pytest
from django.test import Client

from derman.cases import actions
from tests.factories import MONDAY, make_case, make_user, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    published()
    return make_user("agent", "call_centre")


def sign_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_tags_are_chosen_on_the_case_page_and_shown_everywhere(agent):
    case, client = make_case(), sign_in(agent)
    address = f"/desk/cases/{case.number}/tags/"
    assert "In the media" in client.get(address).content.decode()
    said = {"version": case.version, "tags": ["media", "contractor"]}
    assert client.post(address, said).status_code == 302
    page = client.get(f"/desk/cases/{case.number}/").content.decode()
    assert "Tag “In the media” added" in page
    assert page.count("Caused by a contractor") == 2  # head and history
    case.refresh_from_db()
    client.post(address, {"version": case.version, "tags": ["contractor"]})
    page = client.get(f"/desk/cases/{case.number}/").content.decode()
    assert "Tag “In the media” removed" in page


def test_the_filter_finds_cases_with_the_tag(agent):
    tagged, _other = make_case(), make_case()
    actions.tag(tagged, "media", by=agent, at=MONDAY, profile=published())
    page = sign_in(agent).get("/desk/?view=all&tag=media")
    assert [row.number for row in page.context["bench"].rows] == [tagged.number]
    assert page.context["bench"].chips[0].value == "In the media"


def test_who_has_not_the_right_is_not_offered_it(agent):
    case = make_case()
    manager = sign_in(make_user("manager"))
    assert manager.get(f"/desk/cases/{case.number}/tags/").status_code == 403
    assert "/tags/" not in manager.get(f"/desk/cases/{case.number}/").content.decode()


def test_tags_of_a_page_take_one_query(agent, django_assert_max_num_queries):
    for _ in range(8):
        case = make_case()
        actions.tag(case, "media", by=agent, at=MONDAY, profile=published())
        actions.tag(case, "contractor", by=agent, at=MONDAY, profile=published())
    client = sign_in(agent)
    client.get("/desk/?view=all")
    with django_assert_max_num_queries(10):
        client.get("/desk/?view=all")
