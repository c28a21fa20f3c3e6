"""Views that people keep: with all filters, shared, pinned, counted after the page."""

import pytest
from django.test import Client

from derman.cases import actions
from derman.workplace import saved_views
from derman.workplace.models import Pin, SavedView
from tests.factories import MONDAY, make_case, make_user, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def profile():
    return published()


@pytest.fixture
def agent(profile):
    return make_user("agent", "call_centre")


def sign_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def numbers(response) -> list[str]:
    return [row.number for row in response.context["bench"].rows]


def kept(user, name="Rechnung", query="view=all&topic=billing", shared="", *, pinned=True):
    return saved_views.keep(name, query, shared_with=shared, owner=user, at=MONDAY, pinned=pinned)


FITS = {
    "state": "received",
    "topic": "metering.reading_disputed",
    "region": "merkez",
    "channel": "phone",
    "kind": "complaint",
    "unit": "metering",
    "owner": "nobody",
    "priority": "normal",
    "language": "tr",
    "reply_channel": "sms",
    "received_from": "2026-03-02",
    "received_to": "2026-03-02",
    "due_before": "2027-01-01",
}
FAILS = {
    "state": "closed",
    "topic": "metering.no_such",
    "region": "sahil",
    "channel": "web",
    "kind": "thanks",
    "unit": "billing",
    "owner": "me",
    "priority": "high",
    "language": "de",
    "reply_channel": "letter",
    "received_from": "2026-03-03",
    "received_to": "2026-03-01",
    "due_before": "2026-03-02",
}


@pytest.mark.parametrize("name", FITS)
def test_each_filter_lets_through_what_fits_and_nothing_else(agent, name):
    case = make_case(region="merkez", reply_channel="sms")
    client = sign_in(agent)
    assert numbers(client.get("/desk/", {"view": "all", name: FITS[name]})) == [case.number]
    assert numbers(client.get("/desk/", {"view": "all", name: FAILS[name]})) == []


def test_filters_that_say_nothing_sensible_are_left_out(agent):
    case = make_case()
    wrong = {"owner": "1;drop", "received_from": "yesterday", "topic": "Ü " * 50, "unit": "\x00"}
    page = sign_in(agent).get("/desk/", {"view": "all", **wrong})
    assert numbers(page) == [case.number]
    assert page.context["bench"].chips == []


def test_a_chip_takes_its_filter_away_and_no_other(agent):
    make_case()
    page = sign_in(agent).get("/desk/?view=all&kind=complaint&due_before=2027-01-01&owner=me")
    chips = {str(chip.label): chip for chip in page.context["bench"].chips}
    assert chips["Kind"].value == "Complaint"
    assert chips["Owner"].value == "Me"
    assert chips["Kind"].url == "/desk/?view=all&owner=me&due_before=2027-01-01"


def test_the_form_of_the_filters_comes_when_it_is_opened(agent, django_assert_max_num_queries):
    client = sign_in(agent)
    assert "<select" not in client.get("/desk/?view=all").content.decode()
    opened = client.get("/desk/?view=all&filters=1").content.decode()
    with django_assert_max_num_queries(6):
        part = client.get("/desk/filters/?view=all&kind=thanks").content.decode()
    assert '<select name="topic">' in opened
    assert '<option value="thanks" selected>' in part
    assert "<html" not in part


def test_keep_a_list_and_open_it_from_the_menu(agent):
    make_case()
    wanted = make_case(topic="billing.invoice_objection")
    client = sign_in(agent)
    form = client.get("/desk/views/new/?view=all&topic=billing&after=x&nonsense=1")
    assert form.context["form"]["query"].value() == "view=all&topic=billing"
    said = {"query": "view=all&topic=billing&x=1", "name": "Bills", "pinned": "on"}
    answer = client.post("/desk/views/new/", said)
    page = client.get(answer.url)
    assert numbers(page) == [wanted.number]
    item = next(item for item in page.context["views"] if item.is_pinned)
    assert (item.label, item.key, item.name) == ("Bills", "v 1", page.context["current"])


