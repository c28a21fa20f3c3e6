"""The rules that span several parts of a profile: every reference leads somewhere.

Each check names the parts that it reads, so that a mistake in one part hides nothing in another.
The texts have checks of their own in `texts.py`.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import timedelta

from derman.lib.worktime import DAYS, Budget, calendar_from
from derman.profile import escalation_checks
from derman.profile.colours import DARK_PAGE, LIGHT_PAGE, READABLE, contrast, tint
from derman.profile.decision_checks import decisions
from derman.profile.errors import Finding, Sentence, say
from derman.profile.external_checks import external
from derman.profile.hints import unknown
from derman.profile.layout import Path
from derman.profile.learning_checks import learning
from derman.profile.schema import Interval, Notice, Profile, Topic, UnitKind
from derman.profile.survey_checks import survey
from derman.profile.texts import TEXT_CHECKS
from derman.profile.visit_checks import visits
from derman.words.events import SPEAKING, EventType
from derman.words.marks import gettext_noop as _

Check = tuple[tuple[str, ...], Callable[[Profile], Iterator[Finding]]]

OWNERS = (UnitKind.SOLUTION, UnitKind.FRONT_LINE)
# What only a topic that can be chosen may say.
OF_LEAVES = (
    "unit",
    "by_region",
    "resolve",
    "task",
    "script",
    "emergency",
    "secret_reporter",
    "portal",
)
A_DAY, WORKING_DAY = timedelta(days=1), timedelta(hours=8)
CONTACTS = ("former_contact", "new_contact")
CONCLUDING = (EventType.RESOLVED, EventType.CLOSED_EARLY, EventType.REFERRED_EXTERNALLY)


def findings(profile: Profile) -> list[Finding]:
    """Everything that is wrong between the parts of a profile; parts may be missing."""
    there = vars(profile).keys()
    return [finding for needs, check in CHECKS if there >= set(needs) for finding in check(profile)]


def _reference(path: Path, what: str, key: str | None, known: Collection[str]) -> Iterator[Finding]:
    if key is not None and key not in known:
        yield Finding(path, unknown(what, key, known))


def _process(profile: Profile) -> Iterator[Finding]:
    process = profile.process
    wanted = {
        "front_line": (process.front_line, (UnitKind.FRONT_LINE,)),
        "owner": (process.owner, OWNERS),
        "emergency_unit": (process.emergency_unit, (UnitKind.EMERGENCY,)),
    }
    for name, (key, kinds) in wanted.items():
        path = ("process", name)
        yield from _unit(profile, path, key)
        unit = profile.units.get(key)
        if unit and unit.kind not in kinds:
            pattern = _("{key} is of kind {kind}; needed is {kinds}")
            message = say(pattern, key=key, kind=unit.kind, kinds=" or ".join(kinds))
            yield Finding(path, message)


def _unit(profile: Profile, path: Path, key: str | None) -> Iterator[Finding]:
    yield from _reference(path, "unit", key, profile.units)
    if key in profile.units and profile.units[key].retired:
        yield Finding(path, say(_("the unit {key} is retired"), key=key))


def _interim(profile: Profile) -> Iterator[Finding]:
    """An interval that begins anew before its end would send without end."""
    interval = profile.clocks.interim
    if interval and not _is_a_day(interval):
        yield Finding(("clocks", "interim"), _("applicants would be told more than once a day"))


def _is_a_day(budget: Budget) -> bool:
    if budget.unit in DAYS:
        return budget.amount >= 1
    least = WORKING_DAY if budget.unit == "working_hours" else A_DAY
    return budget.length >= least


def _emergency(profile: Profile) -> Iterator[Finding]:
    key = profile.process.emergency_line
    path = ("process", "emergency_line")
    lines = profile.organisation.lines
    yield from _reference(path, "line", key, lines)
    if key in lines and not lines[key].emergency:
        yield Finding(path, say(_("the line {key} does not say emergency = true"), key=key))
    if not any(topic.emergency for topic in profile.leaves().values()):
        yield Finding(("topics",), _("no topic says emergency = true"))


def _lines(profile: Profile) -> Iterator[Finding]:
    if all(line.emergency for line in profile.organisation.lines.values()):
        message = _("at least one line must be no emergency line")
        yield Finding(("organisation", "lines"), message)


def _brand(profile: Profile) -> Iterator[Finding]:
    brand = profile.organisation.brand
    pages = (("light", "on_light", LIGHT_PAGE), ("dark", "on_dark", DARK_PAGE)) if brand else ()
    for ground, ink, page in pages:
        accent = getattr(brand, ground)
        ratio = contrast(accent, getattr(brand, ink))
        if ratio < READABLE:
            yield Finding(("organisation", "brand", ink), _contrast(ratio, ground))
        # Links are written in the accent, on the page and on a tint of it.
        elif (ratio := contrast(accent, tint(accent, page))) < READABLE:
            yield Finding(("organisation", "brand", ground), _contrast(ratio, f"{ground} pages"))


def _contrast(ratio: float, ground: str) -> Sentence:
    pattern = _("{ratio} is too little contrast on {ground}; readable is {least} or more")
    return say(pattern, ratio=f"{ratio:.1f}", ground=ground, least=READABLE)


def _topics(profile: Profile) -> Iterator[Finding]:
    if all(topic.retired for topic in profile.leaves().values()):
        yield Finding(("topics",), _("no topic can be chosen"))
    for key, topic in profile.topics.items():
        yield from _topic(profile, ("topics", key), topic)


def _topic(profile: Profile, path: Path, topic: Topic) -> Iterator[Finding]:
    if len(path) > 2 and path[-1] in Topic.model_fields:
        pattern = _("{key} is a key of topics themselves; name it otherwise")
        yield Finding(path, say(pattern, key=path[-1]))
    if not topic.children:
        yield from _leaf(profile, path, topic)
        return
    if len(path) > 2:
        yield Finding(path, _("a sub-topic has no sub-topics of its own"))
    for name in OF_LEAVES:
        if getattr(topic, name) != Topic.model_fields[name].default:
            message = _("only a topic without sub-topics may say this")
            yield Finding((*path, name), message)
    for key, child in topic.children.items():
        if topic.retired and not child.retired:
            message = say(_("{key} is not retired, so this cannot be"), key=key)
            yield Finding((*path, "retired"), message)
        yield from _topic(profile, (*path, "children", key), child)


def _leaf(profile: Profile, path: Path, topic: Topic) -> Iterator[Finding]:
    if topic.retired:
        return
    yield from _unit(profile, (*path, "unit"), topic.unit)
    for region, unit in topic.by_region.items():
        at = (*path, "by_region", region)
        yield from _reference(at, "region", region, profile.organisation.regions)
        yield from _unit(profile, at, unit)
    if topic.by_region and topic.unit is None:
        message = _("by_region needs a unit for people whose region is not known")
        yield Finding(path, message)


def _notices(profile: Profile) -> Iterator[Finding]:
    for index, notice in enumerate(profile.notices):
        yield from _notice(profile, ("notices", index), notice)


def _notice(profile: Profile, path: Path, notice: Notice) -> Iterator[Finding]:
    if notice.on not in SPEAKING:
        known = ", ".join(sorted(SPEAKING))
        pattern = _("{event} is silent; known are {known}")
        yield Finding((*path, "on"), say(pattern, event=notice.on, known=known))
    if not notice.send:
        yield Finding((*path, "send"), _("this names no message"))
    for wire, key in notice.send.items():
        yield from _reference((*path, "send", wire), "message", key, profile.messages)
    if notice.concludes and notice.on not in CONCLUDING:
        message = say(_("{event} does not conclude a case"), event=notice.on)
        yield Finding((*path, "concludes"), message)
    yield from _who_is_told(path, notice)
    if notice.to not in ("applicant", *CONTACTS):
        yield from _to_staff(path, notice)


def _who_is_told(path: Path, notice: Notice) -> Iterator[Finding]:
    """A correction is told to the contacts of the customer that it is about, and only that is."""
    if (notice.on == EventType.CORRECTED) is not (notice.to in CONTACTS):
        pattern = _("{event} is for {known}, and they are for nothing else")
        known = " and ".join(CONTACTS)
        yield Finding((*path, "to"), say(pattern, event=EventType.CORRECTED, known=known))
    for name in ("acknowledges", "concludes"):
        if notice.to in CONTACTS and getattr(notice, name):
            yield Finding((*path, name), _("only a notice to the applicant may say this"))


def _to_staff(path: Path, notice: Notice) -> Iterator[Finding]:
    if "sms" in notice.send:
        yield Finding((*path, "send", "sms"), _("staff are told by e-mail only"))
    for name in ("acknowledges", "concludes"):
        if getattr(notice, name):
            yield Finding((*path, name), _("only a notice to the applicant may say this"))


def _conditions(profile: Profile) -> Iterator[Finding]:
    for index, notice in enumerate(profile.notices):
        path = ("notices", index, "when")
        yield from _known_topics(profile, (*path, "topics"), notice.when.topics)
        for at, channel in enumerate(notice.when.channels):
            yield from _reference((*path, "channels", at), "channel", channel, profile.channels)


def _templates(profile: Profile) -> Iterator[Finding]:
    for key, template in profile.templates.items():
        path = ("templates", key)
        yield from _known_topics(profile, (*path, "topics"), template.topics)
        for at, channel in enumerate(template.channels):
            yield from _reference((*path, "channels", at), "channel", channel, profile.channels)


def _macros(profile: Profile) -> Iterator[Finding]:
    for key, macro in profile.macros.items():
        path = ("macros", key)
        yield from _known_topics(profile, (*path, "when", "topics"), macro.when.topics)
        for at, tag in enumerate(macro.tags):
            yield from _reference((*path, "tags", at), "tag", tag, profile.tags)
        if macro.unit:
            yield from _unit(profile, (*path, "unit"), macro.unit)
        elif macro.question:
            yield Finding((*path, "question"), _("a question needs the unit that is asked"))
        if not macro.does_something:
            yield Finding(path, _("this macro does nothing"))


def _known_topics(profile: Profile, path: Path, topics: tuple[str, ...]) -> Iterator[Finding]:
    known = [*profile.leaves(), *profile.topics]
    for at, key in enumerate(topics):
        yield from _reference((*path, at), "topic", key, known)


def _calendar(profile: Profile) -> Iterator[Finding]:
    calendar = profile.calendar
    if not any(calendar.weekly.values()):
        yield Finding(("calendar", "weekly"), _("the organisation works on no day"))
    days: list[tuple[Path, tuple[Interval, ...]]] = [
        *((("weekly", day), intervals) for day, intervals in calendar.weekly.items()),
        *((("dates", str(day)), intervals) for day, intervals in calendar.dates.items()),
    ]
    for path, intervals in days:
        try:
            calendar_from("UTC", [intervals] * 7, country=None)
        except ValueError as reason:
            yield Finding(("calendar", *path), str(reason))


CHECKS: tuple[Check, ...] = (
    (("process", "units"), _process),
    (("clocks",), _interim),
    (("process", "organisation", "topics"), _emergency),
    (("organisation",), _lines),
    (("organisation",), _brand),
    (("topics", "units", "organisation"), _topics),
    (("notices", "messages"), _notices),
    (("notices", "topics", "channels"), _conditions),
    (("templates", "topics", "channels"), _templates),
    (("macros", "topics", "units", "tags"), _macros),
    (("calendar",), _calendar),
    (("visits", "units"), visits),
    (("external", "topics", "organisation"), external),
    (("learning", "topics"), learning),
    (("decisions", "topics", "tags"), decisions),
    (("escalation", "units", "topics"), escalation_checks.escalation),
    (("escalation", "calendar", "organisation"), escalation_checks.order),
    (("authority", "units", "topics"), escalation_checks.authority),
    (("notices",), escalation_checks.notices),
    (("survey", "clocks", "notices", "messages", "units"), survey),
    *TEXT_CHECKS,
)
