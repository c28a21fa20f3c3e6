"""Another system that calls the API, and a call of every operation that it may make."""

import json
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from derman.accounts import tokens
from derman.words.rights import Role

NOBODYS = UUID(int=7)
TOPIC = "metering.reading_disputed"
OPENING = {
    "channel": "phone",
    "kind": "complaint",
    "topic": TOPIC,
    "description": "Sayaç yanlış okunmuş.",
    "applicant": {"name": "Ayşe Yılmaz", "phone": "0532 123 45 67"},
}
# The least that each operation takes; `{number}` and `{task_id}` are a case's own.
CALLS = {
    "topics": ("get", "topics", None),
    "list_cases": ("get", "cases", None),
    "read_case": ("get", "cases/{number}", None),
    "open_case": ("post", "cases", OPENING),
    "refer": ("post", "cases/{number}/tasks", {"unit": "billing", "question": "Tutar?"}),
    "start_task": ("post", "cases/{number}/tasks/{task_id}/start", {}),
    "answer_task": ("post", "cases/{number}/tasks/{task_id}/answer", {"text": "Doğru."}),
    "contact": (
        "post",
        "cases/{number}/contacts",
        {"channel": "phone", "outcome": "reached"},
    ),
    "reply": ("post", "cases/{number}/replies", {"text": "İnceliyoruz."}),
    "ask": ("post", "cases/{number}/ask", {"text": "Hangi daire?"}),
    "outcome": (
        "post",
        "cases/{number}/outcome",
        {"decision": "justified", "text": "Düzeltildi."},
    ),
    "close": ("post", "cases/{number}/close", {"reason": "resolved"}),
    "reopen": ("post", "cases/{number}/reopen", {"reason": "Yine oldu."}),
    "plan_action": (
        "post",
        "cases/{number}/actions",
        {"kind": "preventive", "text": "Okuma turunda fotoğraf çekilecek."},
    ),
    "do_action": ("post", "cases/{number}/actions/{action_id}/done", {"proof": "Tur değişti."}),
    "offer": ("post", "cases/{number}/offers", {"text": "Faturayı düzeltiriz."}),
    "accept_offer": ("post", "cases/{number}/offers/{offer_id}/accept", {}),
    "refuse_offer": ("post", "cases/{number}/offers/{offer_id}/refuse", {"reason": "Az."}),
    "approve": ("post", "cases/{number}/approvals/{approval_id}/approve", {}),
    "decline": (
        "post",
        "cases/{number}/approvals/{approval_id}/decline",
        {"note": "Önce ölçüm."},
    ),
    "note": ("post", "cases/{number}/notes", {"text": "Not."}),
}


def address(path: str, case=None, **ids: object) -> str:
    """The path for this case: `ids`, or the first row that the case has of each, or nobody's."""
    known: dict[str, object] = {}
    if case is not None:
        found = {
            "task_id": case.tasks.first(),
            "action_id": case.actions.first(),
            "offer_id": case.offers.order_by("-made_at").first(),
            "approval_id": case.approvals.first(),
        }
        known = {name: row.pk if row else NOBODYS for name, row in found.items()}
        known["number"] = case.number
    return path.format(**{**known, **ids})


class System:
    """Calls with a token of one role."""

    def __init__(self, role: Role = Role.ADMIN, unit: str = "") -> None:
        self.token = tokens.add(f"{role}-{uuid4()}", role, at=timezone.now(), unit=unit)
        self.headers = {"authorization": f"Bearer {self.token}"}
        self.client = Client(headers=self.headers)

    def get(self, path: str, **query: object) -> HttpResponse:
        return self.client.get(f"/api/v1/{path}", query)

    def post(self, path: str, body: object, *, version: int | str = "", **headers: str):
        """`body` is sent as it is when it is text or bytes, else as JSON."""
        if version != "":
            headers["if-match"] = f'"{version}"' if isinstance(version, int) else version
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.client.post(
            f"/api/v1/{path}", data, content_type="application/json", headers=headers
        )

    def call(
        self,
        operation: str,
        case=None,
        *,
        task_id: object = "",
        **more,
    ) -> HttpResponse:
        """The operation with the least that it takes; `more` goes into its body."""
        verb, path, body = CALLS[operation]
        path = address(path, case, **({"task_id": task_id} if task_id else {}))
        if verb == "get":
            return self.get(path)
        version = case.version if case else ""
        return self.post(path, {**body, **more}, version=version)
