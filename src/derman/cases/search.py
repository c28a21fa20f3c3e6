"""Finding cases by number, name, account and words, alike on both databases.

A word is counted in the full-text index up to a cap. Only a small set is fetched and sorted; a
common word walks the cases from the newest instead (`design.md` §11).
"""

from typing import Any

from django.db.models import Lookup, TextField, UUIDField

from derman.cases.models import SearchEntry
from derman.cases.querysets import CaseQuerySet
from derman.cases.search_index import TABLE, VECTOR
from derman.lib import identifiers, turkish

# A set up to this size is sorted; a larger one is walked by date.
SMALL = 2_000


@TextField.register_lookup
class Matches(Lookup):
    """`words__matches=terms`: every term in any of its forms, by the database's own index."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, params = self.process_lhs(compiler, connection)
        terms = ("(" + " | ".join(f"'{form}':*" for form in term) + ")" for term in self.rhs)
        rows = left.rpartition(".")[0]
        condition = f"{rows}.{VECTOR} @@ to_tsquery('simple', %s)"
        return condition, [*params, " & ".join(terms)]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, params = self.process_lhs(compiler, connection)
        rows = left.rpartition(".")[0]
        terms = ("(" + " OR ".join(f'"{form}"*' for form in term) + ")" for term in self.rhs)
        found = f"SELECT rowid FROM {TABLE}_fts WHERE {TABLE}_fts MATCH %s"  # noqa: S608 constants
        return f"{rows}.rowid IN ({found})", [*params, " AND ".join(terms)]


@UUIDField.register_lookup
class Among(Lookup):
    """`pk__among=keys`: in a set that is fetched first, whatever the planner thinks of its size.

    For `IN` it guesses that any word fits thousands of rows, and for a rare one walks all cases.
    """

    lookup_name = "among"

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, params = self.process_lhs(compiler, connection)
        keys, more = self.process_rhs(compiler, connection)
        return f"{left} = ANY(ARRAY{keys})", [*params, *more]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, params = self.process_lhs(compiler, connection)
        keys, more = self.process_rhs(compiler, connection)
        return f"{left} IN {keys}", [*params, *more]


def find(cases: CaseQuerySet, query: str) -> CaseQuerySet:
    """Narrow the cases to those that the query means; an empty query narrows nothing."""
    query = query.strip()[:200]
    if not query:
        return cases
    number = identifiers.read_number(query)
    if number:
        return cases.filter(number=number)
    compact = "".join(query.split())
    if compact.isdigit() and cases.filter(account_number=compact).exists():
        return cases.filter(account_number=compact)
    terms = turkish.search_terms(query)
    if not terms:
        return cases.none()
    entries = SearchEntry.objects.filter(words__matches=terms)
    keys = entries.values("case_id")
    if keys[: SMALL + 1].count() <= SMALL:
        return cases.filter(pk__among=keys)
    return cases.filter(search_entry__words__matches=terms)
