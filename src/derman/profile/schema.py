"""What an organisation may say about itself, as one document. `rules.py` holds its second half.

The text under each field is printed in the reference. `checks.py` holds the rules that span several
parts; `folder.py` reads and writes the TOML files.
"""

from datetime import date, time
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from derman.profile.authority import Authority
from derman.profile.decisions import Decisions
from derman.profile.escalation import Escalation
from derman.profile.external import External
from derman.profile.learning import Learning
from derman.profile.macros import Macro
from derman.profile.parts import Key, Name, Part, Text, Time, WebAddress
from derman.profile.repeats import Repeats
from derman.profile.rules import (
    Clocks,
    Condition,
    Forms,
    Messages,
    MessageText,
    Notice,
    Privacy,
    Process,
    ReplyTemplate,
    Wire,
)
from derman.profile.survey import Survey
from derman.profile.visits import Visits
from derman.words.kinds import Channel, Kind, Language

__all__ = [
    "Calendar",
    "ChannelSetting",
    "Clocks",
    "Condition",
    "Forms",
    "Interval",
    "Line",
    "Macro",
    "MessageText",
    "Notice",
    "Organisation",
    "Privacy",
    "Process",
    "Profile",
    "Region",
    "Regulator",
    "Repeats",
    "ReplyTemplate",
    "Tag",
    "Topic",
    "Unit",
    "UnitKind",
    "Visits",
    "WebAddress",
    "Weekday",
    "Wire",
]

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Interval = tuple[time, time]
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        raise ValueError(f"no time zone is called {name}") from None
    return name


class Line(Part):
    """A public telephone line."""

    label: Text
    """What the line is for."""
    number: str
    """The number as people read it."""
    dial: Annotated[str, Field(pattern=r"^\+?[0-9]{3,15}$")]
    """The number as a phone dials it."""
    hours: Text | None = None
    """When somebody answers; nothing means round the clock."""
    emergency: bool = False
    """For danger to life. The first line that is not is how messages say we can be reached."""


class Region(Part):
    label: Text
    """What people call it."""
    retired: bool = False
    """Offered for no new case; old ones keep it."""


class Regulator(Part):
    """An outside rule or authority that the page about complaints links."""

    label: Text
    """The name of the document or the authority."""
    url: WebAddress
    """Where it is published."""
    what: Text
    """What the reader finds there, in one sentence."""
    as_of: date
    """The day of this entry; rules change, so look at it again from time to time."""


class Brand(Part):
    """The organisation's accent in both colour schemes, each with the ink that stands on it."""

    light: Colour
    """The accent on light pages, as #rrggbb."""
    on_light: Colour
    """What is written on that accent."""
    dark: Colour
    """The accent on dark pages."""
    on_dark: Colour
    """What is written on that accent."""


class Organisation(Part):
    name: Text
    """The full name."""
    short_name: Text
    """The name in headers and messages."""
    sector: Key
    """Electricity, gas, water, telecom, …; for those who compare."""
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    """The languages of every text; the first is used where nobody chose another."""
    timezone: Annotated[str, AfterValidator(_timezone)] = "Europe/Istanbul"
    """The time zone of every date that is shown and every clock."""
    address: Text
    """The postal address."""
    email: Email
    """The public address for e-mail."""
    lines: dict[Name, Line]
    """The public telephone lines, in the order in which they are shown."""
    regions: dict[Name, Region]
    """Where the accounts are; a topic may send each to another unit."""
    regulators: dict[Name, Regulator] = {}
    """The outside rules and authorities that the page about complaints links."""
    disclaimer: Text | None = None
    """What the organisation wants said under its account of how it handles complaints."""
    brand: Brand | None = None
    """The organisation's accent; nothing means Derman's own."""
    home: Text
    """What the portal's first page says under its title."""
    about_complaints: Text
    """How complaints are handled here, in a few sentences."""

    @property
    def language(self) -> Language:
        """The language used where nobody chose another."""
        return self.languages[0]


class Calendar(Part):
    """When the organisation works. `dates` override everything: half days, administrative leave."""

    weekly: dict[Weekday, tuple[Interval, ...]]
    """The intervals of work on each day of the week; a day that is left out has none."""
    holidays: Literal["TR", "DE"] | None = None
    """The country whose public holidays have no work."""
    half_day_until: time = time(13, 0)
    """When work ends on the eve of a feast."""
    dates: dict[date, tuple[Interval, ...]] = {}
    """Dates on which other intervals hold than the week and the holidays say."""


class ChannelSetting(Part):
    enabled: bool = True
    """Whether cases come in this way."""
    note: Text | None = None
    """What the portal says of it: where to find us, or why it is switched off."""


class UnitKind(StrEnum):
    FRONT_LINE = "front_line"  # takes what comes in
    SOLUTION = "solution"  # owns cases, calls back, concludes
    EXPERT = "expert"  # answers tasks
    EMERGENCY = "emergency"  # is alerted at once
    OFFICE = "office"  # a branch or dealer: registers, sees only what it took in


