"""The form of a call. It asks for much and insists on little: only a topic and what happened.

What looks wrong (an identity number that is none, an account nobody knows) is said once, at its
field; sent again unchanged it is taken as it is, because no complaint fails over a number (G8).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from django import forms
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from derman.desk.labels import Labels
from derman.desk.verbs.grounds import reasons
from derman.lib import identifiers, special_categories
from derman.people import matching
from derman.profile.rules import FormField
from derman.profile.schema import Profile, Topic
from derman.ui.forms import Combobox, DigitsInput, PhoneInput
from derman.words.kinds import Channel, Decision, Kind, Language, Relation, ReplyChannel, Word

LONGEST_TEXT = 100_000
SPEAKERS = (
    Relation.HOLDER,
    Relation.REPRESENTATIVE,
    Relation.TENANT,
    Relation.RELATIVE,
    Relation.THIRD_PARTY,
)
# What a verified speaker may correct: the form's field and what it is called in the file.
CORRECTIONS = {
    "file_name": "name",
    "file_phone": "phone",
    "file_tckn": "tckn",
    "file_email": "email",
    "file_address": "address",
}


@dataclass(frozen=True)
class OnFile:
    """What the file says of the picked customer, and who may have it changed."""

    values: dict[str, str]
    verifiable: tuple[str, ...]

    def differs(self, field: str, said: str) -> bool:
        """Whether what the caller says is something else than what is on file (row G10)."""
        return bool(said.strip()) and _normal(field, said) != _normal(field, self.values[field])


class TopicBox(Combobox):
    """The topics by main topic; typing finds them by what people call them, too."""

    def __init__(self, words: dict[str, str] | None = None) -> None:
        super().__init__()
        self.words = words or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if words := self.words.get(str(value)):
            option["attrs"]["data-words"] = words
        return option


def _short(label: Any, longest: int, widget: forms.Widget | None = None) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=False, widget=widget)


def _long(label: Any, *, rows: int, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST_TEXT,
        required=required,
        strip=False,
        widget=forms.Textarea({"rows": rows}),
        error_messages={
            "required": gettext_lazy("Write in a few words what happened."),
            "max_length": gettext_lazy("Shorten the text to at most 100,000 characters."),
            "null_characters_not_allowed": gettext_lazy("Remove the character NUL from the text."),
        },
    )


class RegisterForm(forms.Form):
    """Field names are those of the API; `file_…` corrects what is on file."""

    required_css_class = "required"

    lookup = _short(gettext_lazy("Account, identity number, phone or name"), 200)
    relation = forms.ChoiceField(
        label=gettext_lazy("Speaking"), required=False, widget=forms.RadioSelect
    )
    name = _short(gettext_lazy("Name of the caller"), 200)
    phone = _short(gettext_lazy("Phone"), 80, PhoneInput({"autocomplete": "off"}))
    email = _short(gettext_lazy("E-mail"), 254, forms.TextInput({"inputmode": "email"}))
    tckn = _short(gettext_lazy("Identity number (TCKN)"), 20, DigitsInput({"class": "w-20"}))
    account_number = _short(gettext_lazy("Account number"), 40, DigitsInput({"class": "w-20"}))
    read_back = forms.BooleanField(
        label=gettext_lazy("Name and address read back and confirmed"), required=False
    )
    file_name = _short(gettext_lazy("Name"), 200)
    file_phone = _short(gettext_lazy("Phone"), 80, PhoneInput({"autocomplete": "off"}))
    file_tckn = _short(gettext_lazy("Identity number (TCKN)"), 20, DigitsInput())
    file_email = _short(gettext_lazy("E-mail"), 254, forms.TextInput({"inputmode": "email"}))
    file_address = _short(gettext_lazy("Address"), 400)

    topic = forms.ChoiceField(
        label=gettext_lazy("Topic"),
        error_messages={
            "required": gettext_lazy("Choose a topic."),
            "invalid_choice": gettext_lazy("Choose a topic from the list."),
        },
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    description = _long(gettext_lazy("What happened?"), rows=4, required=True)
    proposal = _long(gettext_lazy("What would put it right?"), rows=2)
    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)
    place = _short(gettext_lazy("Place, if not the address"), 400)
    secret_reporter = forms.BooleanField(
        label=gettext_lazy("Keep the caller's name secret"), required=False
    )

    reply_channel = forms.ChoiceField(
        label=gettext_lazy("Answer by"), required=False, widget=forms.RadioSelect
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the answer"))
    channel = forms.ChoiceField(label=gettext_lazy("Came in by"))
    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"), required=False, widget=forms.RadioSelect
    )
    reason_code = forms.ChoiceField(label=pgettext_lazy("of a decision", "Reason"), required=False)
    text = _long(gettext_lazy("Answer given"), rows=3)
    evidence = _long(gettext_lazy("What the decision rests on"), rows=2)

    def __init__(
        self,
        *args: Any,
        profile: Profile,
        accepted: str = "",
        answers: bool = False,
        insists: bool = True,
        on_file: OnFile | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.profile = profile
        self.accepted = frozenset(accepted.split("|")) - {""}
        self.warned: list[str] = []
        self.answers = answers
        self.on_file = on_file
        self.insists = insists  # False in an emergency: nothing is asked back
        self._fit(profile)
        for name, choices in _choices(profile).items():
            if name not in self.fields:
                continue
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker)
            if name == "topic":
                field.widget = TopicBox(_words(profile))
            field.choices = choices

    def _fit(self, profile: Profile) -> None:
        """Call the number what this organisation calls it; no identity number where none is asked.

        Whoever is looked up by one is still found. A reason is asked where staff owe one.
        """
        if profile.forms.account:
            number = Labels.for_reader(profile).account_number
            self.fields["account_number"].label = number
            self.fields["lookup"].label = _("{number}, phone or name").format(number=number)
        if "tckn" not in {*profile.forms.with_account, *profile.forms.without_account}:
            del self.fields["tckn"], self.fields["file_tckn"]
        if not profile.decisions.asks_reason:
            del self.fields["reason_code"], self.fields["evidence"]

    def clean(self) -> dict[str, Any]:
        """What has to be right, then what is only asked about once."""
        data = self.cleaned_data
        self._check_answer(data)
        self._check_corrections(data)
        for name in ("tckn", "file_tckn"):
            if data.get(name) and identifiers.read_tckn(data[name]) is None:
                self.warn(name, data[name], _("This is not a valid identity number."))
        self._warn_of_special_categories(data)
        return data

    def warn(self, name: str, about: str, message: str) -> None:
        """Ask about a field once; the same again is taken as meant."""
        if not self.insists:
            return
        code = f"{name}:{hash_of(about)}"
        self.warned.append(code)
        if code not in self.accepted:
            again = _("Register again to keep it as it is.")
            self.add_error(name, f"{message} {again}")

    def warn_by_hand(self) -> None:
        """For a caller who was not picked from the file: what the profile asks for (row G8)."""
        data = self.cleaned_data
        number = data.get("account_number", "")
        if number and matching.find_account(number) is None:
            self.warn("account_number", number, _("No account on file has this number."))
        wanted = self.profile.forms.with_account if number else self.profile.forms.without_account
        for name in _asked_for(wanted):
            if name in data and not data[name]:
                self.warn(name, "", _("Please ask for this."))

    def corrections(self) -> dict[str, str]:
        """What a verified speaker said is different from the file."""
        if self.on_file is None:
            return {}
        return {
            field: said
            for name, field in CORRECTIONS.items()
            if self.on_file.differs(field, said := self.cleaned_data.get(name, ""))
        }

    def _check_answer(self, data: dict[str, Any]) -> None:
        if not self.answers:
            if data.get("text", "").strip():
                message = _("An answer stands here. Register as answered, or clear it.")
                self.add_error("text", message)
            return
        if "text" in data and not data["text"].strip():
            self.add_error("text", _("Enter the answer that the caller was given."))
        if "decision" in data and not data["decision"]:
            self.add_error("decision", _("Choose a decision."))

    def _check_corrections(self, data: dict[str, Any]) -> None:
        if not self.corrections():
            return
        if self.on_file and data.get("relation") not in ("", *self.on_file.verifiable):
            message = _("Only the customer or a representative can have the file changed.")
            self.add_error("relation", message)
        if not data.get("read_back"):
            message = _("Read name and address back first: only a verified speaker changes them.")
            self.add_error("read_back", message)

    def _warn_of_special_categories(self, data: dict[str, Any]) -> None:
        language = data.get("language") or Language.TURKISH
        for name in ("description", "proposal"):
            text = data.get(name, "")
            hits = special_categories.find(text, language)
            if hits:
                words = ", ".join(dict.fromkeys(text[hit.start : hit.end] for hit in hits[:3]))
                message = _("“%(words)s” may tell something very private. Needed for the matter?")
                self.warn(name, words, message % {"words": words})


def typed(data: Any) -> dict[str, Any]:
    """What was typed, to show it again without judging it."""
    return {name: data.get(name, "") for name in RegisterForm.base_fields}


def hash_of(text: str) -> str:
    """A short mark of a text, so that what was accepted is this and nothing else."""
    return format(crc32(text.encode()), "x")


def _normal(field: str, value: str) -> str:
    if field == "phone":
        return identifiers.parse_phone(value).key if value.strip() else ""
    if field == "email":
        return identifiers.normalise_email(value)
    return "".join(value.split()) if field == "tckn" else " ".join(value.split())


def _asked_for(wanted: tuple[FormField, ...]) -> Iterator[str]:
    known = ("name", "phone", "tckn", "email", "account_number")
    return (name for name in wanted if name in known)


def _choices(profile: Profile) -> dict[str, list[tuple[str, Any]]]:
    organisation, language = profile.organisation, get_language() or "tr"
    regions = [
        (key, profile.text(region.label, language))
        for key, region in organisation.regions.items()
        if not region.retired
    ]
    return {
        "relation": _labelled(SPEAKERS),
        "topic": [("", ""), *_topics(profile, language)],
        "kind": [("", _("As the topic says")), *_labelled(Kind)],
        "region": [("", _("Not said")), *regions],
        "reply_channel": _labelled(ReplyChannel),
        "language": [
            (key, label) for key, label in _labelled(Language) if key in organisation.languages
        ],
        "channel": [
            (key, label)
            for key, label in _labelled(Channel)
            if (setting := profile.channels.get(Channel(key))) and setting.enabled
        ],
        "decision": _labelled(Decision),
        "reason_code": [("", "—"), *reasons(profile, Labels.for_reader(profile), None)],
    }


def _labelled(words: Any) -> list[tuple[str, str]]:
    return [(str(word), _(word.label)) for word in words if isinstance(word, Word)]


def _topics(profile: Profile, language: str) -> Iterator[tuple[str, Any]]:
    """Grouped by main topic; retired ones are left out."""
    for key, topic in profile.topics.items():
        label = profile.text(topic.label, language)
        if not topic.children:
            if not topic.retired:
                yield key, label
            continue
        leaves = [
            (f"{key}.{path}", profile.text(leaf.label, language))
            for path, leaf in _leaves(topic)
            if not leaf.retired
        ]
        if leaves and not topic.retired:
            yield label, leaves


def _leaves(topic: Topic) -> Iterator[tuple[str, Topic]]:
    for key, child in topic.children.items():
        if not child.children:
            yield key, child
        else:
            yield from ((f"{key}.{path}", leaf) for path, leaf in _leaves(child))


def _words(profile: Profile) -> dict[str, str]:
    return {key: " ".join(topic.words) for key, topic in profile.leaves().items() if topic.words}
