"""The call page: one page, filled in while somebody talks, and the number to read aloud.

Every button sends the whole page and says in `do` what is meant, so that it works without scripts;
with them, htmx asks the same and takes the parts that changed.
"""

import uuid
from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from derman.cases import actions
from derman.cases.models import Case
from derman.cases.permissions import find_case
from derman.desk import frame
from derman.desk.customers import lookup
from derman.desk.customers.lookup import Asked
from derman.desk.frame import DeskRequest
from derman.desk.register import adding, repeats
from derman.desk.register.filing import AlreadySent, file_case
from derman.desk.register.form import RegisterForm, typed
from derman.desk.register.sheet import Sheet
from derman.desk.verbs import drafts
from derman.lib import masks
from derman.outbox import expansion
from derman.outbox.models import Message
from derman.outbox.recipients import applicant
from derman.words.events import EventType
from derman.words.kinds import Channel, ReplyChannel
from derman.words.life import Verb
from derman.words.loop import ApprovalState
from derman.words.rights import Role
from derman.workplace import drafts as store
from derman.workplace.models import Draft

SENDS = ("", "register", "answer")
DRAFT = "register"
TOLD = ("name", "phone", "lookup", "account_number", "description", "text")  # worth keeping


@require_http_methods(["GET", "POST"])
@frame.page(verb=Verb.OPEN)
def register(request: DeskRequest) -> HttpResponse:
    """Look somebody up, choose a topic, or register what was said."""
    if request.method == "GET":
        return _go_on(request) if "kept" in request.GET else _begin(request)
    do = request.POST.get("do", "")
    if do in (drafts.KEEP, drafts.DISCARD):
        return _draft(request, do)
    sheet = _read(request, request.POST)
    if adding.is_asked(do):
        return _add(sheet, do)
    if do in SENDS and "pick" not in request.POST:
        answered = do == "answer" or (not do and bool(request.POST.get("text", "").strip()))
        return _send(sheet, answered=answered)
    values = typed(request.POST)
    if "pick" in request.POST or do == "look_up":
        values |= _look_up(sheet)
    elif do == "forget":
        sheet.picked = None
    elif do == "calm":
        sheet.is_emergency, sheet.topic_key, values["topic"] = False, "", ""
    return _page(sheet, _form(sheet, initial=values), again=True)


@require_GET
@frame.page(verb=Verb.READ)
def registered(request: DeskRequest, number: str) -> HttpResponse:
    """The number, fit to be read aloud, what was promised, and what will be sent."""
    case = find_case(request.user, number, verb=Verb.READ, what="registered", at=request.at)
    sheet = Sheet(request, topic_key=case.topic, region=case.region, language=case.language)
    context = {
        "case": case,
        "topic": sheet.labels.topic(case.topic),
        "sheet": sheet,
        "previews": _previews(case, request),
        "can_be_written_to": bool(applicant(case, request.profile.profile).addresses),
        "answer_waits": case.approvals.filter(state=ApprovalState.WAITING).exists(),
    }
    return frame.render(request, "desk/register_done.html", context)


def _read(request: DeskRequest, post: Mapping[str, str]) -> Sheet:
    sheet = Sheet(
        request,
        topic_key=post.get("topic", ""),
        region=post.get("region", ""),
        language=post.get("language", ""),
        picked=lookup.read_choice(post.get("customer", ""), request.user),
    )
    topic = request.profile.profile.leaves().get(sheet.topic_key)
    asked = post.get("emergency") or post.get("do") == "emergency"
    sheet.is_emergency = bool(asked or (topic and topic.emergency))
    if sheet.is_emergency and not sheet.topic_key and sheet.emergency_topics:
        sheet.topic_key = sheet.emergency_topics[0][0]
    return sheet


