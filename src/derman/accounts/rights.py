"""Who may do what: reads the table in `words.rights` for a user's memberships."""

from derman.accounts.models import User
from derman.words.life import Verb
from derman.words.rights import RIGHTS, Place, Role, Scope


def may(user: User, verb: Verb) -> bool:
    """Whether any role of the user has the verb, on whatever cases its scope holds."""
    return any(verb in RIGHTS[Role(post.role)].verbs for post in user.posts)


def may_enter(user: User, place: Place) -> bool:
    """Whether any role of the user opens this place."""
    return any(place in RIGHTS[Role(post.role)].places for post in user.posts)


def sees_all(user: User, verb: Verb = Verb.READ) -> bool:
    """Whether the user may use the verb on every case."""
    return any(
        verb in (rights := RIGHTS[Role(post.role)]).verbs and rights.scope is Scope.ALL
        for post in user.posts
    )


def units_for(user: User, verb: Verb = Verb.READ) -> frozenset[str]:
    """The units in whose cases the user may use the verb, where the scope is the own units."""
    return frozenset(
        post.unit
        for post in user.posts
        if verb in (rights := RIGHTS[Role(post.role)]).verbs and rights.scope is Scope.OWN_UNITS
    )


def has_role(user: User, roles: frozenset[Role]) -> bool:
    """Whether the user is one of these anywhere."""
    return any(Role(post.role) in roles for post in user.posts)


def own_units(user: User) -> frozenset[str]:
    """Every unit the user belongs to."""
    return frozenset(post.unit for post in user.posts if post.unit)
