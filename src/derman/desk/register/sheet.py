"""What the call page shows beside what is typed: customer, earlier cases, what to tell."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.utils.translation import gettext as _

from derman.accounts import rights
from derman.cases import clocks
from derman.cases.models import Case
from derman.desk.customers import lookup
from derman.desk.customers.earlier_cases import earlier_cases
from derman.desk.customers.lookup import Asked, Candidate, Found
from derman.desk.frame import DeskRequest
from derman.desk.labels import Labels
from derman.desk.register.form import CORRECTIONS, OnFile, RegisterForm
from derman.lib import masks
from derman.lib.turkish import fold
from derman.people.models import Account, ContactKind
from derman.profile.schema import Line, Profile, Topic
from derman.words.kinds import Relation
from derman.words.life import Verb


@dataclass(frozen=True)
class Advice:
    """What the agent is told about the chosen topic (rows G6, G14)."""

    key: str
    topic: Topic
    script: str
    language: str
    unit: str
    unit_label: str
    due_at: datetime


@dataclass(frozen=True)
class Earlier:
    """A case of the same customer or account, and how near it is to this call."""

    case: Case
    topic: str
    is_same: bool
    ago: timedelta


@dataclass
class Sheet:
    """One call as it stands."""

    request: DeskRequest
    topic_key: str = ""
    region: str = ""
    language: str = ""
    picked: Candidate | None = None
    found: Found = field(default_factory=lambda: Found(Asked.NOTHING))
    is_emergency: bool = False

    @property
    def profile(self) -> Profile:
        return self.request.profile.profile

    @cached_property
    def labels(self) -> Labels:
        return Labels.for_reader(self.profile)

    @cached_property
    def advice(self) -> Advice | None:
        topic = self.profile.leaves().get(self.topic_key)
        if topic is None:
            return None
        region = self.region or (self._account.region if self._account else "")
        unit = topic.unit_for(region) or ""
        budget = clocks.resolve_budget(self.topic_key, self.profile)
        script = self.profile.text(topic.script, self.spoken) if topic.script else ""
        return Advice(
            key=self.topic_key,
            topic=topic,
            script=script,
            language=self.spoken,
            unit=unit,
            unit_label=self.labels.unit(unit) if unit else "",
            due_at=clocks.reckon(budget, self.request.at, self.profile).at,
        )

    @property
    def spoken(self) -> str:
        """The language in which the caller is told something."""
        return self.language or self.profile.organisation.language

    @property
    def choice(self) -> str:
        """The picked customer, signed for the browser."""
        return lookup.sign(self.picked, self.request.user) if self.picked else ""

    @property
    def own(self) -> str:
        """As what the picked customer speaks, when speaking for themselves."""
        return self.picked.relation if self.picked else Relation.HOLDER

    @property
    def own_label(self) -> str:
        if self.picked is None:
            return _("For themselves")
        return _(Relation(self.own).label) if self._account else _("The customer")

    @cached_property
    def masked(self) -> dict[str, str]:
        """How the picked customer can be reached, unreadable but recognisable."""
        if self.picked is None:
            return {}
        customer = self.picked.customer
        phone = lookup.value_of(customer, ContactKind.PHONE)
        email = lookup.value_of(customer, ContactKind.EMAIL)
        return {
            "phone": masks.mask_phone(phone) if phone else "",
            "ends": phone[-2:],
            "email": masks.mask_email(email) if email else "",
            "tckn": masks.mask_tckn(customer.tckn) if customer.tckn else "",
        }

    @cached_property
    def on_file(self) -> OnFile | None:
        """What a correction is compared with; None where the file must not be changed."""
        if self.picked is None or not self.may_correct:
            return None
        customer = self.picked.customer
        values = {
            "name": customer.name,
            "tckn": customer.tckn or "",
            "phone": lookup.value_of(customer, ContactKind.PHONE),
            "email": lookup.value_of(customer, ContactKind.EMAIL),
            "address": lookup.address_of(customer),
        }
        return OnFile(values, (self.own, Relation.REPRESENTATIVE))

    @property
    def compared(self) -> list[tuple[str, bool]]:
        """Each thing the caller gave, and whether the file says the same (row G10)."""
        if self.on_file is None:
            return []
        said = {field: self.request.POST.get(name, "") for name, field in CORRECTIONS.items()}
        return [
            (
                str(RegisterForm.base_fields[f"file_{field}"].label),
                not self.on_file.differs(field, text),
            )
            for field, text in said.items()
            if text.strip()
        ]

    @property
    def accounts(self) -> list[tuple[str, str]]:
        """What the picked customer holds, to choose from."""
        if self.picked is None:
            return []
        held = [one.account for one in lookup.accounts_of(self.picked.customer)]
        if self._account and self._account not in held:
            held.append(self._account)
        return [(account.number, f"{account.number} · {account.address}") for account in held]

    @property
    def candidates(self) -> list[tuple[str, Candidate]]:
        user = self.request.user
        return [(lookup.sign(one, user), one) for one in self.found.candidates]

    @cached_property
    def earlier(self) -> list[Earlier]:
        """The last cases of the customer and the account, as far as the user may see them."""
        if self.picked is None or not rights.may(self.request.user, Verb.READ):
            return []
        return [self._near(case) for case in earlier_cases(self.request, self.picked)]

    @property
    def same_topic(self) -> Earlier | None:
        return next((one for one in self.earlier if one.is_same), None)

    @property
    def register_label(self) -> str:
        """What pressing the button will do, as the profile says."""
        process = self.profile.process
        if self.advice is None:
            return _("Register")
        if self.advice.topic.emergency:
            return _("Register and alert: %(unit)s") % {"unit": self.emergency_unit}
        if process.refers == "itself" and self.advice.unit:
            return _("Register and refer: %(unit)s") % {"unit": self.advice.unit_label}
        if process.refers == "front_line":
            return _("Register and keep: %(unit)s") % {"unit": self.labels.unit(process.front_line)}
        return _("Register and pass on: %(unit)s") % {"unit": self.labels.unit(process.owner)}

    @property
    def emergency_unit(self) -> str:
        unit = self.advice.unit if self.advice else ""
        return self.labels.unit(unit or self.profile.process.emergency_unit)

    @property
    def emergency_line(self) -> Line:
        return self.profile.organisation.lines[self.profile.process.emergency_line]

    @property
    def emergency_topics(self) -> list[tuple[str, str]]:
        return [
            (key, self.labels.topic(key))
            for key, topic in self.profile.leaves().items()
            if topic.emergency and not topic.retired
        ]

    @cached_property
    def alarm_words(self) -> list[str]:
        """What people say in an emergency, folded: the words of its topics."""
        topics = [topic for topic in self.profile.leaves().values() if topic.emergency]
        return sorted({fold(words) for topic in topics for words in topic.words})

    def alarm_in(self, text: str) -> str:
        """The first words of an emergency in the text, or nothing."""
        said = " " + " ".join(re.findall(r"\w+", fold(text)))
        return next((words for words in self.alarm_words if f" {words}" in said), "")

    @property
    def may_answer(self) -> bool:
        return rights.may(self.request.user, Verb.ANSWER_AT_ONCE)

    @property
    def may_correct(self) -> bool:
        return self.picked is not None and rights.may(self.request.user, Verb.CORRECT)

    @property
    def _account(self) -> Account | None:
        return self.picked.account if self.picked else None

    def _near(self, case: Case) -> Earlier:
        is_same = bool(self.topic_key) and case.topic == self.topic_key
        ago = self.request.at - case.received_at
        return Earlier(case, self.labels.topic(case.topic), is_same, ago)
