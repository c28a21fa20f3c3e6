"""Forms of offers (rows G18, C11): made, answered on the phone, taken back; and what follows when
none was accepted, the letter that names bodies outside (row G19).
"""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from derman.cases import actions, letters
from derman.cases.models import Offer
from derman.desk.labels import choices
from derman.desk.verbs import previews
from derman.desk.verbs.form import Scene, VerbForm, long_text
from derman.desk.verbs.grounds import GROUNDS, GroundsForm
from derman.lib import letterpress
from derman.outbox.models import Message
from derman.people.reaching import can_be_written_to
from derman.words.events import EventType
from derman.words.kinds import SPOKEN, Channel
from derman.words.life import State, Verb
from derman.words.loop import OfferState

# Sections of the case page
OPEN_OFFER, ACCEPTED_OFFER, LAPSED_OFFER = "open_offer", "offer_accepted", "offer_lapsed"
HEARD_ON = (Channel.PHONE, Channel.BRANCH, Channel.EMAIL, Channel.LETTER)


class OfferForm(VerbForm):
    """A solution, told on the phone or by a link (row G18)."""

    noun, verb = "offers", Verb.OFFER
    title, button = gettext_lazy("Offer a solution"), gettext_lazy("Offer it")
    icon, done = "handshake", gettext_lazy("The solution is offered.")
    composer, has_preview = "to-applicant", True

    text = long_text(gettext_lazy("What you offer, as the applicant reads it"))
    channel = forms.ChoiceField(label=gettext_lazy("How the applicant hears of it"), required=False)
    compensation = forms.DecimalField(
        label=gettext_lazy("Compensation"),
        required=False,
        max_digits=12,
        decimal_places=2,
        widget=forms.NumberInput({"class": "w-10", "inputmode": "decimal"}),
    )

    @classmethod
    def fits(cls, scene: Scene) -> bool:
        return not scene.has(OPEN_OFFER)

    def prepare(self) -> None:
        by_link = ("", _("By a link in a message, to answer there"))
        self.offer("channel", [by_link, *choices(Channel, SPOKEN)])
        if not can_be_written_to(self.case.applicant.contact_points.all()):
            self.initial.setdefault("channel", Channel.PHONE)

    def intro(self) -> str:
        days = self.scene.profile.profile.clocks.offer_days
        return _(
            "The applicant may accept or refuse for {days} days. A refusal begins a new cycle, in "
            "which the same cannot be offered again."
        ).format(days=days)

    def do(self, data: dict[str, Any]) -> object:
        return actions.offer(
            self.case,
            data["text"],
            channel=data["channel"],
            compensation=data["compensation"],
            **self.scene.given,
        )

    @property
    def is_ready(self) -> bool:
        return super().is_ready and not self.typed("channel")

    def previews(self) -> list[Message]:
        return previews.of(self.scene, EventType.OFFERED, self.typed("text"))


class _OfOpenOffer(VerbForm):
    """A verb on the one offer of the case that is open."""

    @classmethod
    def fits(cls, scene: Scene) -> bool:
        return scene.has(OPEN_OFFER)

    def found(self) -> Offer:
        """The open offer; refused when somebody was faster."""
        offer = self.case.offers.filter(state=OfferState.OPEN).first()
        if offer is None:
            raise actions.CannotDo(_("This offer is not open any more."), code="offer_ended")
        offer.case = self.case
        return offer


class _Heard(_OfOpenOffer):
    """An answer that the applicant gave to somebody of ours."""

    channel = forms.ChoiceField(label=gettext_lazy("The applicant answered by"))

    def prepare(self) -> None:
        self.offer("channel", choices(Channel, HEARD_ON))
        self.initial.setdefault("channel", Channel.PHONE)


