"""The end of a report: check the answers, send them, read the number."""

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from derman.cases.actions import CannotDo
from derman.cases.models import Case
from derman.outbox.wording import tracking_link
from derman.portal import draft as drafts
from derman.portal import forms, grants, guessing, sending, steps, uploads
from derman.portal.draft import Draft
from derman.portal.page import show
from derman.portal.report import Report
from derman.profile import publishing
from derman.profile.schema import Profile
from derman.words.events import EventType
from derman.words.kinds import Language, ReplyChannel

# Where an answer is changed that the case could not take.
STEP_OF = {"topic": "topic", "description": "description", "proposal": "proposal"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """All answers on one page, each with a way to change it; then they are sent."""
    if request.method == "POST":
        return _send(request)
    report = Report.of(request)
    following = steps.next_open(report.draft, report.profile)
    if following is not None:
        return redirect(following.url)
    return _show(request, report)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def done(request: HttpRequest) -> HttpResponse:
    """The number, the key, what happens next and when; the same however often it is loaded.

    On a device that others use, the button makes it forget all that was done here.
    """
    if request.method == "POST":
        uploads.clear(Draft.load(request.session))
        for name in (sending.SENT, sending.ANSWERED, drafts.NAME, grants.NAME):
            request.session.pop(name, None)
        return redirect("portal:home")
    made = sending.latest(request.session)
    case = Case.objects.filter(pk=made).first() if made else None
    if case is None:
        return redirect("portal:report")
    profile = publishing.current().profile
    link = tracking_link(case)
    context = {
        "case": case,
        "link": link,
        "qr": segno.make(link, error="m").svg_data_uri(scale=4, border=2, light="#ffffff"),
        "is_written": any(
            notice.on == EventType.OPENED and notice.to == "applicant" for notice in profile.notices
        )
        and case.acknowledge_due_at is not None,
        "expected_at": case.promised_at or case.due_at,
    }
    return show(request, "portal/report/done.html", context)


def _send(request: HttpRequest) -> HttpResponse:
    nonce = request.POST.get("nonce", "")
    at = timezone.now()
    limits = guessing.of_reports(request)
    if too_often := guessing.refusal(request, limits, at):
        return too_often  # the draft stays
    try:
        sending.send(request, nonce, at=at, profile=publishing.current())
    except sending.Expired:
        return show(request, "portal/report/expired.html", status=410)
    except FileNotFoundError:  # swept meanwhile
        return _files_gone(request)
    except CannotDo as reason:
        report = Report.of(request)
        url = steps.find(STEP_OF.get(reason.field, ""))
        return _show(request, report, problem=str(reason), change=url.url if url else "")
    guessing.count(limits, at)
    return redirect("portal:done")


def _files_gone(request: HttpRequest) -> HttpResponse:
    report = Report.of(request)
    report.draft.uploads.clear()
    report.draft.save(request.session)
    said = _("The files you chose were kept for a day and are gone. Choose them again, or go on.")
    return _show(request, report, problem=said, change=steps.STEPS[5].url)


def _show(
    request: HttpRequest, report: Report, *, problem: str = "", change: str = ""
) -> HttpResponse:
    context = {
        "draft": report.draft,
        "rows": rows(report),
        "problem": problem,
        "change": change,
        "secret": forms.is_secret(report.draft, report.profile),
        "reachable": bool(forms.ways_to_answer(report.draft)),
        "back": steps.before(None, report.draft, report.profile),
    }
    status = 409 if problem else 200
    return show(request, "portal/report/check.html", context, status=status)


def rows(report: Report) -> list[dict[str, str]]:
    """What was answered, page by page, with the address to change it at."""
    said, profile, language = report.draft.get, report.profile, report.language
    topic = profile.topic(said("topic"))
    region = profile.organisation.regions.get(said("region"))
    answers = {
        "topic": profile.text(topic.label, language) if topic else "",
        "place": _lines(profile.text(region.label, language) if region else "", said("place")),
        "description": said("description"),
        "proposal": said("proposal"),
        "attachments": _lines(*(upload["name"] for upload in report.draft.uploads)),
        "secrecy": _label(forms.SecrecyForm, "secret_reporter", said("secret_reporter")),
        "contact": _lines(said("name"), said("phone"), said("email")),
        "account": _lines(
            _account_number(profile, said("account_number")),
            _named(_("Identity number"), said("tckn")),
            _label(forms.AccountForm, "relation", said("relation")),
        ),
        "reply": _(ReplyChannel(said("reply_channel")).label) if said("reply_channel") else "",
    }
    names = _names(profile, language)
    return [
        {"name": names[step.key], "said": answers[step.key], "url": step.url, "key": step.key}
        for step in steps.needed(report.draft, profile)
        if step.key in answers
    ]


def _names(profile: Profile, language: Language) -> dict[str, str]:
    words = profile.forms.account
    return {
        "topic": _("Topic"),
        "place": _("Place"),
        "description": _("What happened"),
        "proposal": _("Your proposal"),
        "attachments": _("Files"),
        "secrecy": _("Keep your name secret"),
        "contact": _("How to reach you"),
        "account": profile.text(words.label, language) if words else _("Account"),
        "reply": _("How we answer you"),
    }


def _account_number(profile: Profile, number: str) -> str:
    """The number; where the organisation names it itself, its name is that of the whole answer."""
    return number if profile.forms.account else _named(_("Contract account number"), number)


def _label(form: type[forms.Question], field: str, value: str) -> str:
    choices = dict(form.base_fields[field].choices)  # type: ignore[attr-defined]
    return str(choices.get(value, ""))


def _named(name: str, value: str) -> str:
    return f"{name}: {value}" if value else ""


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)
