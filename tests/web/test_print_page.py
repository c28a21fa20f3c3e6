"""A case on paper: what leaves the house, what does not, and that it is written down."""

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse

from derman.audit.models import AccessRecord
from derman.cases import actions
from derman.cases.models import Case
from derman.words.rights import Role
from tests.factories import MONDAY, make_account, make_case, make_customer, make_user, published

pytestmark = pytest.mark.django_db
NOTE, QUESTION, ANSWER = "Komşusuyla kavgalı.", "Hangi endeks okundu?", "4 812 okundu."
TOLD = "Sayaç yeniden okundu, fatura düzeltildi."


@pytest.fixture
def case() -> Case:
    profile, boss = published(), make_user(Role.SUPERVISOR, name="boss")
    act = {"by": boss, "at": MONDAY, "profile": profile}
    customer = make_customer(email="ayse@ornek.example", address="Gül Sokak 12")
    made = make_case(
        customer=customer,
        account=make_account(customer, "10442817"),
        description="Sayaç yanlış okunmuş. Telefonum 0532 123 45 67.",
        proposal="Düzeltilsin.",
    )
    actions.take(made, **act)
    task = actions.refer(made, "metering", question=QUESTION, **act)
    actions.note(made, NOTE, **act)
    actions.attach(made, BytesIO(b"Liste\n"), name="liste.txt", **act)
    actions.reply(made, "İnceliyoruz.", channel="sms", **act)
    actions.answer_task(task, ANSWER, **act)
    made.refresh_from_db()
    actions.outcome(made, "justified", TOLD, **act)
    made.refresh_from_db()
    return made


def signed_in(role: Role, unit: str = "") -> Client:
    client = Client()
    client.force_login(make_user(role, unit))
    return client


def paper_of(desk: Client, case: Case, **params: str) -> str:
    return desk.get(reverse("desk:print", args=[case.number]), params).content.decode()


def test_the_paper_tells_the_case_without_what_is_internal(case):
    page = paper_of(signed_in(Role.AGENT), case)

    shown = case.number[:3] + "\u00a0" + case.number[3:6]
    for said in (shown, case.follow_key, "Sayaç yanlış okunmuş", "Düzeltilsin.", TOLD):
        assert said in page
    for said in ("İnceliyoruz.", "liste.txt", "Ayşe Yılmaz", "Gül Sokak 12", "10442817", "data:"):
        assert said in page
    for hidden in (NOTE, QUESTION, ANSWER, "123 45 67", "ayse@"):
        assert hidden not in page
    assert 'data-event="noted"' not in page
    assert 'data-event="referred"' in page


@pytest.mark.parametrize(
    ("chosen", "here", "gone"),
    [
        ({"notes": "on"}, [NOTE], [QUESTION, ANSWER]),
        ({"units": "on"}, [QUESTION, ANSWER], [NOTE]),
        ({}, [], [NOTE, QUESTION, ANSWER]),
    ],
)
def test_what_stands_on_it_is_chosen(case, chosen, here, gone):
    page = paper_of(signed_in(Role.AGENT), case, chosen="1", **chosen)

    assert all(text in page for text in here)
    assert not any(text in page for text in gone)
    assert case.follow_key not in page
    assert "data:image" not in page


def test_each_print_is_written_down_once(case):
    paper_of(signed_in(Role.AGENT), case)
    record = AccessRecord.objects.get(what="print")
    assert (record.person_id, record.about) == (case.applicant_id, case.number)


def test_contacts_in_full_need_a_reason_that_is_kept(case):
    desk, address = signed_in(Role.AGENT), reverse("desk:print", args=[case.number])

    refused = desk.post(address, {"chosen": "1"})
    other = desk.post(address, {"chosen": "1", "reason": "other"})
    shown = desk.post(address, {"chosen": "1", "reason": "asked"}).content.decode()

    assert (refused.status_code, other.status_code) == (422, 422)
    assert "123 45 67" not in refused.content.decode()
    assert "0532 123 45 67" in shown
    assert "ayse@ornek.example" in shown
    assert AccessRecord.objects.get(what="reveal").why == "print: asked"


def test_contacts_in_full_need_the_right(case):
    desk = signed_in(Role.MANAGER)
    answer = desk.post(reverse("desk:print", args=[case.number]), {"reason": "asked"})
    assert answer.status_code == 403
    assert "in full" not in paper_of(desk, case)


def test_a_secret_reporter_stays_unnamed_on_paper(case):
    Case.objects.filter(pk=case.pk).update(
        secret_reporter=True, description="Ben Ayşe Yılmaz, kaçak gaz var."
    )
    desk = signed_in(Role.AGENT)

    page = paper_of(desk, case, chosen="1", notes="on", units="on", key="on")

    assert "Name kept secret" in page
    for hidden in ("Ayşe", "Gül Sokak", "10442817", "0532 "):
        assert hidden not in page
    answer = desk.post(reverse("desk:print", args=[case.number]), {"reason": "asked"})
    assert answer.status_code == 403


def test_a_longer_history_takes_no_more_queries(case, django_assert_num_queries):
    desk, boss = signed_in(Role.AGENT), case.events.exclude(by=None).first().by
    address = reverse("desk:print", args=[case.number])
    desk.get(address)
    with django_assert_num_queries(QUERIES):
        desk.get(address)
    for _turn in range(5):
        actions.note(case, NOTE, by=boss, at=MONDAY, profile=published())
        case.refresh_from_db()
    with django_assert_num_queries(QUERIES):
        desk.get(address)


QUERIES = 11


def test_the_menu_of_a_case_leads_to_it(case):
    page = signed_in(Role.MANAGER).get(reverse("desk:case", args=[case.number])).content.decode()
    assert reverse("desk:print", args=[case.number]) in page
