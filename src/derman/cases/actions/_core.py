"""What every verb uses: moving a case, touching it, and writing down the fact.

`_move` is the only code that assigns `Case.state`. Both writers compare and set on the case's
version, so of two people acting at once the second is told and changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from derman.accounts.models import User
from derman.cases import levels
from derman.cases.models import Approval, Case, Dispatch, Escalation, Event
from derman.profile.publishing import Published
from derman.words.events import DISPATCHED, EventType
from derman.words.life import State, Verb, is_possible, may_follow
from derman.words.loop import ApprovalState

# The longest time in which a typed text can be called back (`design.md` §7).
UNDO_SECONDS = 15


# What happens on a case that was laid aside and brings it back, even where it moves no state.
WAKING = frozenset({Verb.WAKE, Verb.HEAR, Verb.ANSWER_TASK, Verb.SEND_BACK, Verb.ASSIGN})


class CannotDo(Exception):
    """The case is not in a state that allows this; the message is fit for the user.

    `field` names the input that is at fault, if one is; `code` is for other systems.
    """

    def __init__(self, message: str, *, code: str = "wrong_state", field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.field = field


class OldVersion(CannotDo):
    """Somebody else changed the case since the caller read it."""


@dataclass(frozen=True)
class Act:
    """Who does it, when, and under which profile. `by` None is the system or the applicant.

    With `rows`, new rows wait there until all are written together, as when a case is opened.
    """

    by: User | None
    at: datetime
    profile: Published
    rows: list[Model] | None = None

    def add(self, row: Model) -> None:
        """Write a new row, now or together with the others."""
        if self.rows is None:
            row.save(force_insert=True)
        else:
            self.rows.append(row)


def check_text(text: str, *, field: str = "text") -> str:
    """The text as given; refused when blank, with a NUL, or over 100,000 characters."""
    if "\x00" in text:
        raise CannotDo(_("Remove the character NUL from the text."), code="nul", field=field)
    if not text.strip():
        raise CannotDo(_("Enter a text."), code="blank", field=field)
    if len(text) > 100_000:
        raise CannotDo(
            _("Shorten the text to at most 100,000 characters."), code="too_long", field=field
        )
    return text


def move(case: Case, verb: Verb, to: State, act: Act, *, also: dict[str, Any]) -> None:
    """Change the state, which wakes the case. The only code that assigns Case.state."""
    if not may_follow(verb, State(case.state), to):
        raise _wrong_state(case)
    if case.merged_into_id is not None and verb is not Verb.UNMERGE:
        raise CannotDo(
            _("This case goes on as a part of another. Undo the merge first."), code="merged"
        )
    since = {
        "state_since": act.at,
        "watch_at": levels.watch_from(to, act.at, act.profile.profile),
        "snoozed_until": None,
    }
    _set(case, {"state": to, **since, **also})
    if act.rows is not None:  # a case that is being opened has nothing that waits for somebody
        return
    waiting = Approval.objects.filter(case=case, state=ApprovalState.WAITING)
    waiting.update(state=ApprovalState.WITHDRAWN, decided_at=act.at)
    if to == State.CLOSED:  # nobody has to look any more; seen by nobody
        Escalation.objects.filter(case=case, seen_at=None).update(seen_at=act.at)


def check_possible(case: Case, verb: Verb) -> None:
    """Refuse a verb that does not belong to the case's state."""
    if not is_possible(verb, State(case.state)):
        raise _wrong_state(case)


def touch(case: Case, verb: Verb, *, also: dict[str, Any] | None = None) -> None:
    """Raise the version without a move, if the verb belongs to the case's state."""
    check_possible(case, verb)
    woken = {"snoozed_until": None} if verb in WAKING else {}
    _set(case, {**woken, **(also or {})})


def record(case: Case, type_: EventType, act: Act, *, undo: bool = False, **details: Any) -> Event:
    """Write down the fact, and that the worker must see it; `undo` holds a typed text back."""
    delay = timedelta(seconds=UNDO_SECONDS if undo else 0)
    return record_held(case, type_, act, act.at + delay, **details)


def record_held(
    case: Case, type_: EventType, act: Act, not_before: datetime, **details: Any
) -> Event:
    """Write down the fact; nobody is told of it before that moment."""
    event = Event(
        case=case,
        type=type_,
        at=act.at,
        by=act.by,
        profile_id=act.profile.version_id,
        details=details,
    )
    act.add(event)
    if type_ in DISPATCHED:
        urgent = type_ is EventType.ALERTED
        act.add(Dispatch(event=event, not_before=not_before, urgent=urgent))
    return event


def _set(case: Case, changes: dict[str, Any]) -> None:
    changes = {**changes, "version": case.version + 1}
    found = Case.objects.filter(pk=case.pk, version=case.version)
    is_being_opened = case._state.adding  # there is no row yet, and nobody else has it
    if not is_being_opened and not found.update(**changes):
        raise OldVersion(
            _("Somebody else has just changed this case. Look at it again, then repeat."),
            code="old_version",
        )
    for name, value in changes.items():
        setattr(case, name, value)


WRONG_STATE = gettext_lazy("This is not possible while the case is in the state “%(state)s”.")


def _wrong_state(case: Case) -> CannotDo:
    return CannotDo(WRONG_STATE % {"state": _(State(case.state).label)})
