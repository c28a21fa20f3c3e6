"""Which visits somebody may see: of the own teams, or all; found and written down in one step."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from derman.accounts import rights
from derman.accounts.models import User
from derman.audit import access
from derman.profile.schema import Profile
from derman.visits.models import FieldVisit
from derman.visits.slots import ONE_DAY, day_of
from derman.words.life import OPEN_STATES, Verb
from derman.words.loop import VisitState

MOST = 200


def visible(user: User, verb: Verb = Verb.REPORT_VISIT) -> QuerySet[FieldVisit]:
    """The visits on which the user may use the verb."""
    visits = FieldVisit.objects.all()
    units = rights.units_for(user, verb)
    if rights.sees_all(user, verb) or "" in units:
        return visits
    taken_in = Q(case__office__in=rights.offices_for(user, verb))
    return visits.filter(Q(unit__in=units) | taken_in)


def find(user: User, visit_id: UUID, *, at: datetime) -> FieldVisit:
    """A visit of the own team, with its case; the look at it is recorded."""
    if not rights.may(user, Verb.REPORT_VISIT):
        raise PermissionDenied
    found = visible(user).select_related("case__applicant", "case__account", "task")
    visit = found.filter(pk=visit_id).first()
    if visit is None:
        raise Http404
    case = visit.case
    access.record(
        case.applicant_id, what="visit", about=case.number, by=user, at=at, why=Verb.REPORT_VISIT
    )
    return visit


def of_today(user: User, profile: Profile, at: datetime) -> list[FieldVisit]:
    """What the own teams have before them today, with what of earlier days is not reported."""
    begins, ends = day_of(profile, at)
    own = rights.own_units(user)
    visits = visible(user).select_related("case__applicant")
    if own:
        visits = visits.filter(unit__in=own)
    today = visits.filter(begins_at__gte=begins, begins_at__lt=ends)
    today = today.exclude(state=VisitState.CANCELLED)
    left = visits.filter(begins_at__lt=begins, state=VisitState.PLANNED)
    return list((left | today).order_by("begins_at", "id")[:MOST])


def of_week(user: User, profile: Profile, monday: date, *, unit: str = "") -> list[FieldVisit]:
    """The visits of a week that were not cancelled, by time."""
    zone = ZoneInfo(profile.organisation.timezone)
    begins, ends = (
        datetime.combine(day, datetime.min.time(), tzinfo=zone)
        for day in (monday, monday + ONE_DAY * 7)
    )
    visits = visible(user).filter(begins_at__gte=begins, begins_at__lt=ends)
    if unit:
        visits = visits.filter(unit=unit)
    visits = visits.exclude(state=VisitState.CANCELLED).select_related("case")
    return list(visits.order_by("begins_at", "id")[:MOST])


def missed(user: User) -> QuerySet[FieldVisit]:
    """The last visit of each open case at which nobody was met and no new one is planned."""
    later = Q(state=VisitState.PLANNED) | Q(
        state__in=(VisitState.DONE, VisitState.NO_SHOW), reported_at__gt=OuterRef("reported_at")
    )
    newer = FieldVisit.objects.filter(later, case=OuterRef("case"))
    found = visible(user).filter(state=VisitState.NO_SHOW, case__state__in=OPEN_STATES)
    return found.filter(~Exists(newer)).select_related("case").order_by("-reported_at")
