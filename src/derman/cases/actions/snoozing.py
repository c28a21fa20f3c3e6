"""Laying a case aside until a moment: it leaves the lists of work and comes back by itself.

No clock stops for it, the applicant sees nothing of it, and what is late or promised for today
cannot be laid aside: where a date is nearer than the moment that was named, the case comes back
on that date.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.cases.actions._core import Act, CannotDo, check_text, record, touch
from derman.cases.actions.informing import filing_note
from derman.cases.models import Case
from derman.profile.publishing import Published
from derman.words.events import EventType
from derman.words.kinds import SnoozeReason
from derman.words.life import State, Verb

LONGEST = timedelta(days=90)


@transaction.atomic
def snooze(
    case: Case,
    until: datetime,
    reason: SnoozeReason,
    *,
    by: User,
    at: datetime,
    profile: Published,
    note: str = "",
) -> datetime:
    """Lay the case aside; returns when it comes back, at the latest when something is due."""
    act = Act(by, at, profile)
    if until <= at:
        raise CannotDo(_("Choose a time that lies ahead."), code="past", field="until")
    if until > at + LONGEST:
        raise CannotDo(_("Choose a day within the next 90."), code="too_far", field="until")
    if note:
        check_text(note, field="note")
    back_at = min([until, *_dates(case, act)])
    if back_at <= at:
        raise CannotDo(
            _("This case is late, or promised for today: it cannot be laid aside."), code="due"
        )
    touch(case, Verb.SNOOZE, also={"snoozed_until": back_at})
    if note:
        filing_note(case, note, act)
    record(case, EventType.SNOOZED, act, reason=reason, until=back_at.isoformat())
    return back_at


@transaction.atomic
def wake(case: Case, *, by: User | None, at: datetime, profile: Published) -> None:
    """Take the case up again; `by` None: its moment has come."""
    act = Act(by, at, profile)
    if case.snoozed_until is None:
        raise CannotDo(_("The case is not laid aside."), code="awake")
    touch(case, Verb.WAKE)
    record(case, EventType.WOKEN, act)


def _dates(case: Case, act: Act) -> list[datetime]:
    """What brings it back before: its due date where the clock runs, and the day of a promise."""
    dates = [] if case.state == State.AWAITING_APPLICANT else [case.due_at]
    if case.promised_at:
        zone = ZoneInfo(act.profile.profile.organisation.timezone)
        day = case.promised_at.astimezone(zone)
        dates.append(day.replace(hour=0, minute=0, second=0, microsecond=0))
    return dates
