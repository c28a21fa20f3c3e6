"""Changing what is on file about a customer, with the value before and after kept (G10)."""

from datetime import datetime

from derman.accounts.models import User
from derman.lib.identifiers import normalise_email, parse_phone
from derman.people.models import ContactKind, ContactPoint, Correction, Customer
from derman.words.kinds import ContactState

FIELDS = ("name", "tckn", "phone", "email", "address")


def apply(
    customer: Customer, changes: dict[str, str], *, by: User | None, at: datetime
) -> list[str]:
    """Write the changed fields and their history; return the fields that really changed."""
    changed = []
    for field in FIELDS:
        if field not in changes:
            continue
        after = " ".join(changes[field].split())
        before = current(customer, field)
        if not after or after == before:
            continue
        after = _write(customer, field, after, at=at)
        if after == before:
            continue
        Correction.objects.create(
            customer=customer, field=field, before=before, after=after, by=by, at=at
        )
        changed.append(field)
    return changed


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


def _write(customer: Customer, field: str, value: str, *, at: datetime) -> str:
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
    return _replace(customer, ContactKind(field), value[:400], at=at)


def _replace(customer: Customer, kind: ContactKind, value: str, *, at: datetime) -> str:
    was = _newest(customer, kind)
    is_address = kind == ContactKind.ADDRESS
    if was and (was.address if is_address else was.value) == value:
        return value
    if was:
        was.ended_at = at
        was.save(update_fields=["ended_at"])
    ContactPoint.objects.create(
        customer=customer,
        kind=kind,
        value="" if is_address else value,
        address=value if is_address else "",
        state=ContactState.VERIFIED,
        created_at=at,
    )
    return value
