"""Forms of links between cases: say that two belong together, merge one into another, undo it."""

from dataclasses import replace
from typing import Any, cast

from django import forms
from django.db.models import F, Q, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from derman.cases import actions, repeats
from derman.cases.actions.linking import KINDS
from derman.cases.models import Case, Link, Offer
from derman.desk.labels import choices, word
from derman.desk.verbs import previews
from derman.desk.verbs.form import Scene, VerbForm
from derman.lib import identifiers
from derman.outbox.models import Message
from derman.ui.forms import DigitsInput
from derman.visits import planning
from derman.words.events import EventType
from derman.words.kinds import Kind
from derman.words.life import State, Verb
from derman.words.loop import LinkKind, OfferState

MOST_SUGGESTED = 5
LINKS = "links"  # the section of the case page that shows them
# A link that is a merge is shown as one.
MERGES = Q(kind=LinkKind.DUPLICATE, case__merged_into=F("other"))
ANOTHER = "another"  # than those that are suggested
DAYS_BACK = 120  # of two cases that may be one; longer than what counts as a repeat


class OtherCaseForm(VerbForm):
    """Another case, chosen from those that look alike or named by its number."""

    suggested = forms.ChoiceField(
        label=gettext_lazy("Likely the same matter"), required=False, widget=forms.RadioSelect
    )
    number = forms.CharField(
        label=gettext_lazy("Number of another case"),
        max_length=40,
        required=False,
        widget=DigitsInput({"class": "w-20"}),
    )

    other: Case | None = None

    def prepare(self) -> None:
        found = [
            (match.number, self._described(match))
            for match in suggestions(self.case, self.possible, self)
        ]
        if not found:
            del self.fields["suggested"]
            self.fields["number"].label = _("Number of the other case")
            self.fields["number"].required = True
            return
        self.fields["suggested"].required = not self.typed("number")
        self.offer("suggested", [*found, (ANOTHER, _("Another one, by its number"))])
        self.initial.setdefault("suggested", found[0][0])

    def clean(self) -> dict[str, Any]:
        """One other case that the person may read."""
        data = super().clean() or self.cleaned_data
        self.other = self._named(data.get("number") or data.get("suggested") or "")
        if self.other is None and "number" not in self.errors:
            self.add_error("number", _("No case with this number. Look at it again."))
        return data

    @property
    def is_ready(self) -> bool:
        return self._named(self.typed("number") or self._typed_choice()) is not None

    def _typed_choice(self) -> str:
        return self.typed("suggested") if "suggested" in self.fields else ""

    @property
    def possible(self) -> Any:
        """Those that may be suggested."""
        return self._visible.filter(merged_into=None)

    @property
    def _visible(self) -> Any:
        return Case.objects.visible_to(self.scene.user)

    def _named(self, typed: str) -> Case | None:
        number = identifiers.read_number(typed)
        found = self._visible.filter(number=number) if number else Case.objects.none()
        return found.select_related("merged_into").first()

    def _described(self, match: repeats.Match) -> str:
        said = [
            identifiers.group_number(match.number),
            self.scene.labels.topic(match.topic),
            word(State, match.state),
            ", ".join(_(repeats.REASONS[reason]) for reason in match.reasons),
        ]
        return " · ".join(said)


def suggestions(case: Case, among: Any, form: VerbForm) -> list[repeats.Match]:
    """Cases of the same people on the same topic or in similar words, earlier or later."""
    rule = form.scene.profile.profile.repeats
    wide = rule.model_copy(update={"days": max(rule.days, DAYS_BACK), "kinds": tuple(Kind)})
    brought = replace(repeats.brought_by(case), at=form.scene.at)
    return repeats.find(brought, wide, among=among, but=case.pk)[:MOST_SUGGESTED]


