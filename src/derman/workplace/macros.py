"""Macros of the profile on one case: which are offered, and all their steps in one transaction.

The steps run in a fixed order; each is an action with its own event. All of them happen, or none.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from django.db import transaction

from derman.accounts.models import User
from derman.cases import actions
from derman.cases.models import Case
from derman.lib import worktime
from derman.profile.calendars import calendar_of
from derman.profile.publishing import Published
from derman.profile.schema import Macro, Profile
from derman.words.life import State, Verb, is_possible

Step = tuple[Verb, str]  # the verb and, for a tag, its key


class StepFailed(Exception):
    """A step could not be done, so none was; the message says why."""

    def __init__(self, step: Step, reason: actions.CannotDo) -> None:
        super().__init__(str(reason))
        self.step = step


def steps(macro: Macro, case: Case) -> list[Step]:
    """What a macro does to this case, in order; a tag that is there already is left out."""
    has = set(case.tags.values_list("tag", flat=True)) if macro.tags else set()
    wanted: list[tuple[bool, Step]] = [
        (macro.take, (Verb.TAKE, "")),
        *((tag not in has, (Verb.TAG, tag)) for tag in macro.tags),
        (bool(macro.note), (Verb.NOTE, "")),
        (bool(macro.promise), (Verb.PROMISE, "")),
        (bool(macro.unit), (Verb.REFER, "")),
        (bool(macro.reply), (Verb.REPLY, "")),
        (bool(macro.snooze), (Verb.SNOOZE, "")),
    ]
    return [step for is_wanted, step in wanted if is_wanted]


def verbs(macro: Macro) -> set[Verb]:
    """The rights that a macro needs."""
    said = {
        Verb.TAKE: macro.take, Verb.TAG: macro.tags, Verb.NOTE: macro.note,
        Verb.PROMISE: macro.promise, Verb.REFER: macro.unit, Verb.REPLY: macro.reply,
        Verb.SNOOZE: macro.snooze,
    }  # fmt: skip
    return {verb for verb, wanted in said.items() if wanted}


def fitting(profile: Profile, case: Case) -> Iterator[tuple[str, Macro]]:
    """The macros that are meant for a case like this, in its state."""
    for key, macro in profile.macros.items():
        if not macro.retired and _fits(macro, case):
            yield key, macro


def _fits(macro: Macro, case: Case) -> bool:
    when, state = macro.when, State(case.state)
    about = any(case.topic == key or case.topic.startswith(f"{key}.") for key in when.topics)
    meant = (
        (not when.kinds or case.kind in when.kinds)
        and (not when.topics or about)
        and (not when.states or state in when.states)
    )
    return meant and all(is_possible(verb, state) for verb in verbs(macro))


@transaction.atomic
def run(
    case: Case,
    macro: Macro,
    texts: Mapping[str, str],
    *,
    by: User,
    at: datetime,
    profile: Published,
) -> None:
    """Do every step; `texts` has the words of note, question and reply as they were confirmed."""
    given = {"by": by, "at": at, "profile": profile}
    for step in steps(macro, case):
        try:
            _do(step, case, macro, texts, given)
        except actions.OldVersion:
            raise
        except actions.CannotDo as reason:
            raise StepFailed(step, reason) from reason


def _do(
    step: Step, case: Case, macro: Macro, texts: Mapping[str, str], given: dict[str, object]
) -> None:
    doing: dict[Verb, Callable[..., object]] = {
        Verb.TAKE: lambda **more: actions.take(case, **more),
        Verb.TAG: lambda **more: actions.tag(case, step[1], **more),
        Verb.NOTE: lambda **more: actions.note(case, texts.get("note", ""), **more),
        Verb.PROMISE: lambda **more: actions.promise(
            case, moment(macro.promise, **more), reason=texts.get("reason", ""), **more
        ),
        Verb.REFER: lambda **more: actions.refer(
            case, macro.unit or "", question=texts.get("question", ""), **more
        ),
        Verb.REPLY: lambda **more: actions.reply(case, texts.get("reply", ""), **more),
        Verb.SNOOZE: lambda **more: actions.snooze(
            case, moment(macro.snooze, **more), macro.snooze_reason, **more
        ),
    }
    doing[step[0]](**given)


def moment(
    budget: worktime.Budget | None, *, at: datetime, profile: Published, **_more: object
) -> datetime:
    """When this much time from now is over, by the organisation's calendar."""
    return worktime.due(at, budget, calendar_of(profile.profile)).at if budget else at
