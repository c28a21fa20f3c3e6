"""The page of a customer: everything of theirs on one page, nothing that is not the reader's."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from derman.accounts.models import User
from derman.audit.models import AccessRecord
from derman.cases import actions
from derman.cases.models import Case
from derman.people.models import Correction, CustomerKind, Holding
from derman.words.kinds import Kind, Relation
from derman.words.life import State
from derman.words.rights import Role
from tests.factories import (
    MONDAY,
    TCKN,
    days,
    make_account,
    make_case,
    make_customer,
    make_user,
    published,
    with_offices,
)

pytestmark = pytest.mark.django_db


def signed_in(role: Role, unit: str = "") -> Client:
    client = Client()
    client.force_login(make_user(role, unit, name=f"{role}-{unit}"))
    return client


@pytest.fixture
def customer():
    published()
    return make_customer(tckn=TCKN, email="ayse@ornek.example")


def file_of(customer, **params: str) -> str:
    query = "?" + "&".join(f"{k}={v}" for k, v in params.items()) if params else ""
    return reverse("desk:customer", args=[customer.pk]) + query


def listed(answer) -> list[str]:
    return [row.number for row in answer.context["cases"].rows]


def test_it_shows_who_it_is_what_they_hold_and_what_was_corrected(customer):
    customer.kind = CustomerKind.ORGANISATION
    customer.vkn = "1234567890"
    customer.save()
    account = make_account(customer, relation=Relation.TENANT)
    Holding.objects.update(starts_on=date(2024, 5, 1))
    Correction.objects.create(
        customer=customer, field="phone", before="+905321234567", after="+905441112233", at=MONDAY
    )

    page = signed_in(Role.AGENT).get(file_of(customer)).content.decode()

    for said in ("Organisation", account.number, "Tenant", account.address, "1 May 2024"):
        assert said in page
    assert "100•••••46" in page
    assert "0544 ••• •• 33" in page
    for hidden in (TCKN, "1234567890", "+905441112233", "123 45 67", "ayse@"):
        assert hidden not in page


def test_its_cases_are_those_they_spoke_in_and_those_about_them_open_ones_first(customer):
    agent, profile = make_user(Role.SUPERVISOR, name="boss"), published()
    mother = make_customer("Fatma Yılmaz", phone="+905339876543")
    old = make_case(customer=customer, at=MONDAY)
    spoke = make_case(customer=mother, applicant_id=customer.pk, at=MONDAY + days(1))
    about = make_case(customer=customer, applicant_id=mother.pk, at=MONDAY + days(2))
    make_case(customer=mother)
    later = MONDAY + days(3)
    actions.close_early(about, reason="withdrawn", by=agent, at=later, profile=profile)

    answer = signed_in(Role.AGENT).get(file_of(customer))

    assert listed(answer) == [spoke.number, old.number, about.number]
    page = answer.content.decode()
    for role in ("Own matter", "Spoke for somebody else", "Somebody else spoke for them"):
        assert role in page


def test_kind_and_state_narrow_the_list(customer):
    thanks = make_case(customer=customer, kind=Kind.THANKS)
    taken = make_case(customer=customer)
    Case.objects.filter(pk=taken.pk).update(state=State.IN_REVIEW)
    desk = signed_in(Role.AGENT)

    assert listed(desk.get(file_of(customer, kind="thanks"))) == [thanks.number]
    assert listed(desk.get(file_of(customer, state="in_review"))) == [taken.number]
    assert len(listed(desk.get(file_of(customer, state="open")))) == 2
    assert len(listed(desk.get(file_of(customer, kind="nonsense", state="x", after="9~y")))) == 2
    assert "Clear the filters" in desk.get(file_of(customer, state="closed")).content.decode()


def test_every_case_is_on_exactly_one_page(customer):
    made = {make_case(customer=customer, at=MONDAY + days(n // 3)).number for n in range(60)}
    half = sorted(made)[:30]
    Case.objects.filter(number__in=half).update(
        state=State.CLOSED, closed_at=MONDAY, closing_reason="withdrawn", decision="justified"
    )
    desk, address, seen = signed_in(Role.AGENT), file_of(customer), []

    while address:
        answer = desk.get(address)
        seen += listed(answer)
        address = answer.context["cases"].next_url

    assert len(seen) == 60
    assert set(seen) == made
    assert not set(seen[:30]) & set(half)


def test_a_longer_file_takes_no_more_queries(customer, django_assert_num_queries):
    desk = signed_in(Role.AGENT)

    def grow(times: int) -> None:
        for _turn in range(times):
            account = make_account(customer)
            make_case(customer=customer, account=account)
            Correction.objects.create(
                customer=customer, field="name", before="A", after="B", by=boss, at=MONDAY
            )

    boss = make_user(Role.SUPERVISOR, name="boss")
    grow(1)
    desk.get(file_of(customer))
    with django_assert_num_queries(11):
        desk.get(file_of(customer))
    grow(12)
    with django_assert_num_queries(11):
        desk.get(file_of(customer))


def test_a_look_is_recorded_once(customer):
    make_case(customer=customer)
    desk = signed_in(Role.AGENT)
    before = AccessRecord.objects.count()

    desk.get(file_of(customer))

    assert AccessRecord.objects.count() == before + 1
    record = AccessRecord.objects.latest("id")
    assert (record.person_id, record.what) == (customer.pk, "customer")


def test_a_secret_report_is_on_nobodys_page_who_may_not_know(customer):
    landlord = make_customer("Kemal Doğan", phone="+905339876543")
    secret = make_case(customer=landlord, applicant_id=customer.pk)
    Case.objects.filter(pk=secret.pk).update(secret_reporter=True)

    for person in (customer, landlord):
        answer = signed_in(Role.AGENT, "" if person == customer else "solution").get(
            file_of(person)
        )
        assert listed(answer) == []
        assert secret.number not in answer.content.decode().replace("\u00a0", "")
    assert listed(signed_in(Role.PRIVACY).get(file_of(customer))) == [secret.number]


def test_a_unit_opens_customers_of_its_cases_and_sees_no_others_of_them(customer):
    own = make_case(customer=customer)
    make_case(customer=customer, topic="billing.tariff")

    assert listed(signed_in(Role.UNIT, "metering").get(file_of(customer))) == [own.number]
    assert signed_in(Role.UNIT, "inspection").get(file_of(customer)).status_code == 404


def test_a_case_is_registered_from_the_page_with_the_file_filled_in(customer):
    first = make_account(customer)
    second = make_account(customer)
    desk = signed_in(Role.AGENT)

    page = desk.get(file_of(customer))
    whole = desk.get(reverse("desk:register"), {"customer": page.context["choice"]})
    about = next(one for one in page.context["holdings"] if one.number == second.number)
    one = desk.get(reverse("desk:register"), {"customer": about.choice})

    assert "data-picked" in whole.content.decode()
    assert first.number in whole.content.decode()
    assert one.context["form"].initial["account_number"] == second.number
    assert AccessRecord.objects.filter(person_id=customer.pk, why="picked").count() == 2


def test_nobody_registers_for_a_customer_whom_somebody_else_looked_up(customer):
    theirs = signed_in(Role.AGENT).get(file_of(customer)).context["choice"]

    answer = signed_in(Role.CLERK).get(reverse("desk:register"), {"customer": theirs})

    assert customer.name not in answer.content.decode()


def test_who_may_not_register_is_offered_no_way_to(customer):
    make_account(customer)
    page = signed_in(Role.MANAGER).get(file_of(customer)).content.decode()
    assert "Register a case" not in page
    assert "?customer=" not in page


def test_the_case_page_leads_to_whose_matter_it_is(customer):
    mother = make_customer("Fatma Yılmaz", phone="+905339876543")
    case = make_case(customer=mother, applicant_id=customer.pk)
    page = signed_in(Role.AGENT).get(reverse("desk:case", args=[case.number])).content.decode()
    assert file_of(mother) in page
    assert file_of(customer) in page


class TestFinding:
    URL = "/desk/customers/"

    def test_the_only_one_meant_is_opened_at_once(self, customer):
        answer = signed_in(Role.AGENT).post(self.URL, {"lookup": "0532 123 45 67"})
        assert answer["Location"] == file_of(customer)

    def test_a_name_is_answered_with_a_list(self, customer):
        answer = signed_in(Role.AGENT).post(self.URL, {"lookup": "ayşe"})
        assert file_of(customer) in answer.content.decode()
        assert AccessRecord.objects.filter(
            person_id=customer.pk, what="lookup", about="customers"
        ).exists()

    def test_nothing_asked_and_nobody_found_are_told_apart(self, customer):
        desk = signed_in(Role.AGENT)
        assert "Who is it?" in desk.get(self.URL).content.decode()
        assert "Nobody found" in desk.post(self.URL, {"lookup": "zzzz"}).content.decode()

    def test_a_unit_finds_those_of_its_cases_only(self, customer):
        make_case(customer=customer)
        other = make_customer("Ayşegül Ak", phone="+905331112233")
        make_case(customer=other, topic="billing.tariff")
        desk = signed_in(Role.UNIT, "metering")

        page = desk.post(self.URL, {"lookup": "ayşe"}).content.decode()

        assert file_of(customer) in page
        assert file_of(other) not in page
        assert "Ayşegül" not in page
        assert not AccessRecord.objects.filter(person_id=other.pk).exists()
        assert desk.post(self.URL, {"lookup": "0533 111 22 33"}).status_code == 200

    def test_an_office_finds_those_whom_it_took_in(self):
        profile = published(with_offices("north"))
        customer, other = make_customer(), make_customer("Ayşegül Ak", phone="+905331112233")
        case = make_case(customer=customer, profile=profile)
        make_case(customer=other, profile=profile)
        Case.objects.filter(pk=case.pk).update(office="north")

        page = signed_in(Role.CLERK, "north").post(self.URL, {"lookup": "ayşe"}).content.decode()

        assert file_of(customer) in page
        assert "Ayşegül" not in page


def test_the_menu_leads_to_the_look_up():
    published()
    assert User.objects.count() == 0
    assert "/desk/customers/" in signed_in(Role.AGENT).get("/desk/").content.decode()
