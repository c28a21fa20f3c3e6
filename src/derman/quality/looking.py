"""Looking at the figures of improvements: whether they worked, and whether the problem came back.

The worker looks when an improvement is due; staff may look in between. "Effective" takes the same
verdict at two looks that lie as far apart as the profile says, because whoever looks every month
sees chance smile sooner or later. An effective one goes on being watched: its level since the start
is compared with the latest weeks, on stricter terms, because that is asked for good (row T11).
"""

import logging
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet

from derman.accounts import rights
from derman.accounts.models import User
from derman.profile.schema import Profile
from derman.quality import effect, figures, improving, scope
from derman.quality.effect import Effect
from derman.quality.models import Improvement, ImprovementLook
from derman.quality.weeks import WEEK, Asked, Counts
from derman.words.learning import Caution, Happening, ImprovementState, Look, Verdict
from derman.words.rights import Place

log = logging.getLogger("derman.quality")

RECENT = 4 * WEEK  # what is compared with the effective level
STRICT = 0.99
A_DAY = timedelta(days=1)
A_YEAR = 52 * WEEK  # a Monday is compared with a Monday


def settle(at: datetime, limit: int, *, profile: Profile) -> int:
    """Begin, look at and judge up to `limit` improvements that are due; return how many."""
    due = Improvement.objects.filter(next_at__lte=at).order_by("next_at", "id")
    due = due.prefetch_related("topics", "regions", "left_out")
    done = 0
    for improvement in due[:limit]:
        try:
            _settle(improvement, at, profile)
        except improving.OldVersion:  # another worker was first
            continue
        except (OperationalError, InterfaceError):
            raise  # the database has a bad moment, not the improvement
        except Exception:  # one that cannot be reckoned keeps no other from its turn
            log.exception("Improvement %s cannot be looked at; trying again later", improvement.pk)
            Improvement.objects.filter(pk=improvement.pk).update(next_at=at + A_DAY)
        done += 1
    return done


def reopened(user: User) -> QuerySet[Improvement]:
    """What came back and waits for this person; whoever writes improvements sees all of them."""
    waiting = Improvement.objects.filter(state=ImprovementState.REOPENED)
    return waiting if rights.may_enter(user, Place.IMPROVE) else waiting.filter(owner=user)


@transaction.atomic
def _settle(improvement: Improvement, at: datetime, profile: Profile) -> None:
    if not improving.begin_if_due(improvement, at=at, profile=profile):
        look(improvement, by=None, at=at, profile=profile)


@transaction.atomic
def look(
    improvement: Improvement, *, by: User | None, at: datetime, profile: Profile
) -> ImprovementLook:
    """Reckon the figures up to yesterday, keep them, and draw the conclusion."""
    zone = ZoneInfo(profile.organisation.timezone)
    today = at.astimezone(zone).date()
    watched = improvement.state == ImprovementState.EFFECTIVE
    asked = _since_effective(improvement, today) if watched else _since_start(improvement, today)
    found = _reckoned(improvement, asked, zone)
    if watched:
        found = replace(found, verdict=_strict(found))
    made = ImprovementLook.objects.create(
        improvement=improvement,
        look=Look.RECURRENCE if watched else Look.EFFECT,
        at=at,
        by=by,
        verdict=found.verdict,
        figures=figures.written(found, asked),
    )
    _conclude(improvement, made, today, profile)
    return made


def _since_start(improvement: Improvement, today: date) -> Asked:
    sizes = (improvement.accounts_before, improvement.accounts_after)
    return Asked(
        since=improvement.measured_from,
        start=improvement.starts_on,
        until=max(today, improvement.starts_on),
        left_out=_left_out(improvement),
        accounts=(sizes[0], sizes[1]) if sizes[0] and sizes[1] else None,
    )


def _since_effective(improvement: Improvement, today: date) -> Asked:
    """The level that was reached, and the latest weeks after it was called effective."""
    since = improvement.effective_on or improvement.starts_on
    recent = max(since, today - RECENT)
    return Asked(
        since=improvement.starts_on,
        start=recent,
        until=today,
        left_out=_left_out(improvement),
        level=STRICT,
    )


