"""Who may do what: reads the table in `words.rights` for a user's memberships.

A membership in an office is confined to the cases taken in there, whatever its role would see
elsewhere. Which units are offices the published profile says; this module alone reads it below
the interfaces, because a profile that a caller forgot to hand on would open every case.
"""

from collections.abc import Iterator

from derman.accounts.models import Membership, User
from derman.profile import publishing
from derman.profile.schema import UnitKind
from derman.words.life import Verb
from derman.words.rights import OPEN_TO_OFFICES, RIGHTS, Place, Role, Scope


def may(user: User, verb: Verb) -> bool:
    """Whether any role of the user has the verb, on whatever cases its scope holds."""
    return any(verb in RIGHTS[Role(post.role)].verbs for post in user.posts)


def may_enter(user: User, place: Place) -> bool:
    """Whether any role of the user opens this place."""
    posts = [post for post in user.posts if place in RIGHTS[Role(post.role)].places]
    return any(place in OPEN_TO_OFFICES or not is_office(post.unit) for post in posts)


def sees_all(user: User, verb: Verb = Verb.READ) -> bool:
    """Whether the user may use the verb on every case."""
    return any(not is_office(post.unit) for post in _posts(user, verb, Scope.ALL))


def units_for(user: User, verb: Verb = Verb.READ) -> frozenset[str]:
    """The units in whose cases the user may use the verb, where the scope is the own units."""
    return frozenset(post.unit for post in _posts(user, verb, Scope.OWN_UNITS))


def offices_for(user: User, verb: Verb = Verb.READ) -> frozenset[str]:
    """The offices in whose cases the user may use the verb, having taken them in there."""
    posts = _posts(user, verb, Scope.ALL)
    return frozenset(post.unit for post in posts if is_office(post.unit))


def has_role(user: User, roles: frozenset[Role]) -> bool:
    """Whether the user is one of these anywhere."""
    return any(Role(post.role) in roles for post in user.posts)


def own_units(user: User) -> frozenset[str]:
    """Every unit the user belongs to."""
    return frozenset(post.unit for post in user.posts if post.unit)


def office_of(user: User) -> str:
    """The office where the user takes cases in: the first they were made a member of."""
    posts = sorted(user.posts, key=lambda post: post.pk)
    registering = (post for post in posts if Verb.OPEN in RIGHTS[Role(post.role)].verbs)
    return next((post.unit for post in registering if is_office(post.unit)), "")


def _posts(user: User, verb: Verb, scope: Scope) -> Iterator[Membership]:
    for post in user.posts:
        rights = RIGHTS[Role(post.role)]
        if verb in rights.verbs and rights.scope is scope:
            yield post


def is_office(unit: str) -> bool:
    """Whether a post there is confined to the cases that were taken in there."""
    if not unit:
        return False
    try:
        known = publishing.current().profile.units.get(unit)
    except publishing.NotPublished:
        return False
    return known is not None and known.kind is UnitKind.OFFICE
