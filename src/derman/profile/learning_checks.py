"""What is wrong with the learning of a profile: topics that nobody knows, weeks that do not fit."""

from collections.abc import Iterator

from derman.profile.errors import Finding, say
from derman.profile.hints import unknown
from derman.profile.schema import Profile
from derman.words.marks import gettext_noop as _


def learning(profile: Profile) -> Iterator[Finding]:
    """Watched topics exist, and nothing is given up before it is looked at."""
    plan = profile.learning
    known = [*profile.leaves(), *profile.topics]
    for at, key in enumerate(plan.watched):
        if key not in known:
            yield Finding(("learning", "watched", at), unknown("topic", key, known))
    if plan.gives_up < plan.first_look + plan.every:
        least = plan.first_look + plan.every
        pattern = _("an improvement needs two looks to be called effective: {least} or more")
        yield Finding(("learning", "gives_up"), say(pattern, least=least))
