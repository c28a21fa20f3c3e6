"""Whom an application is joined to: every contact said is on file, with the name or number.

A stranger who knows a neighbour's name or number must never be told of the neighbour's cases
(threats P6), so anything less makes a new row.
"""

import pytest

from derman.cases.submissions import Applicant
from derman.people import matching
from derman.people.models import ContactPoint, Customer
from derman.words.kinds import ContactState, Relation
from tests.factories import MONDAY, TCKN, days, make_account, make_case, make_customer, published

pytestmark = pytest.mark.django_db
NAME, PHONE, EMAIL = "Ayşe Yılmaz", "+905321234567", "ayse@ornek.example"
OTHER_TCKN = "19191919190"


@pytest.fixture
def on_file():
    published()
    return make_customer(NAME, phone=PHONE, email=EMAIL, tckn=TCKN)


def speaks(**said):
    return make_case(applicant=Applicant(**said)).applicant


JOINED = [
    {"name": NAME, "phone": PHONE},
    {"name": "AYŞE YILMAZ", "phone": "0532 123 45 67"},
    {"name": "  ayse   yilmaz ", "phone": "0090 532 123 4567"},
    {"name": NAME, "email": "Ayse@Ornek.example"},
    {"name": "Somebody Else", "phone": PHONE, "tckn": TCKN},
    {"name": "", "phone": PHONE, "tckn": f"{TCKN[:3]} {TCKN[3:]}"},
    {"name": NAME, "phone": PHONE, "email": EMAIL},
]
STRANGERS = [
    {"name": NAME, "phone": "0500 000 00 00", "email": EMAIL},
    {"name": NAME},
    {"phone": PHONE},
    {"email": EMAIL},
    {"name": "Mehmet Yılmaz", "phone": PHONE},
    {"name": "Ayşe", "phone": PHONE},
    {"name": NAME, "tckn": TCKN},
    {"name": NAME, "phone": "0532 123 45 68"},
    {"name": "", "phone": PHONE, "tckn": OTHER_TCKN},
    {"name": "", "phone": PHONE, "tckn": "10000000147"},
    {"name": "%", "phone": PHONE},
    {"name": "", "phone": "", "email": "", "tckn": ""},
]


@pytest.mark.parametrize("said", JOINED, ids=str)
def test_who_says_what_is_on_file_is_the_one_on_file(on_file, said):
    assert speaks(**said) == on_file
    assert Customer.objects.count() == 1


@pytest.mark.parametrize("said", STRANGERS, ids=str)
def test_who_says_less_is_somebody_new(on_file, said):
    speaker = speaks(**said)
    assert speaker != on_file
    assert Customer.objects.count() == 2
    assert on_file.contact_points.count() == 2


def test_a_number_that_was_replaced_joins_nobody(on_file):
    ContactPoint.objects.filter(customer=on_file).update(ended_at=MONDAY - days(1))
    assert speaks(name=NAME, phone=PHONE) != on_file


def test_a_disputed_number_is_no_way_to_reach_anybody(on_file):
    ContactPoint.objects.filter(customer=on_file).update(state=ContactState.DISPUTED)
    assert not matching.has_contact(on_file)
    case = make_case(applicant=Applicant(name=NAME, phone=PHONE))
    assert case.acknowledge_due_at is None


def test_two_who_share_a_phone_are_told_apart_by_their_names(on_file):
    husband = make_customer("Mehmet Yılmaz", phone=PHONE)
    assert speaks(name="Mehmet Yılmaz", phone=PHONE) == husband
    assert speaks(name=NAME, phone=PHONE) == on_file


def test_new_rows_never_join_each_other_on_a_name(on_file):
    first, second = (speaks(name="Ali Veli") for _ in range(2))
    assert first != second


def test_whose_matter_it_is_follows_the_account_not_the_speaker(on_file):
    account = make_account(on_file)
    case = make_case(
        account=account,
        applicant=Applicant(name="Kiracı Kemal", phone="0533 1", relation=Relation.TENANT),
    )
    assert (case.customer, case.applicant.name) == (on_file, "Kiracı Kemal")
    assert case.applicant != on_file


def test_who_speaks_for_another_does_not_become_them_by_their_number(on_file):
    case = make_case(applicant=Applicant(name="Vekil", tckn=TCKN, relation=Relation.REPRESENTATIVE))
    assert on_file not in (case.applicant, case.customer)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("0532 123 45 67", "+905321234567"),
        ("dahili 12", "dahili 12"),
        ("٠٥٣٢١٢٣٤٥٦٧", "+905321234567"),
        ("  ", ""),
        ("x" * 500, "x" * 80),
    ],
)
def test_a_phone_of_any_shape_is_kept(said, kept):
    assert matching.speaker("", said, "", "").phone == kept
