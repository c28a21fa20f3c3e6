"""What is wrong with the survey of a profile: nobody would be asked, or too late."""

from collections.abc import Iterator

from derman.lib import fill
from derman.profile.errors import Finding, say
from derman.profile.hints import unknown
from derman.profile.schema import Profile
from derman.words.events import EventType
from derman.words.marks import gettext_noop as _


def survey(profile: Profile) -> Iterator[Finding]:
    """Whoever is asked gets a message with a link, before the case closes by itself."""
    rules = profile.survey
    key = rules.called_by
    if key is not None:
        path = ("survey", "called_by")
        if key not in profile.units:
            yield Finding(path, unknown("unit", key, profile.units))
        elif profile.units[key].retired:
            yield Finding(path, say(_("the unit {key} is retired"), key=key))
    if not rules.asks:
        return
    if rules.wait_hours >= profile.clocks.closing_window_days * 24:
        message = _("the case closes by itself before the applicant is asked")
        yield Finding(("survey", "wait_hours"), message)
    yield from _asking(profile)


def _asking(profile: Profile) -> Iterator[Finding]:
    asking = [
        (index, notice)
        for index, notice in enumerate(profile.notices)
        if notice.on == EventType.SURVEY_ASKED and notice.to == "applicant"
    ]
    if not asking:
        message = say(_("no notice on {event} asks the applicant"), event=EventType.SURVEY_ASKED)
        yield Finding(("survey", "asks"), message)
    for index, notice in asking:
        for wire, key in notice.send.items():
            texts = profile.messages.get(key, {}).values()
            if any("link" not in fill.names_in(text.text) for text in texts):
                path = ("notices", index, "send", wire)
                yield Finding(path, _("a message that asks must hold {{ link }}"))
