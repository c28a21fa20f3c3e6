"""Whose address counts: the client's, and only from proxies that the operator named."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from derman.lib.env import Misconfigured
from derman.proxies import TrustedProxies


def seen(settings, *, remote, forwarded="", proto="", trusted=("10.0.0.0/8",)):
    """The request as a view sees it."""
    settings.TRUSTED_PROXIES = list(trusted)
    headers = {"HTTP_X_FORWARDED_FOR": forwarded, "HTTP_X_FORWARDED_PROTO": proto}
    request = RequestFactory().get("/", REMOTE_ADDR=remote, **headers)
    TrustedProxies(lambda _: HttpResponse())(request)
    return request


def test_a_stranger_cannot_choose_an_address(settings):
    request = seen(settings, remote="203.0.113.9", forwarded="198.51.100.1", proto="https")
    assert request.META["REMOTE_ADDR"] == "203.0.113.9"
    assert not request.is_secure()
    assert "HTTP_X_FORWARDED_FOR" not in request.META


def test_a_trusted_proxy_names_the_client(settings):
    request = seen(settings, remote="10.0.0.1", forwarded="203.0.113.9", proto="https")
    assert request.META["REMOTE_ADDR"] == "203.0.113.9"
    assert request.is_secure()


def test_what_the_client_forged_before_the_proxy_does_not_count(settings):
    request = seen(settings, remote="10.0.0.1", forwarded="1.2.3.4, 203.0.113.9, 10.0.0.7")
    assert request.META["REMOTE_ADDR"] == "203.0.113.9"


@pytest.mark.parametrize("forwarded", ["", "unknown", "<script>"])
def test_a_proxy_that_says_nothing_useful_is_itself_the_client(settings, forwarded):
    assert seen(settings, remote="10.0.0.1", forwarded=forwarded).META["REMOTE_ADDR"] == "10.0.0.1"


def test_a_wrong_network_is_a_configuration_error(settings):
    with pytest.raises(Misconfigured, match="DERMAN_TRUSTED_PROXIES"):
        seen(settings, remote="10.0.0.1", trusted=["10.0.0"])
