"""What the parts, fields and choices of a profile are called on the pages of the settings.

A field that is not named here is called by its key, so a new one of the schema needs nothing; what
stands under it in the schema is shown beside it (`hints.py`).
"""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext

from derman.lib.worktime import SAME_DAY
from derman.words.events import EventType
from derman.words.kinds import Channel, ClockKind, Kind
from derman.words.loop import Trigger
from derman.words.marks import gettext_noop as _
from derman.words.rights import Role


class Look(NamedTuple):
    """How a part of the profile appears in the list of sections."""

    icon: str
    label: str
    item: str = ""  # what one of its items is called, where it holds many


PARTS: Mapping[str, Look] = {
    "topics": Look("list-tree", _("Topics"), _("topic")),
    "units": Look("users", _("Units"), _("unit")),
    "organisation": Look("building-2", _("Organisation")),
    "calendar": Look("calendar-days", _("Calendar")),
    "clocks": Look("timer", _("Clocks")),
    "process": Look("workflow", _("Process")),
    "channels": Look("phone-incoming", _("Channels"), _("channel")),
    "forms": Look("clipboard-list", _("Forms")),
    "notices": Look("bell", _("Notices"), _("notice")),
    "messages": Look("message-square-text", _("Message texts"), _("message")),
    "tags": Look("tags", _("Tags"), _("tag")),
    "macros": Look("list-checks", _("Macros"), _("macro")),
    "decisions": Look("scale", _("Decisions and actions"), _("reason")),
    "escalation": Look("chevrons-up", _("Escalation"), _("level")),
    "authority": Look("stamp", _("Limits of authority"), _("limit")),
    "repeats": Look("repeat", _("Repeats")),
    "templates": Look("reply", _("Reply texts"), _("reply text")),
    "learning": Look("lightbulb", _("Learning"), _("category")),
    "survey": Look("smile", _("Survey")),
    "external": Look("landmark", _("Outside bodies"), _("body")),
    "visits": Look("map-pin", _("Visits"), _("team")),
    "privacy": Look("shield", _("Privacy texts")),
}
OTHER_PART = "file-cog"

# What one item of a list inside a part is called.
ITEMS: Mapping[str, str] = {
    "lines": _("line"),
    "regions": _("region"),
    "regulators": _("outside rule"),
    "children": _("sub-topic"),
    "teams": _("team"),
    "bodies": _("body"),
    "reasons": _("reason"),
    "categories": _("category"),
    "levels": _("level"),
    "limits": _("limit"),
}

