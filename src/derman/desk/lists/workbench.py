"""The workbench: views, and a list that stays while a case is read, with filters as an address."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from derman.accounts import rights
from derman.accounts.models import User
from derman.audit import access
from derman.cases.models import Case, CaseTag
from derman.cases.permissions import is_concealed
from derman.cases.search import Way
from derman.desk import frame, views_menu, worklists
from derman.desk.chips import Chip, Chips
from derman.desk.filters import FILTERS
from derman.desk.frame import DeskRequest, page
from derman.desk.labels import Labels, choices, word
from derman.desk.lists import filter_panel
from derman.desk.lists.bulk_forms import FORMS
from derman.desk.verbs.form import NO_CASE, address_of
from derman.desk.worklists import CAP, VIEWS
from derman.lib import identifiers
from derman.statements import kept
from derman.ui.templatetags.ui import on
from derman.words.kinds import Priority
from derman.words.life import State, Verb
from derman.words.rights import Place
from derman.workplace import bulk, saved_views
from derman.workplace.models import SavedView

KEPT = ("view", "q", "after", "saved", *FILTERS)


@dataclass(frozen=True)
class Tag:
    """A tag of a case, as a chip."""

    label: str
    tone: str


@dataclass(frozen=True)
class Row:
    """One case in the list."""

    number: str
    url: str
    title: str
    applicant: str
    state: str
    state_key: str
    region: str
    chip: Chip
    priority: str
    is_current: bool
    tags: tuple[Tag, ...] = ()
    is_watched: bool = False  # somebody else has it before them


def tag_of(key: str, labels: Labels) -> Tag:
    """A tag in the reader's language."""
    known = labels.profile.tags.get(key)
    return Tag(labels.tag(key), (known.tone if known else None) or "")


@kept
def _tags(*cases: UUID) -> QuerySet[CaseTag, tuple[UUID, str]]:
    found = CaseTag.objects.filter(case__in=cases).order_by("id")
    return found.values_list("case_id", "tag")


class RowMaker:
    """Makes the rows of one list; what they share is looked up once."""

    def __init__(
        self, request: DeskRequest, labels: Labels, query: str, tags: dict[UUID, list[Tag]]
    ) -> None:
        self.request = request
        self.labels = labels
        self.chips = Chips(request.profile.profile, request.at)
        self.by_promise = request.GET.get("view") == "promised"
        self.address = f"{address_of('case', NO_CASE)}?{query}"
        self.states = dict(choices(State))
        self.regions = {"": ""}
        self.tags = tags

    def row(self, case: Case, current: str) -> Row:
        concealed = is_concealed(case, self.request.user)
        if case.region not in self.regions:
            self.regions[case.region] = self.labels.region(case.region)
        return Row(
            number=case.number,
            url=self.address.replace(NO_CASE, case.number, 1),
            title=self.labels.topic(case.topic),
            applicant=_("Name kept secret") if concealed else case.applicant.name or "—",
            state=self.states[case.state],
            state_key=case.state,
            region=self.regions[case.region],
            chip=self._chip(case),
            priority="" if case.priority == Priority.NORMAL else word(Priority, case.priority),
            is_current=case.number == current,
            tags=(
                *self._drafted(case),
                *self._asleep(case),
                *self._covered(case),
                *self.tags.get(case.pk, ()),
            ),
            is_watched=getattr(case, "is_watched", False),
        )

    def _chip(self, case: Case) -> Chip:
        """The date by which the list goes: where it is of promises, what was promised."""
        if self.by_promise and case.promised_at:
            return self.chips.of_due(case.promised_at)
        return self.chips.of_case(case)

    def _drafted(self, case: Case) -> list[Tag]:
        """That the reader began to write something there."""
        return [Tag(_("Draft"), "brand")] if getattr(case, "has_draft", False) else []

    def _asleep(self, case: Case) -> list[Tag]:
        """Until when it is laid aside."""
        if case.snoozed_until is None or case.snoozed_until <= self.request.at:
            return []
        moment = timezone.localtime(case.snoozed_until)
        return [Tag(_("Until %(moment)s") % {"moment": on(moment, "planned")}, "")]

    def _covered(self, case: Case) -> list[Tag]:
        """Whose case it is, where the reader covers for them today."""
        owner = case.owner_user_id
        if owner is None or owner not in self.request.user.stands_in_for:
            return []
        return [Tag(_("For %(name)s") % {"name": self.covered[owner].name}, "info")]

    @cached_property
    def covered(self) -> dict[int, User]:
        """The colleagues for whom the reader stands in, once for all rows."""
        return User.objects.in_bulk(self.request.user.stands_in_for)


