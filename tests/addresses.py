"""Every address of the product with its name, and who may use it, as rights_pages.toml says."""

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

FILE = Path(__file__).parent / "web" / "rights_pages.toml"


@lru_cache
def rows() -> dict[str, dict[str, Any]]:
    """The table of pages: a row for each address, by its name, with the groups taken apart."""
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    groups = table["groups"]
    for row in table["pages"].values():
        for scope in {"all", "own", "post"} & set(row):
            row[scope] = [role for word in row[scope] for role in groups.get(word, [word])]
    return table["pages"]


def public() -> set[str]:
    """What anybody may ask for."""
    return {name for name, row in rows().items() if row.get("public")}


@lru_cache
def known() -> dict[str, URLPattern]:
    """Every address by its name; one without a name by its path."""
    return dict(_walk(get_resolver()))


def pages() -> dict[str, URLPattern]:
    """The addresses outside the API, whose operations have a table of their own."""
    return {name: entry for name, entry in known().items() if not name.startswith("api_")}


def _walk(
    resolver: URLResolver, space: str = "", path: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        here = f"{path}{entry.pattern}"
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry, inner, here)
        else:
            yield (f"{space}{entry.name}" if entry.name else here), entry
