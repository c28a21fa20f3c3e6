"""Questions that pages ask again and again: their SQL is made once and not each time.

Making the SQL of a query takes several times as long as asking by a key, in Django and, where it
is long, in the database, too. `kept` stands above a function that returns a query set:

    @kept
    def _clocks(case: UUID, *, cycle: int) -> QuerySet[Clock]:
        return Clock.objects.filter(case=case, cycle=cycle)

    _clocks(case.pk, cycle=2)  # a list of clocks

What is given by position differs from one time to the next: a key, a number, a moment, a reader.
While the statement is made a mark stands in its place, so the function must hand it on as it is.
What is given by name decides what the statement says, so it is never what somebody typed; each has
a statement of its own, as has each kind of reader. The function must look at nothing else that
changes. Only statements are kept, never what the database has answered.
"""

import copy
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import update_wrapper
from itertools import chain
from types import SimpleNamespace
from typing import Any, Generic, Protocol, TypeVar, cast
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

MOST = 200  # statements that a process keeps of one question
# This moment and those near it do not come; its odd seconds are midnight in no zone.
NEVER = datetime(9000, 6, 15, 12, 34, 56, 789, tzinfo=UTC)
APART = timedelta(days=40)
NO_NUMBER = 2**62  # no row has this key, or one of those after it


class Reader(Protocol):
    """Whose rights narrow a query; `reach` is all that decides about it but who they are."""

    pk: Any

    @property
    def reach(self) -> Hashable: ...


Given = UUID | str | datetime | Reader | None
Row = TypeVar("Row")
Moments = Callable[[datetime], Iterable[datetime]]


@dataclass(frozen=True)
class Slot:
    """Which parameter is which of the values given, or a moment that follows from it."""

    param: int
    value: int
    moment: int


@dataclass(frozen=True)
class Made:
    """A statement with the parameters that stay, and the query whose rows Django makes of it."""

    sql: str
    params: tuple[Any, ...]
    slots: tuple[Slot, ...]
    compiler: SQLCompiler
    found: QuerySet[Any, Any]


class Question(Generic[Row]):
    """A query whose statements are kept."""

    def __init__(self, query: Callable[..., QuerySet[Any, Row]], moments: Moments) -> None:
        self.query = query  # for whoever wants to look at it, or ask it as it is
        self.moments = moments
        self.made: dict[Hashable, Made | None] = {}
        update_wrapper(self, query)

    def __call__(self, *values: Given, **names: Hashable) -> list[Row]:
        key = (*map(_kind, values), *names.items())
        if key not in self.made:
            if len(self.made) >= MOST:
                self.made.clear()
            self.made[key] = self._make(values, names)
        made = self.made.get(key)
        if made is None:
            return list(self.query(*values, **names))
        return list(_rows(made, self._params(made, values)))

    def _make(self, values: Sequence[Given], names: dict[str, Hashable]) -> Made | None:
        """The statement; None where it has no rows, or where a value is not found in it."""
        marks = [_mark(value, place) for place, value in enumerate(values)]
        found = self.query(*marks, **names)
        compiler = found.query.get_compiler(found.db)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        found_at = dict(_places(params, self._written(marks, compiler.connection)))
        if not _is_whole(params, found_at, marks):
            return None
        sql, stay = _with_words(sql, params, found_at, compiler)
        slots = tuple(
            Slot(place, *found_at[number])
            for place, number in enumerate(stay)
            if number in found_at
        )
        return Made(sql, tuple(params[number] for number in stay), slots, compiler, found)

    def _params(self, made: Made, values: Sequence[Given]) -> list[Any]:
        written = self._written(values, connections[made.found.db])
        params = list(made.params)
        for slot in made.slots:
            params[slot.param] = written[slot.value][slot.moment]
        return params

    def _written(self, values: Sequence[Given], connection: Any) -> list[list[Any]]:
        """Each value as the database takes it, with the moments that follow from it."""
        return [_for_database(value, self.moments, connection) for value in values]


_questions: list[Question[Any]] = []


def kept(
    query: Callable[..., QuerySet[Any, Row]], *, moments: Moments = lambda at: ()
) -> Question[Row]:
    """Let this question keep its statements; `moments` are those that it reckons from one given."""
    question = Question(query, moments)
    _questions.append(question)
    return question


