"""Changing what is on file about a customer, with the value before and after kept (G10)."""

import dataclasses
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from derman.accounts.models import User
from derman.lib.identifiers import normalise_email, parse_phone
from derman.people.models import ContactKind, ContactPoint, Correction, Customer
from derman.words.kinds import ContactState

WRITTEN_TO = (ContactKind.PHONE, ContactKind.EMAIL)
FIELDS = ("name", "tckn", "phone", "email", "address")


@dataclasses.dataclass
class Applied:
    """The fields that really changed, and the contacts that others have taken the place of."""

    fields: list[str] = dataclasses.field(default_factory=list)
    former: list[UUID] = dataclasses.field(default_factory=list)
    new: list[UUID] = dataclasses.field(default_factory=list)


def apply(customer: Customer, changes: dict[str, str], *, by: User | None, at: datetime) -> Applied:
    """Write the changed fields and their history; the caller holds the transaction.

    Of two people who correct one customer at once, in two cases, the second finds what the first
    has written.
    """
    customer.refresh_from_db(
        fields=["name", "tckn"], from_queryset=Customer.objects.select_for_update()
    )
    applied = Applied()
    for field in FIELDS:
        if field not in changes:
            continue
        after = " ".join(changes[field].split())
        before = current(customer, field)
        if not after or after == before:
            continue
        after = _write(customer, field, after, applied, at=at)
        if after == before:
            continue
        Correction.objects.create(
            customer=customer, field=field, before=before, after=after, by=by, at=at
        )
        applied.fields.append(field)
    return applied


def current(customer: Customer, field: str) -> str:
    """What the file says now."""
    if field == "name":
        return customer.name
    if field == "tckn":
        return customer.tckn or ""
    point = _newest(customer, ContactKind(field))
    if point is None:
        return ""
    return point.address if field == "address" else point.value


def _newest(customer: Customer, kind: ContactKind) -> ContactPoint | None:
    points = ContactPoint.objects.filter(customer=customer, kind=kind, ended_at=None)
    return points.order_by("-created_at").first()


def _write(customer: Customer, field: str, value: str, applied: Applied, *, at: datetime) -> str:
    if field == "name":
        customer.name = value
        customer.clean_name()
        customer.save(update_fields=["name", "name_folded"])
        return customer.name
    if field == "tckn":
        customer.tckn = value[:20]
        customer.save(update_fields=["tckn", "tckn_index"])
        return value[:20]
    if field == "phone":
        parsed = parse_phone(value)
        value = (parsed.e164 or parsed.raw)[:80]
    elif field == "email":
        value = normalise_email(value)[:254]
    return _replace(customer, ContactKind(field), value[:400], applied, at=at)


def _replace(
    customer: Customer, kind: ContactKind, value: str, applied: Applied, *, at: datetime
) -> str:
    was = _newest(customer, kind)
    is_address = kind == ContactKind.ADDRESS
    if was and (was.address if is_address else was.value) == value:
        return value
    if was:
        _end(was, at)
    made = ContactPoint.objects.create(
        customer=customer,
        kind=kind,
        value="" if is_address else value,
        address=value if is_address else "",
        state=ContactState.VERIFIED,
        created_at=at,
    )
    if was and kind in WRITTEN_TO:
        applied.former.append(was.pk)
        applied.new.append(made.pk)
    return value


def _end(was: ContactPoint, at: datetime) -> None:
    """The same value may stand twice on a customer that was merged; neither counts any more."""
    same = Q(value_index=was.value_index) & ~Q(value_index="")
    theirs = ContactPoint.objects.filter(customer=was.customer_id, kind=was.kind, ended_at=None)
    theirs.filter(same | Q(pk=was.pk)).update(ended_at=at)
