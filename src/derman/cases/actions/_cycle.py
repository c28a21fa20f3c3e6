"""From one cycle to the next, for the actions that open it; the caller holds the transaction.

A refused result or offer begins again: a new resolve clock, nobody's open task left over, and the
offers of the cycle before are history.
"""

from typing import Any

from derman.cases import clocks
from derman.cases.actions._core import Act, move
from derman.cases.actions.referring import cancel_tasks
from derman.cases.models import Case, Offer
from derman.words.kinds import ClockKind
from derman.words.life import State, Verb
from derman.words.loop import OfferState

# What a cycle leaves behind when the next one begins.
FRESH: dict[str, Any] = {
    "promised_at": None,
    "resolved_at": None,
    "closed_at": None,
    "silent_at": None,
    "inform_unit": "",
    "decision": "",
    "closing_reason": "",
    "first_contact": False,
}


def begin_cycle(case: Case, verb: Verb, act: Act, *, also: dict[str, Any] | None = None) -> None:
    """Back to `in_review` with clocks of its own; the caller writes down why, and the event."""
    profile = act.profile.profile
    budget = clocks.resolve_budget(case.topic, profile)
    clock = clocks.build(case, ClockKind.RESOLVE, budget, start=act.at, profile=profile)
    clock.cycle = case.cycle + 1
    changes = {**FRESH, "cycle": clock.cycle, "due_at": clock.due_at, **(also or {})}
    move(case, verb, State.IN_REVIEW, act, also=changes)
    cancel_tasks(case, act)
    clocks.end_cycle(case, at=act.at)
    end_offers(case, act)
    clock.save(force_insert=True)
    clocks.begin_interim(case, at=act.at, profile=profile)


def end_offers(case: Case, act: Act) -> None:
    """Nobody answers an offer any more once its case is closed or has gone on."""
    waiting = Offer.objects.filter(case=case, state=OfferState.OPEN)
    waiting.update(state=OfferState.WITHDRAWN, answered_at=act.at, answered_by=act.by)
