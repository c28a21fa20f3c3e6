"""By what the list of the workbench can be narrowed. Each filter is a parameter of its address."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from derman.accounts.models import User
from derman.cases import checked
from derman.cases.models import Task
from derman.cases.querysets import CaseQuerySet
from derman.desk import days, learning_links, satisfaction_links
from derman.desk.labels import Labels, choices
from derman.desk.people import by_name
from derman.profile import publishing
from derman.words.compliance import Rule
from derman.words.kinds import OPEN_TASK_STATES, Channel, Kind, Language, Priority, ReplyChannel
from derman.words.life import State, Verb
from derman.words.rights import RIGHTS, Role

ME, NOBODY = "me", "nobody"
YES, NO = "yes", "no"
KEY = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
OWNERS = [role for role in Role if Verb.TAKE in RIGHTS[role].verbs]

Options = list[tuple[str, str]]


@dataclass(frozen=True)
class Filter:
    """One way to narrow; `options` None: a day is chosen instead.

    `named` says what a value is that the form does not offer, because only links bring it.
    """

    label: Any
    read: Callable[[str], str]
    condition: Callable[[str, User], Q]
    options: Callable[[Labels], Options] | None
    named: Callable[[str], str] | None = None


def _key(text: str) -> str:
    return text if len(text) <= 60 and KEY.fullmatch(text) else ""


def _owner(text: str) -> str:
    return text if text in (ME, NOBODY) or (text.isdecimal() and len(text) <= 9) else ""


def _day(text: str) -> str:
    day = days.read(text)
    return day.isoformat() if day else ""


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def _column(name: str) -> Callable[[str, User], Q]:
    return lambda value, _user: Q(**{name: value})


def _topic(value: str, _user: User) -> Q:
    return Q(topic=value) if "." in value else Q(main_topic=value)


def _owned_by(value: str, user: User) -> Q:
    if value == NOBODY:
        return Q(owner_user=None)
    return Q(owner_user=user.pk if value == ME else int(value))


def _asked(unit: str, _user: User) -> Q:
    return Q(Exists(_open_tasks(unit)))


def _asked_late(unit: str, _user: User) -> Q:
    """By the clock of the database: a filter knows no moment."""
    return Q(Exists(_open_tasks(unit).filter(due_at__lt=Now())))


def _asked_soon(unit: str, _user: User) -> Q:
    end = ExpressionWrapper(Now() + timedelta(days=1), DateTimeField())
    return Q(Exists(_open_tasks(unit).filter(due_at__gte=Now(), due_at__lt=end)))


def _unit_named(unit: str) -> str:
    return Labels.for_reader(publishing.current().profile).unit(unit)


def _open_tasks(unit: str) -> QuerySet[Task]:
    return Task.objects.filter(case=OuterRef("pk"), unit=unit, state__in=list(OPEN_TASK_STATES))


def _begin(day: str) -> datetime:
    """Midnight at which a day begins, where the organisation is."""
    return timezone.make_aware(datetime.combine(date.fromisoformat(day), time()))


def _since(column: str) -> Callable[[str, User], Q]:
    return lambda day, _user: Q(**{f"{column}__gte": _begin(day)})


def _until(column: str) -> Callable[[str, User], Q]:
    """The day itself included."""
    return lambda day, _user: Q(**{f"{column}__lt": _begin(day) + timedelta(days=1)})


def _before(column: str) -> Callable[[str, User], Q]:
    return lambda day, _user: Q(**{f"{column}__lt": _begin(day)})


def _result(text: str) -> str:
    known = (checked.PASSED, checked.FAILED, checked.UNCHECKED, *Rule)
    return text if text in known else ""


def _results(_labels: Labels) -> Options:
    """Whether it kept to all rules, or which one it did not; or that nobody checked."""
    whole = [
        (checked.PASSED, _("Kept to all rules")),
        (checked.FAILED, _("Not to all")),
        (checked.UNCHECKED, _("Closed unchecked, elsewhere")),
    ]
    return [*whole, *((key, f"— {label}") for key, label in choices(Rule))]


def _topics(labels: Labels) -> Options:
    found = []
    for key, topic in labels.profile.topics.items():
        found.append((key, labels.topic(key)))
        found += [(f"{key}.{sub}", f"— {labels.topic(f'{key}.{sub}')}") for sub in topic.children]
    return found


def _regions(labels: Labels) -> Options:
    return [(key, labels.region(key)) for key in labels.profile.organisation.regions]


def _tags(labels: Labels) -> Options:
    """Retired ones too: cases that have them are still to be found."""
    return [(key, labels.tag(key)) for key in labels.profile.tags]


def _yes_or_no(_labels: Labels) -> Options:
    return [(YES, _("Only repeats")), (NO, _("No repeats"))]


def _people(_labels: Labels) -> Options:
    staff = User.objects.filter(is_active=True, is_service=False, memberships__role__in=OWNERS)
    fixed = [(ME, _("Me")), (NOBODY, _("Nobody"))]
    return [*fixed, *by_name(staff.distinct())]


FILTERS: Mapping[str, Filter] = {
    "state": Filter(
        gettext_lazy("State"), _key, _column("state"), lambda labels: choices(State)
    ),
    "topic": Filter(gettext_lazy("Topic"), _key, _topic, _topics),
    "region": Filter(gettext_lazy("Region"), _key, _column("region"), _regions),
    "channel": Filter(
        gettext_lazy("Channel"), _key, _column("channel"), lambda labels: choices(Channel)
    ),
    "kind": Filter(gettext_lazy("Kind"), _key, _column("kind"), lambda labels: choices(Kind)),
    "unit": Filter(gettext_lazy("Unit"), _key, _column("unit"), lambda labels: labels.units()),
    "owner": Filter(gettext_lazy("Owner"), _owner, _owned_by, _people),
    "priority": Filter(
        gettext_lazy("Priority"), _key, _column("priority"), lambda labels: choices(Priority)
    ),
    "tag": Filter(gettext_lazy("Tag"), _key, _column("tags__tag"), _tags),
    "repeat": Filter(
        gettext_lazy("Repeats"), _key, lambda value, _user: Q(is_repeat=value == YES), _yes_or_no
    ),
    "reply_channel": Filter(
        gettext_lazy("Answer by"), _key, _column("reply_channel"),
        lambda labels: choices(ReplyChannel),
    ),
    "language": Filter(
        gettext_lazy("Language"), _key, _column("language"), lambda labels: choices(Language)
    ),
    "received_from": Filter(gettext_lazy("Received from"), _day, _since("received_at"), None),
    "received_to": Filter(gettext_lazy("Received until"), _day, _until("received_at"), None),
    "compliance": Filter(
        gettext_lazy("Kept to the rules"), _result, lambda value, _user: checked.result(value),
        _results,
    ),
    "checked_from": Filter(
        gettext_lazy("Checked from"), _day, lambda day, _user: checked.since(_begin(day)), None
    ),
    "due_before": Filter(gettext_lazy("Due before"), _day, _before("due_at"), None),
    "survey": Filter(
        gettext_lazy("Satisfaction"), satisfaction_links.read_number,
        satisfaction_links.of_number, None, satisfaction_links.name_of_number,
    ),
    "first_contact": Filter(
        gettext_lazy("First contact"), satisfaction_links.read_first_contact,
        satisfaction_links.of_first_contact, None, satisfaction_links.name_of_first_contact,
    ),
    "asked": Filter(
        gettext_lazy("Unit that owes an answer"), _key, _asked, lambda labels: labels.units()
    ),
    "asked_late": Filter(
        gettext_lazy("Unit whose answer is late"), _key, _asked_late, None, _unit_named
    ),
    "asked_soon": Filter(
        gettext_lazy("Unit whose answer is due within a day"), _key, _asked_soon, None,
        _unit_named,
    ),
    "cause": Filter(
        gettext_lazy("Root cause"), _uuid, lambda value, _user: Q(causes=value), None,
        learning_links.title_of_cause,
    ),
    "improvement": Filter(
        gettext_lazy("Improvement"), _uuid, learning_links.measured, None,
        learning_links.title_of_improvement,
    ),
    "compared": Filter(
        gettext_lazy("Compared with"), _uuid, learning_links.compared, None,
        learning_links.title_of_improvement,
    ),
}  # fmt: skip


def read(params: Mapping[str, str]) -> dict[str, str]:
    """The filters that an address names; what it says wrongly is left out."""
    said = ((name, one.read(params.get(name, "").strip())) for name, one in FILTERS.items())
    return {name: value for name, value in said if value}


def narrow(cases: CaseQuerySet, filters: Mapping[str, str], user: User) -> CaseQuerySet:
    """The cases that every one of the filters lets through."""
    for name, value in filters.items():
        cases = cases.filter(FILTERS[name].condition(value, user))
    return cases


def shown(name: str, value: str, labels: Labels) -> str:
    """A filter's value in the reader's words; a key that nobody knows stands for itself."""
    if name == "owner":
        return _person(value)
    options, named = FILTERS[name].options, FILTERS[name].named
    if named:
        return named(value)
    if options is None:
        return formats.date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    return dict(options(labels)).get(value, value).removeprefix("— ")


def _person(value: str) -> str:
    if value in (ME, NOBODY):
        return _("Me") if value == ME else _("Nobody")
    found = User.objects.filter(pk=int(value)).first()
    return found.name if found else "?"
