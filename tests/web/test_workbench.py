"""The workbench: views, filters, pages by key, search, rights, and how few queries it takes."""

import pytest
from django.test import Client

from derman.audit.models import AccessRecord
from derman.cases import actions
from derman.cases.models import Case
from derman.desk import worklists
from derman.words.life import Verb
from derman.words.rights import RIGHTS, Role
from tests.factories import MONDAY, make_account, make_case, make_customer, make_user, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def profile():
    return published()


def sign_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def agent(profile):
    return make_user("agent", "call_centre")


def numbers(response) -> list[str]:
    return [row.number for row in response.context["bench"].rows]


def test_it_asks_for_a_sign_in():
    assert Client().get("/desk/").status_code == 302


def test_it_lists_cases_and_writes_down_who_looked(agent):
    case = make_case()
    page = sign_in(agent).get("/desk/?view=all")
    assert numbers(page) == [case.number]
    assert f'data-number="{case.number}"' in page.content.decode()
    assert AccessRecord.objects.get(what="workbench").by == agent


def test_the_first_page_takes_at_most_ten_queries(agent, django_assert_max_num_queries):
    for _ in range(12):
        make_case()
    client = sign_in(agent)
    client.get("/desk/")  # the session's first request writes it
    with django_assert_max_num_queries(10):
        client.get("/desk/?view=all&state=received")
    with django_assert_max_num_queries(10):
        client.get("/desk/")


def test_lines_of_many_owners_take_no_query_more(profile, agent, django_assert_max_num_queries):
    boss = make_user("supervisor", name="boss")
    for n in range(6):
        owner = make_user("solution", "solution", name=f"owner-{n}")
        actions.assign(make_case(), owner, by=boss, at=MONDAY, profile=profile)
    client = sign_in(agent)
    client.get("/desk/")
    with django_assert_max_num_queries(10):
        client.get("/desk/?view=all")


def test_pages_follow_each_other_by_key_without_a_gap(agent, monkeypatch):
    monkeypatch.setattr(worklists, "SIZE", 3)
    made = {make_case().number for _ in range(8)}
    client, seen, address = sign_in(agent), [], "/desk/?view=new"
    while address:
        page = client.get(address)
        seen += numbers(page)
        address = page.context["bench"].next_url
    assert len(seen) == 8
    assert set(seen) == made


def test_filters_are_in_the_address(agent):
    make_case(region="sahil")
    wanted = make_case(region="merkez", topic="billing.invoice_objection")
    client = sign_in(agent)
    assert numbers(client.get("/desk/?view=all&region=merkez&topic=billing")) == [wanted.number]
    assert numbers(client.get("/desk/?view=all&state=closed")) == []
    assert "Nothing fits" in client.get("/desk/?view=all&state=closed").content.decode()


def test_wrong_parameters_are_left_out(agent):
    case = make_case()
    page = sign_in(agent).get("/desk/?view=nowhere&after=garbage~x&state=")
    assert page.status_code == 200
    assert numbers(page) == [case.number]


@pytest.mark.parametrize("query", ["Ayşe Yılmaz", "AYSE", "sayaç", "10442000"])
def test_search_finds_by_name_text_and_account(agent, query):
    customer = make_customer("Ayşe Yılmaz")
    case = make_case(customer=customer, account=make_account(customer, "10442000"))
    make_case(description="Başka bir şey.", topic="billing.invoice_objection")
    assert case.number in numbers(sign_in(agent).get("/desk/", {"q": query}))


def test_an_exact_number_opens_its_case(agent):
    case = make_case()
    spaced = f"{case.number[:3]} {case.number[3:6]} {case.number[6:]}"
    page = sign_in(agent).get("/desk/", {"q": spaced})
    assert page.status_code == 302
    assert page.url == f"/desk/cases/{case.number}/"


def test_a_unit_sees_its_own_cases_only(profile):
    unit = make_user("unit", "metering")
    mine, other = make_case(), make_case(topic="billing.invoice_objection")
    page = sign_in(unit).get("/desk/?view=all")
    assert mine.number in numbers(page)
    assert other.number not in numbers(page)
    assert sign_in(unit).get("/desk/", {"q": other.number}).status_code == 200


def test_a_secret_reporter_stays_unnamed_but_for_who_may_know(agent):
    make_case(
        customer=make_customer("Gizli Kişi"), secret_reporter=True, topic="illegal_use.report"
    )
    assert "Gizli" not in sign_in(agent).get("/desk/?view=all").content.decode()
    boss = make_user("supervisor")
    assert "Gizli" in sign_in(boss).get("/desk/?view=all").content.decode()


def test_a_secret_reporter_is_not_found_by_name(agent):
    case = make_case(
        customer=make_customer("Gizli Kişi"), secret_reporter=True, topic="illegal_use.report"
    )
    assert case.number not in numbers(sign_in(agent).get("/desk/", {"q": "Gizli Kişi"}))


def test_the_menu_counts_what_the_role_sees(profile, agent):
    case = make_case()
    actions.refer(case, "metering", by=agent, at=case.received_at, profile=profile)
    unit = make_user("unit", "metering")
    menu = {item.name: item for item in sign_in(unit).get("/desk/").context["views"]}
    assert menu["tasks"].count == 1
    assert menu["unit"].count == 1
    assert "new" not in menu
    menu = {item.name: item for item in sign_in(agent).get("/desk/").context["views"]}
    assert menu["late"].count == Case.objects.count()  # the factory's day is long past
    assert "tasks" not in menu


@pytest.mark.parametrize("role", Role)
def test_everybody_has_a_first_page(profile, role):
    make_case()
    page = sign_in(make_user(role, "metering")).get("/desk/")
    assert page.status_code == 200
    reads = Verb.READ in RIGHTS[role].verbs
    assert ("view=all" in page.content.decode()) is reads


def test_a_count_stops_at_its_cap(agent, monkeypatch):
    monkeypatch.setattr(worklists, "CAP", 2)
    for _ in range(4):
        make_case()
    assert worklists.count(Case.objects.all()) == 3
