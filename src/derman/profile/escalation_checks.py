"""The rules about escalation and authority that span several parts of a profile."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from derman.lib import worktime
from derman.profile.calendars import calendar_of
from derman.profile.errors import Finding, Sentence, say
from derman.profile.escalation import BY_TIME, Level
from derman.profile.hints import unknown
from derman.profile.layout import Path
from derman.profile.schema import Profile
from derman.words.events import EventType
from derman.words.kinds import LABELS, ClockKind
from derman.words.life import Verb
from derman.words.loop import Trigger
from derman.words.marks import gettext_noop as _
from derman.words.rights import RIGHTS, Role

# Who may be told of what is raised: never an applicant.
TOLD = {
    EventType.ESCALATED: ("escalation", "owner_user"),
    EventType.APPROVAL_ASKED: ("approvers",),
    EventType.APPROVED: ("asker", "owner_user"),
    EventType.DECLINED: ("asker", "owner_user"),
}
ONLY_OF_THESE = ("escalation", "approvers", "asker")
# A clock's time in the middle of a working day, to see in which order its levels fire.
SAMPLE = datetime(2026, 2, 18, 12, tzinfo=UTC)


def escalation(profile: Profile) -> Iterator[Finding]:
    """Each level has one cause and one addressee, and they fire in the order they stand in."""
    for key, level in profile.escalation.levels.items():
        path: Path = ("escalation", "levels", key)
        yield from _cause(path, level)
        yield from _addressee(profile, path, level)
        yield from _topics(profile, (*path, "topics"), level.topics)
    quiet = profile.escalation.quiet
    if quiet and quiet.starts == quiet.ends:
        yield Finding(("escalation", "quiet", "ends"), _("quiet hours never end this way"))


def order(profile: Profile) -> Iterator[Finding]:
    """A level that stands below another of its clock fires no sooner."""
    for kind in ClockKind:
        last, last_key = SAMPLE - timedelta(days=3650), ""
        for key, level in profile.escalation.of_clock(kind):
            if (moment := _moment(profile, level)) < last:
                pattern = _("this fires before {other}, so it has to stand above it")
                yield Finding(("escalation", "levels", key), say(pattern, other=last_key))
            last, last_key = moment, key


def authority(profile: Profile) -> Iterator[Finding]:
    """Every limit names units and topics that are there; what passes one can be approved."""
    yield from _approvers(profile)
    for key, limit in profile.authority.limits.items():
        path: Path = ("authority", "limits", key)
        yield from _topics(profile, (*path, "topics"), limit.topics)
        for at, unit in enumerate(limit.units):
            yield from _unit(profile, (*path, "units", at), unit)
        if not limit.decisions and limit.compensation is None:
            yield Finding(path, _("this limits nothing"))


def _approvers(profile: Profile) -> Iterator[Finding]:
    path: Path = ("authority", "approvers")
    told = profile.authority.approvers
    if profile.authority.limits and not told:
        yield Finding(path, _("choose who is told that a decision waits"))
    for at, role in enumerate(told):
        if Verb.APPROVE not in RIGHTS[role].verbs:
            yield Finding((*path, at), _role(_("this role may approve nothing: {role}"), role))


def _role(pattern: str, role: Role) -> Sentence:
    return say(pattern, role=LABELS[Role][role])


def notices(profile: Profile) -> Iterator[Finding]:
    """What is raised is told to those whom it was raised to, and to nobody outside."""
    for index, notice in enumerate(profile.notices):
        known = TOLD.get(notice.on)
        wrong = notice.to not in known if known else notice.to in ONLY_OF_THESE
        if wrong:
            pattern = _("{event} is never told to {to}")
            message = say(pattern, event=notice.on, to=notice.to)
            yield Finding(("notices", index, "to"), message)


def _cause(path: Path, level: Level) -> Iterator[Finding]:
    if (level.clock is None) is (level.trigger is None):
        yield Finding(path, _("a level has either a clock or a trigger"))
    if level.before and (level.after or level.trigger):
        yield Finding((*path, "before"), _("this belongs to a clock, and not beside `after`"))
    if level.trigger in BY_TIME and not level.after:
        yield Finding((*path, "after"), _("this trigger needs to know after how long"))
    if level.trigger and level.trigger not in BY_TIME and level.after:
        yield Finding((*path, "after"), _("this trigger fires at once"))
    if level.times != Level.model_fields["times"].default and level.trigger != Trigger.CYCLES:
        yield Finding((*path, "times"), _("only the trigger cycles counts"))


def _addressee(profile: Profile, path: Path, level: Level) -> Iterator[Finding]:
    if sum(1 for one in (level.role, level.head, level.unit) if one) != 1:
        yield Finding(path, _("a level is told to one of role, head and unit"))
    if level.unit:
        yield from _unit(profile, (*path, "unit"), level.unit)
    if level.role and Verb.READ not in RIGHTS[level.role].verbs:
        message = _role(_("this role sees no cases: {role}"), level.role)
        yield Finding((*path, "role"), message)


def _unit(profile: Profile, path: Path, key: str) -> Iterator[Finding]:
    if key not in profile.units:
        yield Finding(path, unknown("unit", key, profile.units))
    elif profile.units[key].retired:
        yield Finding(path, say(_("the unit {key} is retired"), key=key))


def _topics(profile: Profile, path: Path, topics: tuple[str, ...]) -> Iterator[Finding]:
    known = [*profile.leaves(), *profile.topics]
    for at, key in enumerate(topics):
        if key not in known:
            yield Finding((*path, at), unknown("topic", key, known))


def _moment(profile: Profile, level: Level) -> datetime:
    if level.before:
        return worktime.before(SAMPLE, level.before, calendar_of(profile))
    if level.after:
        return worktime.due(SAMPLE, level.after, calendar_of(profile)).at
    return SAMPLE
