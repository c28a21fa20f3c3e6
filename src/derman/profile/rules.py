"""How an organisation handles its cases: clocks, process, notices and their texts.

A part of the schema; import these names from `schema.py`.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from derman.lib.worktime import Budget
from derman.profile.parts import Key, Name, Part, Prose, Text, Time
from derman.words.events import EventType
from derman.words.kinds import Channel, Decision, Kind, Language, ReplyChannel
from derman.words.life import State
from derman.words.loop import ActionKind


class Clocks(Part):
    """Budgets where the topic says nothing else."""

    acknowledge: Time | None = None
    """Until the receipt is confirmed; nothing means that none is promised."""
    task: Time
    """Until a unit has answered."""
    resolve: Time
    """Until the applicant knows the result."""
    promise: Time | None = None
    """Until the date told to the applicant; nothing means the resolve date."""
    interim: Time | None = None
    """How often a long case's applicant is told what was done, at most once a day; nothing means
    not by itself."""
    ahead: Time = Budget(2, "hours")
    """How long before its time the worker confirms a receipt that nobody confirmed, or gives
    interim information."""
    answer_by_applicant_days: int = Field(default=10, ge=1, le=365)
    """Days without an answer from the applicant after which work goes on without it."""
    closing_window_days: int = Field(default=7, ge=0, le=365)
    """Days in which a resolved case may be refused before it closes by itself."""
    offer_days: int = Field(default=14, ge=1, le=365)
    """Days in which an offered solution may be accepted before the offer lapses."""
    due_soon: Time
    """How long before its time a case or task counts as due soon."""


class Process(Part):
    """Who does what. Nothing here names a person."""

    front_line: Key
    """The unit that takes what comes in."""
    owner: Key
    """The unit that owns a case."""
    emergency_unit: Key
    """The unit that is alerted in an emergency."""
    emergency_line: Key
    """The line that people in danger are told to call."""
    refers: Literal["itself", "front_line", "solution"]
    """Who sends a case to the topic's unit: it goes by `itself`, or the `front_line` or the
    `solution` group sends it."""
    informs: Literal["owner", "unit"]
    """Who tells the applicant what a unit found: the `owner` of the case or that `unit`."""
    closes_when_answered_at_once: bool = True
    """Whether a case that is answered at the first contact closes with it."""
    closes_not_justified: bool = False
    """Whether a case that is not justified closes when its applicant was informed."""
    attempts: int = Field(default=3, ge=1, le=10)
    """How many calls that nobody took prove that we tried."""
    message_left_proves: bool = False
    """Whether a message left for the applicant proves that they were informed."""
    message_proves: Literal["accepted", "delivered"] = "accepted"
    """What proves it for a text message or e-mail: that the provider `accepted` it, or that it was
    `delivered`."""


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


class AccountWords(Part):
    """What people know the number as by which they are found: of an order, a member, a contract."""

    label: Text
    """The name of the number."""
    question: Text
    """What the page that asks for it is headed."""
    help: Text
    """Where people find it."""


class Forms(Part):
    """What is asked for (never a barrier to a complaint by API), with and without an account."""

    with_account: tuple[FormField, ...]
    """What is asked of somebody who has an account."""
    without_account: tuple[FormField, ...]
    """What is asked of somebody who has none."""
    account: AccountWords | None = None
    """What the number is called; nothing means that it is a contract account's."""


class Condition(Part):
    """When a notice is meant; an empty field matches all."""

    channels: tuple[Channel, ...] = ()
    """How the case came in."""
    kinds: tuple[Kind, ...] = ()
    """What kind of case it is."""
    topics: tuple[Key, ...] = ()
    """Topics, main or sub."""
    decisions: tuple[Decision, ...] = ()
    """What was decided."""
    first_contact: bool | None = None
    """Whether the case was answered at its first contact."""
    reply_channels: tuple[ReplyChannel, ...] = ()
    """How the applicant wishes to be answered."""
    except_reply_channels: tuple[ReplyChannel, ...] = ()
    """How the applicant does not wish to be answered; one without any wish matches."""
    action_kinds: tuple[ActionKind, ...] = ()
    """Of an action that was planned or carried out: what kind it is."""


Wire = Literal["sms", "email"]


class Notice(Part):
    """When `on` happens, `to` is sent the message of the first wire that reaches them."""

    on: EventType
    """The event that sets it off."""
    to: Literal[
        "applicant",
        "unit",
        "owner_user",
        "emergency_unit",
        "former_contact",
        "new_contact",
        "escalation",
        "approvers",
        "asker",
        "action_owner",
    ] = "applicant"
    """Who is told; when a phone or mailbox on file was replaced (`corrected`), the `former_contact`
    and the `new_contact` that took its place; when a case was `escalated`, the `escalation` level's
    people; of a decision that waits, the `approvers`, and of their answer the `asker`; of an
    action, the `action_owner`: the person who owes it, else the unit. Nobody is sent what they
    did themselves."""
    send: dict[Wire, Key]
    """The message for each wire, in the order of preference."""
    when: Condition = Condition()
    """On which cases; nothing means on all."""
    urgent: bool = False
    """Goes out before everything else, at once."""
    acknowledges: bool = False
    """Meets the acknowledge clock once a provider took it."""
    prefer_reply_channel: bool = True
    """The applicant's own wish goes before the order of `send`."""
    concludes: bool = False
    """Its acceptance proves that the applicant was informed."""


class MessageText(Part):
    """One message in one language. SMS have no subject."""

    subject: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\r\n]*$")] = ""
    """The subject of an e-mail; an SMS has none."""
    text: Prose
    """The text, with {{ names }}."""


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
    """What staff choose it by."""
    text: Text
    """The text, with {{ names }}."""
    topics: tuple[Key, ...] = ()
    """The topics, main or sub, that it is offered for; none means all."""
    states: tuple[State, ...] = ()
    """The states that it is offered in; none means all."""
    channels: tuple[Channel, ...] = ()
    """The channels of the case that it is offered for; none means all."""


class Privacy(Part):
    """What the privacy law wants said. The long texts are files of their own."""

    notice: Text
    """What is done with personal data, as the law wants it told (aydınlatma metni)."""
    special_warning: Text
    """What is said before the text box: leave out what is nobody's business."""
    special_categories: dict[Language, tuple[str, ...]]
    """The kinds of data that the law protects most, in words."""
    cookies: Text
    """Which cookies are set and why."""
    accessibility: Text
    """How accessible the pages are, and whom to tell when they are not."""
