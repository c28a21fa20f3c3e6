"""Whether a concluded case kept to the rules: each a tick, or the reason why not (row E12).

The rules are pure questions about rows. What they find is stored when the case is closed, and
never reckoned again: a rule that changes later does not change what was kept then.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from derman.cases import acting
from derman.cases.models import Case, Check, Clock, Outcome
from derman.cases.proof import has_been_told
from derman.profile.publishing import Published
from derman.profile.schema import Profile
from derman.words.compliance import Rule, Shortfall
from derman.words.kinds import EARLY_CLOSING, ClockKind, ClockState, Decision, Kind

# Clocks of what the worker says by itself: no fault where nobody can be written to.
UNASKED_FOR = (ClockKind.ACKNOWLEDGE, ClockKind.INTERIM)
JUDGED = (*acting.JUSTIFIED, Decision.NOT_JUSTIFIED)


@dataclass(frozen=True)
class Facts:
    """What the rules look at: one cycle of a case at the moment in which it is closed."""

    case: Case
    at: datetime
    profile: Profile
    clocks: tuple[Clock, ...]
    outcome: Outcome | None
    tags: frozenset[str]
    was_told: bool
    has_action: bool

    @property
    def ends_early(self) -> bool:
        """Whether it ends without a result of its own, or as a part of another case."""
        return self.case.closing_reason in EARLY_CLOSING

    @property
    def is_judged(self) -> bool:
        """Whether it is a complaint that ends with a decision on its matter."""
        is_complaint = self.case.kind == Kind.COMPLAINT
        return is_complaint and self.case.decision in JUDGED and not self.ends_early


# "" is kept, None does not concern the case.
Finding = Shortfall | str | None


def of_clocks(kind: ClockKind) -> Callable[[Facts], Finding]:
    """The rule that no clock of this kind ran out."""

    def rule(facts: Facts) -> Finding:
        found = [clock for clock in facts.clocks if clock.kind == kind]
        if kind in UNASKED_FOR:
            found = [clock for clock in found if not is_dropped(clock, facts.at)]
        if not found:
            return None
        return Shortfall.LATE if any(is_late(clock, facts.at) for clock in found) else ""

    return rule


def is_dropped(clock: Clock, at: datetime) -> bool:
    """Whether it had no object any more: over before its time, or nobody could be written to.

    The worker finds the second out and drops the clock; one that ends late with its case was
    simply not kept.
    """
    if clock.state != ClockState.CANCELLED:
        return False
    stopped_at = clock.stopped_at or at
    return stopped_at <= clock.due_at or (clock.kind == ClockKind.ACKNOWLEDGE and stopped_at != at)


def is_late(clock: Clock, at: datetime) -> bool:
    """Whether it was stopped, moved or is still running after its time."""
    if clock.state in (ClockState.MET, ClockState.MISSED):
        return clock.state == ClockState.MISSED
    return clock.state != ClockState.PAUSED and clock.due_at < (clock.stopped_at or at)


def notice_shown(facts: Facts) -> Finding:
    """The privacy notice was shown or handed over, where the profile wants it."""
    asked = facts.profile.decisions.compliance
    if facts.case.channel not in asked.notice_channels:
        return None
    shown = facts.case.notice_id is not None or asked.notice_tag in facts.tags
    return "" if shown else Shortfall.NO_NOTICE


def consent_given(facts: Facts) -> Finding:
    """The explicit consent is on file, where the topic needs it."""
    asked = facts.profile.decisions.compliance
    if not asked.needs_consent(facts.case.topic):
        return None
    return "" if asked.consent_tag in facts.tags else Shortfall.NO_CONSENT


def reasoned(facts: Facts) -> Finding:
    """The decision has a reason: the code where the profile asks for one, else its words."""
    if not facts.is_judged:
        return None
    outcome = facts.outcome
    said = bool(outcome and outcome.text.strip())
    chosen = bool(outcome and outcome.reason_code)
    is_enough = chosen if facts.profile.decisions.asks_reason else chosen or said
    return "" if is_enough else Shortfall.NO_REASON


def evidence_named(facts: Facts) -> Finding:
    """What the decision rests on is written down, where its reason wants that."""
    outcome = facts.outcome
    reason = facts.profile.decisions.reasons.get(outcome.reason_code if outcome else "")
    if not facts.is_judged or outcome is None or reason is None or not reason.needs_evidence:
        return None
    return "" if outcome.evidence.strip() else Shortfall.NO_EVIDENCE


def informed(facts: Facts) -> Finding:
    """The applicant knows the result, or could not be reached; of an early end they are told."""
    if facts.ends_early:
        return None
    return "" if facts.was_told else Shortfall.NOT_TOLD


def action_planned(facts: Facts) -> Finding:
    """Something is done about a justified complaint (row C7), where the profile asks for it."""
    if facts.ends_early or not acting.is_needed(facts.case, facts.profile):
        return None
    return "" if facts.has_action else Shortfall.NO_ACTION


RULES: Mapping[Rule, Callable[[Facts], Finding]] = {
    Rule.ACKNOWLEDGED: of_clocks(ClockKind.ACKNOWLEDGE),
    Rule.INFORMED_MEANWHILE: of_clocks(ClockKind.INTERIM),
    Rule.RESOLVED_IN_TIME: of_clocks(ClockKind.RESOLVE),
    Rule.PROMISES_KEPT: of_clocks(ClockKind.PROMISE),
    Rule.TASKS_IN_TIME: of_clocks(ClockKind.TASK),
    Rule.NOTICE_SHOWN: notice_shown,
    Rule.CONSENT_GIVEN: consent_given,
    Rule.REASONED: reasoned,
    Rule.EVIDENCE_NAMED: evidence_named,
    Rule.INFORMED: informed,
    Rule.ACTION_PLANNED: action_planned,
}


def examine(facts: Facts) -> dict[str, str]:
    """What every rule that concerns the case finds: "" where it was kept, else why not."""
    found = ((rule, ask(facts)) for rule, ask in RULES.items())
    return {str(rule): str(finding) for rule, finding in found if finding is not None}


def store(case: Case, *, at: datetime, profile: Published) -> Check:
    """Check the cycle that ends with the case as it is when closed; the caller has a transaction.

    A merged case is checked for what was owed until then: for the rest the case answers as whose
    part it goes on.
    """
    early = case.closing_reason in EARLY_CLOSING
    facts = Facts(
        case=case,
        at=at,
        profile=profile.profile,
        clocks=tuple(Clock.objects.filter(case=case, cycle=case.cycle)),
        outcome=None if early else Outcome.objects.filter(case=case, cycle=case.cycle).first(),
        tags=_tags(case, profile.profile),
        was_told=not early and has_been_told(case, profile.profile),
        has_action=acting.is_needed(case, profile.profile) and acting.standing(case),
    )
    findings = examine(facts)
    passed = not any(findings.values())
    check = Check(case=case, cycle=case.cycle, at=at, passed=passed, findings=findings)
    Check.objects.bulk_create(
        [check],
        update_conflicts=True,
        unique_fields=["case", "cycle"],
        update_fields=["at", "passed", "findings"],
    )
    return check


def forget(case: Case) -> None:
    """Take back the check of a cycle that goes on after all: its merge was undone."""
    Check.objects.filter(case=case, cycle=case.cycle).delete()


def _tags(case: Case, profile: Profile) -> frozenset[str]:
    """The tags of the case, read only where a rule may ask for one."""
    asked = profile.decisions.compliance
    if case.channel not in asked.notice_channels and not asked.needs_consent(case.topic):
        return frozenset()
    return frozenset(case.tags.values_list("tag", flat=True))
