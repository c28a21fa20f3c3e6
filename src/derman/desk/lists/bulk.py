"""One verb for many cases: from the marked lines of the list to a preview, an order, a result."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from derman.accounts import rights
from derman.accounts.models import User
from derman.audit import access
from derman.cases.models import Case
from derman.desk import frame, worklists
from derman.desk.frame import DeskRequest, page
from derman.desk.labels import Labels
from derman.desk.lists.bulk_choice import marked_cases
from derman.desk.lists.bulk_forms import FORMS, BulkForm
from derman.desk.lists.saved_views import asked_of
from derman.words.life import Verb
from derman.words.rights import Role
from derman.workplace import bulk, exports
from derman.workplace.models import BulkRun
from derman.workplace.models.bulk import BulkVerb, ItemState, Reason, RunState

SHOWN = 100  # cases of each kind on the page of a run
MOST_RUNS = 30
INVALID = 422
# Who looks after other people's work may look at their runs.
OVERSEERS = frozenset({Role.SUPERVISOR, Role.ADMIN})

REASONS: dict[str, Any] = {
    Reason.NO_RIGHT: gettext_lazy("You may not do this with these cases"),
    Reason.WRONG_STATE: gettext_lazy("Not possible in the state that they are in"),
    Reason.CHANGED: gettext_lazy("Somebody changed them meanwhile"),
    Reason.ALREADY: gettext_lazy("It is so already"),
    Reason.CONCEALED: gettext_lazy("The applicant asked for secrecy"),
    Reason.REFUSED: gettext_lazy("The case did not allow it"),
}
STATES: dict[str, Any] = {
    RunState.DRAFT: gettext_lazy("Not begun"),
    RunState.ORDERED: gettext_lazy("Waiting"),
    RunState.RUNNING: gettext_lazy("Running"),
    RunState.DONE: gettext_lazy("Done"),
    RunState.STOPPED: gettext_lazy("Stopped"),
}


@dataclass(frozen=True)
class Group:
    """Cases that share what becomes of them, and why."""

    label: Any
    count: int
    cases: list[dict[str, str]]


@require_http_methods(["GET", "POST"])
@never_cache
@page(verb=Verb.READ)
def runs(request: DeskRequest) -> HttpResponse:
    """Own runs, the newest first; POST makes a draft of what was marked in the list."""
    if request.method == "POST":
        return _begin(request)
    found = BulkRun.objects.filter(by=request.user).order_by("-made_at")[:MOST_RUNS]
    lines = [
        {"run": run, "title": FORMS[run.verb].title, "state": STATES[run.state]} for run in found
    ]
    return frame.render(request, "desk/bulk/list.html", {"lines": lines, "current": "runs"})


def _begin(request: DeskRequest) -> HttpResponse:
    verb = request.POST.get("do", "")
    if verb not in list(BulkVerb) or not bulk.may(request.user, verb, request.profile.profile):
        messages.error(request, _("Choose what to do with the marked cases."))
        return redirect("desk:workbench")
    asked = asked_of(request.POST.get("query", ""))
    back = f"{reverse('desk:workbench')}?{asked.address}"
    cases = worklists.cases_of(asked, request.user, request.at)
    if "all" not in request.POST:
        cases = marked_cases(request.POST.getlist("number"), request)
    order = worklists.VIEWS[asked.view].order
    chosen = list(cases.order_by(order, "id").values_list("id", "version")[: bulk.MOST + 1])
    if not chosen:
        messages.error(request, _("Mark at least one case first."))
        return redirect(back)
    details = {"more": True} if len(chosen) > bulk.MOST else {}
    run = bulk.draft(
        BulkVerb(verb), chosen, by=request.user, at=request.at, back=back[:1000], details=details
    )
    return redirect("desk:bulk_run", run.pk)


@require_http_methods(["GET", "POST"])
@never_cache
@page(verb=Verb.READ)
def run(request: DeskRequest, run_id: UUID) -> HttpResponse:
    """A draft with its preview, or how far a run has come and what became of each case."""
    found = _find(request.user, run_id)
    if request.method == "POST" and found.by_id == request.user.pk:
        return _use(request, found)
    if request.method == "POST":
        messages.error(request, _("Only whoever began it goes on with it."))
        return redirect("desk:bulk_run", found.pk)
    if found.state == RunState.DRAFT:
        return _draft_page(request, found, FORMS[found.verb](run=found, request=request))
    return frame.render(request, "desk/bulk/run.html", _result(request, found))


def _use(request: DeskRequest, found: BulkRun) -> HttpResponse:
    wish = request.POST.get("do", "")
    if wish == "stop":
        bulk.stop(found, at=request.at)
    elif wish == "undo":
        return _undo(request, found)
    elif wish == "discard" and found.state == RunState.DRAFT:
        back = found.back
        found.delete()
        return redirect(back or "desk:workbench")
    elif found.state == RunState.DRAFT:
        form = FORMS[found.verb](request.POST, run=found, request=request)
        if not form.is_valid():
            return _draft_page(request, found, form, status=INVALID)
        form.keep()
        if wish == "order":
            bulk.order(found, at=request.at)
        else:
            return _draft_page(request, found, form)
    return redirect("desk:bulk_run", found.pk)


def _undo(request: DeskRequest, found: BulkRun) -> HttpResponse:
    try:
        made = bulk.undo(found, by=request.user, at=request.at)
    except bulk.CannotRun as reason:
        messages.error(request, str(reason))
        return redirect("desk:bulk_run", found.pk)
    return redirect("desk:bulk_run", made.pk)


def _draft_page(
    request: DeskRequest, found: BulkRun, form: BulkForm, *, status: int = 200
) -> HttpResponse:
    shown = bulk.preview(found, request.user) if form.is_chosen else None
    labels = Labels.for_reader(request.profile.profile)
    groups = []
    if shown:
        access.record_list(
            [case.number for case in shown.willing],
            what="bulk", by=request.user, at=request.at, why=found.verb,
        )  # fmt: skip
        groups = [
            Group(REASONS[reason], len(cases), _lines(cases[:SHOWN], labels))
            for reason, cases in shown.left_out.items()
        ]
    context = {
        "run": found,
        "form": form,
        "total": found.items.count(),
        "most": bulk.MOST,
        "shown": shown,
        "summary": _summary(found, shown) if shown else "",
        "willing": _lines(shown.willing[:SHOWN], labels) if shown else [],
        "left_out": groups,
        "current": "runs",
    }
    return frame.render(request, "desk/bulk/draft.html", context, status)


def _summary(found: BulkRun, shown: bulk.Preview) -> str:
    count = len(shown.willing)
    said = {
        BulkVerb.ASSIGN: ngettext(
            "{n} case will be assigned.", "{n} cases will be assigned.", count
        ),
        BulkVerb.REFER: ngettext(
            "{n} case will be referred, and its applicant is told.",
            "{n} cases will be referred, and their applicants are told.", count,
        ),
        BulkVerb.TAG: ngettext("{n} case will be tagged.", "{n} cases will be tagged.", count),
        BulkVerb.UNTAG: ngettext(
            "{n} case will lose the tag.", "{n} cases will lose the tag.", count
        ),
        BulkVerb.EXPORT: ngettext(
            "{n} case will be in the file.", "{n} cases will be in the file.", count
        ),
    }  # fmt: skip
    return said[BulkVerb(found.verb)].format(n=count)


def _lines(cases: list[Case], labels: Labels) -> list[dict[str, str]]:
    return [{"number": case.number, "topic": labels.topic(case.topic)} for case in cases]


def _result(request: DeskRequest, found: BulkRun) -> dict[str, Any]:
    """How far it has come; cases that failed or were left out, by their reason."""
    counts = bulk.counts(found)
    labels = Labels.for_reader(request.profile.profile)
    groups = []
    if not found.is_open:
        visible = Case.objects.visible_to(request.user)
        out = found.items.filter(state__in=[ItemState.LEFT_OUT, ItemState.FAILED], case__in=visible)
        by_reason: dict[str, list[Case]] = {}
        for item in out.select_related("case").order_by("id")[: bulk.MOST]:
            by_reason.setdefault(item.reason, []).append(item.case)
        groups = [
            Group(REASONS[reason], len(cases), _lines(cases[:SHOWN], labels))
            for reason, cases in by_reason.items()
        ]
    is_mine = found.by_id == request.user.pk
    return {
        "run": found,
        "title": FORMS[found.verb].title,
        "said": FORMS[found.verb](run=found, request=request).said(),
        "state": STATES[found.state],
        "counts": counts,
        "total": sum(counts.values()),
        "done": sum(counts.values()) - counts[ItemState.WAITING],
        "groups": groups,
        "is_mine": is_mine,
        "can_undo": is_mine and bulk.can_undo(found) and counts[ItemState.DONE],
        "has_file": is_mine and found.verb == BulkVerb.EXPORT and exports.path_of(found).exists(),
        "current": "runs",
    }


@require_GET
@never_cache
@page(verb=Verb.READ)
def progress(request: DeskRequest, run_id: UUID) -> HttpResponse:
    """How far a run has come, as a part of its page."""
    found = _find(request.user, run_id)
    return frame.render(request, "desk/bulk/run.html#progress", _result(request, found))


@require_GET
@never_cache
@page(verb=Verb.READ)
def file(request: DeskRequest, run_id: UUID) -> HttpResponse:
    """The file of an export, for whoever made it, for a day."""
    found = _find(request.user, run_id)
    if found.by_id != request.user.pk:
        messages.error(request, _("Only whoever made the file downloads it."))
        return redirect("desk:bulk_run", found.pk)
    if not bulk.may(request.user, BulkVerb.EXPORT, request.profile.profile):
        raise PermissionDenied
    try:
        content = exports.read(found)
    except exports.Gone:
        messages.error(request, _("The file was deleted; files are kept for a day."))
        return redirect("desk:bulk_run", found.pk)
    kind = found.details.get("format", "csv")
    answer = HttpResponse(content, content_type=exports.MIME[kind])
    day = f"{found.made_at:%Y-%m-%d}"
    answer["Content-Disposition"] = f'attachment; filename="derman-{day}.{kind}"'
    answer["X-Content-Type-Options"] = "nosniff"
    access.record_list([str(found.pk)], what="export_download", by=request.user, at=request.at)
    return answer


def _find(user: User, run_id: UUID) -> BulkRun:
    """A run of one's own; whoever oversees may look at any."""
    found = BulkRun.objects.select_related("by", "undoes").filter(pk=run_id).first()
    if found is None or not (found.by_id == user.pk or rights.has_role(user, OVERSEERS)):
        raise Http404
    return found
