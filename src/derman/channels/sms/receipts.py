"""Delivery reports of the gateway: a call to our address, with the secret that we gave out."""

import hmac
import re
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from derman.outbox import receipts


@csrf_exempt  # another machine calls, with a secret of its own and no cookies
@never_cache
@require_http_methods(["GET", "POST"])  # Kannel knows GET only
def receipt(request: HttpRequest) -> HttpResponse:
    """Take a report `id` (or `ref`) and `status`; what it does not know it takes as well."""
    said = {**request.GET.dict(), **request.POST.dict()}
    if not _is_allowed(said.get("token", "")):
        return _answer("no such address\n", 404)
    status = said.get("status", "").strip()
    message = receipts.find("sms", ours=_id(said.get("id", "")), ref=said.get("ref", ""))
    if message is not None:
        at = datetime.now(UTC)
        if re.search(settings.SMS_DELIVERED, status):
            receipts.delivered(message, at=at)
        elif re.search(settings.SMS_UNDELIVERED, status):
            receipts.failed(message, f"Not delivered: {status}", at=at)
    return _answer("noted\n", 200)


def _is_allowed(token: str) -> bool:
    wanted = settings.SMS_RECEIPT_TOKEN
    return bool(wanted) and hmac.compare_digest(token.encode(), wanted.encode())


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _answer(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
