"""Where webhooks may not go, however it is written."""

import socket
from ipaddress import ip_network

import pytest

from derman.api.webhooks import targets
from derman.api.webhooks.calling import call
from derman.api.webhooks.hooks import new_secret
from derman.api.webhooks.targets import Forbidden
from tests.factories import MONDAY

PUBLIC = "93.184.215.14"

PRIVATE = [
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://0/",
    "https://0.0.0.0/",
    "https://localhost/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://172.31.255.254/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/",
    "https://192.0.2.1/",
    "https://198.18.0.1/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b::a9fe:a9fe]/",
    "https://[2002:7f00:1::]/",
    "https://[fc00::1]/",
    "https://[fd12:3456::1]/",
    "https://[fe80::1]/",
    "https://[ff02::1]/",
    "https://[2001:db8::1]/",
    "https://[2001:0:7f00:1::]/",
    "https://[fec0::1]/",
    "https://[64:ff9b:1::a00:1]/",
    "https://[::127.0.0.1]/",
    "https://[100::1]/",
    "https://240.0.0.1/",
]
UNREADABLE = [
    "",
    "example.org",
    "//example.org/",
    "ftp://example.org/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:70/",
    "javascript:alert(1)",
    "https://",
    "https://user@example.org/",
    "https://user:secret@example.org/",
    "https://example.org:99999/",
    "https://example.org:port/",
    "https://[::1/",
    f"https://{'a' * 64}.example/",
]


@pytest.fixture
def names(monkeypatch):
    """Names that resolve as the test says; nothing leaves the machine."""
    known = {"example.org": [PUBLIC], "xn--rnek-4qa.example": [PUBLIC]}
    resolve = socket.getaddrinfo

    def told(host, port, **more):
        if host in known:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in known[host]]
        if host.replace(".", "").isalnum() and not host[0].isdigit() and host != "localhost":
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return resolve(host, port, **more)

    monkeypatch.setattr(socket, "getaddrinfo", told)
    return known


@pytest.mark.parametrize("url", PRIVATE)
def test_no_way_leads_into_a_private_network(names, url):
    with pytest.raises(Forbidden):
        targets.check(url)


@pytest.mark.parametrize("url", UNREADABLE)
def test_what_is_no_address_is_refused(names, url):
    with pytest.raises(Forbidden):
        targets.check(url)


def test_a_public_name_is_connected_to_the_address_that_was_checked(names):
    target = targets.check("https://example.org:8443/hook?x=1")

    assert (target.host, str(target.address), target.port) == ("example.org", PUBLIC, 8443)
    assert target.path == "/hook?x=1"


def test_a_name_with_letters_of_its_own_is_understood(names):
    assert targets.check("https://örnek.example/").host == "xn--rnek-4qa.example"


def test_a_name_with_one_private_address_is_refused(names):
    names["example.org"] = [PUBLIC, "127.0.0.1"]

    with pytest.raises(Forbidden, match="private"):
        targets.check("https://example.org/")


def test_a_name_that_changes_its_mind_is_refused_when_it_is_called(names):
    targets.check("https://example.org/")  # when it was entered
    names["example.org"] = ["127.0.0.1"]

    answer = call("https://example.org/", [new_secret()], id_="x", body="{}", at=MONDAY)

    assert answer.status is None
    assert "private network" in answer.error


def test_plain_http_is_for_named_networks_alone(names, settings):
    with pytest.raises(Forbidden, match="https"):
        targets.check("http://example.org/")

    settings.WEBHOOK_NETWORKS = [ip_network("10.1.0.0/16")]
    assert not targets.check("http://10.1.2.3:9000/").secure
    with pytest.raises(Forbidden):
        targets.check("http://10.2.0.1/")
