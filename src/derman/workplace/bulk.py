"""The same verb for many cases: who may, what stands against it, and the order to the worker.

A run begins as a draft. Whatever speaks against a case is found twice: for the preview, and again
by the worker right before it acts on that case (`workplace.running`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from derman.accounts import rights
from derman.accounts.models import User
from derman.cases.models import Case, CaseTag, Task
from derman.cases.permissions import is_left_to
from derman.profile.schema import Profile
from derman.words.kinds import OPEN_TASK_STATES
from derman.words.life import State, Verb, is_possible
from derman.words.rights import Place
from derman.workplace.models import BulkItem, BulkRun
from derman.workplace.models.bulk import BulkVerb, ItemState, Reason, RunState

MOST = 1_000  # cases in one run
VERBS: Mapping[str, Verb] = {
    BulkVerb.ASSIGN: Verb.ASSIGN,
    BulkVerb.REFER: Verb.REFER,
    BulkVerb.TAG: Verb.TAG,
    BulkVerb.UNTAG: Verb.UNTAG,
    BulkVerb.EXPORT: Verb.READ,
}


class CannotRun(Exception):
    """The run cannot be ordered or undone; the message is fit for the user."""


def offered(user: User, profile: Profile) -> list[BulkVerb]:
    """What this person may do to many cases."""
    return [verb for verb in BulkVerb if may(user, verb, profile)]


def may(user: User, verb: str, profile: Profile) -> bool:
    """Whether the verb is this person's at all, on whichever cases."""
    if verb == BulkVerb.EXPORT and not rights.may_enter(user, Place.EXPORTS):
        return False
    return rights.may(user, VERBS[verb]) and is_left_to(user, VERBS[verb], profile)


@transaction.atomic
def draft(
    verb: BulkVerb,
    cases: Iterable[tuple[UUID, int]],
    *,
    by: User,
    at: datetime,
    back: str = "",
    details: dict[str, Any] | None = None,
    undoes: BulkRun | None = None,
) -> BulkRun:
    """A run that nobody has ordered yet, of cases and their versions, `MOST` at most."""
    run = BulkRun.objects.create(
        by=by, verb=verb, back=back, details=details or {}, made_at=at, undoes=undoes
    )
    chosen = list(dict(cases).items())[:MOST]
    items = (BulkItem(run=run, case_id=key, seen=version) for key, version in chosen)
    BulkItem.objects.bulk_create(items)
    return run


@dataclass(frozen=True)
class Facts:
    """What must be known of the cases of a run to say what stands against each."""

    cases: Mapping[UUID, Case]
    allowed: frozenset[UUID]
    asked: frozenset[UUID]  # the unit has an open question there already
    tagged: frozenset[UUID]

    @classmethod
    def of(cls, run: BulkRun, keys: list[UUID], user: User) -> "Facts":
        """Four queries, whatever the number of cases."""
        found = Case.objects.for_list().filter(pk__in=keys)
        allowed = Case.objects.visible_to(user, VERBS[run.verb]).filter(pk__in=keys)
        unit, tag = run.details.get("unit"), run.details.get("tag")
        asked = Task.objects.filter(case__in=keys, unit=unit, state__in=OPEN_TASK_STATES)
        tagged = CaseTag.objects.filter(case__in=keys, tag=tag)
        return cls(
            {case.pk: case for case in found},
            frozenset(allowed.values_list("pk", flat=True)),
            frozenset(asked.values_list("case_id", flat=True)) if unit else frozenset(),
            frozenset(tagged.values_list("case_id", flat=True)) if tag else frozenset(),
        )


def hindrance(run: BulkRun, item: BulkItem, facts: Facts, user: User) -> Reason | None:
    """Why this case is left out; None where nothing stands against it."""
    case = facts.cases.get(item.case_id)
    if case is None or case.pk not in facts.allowed:
        return Reason.NO_RIGHT
    if run.verb != BulkVerb.EXPORT and case.version != item.seen:
        return Reason.CHANGED
    if not is_possible(VERBS[run.verb], State(case.state)):
        return Reason.WRONG_STATE
    return _of_verb(run, item, case, facts, user)