def test_a_name_stands_for_one_view_of_its_owner(agent):
    kept(agent, "Bills")
    client = sign_in(agent)
    answer = client.post("/desk/views/new/", {"query": "view=all", "name": "Bills"})
    assert answer.status_code == 422
    assert "of this name already" in answer.content.decode()
    kept(make_user("supervisor"), "Bills")


def test_shared_views_reach_the_unit_and_nobody_else(agent, profile):
    mate, stranger = make_user("agent", "call_centre", name="mate"), make_user("unit", "metering")
    view = kept(agent, shared="call_centre")
    assert "Rechnung" in sign_in(mate).get("/desk/views/").content.decode()
    assert "Rechnung" not in sign_in(stranger).get("/desk/views/").content.decode()
    assert sign_in(stranger).post(f"/desk/views/{view.pk}/pin/", {"do": "pin"}).status_code == 404
    sign_in(mate).post(f"/desk/views/{view.pk}/pin/", {"do": "pin"})
    assert Pin.objects.filter(user=mate).exists()
    sign_in(mate).post(f"/desk/views/{view.pk}/deletion/")
    sign_in(mate).post(f"/desk/views/{view.pk}/", {"query": "view=all", "name": "Mine now"})
    assert SavedView.objects.get().name == "Rechnung"


def test_what_is_shared_no_more_leaves_the_menus_of_others(agent):
    mate = make_user("agent", "call_centre", name="mate")
    view = kept(agent, shared="call_centre")
    saved_views.pin(mate, view)
    sign_in(agent).post(
        f"/desk/views/{view.pk}/", {"query": view.query, "name": view.name, "shared_with": ""}
    )
    assert saved_views.pins(mate) == []


def test_a_shared_view_shows_each_reader_their_own_cases_only(agent, profile):
    mine, _other = make_case(), make_case(topic="billing.invoice_objection")
    kept(agent, "All", "view=all", shared="*")
    unit = make_user("unit", "metering")
    assert numbers(sign_in(unit).get("/desk/?view=all")) == [mine.number]


@pytest.mark.parametrize(("query", "shared"), [("view=all&q=Ayşe", "*"), ("view=all", "billing")])
def test_no_searched_words_and_no_strange_unit_are_shared(agent, query, shared):
    with pytest.raises(saved_views.CannotKeep):
        kept(agent, query=query, shared=shared)


def test_views_move_in_the_menu_and_take_keys(agent):
    first, second = kept(agent, "A"), kept(agent, "B")
    client = sign_in(agent)
    client.post(f"/desk/views/{second.pk}/pin/", {"do": "up"})
    assert [pin.view.name for pin in saved_views.pins(agent)] == ["B", "A"]
    client.post(f"/desk/views/{second.pk}/pin/", {"do": "up"})  # already the first
    client.post(f"/desk/views/{first.pk}/pin/", {"do": "key", "key": "2"})
    assert {pin.view.name: pin.key for pin in saved_views.pins(agent)} == {"A": "2", "B": ""}
    client.post(f"/desk/views/{first.pk}/pin/", {"do": "unpin"})
    assert [pin.view.name for pin in saved_views.pins(agent)] == ["B"]


def test_the_counts_come_after_the_page_in_one_query(agent, profile, django_assert_max_num_queries):
    case = make_case()
    actions.take(case, by=agent, at=MONDAY, profile=profile)
    counted = kept(agent, "Mine", "view=mine")
    kept(agent, "Open", "view=all&state=in_review")
    uncounted = kept(agent, "All", "view=all&topic=metering")
    client = sign_in(agent)
    client.get("/desk/?view=mine")
    with django_assert_max_num_queries(8):
        part = client.get("/desk/views/counts/").content.decode()
    assert f'id="count-view-{counted.pk}" hx-swap-oob="true">1<' in part
    assert part.count("hx-swap-oob") == 2
    assert str(uncounted.pk) not in part


def test_the_list_of_views_takes_few_queries(agent, django_assert_max_num_queries):
    for n in range(12):
        kept(agent, f"View {n}", pinned=n < 5)
    client = sign_in(agent)
    client.get("/desk/?view=mine")
    with django_assert_max_num_queries(10):
        client.get("/desk/views/")


def test_nothing_kept_yet_says_how(agent):
    assert "No view kept yet" in sign_in(agent).get("/desk/views/").content.decode()
