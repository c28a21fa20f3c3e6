"""Webhooks: other systems that are told what happens to cases, and what became of each message."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from derman.administration.frame import DeskRequest, page, render
from derman.api.models import Delivery, Webhook
from derman.api.webhooks import delivering, hooks, queueing
from derman.api.webhooks import messages as told
from derman.api.webhooks.targets import Forbidden
from derman.words.events import EventType
from derman.words.kinds import DeliveryState

SHOWN = 100  # deliveries on the page of a webhook


class WebhookForm(forms.Form):
    """Where another system listens, and to what."""

    name = forms.CharField(label=gettext_lazy("Name of the system"), max_length=80)
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        help_text=gettext_lazy("A public address that begins with https://."),
        widget=forms.URLInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    types = forms.MultipleChoiceField(
        label=gettext_lazy("What it is told"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Choose nothing to tell it everything."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["types"].choices = [  # type: ignore[attr-defined]
            (type_, _(EventType(fact).label)) for fact, type_ in told.TYPES.items()
        ]


@require_http_methods(["GET", "POST"])
@page()
def webhooks(request: DeskRequest) -> HttpResponse:
    """All webhooks, and the form for a new one."""
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (made := _add(form, request)):
        messages.success(request, _("The webhook is made. Copy its secret into the other system."))
        return redirect("administration:webhook", made.pk)
    context = {"current": "webhooks", "form": form, "hooks": Webhook.objects.order_by("name")}
    return render(
        request, "administration/webhooks.html", context, status=422 if form.errors else 200
    )


def _add(form: WebhookForm, request: DeskRequest) -> Webhook | None:
    said = form.cleaned_data
    try:
        with transaction.atomic():
            return hooks.add(
                said["name"], said["url"], types=said["types"], by=request.user, at=request.at
            )
    except Forbidden as reason:
        form.add_error("url", str(reason))
    except IntegrityError:
        form.add_error("name", _("Another webhook has this name. Choose a different one."))
    return None


@require_safe
@page()
def webhook(request: DeskRequest, webhook_id: UUID) -> HttpResponse:
    """One webhook with its secret and the latest messages to it."""
    hook = _find(webhook_id)
    found = Delivery.objects.filter(webhook=hook).select_related("event__case")
    wanted = request.GET.get("state", "")
    if wanted in set(DeliveryState):
        found = found.filter(state=wanted)
    context = {
        "current": "webhooks",
        "hook": hook,
        "deliveries": [_line(row) for row in found.order_by("-created_at", "-id")[:SHOWN]],
        "states": [(state, _(state.label)) for state in DeliveryState],
        "state": wanted,
        "off_reason": _(hook.get_off_reason_display()) if hook.off_at else "",
        "shown": SHOWN,
    }
    return render(request, "administration/webhook.html", context)


def _line(delivery: Delivery) -> dict[str, Any]:
    fact = delivery.type.removeprefix("case.")
    known = fact in set(EventType)
    return {
        "delivery": delivery,
        "what": _(EventType(fact).label) if known else _("Trial message"),
        "state": _(DeliveryState(delivery.state).label),
        "number": delivery.event.case.number if delivery.event else "",
    }


@require_POST
@page()
def change(request: DeskRequest, webhook_id: UUID) -> HttpResponse:
    """Switch it off or on, send a trial message, or sign with a new secret."""
    hook = _find(webhook_id)
    match request.POST.get("what"):
        case "off":
            hooks.switch_off(hook, at=request.at)
            messages.success(request, _("It is told nothing now. What waits is kept."))
        case "on":
            hooks.switch_on(hook, at=request.at)
            messages.success(request, _("It is told again; what waited goes out now."))
        case "try":
            queueing.ping(hook, at=request.at)
            messages.success(request, _("A trial message is on its way. Load the page again."))
        case "secret":
            hooks.renew_secret(hook, at=request.at)
            messages.success(
                request, _("Messages carry the new signature; for one day the old one as well.")
            )
        case _other:
            raise Http404
    return redirect("administration:webhook", hook.pk)


@require_POST
@page()
def again(request: DeskRequest, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    """Send one message once more."""
    delivery = Delivery.objects.filter(pk=delivery_id, webhook=_find(webhook_id)).first()
    if delivery is None:
        raise Http404
    delivering.again(delivery, at=request.at)
    messages.success(request, _("The message goes out again."))
    return redirect("administration:webhook", webhook_id)


def _find(webhook_id: UUID) -> Webhook:
    hook = Webhook.objects.filter(pk=webhook_id).first()
    if hook is None:
        raise Http404
    return hook
