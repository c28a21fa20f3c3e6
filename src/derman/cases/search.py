"""Finding cases by number, name, account and words, alike on both databases.

A word is looked up in the full-text index with a cap; only the small set that comes back is
sorted, and a common word walks the cases from the newest instead (`design.md` §11).
"""

from typing import Any

from django.db.models import Lookup, TextField

from derman.cases.models import SearchEntry
from derman.cases.querysets import CaseQuerySet
from derman.cases.search_index import TABLE
from derman.lib import identifiers, turkish

# A set up to this size is sorted; a larger one is walked by date.
SMALL = 1_000


@TextField.register_lookup
class Matches(Lookup):
    """`words__matches=terms`: every term in any of its forms, by the database's own index."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, params = self.process_lhs(compiler, connection)
        terms = ("(" + " | ".join(f"'{form}':*" for form in term) + ")" for term in self.rhs)
        condition = f"to_tsvector('simple', {left}) @@ to_tsquery('simple', %s)"
        return condition, [*params, " & ".join(terms)]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, params = self.process_lhs(compiler, connection)
        rows = left.rpartition(".")[0]
        terms = ("(" + " OR ".join(f'"{form}"*' for form in term) + ")" for term in self.rhs)
        found = f"SELECT rowid FROM {TABLE}_fts WHERE {TABLE}_fts MATCH %s"  # noqa: S608 constants
        return f"{rows}.rowid IN ({found})", [*params, " AND ".join(terms)]


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
    ids = list(entries.values_list("case_id", flat=True)[: SMALL + 1])
    if len(ids) <= SMALL:
        return cases.filter(pk__in=ids)
    return cases.filter(search_entry__words__matches=terms)
