"""What an organisation may say about itself, as one document.

`checks.py` holds the rules that span several parts; `folder.py` reads and writes the TOML files.
"""

from datetime import date, time
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StringConstraints

from derman.profile.parts import Key, Name, Part, Prose, Text, Time
from derman.words.events import EventType
from derman.words.kinds import Channel, Decision, Kind, Language, ReplyChannel
from derman.words.life import State

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Interval = tuple[time, time]
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]


def _timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"no time zone is called {name}")
    return name


class Line(Part):
    """A public telephone line."""

    label: Text
    number: str  # as people read it
    dial: str  # as a phone dials it
    hours: Text | None = None
    emergency: bool = False


class Region(Part):
    label: Text
    retired: bool = False


class Brand(Part):
    """The organisation's accent in both colour schemes, each with the ink that stands on it."""

    light: Colour
    on_light: Colour
    dark: Colour
    on_dark: Colour


class Organisation(Part):
    name: Text
    short_name: Text
    sector: Key
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    timezone: Annotated[str, AfterValidator(_timezone)] = "Europe/Istanbul"
    address: Text
    email: Email
    lines: dict[Name, Line]
    regions: dict[Name, Region]
    brand: Brand | None = None
    home: Text  # what the portal's first page says under its title
    about_complaints: Text  # how complaints are handled here, in a few sentences

    @property
    def language(self) -> Language:
        """The language used where nobody chose another."""
        return self.languages[0]


class Calendar(Part):
    """When the organisation works. `dates` override everything: half days, administrative leave."""

    weekly: dict[Weekday, tuple[Interval, ...]]
    holidays: Literal["TR", "DE"] | None = None
    half_day_until: time = time(13, 0)
    dates: dict[date, tuple[Interval, ...]] = {}


class ChannelSetting(Part):
    enabled: bool = True
    note: Text | None = None  # shown where the channel is named but switched off


class UnitKind(StrEnum):
    FRONT_LINE = "front_line"  # takes what comes in
    SOLUTION = "solution"  # owns cases, calls back, concludes
    EXPERT = "expert"  # answers tasks
    EMERGENCY = "emergency"  # is alerted at once


class Unit(Part):
    label: Text
    kind: UnitKind = UnitKind.EXPERT
    email: Email | None = None  # where staff alerts of the unit go
    retired: bool = False


class Topic(Part):
    """What a case is about. Only leaves are chosen; a main topic groups them.

    `unit` and `resolve` are proposals that `process.refers` acts upon; `source` says where the
    time comes from (a law, a published promise, our own decision) and on which date it was read.
    """

    label: Text
    kind: Kind = Kind.COMPLAINT
    unit: Key | None = None
    by_region: dict[Key, Key] = {}  # region → unit, before `unit`
    resolve: Time | None = None  # None: the clock table's default
    task: Time | None = None
    source: str = ""
    script: Text | None = None  # what the agent tells the applicant at once
    help: Text | None = None  # one line under the topic in the portal
    words: tuple[str, ...] = ()  # further words people use for it, for choosing by typing
    emergency: bool = False
    secret_reporter: bool = False
    portal: bool = True  # may be chosen on the web
    retired: bool = False
    children: dict[Name, "Topic"] = {}

    def unit_for(self, region: str | None) -> str | None:
        """The unit that this topic proposes for a place."""
        return self.by_region.get(region or "", self.unit)


class Clocks(Part):
    """Budgets where the topic says nothing else."""

    acknowledge: Time | None = None  # None: no receipt is promised
    task: Time
    resolve: Time
    promise: Time | None = None  # None: the resolve date is the date told
    answer_by_applicant_days: int = Field(default=10, ge=1, le=365)
    closing_window_days: int = Field(default=7, ge=0, le=365)
    due_soon: Time


class Process(Part):
    """Who does what. Nothing here names a person."""

    front_line: Key
    owner: Key  # the unit that owns a case unless its topic's unit does
    emergency_unit: Key
    emergency_line: Key
    refers: Literal["itself", "front_line", "solution"]
    informs: Literal["owner", "unit"]
    closes_when_answered_at_once: bool = True
    closes_not_justified: bool = False
    attempts: int = Field(default=3, ge=1, le=10)  # calls not answered that prove we tried
    message_left_proves: bool = False
    message_proves: Literal["accepted", "delivered"] = "accepted"


FormField = Literal[
    "name",
    "phone",
    "email",
    "tckn",
    "relation",
    "account_number",
    "address",
    "region",
    "description",
    "proposal",
    "reply_channel",
]


class Forms(Part):
    """What is asked for (never a barrier to a complaint by API), with and without an account."""

    with_account: tuple[FormField, ...]
    without_account: tuple[FormField, ...]


class Condition(Part):
    """When a notice is meant; an empty field matches all."""

    channels: tuple[Channel, ...] = ()
    kinds: tuple[Kind, ...] = ()
    topics: tuple[Key, ...] = ()
    decisions: tuple[Decision, ...] = ()
    first_contact: bool | None = None
    reply_channels: tuple[ReplyChannel, ...] = ()


Wire = Literal["sms", "email"]


class Notice(Part):
    """When `on` happens, `to` is sent the message of the first wire that reaches them."""

    on: EventType
    to: Literal["applicant", "unit", "owner_user", "emergency_unit"] = "applicant"
    send: dict[Wire, Key]  # in the order of preference
    when: Condition = Condition()
    urgent: bool = False
    acknowledges: bool = False  # meets the acknowledge clock once a provider took it
    prefer_reply_channel: bool = True
    concludes: bool = False  # its acceptance proves that the applicant was informed


class MessageText(Part):
    """One message in one language. SMS have no subject."""

    subject: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\r\n]*$")] = ""
    text: Prose


def _by_key(
    messages: dict[str, dict[Language, MessageText]],
) -> dict[str, dict[Language, MessageText]]:
    """Folders list their files in any order; the document has one."""
    return {
        key: {language: texts[language] for language in Language if language in texts}
        for key, texts in sorted(messages.items())
    }


Messages = Annotated[dict[Name, dict[Language, MessageText]], AfterValidator(_by_key)]


class ReplyTemplate(Part):
    """A text that staff may start a reply from."""

    label: Text
    text: Text
    topics: tuple[Key, ...] = ()
    states: tuple[State, ...] = ()
    channels: tuple[Channel, ...] = ()


class Privacy(Part):
    """Texts of the privacy law and what is kept for how long."""

    notice: Text  # aydınlatma metni
    special_warning: Text
    special_categories: dict[Language, tuple[str, ...]]
    cookies: Text
    accessibility: Text


class Profile(Part):
    """The whole organisation."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
    organisation: Organisation
    calendar: Calendar
    channels: dict[Channel, ChannelSetting]
    units: dict[Name, Unit]
    topics: dict[Name, Topic]
    clocks: Clocks
    process: Process
    forms: Forms
    notices: tuple[Notice, ...]
    messages: Messages
    templates: dict[Name, ReplyTemplate] = {}
    privacy: Privacy

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
