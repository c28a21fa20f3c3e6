"""Messages as they would be sent, before somebody decides; and texts that replies start from."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from derman.cases.models import Case
from derman.cases.permissions import is_concealed
from derman.desk.shown_people import Applicant, masked_address
from derman.lib import fill
from derman.outbox import expansion, wording
from derman.outbox.models import Message
from derman.profile import names
from derman.profile.parts import Text
from derman.profile.schema import ReplyTemplate
from derman.words.events import EventType
from derman.words.kinds import Language

if TYPE_CHECKING:
    from derman.desk.verbs.form import Scene

TO_APPLICANT = "applicant"


@dataclass(frozen=True)
class Starter:
    """A text of the profile, filled for this case."""

    key: str
    label: str
    text: str


def of(
    scene: "Scene", type_: EventType, text: str, *, decision: str = "", reply_channel: str = ""
) -> list[Message]:
    """What the applicant would be sent, with the address masked."""
    case = scene.case
    made = expansion.preview(
        case,
        type_,
        profile=scene.profile,
        at=scene.at,
        text=text,
        decision=decision,
        reply_channel=reply_channel or case.reply_channel,
        first_contact=case.first_contact,
    )
    return [shown(one, case, scene) for one in made if one.recipient == TO_APPLICANT]


def shown(message: Message, case: Case, scene: "Scene") -> Message:
    """A message fit for the page: masked, and silent about a secret reporter."""
    applicant = Applicant(case, scene.user)
    message.address = masked_address(message.channel, message.address)
    message.body = applicant.without_name(message.body)
    return message


def starters(scene: "Scene") -> list[Starter]:
    """The profile's reply texts that fit this case, in the applicant's language."""
    fitting = {
        key: one for key, one in scene.profile.profile.templates.items() if _fits(one, scene.case)
    }
    if not fitting:
        return []
    values = _values(scene)
    profile = scene.profile.profile
    return [
        Starter(
            key,
            profile.text(one.label, scene.labels.language),
            fill.fill(profile.text(one.text, scene.case.language), values),
        )
        for key, one in fitting.items()
    ]


def filled(scene: "Scene", text: Text, *, to_applicant: bool) -> str:
    """A text of the profile for this case: in the applicant's language, or in the house's."""
    profile = scene.profile.profile
    language = scene.case.language if to_applicant else profile.organisation.language
    return fill.fill(profile.text(text, language), _values(scene))


def _fits(template: ReplyTemplate, case: Case) -> bool:
    topics = template.topics
    about = any(case.topic == key or case.topic.startswith(f"{key}.") for key in topics)
    return (
        (not topics or about)
        and (not template.states or case.state in template.states)
        and (not template.channels or case.channel in template.channels)
    )


def _values(scene: "Scene") -> dict[str, str]:
    case, profile = scene.case, scene.profile.profile
    said = wording.Said(decision=case.decision, due_at=case.due_at, state=case.state)
    spoken = profile.organisation.languages
    language = Language(case.language) if case.language in spoken else profile.organisation.language
    values = wording.values_for(case, said, profile=profile, language=language, link="")
    if is_concealed(case, scene.user):
        values["name"] = Applicant(case, scene.user).greeting
    return {key: value for key, value in values.items() if key in names.TEMPLATE}
