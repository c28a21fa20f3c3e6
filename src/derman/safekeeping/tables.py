"""Which tables hold what must be kept, and of which kind their columns are.

A table is described by its name and columns, not by its model, so that what an older version wrote
can be loaded into the tables as they were then.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import models

# What would be wrong elsewhere or after a while: everybody signs in again.
LEFT_OUT = {"django_session"}


class Kind(StrEnum):
    """What has to be known of a column to write its values alike from every database."""

    PLAIN = "plain"  # text, numbers
    UUID = "uuid"
    MOMENT = "moment"
    DAY = "day"
    TIME = "time"
    TRUTH = "truth"
    JSON = "json"
    BYTES = "bytes"


KINDS: dict[str, Kind] = {
    "UUIDField": Kind.UUID,
    "DateTimeField": Kind.MOMENT,
    "DateField": Kind.DAY,
    "TimeField": Kind.TIME,
    "BooleanField": Kind.TRUTH,
    "JSONField": Kind.JSON,
    "BinaryField": Kind.BYTES,
}


@dataclass(frozen=True)
class Table:
    """A table, its columns with their kinds, and the one that orders its rows."""

    name: str
    columns: tuple[tuple[str, Kind], ...]
    key: str
    serial: bool  # the database gives the key

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.columns]

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "columns": [[name, str(kind)] for name, kind in self.columns],
            "key": self.key,
            "serial": self.serial,
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> "Table":
        columns = tuple((name, Kind(kind)) for name, kind in found["columns"])
        return cls(found["name"], columns, found["key"], found["serial"])


def all_tables() -> list[Table]:
    """Every table of ours and of the libraries, by name."""
    found = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return [_table(model) for name, model in sorted(found.items()) if name not in LEFT_OUT]


def _table(model: type[models.Model]) -> Table:
    key = model._meta.pk
    columns = tuple((str(field.column), _kind(field)) for field in model._meta.concrete_fields)
    return Table(model._meta.db_table, columns, str(key.column), isinstance(key, models.AutoField))


def _kind(field: Any) -> Kind:
    while field.is_relation:
        field = field.target_field
    return KINDS.get(field.get_internal_type(), Kind.PLAIN)
