"""What happened to a case, as its applicant reads it: no unit, no name, nothing internal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from derman.cases.history import not_withdrawn
from derman.cases.models import Case, Event, Outcome
from derman.profile.schema import Profile
from derman.words.events import EventType
from derman.words.kinds import EARLY_CLOSING, ClosingReason, ContactOutcome, Decision
from derman.words.life import LIFE, State
from derman.words.loop import OfferState
from derman.words.marks import gettext_noop

E = EventType
# An event that is not here is the organisation's own business.
WORDS: Mapping[str, tuple[str, str]] = {
    E.OPENED: ("inbox", gettext_noop("We received your report.")),
    E.TAKEN: ("search", gettext_noop("We began to examine it.")),
    E.REFERRED: ("building-2", gettext_noop("We asked the responsible unit.")),
    E.TASK_STARTED: ("wrench", gettext_noop("The unit began its work.")),
    E.TASK_ANSWERED: ("message-square", gettext_noop("The unit told us its answer.")),
    E.TAKEN_BACK: ("search", gettext_noop("We are examining it ourselves again.")),
    E.ASKED: ("circle-question-mark", gettext_noop("We asked you for something.")),
    E.APPLICANT_ANSWERED: ("user", gettext_noop("You answered us.")),
    E.APPLICANT_SILENT: ("clock", gettext_noop("We went on without your answer.")),
    E.INFORMATION_ADDED: ("paperclip", gettext_noop("You added information.")),
    E.REPLIED: ("mail", gettext_noop("We wrote to you.")),
    E.INTERIM: ("mail", gettext_noop("We told you what was done so far.")),
    E.PROMISED: ("calendar", gettext_noop("We told you a date.")),
    E.RESOLVED: ("circle-check", gettext_noop("We reached a result.")),
    E.CLOSED: ("check", gettext_noop("We closed your report.")),
    E.CLOSED_EARLY: ("check", gettext_noop("We closed your report without a decision.")),
    E.SURVEY_ASKED: ("clipboard-list", gettext_noop("We asked you whether you are satisfied.")),
    E.SURVEY_ANSWERED: ("clipboard-check", gettext_noop("You told us how satisfied you are.")),
    E.FOLLOW_UP_OPENED: ("phone", gettext_noop("We want to talk with you about it.")),
    E.FOLLOWED_UP: ("phone-call", gettext_noop("We called you about the result.")),
    E.ACTION_PLANNED: ("list-checks", gettext_noop("We planned what is to be done.")),
    E.ACTION_DONE: ("check", gettext_noop("We did what was planned.")),
    E.VISIT_PLANNED: ("map-pin", gettext_noop("We arranged a visit: %(when)s.")),
    E.VISIT_MOVED: ("calendar-clock", gettext_noop("We moved the visit: %(when)s.")),
    E.VISIT_REPORTED: ("map-pin-check", gettext_noop("We were there and looked.")),
    E.VISIT_MISSED: ("door-closed", gettext_noop("We came and met nobody: %(when)s.")),
    E.VISIT_CANCELLED: ("calendar-x", gettext_noop("We called off the visit: %(when)s.")),
    E.MERGED: (
        "git-merge",
        gettext_noop("Your report goes on together with another about the same matter."),
    ),
    E.UNMERGED: ("split", gettext_noop("Your report goes on by itself again.")),
    E.OFFERED: ("handshake", gettext_noop("We offered you a solution.")),
    E.OFFER_ACCEPTED: ("circle-check", gettext_noop("You accepted our offer.")),
    E.OFFER_REFUSED: ("rotate-ccw", gettext_noop("You did not accept our offer. We began again.")),
    E.REFERRED_EXTERNALLY: (
        "landmark",
        gettext_noop("We wrote to you which other bodies you can turn to."),
    ),
    E.REOPENED: ("rotate-ccw", gettext_noop("We opened your report again.")),
}
CONTACTS: Mapping[str, tuple[str, str]] = {
    ContactOutcome.REACHED: ("phone", gettext_noop("We spoke with you.")),
    ContactOutcome.NOT_REACHED: ("phone", gettext_noop("We tried to reach you.")),
    ContactOutcome.MESSAGE_LEFT: ("mail", gettext_noop("We sent you a message.")),
}
OFFERS: Mapping[str, tuple[str, str]] = {
    OfferState.LAPSED: ("clock", gettext_noop("Our offer ended without an answer.")),
    OfferState.WITHDRAWN: ("rotate-ccw", gettext_noop("We took our offer back.")),
}
SENTENCES: Mapping[State, str] = {
    State.RECEIVED: gettext_noop("We have your report and will look at it soon."),
    State.IN_REVIEW: gettext_noop("We are looking into your report."),
    State.REFERRED: gettext_noop("The responsible unit is working on your report."),
    State.ANSWERED: gettext_noop("The answer is there. We will contact you with the result."),
    State.AWAITING_APPLICANT: gettext_noop("We cannot go on before we hear from you."),
    State.RESOLVED: gettext_noop("We reached a result. Please tell us whether it solves it."),
    State.CLOSED: gettext_noop("Your report is closed."),
}


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    type: str
    at: datetime
    icon: str
    text: str


def entries(events: Iterable[Event]) -> list[Entry]:
    """The events that the applicant reads, the oldest first; a repetition is told once."""
    found: list[Entry] = []
    for event in not_withdrawn(events):
        icon, words = _words(event)
        text = _(words) % _named(event) if words else ""
        if text and (not found or found[-1].text != text):
            found.append(Entry(event.type, event.at, icon, text))
    return found


def _named(event: Event) -> dict[str, str]:
    """What a sentence names: when a visit begins and ends."""
    if "begins" not in event.details:
        return {"when": ""}
    begins, ends = (
        timezone.localtime(datetime.fromisoformat(event.details[key])) for key in ("begins", "ends")
    )
    return {"when": f"{date_format(begins, 'DATE_FORMAT')}, {begins:%H:%M}–{ends:%H:%M}"}


def state_of(case: Case, goes_on_in: State | None = None) -> dict[str, str]:
    """The state in a word and as a sentence; of a merged case, that of the one it goes on in."""
    state = goes_on_in or State(case.state)
    return {
        "key": case.state,
        "label": _(LIFE[state].applicant_reads),
        "sentence": _(SENTENCES[state]),
    }


def results(
    outcomes: Iterable[Outcome], profile: Profile, language: str
) -> list[dict[str, object]]:
    """What was decided in each round, and why, in the words that were sent (row P14)."""
    reasons = profile.decisions.reasons
    labels = {key: profile.text(reason.label, language) for key, reason in reasons.items()}
    return [
        {
            "label": _(Decision(one.decision).label),
            "reason": labels.get(one.reason_code, ""),
            "text": one.text,
            "at": one.at,
        }
        for one in outcomes
    ]


def why_ended(case: Case) -> str:
    """Why a case was closed without a decision; nothing where it was not."""
    reason = case.closing_reason
    return _(ClosingReason(reason).label) if reason in EARLY_CLOSING else ""


def _words(event: Event) -> tuple[str, str]:
    if "from" in event.details:  # another case came in or went: it may be somebody else's
        return ("", "")
    if event.type == E.INFORMATION_ADDED and "note" in event.details:  # somebody else said it
        return ("", "")
    if event.type == E.CONTACTED:
        return CONTACTS.get(event.details.get("outcome", ""), ("", ""))
    if event.type == E.OFFER_ENDED:
        return OFFERS.get(event.details.get("state", ""), ("", ""))
    return WORDS.get(event.type, ("", ""))
