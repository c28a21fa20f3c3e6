"""Somebody comes again: their case is marked as a repeat (row T10), or an open one takes it in."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from derman.accounts import absence
from derman.accounts.models import User
from derman.cases import escalating, repeats
from derman.cases.actions._core import Act, check_text, record, touch
from derman.cases.merged import goes_on_in
from derman.cases.models import Case, Event, Link, Note
from derman.profile.publishing import Published
from derman.words.events import EventType
from derman.words.life import Verb
from derman.words.loop import LinkKind, Trigger


def notice_repeats(events: Iterable[Event], *, at: datetime, profile: Published) -> int:
    """Look whether the cases that these events opened are repeats; return how many are.

    The worker calls this in the transaction in which it settles the events, so each case is looked
    at once. Opening itself stays cheap, and silent cases (imports, the demo's past) have no event
    that the worker sees.
    """
    opened = [event.case for event in events if event.type == EventType.OPENED]
    rule = profile.profile.repeats
    found = 0
    for case in opened:
        if case.secret_reporter:
            continue
        matches = repeats.find(repeats.brought_by(case), rule, but=case.pk)
        if matches:
            mark_repeat(case, matches[0], Act(None, at, profile))
            found += 1
    return found


def mark_repeat(case: Case, match: repeats.Match, act: Act) -> None:
    """Say of what it is a repeat and why, give it to the same owner, raise it one level.

    The caller holds the transaction. The version rises only where the owner changes.
    """
    held = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    link, is_new = Link.objects.get_or_create(
        case=held,
        other_id=match.case_id,
        kind=LinkKind.REPEAT,
        ended_at=None,
        defaults={
            "reasons": list(match.reasons),
            "likeness": match.likeness,
            "made_at": act.at,
        },
    )
    if not is_new:
        return
    details: dict[str, Any] = {"other": match.number, "reasons": list(match.reasons)}
    owner = _owner(held, match, act)
    if owner:
        touch(held, Verb.ASSIGN, also={"owner_user": owner, "is_repeat": True})
        details["owner"] = owner.pk
    else:
        Case.objects.filter(pk=held.pk).update(is_repeat=True)
    record(held, EventType.REPEAT_FOUND, act, **details)
    if act.profile.profile.repeats.one_level_up:
        escalating.trigger(held, Trigger.REPEAT, act, other=match.number, link=str(link.pk))


def _owner(case: Case, match: repeats.Match, act: Act) -> User | None:
    """Who owns the earlier case, or covers for them today; nobody takes a case from its owner."""
    profile = act.profile.profile
    if not (profile.repeats.same_owner and case.is_open) or case.owner_user_id:
        return None
    if match.owner_user_id is None:
        return None
    owner = User.objects.filter(pk=match.owner_user_id, is_active=True, is_service=False).first()
    return absence.stand_in(owner, absence.day_of(act.at, profile)) if owner else None


@transaction.atomic
def hear_other(case: Case, text: str, *, by: User, at: datetime, profile: Published) -> Note:
    """Somebody else than its applicant says something about the matter of a case.

    The words stay internal: the applicant must not read them as their own (row E11), and they
    answer nothing that we asked. Like the applicant's they wake the case, or the one it goes on in.
    """
    act = Act(by, at, profile)
    check_text(text)
    made = Note.objects.create(case=case, text=text, at=at, by=by)
    details: dict[str, Any] = {"note": str(made.pk)}
    target = goes_on_in(case)
    if target is not None:
        touch(case, Verb.NOTE)
        record(case, EventType.INFORMATION_ADDED, act, **details, into=target.number, quiet=True)
        case = Case.objects.select_for_update(of=("self",)).get(pk=target.pk)
        details["from"] = made.case.number
    touch(case, Verb.NOTE, also={"snoozed_until": None})
    record(case, EventType.INFORMATION_ADDED, act, **details)
    escalating.hear(case, act)
    return made
