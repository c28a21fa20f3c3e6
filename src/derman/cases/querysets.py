"""Named questions about cases. Each filters; none writes, sorts or reads the clock."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from derman.accounts import rights
from derman.accounts.models import User
from derman.cases.models.casework import Task
from derman.cases.models.solutions import Action
from derman.words.kinds import OPEN_TASK_STATES
from derman.words.life import OPEN_STATES, State, Verb
from derman.words.rights import Place

if TYPE_CHECKING:
    from derman.cases.models.case import Case  # noqa: F401  (named in the class line below)

IN_LISTS = (
    "number",
    "topic",
    "region",
    "state",
    "priority",
    "version",
    "owner_user_id",
    "secret_reporter",
    "received_at",
    "due_at",
    "promised_at",
    "snoozed_until",
    "resolved_at",
    "closed_at",
    "applicant__name",
)


# What a unit may do on a case because it owes an action there, and for no other reason.
OF_ACTIONS = frozenset({Verb.READ, Verb.NOTE, Verb.DO_ACTION})


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases, narrowed."""

    def visible_to(self, user: User, verb: Verb = Verb.READ) -> CaseQuerySet:
        """The cases on which the user may use the verb: all; or those of own units, own
        recordings, those that an own office took in, and those of whom one covers for today.
        """
        if rights.sees_all(user, verb):
            return self
        units = rights.units_for(user, verb)
        if "" in units:
            return self
        offices = rights.offices_for(user, verb)
        theirs = [_concerns(units), Q(taken_by=user)] if units else []
        theirs += [_owed_by(units)] if units and verb in OF_ACTIONS else []
        theirs += [_taken_in(offices)] if offices else []
        if user.stands_in_for and rights.may(user, verb):
            theirs.append(Q(owner_user__in=user.stands_in_for))
        return self.filter(reduce(or_, theirs)) if theirs else self.none()

    def named_to(self, user: User) -> CaseQuerySet:
        """The cases whose people the user may know, and so find by name or account."""
        if rights.may_enter(user, Place.REPORTERS):
            return self
        return self.filter(secret_reporter=False)

    def open(self) -> CaseQuerySet:
        """Not yet resolved or closed."""
        return self.filter(state__in=list(OPEN_STATES))

    def owned_by(self, user: User) -> CaseQuerySet:
        """Open cases of this person, and of those whom they cover for today."""
        if user.stands_in_for:
            return self.open().filter(owner_user__in=[user.pk, *user.stands_in_for])
        return self.open().filter(owner_user=user)

    def of_units(self, units: frozenset[str]) -> CaseQuerySet:
        """Open cases that these units own or have a task on."""
        return self.open().filter(_concerns(units))

    def of_offices(self, offices: frozenset[str]) -> CaseQuerySet:
        """Open cases that these offices took in."""
        return self.open().filter(_taken_in(offices))

    def to_call(self, units: frozenset[str] | None = None) -> CaseQuerySet:
        """Somebody has to call the applicant: a unit answered, or no message told the result.

        `units` None: whoever calls.
        """
        owed = self.exclude(inform_unit="")
        return owed if units is None else owed.filter(inform_unit__in=units)

    def awake(self, at: datetime) -> CaseQuerySet:
        """Not laid aside, or the moment has come and nobody has noticed yet."""
        return self.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=at))

    def laid_aside(self, at: datetime) -> CaseQuerySet:
        """Laid aside until a moment that lies ahead."""
        return self.filter(snoozed_until__gt=at)

    def late(self, at: datetime) -> CaseQuerySet:
        """Past the resolve date, and the clock runs."""
        return self.open().exclude(state=State.AWAITING_APPLICANT).filter(due_at__lt=at)

    def due_between(self, start: datetime, end: datetime) -> CaseQuerySet:
        """Due in this span, the start included."""
        running = self.open().exclude(state=State.AWAITING_APPLICANT)
        return running.filter(due_at__gte=start, due_at__lt=end)

    def new(self) -> CaseQuerySet:
        """Nobody has taken it yet."""
        return self.filter(state=State.RECEIVED)

    def unassigned(self) -> CaseQuerySet:
        """Open, and no person owns it."""
        return self.open().filter(owner_user=None)

    def for_page(self) -> CaseQuerySet:
        """With what the list and the case page show of the people, in the same query."""
        return self.select_related("applicant", "customer", "account", "owner_user")

    def for_list(self) -> CaseQuerySet:
        """Only what a line of a list shows; the long texts stay in the database."""
        return self.select_related("applicant").only(*IN_LISTS)


def _concerns(units: frozenset[str]) -> Q:
    open_task = Task.objects.filter(
        case=OuterRef("pk"), unit__in=units, state__in=list(OPEN_TASK_STATES)
    )
    concerned = Q(owner_unit__in=units) | Q(inform_unit__in=units) | Q(unit__in=units)
    return concerned | Q(Exists(open_task))


def _owed_by(units: frozenset[str]) -> Q:
    return Q(Exists(Action.objects.filter(case=OuterRef("pk"), owner_unit__in=units)))


def _taken_in(offices: frozenset[str]) -> Q:
    """Said twice, so that the index over the cases of offices alone fits."""
    return Q(office__in=offices) & ~Q(office="")
