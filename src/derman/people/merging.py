"""Two rows that are one person: joined with everything they hold, and taken apart again.

The merged row stays as it was and leads to its survivor. Only keys move, so that undoing a merge
puts back exactly what it moved; merges into one row are undone in the opposite order. Cases are
moved by `cases.actions`, which calls this.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.people.models import ContactPoint, Correction, Customer, Holding, Merge

FILLED = ("name", "tckn", "vkn", "language")
CONFLICTING = ("kind", "tckn", "vkn")
OF_HOLDING = ("proof", "starts_on", "ends_on")
LONGEST_REASON = 400


class CannotMerge(Exception):
    """These two rows cannot be joined or parted; the message is fit for the user."""


@dataclass(frozen=True)
class Moved:
    """What a merge moves, by key. `swapped` are pairs of holdings of the same account."""

    points: list[str] = field(default_factory=list)
    corrections: list[str] = field(default_factory=list)
    holdings: list[int] = field(default_factory=list)
    swapped: list[list[int]] = field(default_factory=list)
    redirected: list[str] = field(default_factory=list)
    filled: list[str] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)  # cases in which the merged row spoke
    cases: list[str] = field(default_factory=list)  # cases that were the merged row's matter


def standing(customer_id: UUID) -> Customer:
    """The row that stands for this customer today."""
    found = Customer.objects.select_related("merged_into").get(pk=customer_id)
    return found.merged_into or found


def family(customer: Customer) -> list[UUID]:
    """Every row that is this person: the customer's own and those merged into it."""
    merged = Customer.objects.filter(merged_into=customer).values_list("pk", flat=True)
    return [customer.pk, *merged]


def hold_family(customer_id: UUID) -> list[UUID]:
    """Every row of this person, kept from others until the transaction ends.

    Who asks for the same person meanwhile waits, by whichever row, and then reads what was written.
    """
    while True:  # a person may have been merged while we waited for them
        key = standing(customer_id).pk
        held = Customer.objects.select_for_update(no_key=True).get(pk=key)
        if held.merged_into_id is None:
            return family(held)


def conflicts(survivor: Customer, merged: Customer) -> list[str]:
    """The fields that say two different things, as two identity numbers do."""
    said = [(name, getattr(survivor, name), getattr(merged, name)) for name in CONFLICTING]
    return [name for name, one, other in said if one and other and one != other]


def plan(survivor: Customer, merged: Customer) -> Moved:
    """What would move; writes nothing, so that it can be shown first."""
    stay, swap = _doubled(survivor, merged)
    held = Holding.objects.filter(customer=merged).exclude(pk__in=stay)
    return Moved(
        points=_keys(ContactPoint.objects.filter(customer=merged)),
        corrections=_keys(Correction.objects.filter(customer=merged)),
        holdings=sorted(held.values_list("pk", flat=True)),
        swapped=swap,
        redirected=_keys(Customer.objects.filter(merged_into=merged)),
        filled=[n for n in FILLED if getattr(merged, n) and not getattr(survivor, n)],
    )


def hold(*keys: UUID) -> dict[UUID, Customer]:
    """Keep these rows from everybody else until the transaction ends."""
    rows = Customer.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    return {row.pk: row for row in rows}


@transaction.atomic
def merge(
    survivor: Customer,
    merged: Customer,
    *,
    reason: str,
    accepted: Collection[str],
    also: Mapping[str, list[str]],
    by: User | None,
    at: datetime,
) -> Merge:
    """Join `merged` into `survivor`; `accepted` are the conflicts that somebody has looked at.

    `also` names the cases that the caller moves in the same transaction.
    """
    held = hold(survivor.pk, merged.pk)
    survivor, merged = held[survivor.pk], held[merged.pk]
    _check(survivor, merged, accepted)
    moved = plan(survivor, merged)
    _hand_over(moved, merged, survivor)
    for left, right in moved.swapped:
        _swap(left, right)
    Customer.objects.filter(pk__in=moved.redirected).update(merged_into=survivor)
    Customer.objects.filter(pk=merged.pk).update(merged_into=survivor)
    _fill(survivor, {name: getattr(merged, name) for name in moved.filled})
    return Merge.objects.create(
        survivor=survivor,
        merged=merged,
        reason=check_reason(reason),
        moved={**asdict(moved), **also},
        by=by,
        at=at,
    )


