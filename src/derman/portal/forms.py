"""The questions of a report. What is missing or odd is asked about once and then taken as given."""

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator, validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from derman.lib.identifiers import is_tckn, normalise_email, read_tckn
from derman.portal import topics
from derman.portal.doubts import Doubt, about_text
from derman.portal.draft import Draft
from derman.profile.schema import Profile
from derman.ui.forms import Combobox, DigitsInput, PhoneInput
from derman.words.kinds import Language, Relation, ReplyChannel

LONGEST = 100_000
TOO_LONG = gettext_lazy("Shorten the text to at most 100,000 characters.")


def text_field(label: Any, *, required: bool, missing: Any = "", **attrs: str) -> forms.CharField:
    """A longer text, kept to the letter; no limit in the browser, which would cut it silently."""
    return forms.CharField(
        label=label,
        required=required,
        strip=False,
        widget=forms.Textarea({"rows": 8, **attrs}),
        validators=[MaxLengthValidator(LONGEST, TOO_LONG), _not_blank if required else _anything],
        error_messages={"required": missing} if missing else None,
    )


def _not_blank(text: str) -> None:
    if not text.strip():
        raise forms.ValidationError(_("Enter a text."), code="required")


def _anything(text: str) -> None:
    """An optional text may be blank."""


