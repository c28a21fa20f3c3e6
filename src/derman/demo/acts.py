"""Why a case of the demo was decided so, and what is done about it.

Drawn by dice of its own, thrown with the case's number, so that the rest of a story stays as it is.
"""

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from derman.cases import acting, actions
from derman.cases.submissions import Submission
from derman.words.kinds import Decision, Kind
from derman.words.loop import ActionKind, ActionState

if TYPE_CHECKING:  # a story tells what its case leads to
    from derman.demo.story import Story

MOST_OF_TEN = 4  # so many of ten justified cases lead to an action where none is asked for
DONE_OF_TEN = 6
LATE_OF_TWENTY = 1  # of what was planned weeks ago
WEEKS = timedelta(weeks=3)
KINDS = (ActionKind.CORRECTIVE, ActionKind.PREVENTIVE)


def grounds(story: "Story", decision: Decision) -> actions.Grounds:
    """A reason that fits the decision, what it rests on, and the first action."""
    case, dice = story.case, _dice(story)
    said = story._profile.profile.decisions
    if case.kind != Kind.COMPLAINT or decision == Decision.NOT_APPLICABLE:
        return {}
    why = _why(story, decision, case.topic, dice)
    is_planned = decision in acting.JUSTIFIED and (
        said.needs_action or dice.randrange(10) < MOST_OF_TEN
    )
    return {**why, "plan": _plan(story, dice) if is_planned else None}


def grounds_at_once(story: "Story", decision: Decision, said: Submission) -> actions.Grounds:
    """The reason of what was decided while the applicant was on the line."""
    kind = said.kind or story._profile.profile.leaves()[said.topic].kind
    if kind != Kind.COMPLAINT or decision == Decision.NOT_APPLICABLE:
        return {}
    return {**_why(story, decision, said.topic, Random(said.description))}  # noqa: S311


def _why(story: "Story", decision: Decision, topic: str, dice: Random) -> actions.Why:
    said = story._profile.profile.decisions
    reasons = sorted(said.fitting(decision, topic))
    reason = dice.choice(reasons) if reasons else ""
    needs_evidence = bool(reason) and said.reasons[reason].needs_evidence
    evidence = _said(story, "evidence", dice) if needs_evidence else ""
    return {"reason_code": reason, "evidence": evidence}


def carry_out(story: "Story") -> None:
    """At the end of its story some of what was planned is done, if the demo lasts so long."""
    dice = _dice(story)
    open_ = story.case.actions.filter(state=ActionState.OPEN, cycle=story.case.cycle)
    for action in open_.order_by("planned_at", "text"):
        at = story.at + timedelta(hours=dice.uniform(20, 200))
        if at >= story.world.hours.end or not _is_done(story, dice):
            continue
        story.pass_until(at)
        action.case = story.case
        proof, by = _said(story, "proofs", dice), action.planned_by
        actions.do_action(action, proof, by=by, at=at, profile=story._profile)


def _is_done(story: "Story", dice: Random) -> bool:
    """Little of what was planned weeks ago is still open."""
    if story.world.hours.end - story.at > WEEKS:
        return dice.randrange(20) >= LATE_OF_TWENTY
    return dice.randrange(10) < DONE_OF_TEN


def _dice(story: "Story") -> Random:
    return Random(f"{story.case.number}.{story.case.cycle}")  # noqa: S311


def _said(story: "Story", what: str, dice: Random) -> str:
    return str(dice.choice(story.world.texts.phrases["internal"][what]))


def _plan(story: "Story", dice: Random) -> actions.Plan:
    """What fits the topic, but never the one of a cycle before."""
    tried = set(story.case.actions.values_list("text", flat=True))
    internal = story.world.texts.phrases["internal"]
    fitting = [text for text in internal["actions"][story.case.main_topic] if text not in tried]
    left = fitting or [text for text in internal["further_actions"] if text not in tried]
    return actions.Plan(dice.choice(KINDS), dice.choice(left))
