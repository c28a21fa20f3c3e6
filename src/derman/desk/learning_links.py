"""From the figures of root causes and improvements to the cases behind them, and back."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from derman.accounts.models import User
from derman.quality import scope
from derman.quality.models import Improvement, RootCause
from derman.quality.weeks import Week
from derman.words.kinds import Kind

A_DAY = timedelta(days=1)
NOTHING = Q(pk__in=())


def measured(value: str, _user: User) -> Q:
    """The complaints that an improvement is about."""
    found = _find(value)
    return scope.condition(scope.own(found)) if found else NOTHING


def compared(value: str, _user: User) -> Q:
    """The complaints with which it is compared."""
    found = _find(value)
    group = scope.compared(found) if found else None
    return scope.condition(group) if group else NOTHING


def title_of_cause(value: str) -> str:
    """Its title, "?" for one that is not there."""
    return RootCause.objects.filter(pk=value).values_list("title", flat=True).first() or "?"


def title_of_improvement(value: str) -> str:
    """Its title, "?" for one that is not there."""
    return Improvement.objects.filter(pk=value).values_list("title", flat=True).first() or "?"


def cases(**filters: str) -> str:
    """The address of the workbench that shows these cases."""
    return f"{reverse('desk:workbench')}?{urlencode({'view': 'all', **filters})}"


def of_span(name: str, key: object, since: date, until: date) -> str:
    """The cases of an improvement, or of its comparison group, from `since` to before `until`."""
    days = {"received_from": since.isoformat(), "received_to": (until - A_DAY).isoformat()}
    return cases(**{name: str(key)}, **days)


def of_week(name: str, key: object, week: Week) -> str:
    """The cases of a week; those of days that were left out stand among them."""
    return of_span(name, key, week.begins, week.begins + 7 * A_DAY)


def of_topic(topic: str, since: date, until: date) -> str:
    """The complaints about a topic in these days."""
    days = {"received_from": since.isoformat(), "received_to": (until - A_DAY).isoformat()}
    return cases(topic=topic, kind=str(Kind.COMPLAINT), **days)


def _find(value: str) -> Improvement | None:
    rows = Improvement.objects.prefetch_related("topics", "regions")
    return rows.filter(pk=value).first()