FIELDS: Mapping[str, str] = {
    "after": _("How long after"),
    "approvers": _("Who is asked to approve"),
    "at_any_hour": _("In quiet hours too"),
    "before": _("How long before"),
    "clock": _("Clock"),
    "compensation": _("Most that may be promised"),
    "currency": _("Currency"),
    "head": _("Head of the unit"),
    "levels": _("Levels"),
    "quiet": _("Quiet hours"),
    "role": _("Role"),
    "roles": _("Roles"),
    "times": _("From which cycle on"),
    "trigger": _("What happens"),
    "bodies": _("Bodies outside"),
    "decides": _("What it may decide"),
    "limits": _("Limits"),
    "opening": _("What the letter says first"),
    "closing": _("What the letter says last"),
    "categories": _("Kinds of causes"),
    "cost_per_hour": _("Cost of an hour of work"),
    "every": _("Weeks between two looks"),
    "first_look": _("Weeks until the first look"),
    "gives_up": _("Weeks until it is called not effective"),
    "minutes": _("Minutes a contact takes"),
    "minutes_otherwise": _("Minutes by any other channel"),
    "watched": _("Topics that are always watched"),
    "weeks_before": _("Weeks before the start"),
    "asks_reason": _("Ask for a reason"),
    "needs_action": _("Close justified complaints only with an action"),
    "action_time": _("Time for an action"),
    "remind_days_before": _("Remind so many days before"),
    "remind_every_days": _("Remind again every so many days"),
    "check_after_days": _("Check the effect after so many days"),
    "reasons": _("Reasons"),
    "compliance": _("Check of concluded cases"),
    "notice_channels": _("Channels that need the privacy notice"),
    "notice_tag": _("Tag: notice handed over"),
    "consent_topics": _("Topics that need consent"),
    "consent_tag": _("Tag: consent on file"),
    "needs_evidence": _("Needs evidence"),
    "teams": _("Teams that go out"),
    "at_once": _("Visits in one slot"),
    "slots": _("Times of a day"),
    "lead": _("Planned at the latest"),
    "days_ahead": _("How many days ahead"),
    "misses": _("Visits without meeting anybody"),
    "days": _("Days that an earlier case counts"),
    "likeness": _("How alike two texts must be"),
    "same_owner": _("To the same owner"),
    "one_level_up": _("Raise it one level"),
    "about_complaints": _("How complaints are handled"),
    "accessibility": _("Accessibility"),
    "account": _("What the account number is called"),
    "acknowledge": _("Confirm receipt within"),
    "interim": _("Tell what was done every"),
    "ahead": _("How long before its time the worker acts"),
    "acknowledges": _("Confirms receipt"),
    "action": _("What was done"),
    "action_kinds": _("Kinds of action"),
    "address": _("Postal address"),
    "answer_by_applicant_days": _("Days to wait for the applicant"),
    "asks": _("Ask applicants whether they are satisfied"),
    "attempts": _("Calls that prove we tried"),
    "brand": _("Colours"),
    "by_region": _("Other unit by region"),
    "ces": _("How easy it was (CES)"),
    "channels": _("Channels"),
    "children": _("Sub-topics"),
    "closes_not_justified": _("Close what is not justified"),
    "closes_when_answered_at_once": _("Close what is answered at once"),
    "closing_window_days": _("Days in which a solution may be refused"),
    "concludes": _("Proves that the applicant was informed"),
    "cookies": _("Cookies"),
    "dark": _("Accent on dark pages"),
    "dates": _("Single dates"),
    "decisions": _("Decisions"),
    "dial": _("As a phone dials it"),
    "dissatisfied_from": _("Dissatisfied up to this rating"),
    "disclaimer": _("Disclaimer"),
    "due_soon": _("Counts as due soon"),
    "email": _("E-mail address"),
    "emergency": _("Emergency"),
    "emergency_line": _("Emergency line"),
    "emergency_unit": _("Emergency unit"),
    "ends": _("They end at"),
    "enabled": _("Cases come in this way"),
    "except_reply_channels": _("Not where the applicant wants"),
    "first_contact": _("Answered at the first contact"),
    "follow_up": _("Follow up within"),
    "called_by": _("Unit that follows up"),
    "front_line": _("Front line"),
    "half_day_until": _("Half days end at"),
    "help": _("Help under the topic"),
    "holidays": _("Public holidays"),
    "home": _("First page of the portal"),
    "hours": _("Hours"),
    "informs": _("Who informs the applicant"),
    "kind": _("Kind"),
    "kinds": _("Kinds"),
    "label": _("Name"),
    "languages": _("Languages"),
    "light": _("Accent on light pages"),
    "lines": _("Telephone lines"),
    "message_left_proves": _("A message left is proof"),
    "message_proves": _("What proves a message"),
    "name": _("Full name"),
    "note": _("Note"),
    "notice": _("Privacy notice"),
    "nps": _("Whether they would recommend us (NPS)"),
    "number": _("Number"),
    "offer_days": _("Days in which an offer may be accepted"),
    "on": _("When this happens"),
    "on_dark": _("Writing on the dark accent"),
    "on_light": _("Writing on the light accent"),
    "owner": _("Unit that owns cases"),
    "pause_days": _("Days without another survey"),
    "phone": _("Phone"),
    "portal": _("Offered in the portal"),
    "prefer_reply_channel": _("The applicant's wish comes first"),
    "process": _("How it was handled"),
    "promise": _("Promise an answer within"),
    "question": _("Question"),
    "questions": _("Questions"),
    "as_of": _("As of"),
    "refers": _("Who refers"),
    "reply": _("Reply to the applicant"),
    "snooze": _("Lay aside for"),
    "snooze_reason": _("Why it is laid aside"),
    "tags": _("Tags"),
    "take": _("Take the case over"),
    "regions": _("Regions"),
    "regulators": _("Outside rules"),
    "reply_channels": _("Where the applicant wants"),
    "resolve": _("Resolve within"),
    "retired": _("Retired"),
    "script": _("Script for the agent"),
    "secret_reporter": _("Secret reporting"),
    "sector": _("Sector"),
    "send": _("Message for each way"),
    "short_name": _("Short name"),
    "source": _("Source of the times"),
    "special_categories": _("Special categories of data"),
    "special_warning": _("Warning before the text box"),
    "starts": _("They begin at"),
    "states": _("States"),
    "subject": _("Subject"),
    "task": _("Unit answers within"),
    "text": _("Text"),
    "timezone": _("Time zone"),
    "to": _("Who is told"),
    "tone": _("Colour of its mark"),
    "topics": _("Topics"),
    "unit": _("Unit"),
    "units": _("Units"),
    "urgent": _("Urgent"),
    "url": _("Web address"),
    "wait_hours": _("Hours before the survey"),
    "weekly": _("Week"),
    "what": _("What is found there"),
    "when": _("On which cases"),
    "window_days": _("Days to answer the survey"),
    "with_account": _("Asked of somebody with an account"),
    "without_account": _("Asked of somebody without an account"),
    "words": _("Other words for it"),
}