@transaction.atomic
def undo(done: Merge, *, reason: str, by: User | None, at: datetime) -> Merge:
    """Part the two rows again: all that moved goes back, what came since stays."""
    held = hold(done.survivor_id, done.merged_id)
    survivor, merged = held[done.survivor_id], held[done.merged_id]
    if blocking(done):
        raise CannotMerge(_("Undo the later merge of this customer first."))
    ours = Merge.objects.filter(pk=done.pk, undone_at=None)
    if not ours.update(undone_at=at, undone_by=by, undone_reason=check_reason(reason)):
        raise CannotMerge(_("This merge has been undone already."))
    moved = Moved(**done.moved)
    _fill(survivor, dict.fromkeys(_still_filled(moved, survivor, merged), ""))
    Customer.objects.filter(pk=merged.pk).update(merged_into=None)
    Customer.objects.filter(pk__in=moved.redirected).update(merged_into=merged)
    for left, right in moved.swapped:
        _swap(left, right)
    _hand_over(moved, survivor, merged)
    done.refresh_from_db()
    return done


def blocking(done: Merge) -> Merge | None:
    """The later merge that has to be undone before this one, if there is one."""
    later = Merge.objects.filter(undone_at=None, pk__gt=done.pk)
    touching = Q(survivor=done.survivor_id) | Q(merged=done.survivor_id)
    return later.filter(touching).order_by("-pk").first()


def check_reason(reason: str) -> str:
    """The reason on one line; refused when there is none."""
    clean = " ".join(reason.replace("\x00", "").split())[:LONGEST_REASON]
    if not clean:
        raise CannotMerge(_("Enter a reason."))
    return clean


def _check(survivor: Customer, merged: Customer, accepted: Collection[str]) -> None:
    if survivor.pk == merged.pk:
        raise CannotMerge(_("Choose another customer: this is the same one."))
    if survivor.merged_into_id or merged.merged_into_id:
        raise CannotMerge(_("One of the two has just been merged. Look again."))
    if set(conflicts(survivor, merged)) - set(accepted):
        raise CannotMerge(_("The two differ. Look at what differs, then confirm it."))


def _keys(rows: Any) -> list[str]:
    return sorted(str(key) for key in rows.values_list("pk", flat=True))


def _doubled(survivor: Customer, merged: Customer) -> tuple[list[int], list[list[int]]]:
    """Holdings that both have: they stay, and of a pair the one in force comes to the survivor."""
    own = {(one.account_id, one.relation): one for one in survivor.holdings.all()}
    stay, swap = [], []
    for other in merged.holdings.order_by("pk"):
        mine = own.get((other.account_id, other.relation))
        if mine is None:
            continue
        stay.append(other.pk)
        if mine.ends_on is not None and other.ends_on is None:
            swap.append([mine.pk, other.pk])
    return stay, swap


def _hand_over(moved: Moved, giver: Customer, taker: Customer) -> None:
    for model, keys in ((ContactPoint, moved.points), (Correction, moved.corrections)):
        model._default_manager.filter(pk__in=keys, customer=giver).update(customer=taker)
    Holding.objects.filter(pk__in=moved.holdings, customer=giver).update(customer=taker)


def _swap(left: int, right: int) -> None:
    """What the two holdings say, exchanged; whose they are stays."""
    rows = Holding.objects.in_bulk([left, right])
    one, other = rows[left], rows[right]
    for name in OF_HOLDING:
        mine, theirs = getattr(one, name), getattr(other, name)
        setattr(one, name, theirs)
        setattr(other, name, mine)
    for row in (one, other):
        row.save(update_fields=OF_HOLDING)


def _fill(survivor: Customer, values: dict[str, str]) -> None:
    if not values:
        return
    for name, value in values.items():
        setattr(survivor, name, value)
    survivor.clean_name()
    beside = {"name": "name_folded", "tckn": "tckn_index", "vkn": "vkn_index"}
    fields = [*values, *(beside[name] for name in values if name in beside)]
    survivor.save(update_fields=fields)


def _still_filled(moved: Moved, survivor: Customer, merged: Customer) -> list[str]:
    """Fields that say what the merge wrote; a correction since then is kept."""
    return [n for n in moved.filled if getattr(survivor, n) == getattr(merged, n)]