class LinkForm(OtherCaseForm):
    """Another case that has to do with this one."""

    noun, verb = "links", Verb.LINK
    title, button = gettext_lazy("Link with another case"), gettext_lazy("Link")
    icon, done = "link", gettext_lazy("The cases are linked.")

    kind = forms.ChoiceField(label=gettext_lazy("The other case is"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        super().prepare()
        self.offer("kind", choices(LinkKind, KINDS))
        self.initial.setdefault("kind", LinkKind.RELATED)

    def intro(self) -> str:
        return _("A link shows each case beside the other; nothing else changes.")

    def do(self, data: dict[str, Any]) -> object:
        kind = LinkKind(data["kind"])
        return actions.link(self.case, cast("Case", self.other), kind, **self.scene.given)


class MergeForm(OtherCaseForm):
    """This case goes on as a part of another."""

    noun, verb = "merger", Verb.MERGE
    title, button = gettext_lazy("Merge into another case"), gettext_lazy("Merge")
    icon, done = "git-merge", gettext_lazy("The case goes on as a part of the other.")
    has_preview = True

    @classmethod
    def fits(cls, scene: Scene) -> bool:
        return scene.case.merged_into_id is None

    def prepare(self) -> None:
        super().prepare()
        self.has_preview = self.case.state != State.CLOSED  # whose applicant is told nothing

    @property
    def possible(self) -> Any:
        """An open case does not go on in a closed one; the other way round it does."""
        found = super().possible
        return found if self.case.state == State.CLOSED else found.exclude(state=State.CLOSED)

    def intro(self) -> str:
        said = [
            _("This case is closed as a duplicate and leads to the other; nothing is moved.")
            if self.case.state != State.CLOSED
            else _("This case leads to the other from now on; nothing is moved."),
            *self._ends,
            _("What its applicant sends later reaches the other case. You can undo it."),
            _("Where the applicants differ, neither is told of the other: tell both the result."),
        ]
        return " ".join(said)

    @property
    def _ends(self) -> list[str]:
        """What is still open here and ends with it; a visit does not."""
        units = [self.scene.labels.unit(task.unit) for task in self.scene.open_tasks]
        offers = Offer.objects.filter(case=self.case, state=OfferState.OPEN).count()
        ends = []
        if units:
            ends.append(_("Tasks that end: %(units)s.") % {"units": ", ".join(units)})
        if offers:
            text = ngettext("%(n)s offer is withdrawn.", "%(n)s offers are withdrawn.", offers)
            ends.append(text % {"n": offers})
        if self.case.is_open and self.case.promised_at:
            when = date_format(localtime(self.case.promised_at), "SHORT_DATETIME_FORMAT")
            text = _("The date promised to its applicant, %(when)s, is watched no more.")
            ends.append(text % {"when": when})
        if planning.ahead(self.case):
            ends.append(_("The visit that is planned takes place all the same."))
        return ends

    def previews(self) -> list[Message]:
        return previews.of(self.scene, EventType.MERGED, "")

    def do(self, data: dict[str, Any]) -> object:
        return actions.merge(self.case, cast("Case", self.other), **self.scene.given)


class PartForm(VerbForm):
    """A merge undone: the case stands as it stood."""

    noun, verb = "merger-undo", Verb.UNMERGE
    title, button = gettext_lazy("Undo the merge"), gettext_lazy("Undo the merge")
    icon, done = "split", gettext_lazy("The case goes on by itself again.")

    @classmethod
    def fits(cls, scene: Scene) -> bool:
        return scene.case.merged_into_id is not None

    def intro(self) -> str:
        return _("State, clocks, tasks and dates come back exactly as they were.")

    def do(self, data: dict[str, Any]) -> object:
        return actions.unmerge(self.case, **self.scene.given)


class UnlinkForm(VerbForm):
    """A link taken back, on the case that says it."""

    noun, verb = "link-removal", Verb.LINK
    title, button = gettext_lazy("Remove a link"), gettext_lazy("Remove the link")
    icon, done = "unlink", gettext_lazy("The link was removed.")

    link = forms.ChoiceField(label=gettext_lazy("Which link"), widget=forms.RadioSelect)

    @classmethod
    def fits(cls, scene: Scene) -> bool:
        return scene.has(LINKS) and _own(scene.case).exists()

    def prepare(self) -> None:
        self.links = {str(row.pk): row for row in _own(self.case).select_related("other")}
        self.offer("link", [(key, self._described(row)) for key, row in self.links.items()])

    def do(self, data: dict[str, Any]) -> object:
        row = self.links[data["link"]]
        row.case = self.case  # whose version was checked
        return actions.unlink(row, **self.scene.given)

    def _described(self, row: Link) -> str:
        return f"{word(LinkKind, row.kind)} · {identifiers.group_number(row.other.number)}"


def _own(case: Case) -> QuerySet[Link]:
    """The links that were made on this case; those of others are taken back over there."""
    return Link.objects.filter(case=case, ended_at=None).exclude(MERGES)
