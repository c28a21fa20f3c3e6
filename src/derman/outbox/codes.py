"""One-time codes as messages: urgent, short, and of no use after a while."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from derman.cases import access_codes
from derman.cases.models import Case
from derman.outbox import way_out, wording
from derman.outbox.models import CODE, Message
from derman.outbox.recipients import Recipient, applicant
from derman.outbox.wording import Said
from derman.profile import names
from derman.profile.publishing import Published
from derman.profile.schema import Wire


@transaction.atomic
def send_code(
    case: Case, *, at: datetime, profile: Published, wire: Wire | None = None
) -> Message | None:
    """Make a code and queue it to a contact of the applicant on file; None when there is none."""
    recipient = applicant(case, profile.profile)
    reachable: list[Wire] = [w for w in ("sms", "email") if w in recipient.points]
    chosen = wire if wire in reachable else next(iter(reachable), None)
    if chosen is None:
        return None
    code = access_codes.make_code(case, recipient.points[chosen], at)
    return _queue(case, recipient, chosen, code, at=at, profile=profile)


def _queue(
    case: Case, recipient: Recipient, wire: Wire, code: str, *, at: datetime, profile: Published
) -> Message:
    shown = f"{code[:3]} {code[3:]}"
    values = wording.values_for(
        case, Said(), profile=profile.profile, language=recipient.language, link=""
    )
    allowed = names.CODE | ({"contact"} if wire == "email" else set())
    written = wording.write(
        f"code_{wire}",
        recipient.language,
        {**values, "code": shown},
        allowed=frozenset(allowed),
        profile=profile.profile,
    )
    id_ = uuid4()
    if wire == "email":
        link = wording.not_mine_link(way_out.token(id_, recipient.points[wire]))
        written = wording.with_way_out(written, link, recipient.language)
    return Message.objects.create(
        id=id_,
        case=case,
        notice=CODE,
        recipient="applicant",
        template=f"code_{wire}",
        profile_id=profile.version_id,
        channel=wire,
        language=recipient.language,
        address=recipient.addresses[wire],
        subject="" if wire == "sms" else written.subject,
        body=written.body,
        parts=written.parts if wire == "sms" else 0,
        urgent=True,
        queued_at=at,
        next_at=at,
        expires_at=at + access_codes.CODE_LIVES,
    )
