"""What the tracking page reads: a case and its events, by statements that are made once.

Making the SQL of a query costs several times what running it by a key costs, and this page is the
one that everybody may ask for at once.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import TypeVar
from uuid import UUID

from django.db import connection, models
from django.db.models import QuerySet

from derman.cases.models import Case, Event

MARK = UUID(int=0)  # stands for the key while a statement is made

Row = TypeVar("Row", bound=models.Model)
Statement = tuple[str, tuple[object, ...]]


def find(key: UUID, columns: tuple[str, ...]) -> Case | None:
    """The case with these columns only; the others are read when somebody asks for them."""
    return next(iter(_rows(Case, _of_case(connection.vendor, columns), key)), None)


def events(key: UUID) -> list[Event]:
    """What happened to the case, the oldest first: kind, moment and details."""
    return list(_rows(Event, _of_events(connection.vendor), key))


@cache
def _of_case(vendor: str, columns: tuple[str, ...]) -> Statement:
    return _made(lambda key: Case.objects.filter(pk=key).only(*columns))


@cache
def _of_events(vendor: str) -> Statement:
    columns = ("case", "type", "at", "details")
    return _made(lambda key: Event.objects.filter(case=key).only(*columns).order_by("id"))


def _made(query: Callable[[UUID], QuerySet[Row]]) -> Statement:
    return query(MARK).query.sql_with_params()


def _rows(model: type[Row], statement: Statement, key: UUID) -> Iterable[Row]:
    sql, values = statement
    mark, wanted = _written(MARK), _written(key)
    return model._default_manager.raw(sql, [wanted if one == mark else one for one in values])


def _written(key: UUID) -> UUID | str:
    """The key as the database has it."""
    return key if connection.features.has_native_uuid_field else key.hex
