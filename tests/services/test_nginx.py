"""The proxy's configuration as it ships, in a real nginx in front of a real installation."""

import datetime
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.installation import PATIENCE, free_port, running
from tests.services.conftest import wait_until

SHIPPED = Path(__file__).parents[2] / "deploy" / "nginx.conf"
NAME = "basvuru.example.org"
WHOLE = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 200; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/derman.conf;
}}
"""


@dataclass(frozen=True)
class Proxy:
    """Where it listens, and where it writes down whom it answered."""

    plain: int
    secure: int
    log: Path

    def open(self, path: str, **headers: str) -> requests.Response:
        """Ask over TLS, believing this test's certificate alone."""
        return requests.get(
            f"https://127.0.0.1:{self.secure}{path}",
            headers={"Host": NAME, **headers},
            verify=str(self.log.parent / "fullchain.pem"),
            timeout=PATIENCE,
        )

    def await_log(self, reference: str) -> str:
        """The log, once this request stands in it: nginx writes it after the answer has left."""
        wait_until(lambda: reference in self.log.read_text(), f"{reference} in the log")
        return self.log.read_text()


def certificate(folder: Path) -> None:
    """A certificate that nobody but this test believes."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def configure(folder: Path, *, derman: int, plain: int, secure: int) -> Path:
    """The shipped file with this machine's ports and folders, and less patience."""
    text = SHIPPED.read_text()
    for old, new in [
        ("127.0.0.1:8000", f"127.0.0.1:{derman}"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{secure} ssl http2;"),
        ("/etc/ssl/derman", str(folder)),
        ("/var/log/nginx/derman.log", str(folder / "access.log")),
        ("/var/log/nginx/derman-error.log", str(folder / "errors.log")),
        ("timeout 15s", "timeout 1s"),
    ]:
        assert old in text, old
        text = text.replace(old, new)
    text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.MULTILINE)
    (folder / "derman.conf").write_text(text)
    whole = folder / "nginx.conf"
    whole.write_text(WHOLE.format(folder=folder))
    return whole


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("nginx")
    certificate(folder)
    derman, plain, secure = free_port(), free_port(), free_port()
    whole = configure(folder, derman=derman, plain=plain, secure=secure)
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin") or "nginx"
    settings = {
        "DERMAN_BASE_URL": f"https://{NAME}",
        "DERMAN_TRUSTED_PROXIES": "127.0.0.1",
        "DERMAN_WORKERS": "1",
    }
    with (
        running(folder, derman, **settings),
        (folder / "nginx.out").open("wb") as out,
        subprocess.Popen([program, "-c", str(whole)], stdout=out, stderr=out) as nginx,
    ):
        found = Proxy(plain, secure, folder / "access.log")
        try:
            wait_until(lambda: answers(found), "nginx with Derman behind it")
            yield found
        finally:
            nginx.terminate()


def answers(proxy: Proxy) -> bool:
    try:
        return proxy.open("/healthz").ok
    except requests.RequestException:
        return False


def test_a_page_comes_over_tls_with_secure_cookies(proxy):
    answer = proxy.open("/sign-in/")

    assert answer.status_code == 200
    assert list(answer.cookies)
    assert all(cookie.secure for cookie in answer.cookies)
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_plain_http_leads_to_tls(proxy):
    with socket.create_connection(("127.0.0.1", proxy.plain), timeout=PATIENCE) as asked:
        asked.sendall(f"GET /track/ HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n".encode())
        answer = asked.makefile().read()

    assert answer.startswith("HTTP/1.1 301")
    assert f"Location: https://{NAME}/track/" in answer


def test_figures_are_not_for_the_world(proxy):
    assert proxy.open("/metrics").status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/track/?number=264839172&key=ABCD", "/track/264839172/", "/track/tokenABCD264839172/"],
    ids=["query", "number", "link"],
)
def test_the_log_keeps_no_number_and_no_link(proxy, path):
    answer = proxy.open(path)

    written = proxy.await_log(answer.headers["X-Request-ID"])
    assert "GET /track" in written
    assert "264839172" not in written
    assert "ABCD" not in written


def test_a_client_that_says_nothing_is_let_go(proxy):
    context = ssl.create_default_context(cafile=proxy.log.parent / "fullchain.pem")
    plain = socket.create_connection(("127.0.0.1", proxy.secure), timeout=PATIENCE)
    with context.wrap_socket(plain, server_hostname="127.0.0.1") as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert slow.recv(1000) == b""  # closed without a word


def test_a_body_that_is_too_large_is_refused_unread(proxy):
    answer = proxy.open("/report/", **{"Content-Length": str(70 * 1024 * 1024)})

    assert answer.status_code == 413
