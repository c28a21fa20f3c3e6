"""Opening and reading cases."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Status
from ninja.errors import HttpError

from derman.accounts import rights
from derman.api.v1 import idempotency, pictures
from derman.api.v1.auth import caller, context
from derman.api.v1.bodies import CaseBody
from derman.api.v1.filters import Filters, cursor_of, narrowed
from derman.api.v1.pictures import CasePage, CasePicture
from derman.api.v1.problems import PROBLEMS
from derman.api.v1.versions import Key
from derman.audit import access
from derman.cases import actions
from derman.cases.actions import CannotDo
from derman.cases.models import Case
from derman.cases.permissions import find_case
from derman.cases.submissions import Applicant, Submission
from derman.lib.identifiers import is_tckn
from derman.profile import publishing
from derman.words.life import Verb

router = Router(tags=["cases"])


@router.post("cases", response={201: CasePicture, **PROBLEMS}, operation_id="open_case")
def open_case(
    request: HttpRequest,
    data: CaseBody,
    response: HttpResponse,
    idempotency_key: Key = None,
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

    user = caller(request)
    shown = idempotency.once(request, user, idempotency_key, make, at=timezone.now())
    response["ETag"] = f'"{shown["version"]}"'
    response["Location"] = f"/api/v1/cases/{shown['number']}"
    return Status(201, shown)


def _submission(data: CaseBody) -> Submission:
    profile = publishing.current().profile
    said = data.applicant
    if said.tckn and not is_tckn("".join(said.tckn.split())):
        raise CannotDo(
            _("This is not a valid identity number."), code="tckn", field="applicant/tckn"
        )
    if data.region and data.region not in profile.organisation.regions:
        raise CannotDo(_("There is no such region."), code="unknown_region", field="region")
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
    _check_filters(request)
    cases = narrowed(Case.objects.visible_to(user), filters, user)
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


def _check_filters(request: HttpRequest) -> None:
    """Refuse what would be left unheard: a name that is not known, or one given twice."""
    unknown = request.GET.keys() - Filters.model_fields.keys()
    if unknown:
        said = _("Cases cannot be narrowed by %(names)s.")
        raise HttpError(400, said % {"names": ", ".join(sorted(unknown))})
    twice = [name for name, values in request.GET.lists() if len(values) > 1]
    if twice:
        said = _("Give each of these once: %(names)s.")
        raise HttpError(400, said % {"names": ", ".join(sorted(twice))})


@router.get("cases/{number}", response={200: CasePicture, **PROBLEMS}, operation_id="read_case")
def read_case(request: HttpRequest, response: HttpResponse, number: str) -> dict[str, Any]:
    """One case with all that followed."""
    case = find_case(caller(request), number, verb=Verb.READ, what="api.read", at=timezone.now())
    response["ETag"] = f'"{case.version}"'
    return pictures.fresh(case, caller(request))