class AcceptanceForm(_Heard):
    noun, verb = "offer-acceptance", Verb.ACCEPT
    title, button = gettext_lazy("Offer accepted"), gettext_lazy("The applicant accepts")
    icon, done = "thumbs-up", gettext_lazy("The offer is accepted.")

    def intro(self) -> str:
        if self.case.state == State.RESOLVED:
            return _("This closes the case, unless an action is still missing.")
        return _("The case stays open until somebody concludes it with an outcome.")

    def do(self, data: dict[str, Any]) -> object:
        return actions.accept(self.found(), channel=data["channel"], **self.scene.given)


class RefusalForm(_Heard):
    noun, verb = "offer-refusal", Verb.REFUSE
    title, button = gettext_lazy("Offer refused"), gettext_lazy("The applicant refuses")
    icon, done = "thumbs-down", gettext_lazy("The offer is refused, a new cycle begins.")

    reason = long_text(gettext_lazy("Why it does not suit the applicant"), rows=3)

    def intro(self) -> str:
        return _("A new cycle begins with a clock of its own; open tasks are cancelled.")

    def do(self, data: dict[str, Any]) -> object:
        return actions.refuse(
            self.found(), data["reason"], channel=data["channel"], **self.scene.given
        )


class WithdrawalForm(_OfOpenOffer):
    noun, verb = "offer-withdrawal", Verb.OFFER
    title, button = gettext_lazy("Take the offer back"), gettext_lazy("Take it back")
    icon, done, is_danger = "undo-2", gettext_lazy("The offer is taken back."), True

    reason = long_text(gettext_lazy("Why it is taken back"), rows=2)

    def intro(self) -> str:
        return _("The link in the message opens nothing any more. Tell the applicant why.")

    def do(self, data: dict[str, Any]) -> object:
        return actions.withdraw_offer(self.found(), data["reason"], **self.scene.given)


class ExternalReferralForm(GroundsForm):
    """No solution suited the applicant: the letter that says where else to turn."""

    noun, verb = "external-referral", Verb.REFER_OUT
    title = gettext_lazy("Refer to bodies outside")
    button, label = gettext_lazy("Send the letter"), gettext_lazy("Refer outside")
    icon, done = "landmark", gettext_lazy("The letter is written.")
    composer, has_preview = "to-applicant", True

    text = long_text(gettext_lazy("What you examined, as the applicant reads it"))
    bodies = forms.MultipleChoiceField(
        label=gettext_lazy("Bodies that the letter names"), widget=forms.CheckboxSelectMultiple
    )

    @classmethod
    def fits(cls, scene: Scene) -> bool:
        is_due = scene.case.cycle > 1 and not scene.has(OPEN_OFFER)
        return is_due and not (
            scene.has("letters") and scene.case.letters.filter(cycle=scene.case.cycle).exists()
        )

    def prepare(self) -> None:
        super().prepare()
        profile, language = self.scene.profile.profile, self.scene.labels.language
        bodies = profile.external.bodies.items()
        self.offer(
            "bodies",
            [(key, profile.text(one.label, language)) for key, one in bodies if not one.retired],
        )
        self.initial.setdefault("bodies", letters.right_bodies(self.case, profile))
        if self.case.state == State.RESOLVED:
            for name in GROUNDS:
                self.fields.pop(name, None)

    def intro(self) -> str:
        return _(
            "For when every reasonable solution was refused. The case closes once the applicant "
            "was informed: by the message, or when somebody has posted the letter."
        )

    def do(self, data: dict[str, Any]) -> None:
        actions.refer_out(
            self.case,
            data["text"],
            data["bodies"],
            **{name: data[name] for name in GROUNDS if name in self.fields},
            **self.scene.given,
        )

    def previews(self) -> list[Message]:
        named = self["bodies"].value() or ()
        text = self.typed("text")
        letter = actions.letter_of(self.case, text, named, **self.scene.given)
        shown = Message(channel="letter", subject=letter.title, body=letterpress.plain(letter))
        decision = self.chosen("decision") if "decision" in self.fields else self.case.decision
        sent = previews.of(self.scene, EventType.REFERRED_EXTERNALLY, text, decision=decision)
        return [previews.shown(shown, self.case, self.scene), *sent]
