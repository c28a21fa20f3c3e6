"""The worker's part of work on many cases: each case one action, one transaction, one event.

A run is claimed for a short while and done in small portions, so that messages do not wait behind
it. What became of a case is written in the transaction that changes the case: a worker that dies
leaves no case done twice and none forgotten.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import translation

from derman.accounts.models import User
from derman.cases import actions
from derman.cases.models import Case
from derman.profile.publishing import Published
from derman.workplace import bulk, exports
from derman.workplace.bulk import Facts
from derman.workplace.models import BulkItem, BulkRun
from derman.workplace.models.bulk import OPEN_RUNS, BulkVerb, ItemState, Reason, RunState

log = logging.getLogger("derman.workplace")

LEASE = timedelta(minutes=1)
PORTION = 20  # cases between two looks at what else is due
KEPT = timedelta(days=30)  # what became of each case of a run
DRAFTS = timedelta(days=1)


def settle(at: datetime, limit: int, *, profile: Published) -> int:
    """Do a portion of the run that waits longest; returns how many cases it settled."""
    run = _claim(at)
    if run is None:
        return 0
    try:
        done = _go_on(run, min(limit, PORTION), at, profile)
    finally:
        BulkRun.objects.filter(pk=run.pk).update(lease_until=None)
    return done


def _claim(at: datetime) -> BulkRun | None:
    free = Q(lease_until=None) | Q(lease_until__lt=at)
    waiting = BulkRun.objects.filter(free, state__in=OPEN_RUNS).order_by("made_at")
    if not waiting.exists():
        return None
    run = waiting.select_related("by", "undoes").first()
    if run is None:
        return None
    mine = BulkRun.objects.filter(free, pk=run.pk, state__in=OPEN_RUNS)
    return run if mine.update(lease_until=at + LEASE, state=RunState.RUNNING) else None


def _go_on(run: BulkRun, limit: int, at: datetime, profile: Published) -> int:
    if run.verb == BulkVerb.EXPORT:
        with translation.override(run.by.language):
            done = exports.write(run, at=at, profile=profile)
        _end(run, at)
        return done
    items = list(run.items.filter(state=ItemState.WAITING).order_by("id")[:limit])
    for item in items:
        _settle_one(run, item, at, profile)
    if not run.items.filter(state=ItemState.WAITING).exists():
        _end(run, at)
    return len(items)


def _end(run: BulkRun, at: datetime) -> None:
    running = BulkRun.objects.filter(pk=run.pk, state=RunState.RUNNING)
    running.update(state=RunState.DONE, ended_at=at)


def _settle_one(run: BulkRun, item: BulkItem, at: datetime, profile: Published) -> None:
    user = run.by
    facts = Facts.of(run, [item.case_id], user)
    reason = bulk.hindrance(run, item, facts, user)
    if not user.is_active or not bulk.may(user, run.verb, profile.profile):
        reason = Reason.NO_RIGHT
    if reason:
        return _note(item, ItemState.LEFT_OUT, reason)
    try:
        with transaction.atomic():
            before = _act(run, item, user, at, profile)
            _note(item, ItemState.DONE, "", before)
    except actions.OldVersion:
        _note(item, ItemState.LEFT_OUT, Reason.CHANGED)
    except actions.CannotDo:
        _note(item, ItemState.FAILED, Reason.REFUSED)
    except Exception:
        log.exception("a case of run %s failed", run.pk)
        _note(item, ItemState.FAILED, Reason.REFUSED)
    return None


def _act(run: BulkRun, item: BulkItem, user: User, at: datetime, profile: Published) -> str:
    """Use the verb on the case as it was seen; returns what an undo would give back."""
    found = Case.objects.for_page().get(pk=item.case_id)
    found.version = item.seen  # whoever was faster is not written over
    before = str(found.owner_user_id or "")
    given: dict[str, Any] = {"by": user, "at": at, "profile": profile}
    verbs: dict[str, Callable[[], object]] = {
        BulkVerb.ASSIGN: lambda: actions.assign(found, _owner(bulk.aim_of(run, item)), **given),
        BulkVerb.REFER: lambda: actions.refer(
            found, run.details.get("unit", ""), question=run.question, **given
        ),
        BulkVerb.TAG: lambda: actions.tag(found, run.details.get("tag", ""), **given),
        BulkVerb.UNTAG: lambda: actions.untag(found, run.details.get("tag", ""), **given),
    }
    verbs[run.verb]()
    return before


def _owner(key: int | None) -> User | None:
    return User.objects.get(pk=key) if key else None


def _note(item: BulkItem, state: ItemState, reason: str, before: str = "") -> None:
    BulkItem.objects.filter(pk=item.pk).update(state=state, reason=reason, before=before)


def sweep(at: datetime, limit: int) -> int:
    """Forget drafts that nobody ordered, runs of last month, and files of yesterday."""
    exports.sweep(at)
    BulkRun.objects.filter(state=RunState.DRAFT, made_at__lt=at - DRAFTS).delete()
    ended = BulkRun.objects.filter(ended_at__lt=at - KEPT)
    for run in ended[:limit]:
        run.delete()
    return 0
