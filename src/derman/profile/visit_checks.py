"""What is wrong with the visits of a profile: teams that nobody knows, slots that overlap."""

from collections.abc import Iterator
from itertools import pairwise

from derman.profile.errors import Finding, say
from derman.profile.hints import unknown
from derman.profile.schema import Profile
from derman.profile.visits import Slot
from derman.words.marks import gettext_noop as _


def visits(profile: Profile) -> Iterator[Finding]:
    """Each team is a unit that works here, and the slots of a day come one after the other."""
    plan = profile.visits
    for key in plan.teams:
        path = ("visits", "teams", key)
        if key not in profile.units:
            yield Finding(path, unknown("unit", key, profile.units))
        elif profile.units[key].retired:
            yield Finding(path, say(_("the unit {key} is retired"), key=key))
    if plan.teams and not plan.slots:
        yield Finding(("visits", "slots"), _("teams that go out need slots"))
    yield from _slots(plan.slots)


def _slots(slots: tuple[Slot, ...]) -> Iterator[Finding]:
    for at, (begins, ends) in enumerate(slots):
        if ends <= begins:
            yield Finding(("visits", "slots", at), _("this slot ends before it begins"))
    for at, (one, other) in enumerate(pairwise(slots), start=1):
        if other[0] < one[1]:
            message = _("this slot begins before the one above it has ended")
            yield Finding(("visits", "slots", at), message)
