"""Forms of a visit on site: planned in a free slot, moved, called off."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from derman.cases.permissions import is_concealed
from derman.desk.shown_people import Applicant
from derman.desk.verbs.form import Scene, VerbForm, long_text
from derman.lib.masks import mask_in_text
from derman.people.models import ContactKind
from derman.ui.templatetags.ui import on
from derman.visits import planning, slots
from derman.visits.models import FieldVisit
from derman.visits.slots import Slot
from derman.words.life import Verb

AHEAD, MADE = "visit_ahead", "visits_made"  # sections of the case page


class VisitForm(VerbForm):
    """A form that chooses among the free slots of all teams."""

    verb = Verb.PLAN_VISIT
    from_address = ("slot",)

    def offer_slots(self) -> None:
        """Every slot with a free place, by team; the team that was asked stands first."""
        profile = self.scene.profile.profile
        asked = {task.unit for task in self.scene.open_tasks}
        groups: dict[str, list[tuple[str, str]]] = {}
        for slot in slots.offered(profile, self.scene.at):
            if slot.free:  # the list, once closed, shows no headings: a line names its team, too
                label = f"{slot_label(slot)} · {self.scene.labels.unit(slot.unit)}"
                groups.setdefault(slot.unit, []).append((slot.key, label))
        order = sorted(groups, key=lambda unit: unit not in asked)
        labelled = [(self.scene.labels.unit(unit), groups[unit]) for unit in order]
        self.offer("slot", [("", ""), *labelled])
        week = f"{reverse('desk:visits')}?{urlencode({'case': self.case.number})}"
        self.fields["slot"].help_text = format_html(
            '<a href="{}">{}</a>', week, _("See the week of all teams")
        )


class PlanVisitForm(VisitForm):
    """Somebody comes and looks (row P6)."""

    noun = "visit"
    title, button = gettext_lazy("Plan a visit"), gettext_lazy("Plan and tell the applicant")
    icon, done = "map-pin", gettext_lazy("The visit is planned.")

    slot = forms.ChoiceField(label=gettext_lazy("Team and time"))
    address = forms.CharField(
        label=gettext_lazy("Address"), max_length=planning.LONGEST_ADDRESS, strip=True
    )
    purpose = long_text(gettext_lazy("What to look at"), rows=3)
    agreed = forms.BooleanField(
        label=gettext_lazy("I agreed this time with the applicant by phone"), required=False
    )

    @classmethod
    def fits(cls, scene: Scene) -> bool:
        return bool(scene.profile.profile.visits.teams) and not scene.has(AHEAD)

    def prepare(self) -> None:
        self.offer_slots()
        self.initial.setdefault("address", self._address())
        questions = [task.question for task in self.scene.open_tasks if task.question]
        said = mask_in_text(questions[0]) if questions else ""
        self.initial.setdefault("purpose", Applicant(self.case, self.scene.user).without_name(said))
        self.times_missed = planning.misses(self.case) if self.scene.has(MADE) else 0
        if self.times_missed < self.scene.profile.profile.visits.misses:
            del self.fields["agreed"]

    def intro(self) -> str:
        told = _("The applicant is told the date and the time at once.")
        if not self.times_missed:
            return told
        missed = ngettext(
            "Nobody was met at the last visit.",
            "Nobody was met at the last %(count)s visits.",
            self.times_missed,
        ) % {"count": self.times_missed}
        return f"{missed} {told}"

    def do(self, data: dict[str, Any]) -> object:
        return planning.plan(
            self.case, data["slot"], address=data["address"], purpose=data["purpose"],
            agreed=data.get("agreed", False), **self.scene.given,
        )  # fmt: skip

    def _address(self) -> str:
        """Where it probably is: the place that was named, the account, else where they live."""
        case = self.case
        if case.place or is_concealed(case, self.scene.user):
            return case.place
        if case.account and case.account.address:
            return case.account.address
        points = case.applicant.contact_points.all()
        homes = [p for p in points if p.kind == ContactKind.ADDRESS and p.ended_at is None]
        return homes[0].address if homes else ""


class AheadForm(VisitForm):
    """A form about the visit that is still to come."""

    @classmethod
    def fits(cls, scene: Scene) -> bool:
        return scene.has(AHEAD)

    @property
    def visit(self) -> FieldVisit:
        found = planning.ahead(self.case)
        if found is None:
            raise planning.CannotDo(_("No visit is planned any more."), code="not_planned")
        found.case = self.case
        return found


class MoveVisitForm(AheadForm):
    """Another time, with a reason."""

    noun = "visit-time"
    title, button = gettext_lazy("Move the visit"), gettext_lazy("Move and tell the applicant")
    icon, done = "calendar-clock", gettext_lazy("The visit has another time.")

    slot = forms.ChoiceField(label=gettext_lazy("New team and time"))
    reason = long_text(gettext_lazy("Why it is moved"), rows=3)

    def prepare(self) -> None:
        self.offer_slots()

    def intro(self) -> str:
        return _("The applicant is told the new time; the reason stays with us.")

    def do(self, data: dict[str, Any]) -> object:
        planning.move(self.visit, data["slot"], data["reason"], **self.scene.given)
        return None


class CancelVisitForm(AheadForm):
    """Nobody will come, for a reason: whoever goes may say so, and of a closed case too."""

    noun, verb = "visit-cancellation", Verb.REPORT_VISIT
    title, button = gettext_lazy("Cancel the visit"), gettext_lazy("Cancel and tell the applicant")
    icon, done, is_danger = "calendar-x", gettext_lazy("The visit is cancelled."), True

    reason = long_text(gettext_lazy("Why nobody comes"), rows=3)

    def intro(self) -> str:
        return _("The applicant is told that nobody comes; the reason stays with us.")

    def do(self, data: dict[str, Any]) -> object:
        planning.cancel(self.visit, data["reason"], **self.scene.given)
        return None


def slot_label(slot: Slot) -> str:
    """The day and the time of a slot, and how many places are left."""
    language = (get_language() or "en")[:2]
    begins = on(timezone.localtime(slot.begins_at), "planned", language)
    ends = date_format(timezone.localtime(slot.ends_at), "H:i")
    left = ngettext("%(count)s place free", "%(count)s places free", slot.free)
    return f"{begins}-{ends} · {left % {'count': slot.free}}"
