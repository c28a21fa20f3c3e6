"""Who calls and whose matter it is: looking up, speaking for others, the file."""

import re

import pytest
from django.test import Client

from derman.accounts.models import User
from derman.audit.models import AccessRecord
from derman.cases.models import Case
from derman.words.kinds import Relation
from derman.words.rights import Role
from tests import factories
from tests.calls import URL, call, hidden, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> User:
    factories.published()
    return factories.make_user(Role.AGENT, "call_centre")


@pytest.fixture
def desk(agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


@pytest.mark.parametrize("typed", ["ISPARTA", "ısparta", "Isparta", "iSPARTA", "ispar"])
def test_a_name_is_found_however_it_is_typed(desk, typed):
    factories.make_customer("Işıl Isparta", phone="")
    factories.make_customer("Isparta Gül", phone="")
    factories.make_customer("Mehmet Demir", phone="")

    page = page_of(desk.post(URL, call(do="look_up", lookup=typed, name="")))

    assert "Isparta Gül" in page
    assert "Demir</strong>" not in page


def test_a_surname_alone_finds_people_too(desk):
    factories.make_customer("Ayşe Yılmaz")

    assert "Ayşe Yılmaz" in page_of(desk.post(URL, call(do="look_up", lookup="YILMAZ")))


@pytest.mark.parametrize(
    "typed",
    ["0532 123 45 67", "+90 532 123 4567", "5321234567", factories.TCKN, "ayse@ornek.example"],
)
def test_one_certain_hit_is_picked_at_once(desk, typed):
    factories.make_customer(tckn=factories.TCKN, email="ayse@ornek.example")

    response = desk.post(URL, call(do="look_up", lookup=typed))

    assert hidden(response, "customer")


def test_of_several_people_on_one_phone_the_agent_picks(desk, agent):
    mother = factories.make_customer("Ayşe Yılmaz")
    factories.make_customer("Barış Yılmaz")

    several = desk.post(URL, call(do="look_up", lookup="0532 123 45 67"))
    choices = re.findall(r'name="pick" value="([^"]+)"', page_of(several))
    picked = desk.post(URL, call(do="look_up", lookup="0532 123 45 67", pick=choices[0]))

    assert len(choices) == 2
    assert f'data-customer="{mother.pk}"' in page_of(picked)
    reasons = sorted(AccessRecord.objects.values_list("why", flat=True))
    assert reasons == ["phone", "phone", "picked"]


def test_a_name_alone_picks_nobody_by_itself(desk):
    factories.make_customer("Ayşe Yılmaz")

    assert "data-picked" not in page_of(desk.post(URL, call(do="look_up", lookup="Ayşe Yılmaz")))


def test_a_choice_made_for_somebody_else_is_not_taken(desk):
    customer = factories.make_customer()
    account = factories.make_account(customer)
    other = Client()
    other.force_login(factories.make_user(Role.CLERK))
    signed = hidden(other.post(URL, call(do="look_up", lookup=account.number)), "customer")

    desk.post(URL, call(customer=signed))
    desk.post(URL, call(customer=str(customer.pk), nonce="again"))

    assert not Case.objects.filter(customer=customer).exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ("99999999", "account_number"),
        ("0555 000 11 22", "phone"),
        ("Zeynep Kara", "name"),
    ],
)
def test_what_finds_nobody_fills_the_field_it_belongs_to(desk, typed, field):
    response = desk.post(URL, call(do="look_up", lookup=typed, name="", phone=""))

    assert response.context["form"].initial[field] == typed
    assert "data-picked" not in page_of(response)


@pytest.mark.parametrize("typed", ["", " ", "a\x00b", "%", "_" * 300, "'; --", "🙂", "١٢٣"])
def test_strange_look_ups_are_answered(desk, typed):
    assert desk.post(URL, call(do="look_up", lookup=typed)).status_code == 200


def test_a_tenant_who_picks_up_speaks_as_tenant(desk):
    tenant = factories.make_customer("Can Ak", phone="+905431112233")
    account = factories.make_account(tenant, relation=Relation.TENANT)
    response = desk.post(URL, call(do="look_up", lookup=account.number))

    desk.post(URL, call(customer=hidden(response, "customer"), relation="tenant"))

    case = Case.objects.get()
    assert (case.applicant, case.customer, case.relation) == (tenant, tenant, "tenant")


