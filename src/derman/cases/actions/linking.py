"""Two cases that have to do with each other: links, a case merged into another, a merge undone.

Merging moves nothing: the merged case is closed as a duplicate, leads to its target and keeps what
it holds. What it ends is written down in the link, so that undoing restores it to the letter. It is
checked like every case that is closed; undoing takes the check back. A case that was merged into
one that is merged later leads to where the chain ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.cases import compliance
from derman.cases.actions._core import Act, CannotDo, move, record, touch
from derman.cases.merged import goes_on_in
from derman.cases.models import Approval, Case, Clock, Dispatch, Escalation, Link, Offer, Task
from derman.profile.publishing import Published
from derman.words.events import EventType
from derman.words.kinds import (
    OPEN_TASK_STATES,
    ClockState,
    ClosingReason,
    Decision,
    TaskState,
)
from derman.words.life import State, Verb
from derman.words.loop import ApprovalState, LinkKind, OfferState

# What staff may say of two cases; repeats are found by the worker.
KINDS = (LinkKind.DUPLICATE, LinkKind.RELATED, LinkKind.PARENT)
# What a merge writes on the case itself.
CLOSING = (
    "state", "state_since", "snoozed_until", "closed_at", "closing_reason", "decision",
    "silent_at", "inform_unit", "watch_at",
)  # fmt: skip


@dataclass(frozen=True)
class Ending:
    """Which rows end with their case, where the moment is written, and what changes besides."""

    is_open: Q
    moment: str
    changes: Mapping[str, Any]


RUNS = Q(state__in=[ClockState.RUNNING, ClockState.PAUSED])
ENDING: Mapping[type[models.Model], Ending] = {
    Clock: Ending(RUNS, "stopped_at", {"state": ClockState.CANCELLED, "next_at": None}),
    Task: Ending(
        Q(state__in=list(OPEN_TASK_STATES)), "answered_at", {"state": TaskState.CANCELLED}
    ),
    Offer: Ending(Q(state=OfferState.OPEN), "answered_at", {"state": OfferState.WITHDRAWN}),
    Approval: Ending(
        Q(state=ApprovalState.WAITING), "decided_at", {"state": ApprovalState.WITHDRAWN}
    ),
    Escalation: Ending(Q(seen_at=None), "seen_at", {}),
}


@transaction.atomic
def link(
    case: Case, other: Case, kind: LinkKind, *, by: User, at: datetime, profile: Published
) -> Link:
    """Say what `other` is to this case."""
    if kind not in KINDS:
        raise CannotDo(_("Choose one of these."), code="kind", field="kind")
    _check_two(case, other)
    if Link.objects.filter(case=case, other=other, kind=kind, ended_at=None).exists():
        raise CannotDo(_("The two are linked like this already."), code="linked", field="number")
    if kind == LinkKind.PARENT and case.pk in _parents(other.pk):
        raise CannotDo(
            _("That case lies under this one. Link it from there instead."),
            code="cycle",
            field="number",
        )
    touch(case, Verb.LINK)
    made = Link.objects.create(case=case, other=other, kind=kind, made_at=at, made_by=by)
    record(case, EventType.LINKED, Act(by, at, profile), other=other.number, kind=kind)
    return made


@transaction.atomic
def unlink(link: Link, *, by: User, at: datetime, profile: Published) -> None:
    """Take a link back; it stays in the history. A merge is undone by `unmerge` instead."""
    case = link.case
    if link.kind == LinkKind.DUPLICATE and case.merged_into_id == link.other_id:
        raise CannotDo(_("The case is merged. Undo the merge instead."), code="merged")
    current = Link.objects.filter(pk=link.pk, ended_at=None)
    if not current.update(ended_at=at, ended_by=by):
        raise CannotDo(_("This link has been removed already."), code="ended")
    also: dict[str, Any] = {}
    if link.kind == LinkKind.REPEAT:
        repeats = Link.objects.filter(case=case, kind=LinkKind.REPEAT, ended_at=None)
        also["is_repeat"] = repeats.exists()
    touch(case, Verb.LINK, also=also)
    act = Act(by, at, profile)
    record(case, EventType.UNLINKED, act, other=link.other.number, kind=link.kind)


@transaction.atomic
def merge(case: Case, into: Case, *, by: User, at: datetime, profile: Published) -> Link:
    """Let the case go on as a part of another; its own clocks, tasks and offers end.

    The applicant is told, unless the case was closed already; what they send later reaches the
    target (`informing.hear`).
    """
    act = Act(by, at, profile)
    target = goes_on_in(into) or into
    if target.pk == case.pk != into.pk:
        text = _("That case goes on in this one already. Undo its merge first.")
        raise CannotDo(text, code="cycle", field="number")
    _check_merge(case, target)
    if case.state == State.CLOSED:
        before: dict[str, Any] = {}
        touch(case, Verb.MERGE, also={"merged_into": target})
    else:
        before = {"case": _written(case, CLOSING), "rows": _end_rows(case, at)}
        also = {
            "closed_at": at,
            "closing_reason": ClosingReason.DUPLICATE,
            "decision": case.decision or Decision.NOT_APPLICABLE,
            "silent_at": None,
            "inform_unit": "",
            "merged_into": target,
        }
        move(case, Verb.MERGE, State.CLOSED, act, also=also)
        compliance.store(case, at=at, profile=profile)
    made = _keep(case, target, before, act)
    quiet: dict[str, Any] = {} if before else {"quiet": True}
    record(case, EventType.MERGED, act, undo=True, into=target.number, **quiet)
    origin: dict[str, Any] = {"from": case.number, "quiet": True}
    record(target, EventType.MERGED, act, **origin)
    return made


@transaction.atomic
def unmerge(case: Case, *, by: User, at: datetime, profile: Published) -> None:
    """Undo a merge: the case stands exactly where it stood, with its clocks as they were."""
    act = Act(by, at, profile)
    target = case.merged_into
    held = _hold(case, target) if target else {}
    if target is None or held[case.pk].merged_into_id != target.pk:  # or somebody was faster
        raise CannotDo(_("This case is not merged."), code="not_merged")
    links = Link.objects.filter(case=case, other=target, kind=LinkKind.DUPLICATE, ended_at=None)
    done = links.get()
    before = done.before
    if before.get("case"):
        as_it_was = _read(Case, before["case"])
        state = State(as_it_was.pop("state"))
        compliance.forget(case)
        move(case, Verb.UNMERGE, state, act, also={**as_it_was, "merged_into": None})
        _restore_rows(before["rows"])
    else:
        touch(case, Verb.UNMERGE, also={"merged_into": None})
    if not before.get("was_linked"):
        done.ended_at, done.ended_by = at, by
    done.before = {}
    done.save(update_fields=["ended_at", "ended_by", "before"])
    is_quiet = _was_not_told(case, at) or not before.get("case")
    quiet: dict[str, Any] = {"quiet": True} if is_quiet else {}
    record(case, EventType.UNMERGED, act, into=target.number, **quiet)
    origin: dict[str, Any] = {"from": case.number, "quiet": True}
    record(target, EventType.UNMERGED, act, **origin)


def _check_two(case: Case, other: Case) -> None:
    if case.pk == other.pk:
        raise CannotDo(_("Choose another case: this is the same one."), code="same", field="number")


def _check_merge(case: Case, target: Case) -> None:
    """What forbids it, looked at while nobody else can merge either of the two."""
    _check_two(case, target)
    held = _hold(case, target)
    if held[case.pk].merged_into_id is not None:
        raise CannotDo(_("This case has been merged already."), code="merged")
    if held[target.pk].merged_into_id is not None:
        raise CannotDo(_("The other case has just been merged. Look again."), code="merged")
    if held[target.pk].state == State.CLOSED and case.state != State.CLOSED:
        raise CannotDo(
            _("The other case is closed. Reopen it first, or merge it into this one."),
            code="target_closed",
            field="number",
        )


def _hold(*cases: Case) -> dict[UUID, Case]:
    """The rows as they stand, kept from everybody else until the transaction ends."""
    keys = [case.pk for case in cases]
    rows = Case.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    return {row.pk: row for row in rows}


def _parents(key: UUID) -> set[UUID]:
    """Every case above this one."""
    found: set[UUID] = set()
    rows = {key}
    while rows:
        links = Link.objects.filter(case__in=rows, kind=LinkKind.PARENT, ended_at=None)
        rows = set(links.values_list("other", flat=True)) - found
        found |= rows
    return found


def _keep(case: Case, target: Case, before: dict[str, Any], act: Act) -> Link:
    """The link of the merge; where somebody had linked the two already, that one."""
    known = Link.objects.filter(case=case, other=target, kind=LinkKind.DUPLICATE, ended_at=None)
    made = known.first()
    if made is not None:
        made.before = {**before, "was_linked": True}
        made.save(update_fields=["before"])
        return made
    return Link.objects.create(
        case=case, other=target, kind=LinkKind.DUPLICATE, before=before, made_at=act.at,
        made_by=act.by,
    )  # fmt: skip


def _end_rows(case: Case, at: datetime) -> dict[str, list[dict[str, Any]]]:
    """End what is still open on the case; return what the rows said before."""
    before: dict[str, list[dict[str, Any]]] = {}
    for model, ending in ENDING.items():
        columns = [ending.moment, *ending.changes]
        rows = model._default_manager.filter(ending.is_open, case=case).order_by("pk")
        found = [{"pk": str(row.pk), **_written(row, columns)} for row in rows]
        if found:
            rows.order_by().update(**{ending.moment: at, **ending.changes})
            before[model.__name__] = found
    return before


def _restore_rows(rows: Mapping[str, list[dict[str, Any]]]) -> None:
    for model in ENDING:
        for row in rows.get(model.__name__, ()):
            said = dict(row)
            key = said.pop("pk")
            model._default_manager.filter(pk=key).update(**_read(model, said))


def _written(row: models.Model, columns: tuple[str, ...] | list[str]) -> dict[str, Any]:
    """These columns as JSON can hold them."""
    values = {name: getattr(row, name) for name in columns}
    return {n: v.isoformat() if isinstance(v, datetime) else v for n, v in values.items()}


def _read(model: type[models.Model], said: Mapping[str, Any]) -> dict[str, Any]:
    """The same back as the columns have it."""
    columns = {column.name: column for column in model._meta.concrete_fields}
    return {name: columns[name].to_python(value) for name, value in said.items()}


def _was_not_told(case: Case, at: datetime) -> bool:
    """Whether the message about the merge has not left yet; then it is held back for good."""
    told = Dispatch.objects.filter(event__case=case, event__type=EventType.MERGED, done_at=None)
    merges = told.filter(event__details__has_key="into")  # not those of others into this one
    return bool(merges.update(done_at=at))