def _of_verb(run: BulkRun, item: BulkItem, case: Case, facts: Facts, user: User) -> Reason | None:
    match run.verb:
        case BulkVerb.ASSIGN:
            given = run.undoes.details.get("to") if run.undoes else case.owner_user_id
            if case.owner_user_id != given:
                return Reason.CHANGED
            return Reason.ALREADY if case.owner_user_id == aim_of(run, item) else None
        case BulkVerb.REFER:
            return Reason.ALREADY if case.pk in facts.asked else None
        case BulkVerb.TAG:
            return Reason.ALREADY if case.pk in facts.tagged else None
        case BulkVerb.UNTAG:
            return None if case.pk in facts.tagged else Reason.ALREADY
        case _:
            hidden = case.secret_reporter and not rights.may_enter(user, Place.REPORTERS)
            return Reason.CONCEALED if hidden else None


def aim_of(run: BulkRun, item: BulkItem) -> int | None:
    """To whom an assignment gives the case; an undo gives each back to whoever had it."""
    if run.undoes_id:
        return int(item.before) if item.before else None
    return run.details.get("to")


@dataclass(frozen=True)
class Preview:
    """What would happen to how many, and which are left out why."""

    willing: list[Case]
    left_out: dict[Reason, list[Case]]
    missing: int  # cases that this person may not even see

    @property
    def total(self) -> int:
        return len(self.willing) + self.missing + sum(map(len, self.left_out.values()))


def preview(run: BulkRun, user: User) -> Preview:
    """The run as it would go now."""
    items = list(run.items.order_by("id"))
    keys = [item.case_id for item in items]
    facts = Facts.of(run, keys, user)
    seen = set(Case.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    willing: list[Case] = []
    left_out: dict[Reason, list[Case]] = {}
    missing = 0
    for item in items:
        reason = hindrance(run, item, facts, user)
        if reason is None:
            willing.append(facts.cases[item.case_id])
        elif item.case_id not in seen:
            missing += 1
        else:
            left_out.setdefault(reason, []).append(facts.cases[item.case_id])
    return Preview(willing, left_out, missing)


def order(run: BulkRun, *, at: datetime) -> None:
    """Let the worker do it. A second order of the same run changes nothing."""
    found = BulkRun.objects.filter(pk=run.pk, state=RunState.DRAFT)
    if found.update(state=RunState.ORDERED, details=run.details, made_at=at):
        run.state = RunState.ORDERED


def stop(run: BulkRun, *, at: datetime) -> None:
    """Leave out whatever has not been done yet."""
    open_ones = BulkRun.objects.filter(pk=run.pk, state__in=[RunState.ORDERED, RunState.RUNNING])
    if open_ones.update(state=RunState.STOPPED, ended_at=at):
        run.state = RunState.STOPPED


UNDONE_BY = {
    BulkVerb.ASSIGN: BulkVerb.ASSIGN,
    BulkVerb.TAG: BulkVerb.UNTAG,
    BulkVerb.UNTAG: BulkVerb.TAG,
}


def can_undo(run: BulkRun) -> bool:
    """A referral cannot be taken back from the unit and the applicant, who have been told."""
    return run.verb in UNDONE_BY and run.ended_at is not None and not run.undoes_id


@transaction.atomic
def undo(run: BulkRun, *, by: User, at: datetime) -> BulkRun:
    """A draft that gives back what the run changed, where nobody changed it since."""
    if not can_undo(run):
        raise CannotRun(_("This cannot be undone."))
    done = list(run.items.filter(state=ItemState.DONE).select_related("case").order_by("id"))
    opposite = UNDONE_BY[BulkVerb(run.verb)]
    cases = [(item.case_id, item.case.version) for item in done]
    made = draft(opposite, cases, by=by, at=at, back=run.back, details=run.details, undoes=run)
    before = {item.case_id: item.before for item in done}
    items = list(made.items.all())
    for item in items:
        item.before = before[item.case_id]
    BulkItem.objects.bulk_update(items, ["before"])
    return made


def counts(run: BulkRun) -> dict[str, int]:
    """How many cases are in which state of the run."""
    found = dict(run.items.values_list("state").annotate(Count("id")).order_by())
    return {str(state): found.get(state, 0) for state in ItemState}
