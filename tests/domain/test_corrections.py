"""Rows G10, G11: a verified speaker changes the file, and what it said before is kept."""

import pytest
from django.db import connection

from derman.cases import actions
from derman.people import corrections
from derman.people.models import Correction, Customer
from derman.words.events import EventType
from derman.words.kinds import ContactState
from derman.words.rights import Role
from tests import factories

pytestmark = pytest.mark.django_db

NOON = factories.MONDAY.replace(hour=12)


@pytest.fixture
def published():
    return factories.published()


@pytest.fixture
def agent():
    return factories.make_user(Role.AGENT)


@pytest.fixture
def case(published, agent):
    customer = factories.make_customer(tckn=factories.TCKN, address="Meşale Mahallesi 1")
    return factories.make_case(customer=customer, by=agent, profile=published)


def correct(case, published, agent, *, verified=True, **changes):
    return actions.correct(case, changes, verified=verified, by=agent, at=NOON, profile=published)


def test_a_new_phone_number_replaces_the_old_one_and_keeps_it(case, published, agent):
    changed = correct(case, published, agent, phone="0544 111 22 33")

    points = case.customer.contact_points.filter(kind="phone").order_by("created_at")
    assert changed == ["phone"]
    assert [(point.value, point.ended_at) for point in points] == [
        ("+905321234567", NOON),
        ("+905441112233", None),
    ]
    assert points[1].state == ContactState.VERIFIED
    kept = Correction.objects.get()
    assert (kept.field, kept.before, kept.after) == ("phone", "+905321234567", "+905441112233")
    assert (kept.by, kept.at) == (agent, NOON)


def test_the_event_names_the_fields_and_no_values(case, published, agent):
    correct(case, published, agent, phone="0544 111 22 33", name="Ayşe Yılmaz Demir")

    event = case.events.get(type=EventType.CORRECTED)
    former, new = case.customer.contact_points.filter(kind="phone").order_by("created_at")
    assert event.details == {
        "fields": ["name", "phone"],
        "former": [str(former.pk)],
        "new": [str(new.pk)],
    }


def test_who_is_not_verified_changes_nothing(case, published, agent):
    with pytest.raises(actions.CannotDo) as refusal:
        correct(case, published, agent, verified=False, phone="0544 111 22 33")

    assert refusal.value.field == "read_back"
    assert corrections.current(case.customer, "phone") == "+905321234567"
    assert not Correction.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"phone": "0532 123 45 67"},
        {"phone": "+90 (532) 123-4567"},
        {"name": " Ayşe  Yılmaz "},
        {"tckn": ""},
        {},
    ],
)
def test_the_same_again_is_no_correction(case, published, agent, changes):
    assert correct(case, published, agent, **changes) == []
    assert not Correction.objects.exists()
    assert not case.events.filter(type=EventType.CORRECTED).exists()


def test_what_was_missing_is_added(published, agent):
    stranger = factories.make_customer(phone="", tckn="")
    case = factories.make_case(customer=stranger, by=agent, profile=published)

    changed = correct(case, published, agent, tckn=factories.TCKN, phone="0532 000 11 22")

    stranger.refresh_from_db()
    assert changed == ["tckn", "phone"]
    assert stranger.tckn == factories.TCKN
    assert corrections.current(stranger, "phone") == "+905320001122"


def test_the_history_is_sealed_at_rest(case, published, agent):
    correct(case, published, agent, phone="0544 111 22 33")

    with connection.cursor() as cursor:
        cursor.execute("SELECT before, after FROM people_correction")
        stored = " ".join(map(str, cursor.fetchone()))
    assert "532123" not in stored
    assert "544111" not in stored


def test_a_corrected_name_is_found_by_its_folded_form(case, published, agent):
    correct(case, published, agent, name="Işıl ISPARTALI")

    case.customer.refresh_from_db()
    assert case.customer.name_folded == "isil ispartali"


def test_what_is_on_file_already_is_no_change(case, published, agent):
    version = case.version
    assert correct(case, published, agent, phone="+90 532 123 45 67") == []
    case.refresh_from_db()
    assert case.version == version
    assert not case.events.filter(type=EventType.CORRECTED).exists()


def test_of_two_corrections_at_once_the_second_knows_what_the_first_wrote(case, published, agent):
    """In two cases of one customer, so that neither case says that somebody was faster."""
    other = factories.make_case(customer=case.customer, by=agent, profile=published)
    other.customer = Customer.objects.get(pk=case.customer_id)  # as another page has read it
    assert other.customer.name
    correct(case, published, agent, name="Ayşe Yıldız")

    correct(other, published, agent, name="Ayşe Yıldırım")

    kept = {one.after: one.before for one in Correction.objects.all()}
    assert kept == {"Ayşe Yıldız": "Ayşe Yılmaz", "Ayşe Yıldırım": "Ayşe Yıldız"}
