"""Work on many cases through the pages: mark, preview, order, follow, undo, download."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from derman.cases.models import Case
from derman.workplace import bulk, running
from derman.workplace.models import BulkRun
from tests.factories import MONDAY, make_case, make_user, published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA = tmp_path


@pytest.fixture
def boss():
    published()
    return make_user("supervisor", name="boss")


def sign_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def settle():
    while running.settle(MONDAY + timedelta(hours=1), 100, profile=published()):
        pass


def begin(client, verb, cases, **more):
    said = {"do": verb, "number": [case.number for case in cases], "query": "view=all", **more}
    answer = client.post("/desk/bulk/", said)
    assert answer.status_code == 302
    return answer.url


def test_mark_preview_order_and_follow(boss):
    mate = make_user("solution", "solution", name="mate")
    cases, client = [make_case() for _ in range(3)], sign_in(boss)
    page = client.get("/desk/?view=all").content.decode()
    assert page.count('type="checkbox" name="number"') == 3
    address = begin(client, "assign", cases[:2])
    assert "What will happen" not in client.get(address).content.decode()
    shown = client.post(address, {"do": "preview", "to": mate.pk}).content.decode()
    assert "2 cases will be assigned." in shown
    assert not Case.objects.filter(owner_user=mate).exists()
    assert client.post(address, {"do": "order", "to": mate.pk}).status_code == 302
    waiting = client.get(address).content.decode()
    assert "0 of 2" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    settle()
    part = client.get(f"{address}progress/").content.decode()
    assert "2 of 2" in part
    assert "hx-get" not in part
    assert "<html" not in part
    assert set(Case.objects.filter(owner_user=mate)) == set(cases[:2])


def test_all_that_match_means_the_filters_too(boss):
    make_case(topic="billing.invoice_objection")
    wanted = {make_case().pk for _ in range(3)}
    client = sign_in(boss)
    address = begin(client, "tag", [], all="1", query="view=all&topic=metering")
    client.post(address, {"do": "order", "tag": "media"})
    settle()
    assert set(Case.objects.filter(tags__tag="media").values_list("pk", flat=True)) == wanted


def test_more_than_one_run_holds_is_said(boss, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 2)
    for _ in range(3):
        make_case()
    client = sign_in(boss)
    address = begin(client, "tag", [], all="1")
    page = client.get(address).content.decode()
    assert "One run takes the first 2" in page
    assert BulkRun.objects.get().items.count() == 2


def test_why_some_are_left_out_stands_in_the_preview_and_the_result(boss):
    fine, other, client = make_case(), make_case(), sign_in(boss)
    address = begin(client, "tag", [fine, other])
    client.post(f"/desk/cases/{other.number}/notes/", {"version": other.version, "text": "Ich."})
    shown = client.post(address, {"do": "preview", "tag": "media"}).content.decode()
    assert "1 case will be tagged." in shown
    assert "1 is left out: Somebody changed them meanwhile" in shown
    client.post(address, {"do": "order", "tag": "media"})
    settle()
    page = client.get(address).content.decode()
    assert "Somebody changed them meanwhile (1)" in page
    assert f"/desk/cases/{other.number}/" in page


def test_undo_is_previewed_like_everything(boss):
    case, client = make_case(), sign_in(boss)
    address = begin(client, "tag", [case])
    client.post(address, {"do": "order", "tag": "media"})
    settle()
    back = client.post(address, {"do": "undo"}).url
    assert "1 case will lose the tag." in client.get(back).content.decode()
    client.post(back, {"do": "order"})
    settle()
    assert not case.tags.exists()


def test_nothing_said_is_told_at_its_field(boss):
    client = sign_in(boss)
    address = begin(client, "refer", [make_case()])
    answer = client.post(address, {"do": "order", "unit": ""})
    assert answer.status_code == 422
    assert BulkRun.objects.get().state == "draft"


def test_nothing_marked_is_told(boss):
    client = sign_in(boss)
    answer = client.post("/desk/bulk/", {"do": "tag", "query": "view=all"}, follow=True)
    assert "Mark at least one case first." in answer.content.decode()
    assert not BulkRun.objects.exists()


@pytest.mark.parametrize(
    ("role", "verbs"),
    [
        ("agent", {"refer", "tag", "untag"}),
        ("solution", {"assign", "refer", "tag", "untag", "export"}),
        ("unit", set()),
        ("manager", {"export"}),
    ],
)
def test_each_role_is_offered_its_verbs(role, verbs):
    published()
    make_case()
    client = sign_in(make_user(role, "metering"))
    page = client.get("/desk/?view=all").content.decode()
    offered = set(re.findall(r'name="do" value="(\w+)"', page))
    refers = bulk.may(make_user(role, name="other"), "refer", published().profile)
    assert offered == (verbs if refers else verbs - {"refer"})
    for verb in {"assign", "refer", "tag", "export"} - verbs:
        client.post("/desk/bulk/", {"do": verb, "all": "1", "query": "view=all"})
    assert not BulkRun.objects.exists()


def test_a_run_is_its_makers_own(boss):
    client, other = sign_in(boss), sign_in(make_user("solution", "solution", name="mate"))
    address = begin(client, "tag", [make_case()])
    assert other.get(address).status_code == 404
    assert other.post(address, {"do": "order", "tag": "media"}).status_code == 404
    admin = sign_in(make_user("admin"))
    assert admin.get(address).status_code == 200
    admin.post(address, {"do": "order", "tag": "media"})
    assert BulkRun.objects.get().state == "draft"


def test_the_file_is_for_whoever_made_it(boss):
    case, client = make_case(), sign_in(boss)
    address = begin(client, "export", [case])
    client.post(address, {"do": "order", "format": "csv"})
    settle()
    assert "Download the file" in client.get(address).content.decode()
    answer = client.get(f"{address}file/")
    assert answer["Content-Disposition"].startswith('attachment; filename="derman-')
    assert case.number in answer.content.decode("utf-8-sig")
    admin = sign_in(make_user("admin"))
    assert admin.get(f"{address}file/").status_code == 302
    assert "Download the file" not in admin.get(address).content.decode()


def test_a_file_that_is_gone_is_told(boss):
    client = sign_in(boss)
    address = begin(client, "export", [make_case()])
    answer = client.get(f"{address}file/", follow=True)
    assert "The file was deleted" in answer.content.decode()


def test_a_case_of_others_cannot_be_smuggled_in(boss):
    other = make_case()
    clerk = sign_in(make_user("clerk", "office_centre"))
    clerk.post("/desk/bulk/", {"do": "tag", "number": [other.number], "query": "view=all"})
    assert not BulkRun.objects.exists()


def test_marking_costs_no_query_more(boss, django_assert_max_num_queries):
    for _ in range(12):
        make_case()
    client = sign_in(boss)
    client.get("/desk/")
    with django_assert_max_num_queries(10):
        client.get("/desk/?view=all")