def forget() -> None:
    """Make all statements anew, as between two tests."""
    for question in _questions:
        question.made.clear()


def _kind(value: Given) -> Hashable:
    """What a value decides about the statement: of a reader what they may see."""
    if value is None or isinstance(value, UUID | str | datetime):
        return type(value).__name__
    return value.reach


def _mark(value: Given, place: int) -> Given:
    if value is None:
        return None
    if isinstance(value, UUID):
        return UUID(int=place)
    if isinstance(value, str):
        return f"<{place}>"
    if isinstance(value, datetime):
        return NEVER + place * APART
    mark = copy.copy(value)
    mark.pk = NO_NUMBER + place
    return mark


def _for_database(value: Given, moments: Moments, connection: Any) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, UUID):
        return [value if connection.features.has_native_uuid_field else value.hex]
    if isinstance(value, str):
        return [value]
    if isinstance(value, datetime):
        write = connection.ops.adapt_datetimefield_value
        return [write(moment) for moment in (value, *moments(value))]
    return [value.pk]


def _places(
    params: Sequence[Any], written: Sequence[Sequence[Any]]
) -> Iterator[tuple[int, tuple[int, int]]]:
    """The parameters that are marks: of which value, and which of its moments."""
    for number, param in enumerate(params):
        for value, forms in enumerate(written):
            for moment, form in enumerate(forms):
                if type(param) is type(form) and param == form:
                    yield number, (value, moment)


def _is_whole(
    params: Sequence[Any], found: Mapping[int, tuple[int, int]], marks: Sequence[Given]
) -> bool:
    """Whether each key is asked for, and no moment is left that was reckoned from a mark."""
    asked = {value for value, _ in found.values()}
    keys = {place for place, mark in enumerate(marks) if isinstance(mark, UUID | str)}
    left = (param for number, param in enumerate(params) if number not in found)
    return keys <= asked and not any(map(_never_comes, left))


def _never_comes(param: Any) -> bool:
    if isinstance(param, date):  # or a moment, which is one, too
        return param.year >= NEVER.year - 1
    return isinstance(param, str) and param.startswith(("8999-", "9000-", "9001-"))


def _with_words(
    sql: str, params: Sequence[Any], marks: Container[int], compiler: SQLCompiler
) -> tuple[str, list[int]]:
    """The statement with its words written into it, as states and units, and what params stay.

    Then PostgreSQL can plan it once: of a parameter it does not know whether an index over the
    open cases alone holds what is asked for.
    """
    parts = sql.split("%s")
    everything = list(range(len(params)))
    if compiler.connection.vendor != "postgresql" or len(parts) != len(params) + 1:
        return sql, everything
    stay = [n for n in everything if n in marks or not _is_word(params[n])]
    said = ["%s" if n in stay else _quoted(params[n]) for n in everything]
    return "".join(chain(*zip(parts, said, strict=False), parts[-1:])), stay


def _is_word(param: Any) -> bool:
    return isinstance(param, str | int) and not isinstance(param, bool)


def _quoted(word: str | int) -> str:
    """A literal, in the form that holds whatever the server's settings are."""
    if isinstance(word, int):
        return str(int(word))
    text = str(word)
    inside = text.replace("\\", "\\\\").replace("'", "''").replace("%", "%%")
    return f" E'{inside}'" if "\\" in text else f"'{inside}'"


def _rows(made: Made, params: Sequence[Any]) -> Iterable[Any]:
    """The rows in the shape that the query gives them, read by the statement that was kept."""
    compiler = copy.copy(made.compiler)
    compiler.connection = connections[made.found.db]
    compiler.as_sql = lambda *_, **__: (made.sql, params)  # type: ignore[method-assign,assignment]
    query = copy.copy(made.found.query)
    query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
    source = SimpleNamespace(
        query=query,
        db=made.found.db,
        model=made.found.model,
        _fields=made.found._fields,  # type: ignore[attr-defined]
        _known_related_objects={},
    )
    return cast("Iterable[Any]", made.found._iterable_class(cast("Any", source)))
