"""Model fields that are sealed at rest, and the blind index beside them.

A sealed value is bound to its table, column and row, so a ciphertext moved to another row does
not open. Reading decrypts on first access; writing goes through `save()` or `bulk_create()` only.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from derman.lib import keyfile
from derman.lib.sealing import Keyring


def keyring() -> Keyring:
    """The keys of this installation (`DERMAN_KEYS_FILE`), as they stand now."""
    return keyfile.current(settings.KEYS_FILE)


class Sealed(str):
    """A value as it stands in the database."""


class _Unsealing(DeferredAttribute):
    """Opens a sealed value the first time that somebody reads it."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = keyring().open(value, context_of(instance, self.field))
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


def context_of(instance: models.Model, field: Any) -> str:
    """What a sealed value is bound to."""
    return f"{instance._meta.db_table}|{field.column}|{instance.pk}"


class SealedField(models.TextField):
    """Text encrypted with AES-GCM; the row needs its primary key before it is saved."""

    descriptor_class = _Unsealing

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return Sealed(value) if value else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if not value or isinstance(value, Sealed):
            return value
        return Sealed(keyring().seal(value, context_of(model_instance, self)))

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if value and not isinstance(value, Sealed):
            raise TypeError(f"{self.name} is sealed: assign it and call save().")
        return super().get_db_prep_save(value, connection)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name in ("exact", "isnull"):
            return super().get_lookup(lookup_name)
        return None


class IndexField(models.CharField):
    """The keyed digest of another field's normalised value, for exact look-up; not unique.

    Migrations see a plain text column: `of` matters to writing only.
    """

    def __init__(self, *args: Any, of: str = "", normal: Callable[[str], str] = str, **kwargs: Any):
        self.of = of
        self.normal = normal
        kwargs["max_length"] = 64
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = getattr(model_instance, self.of) or ""
        digest = self.digest(value)
        setattr(model_instance, self.attname, digest)
        return digest

    def digest(self, value: str) -> str:
        """The index of a value; empty for an empty one."""
        return next(iter(self.digests(value)), "")

    def digests(self, value: str) -> list[str]:
        """Every index that a row with this value may hold now; the first is the one to write."""
        normal = self.normal(value) if value else ""
        column = f"{self.model._meta.db_table}.{self.of}"
        return keyring().blind_indexes(normal, column) if normal else []


def digest_of(model: type[models.Model], field: str, value: str) -> str:
    """What the index field of a model is given for this value; to look it up: `digests_of`."""
    return _index(model, field).digest(value)


def digests_of(model: type[models.Model], field: str, value: str) -> list[str]:
    """What the index field of a model may hold for this value: two while keys are changed."""
    return _index(model, field).digests(value)


def _index(model: type[models.Model], field: str) -> IndexField:
    index = model._meta.get_field(field)
    if not isinstance(index, IndexField):
        raise TypeError(f"{field} is no blind index")
    return index
