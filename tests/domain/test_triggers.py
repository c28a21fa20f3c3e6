"""Facts are only added: the database itself refuses to change or to take away."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from derman.accounts import staff
from derman.accounts.models import AccessEvent
from derman.audit import access, triggers
from derman.audit.models import AccessRecord
from derman.cases.models import Event
from derman.people import notices
from derman.people.models import NoticeVersion
from derman.words.access import AccessChange
from derman.words.kinds import Language
from derman.words.rights import Role
from tests.factories import MONDAY, make_case, make_user, published

pytestmark = pytest.mark.django_db
FACTS = (Event, AccessRecord, NoticeVersion, AccessEvent)


@pytest.fixture
def facts():
    """One row of every table of facts."""
    profile = published()
    case = make_case(profile=profile)
    access.record(case.applicant_id, what="test", about=case.number, by=None, at=MONDAY)
    notices.shown(profile.profile, Language.TURKISH, at=MONDAY)
    staff.record(make_user(Role.AGENT), AccessChange.ADDED, by=None, at=MONDAY)
    return {model: model.objects.order_by("pk").first() for model in FACTS}


def rows(model):
    return list(model.objects.order_by("pk").values())


def test_these_are_all_the_tables_of_facts():
    assert {model._meta.label for model in FACTS} == set(triggers.APPEND_ONLY)


def by_save(row):
    row.save(force_update=True)


def by_update(row):
    type(row).objects.filter(pk=row.pk).update(id=row.pk + 1000)


def by_bulk_update(row):
    field = "text" if isinstance(row, NoticeVersion) else "at"
    type(row).objects.bulk_update([row], [field])


def by_delete(row):
    row.delete()


def by_queryset(row):
    type(row).objects.all().delete()


def by_sql_update(row):
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{row._meta.db_table}" SET id = id')


def by_sql_delete(row):
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{row._meta.db_table}"')


def by_truncate(row):
    connection.check_constraints()  # PostgreSQL empties no table that has checks to do
    with connection.cursor() as cursor:
        truncates = connection.vendor == "postgresql"  # SQLite knows no other word than DELETE
        verb = "TRUNCATE TABLE" if truncates else "DELETE FROM"
        cursor.execute(f'{verb} "{row._meta.db_table}"{" CASCADE" if truncates else ""}')


WAYS = (
    by_save,
    by_update,
    by_bulk_update,
    by_delete,
    by_queryset,
    by_sql_update,
    by_sql_delete,
    by_truncate,
)


@pytest.mark.parametrize("model", FACTS)
@pytest.mark.parametrize("change", WAYS)
def test_a_fact_stays_as_it_was(facts, model, change):
    before = rows(model)
    with (
        pytest.raises(DatabaseError, match=r"never changed|FOREIGN KEY|Cannot delete"),
        transaction.atomic(),
    ):
        change(facts[model])
    assert rows(model) == before


@pytest.mark.parametrize("model", FACTS)
def test_it_is_the_trigger_that_refuses(facts, model):
    """The negative control: without it the same statement goes through."""
    with transaction.atomic():
        triggers.remove(connection)
        by_sql_update(facts[model])
        triggers.install(connection)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        by_sql_update(facts[model])


def test_a_case_with_its_events_cannot_vanish(facts):
    case = facts[Event].case
    with pytest.raises(DatabaseError), transaction.atomic():
        case.delete()
    assert Event.objects.filter(case=case).exists()


def test_migrating_sets_them_again(facts):
    connection.check_constraints()  # PostgreSQL changes no table that has checks to do
    triggers.remove(connection)
    call_command("migrate", verbosity=0, stdout=StringIO())
    for row in facts.values():
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            by_sql_delete(row)
