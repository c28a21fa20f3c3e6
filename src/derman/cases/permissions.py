"""Finding a case for somebody: authorised and written down in one step.

Pages and the API get a case in no other way. Who lacks the verb is refused; who has it, but not on
this case, is told what a stranger is told: that there is no such case.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Q, QuerySet
from django.http import Http404

from derman.accounts import rights
from derman.accounts.models import User
from derman.audit import access
from derman.cases.models import Action, Approval, Attachment, Case, Offer, Task
from derman.lib import identifiers
from derman.profile.schema import Profile
from derman.statements import kept
from derman.words.life import Verb
from derman.words.rights import SOLUTION_REFERS, Place

# Telling the applicant something: a unit's own people do it only where the profile says so.
INFORMING = (Verb.CONTACT, Verb.REPLY, Verb.ASK, Verb.OUTCOME)

Flags = Callable[[], Mapping[str, Exists]]


def find_case(
    user: User,
    number: str,
    *,
    verb: Verb,
    what: str,
    at: datetime,
    flags: Flags = dict,
) -> Case:
    """The case, if the user may use the verb on it; the look at it is recorded under `what`.

    `flags` are asked in the same query and stand on the case under their names.
    """
    if not rights.may(user, verb):
        raise PermissionDenied
    digits = identifiers.read_number(number)
    case = next(iter(_visible(user, digits, verb=verb, flags=flags)), None) if digits else None
    if case is None:
        raise Http404
    access.record(case.applicant_id, what=what, about=case.number, by=user, at=at, why=verb)
    return case


@kept
def _visible(user: User, number: str, *, verb: Verb, flags: Flags) -> QuerySet[Case]:
    return Case.objects.for_page().visible_to(user, verb).annotate(**flags()).filter(number=number)


def is_left_to(user: User, verb: Verb, profile: Profile) -> bool:
    """What the profile decides beyond roles: who refers (G15), and whether units inform (G17)."""
    if verb == Verb.REFER and profile.process.refers == "solution":
        return rights.has_role(user, SOLUTION_REFERS)
    if verb in INFORMING and not (rights.sees_all(user, verb) or rights.offices_for(user, verb)):
        return profile.process.informs == "unit"
    return True


def is_concealed(case: Case, user: User) -> bool:
    """Whether this person must not learn who reported (`design.md` §3, secret reporter)."""
    return case.secret_reporter and not rights.may_enter(user, Place.REPORTERS)


def files_of(case: Case, user: User) -> list[Attachment]:
    """The files of a case that this person may open."""
    return _files(case.pk, letters=not is_concealed(case, user))


def find_file(case: Case, user: User, file_id: UUID) -> Attachment:
    """One of them; a letter says whom it is written to, and where they live."""
    found = next((file for file in files_of(case, user) if file.pk == file_id), None)
    if found is None:
        raise Http404
    return found


@kept
def _files(case: UUID, *, letters: bool) -> QuerySet[Attachment]:
    found = Attachment.objects.filter(case=case)
    return (found if letters else found.filter(letter=None)).order_by("at", "name")


def find_task(user: User, case: Case, task_id: UUID, *, verb: Verb) -> Task:
    """A task of the case; where the user acts for own units only, one of theirs."""
    tasks = Task.objects.filter(case=case)
    if not (rights.sees_all(user, verb) or case.office in rights.offices_for(user, verb)):
        units = rights.units_for(user, verb)
        tasks = tasks if "" in units else tasks.filter(unit__in=units)
    task = tasks.filter(pk=task_id).first()
    if task is None:
        raise Http404
    task.case = case
    return task


def find_offer(case: Case, offer_id: UUID) -> Offer:
    """An offer of the case; whoever may answer for its applicant may answer each."""
    offer = Offer.objects.filter(case=case, pk=offer_id).first()
    if offer is None:
        raise Http404
    offer.case = case
    return offer


def find_approval(case: Case, approval_id: UUID) -> Approval:
    """A decision of the case that waits or waited; the action says who may answer it."""
    found = Approval.objects.filter(case=case, pk=approval_id).select_related("asked_by").first()
    if found is None:
        raise Http404
    found.case = case
    return found


def find_action(user: User, case: Case, action_id: UUID, *, verb: Verb) -> Action:
    """An action of the case; where the user acts for own units only, one that is theirs to do."""
    owed = Action.objects.filter(case=case)
    if not (rights.sees_all(user, verb) or case.office in rights.offices_for(user, verb)):
        units = rights.units_for(user, verb)
        mine = Q(owner_unit__in=units) | Q(owner_user=user)
        owed = owed if "" in units else owed.filter(mine)
    action = owed.filter(pk=action_id).first()
    if action is None:
        raise Http404
    action.case = case
    return action
