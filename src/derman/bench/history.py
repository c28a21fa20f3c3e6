"""The cases of the bulk load: three years of them, in the states that such a desk would have.

Rows stand as the actions would have left them, loaded silently (no dispatch). To save time the
clocks are reckoned once for each day, from its beginning.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random

from derman.bench.crowd import Person
from derman.bench.rows import Rows
from derman.bench.texts import Entry, Texts, pick
from derman.cases import clocks, levels
from derman.cases.models import Case, Clock
from derman.lib import identifiers
from derman.lib.worktime import Budget
from derman.profile.publishing import Published
from derman.profile.schema import Profile

SPAN = timedelta(days=3 * 365)
FRESH = timedelta(days=45)  # younger cases are open, but for a quarter: three in a hundred of all
STILL_OPEN = 0.75
AT_ONCE = 0.3
UNANSWERED = ("received",) * 5 + ("in_review",) * 4
WITH_UNIT = ("referred",) * 7 + ("answered",) * 3 + ("awaiting_applicant",)
CHANNELS = ("phone",) * 12 + ("web",) * 4 + ("branch",) * 2 + ("email", "app")


@dataclass(frozen=True)
class Staff:
    """Who works in the bulk cases, by the ids of their rows."""

    agent: str
    solution: str
    unit: str


@dataclass
class Plan:
    """One case while its rows are made."""

    id: str
    number: str
    person: Person
    entry: Entry
    topic: str
    unit: str
    channel: str
    received: datetime
    state: str
    at_once: bool
    referred: bool
    moment: datetime  # of what happened last
    events: list[tuple[str, datetime, str | None, str]] = field(default_factory=list)


class Looks:
    """When the worker looks at a running clock next: its levels up to the end have fired."""

    def __init__(self, profile: Profile, end: datetime) -> None:
        self.profile = profile
        self.end = end.replace(tzinfo=UTC)
        self._known: dict[tuple[str, datetime, str, str, str], tuple[str | None, int]] = {}

    def after(self, plan: Plan, kind: str, due: datetime) -> tuple[str | None, int]:
        """The moment of the next look after the end, and how many levels are behind it."""
        key = (kind, due, plan.topic, plan.entry.kind, plan.channel)
        if key not in self._known:
            case = Case(topic=plan.topic, kind=plan.entry.kind, channel=plan.channel)
            received, due_at = plan.received.replace(tzinfo=UTC), due.replace(tzinfo=UTC)
            clock = Clock(case=case, kind=kind, started_at=received, due_at=due_at)
            clocks.leave_behind(clock, at=self.end, profile=self.profile)
            at = clock.next_at and str(clock.next_at.replace(tzinfo=None))
            self._known[key] = (at or None, clock.level)
        return self._known[key]


class History:
    """Makes the rows of single cases; `counts` is the rollup of what it made."""

    def __init__(
        self, texts: Texts, profile: Published, staff: Staff, end: datetime, random: Random
    ) -> None:
        self.texts = texts
        self.profile = profile.profile
        self.version = str(profile.version_id)
        self.staff = staff
        self.end = end
        self.random = random
        self.counts: Counter[tuple[date, str, str, str, str]] = Counter()
        self.leaves = self.profile.leaves()
        self._due: dict[tuple[int, Budget], tuple[datetime, str]] = {}
        self.looks = Looks(self.profile, end)
        self.stamp = levels.stamp(self.profile)

    def add(self, index: int, share: float, person: Person, rows: Rows) -> str:
        """One case, so far along the span as `share` says, with all that followed it."""
        plan = self._plan(index, share, person)
        end = self._follow(plan, rows)
        budget = clocks.resolve_budget(plan.topic, self.profile)
        resolve, derivation = self.due(plan.received, budget)
        where = self.texts.address(self.random)
        said = self.texts.say(plan.entry, index, where, person.name)
        self._add_case(plan, said.text, end, resolve, rows)
        rows.add("cases_searchentry", plan.id, f"{said.words} {person.number}")
        self._add_clock(plan, "resolve", resolve, derivation, end.get("resolved_at"), rows)
        if not plan.at_once and self.profile.clocks.acknowledge:
            due, why = self.due(plan.received, self.profile.clocks.acknowledge)
            self._add_clock(plan, "acknowledge", due, why, str(plan.received), rows)
        for type_, at, by, details in plan.events:
            rows.add("cases_event", plan.id, type_, str(at), by, self.version, details)
            key = ((at + timedelta(hours=3)).date(), type_, plan.unit, plan.topic, plan.channel)
            self.counts[key] += 1
        return plan.number

    def due(self, at: datetime, budget: Budget) -> tuple[datetime, str]:
        """When a clock that starts about then is due, and its derivation."""
        key = (at.toordinal(), budget)
        if key not in self._due:
            due = clocks.reckon(budget, datetime.combine(at, time.min, UTC), self.profile)
            self._due[key] = (due.at.replace(tzinfo=None), json.dumps(due.derivation))
        return self._due[key]

    def _plan(self, index: int, share: float, person: Person) -> Plan:
        random = self.random
        entry = pick(self.texts.entries, random)
        received = self.end - SPAN + SPAN * share
        at_once = random.random() < AT_ONCE
        referred = not at_once and random.random() < 0.75
        fresh = self.end - received < FRESH
        if fresh and random.random() < STILL_OPEN:
            state = pick(WITH_UNIT if referred else UNANSWERED, random)
            at_once = False
        else:
            state = "resolved" if fresh and random.random() < 0.5 else "closed"
        return Plan(
            id=f"{random.getrandbits(128):032x}",
            number=number(index),
            person=person,
            entry=entry,
            topic=entry.topic,
            unit=self.leaves[entry.topic].unit_for("") or "",
            channel=pick(CHANNELS, random),
            received=received,
            state=state,
            at_once=at_once,
            referred=referred,
            moment=received,
        )  # fmt: skip

    def _later(self, plan: Plan, hours: float) -> datetime:
        """Some hours on, and never after the end."""
        wanted = plan.moment + timedelta(hours=hours * (0.2 + 1.6 * self.random.random()))
        plan.moment = min(wanted, self.end)
        return plan.moment

    def _follow(self, plan: Plan, rows: Rows) -> dict[str, str]:
        """What happened after receipt; returns the columns that the end sets."""
        details = _opened(plan.channel, plan.entry.kind, plan.topic, plan.unit)
        plan.events.append(("opened", plan.received, self.staff.agent, details))
        answer, decision, told = pick(self.texts.endings[plan.topic], self.random)
        if plan.referred:
            self._refer(plan, answer, rows)
        if plan.state in ("resolved", "closed"):
            return self._conclude(plan, decision, told, rows)
        if plan.state == "awaiting_applicant":
            at = self._later(plan, 8)
            plan.events.append(("asked", at, self.staff.solution, "{}"))
            return {"silent_at": str(self.end + timedelta(days=1 + 9 * self.random.random()))}
        return {}

    def _refer(self, plan: Plan, answer: str, rows: Rows) -> None:
        asked = self._later(plan, 4)
        task = f"{self.random.getrandbits(128):032x}"
        is_open = plan.state in ("referred", "awaiting_applicant")
        due, why = self.due(asked, clocks.task_budget(plan.topic, self.profile))
        details = f'{{"unit": "{plan.unit}", "task": "{task}"}}'
        plan.events.append(("referred", asked, self.staff.solution, details))
        answered = None
        if not is_open:
            answered = self._later(plan, 20)
            plan.events.append(("task_answered", answered, self.staff.unit, details))
        rows.add(
            "cases_task", task, plan.id, "1", plan.unit,
            pick(self.texts.questions[plan.topic], self.random),
            "open" if is_open else "answered", str(asked), self.staff.solution, str(due),
            str(answered) if answered else None, self.staff.unit if answered else None,
            "" if is_open else answer,
        )  # fmt: skip
        self._add_clock(plan, "task", due, why, str(answered) if answered else None, rows, task)
        self._add_clock(plan, "promise", due, why, str(answered) if answered else None, rows)

    def _conclude(self, plan: Plan, decision: str, told: str, rows: Rows) -> dict[str, str]:
        at = self._later(plan, 0.1 if plan.at_once else 12)
        by = self.staff.agent if plan.at_once else self.staff.solution
        plan.events.append(("resolved", at, by, f'{{"decision": "{decision}", "cycle": 1}}'))
        rows.add(
            "cases_outcome", f"{self.random.getrandbits(128):032x}", plan.id, "1", decision, "",
            told, "", str(at), by,
        )  # fmt: skip
        rows.add(
            "cases_contact", f"{self.random.getrandbits(128):032x}", plan.id, "1", "phone",
            "reached", "1", "", str(at), by,
        )  # fmt: skip
        end = {"resolved_at": str(at), "decision": decision}
        if plan.state == "resolved":
            return {**end, "silent_at": str(self.end + timedelta(days=7 * self.random.random()))}
        closed = self._later(plan, 0.1 if plan.at_once else 100)
        plan.events.append(("closed", closed, None, '{"reason": "resolved"}'))
        return {**end, "closed_at": str(closed), "closing_reason": "resolved"}

    def _add_case(
        self, plan: Plan, text: str, end: dict[str, str], due: datetime, rows: Rows
    ) -> None:
        entry, person = plan.entry, plan.person
        promised = plan.events[1][1] + timedelta(days=2) if plan.referred else None
        topic = self.leaves[plan.topic]
        is_open = plan.state not in ("resolved", "closed")
        owned = is_open and plan.state != "received" and self.random.random() < 0.7
        rows.add(
            "cases_case", plan.id, plan.number, "7K3M", str(len(plan.events)), self.version,
            entry.kind or str(topic.kind), plan.channel, plan.topic.split(".")[0], plan.topic,
            person.region, "", text, entry.proposal, entry.language, person.id, "holder", person.id,
            person.account, person.number, "", "0", plan.state, str(plan.moment),
            "emergency" if topic.emergency else "normal", plan.unit, self.profile.process.owner,
            self.staff.solution if owned else None,
            plan.unit if plan.state == "answered" else "", self.staff.agent, "",
            str(plan.received), str(due), str(due), str(promised) if promised else None,
            end.get("silent_at"),
            end.get("resolved_at"), end.get("closed_at"), "1", end.get("decision", ""),
            end.get("closing_reason", ""), "1" if plan.at_once else "0", "0",
        )  # fmt: skip

    def _add_clock(
        self,
        plan: Plan,
        kind: str,
        due: datetime,
        why: str,
        stopped: str | None,
        rows: Rows,
        task: str | None = None,
    ) -> None:
        """A clock, met or missed where it was stopped."""
        if stopped:
            state = "met" if stopped <= str(due) else "missed"
        else:
            paused = kind == "resolve" and plan.state == "awaiting_applicant"
            state = "paused" if paused else "running"
        pauses = (
            "[]" if state != "paused" else json.dumps([[f"{plan.moment.isoformat()}+00:00", None]])
        )
        next_at, level = self.looks.after(plan, kind, due) if state == "running" else (None, 0)
        rows.add(
            "cases_clock", f"{self.random.getrandbits(128):032x}", plan.id, task, kind, "1",
            "10 working days", str(plan.received), str(due), state, pauses, stopped, why,
            next_at, str(level), self.stamp,
        )  # fmt: skip


@cache
def _opened(channel: str, kind: str, topic: str, unit: str) -> str:
    """The details of the first event: of these there are some hundreds."""
    return json.dumps({"channel": channel, "kind": kind, "topic": topic, "unit": unit})


def number(index: int) -> str:
    """The case number of this place in the load: all different, in no order, checked."""
    body = str(10_000_000 + (index * 48_271 + 7) % 90_000_000)
    return identifiers.with_check_digit(body)