class Bench:
    """The list beside which everything else is read."""

    def __init__(self, request: DeskRequest, current: str = "") -> None:
        self.request = request
        self.current = current
        self.menu = views_menu.menu(request.user, request.at)
        self.labels = Labels.for_reader(request.profile.profile)
        self.asked = worklists.read(request.GET, default=views_menu.first_view(self.menu.items))

    @cached_property
    def way(self) -> Way | None:
        """How the list is searched."""
        return worklists.way_of(self.asked, self.request.user, self.request.at)

    @cached_property
    def page(self) -> worklists.Page:
        found = worklists.page(self.asked, self.request.user, self.request.at, self.way)
        if found.cases:
            access.record_list(
                [case.number for case in found.cases],
                what="workbench",
                by=self.request.user,
                at=self.request.at,
                why=self.query[:200],
            )
        return found

    @cached_property
    def tags(self) -> dict[UUID, list[Tag]]:
        """Of the whole page in one query; beside an open case there is no room for them."""
        found: dict[UUID, list[Tag]] = {}
        if self.labels.profile.tags and self.page.cases and not self.current:
            keys = [case.pk for case in self.page.cases]
            keys += keys[-1:] * (worklists.SIZE - len(keys))  # one statement for all pages
            for case_id, key in _tags(*keys):
                found.setdefault(case_id, []).append(tag_of(key, self.labels))
        return found

    @cached_property
    def query(self) -> str:
        """What the address says about the list, for links that keep it."""
        params = {key: self.request.GET.get(key, "") for key in KEPT}
        return urlencode({**{k: v for k, v in params.items() if v}, "view": self.asked.view})

    @cached_property
    def rows(self) -> list[Row]:
        make = RowMaker(self.request, self.labels, self.query, self.tags)
        return [make.row(case, self.current) for case in self.page.cases]

    @property
    def next_url(self) -> str:
        if not self.page.after:
            return ""
        params = QueryDict(self.query, mutable=True)
        params["after"] = self.page.after
        return f"{reverse('desk:workbench')}?{params.urlencode()}"

    @property
    def first_url(self) -> str:
        """Back to the first page, from a later one."""
        if not self.asked.after:
            return ""
        params = QueryDict(self.query, mutable=True)
        params.pop("after", None)
        return f"{reverse('desk:workbench')}?{params.urlencode()}"

    @property
    def clear_url(self) -> str:
        return f"{reverse('desk:workbench')}?view={self.asked.view}"

    @cached_property
    def label(self) -> str:
        """“50 of 500+”; counted only where the menu has not done so and a page is not enough."""
        shown = len(self.page.cases)
        if not self.page.after and not self.asked.after:
            return str(shown)
        total = next((i.count for i in self.menu.items if i.name == self.asked.view), None)
        if total is None or self.asked.is_narrowed:
            total = None if self.current else self._count()
        if total is None:
            return str(shown)
        known = f"{CAP}+" if total > CAP else str(total)
        return _("{shown} of {total}").format(shown=shown, total=known)

    def _count(self) -> int:
        return worklists.count_of(self.asked, self.request.user, self.request.at, self.way)

    @cached_property
    def chips(self) -> list[filter_panel.FilterChip]:
        """The filters that are on."""
        return filter_panel.chips(self.asked, self.labels)

    @cached_property
    def choices(self) -> list[filter_panel.Choice]:
        """The fields of the filters, where they stand open in the page."""
        is_open = "filters" in self.request.GET and not self.current
        return filter_panel.choices(self.asked, self.labels) if is_open else []

    @property
    def may_read(self) -> bool:
        """Whether there can be anything in the list for this person."""
        return rights.may(self.request.user, Verb.READ)

    @cached_property
    def bulk_verbs(self) -> list[dict[str, Any]]:
        """What may be done to the marked lines; beside an open case none are marked."""
        if self.current:
            return []
        verbs = bulk.offered(self.request.user, self.request.profile.profile)
        return [{"verb": v, "title": FORMS[v].title, "icon": FORMS[v].icon} for v in verbs]

    @property
    def may_improve(self) -> bool:
        """Whether this person may look for the cause of what the list shows."""
        return rights.may_enter(self.request.user, Place.IMPROVE)

    @property
    def most_marked(self) -> int:
        return bulk.MOST

    @cached_property
    def saved(self) -> SavedView | None:
        """The kept view through which this list was opened."""
        try:
            key = UUID(self.request.GET.get("saved", ""))
        except ValueError:
            return None
        pinned = next((pin.view for pin in self.menu.pins if pin.view_id == key), None)
        found = pinned or saved_views.find(self.request.user, key)
        return found if found and found.query == self.asked.address else None

    @property
    def context(self) -> dict[str, Any]:
        """For the templates of the list, whatever stands beside it."""
        return {
            "bench": self,
            "view": VIEWS[self.asked.view],
            "current": f"view-{self.saved.pk}" if self.saved else self.asked.view,
            "menu": self.menu,
        }


