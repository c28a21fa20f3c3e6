"""Who is told when a level fires, and who instead where nobody is there. Reads only."""

from dataclasses import dataclass

from derman.accounts.models import User
from derman.cases.models import Case, Task
from derman.profile.escalation import Level
from derman.profile.schema import Profile
from derman.words.rights import Role

# Who is told where whom the level names is nobody: the first of whom there is somebody.
INSTEAD = (Role.SUPERVISOR, Role.MANAGER, Role.ADMIN)


@dataclass(frozen=True)
class Told:
    """Everybody with a role, the supervisors of a unit, or a whole unit (without a role)."""

    role: str
    unit: str = ""


def meant(level: Level, case: Case, task: Task | None) -> Told:
    """Whom the level names on this case."""
    if level.head == "asked":
        return Told(Role.SUPERVISOR, task.unit if task else case.unit or case.owner_unit)
    if level.head:
        return Told(Role.SUPERVISOR, case.owner_unit)
    return Told(level.role or "", level.unit or "")


def instead_of(told: Told, profile: Profile) -> Told | None:
    """Who is told where nobody can be told what this level says; None where somebody can.

    Where nobody at all is there it stays with whom the level names.
    """
    if _is_there(told, profile):
        return None
    others = (Told(role) for role in INSTEAD)
    return next((other for other in others if _is_there(other, profile)), told)


def _is_there(told: Told, profile: Profile) -> bool:
    """Whether a message reaches anybody: the unit's mailbox, or a person with one."""
    unit = profile.units.get(told.unit)
    if unit and unit.email:
        return True
    staff = User.objects.filter(is_active=True, is_service=False).exclude(email="")
    post = {"memberships__role": told.role} if told.role else {}
    if told.unit:
        post["memberships__unit"] = told.unit
    return staff.filter(**post).exists()
