"""The pages of a report: one question each, check answers, confirmation."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from derman.cases import files
from derman.lib.prose import blocks
from derman.people import notices
from derman.portal import forms, guessing, steps, topics, uploads
from derman.portal.draft import Draft, forget
from derman.portal.page import language_of, show
from derman.portal.steps import Step
from derman.profile import publishing
from derman.profile.schema import Profile
from derman.words.kinds import Channel, Language

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Report:
    """The draft of this session, and what its pages need to know."""

    draft: Draft
    profile: Profile
    language: Language

    @classmethod
    def of(cls, request: HttpRequest) -> "Report":
        profile = publishing.current().profile
        return cls(Draft.load(request.session), profile, language_of(profile))

    def form(self, step: Step, data: Any = None) -> forms.Question:
        """The step's form, with what was answered before."""
        assert step.form is not None  # noqa: S101  (attachments have their own view)
        return step.form(
            data,
            initial=self.draft.answers,
            draft=self.draft,
            profile=self.profile,
            language=self.language,
        )

    def go_on(self, request: HttpRequest) -> HttpResponseRedirect:
        """Keep the draft and show the next page; says so when the one before had expired."""
        posted = request.POST.get("draft", "")
        if posted and posted != self.draft.nonce:
            self.draft.expired = True
        self.draft.save(request.session)
        following = steps.next_open(self.draft, self.profile)
        return redirect(following.url if following else "portal:check")


@never_cache
@get_or_post
def start(request: HttpRequest) -> HttpResponse:
    """The first question: an emergency is caught before the form (row G2)."""
    web = publishing.current().profile.channels.get(Channel.WEB)
    if web is not None and not web.enabled:
        return redirect("portal:home")
    report = Report.of(request)
    if "discard" in request.POST:  # somebody else began a report on this device
        uploads.clear(report.draft)
        forget(request.session)
        return redirect("portal:report")
    if not topics.emergencies(report.profile):
        return redirect("portal:step", "topic")
    return _page(request, report, steps.STEPS[0])


@never_cache
@get_or_post
def step(request: HttpRequest, key: str) -> HttpResponse:
    """One question of the report."""
    found = steps.find(key)
    if found is None or found.form is None or found.key == "emergency":
        raise Http404
    return _page(request, Report.of(request), found)


@never_cache
@get_or_post
def topic(request: HttpRequest, main: str) -> HttpResponse:
    """The topics under one main topic."""
    report = Report.of(request)
    groups = {group.key: group for group in topics.offered(report.profile, report.language)}
    if main not in groups:
        raise Http404
    return _page(request, report, steps.STEPS[1], group=groups[main])


@require_safe
def emergency(request: HttpRequest) -> HttpResponse:
    """The number to call, and what to do until help comes. The report ends here."""
    profile = publishing.current().profile
    language = language_of(profile)
    known = dict(topics.emergencies(profile))
    chosen = known.get(request.GET.get("topic", "")) or next(iter(known.values()), None)
    script = profile.text(chosen.script, language) if chosen and chosen.script else ""
    return show(request, "portal/report/call.html", {"script": blocks(script)})


def _page(request: HttpRequest, report: Report, step: Step, **more: Any) -> HttpResponse:
    if request.method == "POST":
        form = report.form(step, request.POST)
        if not form.is_valid():
            return _show(request, report, step, form, status=422, **more)
        return _take(request, report, step, form)
    return _not_yet(report, step) or _show(request, report, step, report.form(step), **more)


def _not_yet(report: Report, step: Step) -> HttpResponse | None:
    """To the question that comes first, when this page is not reached yet."""
    following = steps.next_open(report.draft, report.profile)
    if following is None or steps.is_reached(step, report.draft, report.profile):
        return None
    return redirect(following.url)


