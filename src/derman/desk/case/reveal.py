"""Numbers and mailboxes in full: asked for with a reason, written down, shown for a short while.

Everywhere else on the desk they are masked (threats P2).
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from derman.audit import access
from derman.cases.permissions import find_case
from derman.desk import frame
from derman.desk.customers import lookup
from derman.desk.customers.earlier_cases import may_see
from derman.desk.frame import DeskRequest
from derman.desk.shown_people import Applicant
from derman.lib.identifiers import parse_phone
from derman.people.models import ContactKind, Customer
from derman.words.life import Verb
from derman.words.rights import Place

SECONDS = 60  # then the page goes back to the masked one
TO_CALL = "call"
OTHER = "other"
REASONS = (
    (TO_CALL, gettext_lazy("To reach the customer")),
    ("identity", gettext_lazy("To compare who speaks with the file")),
    ("asked", gettext_lazy("The customer asks what is on file")),
    ("correction", gettext_lazy("To find a mistake on file")),
    (OTHER, gettext_lazy("Another reason")),
)
LABELS = {
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("E-mail"),
    "tckn": gettext_lazy("Identity number (TCKN)"),
    "vkn": gettext_lazy("Tax number (VKN)"),
}


class RevealForm(forms.Form):
    """What is to be shown, and why; both are kept."""

    what = forms.MultipleChoiceField(
        label=gettext_lazy("What to show"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose what you need to see.")},
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a reason.")},
    )
    word = forms.CharField(label=gettext_lazy("In a few words"), max_length=150, required=False)

    def __init__(self, *args: Any, held: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["what"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [(name, LABELS[name]) for name in held]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("reason") == OTHER and not data.get("word", "").strip():
            self.add_error("word", _("Say in a few words why."))
        return data


@require_http_methods(["GET", "HEAD", "POST"])
@frame.page(place=Place.REVEAL)
def reveal(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """Ask for the reason, then show what was asked for."""
    found = lookup.find(customer_id)
    if found is None or found.customer.pk != customer_id or not may_see(request, found):
        raise Http404
    held = {name: values for name in LABELS if (values := _values(found.customer, name))}
    form = RevealForm(request.POST if request.method == "POST" else None, held=held)
    context: dict[str, Any] = {"customer": found.customer, "form": form, "seconds": SECONDS}
    if request.method != "POST" or not form.is_valid():
        # Masked, but it names the customer.
        access.record(customer_id, what="desk.reveal", about="", by=request.user, at=request.at)
        context["is_empty"] = not held
        status = 422 if form.errors else 200
        return frame.render(request, "desk/reveal/page.html", context, status=status)
    data = form.cleaned_data
    why = ": ".join(filter(None, (data["reason"], " ".join(data["word"].split()))))
    access.record(
        customer_id,
        what="reveal",
        about=",".join(data["what"]),
        by=request.user,
        at=request.at,
        why=why[:200],
    )
    context["shown"] = [(LABELS[name], held[name]) for name in data["what"]]
    answer = frame.render(request, "desk/reveal/shown.html", context)
    return _closing(answer, reverse("desk:customer", args=[customer_id]))


@require_http_methods(["GET", "HEAD", "POST"])
@frame.page(verb=Verb.CONTACT)
def numbers(request: DeskRequest, number: str) -> HttpResponse:
    """The numbers beside the form with which somebody calls: in full by POST, else masked."""
    what = "reveal" if request.method == "POST" else "numbers"
    case = find_case(request.user, number, verb=Verb.CONTACT, what=what, at=request.at)
    context = {
        "applicant": Applicant(case, request.user),
        "case": case,
        "is_open": request.method == "POST",
        "seconds": SECONDS,
    }
    if request.htmx:  # this fragment asks for the masked one by itself
        return frame.render(request, "desk/case/numbers.html", context)
    answer = frame.render(request, "desk/reveal/numbers.html", context)
    back = reverse("desk:case", args=[case.number])
    return _closing(answer, back) if context["is_open"] else answer


def _closing(answer: HttpResponse, back: str) -> HttpResponse:
    """A page that the browser leaves by itself."""
    answer["Refresh"] = f"{SECONDS}; url={back}"
    return answer


def _values(customer: Customer, name: str) -> list[str]:
    """What is on file, in full."""
    if name in ("tckn", "vkn"):
        value = getattr(customer, name)
        return [value] if value else []
    points = [point for point in customer.contact_points.all() if point.kind == name]
    values = [point.value for point in points if point.ended_at is None and point.value]
    shown = [parse_phone(one).national if name == ContactKind.PHONE else one for one in values]
    return list(dict.fromkeys(shown))