class Unit(Part):
    label: Text
    """What staff and, where it informs them, applicants call it."""
    kind: UnitKind = UnitKind.EXPERT
    """What the unit does: `front_line` takes what comes in, `solution` owns cases, calls back and
    concludes, `expert` answers tasks, `emergency` is alerted at once, `office` is a branch or a
    dealer that registers cases and sees only those it took in."""
    email: Email | None = None
    """Where the staff alerts of the unit go."""
    retired: bool = False
    """Asked nothing new; old cases keep it."""


class Topic(Part):
    """What a case is about. Only leaves are chosen; a main topic groups them.

    `unit` and `resolve` are proposals that `process.refers` acts upon; `source` says where the
    time comes from (a law, a published promise, our own decision) and on which date it was read.
    """

    label: Text
    """What people call it."""
    kind: Kind = Kind.COMPLAINT
    """What a case about this is, unless the case says otherwise."""
    unit: Key | None = None
    """The unit that is proposed; nothing means that the front line answers alone."""
    by_region: dict[Key, Key] = {}
    """Region and unit, before `unit` is looked at."""
    resolve: Time | None = None
    """How long the case may take; nothing means what the clocks say."""
    task: Time | None = None
    """How long the unit has; nothing means what the clocks say."""
    source: str = ""
    """Where the times come from: a law, a published promise, our own decision, and when it was
    read."""
    script: Text | None = None
    """What the agent tells the applicant at once."""
    help: Text | None = None
    """One line under the topic in the portal."""
    words: tuple[str, ...] = ()
    """Further words that people use for it, for choosing by typing."""
    emergency: bool = False
    """Danger: the portal shows the number to call, and the emergency unit is alerted at once."""
    secret_reporter: bool = False
    """Whoever reports this may ask that their name is shown to nobody who need not know it."""
    portal: bool = True
    """Whether it may be chosen on the web."""
    retired: bool = False
    """Chosen for no new case; old ones keep it."""
    children: dict[Name, "Topic"] = {}
    """The sub-topics; in the file each is a sub-table of its own: `[main.sub]`."""

    def unit_for(self, region: str | None) -> str | None:
        """The unit that this topic proposes for a place."""
        return self.by_region.get(region or "", self.unit)


class Tag(Part):
    """A word that staff put on cases, whatever their topic: for finding and counting them."""

    label: Text
    """What people call it."""
    tone: Literal["info", "brand", "ok", "warn", "danger"] | None = None
    """The colour of its mark, which never says more than the label does."""
    retired: bool = False
    """Put on nothing new; old cases keep it."""


class Profile(Part):
    """The whole organisation."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
    """The permanent name of the organisation. Data of one are never mixed with another's."""
    organisation: Organisation
    """Who we are."""
    calendar: Calendar
    """When we work."""
    channels: dict[Channel, ChannelSetting]
    """How cases come in."""
    units: dict[Name, Unit]
    """Who works here."""
    topics: dict[Name, Topic]
    """What cases are about."""
    clocks: Clocks
    """How long things may take."""
    process: Process
    """Who does what."""
    forms: Forms
    """What is asked for."""
    notices: tuple[Notice, ...]
    """Who is told what, and when."""
    messages: Messages
    """The texts of the notices."""
    templates: dict[Name, ReplyTemplate] = {}
    """Texts that replies start from."""
    privacy: Privacy
    """What the law wants said."""
    tags: dict[Name, Tag] = {}
    """Words that staff put on cases."""
    macros: dict[Name, Macro] = {}
    """Several steps that staff do in one."""
    repeats: Repeats = Repeats()
    """When somebody who comes again counts as coming about the same matter."""
    escalation: Escalation = Field(default_factory=Escalation)
    """Who is told when something is late or repeats."""
    decisions: Decisions = Field(default_factory=Decisions)
    """What a decision on a complaint needs, and what follows from it."""
    authority: Authority = Field(default_factory=Authority)
    """Who may decide what, and promise how much."""
    learning: Learning = Field(default_factory=Learning)
    """What is learnt from complaints, and how it is reckoned."""
    survey: Survey = Field(default_factory=Survey)
    """How we learn whether applicants are satisfied."""
    external: External = Field(default_factory=External)
    """Where applicants may turn when nothing of ours has helped."""
    visits: Visits = Field(default_factory=Visits)
    """When teams go out to see for themselves."""

    def leaves(self) -> dict[str, Topic]:
        """Every topic that can be chosen, by its full key (`main.sub`), retired ones included."""
        found: dict[str, Topic] = {}
        for key, topic in self.topics.items():
            found.update(_leaves(key, topic))
        return found

    def topic(self, key: str) -> Topic | None:
        """The topic with this full key, leaf or main, or None."""
        topic: Topic | None = None
        level = self.topics
        for part in key.split("."):
            topic = level.get(part)
            if topic is None:
                return None
            level = topic.children
        return topic

    def text(self, text: Text, language: str) -> str:
        """A text in the reader's language, else in the organisation's."""
        chosen = text.get(Language(language)) if language in list(Language) else None
        return chosen or text[self.organisation.language]


def _leaves(key: str, topic: Topic) -> dict[str, Topic]:
    if not topic.children:
        return {key: topic}
    found: dict[str, Topic] = {}
    for child_key, child in topic.children.items():
        found.update(_leaves(f"{key}.{child_key}", child))
    return found
