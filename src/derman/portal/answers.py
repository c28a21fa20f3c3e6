"""What an applicant does on a tracked case: adds, refuses, accepts, withdraws, takes a file."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_safe

from derman.audit import access
from derman.cases import acting, actions, files
from derman.cases.actions import CannotDo
from derman.cases.models import Case
from derman.cases.proof import has_been_told
from derman.portal import following, sending, uploads
from derman.portal.doubts import Doubt, about_text
from derman.portal.draft import Draft
from derman.portal.forms import Question, text_field
from derman.portal.page import language_of, show
from derman.portal.track import ask_again, get_or_post, granted
from derman.profile import publishing
from derman.profile.publishing import Published
from derman.profile.schema import Profile
from derman.words.kinds import Channel, ClosingReason, ContactOutcome

SANDBOX = "default-src 'none'; sandbox"


class InformationForm(Question):
    text = text_field(gettext_lazy("What do you want to add?"), required=True)

    def doubts(self, data: dict[str, Any]) -> Iterator[Doubt]:
        text = data.get("text", "")
        return about_text("text", text, profile=self.profile, language=self.language)


class RefusalForm(Question):
    text = text_field(
        gettext_lazy("What is not solved?"),
        required=True,
        missing=gettext_lazy("Write what is not solved, so that we look at it again."),
    )


class ConfirmForm(Question):
    """Nothing to fill in: the button is the answer."""


@dataclass(frozen=True)
class Answer:
    """One thing that an applicant may say, and what it does."""

    key: str
    form: type[Question]
    is_possible: Callable[[Case, Profile, datetime], bool]
    act: Callable[[Case, str, datetime, Published], None]


def _hear(case: Case, text: str, at: datetime, profile: Published) -> None:
    actions.hear(case, text, by=None, at=at, profile=profile)


def _refuse(case: Case, text: str, at: datetime, profile: Published) -> None:
    if not following.may_refuse(case, profile.profile, at=at):
        raise CannotDo(_("The time for this has passed. Please send a new report."))
    actions.reopen(case, text, by=None, at=at, profile=profile)


def _accept(case: Case, text: str, at: datetime, profile: Published) -> None:
    if not has_been_told(case, profile.profile):  # they read it here, and say so
        actions.contact(
            case,
            channel=Channel.WEB,
            outcome=ContactOutcome.REACHED,
            by=None,
            at=at,
            profile=profile,
        )
    if not acting.is_missing(case, profile.profile):
        actions.close(case, by=None, at=at, profile=profile)
    elif case.silent_at is not None:  # told once that somebody has to plan it
        actions.ask_for_action(case, at=at, profile=profile)


def _withdraw(case: Case, text: str, at: datetime, profile: Published) -> None:
    actions.close_early(case, ClosingReason.WITHDRAWN, by=None, at=at, profile=profile)


INFORMATION = Answer("information", InformationForm, lambda c, p, at: following.may_add(c), _hear)
REFUSAL = Answer(
    "refusal", RefusalForm, lambda c, p, at: following.may_refuse(c, p, at=at), _refuse
)
ACCEPTANCE = Answer("acceptance", ConfirmForm, lambda c, p, at: c.state == "resolved", _accept)
WITHDRAWAL = Answer("withdrawal", ConfirmForm, lambda c, p, at: c.is_open, _withdraw)


@csrf_exempt
@never_cache
@get_or_post
def information(request: HttpRequest, number: str) -> HttpResponse:
    """Add a text and files, or answer what we asked."""
    ceiling = uploads.limit(request)  # before the token is read from the same data
    return csrf_protect(_answer)(request, number, INFORMATION, ceiling)


@never_cache
@get_or_post
def refusal(request: HttpRequest, number: str) -> HttpResponse:
    """It is not solved: the case is opened again."""
    return _answer(request, number, REFUSAL)


@never_cache
@get_or_post
def acceptance(request: HttpRequest, number: str) -> HttpResponse:
    """It is solved: the case is closed."""
    return _answer(request, number, ACCEPTANCE)


@never_cache
@get_or_post
def withdrawal(request: HttpRequest, number: str) -> HttpResponse:
    """The applicant takes the report back."""
    return _answer(request, number, WITHDRAWAL)


@never_cache
@require_safe
def attachment(request: HttpRequest, number: str, file: str) -> HttpResponse | FileResponse:
    """A file of the applicant or a letter of ours, to be saved and never to be run."""
    at = timezone.now()
    case, is_open = granted(request, number, at)
    if case is None or not is_open:
        return ask_again(number)
    try:
        found = case.attachments.filter(following.READABLE, pk=uuid.UUID(file)).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    try:
        opened = files.open_file(found.pk)
    except FileNotFoundError:
        raise Http404 from None
    access.record(case.applicant_id, what="track.file", about=case.number, by=None, at=at)
    response = FileResponse(
        opened,
        as_attachment=True,
        filename=found.name,
        content_type=found.mime,
    )
    response["Content-Length"] = str(found.size)
    response["Content-Security-Policy"] = SANDBOX
    return response


def _answer(
    request: HttpRequest, number: str, answer: Answer, ceiling: uploads.Ceiling | None = None
) -> HttpResponse:
    at = timezone.now()
    case, is_open = granted(request, number, at)
    if case is None:
        return ask_again(number)
    published = publishing.current()
    if not is_open and following.reachable(case, published.profile).addresses:
        return redirect("portal:code", number)
    page = _Page(request, case, answer, published, is_open)
    if request.method == "POST":
        return page.take(at, ceiling)
    if not answer.is_possible(case, published.profile, at):
        return redirect("portal:case", number)
    return page.show(at)


@dataclass(frozen=True)
class _Page:
    """The page on which one answer is given."""

    request: HttpRequest
    case: Case
    answer: Answer
    published: Published
    is_open: bool

    def form(self, data: Any = None) -> Question:
        profile = self.published.profile
        return self.answer.form(data, draft=Draft(), profile=profile, language=language_of(profile))

    def take(self, at: datetime, ceiling: uploads.Ceiling | None) -> HttpResponse:
        """Check, act once, and show the case again."""
        form = self.form(self.request.POST)
        sent = self.request.FILES.getlist("attachments") if ceiling else []
        problems = _problems(sent, ceiling)
        if not form.is_valid() or problems:
            return self.show(at, form, problems, status=422)
        try:
            sending.once(
                self.request, self.request.POST.get("nonce", ""), self._act(form, sent, at)
            )
        except sending.Expired:
            return ask_again(self.case.number)
        except CannotDo as reason:
            return self.show(at, form, [str(reason)], status=409)
        told = reverse("portal:case", args=[self.case.number])
        return redirect(f"{told}?told={self.answer.key}")

    def _act(self, form: Question, sent: list[Any], at: datetime) -> Callable[[], None]:
        def act() -> None:
            # As it stands now, held: what staff did meanwhile is no reason to refuse an applicant.
            held = Case.objects.select_for_update(of=("self",)).select_related("applicant")
            case = held.get(pk=self.case.pk)
            self.answer.act(case, form.cleaned_data.get("text", ""), at, self.published)
            for upload in sent:
                actions.attach(
                    case,
                    upload,
                    name=upload.name or "",
                    by=None,
                    at=at,
                    profile=self.published,
                )

        return act

    def show(
        self,
        at: datetime,
        form: Question | None = None,
        problems: list[str] | None = None,
        *,
        status: int = 200,
    ) -> HttpResponse:
        profile = self.published.profile
        language = language_of(profile)
        question = ""
        if self.is_open and self.answer is INFORMATION:
            question = following.look_into(self.case, what="track.question", at=at).question
        context = {
            "case": self.case,
            "form": form or self.form(),
            "problems": problems or [],
            "nonce": self.request.POST.get("nonce") or uuid.uuid4().hex,
            "question": question if self.case.state == "awaiting_applicant" else "",
            "most": files.MOST,
            "warning": profile.text(profile.privacy.special_warning, language),
            "special": profile.privacy.special_categories.get(language, ()),
            "until": following.heard_until(self.case, profile),
        }
        template = f"portal/track/{self.answer.key}.html"
        return show(self.request, template, context, status=status)


def _problems(sent: list[Any], ceiling: uploads.Ceiling | None) -> list[str]:
    """What is wrong with the files, each by its name; nothing is taken while one is."""
    if ceiling is None:
        return []
    refused = [(name, str(files.Refused("too_large"))) for name in ceiling.too_large]
    if len(sent) > files.MOST:
        said = _("You can send at most {most} files at once.")
        refused.append(("", said.format(most=files.MOST)))
    for upload in sent[: files.MOST]:
        try:
            uploads.check(upload)
        except files.Refused as reason:
            refused.append((upload.name, str(reason)))
    return [f"{name}: {why}" if name else why for name, why in refused]