def _left_out(improvement: Improvement) -> frozenset[date]:
    return frozenset(row.day for row in improvement.left_out.all())


def _reckoned(improvement: Improvement, asked: Asked, zone: ZoneInfo) -> Effect:
    counts = scope.by_day(scope.own(improvement), asked.since, asked.until, zone)
    group = scope.compared(improvement)
    compared = scope.by_day(group, asked.since, asked.until, zone) if group else None
    return effect.reckon(counts, asked, compared, _last_year(improvement, asked, zone))


def _last_year(improvement: Improvement, asked: Asked, zone: ZoneInfo) -> Counts:
    """The complaints of the same weeks a year ago, by the days of this year."""
    since, until = asked.since - A_YEAR, asked.until - A_YEAR
    counts = scope.by_day(scope.own(improvement), since, until, zone)
    return {day + A_YEAR: count for day, count in counts.items()}


def _strict(found: Effect) -> Verdict:
    """A rise is a rise here, whether it came slowly or at once, unless every year brings it; a
    further fall is no news.
    """
    if found.low is None:
        return Verdict.TOO_FEW
    rises = found.low > 1 and Caution.ROSE_LAST_YEAR not in found.cautions
    return Verdict.WORSE if rises else Verdict.UNCLEAR


def _conclude(
    improvement: Improvement, made: ImprovementLook, today: date, profile: Profile
) -> None:
    """Move the state where the figures ask for it, and say when to look again."""
    if improvement.state == ImprovementState.EFFECTIVE:
        if made.verdict == Verdict.WORSE:
            _move(improvement, ImprovementState.REOPENED, Happening.REOPENED, made)
        else:
            _look_again(improvement, made, profile)
    elif improvement.state == ImprovementState.RUNNING:
        if _is_confirmed(improvement, made, profile):
            after = improving.night(today + profile.learning.every * WEEK, profile)
            _move(
                improvement, ImprovementState.EFFECTIVE, Happening.EFFECTIVE, made,
                next_at=after, effective_on=today,
            )  # fmt: skip
        elif today >= improvement.starts_on + profile.learning.gives_up * WEEK:
            _move(improvement, ImprovementState.NOT_EFFECTIVE, Happening.NOT_EFFECTIVE, made)
        else:
            _look_again(improvement, made, profile)


def _is_confirmed(improvement: Improvement, made: ImprovementLook, profile: Profile) -> bool:
    """Whether every look of the last while, at this very thing, said "improved"."""
    if made.verdict != Verdict.IMPROVED:
        return False
    earlier = improvement.looks.filter(look=Look.EFFECT, at__lt=made.at).order_by("-at", "-id")
    changed = improvement.events.filter(details__measures_otherwise=True).order_by("-at").first()
    if changed:  # what was found of other topics or regions confirms nothing of these
        earlier = earlier.filter(at__gt=changed.at)
    apart = profile.learning.every * WEEK - A_DAY  # the worker is not always on time
    for verdict, at, start in earlier.values_list("verdict", "at", "figures__start"):
        if verdict != Verdict.IMPROVED or start != improvement.starts_on.isoformat():
            return False
        if made.at - at >= apart:
            return True
    return False


def _look_again(improvement: Improvement, made: ImprovementLook, profile: Profile) -> None:
    """One interval after the look that was due; looks of staff in between change nothing."""
    due = improvement.next_at
    if due and due <= made.at:
        later = made.at.astimezone(due.tzinfo).date() + profile.learning.every * WEEK
        improving.write(improvement, next_at=improving.night(later, profile))


def _move(
    improvement: Improvement,
    state: ImprovementState,
    what: Happening,
    made: ImprovementLook,
    *,
    next_at: datetime | None = None,
    effective_on: date | None = None,
) -> None:
    values = {"effective_on": effective_on} if effective_on else {}
    improving.write(improvement, state=state, next_at=next_at, **values)
    improving.tell(improvement, what, by=made.by, at=made.at, look=made.pk)
