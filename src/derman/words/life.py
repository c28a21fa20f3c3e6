"""The life of a case: its states, who holds the case in each, and what may follow.

`MOVES` is the whole machine; `derman docs` prints the diagram in `docs/process.md` from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from derman.words.kinds import LABELS, Word
from derman.words.marks import gettext_noop


class State(Word):
    RECEIVED = "received"
    IN_REVIEW = "in_review"
    REFERRED = "referred"
    ANSWERED = "answered"
    AWAITING_APPLICANT = "awaiting_applicant"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Holder(StrEnum):
    OWNER = "owner"
    UNITS = "units"
    INFORMER = "informer"
    APPLICANT = "applicant"
    NOBODY = "nobody"


class ResolveClock(StrEnum):
    RUNS = "runs"
    PAUSED = "paused"
    STOPPED = "stopped"


class Verb(StrEnum):
    """What can be done to a case; a role has rights over verbs (`words.rights`)."""

    OPEN = "open"
    TAKE = "take"
    ASSIGN = "assign"
    REFER = "refer"
    ANSWER_AT_ONCE = "answer_at_once"
    START_TASK = "start_task"
    ANSWER_TASK = "answer_task"
    SEND_BACK = "send_back"
    TAKE_BACK = "take_back"
    ASK = "ask"
    HEAR = "hear"
    CONTACT = "contact"
    REPLY = "reply"
    NOTE = "note"
    PROMISE = "promise"
    OUTCOME = "outcome"
    CLOSE = "close"
    CLOSE_EARLY = "close_early"
    REOPEN = "reopen"
    CORRECT = "correct"
    RECLASSIFY = "reclassify"
    TAG = "tag"
    UNTAG = "untag"
    SNOOZE = "snooze"
    WAKE = "wake"
    PLAN_ACTION = "plan_action"
    DO_ACTION = "do_action"
    CHECK_ACTION = "check_action"
    OFFER = "offer"
    ACCEPT = "accept"
    REFUSE = "refuse"
    APPROVE = "approve"
    REFER_OUT = "refer_out"
    LINK = "link"
    MERGE = "merge"
    UNMERGE = "unmerge"
    SURVEY = "survey"
    FOLLOW_UP = "follow_up"
    PLAN_VISIT = "plan_visit"
    REPORT_VISIT = "report_visit"
    READ = "read"


@dataclass(frozen=True)
class Stage:
    """One state: who holds the case, what the resolve clock does, what the applicant reads."""

    holder: Holder
    clock: ResolveClock
    applicant_reads: str


_ = gettext_noop
S = State
LIFE: Mapping[State, Stage] = {
    S.RECEIVED: Stage(Holder.OWNER, ResolveClock.RUNS, _("Received")),
    S.IN_REVIEW: Stage(Holder.OWNER, ResolveClock.RUNS, _("Being examined")),
    S.REFERRED: Stage(Holder.UNITS, ResolveClock.RUNS, _("With the responsible unit")),
    S.ANSWERED: Stage(Holder.INFORMER, ResolveClock.RUNS, _("Being concluded")),
    S.AWAITING_APPLICANT: Stage(
        Holder.APPLICANT, ResolveClock.PAUSED, _("We need something from you")
    ),
    S.RESOLVED: Stage(Holder.APPLICANT, ResolveClock.STOPPED, _("Resolved: please tell us")),
    S.CLOSED: Stage(Holder.NOBODY, ResolveClock.STOPPED, _("Closed")),
}

OPEN_STATES = (S.RECEIVED, S.IN_REVIEW, S.REFERRED, S.ANSWERED, S.AWAITING_APPLICANT)

V = Verb
# Which verb may move a case from where to where. A verb that is not here moves nothing.
MOVES: Mapping[Verb, Mapping[State, tuple[State, ...]]] = {
    V.TAKE: {S.RECEIVED: (S.IN_REVIEW,)},
    V.ASSIGN: {S.RECEIVED: (S.IN_REVIEW,)},
    V.REFER: {
        S.RECEIVED: (S.REFERRED,),
        S.IN_REVIEW: (S.REFERRED,),
        S.ANSWERED: (S.REFERRED,),
    },
    V.ANSWER_AT_ONCE: {S.RECEIVED: (S.RESOLVED,), S.IN_REVIEW: (S.RESOLVED,)},
    V.ANSWER_TASK: {S.REFERRED: (S.ANSWERED,)},
    V.SEND_BACK: {S.REFERRED: (S.IN_REVIEW, S.ANSWERED)},
    V.TAKE_BACK: {S.REFERRED: (S.IN_REVIEW,), S.ANSWERED: (S.IN_REVIEW,)},
    V.ASK: {
        S.RECEIVED: (S.AWAITING_APPLICANT,),
        S.IN_REVIEW: (S.AWAITING_APPLICANT,),
        S.REFERRED: (S.AWAITING_APPLICANT,),
        S.ANSWERED: (S.AWAITING_APPLICANT,),
    },
    V.HEAR: {S.AWAITING_APPLICANT: (S.REFERRED, S.IN_REVIEW)},
    V.OUTCOME: {
        S.IN_REVIEW: (S.RESOLVED,),
        S.ANSWERED: (S.RESOLVED,),
        S.REFERRED: (S.RESOLVED,),  # only where the profile lets the unit inform
    },
    V.CLOSE: {S.RESOLVED: (S.CLOSED,)},
    V.ACCEPT: {S.RESOLVED: (S.CLOSED,)},
    # A refused offer opens the next cycle, from wherever it was made.
    V.REFUSE: {
        S.IN_REVIEW: (S.IN_REVIEW,),
        S.REFERRED: (S.IN_REVIEW,),
        S.ANSWERED: (S.IN_REVIEW,),
        S.AWAITING_APPLICANT: (S.IN_REVIEW,),
        S.RESOLVED: (S.IN_REVIEW,),
    },
    # All reasonable solutions were refused: told which other bodies there are (row G19).
    V.REFER_OUT: {
        S.IN_REVIEW: (S.RESOLVED,),
        S.ANSWERED: (S.RESOLVED,),
        S.RESOLVED: (S.CLOSED,),
    },
    V.MERGE: dict.fromkeys((*OPEN_STATES, S.RESOLVED), (S.CLOSED,)),
    V.UNMERGE: {S.CLOSED: (*OPEN_STATES, S.RESOLVED)},
    V.FOLLOW_UP: {S.RESOLVED: (S.IN_REVIEW,), S.CLOSED: (S.IN_REVIEW,)},
    V.CLOSE_EARLY: dict.fromkeys(OPEN_STATES, (S.CLOSED,)),
    V.REOPEN: {S.RESOLVED: (S.IN_REVIEW,), S.CLOSED: (S.IN_REVIEW,)},
}

# Verbs that move nothing but belong to certain states.
ALLOWED_IN: Mapping[Verb, tuple[State, ...]] = {
    V.REFER: (S.REFERRED,),  # to one more unit
    V.START_TASK: (S.REFERRED, S.AWAITING_APPLICANT),
    V.ANSWER_TASK: (S.REFERRED, S.AWAITING_APPLICANT),
    V.SEND_BACK: (S.REFERRED, S.AWAITING_APPLICANT),
    V.ASSIGN: OPEN_STATES,
    V.PROMISE: OPEN_STATES,
    V.RECLASSIFY: OPEN_STATES,
    V.CONTACT: tuple(State),
    V.REPLY: tuple(State),
    V.NOTE: tuple(State),
    V.TAG: tuple(State),
    V.UNTAG: tuple(State),
    V.SNOOZE: OPEN_STATES,
    V.WAKE: OPEN_STATES,
    V.PLAN_ACTION: tuple(State),
    V.DO_ACTION: tuple(State),
    V.CHECK_ACTION: tuple(State),
    V.OFFER: (S.IN_REVIEW, S.REFERRED, S.ANSWERED, S.RESOLVED),
    V.ACCEPT: (S.IN_REVIEW, S.REFERRED, S.ANSWERED, S.AWAITING_APPLICANT),
    V.APPROVE: (*OPEN_STATES, S.RESOLVED),
    V.LINK: tuple(State),
    V.MERGE: (S.CLOSED,),
    V.UNMERGE: (S.CLOSED,),
    V.SURVEY: (S.RESOLVED, S.CLOSED),
    V.FOLLOW_UP: (S.RESOLVED, S.CLOSED),
    V.PLAN_VISIT: OPEN_STATES,
    V.REPORT_VISIT: tuple(State),
    V.CORRECT: tuple(State),
    V.READ: tuple(State),
}


def may_follow(verb: Verb, state: State, to: State) -> bool:
    """Whether `verb` may take a case from `state` to `to`."""
    return to in MOVES.get(verb, {}).get(state, ())


def is_possible(verb: Verb, state: State) -> bool:
    """Whether `verb` makes sense in `state` at all, moving or not."""
    return state in MOVES.get(verb, {}) or state in ALLOWED_IN.get(verb, ())


def diagram() -> str:
    """The machine as a Mermaid state diagram, for the docs."""
    lines = ["stateDiagram-v2", "    [*] --> received: open"]
    for verb, moves in MOVES.items():
        for start, ends in moves.items():
            lines += [f"    {start} --> {end}: {verb.replace('_', ' ')}" for end in ends]
    return "\n".join(lines)


LABELS[State] = {
    "received": _("Received"),
    "in_review": _("In review"),
    "referred": _("With unit"),
    "answered": _("Answered"),
    "awaiting_applicant": _("Awaiting applicant"),
    "resolved": _("Resolved"),
    "closed": _("Closed"),
}
