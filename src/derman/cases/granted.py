"""What was granted on a case, however often somebody decided about it. Reads only."""

from collections import Counter
from decimal import Decimal as Amount
from typing import Any
from uuid import UUID

from django.db.models import Q, Value

from derman.cases.models import Case, Offer, Outcome
from derman.words.loop import OfferState


def in_all(case: Case, decision: str, compensation: Amount | None) -> Amount | None:
    """What the case, with those that go on in it, costs once this is granted as well.

    An outcome grants what its applicant had accepted before it, so nobody is paid twice; where more
    had been accepted, that counts. Without a decision it is an offer.
    """
    if not compensation:
        return compensation
    paid: Counter[tuple[UUID, int]] = Counter()  # by the outcome of a cycle
    accepted: Counter[tuple[UUID, int]] = Counter()  # and before it, by offers
    before, taken_over = Amount(0), Amount(0)
    concluded_at = {}
    for key, cycle, amount, at, is_offer in _rows(case):
        turn = (key, cycle)
        if not is_offer:
            paid[turn], concluded_at[turn] = amount, at
        elif turn in concluded_at and at <= concluded_at[turn]:
            accepted[turn] += amount
        elif decision and turn == (case.pk, case.cycle):
            taken_over += amount
        else:
            before += amount
    before += sum(max(amount, accepted[turn]) for turn, amount in paid.items())
    return before + max(taken_over, compensation)


def _rows(case: Case) -> list[tuple[Any, ...]]:
    """Case, cycle, amount, moment and whether it is an offer: outcomes first."""
    here = Q(case__in=_parts(case), compensation__gt=0)
    columns = ("case", "cycle", "compensation")
    outcomes = Outcome.objects.filter(here).values_list(*columns, "at", Value(0))
    offers = Offer.objects.filter(here, state=OfferState.ACCEPTED)
    both = outcomes.union(offers.values_list(*columns, "made_at", Value(1)), all=True)
    return sorted(both, key=lambda row: row[-1])


def _parts(case: Case) -> set[UUID]:
    """The case and all that go on in it, through however many."""
    found = newest = {case.pk}
    while newest:
        rows = Case.objects.filter(merged_into__in=newest).values_list("pk", flat=True)
        newest = set(rows) - found
        found = found | newest
    return found
