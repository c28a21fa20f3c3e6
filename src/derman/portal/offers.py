"""The solution that we offer: accepted or refused behind a single-use link, or after a code.

Opening the page uses nothing up, because mail scanners open every link; sending the answer does.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from derman.audit import access
from derman.cases import access_codes, actions
from derman.cases.models import Case, Offer
from derman.people import contacts
from derman.portal import grants
from derman.portal.draft import Draft
from derman.portal.forms import Question, text_field
from derman.portal.page import language_of, show
from derman.portal.track import ask_again, get_or_post, granted
from derman.profile import publishing
from derman.words.life import State
from derman.words.loop import OfferState

PURPOSE = "offer"
ACCEPT, REFUSE = "accept", "refuse"


class AnswerForm(Question):
    """Yes or no; a no needs a word why."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Do you accept what we offer?"),
        choices=[
            (ACCEPT, gettext_lazy("Yes, I accept it")),
            (REFUSE, gettext_lazy("No, I do not accept it")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose yes or no.")},
    )
    reason = text_field(gettext_lazy("If not: why does it not suit you?"), required=False, rows="4")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("answer") == REFUSE and not data.get("reason", "").strip():
            missing = _("Write in a word why, so that we can look for something better.")
            self.add_error("reason", missing)
        return data


@never_cache
@get_or_post
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of a message."""
    at = timezone.now()
    found = access_codes.find(token, at, PURPOSE)
    offer = Offer.objects.filter(pk=found.about).first() if found and found.about else None
    if found is None or offer is None:
        return show(request, "portal/offer/used.html", status=410)
    offer.case = found.case
    return _Page(request, offer, token).answer(at)


@never_cache
@get_or_post
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """The same for whoever follows the case after a code."""
    at = timezone.now()
    case, is_open = granted(request, number, at)
    if case is None:
        return ask_again(number)
    if not is_open:
        return redirect("portal:code", number)
    offer = case.offers.filter(state=OfferState.OPEN).first()
    if offer is None:
        return redirect("portal:case", number)
    return _Page(request, offer).answer(at)


@never_cache
@require_safe
def done(request: HttpRequest, number: str) -> HttpResponse:
    """What was answered, and what happens next and when."""
    at = timezone.now()
    case, is_open = granted(request, number, at)
    if case is None or not is_open:
        return ask_again(number)
    answered = (OfferState.ACCEPTED, OfferState.REFUSED)
    offer = case.offers.filter(state__in=answered).order_by("-answered_at").first()
    if offer is None:
        return redirect("portal:case", number)
    expected_at = case.promised_at or case.due_at
    context = {
        "case": case,
        "offer": offer,
        "is_accepted": offer.state == OfferState.ACCEPTED,
        "expected_at": expected_at if expected_at > at else None,
    }
    return show(request, "portal/offer/done.html", context)


class _Ended(Exception):
    """The link was used, or the offer is not open any more."""


@dataclass(frozen=True)
class _Page:
    """The page on which one offer is answered; with a token, by whoever has its link."""

    request: HttpRequest
    offer: Offer
    token: str = ""

    def answer(self, at: datetime) -> HttpResponse:
        if self.offer.state != OfferState.OPEN:
            return self._ended(410)
        if self.request.method != "POST":
            case = self.offer.case
            access.record(case.applicant_id, what="offer", about=case.number, by=None, at=at)
            return self._show(self._form())
        form = self._form(self.request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            case = self._take(form.cleaned_data, at)
        except (_Ended, actions.CannotDo):
            return self._ended(409)
        grants.give(self.request, case, details=True, at=at)
        return redirect("portal:offer_done", case.number)

    def _take(self, said: dict[str, Any], at: datetime) -> Case:
        """Use the link up and write the answer down, both or neither."""
        given: dict[str, Any] = {"by": None, "at": at, "profile": publishing.current()}
        with transaction.atomic():
            if self.token:
                used = access_codes.use("", self.token, at, purpose=PURPOSE)
                if used is None:
                    raise _Ended
                contacts.prove(used.contact_point, at=at)
            # As it stands now, held: what staff did meanwhile is no reason to refuse an applicant.
            held = Case.objects.select_for_update(of=("self",)).select_related("applicant")
            self.offer.case = held.get(pk=self.offer.case_id)
            if said["answer"] == ACCEPT:
                actions.accept(self.offer, **given)
            else:
                actions.refuse(self.offer, said["reason"], **given)
        return self.offer.case

    def _form(self, data: Any = None) -> AnswerForm:
        profile = publishing.current().profile
        return AnswerForm(data, draft=Draft(), profile=profile, language=language_of(profile))

    def _show(self, form: AnswerForm, *, status: int = 200) -> HttpResponse:
        profile = publishing.current().profile
        language = language_of(profile)
        context = {
            "case": self.offer.case,
            "offer": self.offer,
            "currency": profile.authority.currency,
            "form": form,
            "by_link": bool(self.token),
            "warning": profile.text(profile.privacy.special_warning, language),
            "special": profile.privacy.special_categories.get(language, ()),
        }
        return show(self.request, "portal/offer/page.html", context, status=status)

    def _ended(self, status: int) -> HttpResponse:
        state = Offer.objects.values_list("state", flat=True).get(pk=self.offer.pk)
        case = self.offer.case
        is_closed = case.state == State.CLOSED and case.merged_into_id is None
        context = {"case": case, "state": state, "is_closed": is_closed}
        return show(self.request, "portal/offer/ended.html", context, status=status)