def _add(sheet: Sheet, do: str) -> HttpResponse:
    """Take the call into a case that is there already, and show it."""
    post = sheet.request.POST
    form = _form(sheet, data=post, accepted=post.get("accepted", ""))
    if not adding.is_fit(form):
        return _page(sheet, form, again=True, status=422)
    try:
        case = adding.add(sheet, do, form, post.get("nonce", ""))
    except actions.CannotDo as reason:
        form.add_error(reason.field if reason.field in form.fields else None, str(reason))
        return _page(sheet, form, again=True, status=422)
    messages.success(sheet.request, _("The call was added to this case."))
    if post.get("kept"):
        store.discard(sheet.request.user, None, DRAFT)
    return redirect("desk:case", case.number)


def _draft(request: DeskRequest, do: str) -> HttpResponse:
    """Keep the call as it was typed so far, or forget the one that was kept."""
    names = (*RegisterForm.base_fields, "customer")
    words = {name: request.POST.get(name, "") for name in names}
    kept = None
    if do == drafts.KEEP and any(words[name].strip() for name in TOLD):
        kept = store.keep(request.user, None, DRAFT, words, at=request.at)
    else:
        store.discard(request.user, None, DRAFT)
    if drafts.is_bar(request):
        return drafts.bar(request, kept)
    drafts.tell(request, kept)
    return redirect("desk:register")


def _begin(request: DeskRequest) -> HttpResponse:
    """An empty page for the next call."""
    sheet = Sheet(request, is_emergency="emergency" in request.GET)
    values = _beginning(request)
    if signed := request.GET.get("customer", ""):  # from the page of a customer
        sheet.picked = lookup.pick(signed, by=request.user, at=request.at)
        values |= _on_file(sheet)
    return _page(sheet, _form(sheet, initial=values))


def _go_on(request: DeskRequest) -> HttpResponse:
    """The call that was kept, as far as it was typed."""
    kept = store.find(request.user, None, DRAFT)
    if kept is None:
        return redirect("desk:register")
    words = drafts.initial(kept)
    sheet = _read(request, words)
    return _page(sheet, _form(sheet, initial=words), again=True, kept=kept)


def _look_up(sheet: Sheet) -> dict[str, str]:
    """Find who is meant and put them on the sheet; return the fields that this fills in."""
    request = sheet.request
    signed = request.POST.get("pick", "")
    if signed:
        sheet.picked = lookup.pick(signed, by=request.user, at=request.at)
    else:
        sheet.found = lookup.look_up(request.POST.get("lookup", ""), by=request.user, at=request.at)
        sheet.picked = sheet.found.only
    return _on_file(sheet) if sheet.picked else _by_hand(sheet, request.POST)


def _on_file(sheet: Sheet) -> dict[str, str]:
    """What the file of the picked customer fills in."""
    if sheet.picked is None:
        return {}
    filled = {"relation": sheet.picked.relation}
    if account := sheet.picked.account:
        filled |= {"account_number": account.number, "region": account.region}
        sheet.region = account.region
    if language := sheet.picked.customer.language:
        filled["language"] = sheet.language = language
    return filled


def _by_hand(sheet: Sheet, post) -> dict[str, str]:
    """Nobody found: what was typed goes where it belongs, so that nothing is asked twice."""
    fields = {
        Asked.ACCOUNT: "account_number",
        Asked.TCKN: "tckn",
        Asked.PHONE: "phone",
        Asked.EMAIL: "email",
        Asked.NAME: "name",
    }
    name = fields.get(sheet.found.asked)
    fits = name and not sheet.found.candidates and not post.get(name)
    return {name: post.get("lookup", "")} if name and fits else {}


def _send(sheet: Sheet, *, answered: bool) -> HttpResponse:
    if answered and not sheet.may_answer:
        raise PermissionDenied
    request = sheet.request
    data = request.POST.copy()
    if sheet.is_emergency and not data.get("description", "").strip() and sheet.topic_key:
        data["description"] = sheet.labels.topic(sheet.topic_key)
    form = _form(sheet, data=data, accepted=data.get("accepted", ""), answers=answered)
    if form.is_valid() and not sheet.is_emergency:
        _ask_once(sheet, form)
    if form.is_valid():
        try:
            case = file_case(sheet, form, data.get("nonce", ""), answered=answered)
        except AlreadySent as sent:
            return _already(sheet, form, sent)
        except actions.CannotDo as reason:
            form.add_error(reason.field if reason.field in form.fields else None, str(reason))
        else:
            return _registered(sheet, case)
    return _page(sheet, form, again=True, status=422)


