"""Corrections at their edges: what is found afterwards, what is kept, and odd input."""

import pytest

from derman.cases import actions, search
from derman.cases.models import Case
from derman.people import corrections, matching
from derman.people.fields import digest_of
from derman.people.models import ContactPoint, Correction
from derman.words.rights import Role
from tests.factories import MONDAY, TCKN, days, make_case, make_customer, make_user, published

pytestmark = pytest.mark.django_db
OTHER_TCKN = "19191919190"


@pytest.fixture
def agent():
    return make_user(Role.AGENT)


@pytest.fixture
def case(agent):
    published()
    return make_case(customer=make_customer(tckn=TCKN), by=agent)


def correct(case, agent, *, at=MONDAY, **changes):
    return actions.correct(case, changes, verified=True, by=agent, at=at, profile=published())


def found(query):
    return list(search.find(Case.objects.all(), query))


def test_every_case_of_the_person_is_found_by_the_new_name(case, agent):
    earlier = make_case(customer=case.customer)
    other = make_case(customer=make_customer("Ayşe Yılmaz", phone="+905330000000"))
    correct(case, agent, name="Fatma Çınar")

    assert {row.number for row in found("fatma ÇINAR")} == {case.number, earlier.number}
    assert [row.number for row in found("yılmaz")] == [other.number]


def test_the_old_number_finds_nobody_and_the_new_one_does(case, agent):
    correct(case, agent, phone="0544 111 22 33", tckn=OTHER_TCKN)

    def holders(phone):
        index = digest_of(ContactPoint, "value_index", phone)
        points = ContactPoint.objects.filter(value_index=index, ended_at=None)
        return [point.customer for point in points]

    assert holders("+905321234567") == []
    assert holders("+905441112233") == [case.customer]
    assert matching.find_by_tckn(TCKN) is None
    assert matching.find_by_tckn(OTHER_TCKN) == case.customer


def test_each_step_of_the_history_is_kept_in_order(case, agent):
    for number, phone in enumerate(["+905441110001", "+905441110002", "+905441110003"]):
        correct(case, agent, phone=phone, at=MONDAY + days(number))

    steps = [(row.before, row.after) for row in Correction.objects.order_by("at")]
    assert steps == [
        ("+905321234567", "+905441110001"),
        ("+905441110001", "+905441110002"),
        ("+905441110002", "+905441110003"),
    ]
    assert case.customer.contact_points.filter(kind="phone", ended_at=None).count() == 1


def test_the_second_of_two_who_correct_at_once_is_told(case, agent):
    other_tab = Case.objects.get(pk=case.pk)
    correct(case, agent, name="Fatma Çınar")
    with pytest.raises(actions.OldVersion):
        correct(other_tab, agent, name="Zeynep Kara")
    case.customer.refresh_from_db()
    assert case.customer.name == "Fatma Çınar"
    assert Correction.objects.count() == 1


def test_what_is_no_field_of_the_file_changes_nothing(case, agent):
    odd = {"id": "x", "vkn": "1", "created_at": "2020", "state": "closed", "language": "de"}
    assert correct(case, agent, **odd) == []
    assert not Correction.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("name", "  İpek \t Ünlü\n", "İpek Ünlü"),
        ("name", "x" * 500, "x" * 200),
        ("email", " Ayse@ORNEK.example ", "Ayse@ornek.example"),
        ("phone", "dahili 12", "dahili 12"),
        ("address", "y" * 900, "y" * 400),
    ],
)
def test_odd_input_is_brought_into_shape(case, agent, field, value, kept):
    assert correct(case, agent, **{field: value}) == [field]
    case.customer.refresh_from_db()
    now = corrections.current(case.customer, field)
    assert now.casefold() == kept.casefold()
    assert Correction.objects.get().after == now