def bench(request: DeskRequest, current: str = "") -> Bench:
    """The list that the address asks for, beside a case if one is open."""
    return Bench(request, current)


@never_cache
@require_GET
@page()
def workbench(request: DeskRequest) -> HttpResponse:
    """A list of cases; an exact number opens its case."""
    number = identifiers.read_number(request.GET.get("q", ""))
    if number and Case.objects.visible_to(request.user).filter(number=number).exists():
        return redirect("desk:case", number)
    return frame.render(request, "desk/workbench/page.html", bench(request).context)


def follower(request: DeskRequest, case: Case) -> str:
    """The number of the case that comes after this one in the list, if the person wants it next."""
    if request.user.after_verb != "next":
        return ""
    asked = worklists.read(request.GET, default="call")
    listed = worklists.page(asked, request.user, request.at).cases
    numbers = [one.number for one in listed]
    if case.number in numbers:
        place = numbers.index(case.number)
        rest = numbers[place + 1 :] + numbers[:place]
    else:
        rest = numbers
    return rest[0] if rest else ""


def kept_query(request: DeskRequest) -> str:
    """The part of an address that names the list."""
    return urlencode({key: value for key in KEPT if (value := request.GET.get(key, ""))})


def where_next(request: DeskRequest, case: Case, follower: str, noun: str) -> str:
    """After a verb: the next in the list, this case, or the list: the person's own choice."""
    kept = kept_query(request)
    choice = request.user.after_verb
    query = f"?{kept}" if kept else ""
    if noun == "contacts" and case.state == State.ANSWERED:
        choice = "stay"  # the call is half of the work; the outcome follows
        if request.POST.get("outcome") == "reached":
            query = f"?{kept}&do=outcome"
    if noun in ("replies", "notes", "attachments", "links", "link-removal", "merger-undo"):
        choice = "stay"
    if choice == "next" and follower:
        return f"{reverse('desk:case', args=[follower])}{query}"
    if choice == "stay":
        return f"{reverse('desk:case', args=[case.number])}{query}"
    return f"{reverse('desk:workbench')}{query}"
