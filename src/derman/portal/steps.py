"""The pages of a report in their order, and which of them a report needs."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from derman.portal import forms, topics
from derman.portal.draft import Draft
from derman.profile.schema import Profile


def _always(draft: Draft, profile: Profile) -> bool:
    return True


def _may_be_secret(draft: Draft, profile: Profile) -> bool:
    topic = topics.find_offered(draft.get("topic"), profile)
    return topic is not None and topic.secret_reporter


def _not_secret(draft: Draft, profile: Profile) -> bool:
    return not forms.is_secret(draft, profile)


def _takes_emergencies(draft: Draft, profile: Profile) -> bool:
    return bool(topics.emergencies(profile))


def _can_be_answered(draft: Draft, profile: Profile) -> bool:
    return bool(forms.ways_to_answer(draft))


@dataclass(frozen=True)
class Step:
    """One page; `form` None has a view of its own."""

    key: str
    form: type[forms.Question] | None
    applies: Callable[[Draft, Profile], bool] = _always

    @property
    def url(self) -> str:
        if self.key == "emergency":
            return reverse("portal:report")
        return reverse("portal:step", args=[self.key])


STEPS = (
    Step("emergency", forms.EmergencyForm, _takes_emergencies),
    Step("topic", forms.TopicForm),
    Step("place", forms.PlaceForm),
    Step("description", forms.DescriptionForm),
    Step("proposal", forms.ProposalForm),
    Step("attachments", None),
    Step("secrecy", forms.SecrecyForm, _may_be_secret),
    Step("contact", forms.ContactForm),
    Step("account", forms.AccountForm, _not_secret),
    Step("reply", forms.ReplyForm, _can_be_answered),
)


def find(key: str) -> Step | None:
    return next((step for step in STEPS if step.key == key), None)


def needed(draft: Draft, profile: Profile) -> list[Step]:
    """The pages of this report."""
    return [step for step in STEPS if step.applies(draft, profile)]


def next_open(draft: Draft, profile: Profile) -> Step | None:
    """The first page that has no answer yet; None when all have."""
    return next((step for step in needed(draft, profile) if step.key not in draft.done), None)


def is_reached(step: Step, draft: Draft, profile: Profile) -> bool:
    """Whether everything before this page was answered."""
    still_open = next_open(draft, profile)
    if still_open is None or step.key in draft.done:
        return True
    order = [one.key for one in STEPS]
    return order.index(step.key) <= order.index(still_open.key)


def before(step: Step | None, draft: Draft, profile: Profile) -> str:
    """The address of the page before; of the first page, home. None is the last page."""
    pages = needed(draft, profile)
    keys = [one.key for one in pages]
    place = keys.index(step.key) if step and step.key in keys else len(pages)
    return pages[place - 1].url if place else reverse("portal:home")
