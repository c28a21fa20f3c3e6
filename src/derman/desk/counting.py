"""Many counts in one statement that is put together once for each kind of reader, not each time.

What the reader may see decides the statement; the moment alone changes from one page to the next.
So it is put together for a moment that never comes, which is then replaced by the real one.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from derman.accounts.models import User
from derman.cases import offered
from derman.desk.worklists import CountUpTo, end_of_day

NEVER = datetime(9000, 6, 15, 12, tzinfo=UTC)
A_DAY = timedelta(days=1)
MOST = 500  # kinds of readers whose statements a process keeps

Wanted = Mapping[str, CountUpTo]


@dataclass(frozen=True)
class _Statement:
    """One SELECT of a single row; `names` are those of its columns."""

    sql: str
    params: tuple[Any, ...]
    names: tuple[str, ...]


_kept: dict[Hashable, _Statement] = {}


def count(
    user: User, at: datetime, reader: Hashable, wanted: Callable[[datetime], Wanted]
) -> dict[str, int]:
    """Each of the counts. `reader` is whatever else than the moment decides what is counted."""
    statement = _kept.get(reader)
    if statement is None:
        statement = _put_together(user, wanted(NEVER))
        if not _is_known(statement):
            now = _put_together(user, wanted(at))
            return _asked(now, now.params)
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[reader] = statement
    moments = list(zip(_moments(NEVER), _moments(at), strict=True))
    return _asked(statement, [_replaced(param, moments) for param in statement.params])


def forget() -> None:
    """Put the statements together anew, as between two tests."""
    _kept.clear()


def _put_together(user: User, wanted: Wanted) -> _Statement:
    rows = User.objects.filter(pk=user.pk).values(**{f"n_{k}": v for k, v in wanted.items()})
    sql, params = rows.query.sql_with_params()
    return _Statement(sql, tuple(params), tuple(wanted))


def _asked(statement: _Statement, params: Sequence[Any]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, params)
        row = cursor.fetchone() or (0,) * len(statement.names)
    return {name: found or 0 for name, found in zip(statement.names, row, strict=True)}


def _moments(at: datetime) -> list[Any]:
    """The moments that lists ask for, as this database takes them."""
    end = end_of_day(at)
    return [
        connection.ops.adapt_datetimefield_value(moment)
        for moment in (at, end, end - A_DAY, at + A_DAY, at + offered.SOON)
    ]


def _replaced(param: Any, moments: list[tuple[Any, Any]]) -> Any:
    return next((new for old, new in moments if type(param) is type(old) and param == old), param)


def _is_known(statement: _Statement) -> bool:
    """Whether every moment in it is one that can be replaced."""
    known = _moments(NEVER)
    return not [p for p in statement.params if _never_comes(p) and p not in known]


def _never_comes(param: Any) -> bool:
    if isinstance(param, datetime):
        return param.year >= NEVER.year - 1
    return isinstance(param, str) and param.startswith(("8999-", "9000-"))
