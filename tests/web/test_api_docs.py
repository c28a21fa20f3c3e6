"""The pages for developers: every line of shell is run, and nothing that exists is left out."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from standardwebhooks import Webhook as Signer

from derman.accounts import tokens
from derman.api.v1.filters import Filters
from derman.api.webhooks import hooks, messages
from derman.api.webhooks.messages import WebhookCase, WebhookHeaders
from derman.words.kinds import EARLY_CLOSING, ClosingReason
from derman.words.life import State, Verb, is_possible
from derman.words.rights import Role
from tests.factories import published

VERBS = {
    "tasks": Verb.REFER,
    "tasks/{task_id}/start": Verb.START_TASK,
    "tasks/{task_id}/answer": Verb.ANSWER_TASK,
    "contacts": Verb.CONTACT,
    "replies": Verb.REPLY,
    "ask": Verb.ASK,
    "offers": Verb.OFFER,
    "offers/{offer_id}/accept": Verb.ACCEPT,
    "offers/{offer_id}/refuse": Verb.REFUSE,
    "outcome": Verb.OUTCOME,
    "approvals/{approval_id}/approve": Verb.APPROVE,
    "approvals/{approval_id}/decline": Verb.APPROVE,
    "actions": Verb.PLAN_ACTION,
    "actions/{action_id}/done": Verb.DO_ACTION,
    "reopen": Verb.REOPEN,
    "notes": Verb.NOTE,
}
DOCS = Path(__file__).resolve().parents[2] / "docs"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
API = (DOCS / "api.md").read_text(encoding="utf-8")
WEBHOOKS = (DOCS / "webhooks.md").read_text(encoding="utf-8")


def blocks(text, *kinds):
    return [(kind, body) for kind, body in BLOCK.findall(text) if kind in kinds]


def fits(shown, said):
    """Whether the answer holds what the page shows; an ellipsis stands for anything."""
    if isinstance(shown, dict):
        return all(key in said and fits(value, said[key]) for key, value in shown.items())
    if isinstance(shown, list):
        return len(said) >= len(shown) and all(map(fits, shown, said))
    return (shown == "…" and bool(said)) or shown == said


class Shell:
    """Runs one block after the other and remembers what the page says to remember."""

    def __init__(self, address, token):
        self.variables = {**os.environ, "DERMAN": address, "TOKEN": token}
        self.functions = ""

    def run(self, lines):
        if lines.startswith("api()"):
            self.functions = lines.rpartition("\napi ")[0]
            lines = lines.removeprefix(self.functions)
        done = subprocess.run(
            ["bash", "-euc", f"{self.functions}\n{lines}"],
            env=self.variables,
            capture_output=True,
            timeout=60,
            check=True,
        )
        said = json.loads(done.stdout)
        if "number" in said:
            self.variables |= {"NUMBER": said["number"], "VERSION": str(said["version"])}
            for name in ("task", "offer", "action"):
                for one in said[f"{name}s"]:
                    self.variables[name.upper()] = one["id"]
        return said


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("bash")), reason="the page needs bash and curl"
)
def test_every_line_of_the_first_hour_does_what_it_says(live_server):
    published()
    token = tokens.add("shop", Role.ADMIN, at=timezone.now())
    shell, said = Shell(live_server.url, token), None

    for kind, body in blocks(API, "sh", "json"):
        if kind == "sh":
            said = shell.run(body)
        else:
            assert fits(json.loads(body), said), (body, said)
    assert {"TASK", "OFFER", "ACTION"} <= shell.variables.keys()


def test_the_page_names_every_filter_and_every_operation():
    for name in Filters.model_fields:
        assert f"`{name}`" in API, name
    for path in Client().get("/api/v1/openapi.json").json()["paths"]:
        short = path.removeprefix("/api/v1/").removeprefix("cases/{number}/")
        assert f"`{short}`" in API or f"api {short}" in API or "{number}" in path[-8:], path


def test_the_page_names_the_states_in_which_each_write_is_possible():
    document = Client().get("/api/v1/openapi.json").json()
    rows = re.findall(r"^\| `([a-z_/{}]+)` \| (.*) \| (.*) \|$", API, re.MULTILINE)
    named = {path: (body, states) for path, body, states in rows if path != "close"}
    written = {path.partition("{number}/")[2] for path in document["paths"]} - {"", "close"}
    assert written == named.keys()
    for path, (_body, states) in named.items():
        verb = VERBS[path]
        assert {state for state in State if is_possible(verb, state)} == said(states), path

    closing = {body: said(states) for path, body, states in rows if path == "close"}
    for reason in ClosingReason:
        verb = Verb.CLOSE_EARLY if reason in EARLY_CLOSING else Verb.CLOSE
        [states] = [states for body, states in closing.items() if f"`{reason}`" in body]
        assert {state for state in State if is_possible(verb, state)} == states, reason


def said(states):
    """The states that a cell of the page names."""
    named = {State(name) for name in re.findall(r"`([a-z_]+)`", states)}
    return {*State} - named if states.startswith("any") else named


def test_the_page_names_every_type_and_every_field_of_a_message():
    for name in [*messages.TYPES.values(), messages.PING]:
        assert f"`{name}`" in WEBHOOKS, name
    for field in WebhookHeaders.model_fields.values():
        assert f"`{field.alias}`" in WEBHOOKS, field.alias
    [(_, shown)] = blocks(WEBHOOKS, "json")
    assert set(json.loads(shown)["data"]) == set(WebhookCase.model_fields)
    messages.WebhookMessage.model_validate_json(shown)


def test_the_receiver_of_the_page_believes_us_and_nobody_else(monkeypatch, capsys):
    secret, at = hooks.new_secret(), timezone.now()
    monkeypatch.setenv("DERMAN_WEBHOOK_SECRET", secret)
    [(_, source)] = blocks(WEBHOOKS, "python")
    page = {}
    exec(compile(source, "docs/webhooks.md", "exec"), page)  # noqa: S102 (our own page)
    body = messages.of_trial(at)
    headers = {
        "webhook-id": "7c0d",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Signer(secret).sign("7c0d", at, body),
    }

    assert [page["take"](headers, body.encode()) for _ in range(2)] == [204, 204]
    assert capsys.readouterr().out == "ping None\n"
    assert page["take"](headers, b"{}") == 400
