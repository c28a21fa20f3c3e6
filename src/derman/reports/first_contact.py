"""First-contact resolution (rows T4, P5): what was settled at once, and stayed settled.

*Gross* counts the cases that were answered while the applicant was still there. *Net* leaves out
those whose people came again about it within the profile's days: the same customer, applicant or
account with a case of these kinds on the same topic, or a repeat that was noticed, also by its
words under another topic (`cases.repeats`). A case that was reopened counts in neither. `n` is
every case of these kinds that was received in the period and not ended without a decision; cases
still open are among them. Net is not final before the days are over.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, DateTimeField, Exists, ExpressionWrapper, OuterRef, Q, Value

from derman.cases.models import Case, Link
from derman.profile.repeats import Repeats
from derman.words.kinds import EARLY_CLOSING
from derman.words.loop import LinkKind


@dataclass(frozen=True)
class FirstContact:
    """Of one topic, or of all (`topic` empty). Rates are None where there is no case."""

    topic: str
    n: int
    gross: int
    net: int

    @property
    def gross_rate(self) -> float | None:
        return self.gross / self.n if self.n else None

    @property
    def net_rate(self) -> float | None:
        return self.net / self.n if self.n else None


@dataclass(frozen=True)
class Figures:
    """A period: the whole, then topic by topic, the most frequent first."""

    whole: FirstContact
    topics: list[FirstContact]
    days: int  # within which somebody who comes again was not helped
    is_final: bool  # those days are over for every case of the period


def figures(since: datetime, until: datetime, *, repeats: Repeats, at: datetime) -> Figures:
    """Gross and net of the cases received from `since` up to, not including, `until`."""
    cases = Case.objects.filter(
        received_at__gte=since, received_at__lt=until, kind__in=repeats.kinds, merged_into=None
    ).exclude(closing_reason__in=EARLY_CLOSING)
    counted = cases.values("topic").annotate(
        n=Count("pk"), gross=Count("pk", filter=Q(first_contact=True))
    )
    at_once = cases.filter(first_contact=True)
    came_again = at_once.filter(_again(repeats))
    lost = dict(came_again.values("topic").annotate(n=Count("pk")).values_list("topic", "n"))
    topics = [
        FirstContact(row["topic"], row["n"], row["gross"], row["gross"] - lost.get(row["topic"], 0))
        for row in counted.order_by("-n", "topic")
    ]
    is_final = until + timedelta(days=repeats.days) <= at
    return Figures(_sum(topics), topics, repeats.days, is_final)


def _again(repeats: Repeats) -> Q:
    """That the same people came again about it; thanks or a question are no such thing."""
    days = Value(timedelta(days=repeats.days))
    ends = ExpressionWrapper(OuterRef("received_at") + days, output_field=DateTimeField())
    people = (
        Q(customer=OuterRef("customer"))
        | Q(applicant=OuterRef("applicant"))
        | Q(account=OuterRef("account"))
    )
    later = Case.objects.filter(people, topic=OuterRef("topic"), kind__in=repeats.kinds).filter(
        received_at__gt=OuterRef("received_at"), received_at__lte=ends
    )
    noticed = Link.objects.filter(
        other=OuterRef("pk"), kind=LinkKind.REPEAT, ended_at=None, case__received_at__lte=ends
    )
    return Q(Exists(later)) | Q(Exists(noticed))


def _sum(topics: Iterable[FirstContact]) -> FirstContact:
    topics = list(topics)
    return FirstContact(
        "",
        sum(one.n for one in topics),
        sum(one.gross for one in topics),
        sum(one.net for one in topics),
    )
