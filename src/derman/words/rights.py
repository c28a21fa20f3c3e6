"""Which role may do what: one table, read by pages, the API and the tests.

Role keys are the demo sign-in names (`design.md` §9). A role's scope says on which cases it may
act: on all, or on those of its own units.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from derman.words.kinds import LABELS, Word
from derman.words.life import Verb
from derman.words.marks import gettext_noop


class Role(Word):
    AGENT = "agent"
    SWITCHBOARD = "switchboard"
    CLERK = "clerk"
    SOLUTION = "solution"
    UNIT = "unit"
    FIELD = "field"
    REGISTRY = "registry"
    RECEPTION = "reception"
    SUPERVISOR = "supervisor"
    QUALITY = "quality"
    MANAGER = "manager"
    PRIVACY = "privacy"
    ADMIN = "admin"


class Scope(StrEnum):
    ALL = "all"
    OWN_UNITS = "own_units"
    NONE = "none"


class Place(StrEnum):
    """What is not a verb on a case but needs a right all the same."""

    DESK = "desk"
    MESSAGES = "messages"
    RETRY_MESSAGES = "retry_messages"
    SETTINGS = "settings"
    REPORTERS = "reporters"  # sees who asked for secrecy
    EXPORTS = "exports"  # takes lists out as files
    REVEAL = "reveal"  # sees numbers and mailboxes in full, each time with a reason
    ABSENCES = "absences"  # enters who is away, and who covers
    ARTICLES = "articles"  # writes what the organisation knows
    MERGE_PEOPLE = "merge_people"  # joins two rows that are one person, and undoes it
    ESCALATIONS = "escalations"  # sees what was raised, and why
    ACTIONS = "actions"  # sees the actions of all cases
    LEARNING = "learning"  # sees root causes, improvements and process maps
    IMPROVE = "improve"  # writes root causes and improvements


# What opens from an office too (a branch, a dealer), for the people of the cases it took in; every
# other place shows more than that.
OPEN_TO_OFFICES = frozenset({Place.DESK, Place.REVEAL})

# Of everybody in the demo, whose sign-in names are the role keys; public, so on loopback only.
DEMO_PASSWORD = "derman-demo"  # noqa: S105


@dataclass(frozen=True)
class Rights:
    """The verbs and places of a role, and the cases it may act on."""

    scope: Scope
    verbs: frozenset[Verb]
    places: frozenset[Place]


V = Verb
_READING = {V.READ, V.NOTE}
_TALKING = {V.OPEN, V.ANSWER_AT_ONCE, V.CONTACT, V.REPLY, V.HEAR, V.CORRECT, V.ASK, V.TAKE}
_TALKING |= {V.REFER, V.RECLASSIFY, V.CLOSE_EARLY, V.REOPEN, V.PROMISE}
_SORTING = {V.TAG, V.UNTAG}
_TALKING |= _SORTING | {V.SNOOZE, V.WAKE}
_TALKING |= {V.ACCEPT, V.REFUSE, V.SURVEY, V.LINK}
_SOLVING = {V.PLAN_ACTION, V.DO_ACTION, V.OFFER, V.ACCEPT, V.REFUSE, V.PLAN_VISIT, V.REPORT_VISIT}
_FOLLOWING = {V.FOLLOW_UP, V.REFER_OUT, V.MERGE, V.UNMERGE}
_CONCLUDING = {V.OUTCOME, V.CLOSE, V.ASSIGN, V.TAKE_BACK}
_IMPROVING = {V.REOPEN, V.PLAN_ACTION, V.DO_ACTION, V.CHECK_ACTION, V.SURVEY, V.FOLLOW_UP, V.LINK}
# Whoever receives a complaint records it, in a department too (row G3).
_UNIT = {V.OPEN, V.START_TASK, V.ANSWER_TASK, V.SEND_BACK, V.CONTACT, V.OUTCOME, V.ASK, V.REPLY}
_UNIT |= _SOLVING | {V.REFER_OUT}
_EVERYTHING = frozenset(Verb)
_DESK = frozenset({Place.DESK})


def _rights(scope: Scope, verbs: set[Verb], *places: Place) -> Rights:
    return Rights(scope, frozenset(verbs), _DESK | set(places))


RIGHTS: Mapping[Role, Rights] = {
    Role.AGENT: _rights(
        Scope.ALL,
        _READING | _TALKING | {V.OUTCOME, V.CLOSE, V.PLAN_ACTION},
        Place.MESSAGES,
        Place.REVEAL,
    ),
    Role.SWITCHBOARD: _rights(Scope.ALL, _READING | {V.OPEN, V.ANSWER_AT_ONCE, V.CONTACT, V.HEAR}),
    Role.CLERK: _rights(Scope.ALL, _READING | _TALKING, Place.MESSAGES, Place.REVEAL),
    Role.SOLUTION: _rights(
        Scope.ALL,
        _READING | _TALKING | _CONCLUDING | _SOLVING | _FOLLOWING,
        Place.MESSAGES,
        Place.EXPORTS,
        Place.REVEAL,
        Place.ESCALATIONS,
        Place.ACTIONS,
    ),
    Role.UNIT: _rights(Scope.OWN_UNITS, _READING | _UNIT, Place.ACTIONS),
    Role.FIELD: _rights(
        Scope.OWN_UNITS, _READING | {V.START_TASK, V.ANSWER_TASK, V.DO_ACTION, V.REPORT_VISIT}
    ),
    Role.REGISTRY: _rights(Scope.ALL, _READING | {V.OPEN}),
    Role.RECEPTION: _rights(Scope.NONE, set()),
    Role.SUPERVISOR: Rights(
        Scope.ALL,
        _EVERYTHING,
        _DESK
        | {Place.MESSAGES, Place.RETRY_MESSAGES, Place.REPORTERS}
        | {Place.MERGE_PEOPLE, Place.EXPORTS, Place.REVEAL, Place.ABSENCES, Place.ARTICLES}
        | {Place.ESCALATIONS, Place.ACTIONS, Place.LEARNING},
    ),
    Role.QUALITY: _rights(
        Scope.ALL,
        _READING | _SORTING | _IMPROVING,
        Place.MESSAGES,
        Place.EXPORTS,
        Place.ARTICLES,
        Place.ESCALATIONS,
        Place.ACTIONS,
        Place.LEARNING,
        Place.IMPROVE,
    ),
    Role.MANAGER: _rights(
        Scope.ALL,
        {V.READ, V.APPROVE},
        Place.EXPORTS,
        Place.ESCALATIONS,
        Place.ACTIONS,
        Place.LEARNING,
    ),
    Role.PRIVACY: _rights(
        Scope.ALL,
        {V.READ, V.CORRECT},
        Place.MESSAGES,
        Place.REPORTERS,
        Place.MERGE_PEOPLE,
        Place.REVEAL,
    ),
    Role.ADMIN: Rights(Scope.ALL, _EVERYTHING, frozenset(Place)),
}

# Where the profile leaves referring to the solution group, the front line passes cases on to it.
SOLUTION_REFERS = frozenset({Role.SOLUTION, Role.SUPERVISOR, Role.ADMIN})

_ = gettext_noop
LABELS[Role] = {
    "agent": _("Call-centre agent"),
    "switchboard": _("Switchboard operator"),
    "clerk": _("Branch clerk"),
    "solution": _("Solution group expert"),
    "unit": _("Unit expert"),
    "field": _("Field team member"),
    "registry": _("Registry clerk"),
    "reception": _("Receptionist"),
    "supervisor": _("Supervisor"),
    "quality": _("Quality manager"),
    "manager": _("Manager"),
    "privacy": _("Privacy officer"),
    "admin": _("Administrator"),
}
