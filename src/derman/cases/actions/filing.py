"""What is put into a case file: notes, attachments, corrections of the customer's data."""

from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.cases import files
from derman.cases.actions._core import Act, CannotDo, check_text, record, touch
from derman.cases.actions.opening import words_of
from derman.cases.models import AccessCode, Attachment, Case, Note, SearchEntry
from derman.people import contacts, corrections
from derman.people.models import ContactPoint, Customer
from derman.profile.publishing import Published
from derman.words.events import EventType
from derman.words.life import State, Verb


@transaction.atomic
def note(case: Case, text: str, *, by: User, at: datetime, profile: Published) -> Note:
    """Write an internal note; it is never sent."""
    act = Act(by, at, profile)
    check_text(text)
    touch(case, Verb.NOTE)
    made = Note.objects.create(case=case, text=text, at=at, by=by)
    record(case, EventType.NOTED, act, note=str(made.pk))
    return made


@transaction.atomic
def attach(
    case: Case,
    upload: BinaryIO,
    *,
    name: str,
    by: User | None,
    at: datetime,
    profile: Published,
) -> Attachment:
    """Keep a file with the case; its type is decided by its content (`cases.files`)."""
    act = Act(by, at, profile)
    touch(case, Verb.NOTE, also={} if by else {"snoozed_until": None})
    try:
        kept = files.keep(upload, name=name)
    except files.Refused as reason:
        raise CannotDo(str(reason), code=reason.code, field="attachments") from reason
    record(case, EventType.ATTACHED, act, attachment=str(kept.id))
    return Attachment.objects.create(
        id=kept.id,
        case=case,
        name=kept.name,
        mime=kept.mime,
        size=kept.size,
        digest=kept.digest,
        from_applicant=by is None,
        at=at,
        by=by,
    )


@transaction.atomic
def correct(
    case: Case,
    changes: dict[str, str],
    *,
    verified: bool,
    by: User,
    at: datetime,
    profile: Published,
) -> list[str]:
    """Update the customer's data as a verified speaker says (rows G10, G11); return the fields."""
    act = Act(by, at, profile)
    if not verified:
        raise CannotDo(
            _("Read the name and address back first: only a verified speaker changes the file."),
            code="not_verified",
            field="read_back",
        )
    applied = corrections.apply(case.customer, changes, by=by, at=at)
    if applied.fields:
        touch(case, Verb.CORRECT)
        points = {"former": applied.former, "new": applied.new}
        details: dict[str, Any] = {
            name: [str(key) for key in found] for name, found in points.items() if found
        }
        record(case, EventType.CORRECTED, act, fields=applied.fields, **details)
    if "name" in applied.fields:
        file_again(case.customer)
    return applied.fields


@transaction.atomic
def dispute_contact(
    case: Case,
    point: ContactPoint,
    *,
    message_id: UUID | None,
    has_concluded: bool,
    at: datetime,
    profile: Published,
) -> bool:
    """A recipient of a message says that it was not for them; whether that changed anything.

    Codes and links that were sent there open nothing any more. `has_concluded`: the result was
    told there, so the applicant does not know it yet and somebody has to call.
    """
    disowned = contacts.disown(point, message_id=message_id, at=at)
    if not disowned:
        return False
    AccessCode.objects.filter(contact_point__in=disowned, used_at=None).update(expires_at=at)
    untold = has_concluded and case.state == State.RESOLVED
    also: dict[str, Any] = {"inform_unit": case.owner_unit, "silent_at": None} if untold else {}
    also["snoozed_until"] = None
    touch(case, Verb.CORRECT, also=also)
    keys = [str(one.pk) for one in disowned]
    record(case, EventType.CONTACT_DISPUTED, Act(None, at, profile), points=keys)
    return True


def file_again(customer: Customer) -> None:
    """Let the person's cases be found by the name on file now."""
    theirs = Case.objects.filter(Q(applicant=customer) | Q(customer=customer))
    for case in theirs.select_related("applicant", "customer"):
        SearchEntry.objects.filter(case=case).update(words=words_of(case))
