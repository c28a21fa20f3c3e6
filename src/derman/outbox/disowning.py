"""Saying “this message is not for me”: by a link in the e-mail, or by number, key and address.

The link names the message and the contact point, signed; it does one thing once, and only by a
button on its page: mail scanners open every link. Whoever says so learns nothing about the case.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from derman.cases import actions
from derman.cases.models import Case
from derman.lib.identifiers import normalise_email, parse_phone
from derman.outbox import results, way_out
from derman.outbox.models import Message
from derman.people.fields import digests_of
from derman.people.models import ContactKind, ContactPoint
from derman.people.reaching import reached_at
from derman.profile.publishing import Published
from derman.words.kinds import MessageState

WHY = "The recipient says that this address is not theirs."
SENT = (MessageState.ACCEPTED, MessageState.DELIVERED, MessageState.UNKNOWN)


@transaction.atomic
def by_link(text: str, *, at: datetime, profile: Published) -> bool:
    """Dispute the contact point of a link; False for a link that is none or was used up."""
    keys = way_out.read(text)
    if keys is None:
        return False
    message_id, point_id = keys
    message = Message.objects.select_related("case").filter(pk=message_id).first()
    point = ContactPoint.objects.filter(pk=point_id, ended_at=None).first()
    if message is None or point is None:
        return False
    return _dispute(message.case, point, message_id, at, profile)


@transaction.atomic
def by_address(case: Case, typed: str, *, at: datetime, profile: Published) -> bool:
    """Dispute the phone number or mailbox of a case's applicant that somebody typed."""
    said = normalise_email(typed) if "@" in typed else parse_phone(typed).e164 or ""
    current = ContactPoint.objects.filter(customer=case.applicant_id, ended_at=None)
    for point in current.exclude(kind=ContactKind.ADDRESS):
        if said and reached_at(point)[1] == said:
            return _dispute(case, point, None, at, profile)
    return False


def _dispute(
    case: Case, point: ContactPoint, message_id: UUID | None, at: datetime, profile: Published
) -> bool:
    """Dispute it, and hold back what waits to be sent there."""
    held = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    address = reached_at(point)[1]
    theirs = _messages_to(point, address)
    told = [m for m in theirs if m.concludes and m.state in SENT and m.case_id == held.pk]
    if not actions.dispute_contact(
        held, point, message_id=message_id, has_concluded=bool(told), at=at, profile=profile
    ):
        return False
    for message in theirs:
        waiting = Message.objects.filter(pk=message.pk, state=MessageState.QUEUED)
        if waiting.update(state=MessageState.CANCELLED, error=WHY):
            results.fall_back(message, at)
    return True


def _messages_to(point: ContactPoint, address: str) -> list[Message]:
    """What was or will be sent to the customer of this contact there, whatever the case."""
    theirs = Q(case__applicant=point.customer_id, recipient="applicant")
    theirs |= Q(recipient__in=[f"former:{point.pk}", f"new:{point.pk}"])
    there = Q(address_index__in=digests_of(Message, "address_index", address))
    found = Message.objects.filter(theirs & there).select_related("case", "event")
    return list(found.order_by("queued_at"))
