"""The interface contract as another system and an operator meet it: HTTP and the command, only."""

import json
import time

import pytest
import requests

from tests.installation import PATIENCE, await_status, command, free_port, running

CASE_FIELDS = set(
    "number,follow_key,version,state,kind,channel,topic,description,proposal,unit,owner_unit,"  # noqa: SIM905
    "owner_user,priority,language,reply_channel,account_number,received_at,resolve_due_at,"
    "acknowledge_due_at,promised_at,cycle,decision,closing_reason,first_contact,events,tasks,"
    "clocks,actions,offers,messages".split(",")
)


class Site:
    """An installation, and a system that has a token for it."""

    def __init__(self, folder, port, environment):
        self.folder, self.port, self.environment = folder, port, environment
        self.root = f"http://127.0.0.1:{port}"
        made = self.command("token", "add", "billing", "--role", "admin")
        assert made.returncode == 0, made.stderr
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {made.stdout.splitlines()[-1]}"

    def command(self, *words):
        return command(self.folder, self.port, *words, **self.environment)

    def call(self, method, path, body=None, version=None, **headers):
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self.session.request(
            method, f"{self.root}/api/v1/{path}", json=body, headers=headers, timeout=PATIENCE
        )

    def sent(self, to, count):
        """The messages to this address, once there are so many."""
        end = time.monotonic() + PATIENCE
        while True:
            answer = requests.get(
                f"{self.root}/simulator/messages.json", params={"to": to}, timeout=PATIENCE
            )
            if len(answer.json()) >= count:
                return answer.json()
            assert time.monotonic() < end, f"{len(answer.json())} messages, not {count}"
            time.sleep(0.2)


@pytest.fixture
def site(tmp_path, database):
    environment = {**database, "DERMAN_DEMO": "true"}
    port = free_port()
    with running(tmp_path, port, **environment):
        ready = json.loads(await_status(port, "/readyz", 200))
        assert set(ready) == {"status", "checks", "profile"}
        assert set(ready["checks"]) == {"database", "migrations", "worker", "outbox"}
        yield Site(tmp_path, port, environment)


def leaves(topics):
    for topic in topics:
        assert set(topic) == {"key", "label", "kind", "unit", "emergency", "children"}
        yield from leaves(topic["children"]) if topic["children"] else [topic]


def test_a_case_from_first_word_to_last(site):
    document = requests.get(f"{site.root}/api/v1/openapi.json", timeout=PATIENCE).json()
    assert document["openapi"].startswith("3.1")
    topics = list(leaves(site.call("GET", "topics").json()))
    topic = next(t for t in topics if t["kind"] == "complaint" and not t["emergency"])

    body = {
        "channel": "phone",
        "kind": "complaint",
        "topic": topic["key"],
        "description": "Sayaç iki ay üst üste okunmadı.",
        "proposal": None,
        "applicant": {"name": "Ayşe Yılmaz", "phone": "0532 123 45 67"},
    }
    made = site.call("POST", "cases", body, **{"Idempotency-Key": "one"})
    assert made.status_code == 201
    case = made.json()
    assert set(case) >= CASE_FIELDS
    assert site.call("POST", "cases", body, **{"Idempotency-Key": "one"}).json() == case

    first = site.sent("+905321234567", 1)[0]
    assert set(first) == {"to", "channel", "body", "at"}
    number = case["number"]
    grouped = f"{number[:3]} {number[3:6]} {number[6:]}"
    assert grouped in first["body"]
    assert case["follow_key"] in first["body"]
    assert "Ayşe" not in first["body"]

    closed = conclude(site, number, topic["unit"])
    last = site.sent("+905321234567", 3)[-1]
    assert grouped in last["body"]
    assert "fatura" not in last["body"]
    assert [closed["events"][0]["type"], closed["events"][-1]["type"]] == ["opened", "closed"]
    follow(site, grouped, case["follow_key"])


def conclude(site, number, unit):
    """Through the unit and the call to the applicant to the end."""
    path = f"cases/{number}"
    case = site.call("GET", path).json()
    assert [clock["state"] for clock in case["clocks"] if clock["kind"] == "acknowledge"] == ["met"]
    assert site.call("POST", f"{path}/notes", {"text": "x"}).status_code == 428
    assert site.call("POST", f"{path}/notes", {"text": "x"}, 99).status_code == 412

    asked = {"unit": unit, "question": "Okuma?"}
    case = site.call("POST", f"{path}/tasks", asked, case["version"]).json()
    task = case["tasks"][0]["id"]
    case = site.call("POST", f"{path}/tasks/{task}/start", {}, case["version"]).json()
    answer = {"text": "Okundu."}
    case = site.call("POST", f"{path}/tasks/{task}/answer", answer, case["version"]).json()
    assert case["state"] == "answered"
    reached = {"channel": "phone", "outcome": "reached"}
    case = site.call("POST", f"{path}/contacts", reached, case["version"]).json()
    told = {"decision": "justified", "text": "Sayaç okundu, fatura düzeltildi."}
    case = site.call("POST", f"{path}/outcome", told, case["version"]).json()
    assert case["state"] == "resolved"

    assert [m["body"] for m in site.sent("+905321234567", 3)]
    version = site.call("GET", path).json()["version"]
    closed = site.call("POST", f"{path}/close", {"reason": "resolved"}, version).json()
    assert (closed["state"], closed["closing_reason"]) == ("closed", "resolved")
    return closed


def follow(site, number, key):
    """The applicant looks the case up, with the number as it is read aloud."""
    browser = requests.Session()
    page = browser.get(f"{site.root}/track/", timeout=PATIENCE)
    assert page.status_code == 200
    said = {
        "number": number,
        "follow_key": key.lower(),
        "csrfmiddlewaretoken": browser.cookies["csrftoken"],
    }
    found = browser.post(
        f"{site.root}/track/", said, headers={"Referer": page.url}, timeout=PATIENCE
    )
    assert found.status_code == 200
    assert f'data-number="{number.replace(" ", "")}"' in found.text
    assert 'data-state="closed"' in found.text


def test_the_command_tells_how_it_ended(site):
    listed = site.command("token", "list", "--json")
    assert [token["name"] for token in json.loads(listed.stdout)] == ["billing"]
    assert site.command("profile", "check", "gas").returncode == 0
    assert site.command("profile", "nonsense").returncode == 2
    assert site.command("token", "add", "billing", "--role", "admin").returncode == 1
    assert site.command("outbox", "pause").returncode == 0
    assert json.loads(site.command("outbox", "status", "--json").stdout)["paused_at"]
    assert site.command("outbox", "resume").returncode == 0

    other = site.command("--help")
    assert other.returncode == 0
    assert "run" in other.stdout
    site.environment["DERMAN_PROFILE"] = "telecom"
    clash = site.command("init")
    assert (clash.returncode, len(clash.stderr.splitlines())) == (3, 1)

    del site.environment["DERMAN_PROFILE"]
    assert site.command("token", "revoke", "billing").returncode == 0
    assert site.call("GET", "cases").status_code == 401
