"""The survey behind a single-use link: two ratings, then whatever else they want to say.

Opening the page uses nothing up; sending the answer does. No sign-in and no session is needed.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from derman.cases import access_codes
from derman.cases.actions import CannotDo
from derman.cases.models import Case
from derman.portal.doubts import Doubt, about_text
from derman.portal.draft import Draft
from derman.portal.forms import Question, text_field
from derman.portal.page import language_of, show
from derman.profile import publishing
from derman.profile.schema import Profile
from derman.quality import answering
from derman.quality.answering import Given
from derman.quality.models import Survey
from derman.quality.scales import CES, NPS, RATINGS
from derman.words.kinds import Channel
from derman.words.loop import SurveyState

PURPOSE = "survey"


class SurveyForm(Question):
    """Ratings with words, so that nobody has to guess which end is good."""

    process = forms.TypedChoiceField(
        label=gettext_lazy("How satisfied are you with how we handled it?"),
        choices=RATINGS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the five answers.")},
    )
    action = forms.TypedChoiceField(
        label=gettext_lazy("How satisfied are you with what was done?"),
        choices=RATINGS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the five answers.")},
    )
    ces = forms.TypedChoiceField(
        label=gettext_lazy("It was easy to get this settled. Do you agree?"),
        choices=CES,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    nps = forms.TypedChoiceField(
        label=gettext_lazy("How likely are you to recommend us?"),
        help_text=gettext_lazy("0 means not at all likely, 10 means very likely."),
        choices=NPS,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    text = text_field(gettext_lazy("What else do you want to tell us?"), required=False)

    def prepare(self) -> None:
        rules = self.profile.survey
        for name in ("nps", "ces"):
            if not getattr(rules, name):
                del self.fields[name]
        for name, field in self.fields.items():
            if own := getattr(rules.questions, name):
                field.label = self.profile.text(own, self.language)

    def doubts(self, data: dict[str, Any]) -> Iterator[Doubt]:
        text = data.get("text", "")
        return about_text("text", text, profile=self.profile, language=self.language)

    @property
    def given(self) -> Given:
        """What was answered."""
        data = self.cleaned_data
        return Given(
            process=data["process"],
            action=data["action"],
            nps=data.get("nps"),
            ces=data.get("ces"),
            text=data["text"],
        )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, take the answer once, and say what happens next."""
    at = timezone.now()
    found = _find(token, at)
    if found is None:
        return show(request, "portal/survey/closed.html", status=410)
    if found.case.cycle != found.cycle or found.case.merged_into_id is not None:
        return show(request, "portal/survey/moved_on.html", {"case": found.case}, status=410)
    if found.state == SurveyState.ANSWERED:  # to staff: the link is still good
        return show(request, "portal/survey/closed.html", status=410)
    profile = publishing.current().profile
    data = request.POST if request.method == "POST" else None
    form = SurveyForm(data, draft=Draft(), profile=profile, language=language_of(profile))
    if request.method != "POST":
        return _page(request, found, form, profile)
    if not form.is_valid():
        return _page(request, found, form, profile, status=422)
    try:
        satisfied = _take(token, found, form.given, at)
    except CannotDo as reason:
        told = "closed" if reason.code == "answered" else "moved_on"
        return show(request, f"portal/survey/{told}.html", {"case": found.case}, status=409)
    if satisfied is None:
        return show(request, "portal/survey/closed.html", status=410)
    return redirect(f"{reverse('portal:survey_thanks')}{'' if satisfied else '?call=yes'}")


@never_cache
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """What happens with the answer."""
    return show(request, "portal/survey/thanks.html", {"is_called": "call" in request.GET})


def _find(token: str, at: datetime) -> Survey | None:
    """The survey that the link was made for, while its answer counts."""
    opened = access_codes.find(token, at, PURPOSE)
    if opened is None or opened.about is None:
        return None
    return Survey.objects.select_related("case").filter(pk=opened.about).first()


def _take(token: str, found: Survey, given: Given, at: datetime) -> bool | None:
    """Use the link up and keep the answer; None when somebody was faster with the same link."""
    profile = publishing.current()
    with transaction.atomic():
        if access_codes.use("", token, at, purpose=PURPOSE) is None:
            return None
        # As it stands now, held: what staff did meanwhile is no reason to refuse an applicant.
        held = Case.objects.select_for_update(of=("self",)).select_related("owner_user")
        found.case = held.get(pk=found.case_id)
        opened = answering.answer(found, given, via=Channel.WEB, at=at, profile=profile)
        return opened is None


def _page(
    request: HttpRequest, found: Survey, form: SurveyForm, profile: Profile, *, status: int = 200
) -> HttpResponse:
    language = language_of(profile)
    context = {
        "case": found.case,
        "form": form,
        "warning": profile.text(profile.privacy.special_warning, language),
        "special": profile.privacy.special_categories.get(language, ()),
        "title": _("How did we do?"),
    }
    return show(request, "portal/survey/form.html", context, status=status)
