"""Sealing every value of the database with the current key, and building the index columns anew.

Both go through all tables in batches while the product runs: a row that somebody changes meanwhile
is left to the next round. Nothing is remembered between two runs, so an interrupted one is simply
started again.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import models, transaction

from derman.lib.sealing import BadKeyring, CannotOpen, Keyring
from derman.people.fields import IndexField, Sealed, SealedField

BATCH = 500
Tick = Callable[[int], None]


def models_with(kind: type[models.Field]) -> Iterator[tuple[type[models.Model], list[Any]]]:
    """Every table that has fields of this kind, with them."""
    for model in apps.get_models():
        found = [field for field in model._meta.concrete_fields if isinstance(field, kind)]
        if found:
            yield model, found


def count_by_key() -> Counter[str]:
    """How many values each key has sealed."""
    counted: Counter[str] = Counter()
    for model, fields in models_with(SealedField):
        for row in _rows(model, [field.attname for field in fields], BATCH):
            counted.update(key_of(value) for value in row[1:] if value)
    return counted


def reseal(ring: Keyring, *, batch: int = BATCH, tick: Tick = lambda done: None) -> int:
    """Seal anew what another key sealed; return how many values that were."""
    done = 0
    for model, fields in models_with(SealedField):
        names = [field.attname for field in fields]
        for rows in _batches(_rows(model, names, batch), batch):
            done += _reseal(model, fields, rows, ring)
            tick(done)
    return done


def reindex(ring: Keyring, *, batch: int = BATCH, tick: Tick = lambda done: None) -> int:
    """Bring every index column to the current index key; return how many rows changed."""
    done = 0
    for model, fields in models_with(IndexField):
        names = [name for field in fields for name in (field.of, field.attname)]
        for rows in _batches(_rows(model, names, batch), batch):
            done += _reindex(model, fields, rows, ring)
            tick(done)
    return done


def check(ring: Keyring) -> None:
    """Open one value of each table and compare its index; BadKeyring when it is another's."""
    for model, fields in models_with(SealedField):
        for field in fields:
            value = _newest(model, field.attname)
            if value is None:
                continue
            try:
                ring.open(value[1], context(model, field, value[0]))
            except CannotOpen:
                raise BadKeyring(
                    f"the key file does not open what {model._meta.db_table} holds: "
                    "it is another installation's, or lacks a key that is in use"
                ) from None
    for model, fields in models_with(IndexField):
        for field in fields:
            _check_index(model, field, ring)


def key_of(token: str) -> str:
    """The name of the key that sealed a value."""
    return token.split(".", 2)[1]


def context(model: type[models.Model], field: Any, key: Any) -> str:
    """What a sealed value is bound to (`people.fields.context_of`)."""
    return f"{model._meta.db_table}|{field.column}|{key}"


def _rows(model: type[models.Model], names: list[str], batch: int) -> Iterator[tuple[Any, ...]]:
    """Key and columns of every row, read in pieces so that no transaction stays open."""
    last: Any = None
    while True:
        rows = model._base_manager.order_by("pk").values_list("pk", *names)
        some = list((rows if last is None else rows.filter(pk__gt=last))[:batch])
        yield from some
        if len(some) < batch:
            return
        last = some[-1][0]


def _batches(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    some: list[Any] = []
    for row in rows:
        some.append(row)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some


def _reseal(
    model: type[models.Model], fields: list[Any], rows: list[tuple[Any, ...]], ring: Keyring
) -> int:
    stale = [
        (row[0], field, value)
        for row in rows
        for field, value in zip(fields, row[1:], strict=True)
        if value and key_of(value) != ring.current
    ]
    changed = 0
    if stale:
        with transaction.atomic():
            for key, field, value in stale:
                where = context(model, field, key)
                fresh = Sealed(ring.seal(ring.open(value, where), where))
                same = model._base_manager.filter(pk=key, **{field.attname: Sealed(value)})
                changed += same.update(**{field.attname: fresh})
    return changed


def _reindex(
    model: type[models.Model],
    fields: list[IndexField],
    rows: list[tuple[Any, ...]],
    ring: Keyring,
) -> int:
    changes = []
    for row in rows:
        for place, field in enumerate(fields):
            sealed, held = row[1 + 2 * place], row[2 + 2 * place]
            fresh = _digest(model, field, row[0], sealed, ring)
            if held != fresh:
                changes.append((row[0], field, sealed, fresh))
    changed = 0
    if changes:
        with transaction.atomic():
            for key, field, sealed, fresh in changes:
                same = model._base_manager.filter(pk=key, **{field.of: sealed})
                changed += same.update(**{field.attname: fresh})
    return changed


def _digest(
    model: type[models.Model], field: IndexField, key: Any, sealed: str | None, ring: Keyring
) -> str:
    if not sealed:
        return ""
    value = ring.open(sealed, context(model, model._meta.get_field(field.of), key))
    normal = field.normal(value)
    return ring.blind_index(normal, f"{model._meta.db_table}.{field.of}") if normal else ""


def _newest(model: type[models.Model], name: str) -> tuple[Any, ...] | None:
    filled = model._base_manager.exclude(**{name: ""}).exclude(**{f"{name}__isnull": True})
    return filled.values_list("pk", name).first()


def _check_index(model: type[models.Model], field: IndexField, ring: Keyring) -> None:
    rows = model._base_manager.exclude(**{field.attname: ""})
    row = rows.values_list("pk", field.of, field.attname).first()
    if row is None:
        return
    wanted = _digest(model, field, row[0], row[1], ring)
    if row[2] == wanted:
        return
    normal = field.normal(
        ring.open(row[1], context(model, model._meta.get_field(field.of), row[0]))
    )
    if row[2] not in ring.blind_indexes(normal, f"{model._meta.db_table}.{field.of}"):
        raise BadKeyring(
            f"the index key is not the one under which {model._meta.db_table} can be searched"
        )