# Fixed choices that are no words of the process itself.
CHOICES: Mapping[str, str] = {
    "mon": _("Monday"),
    "tue": _("Tuesday"),
    "wed": _("Wednesday"),
    "thu": _("Thursday"),
    "fri": _("Friday"),
    "sat": _("Saturday"),
    "sun": _("Sunday"),
    "TR": _("Türkiye"),
    "DE": _("Germany"),
    "front_line": _("Front line"),
    "solution": _("Solution group"),
    "expert": _("Expert unit"),
    "emergency": _("Emergency unit"),
    "office": _("Branch or dealer"),
    "itself": _("By itself"),
    "owner": _("The owner of the case"),
    "unit": _("The unit"),
    "accepted": _("The provider accepted it"),
    "delivered": _("It was delivered"),
    "sms": _("SMS"),
    "email": _("E-mail"),
    "applicant": _("The applicant"),
    "escalation": _("Those to whom it was raised"),
    "approvers": _("Those who may approve"),
    "asker": _("Whoever asked for approval"),
    "asked": _("The unit that was asked"),
    "owner_user": _("Whoever owns the case"),
    "emergency_unit": _("The emergency unit"),
    "name": _("Name"),
    "phone": _("Phone"),
    "tckn": _("Identity number (TCKN)"),
    "relation": _("Relation to the account"),
    "account_number": _("Account number"),
    "address": _("Address"),
    "region": _("Region"),
    "info": _("Note"),
    "brand": _("Accent"),
    "ok": _("Good"),
    "warn": _("Attention"),
    "danger": _("Danger"),
    "description": _("What happened"),
    "proposal": _("What would put it right"),
    "reply_channel": _("How to answer"),
}

# Which of its languages' names stand beside a text.
LANGUAGES: Mapping[str, str] = {"tr": "Türkçe", "en": "English", "de": "Deutsch"}

# Units of a time.
TIMES: Mapping[str, str] = {
    "minutes": _("minutes"),
    "hours": _("hours"),
    "working hours": _("working hours"),
    "working days": _("working days"),
    "same day": _("the same day"),
    "calendar days": _("calendar days"),
    "same calendar day": _("before midnight of the same day"),
}


def part(name: str) -> Look:
    """How a part of the profile looks, known here or not."""
    found = PARTS.get(name)
    if found is None:
        return Look(OTHER_PART, field(name))
    return Look(found.icon, gettext(found.label), gettext(found.item) if found.item else "")


def item(name: str) -> str:
    """What one item of a list is called."""
    known = ITEMS.get(name) or (PARTS[name].item if name in PARTS else "")
    return gettext(known) if known else field(name)


def field(name: str) -> str:
    """What a field is called."""
    known = FIELDS.get(name)
    return gettext(known) if known else name.replace("_", " ").capitalize()


def choice(value: str) -> str:
    """What a fixed choice is called."""
    known = CHOICES.get(value)
    return gettext(known) if known else value.replace("_", " ")


def channel(key: str) -> str:
    """What a channel is called."""
    return gettext(Channel(key).label) if key in tuple(Channel) else key


def any_choice(value: str) -> str:
    """What a choice is called, whatever it is a choice of."""
    for words in (Kind, EventType, Role, Trigger, ClockKind):
        if value in tuple(words):
            return gettext(words(value).label)
    return choice(value)


def time_span(value: str) -> str:
    """A budget such as "3 working days" in the reader's words; anything else as it is."""
    amount, _space, unit = value.partition(" ")
    if value in SAME_DAY:
        return gettext(TIMES[value])
    plural = unit if unit.endswith("s") else f"{unit}s"
    if not amount.replace(".", "", 1).isdecimal() or plural not in TIMES:
        return value
    return f"{amount} {gettext(TIMES[plural])}"