class Question(forms.Form):
    """One page of the report. `asked_again` names the doubts that this answer raised."""

    def __init__(
        self, *args: Any, draft: Draft, profile: Profile, language: Language, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft
        self.profile = profile
        self.language = language
        self.asked_again = ""
        self.prepare()

    def prepare(self) -> None:
        """Fit the fields to the organisation; called once the form knows it."""

    def doubts(self, data: dict[str, Any]) -> Iterator[Doubt]:
        """What to ask about once."""
        return iter(())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        doubts = list(self.doubts(data))
        codes = {doubt.code for doubt in doubts}
        if codes - set(self.data.get("anyway", "").split()):
            self.asked_again = " ".join(sorted(codes))
            for doubt in doubts:
                self.add_error(doubt.field, doubt.message)
        return data


class EmergencyForm(Question):
    emergency = forms.ChoiceField(
        label=gettext_lazy("Is it an emergency?"),
        choices=[("yes", gettext_lazy("Yes, there is danger")), ("no", gettext_lazy("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose yes or no.")},
    )


class TopicForm(Question):
    topic = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        error_messages={
            "required": gettext_lazy("Choose a topic from the list."),
            "invalid_choice": gettext_lazy("Choose a topic from the list."),
        },
    )

    def prepare(self) -> None:
        groups = topics.offered(self.profile, self.language)
        words = {leaf.key: leaf.words for group in groups for leaf in group.leaves}
        grouped = [(g.label, [(leaf.key, leaf.label) for leaf in g.leaves]) for g in groups]
        self.fields["topic"].widget = TopicSelect(words)
        self.fields["topic"].choices = [("", ""), *grouped]  # type: ignore[attr-defined]


class TopicSelect(Combobox):
    """Lets topics be found by the other words that people use for them."""

    def __init__(self, words: dict[str, tuple[str, ...]]) -> None:
        super().__init__()
        self.words = words

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        words = self.words.get(str(option["value"]), ())
        if words:
            option["attrs"]["data-words"] = " ".join(words)
        return option


class PlaceForm(Question):
    region = forms.ChoiceField(label=gettext_lazy("District"), required=False)
    place = forms.CharField(
        label=gettext_lazy("Address or place"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("Street and number, or what stands nearby."),
        widget=forms.TextInput({"autocomplete": "street-address"}),
    )

    def prepare(self) -> None:
        regions = self.profile.organisation.regions.items()
        known = [
            (k, self.profile.text(r.label, self.language)) for k, r in regions if not r.retired
        ]
        self.fields["region"].choices = [("", _("I do not know")), *known]  # type: ignore[attr-defined]
        if not known:
            del self.fields["region"]


class DescriptionForm(Question):
    description = text_field(
        gettext_lazy("What happened?"),
        required=True,
        missing=gettext_lazy("Write what happened."),
        **{"data-counter": "description-length"},
    )

    def doubts(self, data: dict[str, Any]) -> Iterator[Doubt]:
        text = data.get("description", "")
        return about_text("description", text, profile=self.profile, language=self.language)


class ProposalForm(Question):
    proposal = text_field(gettext_lazy("What would put it right?"), required=False)

    def doubts(self, data: dict[str, Any]) -> Iterator[Doubt]:
        text = data.get("proposal", "")
        return about_text("proposal", text, profile=self.profile, language=self.language)


class SecrecyForm(Question):
    secret_reporter = forms.ChoiceField(
        label=gettext_lazy("Should we keep your name secret?"),
        choices=[
            ("yes", gettext_lazy("Yes, keep it secret")),
            ("no", gettext_lazy("No, it may be known")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose yes or no.")},
    )


class ContactForm(Question):
    name = forms.CharField(
        label=gettext_lazy("Name and surname"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("Write it as you are used to."),
        widget=PhoneInput(),
    )
    email = forms.CharField(
        label=gettext_lazy("E-mail"),
        required=False,
        max_length=254,
        widget=forms.TextInput(
            {"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}
        ),
    )

    def doubts(self, data: dict[str, Any]) -> Iterator[Doubt]:
        if data.get("email") and not _holds(validate_email, normalise_email(data["email"])):
            said = _("This does not look like an e-mail address, such as ad@ornek.com.")
            yield Doubt("email", "email", said)
        if is_secret(self.draft, self.profile):
            return
        asked = self.profile.forms.without_account
        if not data.get("name") and "name" in asked:
            yield Doubt("name", "name", _("Enter your name, so that we know whom to speak to."))
        if not data.get("phone") and not data.get("email"):
            said = _("Enter a phone number or an e-mail address. Without one we cannot tell you.")
            yield Doubt("phone", "reach", said)


class AccountForm(Question):
    account_number = forms.CharField(
        label=gettext_lazy("Contract account number"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("It stands on your bill. Leave it empty if you have none."),
        widget=DigitsInput({"class": "w-20"}),
    )
    tckn = forms.CharField(
        label=gettext_lazy("Identity number"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Eleven digits. We use it to find your contract."),
        widget=DigitsInput({"class": "w-20"}),
    )
    relation = forms.ChoiceField(
        label=gettext_lazy("Whose account is it?"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (Relation.HOLDER, gettext_lazy("Mine")),
            (Relation.TENANT, gettext_lazy("I live there as a tenant")),
            (Relation.REPRESENTATIVE, gettext_lazy("I act for the holder")),
            (Relation.RELATIVE, gettext_lazy("A relative's")),
            (Relation.OTHER, gettext_lazy("Somebody else's, or none")),
        ],
    )

    def prepare(self) -> None:
        """Call the number what this organisation calls it; ask for nothing that it does not."""
        asked = {*self.profile.forms.with_account, *self.profile.forms.without_account}
        for name in {"tckn", "relation"} - asked:
            del self.fields[name]
        if words := self.profile.forms.account:
            number = self.fields["account_number"]
            number.label = self.profile.text(words.label, self.language)
            number.help_text = self.profile.text(words.help, self.language)

    @property
    def heading(self) -> str:
        """What the page asks."""
        words = self.profile.forms.account
        if words is None:
            return _("Which account is it about?")
        return self.profile.text(words.question, self.language)

    def clean_tckn(self) -> str:
        typed = self.cleaned_data["tckn"]
        return read_tckn(typed) or typed

    def doubts(self, data: dict[str, Any]) -> Iterator[Doubt]:
        tckn = data.get("tckn", "")
        if tckn and not is_tckn(tckn):
            said = _("Check the identity number: it has eleven digits, and these do not fit.")
            yield Doubt("tckn", "tckn", said)
        set_of = self.profile.forms
        asked = set_of.with_account if data.get("account_number") else set_of.without_account
        if not tckn and "tckn" in asked:
            said = _("Enter your identity number, so that we find your contract faster.")
            yield Doubt("tckn", "no_tckn", said)


class ReplyForm(Question):
    reply_channel = forms.ChoiceField(
        label=gettext_lazy("How may we answer you?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how we may answer you.")},
    )

    def prepare(self) -> None:
        labels = {
            ReplyChannel.PHONE: _("By phone call"),
            ReplyChannel.SMS: _("By text message"),
            ReplyChannel.EMAIL: _("By e-mail"),
        }
        ways = [(way, labels[way]) for way in ways_to_answer(self.draft)]
        self.fields["reply_channel"].choices = ways  # type: ignore[attr-defined]


def ways_to_answer(draft: Draft) -> list[ReplyChannel]:
    """How we could answer, from what was given."""
    by_phone = [ReplyChannel.PHONE, ReplyChannel.SMS] if draft.get("phone").strip() else []
    return by_phone + ([ReplyChannel.EMAIL] if draft.get("email").strip() else [])


def is_secret(draft: Draft, profile: Profile) -> bool:
    """Whether the reporter asked for secrecy, on a topic that allows it."""
    topic = topics.find_offered(draft.get("topic"), profile)
    allowed = topic is not None and topic.secret_reporter
    return allowed and draft.get("secret_reporter") == "yes"


def _holds(check: Callable[[str], None], value: str) -> bool:
    try:
        check(value)
    except forms.ValidationError:
        return False
    return True
