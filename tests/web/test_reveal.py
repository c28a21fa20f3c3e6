"""Personal numbers on the desk: masked everywhere, shown in full only for a reason that is kept."""

import re
from collections import deque
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from derman.audit.models import AccessRecord
from derman.cases import actions
from derman.outbox import expansion
from derman.words.rights import Role
from tests.factories import (
    MONDAY,
    days,
    make_account,
    make_case,
    make_customer,
    make_user,
    published,
)

pytestmark = pytest.mark.django_db
PHONE, TCKN, EMAIL = "+905471234567", "10000000146", "gizli.kisi@ornek.example"
IBAN = "TR330006100519786457841326"
# However a page might write them.
SENTINELS = re.compile(
    r"547\D{0,8}123\D{0,3}45\D{0,3}67|100\D?000\D?001\D?46|10000000146|gizli\.kisi"
    r"|TR33\s?0006\s?1005\s?1978\s?6457\s?8413\s?26"
)
LINK = re.compile(r'(?:href|hx-get|data-poll)="(/(?:desk|settings)/[^"#]*)"')
MOST = 70  # pages for each role


@pytest.fixture
def customer():
    published()
    person = make_customer("Ayşe Yılmaz", phone=PHONE, email=EMAIL, tckn=TCKN)
    make_account(person)
    return person


@pytest.fixture
def case(customer):
    said = f"Beni 0547 123 45 67 numarasından arayın, TCKN {TCKN}, IBAN {IBAN}."
    made = make_case(customer=customer, description=said, proposal=said)
    act = {"by": make_user(Role.SUPERVISOR, name="boss"), "at": MONDAY, "profile": published()}
    actions.refer(made, "metering", question=said, **act)
    actions.note(made, said, **act)
    actions.reply(made, said, channel="email", **act)
    expansion.expand(MONDAY + days(1), 100)
    return made


def signed_in(role: Role, unit: str = "") -> Client:
    client = Client()
    client.force_login(make_user(role, unit))
    return client


def crawl(desk: Client, *starts: str) -> dict[str, str]:
    """Every page that can be reached by links, and what it says."""
    waiting, seen = deque(starts), {}
    while waiting and len(seen) < MOST:
        address = waiting.popleft()
        key = address.partition("?")[0] + ("?" if "view=" not in address else address)
        if key in seen:
            continue
        answer = desk.get(address)
        kind = answer.get("Content-Type", "")
        seen[key] = answer.content.decode() if kind.startswith("text/html") else ""
        waiting.extend(unescape(found) for found in LINK.findall(seen[key]))
    return seen


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        (Role.AGENT, "call_centre"),
        (Role.UNIT, "metering"),
        (Role.SUPERVISOR, ""),
        (Role.PRIVACY, ""),
        (Role.MANAGER, ""),
        (Role.ADMIN, ""),
    ],
)
def test_no_page_says_a_number_in_full(case, customer, role, unit):
    desk = signed_in(role, unit)
    file = reverse("desk:customer", args=[customer.pk])
    page = reverse("desk:case", args=[case.number])

    pages = crawl(desk, page, file, "/desk/", "/desk/tasks/", "/desk/messages/")

    assert len(pages) > 10
    assert any("Ayşe Yılmaz" in text for text in pages.values())
    assert not {address: found[0] for address, text in pages.items()
                if (found := SENTINELS.search(unescape(text)))}  # fmt: skip


def test_the_sentinels_are_found_where_they_stand():
    for text in (PHONE, "0547 123 45 67", TCKN, EMAIL, IBAN, "100 000 001 46"):
        assert SENTINELS.search(text), text


def test_what_was_asked_for_is_shown_and_written_down(customer):
    desk = signed_in(Role.AGENT)
    address = reverse("desk:reveal", args=[customer.pk])
    asked = desk.get(address)
    assert not SENTINELS.search(asked.content.decode())

    answer = desk.post(address, {"what": ["phone"], "reason": "call", "word": "geri  arama"})

    page = answer.content.decode()
    assert "0547 123 45 67" in page
    for other in (TCKN, EMAIL):
        assert other not in page
    assert answer["Refresh"].startswith("60; url=/desk/customers/")
    assert "no-store" in answer["Cache-Control"]
    row = AccessRecord.objects.get(what="reveal")
    assert (row.about, row.why, row.person_id) == ("phone", "call: geri arama", customer.pk)
    assert row.by.username == "agent"


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"what": ["phone"]},
        {"what": ["phone"], "reason": "curious"},
        {"what": ["password"], "reason": "call"},
        {"what": ["tckn"], "reason": "other", "word": " "},
    ],
)
def test_without_a_reason_nothing_is_shown_or_recorded(customer, said):
    answer = signed_in(Role.AGENT).post(reverse("desk:reveal", args=[customer.pk]), said)
    assert answer.status_code == 422
    assert not SENTINELS.search(answer.content.decode())
    assert not AccessRecord.objects.filter(what="reveal").exists()


def test_the_call_form_shows_the_number_when_it_is_asked_for(case):
    desk = signed_in(Role.AGENT)
    address = reverse("desk:numbers", args=[case.number])
    assert not SENTINELS.search(desk.get(address).content.decode())

    shown = desk.post(address, headers={"HX-Request": "true"}).content.decode()

    assert "tel:+905471234567" in shown
    assert "load delay:60s" in shown
    assert AccessRecord.objects.get(what="reveal").about == case.number


@pytest.mark.parametrize("role", [Role.MANAGER, Role.QUALITY, Role.REGISTRY, Role.SWITCHBOARD])
def test_who_has_no_business_with_it_is_refused(customer, role):
    desk = signed_in(role)
    assert desk.post(reverse("desk:reveal", args=[customer.pk]), {}).status_code == 403
    page = desk.get(reverse("desk:customer", args=[customer.pk])).content.decode()
    assert "/reveal/" not in page
