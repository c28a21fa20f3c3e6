"""`pytest -p tests.shuffled`: rows that are equal to a query's order come in any order.

SQLite and a young PostgreSQL table give such rows as they were written, an old table does not.
What fails here and passes without it rests on an order that nobody asked for.
"""

import sys
from contextvars import ContextVar
from typing import Any

from django.db.models.expressions import OrderBy
from django.db.models.functions import Random
from django.db.models.sql.compiler import SQLCompiler

PARTS_OF_UNION: ContextVar[bool] = ContextVar("parts_of_union", default=False)
order_by, combine = SQLCompiler.get_order_by, SQLCompiler.get_combinator_sql


def combine_as_asked(compiler: SQLCompiler, *asked: Any) -> Any:
    token = PARTS_OF_UNION.set(True)
    try:
        return combine(compiler, *asked)
    finally:
        PARTS_OF_UNION.reset(token)


def order_ties_at_random(compiler: SQLCompiler) -> list[Any]:
    found, query = order_by(compiler), compiler.query
    is_run = sys._getframe(1).f_code.co_name == "pre_sql_setup" and not PARTS_OF_UNION.get()
    is_fixed = query.distinct or query.combinator or query.group_by is not None or query.subquery
    if is_fixed or not is_run:
        return found
    last = OrderBy(Random()).resolve_expression(query)
    return [*found, (last, (*compiler.compile(last), False))]


SQLCompiler.get_combinator_sql = combine_as_asked
SQLCompiler.get_order_by = order_ties_at_random
