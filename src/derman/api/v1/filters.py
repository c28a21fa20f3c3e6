"""What a list of cases is narrowed to, and where its next page begins."""

import base64
import binascii
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from derman.accounts.models import User
from derman.api.v1.bodies import DayOrMoment, within_reach
from derman.cases import search
from derman.cases.actions import CannotDo
from derman.cases.models import Case, CaseTag, Event
from derman.cases.querysets import CaseQuerySet
from derman.lib.identifiers import read_number
from derman.words.kinds import Channel, Kind
from derman.words.life import State

ALIKE = ("state", "kind", "channel", "unit", "owner_unit", "region", "account_number")


class Filters(BaseModel):
    """What a list of cases is narrowed to; all of it holds together."""

    q: str = Field("", max_length=200, description="A case number, or words of the case.")
    state: State | None = None
    kind: Kind | None = None
    channel: Channel | None = None
    topic: str = Field(
        "", max_length=120, description="A topic; a main topic stands for all below it."
    )
    region: str = Field("", max_length=60)
    unit: str = Field("", max_length=60, description="The unit proposed, or last asked.")
    owner_unit: str = Field("", max_length=60)
    owner_user: str = Field("", max_length=150, description="The user name of the owner.")
    tag: str = Field("", max_length=60)
    account_number: str = Field("", max_length=40)
    received_from: DayOrMoment | None = Field(None, description="Received then or later.")
    received_until: DayOrMoment | None = Field(None, description="Received before then.")
    due_before: DayOrMoment | None = Field(
        None, description="Open, and to be resolved before then."
    )
    updated_since: DayOrMoment | None = Field(
        None, description="Something happened to it then or later."
    )
    cursor: str = Field("", max_length=200, description="`next` of the page before.")
    limit: int = Field(25, ge=1, le=100)

    @property
    def names_people(self) -> bool:
        """Whether cases are sought by what tells whose they are."""
        return bool(self.account_number or (self.q and not read_number(self.q)))

    @model_validator(mode="before")
    @classmethod
    def _blank_is_absent(cls, data: Any) -> Any:
        return {key: value for key, value in data.items() if value != ""}


def narrowed(cases: CaseQuerySet, filters: Filters, user: User) -> CaseQuerySet:
    """The cases that fit, as far as the user may seek them so."""
    if filters.names_people:
        cases = cases.named_to(user)
    for name in ALIKE:
        value = getattr(filters, name)
        if value:
            cases = cases.filter(**{name: _clean(value)})
    if filters.topic:
        topic = _clean(filters.topic)
        cases = cases.filter(Q(topic=topic) | Q(main_topic=topic))
    if filters.owner_user:
        cases = cases.filter(owner_user__username=_clean(filters.owner_user))
    if filters.tag:
        cases = cases.filter(_tagged(_clean(filters.tag)))
    cases = _in_time(cases, filters)
    cases = search.find(cases, _clean(filters.q)) if filters.q else cases
    return cases.filter(_after(filters.cursor)) if filters.cursor else cases


def _tagged(tag: str) -> Exists:
    return Exists(CaseTag.objects.filter(case=OuterRef("pk"), tag=tag))


def _in_time(cases: CaseQuerySet, filters: Filters) -> CaseQuerySet:
    if filters.received_from:
        cases = cases.filter(received_at__gte=_aware(filters.received_from))
    if filters.received_until:
        cases = cases.filter(received_at__lt=_aware(filters.received_until))
    if filters.due_before:
        cases = cases.open().filter(due_at__lt=_aware(filters.due_before))
    if filters.updated_since:
        since = Event.objects.filter(at__gte=_aware(filters.updated_since))
        cases = cases.filter(pk__in=since.values("case"))
    return cases


def _clean(value: str) -> str:
    return value.replace("\x00", "")


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else timezone.make_aware(moment)


def cursor_of(case: Case) -> str:
    """Where the page after this case begins."""
    return base64.urlsafe_b64encode(f"{case.received_at.isoformat()}|{case.pk}".encode()).decode()


def _after(cursor: str) -> Q:
    try:
        moment, _sign, key = base64.urlsafe_b64decode(cursor.encode()).decode().partition("|")
        at, pk = _aware(within_reach(datetime.fromisoformat(moment))), UUID(key)
    except (binascii.Error, ValueError, PydanticCustomError) as error:
        said = _("The cursor is not one of ours. Begin at the first page.")
        raise CannotDo(said, code="cursor", field="cursor") from error
    # The first half alone bounds the walk along the index by date.
    return Q(received_at__lte=at) & (Q(received_at__lt=at) | Q(pk__lt=pk))