def _take(
    request: HttpRequest, report: Report, step: Step, form: forms.Question
) -> HttpResponseRedirect:
    answers = {name: value or "" for name, value in form.cleaned_data.items()}
    if answers.get("emergency") == "yes":
        return redirect("portal:emergency")
    chosen = topics.find_offered(answers.get("topic", ""), report.profile)
    if chosen is not None and chosen.emergency:
        stop = redirect("portal:emergency")
        stop["Location"] += f"?topic={answers['topic']}"
        return stop
    report.draft.take(step.key, answers)
    if step.key == "contact":
        shown = notices.shown(report.profile, report.language, at=timezone.now())
        report.draft.notice = shown.pk
    return report.go_on(request)


def _show(
    request: HttpRequest,
    report: Report,
    step: Step,
    form: forms.Question,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "form": form,
        "draft": report.draft,
        "back": steps.before(step, report.draft, report.profile),
        **_extra(step, report),
        **more,
    }
    return show(request, f"portal/report/{step.key}.html", context, status=status)


def _extra(step: Step, report: Report) -> dict[str, object]:
    """What single pages show beside their question."""
    profile, language = report.profile, report.language
    privacy = profile.privacy
    if step.key == "emergency":
        known = [profile.text(t.label, language) for _key, t in topics.emergencies(profile)]
        return {"examples": known}
    if step.key == "topic":
        return {"groups": topics.offered(profile, language)}
    if step.key in ("description", "proposal"):
        categories = privacy.special_categories.get(language, ())
        return {"warning": profile.text(privacy.special_warning, language), "special": categories}
    if step.key == "contact":
        notice = blocks(profile.text(privacy.notice, language))
        return {"notice": notice, "secret": forms.is_secret(report.draft, profile)}
    return {}


@csrf_exempt
@never_cache
@get_or_post
def attachments(request: HttpRequest) -> HttpResponse:
    """Files to send along. The ceiling stands before the token is read from the same data."""
    return _attachments(request, uploads.limit(request))


@csrf_protect
def _attachments(request: HttpRequest, ceiling: uploads.Ceiling) -> HttpResponse:
    report = Report.of(request)
    draft = report.draft
    found = steps.find("attachments")
    assert found is not None  # noqa: S101
    if request.method != "POST":
        return _not_yet(report, found) or _show_files(request, report, [])
    limits, at = guessing.of_files(request), timezone.now()
    if request.FILES and (too_often := guessing.refusal(request, limits, at)):
        return too_often
    for _file in request.FILES.getlist("attachments"):
        guessing.count(limits, at)
    refused = _take_files(request, report, ceiling)
    uploads.drop(draft, request.POST.get("remove", ""))
    if refused or "remove" in request.POST or "add" in request.POST:
        draft.save(request.session)
        if refused:
            return _show_files(request, report, refused)
        return redirect("portal:attachments")
    draft.take("attachments", {})
    return report.go_on(request)


def _take_files(
    request: HttpRequest, report: Report, ceiling: uploads.Ceiling
) -> list[tuple[str, str]]:
    """Keep what was chosen; return the names of those refused, with why."""
    chosen = request.FILES.getlist("attachments")
    refused = [(name, str(files.Refused("too_large"))) for name in ceiling.too_large]
    for upload in chosen:
        if len(report.draft.uploads) >= files.MOST:
            said = _("You can send at most {most} files. Take one out first.")
            refused.append((upload.name or "", said.format(most=files.MOST)))
            continue
        try:
            uploads.keep(report.draft, upload)
        except files.Refused as reason:
            refused.append((upload.name or "", str(reason)))
    return refused


def _show_files(
    request: HttpRequest, report: Report, refused: list[tuple[str, str]]
) -> HttpResponse:
    context = {
        "draft": report.draft,
        "refused": refused,
        "most": files.MOST,
        "is_full": len(report.draft.uploads) >= files.MOST,
        "back": steps.before(steps.find("attachments"), report.draft, report.profile),
    }
    return show(request, "portal/report/attachments.html", context, status=422 if refused else 200)
