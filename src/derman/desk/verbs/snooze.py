"""Forms of laying a case aside and of taking it up again; and the moments that are proposed."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from derman.cases import actions
from derman.desk.days import MomentField
from derman.desk.labels import choices
from derman.desk.verbs.form import VerbForm, long_text
from derman.profile.calendars import DAYS
from derman.profile.schema import Profile
from derman.ui.templatetags.ui import on
from derman.words.kinds import SnoozeReason
from derman.words.life import Verb

MORNING = time(9)  # of a day on which the calendar names no beginning
LATER = timedelta(hours=3)
MOMENT = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
NAMED = "named"


def moments(profile: Profile, at: datetime) -> dict[str, datetime]:
    """Later today, tomorrow morning, next week: by the organisation's week, in its time zone."""
    now = timezone.localtime(at)
    later = (now + LATER).replace(minute=0, second=0, microsecond=0)
    tomorrow = now.date() + timedelta(days=1)
    monday = now.date() + timedelta(days=7 - now.weekday())
    found = {
        "later": later,
        "tomorrow": _morning(profile, tomorrow, now),
        "week": _morning(profile, monday, now),
    }
    if later.date() != now.date():
        del found["later"]
    return found


def _morning(profile: Profile, day: date, now: datetime) -> datetime:
    """When work begins on that day of the week."""
    intervals = profile.calendar.weekly.get(DAYS[day.weekday()], ())
    begins = intervals[0][0] if intervals else MORNING
    return datetime.combine(day, begins, tzinfo=now.tzinfo)


class SnoozeForm(VerbForm):
    """Out of the lists until a moment, with a reason."""

    noun, verb = "snooze", Verb.SNOOZE
    title, button = gettext_lazy("Lay aside"), gettext_lazy("Lay aside")
    icon, key, done = "alarm-clock", "z", gettext_lazy("The case is laid aside.")
    is_kept = False

    moment = forms.ChoiceField(label=gettext_lazy("Until when"), widget=forms.RadioSelect)
    until = MomentField(
        label=gettext_lazy("Day and time, if none of these"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local", "class": "w-20"}, "%Y-%m-%dT%H:%M"),
        input_formats=MOMENT,
    )
    reason = forms.ChoiceField(label=gettext_lazy("Why"), widget=forms.RadioSelect)
    note = long_text(gettext_lazy("Note for colleagues"), rows=2, required=False)

    def prepare(self) -> None:
        self.moments = moments(self.scene.profile.profile, self.scene.at)
        labels = {
            "later": _("Later today"),
            "tomorrow": _("Tomorrow morning"),
            "week": _("Next week"),
        }
        offered = [
            (key, f"{labels[key]} · {on(moment, 'planned')}")
            for key, moment in self.moments.items()
        ]
        self.offer("moment", [*offered, (NAMED, _("At a day and time"))])
        self.offer("reason", choices(SnoozeReason))

    def intro(self) -> str:
        return _(
            "The case leaves the lists of work and comes back by itself: at this moment, when the "
            "applicant or a unit answers, and at the latest when it is due or promised. Its clocks "
            "go on."
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("moment") == NAMED and not data.get("until") and "until" not in self.errors:
            self.add_error("until", _("Enter a day and a time."))
        return data

    def do(self, data: dict[str, Any]) -> object:
        until = self.moments.get(data["moment"]) or data["until"]
        reason = SnoozeReason(data["reason"])
        return actions.snooze(self.case, until, reason, note=data["note"], **self.scene.given)


class WakeForm(VerbForm):
    """Back into the lists now."""

    noun, verb = "wake", Verb.WAKE
    title, button = gettext_lazy("Take up again"), gettext_lazy("Take up again")
    icon, key, done = "alarm-clock-off", "z", gettext_lazy("The case is back in the lists.")

    def do(self, data: dict[str, Any]) -> object:
        return actions.wake(self.case, **self.scene.given)
