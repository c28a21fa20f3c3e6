"""What is sealed stays sealed: in the file, when rows are mixed up, under another key."""

import base64
from pathlib import Path

import pytest
from django.db import connection, transaction

from derman.cases import actions
from derman.lib.sealing import CannotOpen, Keyring
from derman.people import fields, matching
from derman.people.fields import digest_of
from derman.people.models import ContactPoint, Correction, Customer
from derman.words.rights import Role
from tests.factories import MONDAY, TCKN, make_case, make_customer, make_user, published
from tests.systems import OPENING, System

PHONE, EMAIL = "+905447318264", "sentinel.kisi@ornek.example"
OTHER_PHONE, OTHER_EMAIL = "+905338264731", "baska.kisi@ornek.example"
OTHER_TCKN = "19191919190"
SENTINELS = (TCKN, OTHER_TCKN, PHONE, EMAIL, OTHER_PHONE, OTHER_EMAIL, PHONE[3:], OTHER_PHONE[3:])


def disguises(value: str) -> set[bytes]:
    """A value as it might lie about: plain, backwards, Base64 at any offset, hexadecimal."""
    plain = value.encode()
    coded = {base64.b64encode(b"x" * lead + plain)[4:-4] for lead in range(3)}
    return {plain, plain[::-1], plain.hex().encode(), plain.hex().upper().encode(), *coded}


def stored() -> bytes:
    """Every byte of the database: SQLite's files, or PostgreSQL's rows as text."""
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [row[0].encode() for row in cursor.fetchall()]
    return b"\n".join(found)


@pytest.mark.django_db(transaction=True)
def test_no_number_and_no_address_lies_open_in_the_database():
    profile = published()
    applicant = {"name": "Sentinel Kişi", "phone": PHONE, "email": EMAIL, "tckn": TCKN}
    assert System().post("cases", {**OPENING, "applicant": applicant}).status_code == 201
    agent = make_user(Role.AGENT)
    case = make_case(customer=make_customer(phone=PHONE, tckn=TCKN, email=EMAIL), profile=profile)
    changes = {"phone": OTHER_PHONE, "email": OTHER_EMAIL, "tckn": OTHER_TCKN}
    done = actions.correct(case, changes, verified=True, by=agent, at=MONDAY, profile=profile)
    assert set(done) == set(changes)

    there = stored()
    assert b"Sentinel" in there, "the look into the database sees nothing"
    for value in SENTINELS:
        for disguise in disguises(value):
            assert disguise not in there, value


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "column"), [(Customer, "tckn"), (ContactPoint, "value")])
def test_a_value_moved_to_another_row_does_not_open(model, column):
    make_customer("Ayşe", phone=PHONE, tckn=TCKN)
    make_customer("Fatma", phone=OTHER_PHONE, tckn=OTHER_TCKN)
    first, second = model.objects.order_by("pk")
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY id")
        ciphers = [row[0] for row in cursor.fetchall()]
        for row, cipher in ((first, ciphers[1]), (second, ciphers[0])):
            key = model._meta.pk.get_db_prep_value(row.pk, connection)
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [cipher, key])
    for row in model.objects.all():
        with pytest.raises(CannotOpen) as refusal:
            getattr(row, column)
        assert not any(value in str(refusal.value) for value in SENTINELS)


@pytest.mark.django_db
def test_a_value_moved_to_another_column_does_not_open():
    customer = make_customer(tckn=TCKN)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_customer SET vkn = tckn")
    with pytest.raises(CannotOpen):
        _ = Customer.objects.get(pk=customer.pk).vkn


@pytest.mark.django_db
def test_another_key_finds_nothing_and_opens_nothing(monkeypatch):
    customer = make_customer(phone=PHONE, tckn=TCKN)
    assert matching.find_by_tckn(TCKN) == customer
    stranger = Keyring.new()
    monkeypatch.setattr(fields, "keyring", lambda: stranger)

    assert matching.find_by_tckn(TCKN) is None
    sought = digest_of(ContactPoint, "value_index", PHONE)
    assert not ContactPoint.objects.filter(value_index=sought).exists()
    with pytest.raises(CannotOpen):
        _ = Customer.objects.get(pk=customer.pk).tckn


@pytest.mark.django_db
def test_the_same_value_has_another_index_in_another_column():
    assert digest_of(Customer, "tckn_index", TCKN) != digest_of(Customer, "vkn_index", TCKN)
    assert digest_of(Customer, "tckn_index", "") == ""


@pytest.mark.django_db
def test_the_same_value_is_sealed_differently_each_time():
    for _ in range(2):
        make_customer(tckn=TCKN)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tckn, tckn_index FROM people_customer")
        (first, index), (second, same) = cursor.fetchall()
    assert (first != second, index == same) == (True, True)


@pytest.mark.django_db
def test_what_is_sealed_cannot_be_asked_for_or_written_past_the_seal():
    make_customer(tckn=TCKN)
    with pytest.raises(TypeError, match="sealed"), transaction.atomic():
        Customer.objects.update(tckn=TCKN)
    assert not Customer.objects.filter(tckn=TCKN).exists()
    for lookup in ("contains", "startswith", "in", "gt"):
        with pytest.raises(Exception, match=r"[Ll]ookup"):
            Customer.objects.filter(**{f"tckn__{lookup}": TCKN}).exists()


@pytest.mark.django_db
def test_history_opens_for_its_own_row_only():
    customer = make_customer(phone=PHONE)
    kept = [
        Correction.objects.create(
            customer=customer, field="phone", before=before, after=OTHER_PHONE, at=MONDAY
        )
        for before in (PHONE, "+905001112233")
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT before FROM people_correction ORDER BY id")
        cipher = cursor.fetchone()[0]
        cursor.execute("UPDATE people_correction SET before = %s", [cipher])
    opened = 0
    for row in Correction.objects.filter(pk__in=[row.pk for row in kept]):
        try:
            assert row.before == PHONE or row.before == "+905001112233"
            opened += 1
        except CannotOpen:
            continue
    assert opened == 1
