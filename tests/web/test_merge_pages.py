"""Merging two customers on the desk: compared first, confirmed where they differ, undone."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from derman.audit.models import AccessRecord
from derman.cases.models import Case
from derman.people.models import Merge
from derman.words.rights import Role
from tests.factories import TCKN, make_account, make_case, make_customer, make_user, published

pytestmark = pytest.mark.django_db
OTHER_TCKN = "10000000078"


@pytest.fixture
def desk() -> Client:
    published()
    client = Client()
    client.force_login(make_user(Role.SUPERVISOR))
    return client


def compare(desk, kept, typed):
    """Look the other one up and follow the first candidate."""
    address = reverse("desk:merge_preview", args=[kept.pk])
    answer = desk.post(address, {"lookup": typed})
    link = re.search(r'href="([^"]+\?with=[^"]+)"', answer.content.decode())
    assert link, answer.content.decode()
    return link[1].replace("&amp;", "&")


def test_the_two_are_shown_side_by_side_before_anything_changes(desk):
    kept = make_customer("Ayşe Yılmaz", tckn=TCKN, email="ayse@ornek.example")
    other = make_customer("Ayşe Kaya", phone="+905339876543")
    make_case(customer=other)
    account = make_account(other)

    page = desk.get(compare(desk, kept, "0533 987 65 43")).content.decode()

    for shown in ("Ayşe Yılmaz", "Ayşe Kaya", "100•••••46", "0533 ••• •• 43", account.number):
        assert shown in page
    assert "1 case moves." in page
    assert "1 account moves." in page
    for hidden in (TCKN, "5339876543", "987 65 43", "ayse@ornek.example"):
        assert hidden not in page
    assert not Merge.objects.exists()
    assert AccessRecord.objects.filter(what="merge", person_id=other.pk, about="preview").exists()


def test_a_merge_is_done_with_a_reason_and_leads_to_the_kept_one(desk):
    kept, other = make_customer(), make_customer("Ayşe Kaya", phone="+905339876543")
    case = make_case(customer=other)
    link = compare(desk, kept, "Ayşe Kaya")

    assert desk.post(link, {"reason": " "}).status_code == 422
    answer = desk.post(link, {"reason": "Married; same account."})

    assert answer["Location"] == reverse("desk:customer", args=[kept.pk])
    assert Case.objects.get(pk=case.pk).applicant == kept
    gone = desk.get(reverse("desk:customer", args=[other.pk]))
    assert gone["Location"] == reverse("desk:customer", args=[kept.pk])
    page = desk.get(reverse("desk:customer", args=[kept.pk])).content.decode()
    assert "Ayşe Kaya" in page
    assert case.number in page


def test_two_identity_numbers_have_to_be_confirmed(desk):
    kept = make_customer(tckn=TCKN)
    make_customer("Ayşe Kaya", phone="+905339876543", tckn=OTHER_TCKN)
    link = compare(desk, kept, "Ayşe Kaya")

    page = desk.get(link).content.decode()
    assert "data-differs" in page
    assert desk.post(link, {"reason": "Same."}).status_code == 422
    assert not Merge.objects.exists()
    assert desk.post(link, {"reason": "Same.", "accepted": "on"}).status_code == 302


def test_a_merge_is_undone_on_its_page(desk):
    kept, other = make_customer(), make_customer("Ayşe Kaya", phone="+905339876543")
    case = make_case(customer=other)
    desk.post(compare(desk, kept, "Ayşe Kaya"), {"reason": "Same."})
    done = Merge.objects.get()

    page = desk.get(reverse("desk:merge", args=[done.pk])).content.decode()
    assert "Undo the merge" in page
    assert desk.post(reverse("desk:merge_undo", args=[done.pk]), {"reason": ""}).status_code == 422
    desk.post(reverse("desk:merge_undo", args=[done.pk]), {"reason": "Sisters."})

    assert Case.objects.get(pk=case.pk).applicant == other
    again = desk.post(reverse("desk:merge_undo", args=[done.pk]), {"reason": "Sisters."})
    assert again.status_code == 409
    assert desk.get(reverse("desk:customer", args=[other.pk])).status_code == 200


def test_a_choice_of_somebody_else_is_worth_nothing(desk):
    kept = make_customer()
    make_customer("Ayşe Kaya", phone="+905339876543")
    link = compare(desk, kept, "Ayşe Kaya")
    other = Client()
    other.force_login(make_user(Role.PRIVACY))

    page = other.get(link).content.decode()

    assert "Ayşe Kaya" not in page


@pytest.mark.parametrize("role", [Role.AGENT, Role.SOLUTION, Role.MANAGER])
def test_who_may_not_merge_does_not_see_the_way(role):
    published()
    client = Client()
    client.force_login(make_user(role))
    kept = make_customer()

    page = client.get(reverse("desk:customer", args=[kept.pk])).content.decode()

    assert "/merge/" not in page
    assert client.get(reverse("desk:merge_preview", args=[kept.pk])).status_code == 403