def test_a_look_up_takes_few_queries(desk, django_assert_max_num_queries):
    customer = factories.make_customer()
    account = factories.make_account(customer)
    for _turn in range(5):
        factories.make_case(customer=customer, account=account)

    # Five of them look whether the same matter is with us already.
    with django_assert_max_num_queries(21):
        desk.post(URL, call(do="look_up", lookup=account.number))


def test_a_representative_is_kept_beside_the_customer(desk):
    customer = factories.make_customer()
    account = factories.make_account(customer)
    looked = desk.post(URL, call(do="look_up", lookup=account.number))

    desk.post(
        URL,
        call(
            customer=hidden(looked, "customer"),
            account_number=account.number,
            relation="representative",
            name="Av. Deniz Er",
            phone="0542 000 11 22",
        ),
    )

    case = Case.objects.get()
    assert case.customer == customer
    assert case.applicant.name == "Av. Deniz Er"
    assert case.relation == Relation.REPRESENTATIVE


def test_reading_back_is_part_of_the_history(desk):
    customer = factories.make_customer()
    account = factories.make_account(customer)
    looked = desk.post(URL, call(do="look_up", lookup=account.number))

    desk.post(URL, call(customer=hidden(looked, "customer"), read_back="on"))

    assert Case.objects.get().events.get(type="opened").details["read_back"] is True


def test_a_verified_speaker_corrects_the_phone_with_the_case(desk, agent):
    customer = factories.make_customer()
    account = factories.make_account(customer)
    looked = desk.post(URL, call(do="look_up", lookup=account.number))
    sent = call(customer=hidden(looked, "customer"), file_phone="0544 111 22 33")

    refused = desk.post(URL, sent)
    desk.post(URL, {**sent, "read_back": "on"})

    assert refused.status_code == 422
    assert "0544 111 22 33" in page_of(refused)
    case = Case.objects.get()
    assert case.events.filter(type="corrected", by=agent).exists()
    assert customer.corrections.get().after == "+905441112233"


def test_the_same_phone_as_on_file_needs_no_correction(desk):
    customer = factories.make_customer()
    account = factories.make_account(customer)
    looked = desk.post(URL, call(do="look_up", lookup=account.number))
    signed = hidden(looked, "customer")

    compared = desk.post(URL, call(do="compare", customer=signed, file_phone="0532 123 45 67"))
    desk.post(URL, call(customer=signed, file_phone="0532 123 45 67"))

    assert 'data-same="yes"' in page_of(compared)
    assert Case.objects.count() == 1
    assert not customer.corrections.exists()


def test_a_third_party_does_not_change_the_file(desk):
    customer = factories.make_customer()
    account = factories.make_account(customer)
    looked = desk.post(URL, call(do="look_up", lookup=account.number))

    response = desk.post(
        URL,
        call(
            customer=hidden(looked, "customer"),
            relation="third_party",
            file_phone="0544 111 22 33",
            read_back="on",
        ),
    )

    assert response.status_code == 422
    assert not Case.objects.exists()
    assert not customer.corrections.exists()


def test_a_customer_has_a_page_with_masked_contacts(desk, agent):
    customer = factories.make_customer(tckn=factories.TCKN)
    account = factories.make_account(customer)
    case = factories.make_case(customer=customer, account=account)

    page = page_of(desk.get(f"/desk/customers/{customer.pk}/"))

    assert account.number in page
    assert case.number in page.replace("\u00a0", "")
    assert "0532 ••• •• 67" in page
    assert factories.TCKN not in page
    assert AccessRecord.objects.filter(person_id=customer.pk, what="customer", by=agent).exists()


def test_a_unit_sees_customers_of_its_own_cases_only():
    factories.published()
    client = Client()
    client.force_login(factories.make_user(Role.UNIT, "metering"))
    theirs = factories.make_customer("Ayşe Yılmaz")
    factories.make_case(customer=theirs)
    others = factories.make_customer("Can Ak")
    factories.make_case(customer=others, topic="billing.tariff")

    assert client.get(f"/desk/customers/{theirs.pk}/").status_code == 200
    assert client.get(f"/desk/customers/{others.pk}/").status_code == 404