def _registered(sheet: Sheet, case: Case) -> HttpResponse:
    """On to the number; what was kept of this very call is not needed any more."""
    if sheet.request.POST.get("kept"):
        store.discard(sheet.request.user, None, DRAFT)
    return redirect("desk:registered", case.number)


def _ask_once(sheet: Sheet, form: RegisterForm) -> None:
    """What is said once and taken the second time."""
    if words := sheet.alarm_in(form.cleaned_data["description"]):
        text = _("“%(words)s” sounds like an emergency. If it is one, press Emergency.")
        form.warn("description", words, text % {"words": words})
    if sheet.picked is None:
        form.warn_by_hand()


def _form(sheet: Sheet, **given) -> RegisterForm:
    return RegisterForm(
        profile=sheet.profile, insists=not sheet.is_emergency, on_file=sheet.on_file, **given
    )


def _page(
    sheet: Sheet,
    form: RegisterForm,
    *,
    again: bool = False,
    status: int = 200,
    kept: Draft | None = None,
) -> HttpResponse:
    request = sheet.request
    waiting = None if kept or again else store.find(request.user, None, DRAFT)
    context = {
        "kept": kept,
        "waiting": waiting,  # another call that was kept; this one does not write over it
        "keeps": not waiting and (not again or bool(kept or request.POST.get("kept"))),
        "sheet": sheet,
        "repeats": repeats.near(sheet),
        "form": form,
        "again": again,
        "nonce": request.POST.get("nonce") or uuid.uuid4().hex,
        "accepted": "|".join({*form.accepted, *form.warned}),
    }
    template = "desk/register_emergency.html" if sheet.is_emergency else "desk/register.html"
    response = frame.render(request, template, context, status)
    if request.htmx and sheet.is_emergency != ("emergency" in request.POST):
        # The whole page changes its shape, not only the part that was asked for.
        response["HX-Retarget"] = response["HX-Reselect"] = "#call"
    return response


def _already(sheet: Sheet, form: RegisterForm, sent: AlreadySent) -> HttpResponse:
    """Lead to the case that this page made; say so when something else stands on it now."""
    if sent.number:
        if sent.changed:
            text = _("This page was registered before, as this case. The case was not changed.")
            messages.warning(sheet.request, text)
        return redirect("desk:registered", sent.number)
    form.add_error(None, _("This call is being registered. Please look at the list in a moment."))
    return _page(sheet, form, again=True, status=409)


def _beginning(request: DeskRequest) -> dict[str, str]:
    """What most calls are, so that nobody has to say it."""
    roles = {post.role for post in request.user.posts}
    channel = Channel.PHONE
    if roles <= {Role.CLERK}:
        channel = Channel.BRANCH
    elif roles <= {Role.REGISTRY}:
        channel = Channel.LETTER
    return {
        "channel": channel,
        "reply_channel": ReplyChannel.PHONE,
        "relation": "holder",
        "language": request.profile.profile.organisation.language,
        "lookup": request.GET.get("lookup", "")[:200],
    }


def _previews(case: Case, request: DeskRequest) -> list[tuple[Message, str]]:
    """What the applicant is sent about the registration, as it will be written."""
    events = case.events.filter(type__in=[EventType.OPENED, EventType.RESOLVED]).order_by("id")
    return [
        (message, _masked(message))
        for event in events
        for message in expansion.messages_for(event, request.at)
        if message.recipient == "applicant"
    ]


def _masked(message: Message) -> str:
    is_sms = message.channel == "sms"
    return masks.mask_phone(message.address) if is_sms else masks.mask_email(message.address)
