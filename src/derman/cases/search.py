"""Finding cases by number, name, account and words, alike on both databases.

A word is counted in the full-text index up to a cap. Only a small set is fetched and sorted; a
common word walks the cases from the newest instead (`design.md` §11).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.db import connections
from django.db.models import Lookup, QuerySet, TextField, UUIDField

from derman.cases.models import SearchEntry
from derman.cases.querysets import CaseQuerySet
from derman.cases.search_index import TABLE, VECTOR
from derman.lib import identifiers, turkish
from derman.statements import kept

# A set up to this size is sorted; a larger one is walked by date.
SMALL = 2_000
Kind = Literal["all", "number", "account", "rare", "common", "nothing"]


@dataclass(frozen=True)
class Way:
    """How a query is answered, and by what: a number, or words as the database's index has them."""

    kind: Kind
    text: str = ""


@TextField.register_lookup
class Matches(Lookup):
    """`words__matches=text`: every term in any of its forms, by the database's own index."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, params = self.process_lhs(compiler, connection)
        rows = left.rpartition(".")[0]
        return f"{rows}.{VECTOR} @@ to_tsquery('simple', %s)", [*params, self.rhs]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, params = self.process_lhs(compiler, connection)
        rows = left.rpartition(".")[0]
        found = f"SELECT rowid FROM {TABLE}_fts WHERE {TABLE}_fts MATCH %s"  # noqa: S608 constants
        return f"{rows}.rowid IN ({found})", [*params, self.rhs]


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
    return along(cases, way_of(cases, query))


def way_of(cases: CaseQuerySet, query: str) -> Way:
    """How these cases are searched; asks at most two questions."""
    query = query.strip()[:200]
    if not query:
        return Way("all")
    number = identifiers.read_number(query)
    if number:
        return Way("number", number)
    compact = "".join(query.split())
    if compact.isdigit() and cases.filter(account_number=compact).exists():
        return Way("account", compact)
    text = _written(turkish.search_terms(query), connections[cases.db].vendor)
    if not text:
        return Way("nothing")
    return Way("common" if _beyond_small(text, using=cases.db) else "rare", text)


def along(cases: CaseQuerySet, way: Way) -> CaseQuerySet:
    """The cases that are found this way."""
    match way.kind:
        case "all":
            return cases
        case "number":
            return cases.filter(number=way.text)
        case "account":
            return cases.filter(account_number=way.text)
        case "rare":
            entries = SearchEntry.objects.filter(words__matches=way.text)
            return cases.filter(pk__among=entries.values("case_id"))
        case "common":
            return cases.filter(search_entry__words__matches=way.text)
    return cases.none()


@kept
def _beyond_small(text: str, *, using: str) -> QuerySet[SearchEntry, Any]:
    """A row where more than a small set matches."""
    found = SearchEntry.objects.using(using).filter(words__matches=text)
    return found.values_list("case_id")[SMALL : SMALL + 1]


def _written(terms: Iterable[Iterable[str]], vendor: str) -> str:
    """All terms, each in any of its forms, as the database wants to read them."""
    if vendor == "postgresql":
        forms = (" | ".join(f"'{form}':*" for form in term) for term in terms)
        return " & ".join(f"({term})" for term in forms)
    forms = (" OR ".join(f'"{form}"*' for form in term) for term in terms)
    return " AND ".join(f"({term})" for term in forms)
