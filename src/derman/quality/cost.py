"""What the cases of a root cause have cost: contacts times minutes, and what was paid."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from derman.cases.models import Case, Contact, Offer, Outcome, Reply
from derman.profile.schema import Profile
from derman.words.kinds import Channel
from derman.words.loop import OfferState

AN_HOUR = 60


@dataclass(frozen=True)
class Line:
    """All contacts by one channel: the complaints themselves, calls and replies."""

    channel: str
    contacts: int
    minutes_each: int

    @property
    def minutes(self) -> int:
        return self.contacts * self.minutes_each


@dataclass(frozen=True)
class Cost:
    """The sum and how it came about; `per_hour` 0: only minutes are known."""

    lines: tuple[Line, ...]
    per_hour: int
    compensation: Decimal
    compensated: int  # cases
    currency: str

    @property
    def contacts(self) -> int:
        return sum(line.contacts for line in self.lines)

    @property
    def minutes(self) -> int:
        return sum(line.minutes for line in self.lines)

    @property
    def work(self) -> Decimal:
        return (Decimal(self.minutes) * self.per_hour / AN_HOUR).quantize(Decimal("0.01"))

    @property
    def total(self) -> Decimal:
        return self.work + self.compensation


def reckon(cases: QuerySet[Case], profile: Profile) -> Cost:
    """Each complaint is a contact by its channel; each attempt to reach and each reply another.

    Whoever was answered while speaking was in touch with us once, not twice.
    """
    chosen = cases.order_by().values("pk")
    counted: Counter[str] = Counter()
    for rows in (
        cases.order_by(),
        Contact.objects.filter(case__in=chosen).exclude(
            concludes=True, cycle=1, case__first_contact=True
        ),
        Reply.objects.filter(case__in=chosen),
    ):
        for channel, count in rows.values_list("channel").annotate(count=Count("pk")):
            counted[channel] += count
    learning = profile.learning
    minutes = {str(channel): amount for channel, amount in learning.minutes.items()}
    paid = _paid(chosen)
    return Cost(
        lines=tuple(
            Line(channel, counted[channel], minutes.get(channel, learning.minutes_otherwise))
            for channel in _in_order(counted)
        ),
        per_hour=learning.cost_per_hour,
        compensation=sum(paid.values(), Decimal(0)),
        compensated=len(paid),
        currency=profile.authority.currency,
    )


def _paid(chosen: QuerySet[Case, Any]) -> dict[UUID, Decimal]:
    """By case. What an outcome grants counts; only where none does, the offers accepted: an
    accepted offer is often what the outcome then grants, and nobody is paid twice.
    """
    granted = Outcome.objects.filter(case__in=chosen, compensation__gt=0)
    accepted = Offer.objects.filter(case__in=chosen, compensation__gt=0, state=OfferState.ACCEPTED)
    found: dict[UUID, Decimal] = {}
    for rows in (accepted, granted):
        sums = rows.order_by().values_list("case").annotate(paid=Sum("compensation"))
        found.update({case: paid for case, paid in sums if paid})
    return found


def _in_order(counted: Counter[str]) -> list[str]:
    """As the words of the channels stand, any other after them."""
    known = [str(channel) for channel in Channel if str(channel) in counted]
    return known + sorted(set(counted) - set(known))
