"""What was done on a case since its applicant last heard of it by itself (row P9).

Read from the history, and put into the applicant's words; nobody of the staff is named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from derman.cases.history import not_withdrawn
from derman.cases.models import Event
from derman.profile.schema import Profile
from derman.words.events import EventType
from derman.words.kinds import ContactOutcome, Language
from derman.words.marks import gettext_noop

E = EventType
# Steps of which the applicant is told. Those after which `{unit}` or `{moment}` stands name it.
STEPS: Mapping[str, str] = {
    E.TAKEN: gettext_noop("We began to examine it."),
    E.REFERRED: gettext_noop("We asked the responsible unit: {unit}."),
    E.TASK_STARTED: gettext_noop("The unit began its work: {unit}."),
    E.TASK_ANSWERED: gettext_noop("The unit gave its answer: {unit}."),
    E.TAKEN_BACK: gettext_noop("We are examining it ourselves again."),
    E.APPLICANT_ANSWERED: gettext_noop("You answered our question."),
    E.APPLICANT_SILENT: gettext_noop("We went on without your answer."),
    E.INFORMATION_ADDED: gettext_noop("You added information."),
    E.ASKED: gettext_noop("We asked you for something."),
    E.REPLIED: gettext_noop("We wrote to you."),
    E.CONTACTED: gettext_noop("We spoke with you."),
    E.REOPENED: gettext_noop("We opened your case again."),
    E.VISIT_PLANNED: gettext_noop("A visit was planned: {moment}."),
    E.VISIT_MOVED: gettext_noop("The visit was moved: {moment}."),
    E.VISIT_REPORTED: gettext_noop("The visit took place."),
    E.VISIT_MISSED: gettext_noop("We came and met nobody."),
    E.ACTION_PLANNED: gettext_noop("We planned what is to be done."),
    E.ACTION_DONE: gettext_noop("We carried out what was planned."),
    E.OFFERED: gettext_noop("We offered you a solution."),
}
DAY = {Language.TURKISH: "j F", Language.ENGLISH: "j F", Language.GERMAN: "j. F"}
MOST = 200  # events that are read
SHOWN = 12  # steps that are told; of more, the newest


@dataclass(frozen=True)
class Step:
    """One step, with the unit or the moment that it is about."""

    type: str
    at: datetime
    unit: str = ""
    moment: datetime | None = None


def since_last(event: Event) -> tuple[Step, ...]:
    """The steps between the last interim information, or receipt, and this one; one query."""
    before = event.case.events.filter(pk__lt=event.pk).order_by("-id")[:MOST]
    found: list[Event] = []
    for one in before:
        if one.type == E.INTERIM:
            break
        found.append(one)
    told = [one for one in not_withdrawn(reversed(found)) if _is_told(one)]
    return tuple(_step(one) for one in told[-SHOWN:])


def sentences(steps: Sequence[Step] | None, profile: Profile, language: Language) -> str:
    """The steps as lines with their days; what came twice in a row is said once."""
    if steps is None:
        return ""
    zone = ZoneInfo(profile.organisation.timezone)
    lines: list[str] = []
    for step in steps:
        unit = profile.units.get(step.unit)
        said = _(STEPS[step.type]).format(
            unit=profile.text(unit.label, language) if unit else "",
            moment=_day(step.moment, zone, language) if step.moment else "",
        )
        line = f"{_day(step.at, zone, language)}: {said}"
        if line not in lines[-1:]:
            lines.append(line)
    if not lines:
        return _("There has been no new step; we go on working on it.")
    return "\n".join(f"- {line}" for line in lines)


def _is_told(event: Event) -> bool:
    if event.type == E.CONTACTED:
        return bool(event.details.get("outcome") == ContactOutcome.REACHED)
    return event.type in STEPS


def _step(event: Event) -> Step:
    begins = event.details.get("begins")
    moment = datetime.fromisoformat(begins) if begins else None
    return Step(event.type, event.at, event.details.get("unit", ""), moment)


def _day(at: datetime, zone: ZoneInfo, language: Language) -> str:
    return format_date(at.astimezone(zone), DAY[language])
