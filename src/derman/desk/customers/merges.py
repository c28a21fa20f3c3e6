"""Pages on which two customers who are one person are compared, merged and parted again."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages as said
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from derman.accounts import rights
from derman.accounts.models import User
from derman.audit import access
from derman.cases import actions
from derman.desk import frame
from derman.desk.customers import lookup
from derman.desk.customers.lookup import Candidate, Found
from derman.desk.customers.merge_comparison import Comparison
from derman.desk.frame import DeskRequest
from derman.people.merging import LONGEST_REASON, CannotMerge, blocking
from derman.people.models import Customer, Merge
from derman.words.rights import Place


class ReasonForm(forms.Form):
    """Why it is done; kept with the merge."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        error_messages={"required": gettext_lazy("Enter a reason.")},
    )


class MergeForm(ReasonForm):
    """Merging; where the two disagree, somebody has to say that they saw it."""

    def __init__(self, *args: Any, conflicts: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if conflicts:
            self.fields["accepted"] = forms.BooleanField(
                label=_("I have compared what differs: it is the same customer all the same."),
                error_messages={"required": _("Compare what differs and confirm it.")},
            )


def may(user: User) -> bool:
    """Whether the user joins and parts customers."""
    return rights.may_enter(user, Place.MERGE_PEOPLE)


def of_customer(customer: Customer, user: User) -> QuerySet[Merge] | list[Merge]:
    """The standing merges of a customer, for whoever may undo them."""
    if not may(user):
        return []
    return customer.merges.filter(undone_at=None).select_related("merged").order_by("-pk")


@require_http_methods(["GET", "HEAD", "POST"])
@frame.page(place=Place.MERGE_PEOPLE)
def preview(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """Find the other row, compare the two, merge them."""
    kept = lookup.find(customer_id)
    if kept is None:
        raise Http404
    if kept.customer.pk != customer_id:
        return redirect("desk:merge_preview", kept.customer.pk)
    signed = request.GET.get("with", "")
    other = lookup.read_choice(signed, request.user) if signed else None
    if other is None or other.customer.pk == customer_id:
        return _choose(request, kept)
    comparison = Comparison(kept, other)
    data = request.POST if request.method == "POST" else None
    form = MergeForm(data, conflicts=comparison.conflicts)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            return _merge(request, comparison, form.cleaned_data["reason"])
        except CannotMerge as reason:
            refused = str(reason)
    seen = [kept.customer.pk, other.customer.pk]
    access.record_people(seen, what="merge", about="preview", by=request.user, at=request.at)
    context = {
        "customer": kept.customer,
        "comparison": comparison,
        "form": form,
        "refused": refused,
        "turned": lookup.sign(Candidate(kept.customer, None, ""), request.user),
    }
    status = 422 if form.errors else 409 if refused else 200
    return frame.render(request, "desk/merge/page.html", context, status=status)


def _choose(request: DeskRequest, kept: Candidate) -> HttpResponse:
    """The first step: who is the other one? Asked by POST, so that no address holds a number."""
    found = Found(lookup.Asked.NOTHING)
    if request.method == "POST":
        query = request.POST.get("lookup", "")
        found = lookup.look_up(query, by=request.user, at=request.at, about="merge")
    key = kept.customer.pk
    access.record(key, what="merge", about="choice", by=request.user, at=request.at)
    others = [one for one in found.candidates if one.customer.pk != key]
    context = {
        "customer": kept.customer,
        "found": found,
        "candidates": [
            (lookup.sign(Candidate(one.customer, None, ""), request.user), one) for one in others
        ],
    }
    return frame.render(request, "desk/merge/choice.html", context)


def _merge(request: DeskRequest, comparison: Comparison, reason: str) -> HttpResponse:
    done = actions.merge_people(
        comparison.kept,
        comparison.other,
        reason=reason,
        accepted=comparison.conflicts,
        by=request.user,
        at=request.at,
        profile=request.profile,
    )
    access.record_people(
        [done.survivor_id, done.merged_id],
        what="merge",
        about=str(done.pk),
        by=request.user,
        at=request.at,
        why="merged",
    )
    said.success(request, _("The two are one customer now."))
    return redirect("desk:customer", done.survivor_id)


@require_safe
@frame.page(place=Place.MERGE_PEOPLE)
def record(request: DeskRequest, merge_id: int) -> HttpResponse:
    """What was merged, by whom and why; undone from here."""
    return _record(request, _find(merge_id), ReasonForm())


@require_POST
@frame.page(place=Place.MERGE_PEOPLE)
def undo(request: DeskRequest, merge_id: int) -> HttpResponse:
    """Part the two again."""
    done, form = _find(merge_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _record(request, done, form, status=422)
    try:
        why = form.cleaned_data["reason"]
        actions.undo_merge(
            done, reason=why, by=request.user, at=request.at, profile=request.profile
        )
    except CannotMerge as reason:
        return _record(request, done, form, status=409, refused=str(reason))
    said.success(request, _("The merge was undone: they are two customers again."))
    return redirect("desk:merge", merge_id)


def _find(merge_id: int) -> Merge:
    rows = Merge.objects.select_related("survivor", "merged", "by", "undone_by")
    return get_object_or_404(rows, pk=merge_id)


def _record(
    request: DeskRequest, done: Merge, form: ReasonForm, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    access.record_people(
        [done.survivor_id, done.merged_id],
        what="merge",
        about=str(done.pk),
        by=request.user,
        at=request.at,
    )
    cases = {*done.moved["spoken"], *done.moved["cases"]}
    context = {
        "done": done,
        "form": form,
        "refused": refused,
        "later": None if done.undone_at else blocking(done),
        "counts": {
            "cases": len(cases),
            "points": len(done.moved["points"]),
            "holdings": len(done.moved["holdings"]),
        },
    }
    return frame.render(request, "desk/merge/record.html", context, status=status)
