"""Concluded cases by what their check has found: for lists and for what failed most. Reads only."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q

from derman.cases.models import Check
from derman.words.compliance import Rule
from derman.words.life import State

PASSED, FAILED = "passed", "failed"
UNCHECKED = "unchecked"  # closed before it came to us


@dataclass(frozen=True)
class Tally:
    """How many cycles were checked, how many kept to every rule, and by rule how many did not."""

    checked: int
    passed: int
    failed_by_rule: dict[str, int]
    asked_by_rule: dict[str, int]


def fell_short(rule: str) -> Q:
    """The checks in which this rule was not kept."""
    return Q(passed=False, findings__has_key=rule) & ~Q(**{f"findings__{rule}": ""})


def result(value: str) -> Q:
    """The cases whose last check says so: `passed`, `failed`, or the key of a rule not kept.

    `unchecked` are those that another system had closed: nobody knows what they kept to.
    """
    checks = Check.objects.filter(case=OuterRef("pk"), cycle=OuterRef("cycle"))
    if value == UNCHECKED:
        return Q(state=State.CLOSED) & ~Q(Exists(checks))
    if value in (PASSED, FAILED):
        return Q(Exists(checks.filter(passed=value == PASSED)))
    return Q(Exists(checks.filter(fell_short(value))))


def since(at: datetime) -> Q:
    """The cases whose last cycle was checked at this moment or later."""
    checks = Check.objects.filter(case=OuterRef("pk"), cycle=OuterRef("cycle"))
    return Q(Exists(checks.filter(at__gte=at)))


def tally(start: datetime) -> Tally:
    """All checks since a moment, in one query."""
    counts = {f"failed_{rule}": Count("pk", filter=fell_short(rule)) for rule in Rule}
    asked = {f"asked_{rule}": Count("pk", filter=Q(findings__has_key=str(rule))) for rule in Rule}
    found = Check.objects.filter(at__gte=start).aggregate(
        checked=Count("pk"), kept=Count("pk", filter=Q(passed=True)), **counts, **asked
    )
    return Tally(
        found["checked"],
        found["kept"],
        {str(rule): found[f"failed_{rule}"] for rule in Rule},
        {str(rule): found[f"asked_{rule}"] for rule in Rule},
    )
