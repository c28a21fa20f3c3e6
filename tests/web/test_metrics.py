"""/metrics and the log of requests: figures about the installation, nothing about anybody."""

import json
import logging

import pytest
from django.urls import resolve
from prometheus_client.parser import text_string_to_metric_families

from derman.lib.logs import ByPattern, JsonLines
from tests import factories

pytestmark = pytest.mark.django_db


def figures(client) -> dict[str, dict[str, float]]:
    """Each family's samples by their labels."""
    text = client.get("/metrics").content.decode()
    return {
        family.name: {",".join(s.labels.values()): s.value for s in family.samples}
        for family in text_string_to_metric_families(text)
    }


@pytest.fixture
def case():
    return factories.make_case(profile=factories.published())


def test_the_figures_of_the_database(client, case):
    found = figures(client)

    assert found["derman_cases_open"] == {"received": 1}
    assert found["derman_cases_late"] == {"": 1}  # its date was in spring
    assert found["derman_outbox_paused"] == {"": 0}
    assert found["derman_worker_age_seconds"] == {"": -1}
    assert found["derman_ready"] == {"": 0}


def test_requests_are_counted_by_pattern_not_by_path(client, case):
    client.get(f"/track/?number={case.number}")
    client.get("/nowhere/ayse@example.com")

    text = client.get("/metrics").content.decode()

    assert 'route="track/"' in text
    assert 'route="none"' in text
    assert case.number not in text
    assert "ayse" not in text


@pytest.mark.parametrize("address", ["192.0.2.1", "10.1.2.3", "2001:db8::1", ""])
def test_for_others_there_is_no_such_page(client, address):
    assert client.get("/metrics", REMOTE_ADDR=address).status_code == 404


def test_an_operator_lets_a_network_in(client, settings):
    from ipaddress import ip_network

    settings.METRICS_FROM = [ip_network("10.1.0.0/16")]
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 404


def test_a_request_is_one_line_of_keys_and_numbers(client, case, caplog):
    caplog.set_level(logging.INFO, "derman.requests")

    response = client.get(f"/track/?number={case.number}&key={case.follow_key}")

    (record,) = [one for one in caplog.records if one.name == "derman.requests"]
    line = JsonLines().format(record)
    found = json.loads(line)
    assert found["route"] == "track/"
    assert found["status"] == response.status_code
    assert found["reference"] == response["X-Request-ID"]
    assert case.number not in line
    assert case.follow_key not in line


@pytest.mark.parametrize("given", ["abcdef-123456", "0123456789abcdef0123456789abcdef"])
def test_the_proxys_reference_is_kept(client, given):
    assert client.get("/healthz", HTTP_X_REQUEST_ID=given)["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["short", "a" * 65, "two words and more", "abc\r\nX-Evil: 1"])
def test_what_is_no_reference_is_not_repeated(client, given):
    assert client.get("/healthz", HTTP_X_REQUEST_ID=given)["X-Request-ID"] != given


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/not-mine/Zx8kQ0pL2mN4/", "Gone: not-mine/<str:token>/"),
        ("/nobody/ayşe/", "Not Found: none"),
        ("/", "Not Found: none"),
    ],
)
def test_a_line_of_django_names_the_pattern_too(rf, path, named):
    """Its own lines about refused requests end with the path as it came."""
    request = rf.post(path)
    if path.startswith("/not-mine/"):
        request.resolver_match = resolve(path)
    words = named.partition(":")[0]
    record = logging.LogRecord(
        "django.request",
        logging.WARNING,
        "f",
        1,
        "%s: %s",
        (words, request.path.encode("unicode_escape").decode("ascii")),
        None,
    )
    record.request = request

    assert ByPattern().filter(record)
    assert record.getMessage() == named


def test_every_line_passes_the_filter_of_patterns(settings):
    assert all("by_pattern" in one["filters"] for one in settings.LOGGING["handlers"].values())
