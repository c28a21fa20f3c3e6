"""Opening and reading cases."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Header, Query, Router, Status
from ninja.errors import HttpError
from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from derman.accounts import rights
from derman.api.v1 import idempotency, pictures
from derman.api.v1.auth import caller, context
from derman.api.v1.bodies import CaseBody, DayOrMoment, within_reach
from derman.api.v1.pictures import CasePage, CasePicture
from derman.api.v1.problems import PROBLEMS
from derman.audit import access
from derman.cases import actions, search
from derman.cases.actions import CannotDo
from derman.cases.models import Case
from derman.cases.permissions import find_case
from derman.cases.querysets import CaseQuerySet
from derman.cases.submissions import Applicant, Submission
from derman.lib.identifiers import is_tckn, read_number
from derman.profile import publishing
from derman.words.kinds import Channel, Kind
from derman.words.life import State, Verb

router = Router(tags=["cases"])


class Filters(BaseModel):
    """What a list of cases is narrowed to."""

    q: str = Field("", max_length=200)
    state: State | None = None
    kind: Kind | None = None
    channel: Channel | None = None
    topic: str = Field("", max_length=120)
    unit: str = Field("", max_length=60)
    owner_unit: str = Field("", max_length=60)
    region: str = Field("", max_length=60)
    account_number: str = Field("", max_length=40)
    received_from: DayOrMoment | None = None
    received_until: DayOrMoment | None = None
    cursor: str = Field("", max_length=200)
    limit: int = Field(25, ge=1, le=100)

    @property
    def names_people(self) -> bool:
        """Whether cases are sought by what tells whose they are."""
        return bool(self.account_number or (self.q and not read_number(self.q)))

    @model_validator(mode="before")
    @classmethod
    def _blank_is_absent(cls, data: Any) -> Any:
        return {key: value for key, value in data.items() if value != ""}


@router.post("cases", response={201: CasePicture, **PROBLEMS}, operation_id="open_case")
def open_case(
    request: HttpRequest,
    data: CaseBody,
    response: HttpResponse,
    idempotency_key: Annotated[str | None, Header(max_length=255, pattern="^[ -~]*$")] = None,
) -> Status[dict[str, Any]]:
    """Open a case; with `answered` it is recorded as answered while the applicant was there."""
    if not rights.may(caller(request), Verb.OPEN):
        raise PermissionDenied
    submission = _submission(data)

    def make() -> tuple[Case, dict[str, Any]]:
        given: Any = context(request)
        if data.answered:
            if not rights.may(caller(request), Verb.ANSWER_AT_ONCE):
                raise PermissionDenied
            case = actions.open_and_answer(
                submission, data.answered.decision, data.answered.text, **given
            )
            return case, pictures.fresh(case, caller(request))
        opened = actions.register(submission, **given)
        return opened.case, pictures.picture_new(opened.case, opened.rows)

    if idempotency_key:
        user, body = caller(request), request.body
        shown = idempotency.once(user, idempotency_key, body, make, at=timezone.now())
    else:
        shown = make()[1]
    response["ETag"] = f'"{shown["version"]}"'
    response["Location"] = f"/api/v1/cases/{shown['number']}"
    return Status(201, shown)


def _submission(data: CaseBody) -> Submission:
    profile = publishing.current().profile
    said = data.applicant
    if said.tckn and not is_tckn("".join(said.tckn.split())):
        raise CannotDo("This is not a valid identity number.", code="tckn", field="applicant/tckn")
    if data.region and data.region not in profile.organisation.regions:
        raise CannotDo("There is no such region.", code="unknown_region", field="region")
    return Submission(
        channel=data.channel,
        kind=data.kind,
        topic=data.topic,
        description=data.description,
        proposal=data.proposal,
        language=data.language or profile.organisation.language,
        reply_channel=data.reply_channel or "",
        account_number=data.account_number,
        region=data.region,
        applicant=Applicant(
            name=said.name,
            phone=said.phone,
            email=said.email,
            tckn=said.tckn,
            relation=said.relation or "",
        ),
    )


@router.get("cases", response={200: CasePage, **PROBLEMS}, operation_id="list_cases")
def list_cases(request: HttpRequest, filters: Query[Filters]) -> dict[str, Any]:
    """Cases that the token's role sees, newest first."""
    user = caller(request)
    if not rights.may(user, Verb.READ):
        raise PermissionDenied
    unknown = request.GET.keys() - Filters.model_fields.keys()
    if unknown:
        raise HttpError(400, f"Cases cannot be narrowed by {', '.join(sorted(unknown))}.")
    cases = Case.objects.visible_to(user)
    if filters.names_people:
        cases = cases.named_to(user)
    cases = _filtered(cases, filters)
    if filters.cursor:
        cases = cases.filter(_after(filters.cursor))
    found = list(
        pictures.with_everything(cases.order_by("-received_at", "-id"))[: filters.limit + 1]
    )
    page = found[: filters.limit]
    access.record_list([c.number for c in page], what="api.list", by=user, at=timezone.now())
    more = len(found) > filters.limit
    return {
        "items": [pictures.picture(case, user) for case in page],
        "next": cursor_of(page[-1]) if more else None,
    }


@router.get("cases/{number}", response={200: CasePicture, **PROBLEMS}, operation_id="read_case")
def read_case(request: HttpRequest, response: HttpResponse, number: str) -> dict[str, Any]:
    """One case with all that followed."""
    case = find_case(caller(request), number, verb=Verb.READ, what="api.read", at=timezone.now())
    response["ETag"] = f'"{case.version}"'
    return pictures.fresh(case, caller(request))


def _filtered(cases: CaseQuerySet, filters: Filters) -> CaseQuerySet:
    for name in ("state", "kind", "channel", "unit", "owner_unit", "region", "account_number"):
        value = getattr(filters, name)
        if value:
            cases = cases.filter(**{name: _clean(value)})
    if filters.topic:
        topic = _clean(filters.topic)
        cases = cases.filter(Q(topic=topic) | Q(main_topic=topic))
    if filters.received_from:
        cases = cases.filter(received_at__gte=_aware(filters.received_from))
    if filters.received_until:
        cases = cases.filter(received_at__lt=_aware(filters.received_until))
    return search.find(cases, _clean(filters.q)) if filters.q else cases


def _clean(value: str) -> str:
    return value.replace("\x00", "")


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else timezone.make_aware(moment)


def cursor_of(case: Case) -> str:
    """Where the page after this case begins."""
    return base64.urlsafe_b64encode(f"{case.received_at.isoformat()}|{case.pk}".encode()).decode()


def _after(cursor: str) -> Q:
    try:
        moment, _, key = base64.urlsafe_b64decode(cursor.encode()).decode().partition("|")
        at, pk = _aware(within_reach(datetime.fromisoformat(moment))), UUID(key)
    except (binascii.Error, ValueError, PydanticCustomError) as error:
        raise CannotDo(
            "The cursor is not one of ours. Begin at the first page.", code="cursor", field="cursor"
        ) from error
    # The first half alone bounds the walk along the index by date.
    return Q(received_at__lte=at) & (Q(received_at__lt=at) | Q(pk__lt=pk))
