"""Forms of the verbs that talk with the applicant: call, write, ask, hear, promise, note."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from derman.cases import actions
from derman.desk.days import MomentField
from derman.desk.labels import choices
from derman.desk.shown_people import Applicant
from derman.desk.verbs import previews
from derman.desk.verbs.form import VerbForm, long_text
from derman.outbox.models import Message
from derman.people.reaching import can_be_written_to
from derman.words.events import EventType
from derman.words.kinds import Channel, ContactOutcome, ReplyChannel
from derman.words.life import State, Verb

CALLED_BY = (Channel.PHONE, Channel.BRANCH, Channel.VISIT, Channel.LETTER)


class ContactForm(VerbForm):
    """An attempt to reach the applicant and what came of it (row E3)."""

    noun, verb = "contacts", Verb.CONTACT
    title, button = gettext_lazy("Call the applicant"), gettext_lazy("Log the call")
    icon, key, done = "phone", "c", gettext_lazy("The call was logged.")
    label = gettext_lazy("Call")

    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), widget=forms.RadioSelect)
    note = long_text(gettext_lazy("What was said"), rows=3, required=False)
    channel = forms.ChoiceField(label=gettext_lazy("How"), widget=forms.Select({"class": "w-20"}))

    def prepare(self) -> None:
        self.offer("channel", choices(Channel, CALLED_BY))
        self.offer("outcome", choices(ContactOutcome))
        self.initial.setdefault("channel", Channel.PHONE)

    def intro(self) -> str:
        promised_at = self.case.promised_at
        if promised_at is None or not self.case.is_open:
            return ""
        when = date_format(localtime(promised_at), "SHORT_DATETIME_FORMAT")
        return _(
            "We promised to come back by {date}. Reaching them on that day or later counts as that."
        ).format(date=when)

    @property
    def applicant(self) -> Applicant:
        """Whom to call: numbers in full, because this form is for calling them."""
        return Applicant(self.case, self.scene.user)

    def do(self, data: dict[str, Any]) -> object:
        outcome = ContactOutcome(data["outcome"])
        return actions.contact(
            self.case, channel=data["channel"], outcome=outcome, note=data["note"],
            **self.scene.given,
        )  # fmt: skip


class ReplyForm(VerbForm):
    """Words to the applicant; they leave after the undo window."""

    noun, verb = "replies", Verb.REPLY
    title, button = gettext_lazy("To the applicant"), gettext_lazy("Send to applicant")
    icon, key, composer, is_short = "send", "r", "to-applicant", True
    done = gettext_lazy("The answer is on its way.")
    has_preview = True

    channel = forms.ChoiceField(label=gettext_lazy("By"), required=False)
    text = long_text(
        gettext_lazy("Text to the applicant"), rows=3, prompt=gettext_lazy("Write to the applicant")
    )

    def prepare(self) -> None:
        self.offer("channel", choices(ReplyChannel, (ReplyChannel.SMS, ReplyChannel.EMAIL)))
        self.initial.setdefault("channel", self.case.reply_channel)

    def do(self, data: dict[str, Any]) -> object:
        return actions.reply(self.case, data["text"], channel=data["channel"], **self.scene.given)

    def previews(self) -> list[Message]:
        return previews.of(
            self.scene, EventType.REPLIED, self.typed("text"), reply_channel=self.typed("channel")
        )


class AskForm(VerbForm):
    """A question to the applicant; the resolve clock stands still until the answer."""

    noun, verb = "questions", Verb.ASK
    title, button = gettext_lazy("Ask the applicant"), gettext_lazy("Send the question")
    icon, done = "message-circle-question-mark", gettext_lazy("The question is on its way.")
    label = gettext_lazy("Ask")
    composer, has_preview = "to-applicant", True

    text = long_text(gettext_lazy("Question to the applicant"))

    def intro(self) -> str:
        days = self.scene.profile.profile.clocks.answer_by_applicant_days
        return _(
            "The resolve clock stands still until the answer comes, for at most {days} days."
        ).format(days=days)

    def do(self, data: dict[str, Any]) -> object:
        return actions.ask(self.case, data["text"], **self.scene.given)

    def previews(self) -> list[Message]:
        return previews.of(self.scene, EventType.ASKED, self.typed("text"))


class HearingForm(VerbForm):
    """What the applicant says: the answer we waited for, or more information."""

    noun, verb = "hearing", Verb.HEAR
    icon, done = "message-circle", gettext_lazy("What the applicant said was filed.")
    title, button = gettext_lazy("The applicant says"), gettext_lazy("File it")

    text = long_text(gettext_lazy("What the applicant says"))

    def intro(self) -> str:
        if self.case.state == State.AWAITING_APPLICANT:
            return _("This ends the waiting: the resolve clock runs again.")
        return _("This is added to the case; its state does not change.")

    def do(self, data: dict[str, Any]) -> object:
        return actions.hear(self.case, data["text"], **self.scene.given)


class PromiseForm(VerbForm):
    """The date on which we said we would come back; moving it needs a reason."""

    noun, verb = "promise", Verb.PROMISE
    title, button = gettext_lazy("Promise a date"), gettext_lazy("Promise and tell the applicant")
    icon, done = "calendar-clock", gettext_lazy("The date was promised.")

    due_at = MomentField(
        label=gettext_lazy("We come back by"),
        widget=forms.DateTimeInput({"type": "datetime-local", "class": "w-20"}, "%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    reason = long_text(gettext_lazy("Why the date moves"), rows=2)

    def prepare(self) -> None:
        if self.case.promised_at is None:
            del self.fields["reason"]

    def intro(self) -> str:
        if can_be_written_to(self.case.applicant.contact_points.all()):
            return ""
        return _("No message can reach the applicant: call and tell them the date yourself.")

    def do(self, data: dict[str, Any]) -> object:
        return actions.promise(
            self.case, data["due_at"], reason=data.get("reason", ""), **self.scene.given
        )


class NoteForm(VerbForm):
    """Words for colleagues; never sent."""

    noun, verb = "notes", Verb.NOTE
    title, button = gettext_lazy("Internal note"), gettext_lazy("Add note")
    icon, key, composer, is_short = "sticky-note", "i", "internal-note", True
    done = gettext_lazy("The note was added.")

    text = long_text(
        gettext_lazy("Note"), rows=3, prompt=gettext_lazy("Write down what colleagues should know")
    )

    def do(self, data: dict[str, Any]) -> object:
        return actions.note(self.case, data["text"], **self.scene.given)
