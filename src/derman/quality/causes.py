"""Looking for root causes: each function one step, checked against the version that was seen."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.cases.models import Case
from derman.quality.models import CauseCase, CauseStep, RootCause
from derman.words.learning import Bone, CauseMethod, CauseState

MOST_CASES = 2_000
MOST_STEPS = 40  # on one side; five whys are usual

Steps = Mapping[str, Sequence[str]]  # side of the fishbone, "" for whys → answers in order


@dataclass(frozen=True)
class Found:
    """What a search has led to so far; without `steps` its answers stay as they were."""

    steps: Steps | None = None
    category: str = ""
    conclusion: str = ""


class CannotLook(Exception):
    """It cannot be written so; the message is fit for the user, `field` names the input."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class OldVersion(CannotLook):
    """Somebody else changed it meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else changed this meanwhile. Look at it again."))


@transaction.atomic
def begin(
    cases: QuerySet[Case],
    *,
    title: str,
    method: CauseMethod,
    query: str,
    owner: User,
    by: User,
    at: datetime,
) -> RootCause:
    """Begin to look for what these cases have in common; they are kept as they are now."""
    found = list(cases.order_by("-received_at", "-id").values_list("pk", "topic")[: MOST_CASES + 1])
    if not found:
        raise CannotLook(_("There is no case in this list."), field="title")
    if len(found) > MOST_CASES:
        text = _("These are more than %d cases. Please narrow the list first.")
        raise CannotLook(text % MOST_CASES, field="title")
    cause = RootCause.objects.create(
        title=title,
        method=method,
        query=without_words(query),
        topics=dict(Counter(topic for _pk, topic in found).most_common()),
        owner=owner,
        made_by=by,
        made_at=at,
    )
    CauseCase.objects.bulk_create(CauseCase(cause=cause, case_id=pk) for pk, _topic in found)
    return cause


def without_words(query: str) -> str:
    """The address of a list without searched words, which may be somebody's name."""
    return urlencode([(key, value) for key, value in parse_qsl(query) if key != "q"])


def change(cause: RootCause, *, title: str, method: CauseMethod, owner: User) -> None:
    """Call it otherwise, look in another way, or hand it to somebody else."""
    _change(cause, title=title, method=method, owner=owner)


@transaction.atomic
def keep(cause: RootCause, found: Found) -> None:
    """Keep what was found so far, without saying yet that it is the cause."""
    answers = _checked(cause, found)
    _change(cause, category=found.category, conclusion=found.conclusion)
    _write(cause, answers)


@transaction.atomic
def conclude(cause: RootCause, found: Found, *, by: User, at: datetime) -> None:
    """Say what the cause is; it needs at least one answer that leads there."""
    answers = _checked(cause, found)
    stays = [side for side in sides_of(cause.method) if side not in answers]
    if not any(answers.values()) and not cause.steps.filter(bone__in=stays).exists():
        raise CannotLook(_("Write at least one answer first."), field="conclusion")
    _change(
        cause,
        category=found.category,
        conclusion=found.conclusion,
        state=CauseState.CONCLUDED,
        concluded_by=by,
        concluded_at=at,
    )
    _write(cause, answers)


def look_again(cause: RootCause) -> None:
    """It was not the cause, or not the only one: open it again. The conclusion stays to read."""
    _change(cause, state=CauseState.OPEN, concluded_at=None, concluded_by=None)


def sides_of(method: str) -> list[str]:
    """The sides that a method looks from; asking why has one."""
    return [""] if method == CauseMethod.WHYS else [str(bone) for bone in Bone]


def _checked(cause: RootCause, found: Found) -> dict[str, list[str]]:
    """The answers by side without empty ones, where they may be written."""
    if cause.state != CauseState.OPEN:
        raise CannotLook(_("The cause was found already. Choose “Look again” to change it."))
    said = {side: _said(answers) for side, answers in (found.steps or {}).items()}
    for side, answers in said.items():
        if len(answers) > MOST_STEPS:
            text = _("These are too many answers; at most %d.")
            raise CannotLook(text % MOST_STEPS, field=side or "why")
    return said


def _write(cause: RootCause, said: Mapping[str, Sequence[str]]) -> None:
    """Answers of sides that are not named stay: those of the other method, for one."""
    cause.steps.filter(bone__in=list(said)).delete()
    CauseStep.objects.bulk_create(
        CauseStep(cause=cause, bone=side, place=place, text=text)
        for side, answers in said.items()
        for place, text in enumerate(answers)
    )


def _said(answers: Sequence[str]) -> list[str]:
    return [clean for answer in answers if (clean := answer.replace("\x00", "").strip())]


def _change(cause: RootCause, **values: Any) -> None:
    """Write if nobody else has since it was read."""
    values["version"] = cause.version + 1
    if not RootCause.objects.filter(pk=cause.pk, version=cause.version).update(**values):
        raise OldVersion
    for name, value in values.items():
        setattr(cause, name, value)
