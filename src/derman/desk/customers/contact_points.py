"""The contacts of a customer and their states: shown masked, changed with a reason that is kept."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages as said
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from derman.audit import access
from derman.desk import frame
from derman.desk.customers import lookup
from derman.desk.customers.earlier_cases import may_see
from derman.desk.frame import DeskRequest
from derman.desk.labels import choices, word
from derman.desk.shown_people import masked_point
from derman.people import contacts
from derman.people.models import ContactChange, ContactPoint, Customer
from derman.words.kinds import ContactState
from derman.words.life import Verb

TONES = {
    ContactState.UNVERIFIED: ("", "circle-question-mark"),
    ContactState.VERIFIED: ("ok", "circle-check"),
    ContactState.DISPUTED: ("danger", "octagon-alert"),
}


@dataclass(frozen=True)
class Shown:
    """A contact point, masked, with its state."""

    id: UUID
    kind: str
    value: str
    state: str
    label: str
    tone: str
    icon: str

    @classmethod
    def of(cls, point: ContactPoint) -> "Shown":
        state = ContactState(point.state)
        label = word(ContactState, state)
        return cls(point.pk, point.kind, masked_point(point), state, label, *TONES[state])


def of_customer(customer: Customer) -> list[Shown]:
    """The contacts in use, those that somebody disowned included."""
    found = [point for point in customer.contact_points.all() if point.ended_at is None]
    return [Shown.of(point) for point in sorted(found, key=lambda one: (one.kind, one.created_at))]


class StateForm(forms.Form):
    """Another state, and why."""

    state = forms.ChoiceField(label=gettext_lazy("State"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Needed to dispute a contact, and to end a dispute."),
        max_length=contacts.LONGEST_REASON,
        required=False,
    )

    def __init__(self, *args: Any, now: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = tuple(state for state in ContactState if state != now)
        field = self.fields["state"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = choices(ContactState, others)


@require_http_methods(["GET", "HEAD", "POST"])
@frame.page(verb=Verb.CORRECT)
def contact_point(request: DeskRequest, customer_id: UUID, point_id: UUID) -> HttpResponse:
    """One contact: its state, how it came to it, and a form to change it."""
    found = lookup.find(customer_id)
    if found is None or not may_see(request, found):
        raise Http404
    point = ContactPoint.objects.filter(customer=found.customer, pk=point_id).first()
    if point is None or point.ended_at is not None:
        raise Http404
    access.record(
        found.customer.pk, what="contact", about=str(point.pk), by=request.user, at=request.at
    )
    data = request.POST if request.method == "POST" else None
    form, refused, status = StateForm(data, now=point.state), "", 200
    if request.method == "POST":
        if not form.is_valid():
            status = 422
        else:
            try:
                return _change(request, point, form.cleaned_data)
            except contacts.CannotChange as reason:
                refused, status = str(reason), 409
    context = {
        "customer": found.customer,
        "point": Shown.of(point),
        "history": [_line(change) for change in point.changes.select_related("by").order_by("-pk")],
        "form": form,
        "refused": refused,
    }
    return frame.render(request, "desk/contact/page.html", context, status=status)


def _change(request: DeskRequest, point: ContactPoint, data: dict[str, Any]) -> HttpResponse:
    state = ContactState(data["state"])
    contacts.change(point, state, reason=data["reason"], by=request.user, at=request.at)
    said.success(
        request, _("The contact is now: %(state)s.") % {"state": word(ContactState, state)}
    )
    return redirect("desk:customer", point.customer_id)


def _line(change: ContactChange) -> dict[str, Any]:
    """What happened once, for the history."""
    if change.by:
        who = change.by.name
    elif change.after == ContactState.DISPUTED:
        who = _("The recipient of a message said that it was not for them")
    else:
        who = _("A code that was sent there was entered")
    return {
        "at": change.at,
        "who": who,
        "after": word(ContactState, change.after),
        "reason": change.reason,
    }
