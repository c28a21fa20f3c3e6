"""Somebody who reports and follows on the web, page by page, without scripts."""

import re
from html.parser import HTMLParser

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8ffff3f0005fe02fea735819b0000000049454e44ae426082"
)
ANSWERS = {
    "emergency": {"emergency": "no"},
    "topic": {"topic": "metering.reading_disputed"},
    "place": {"region": "merkez", "place": "Çınar Sokak 12"},
    "description": {"description": "Sayaç yanlış okunmuş."},
    "proposal": {"proposal": "Yeniden okunsun."},
    "attachments": {},
    "secrecy": {"secret_reporter": "no"},
    "contact": {"name": "Ayşe Yılmaz", "phone": "0532 123 45 67", "email": ""},
    "account": {"account_number": "10442817", "tckn": "10000000146", "relation": "holder"},
    "reply": {"reply_channel": "sms"},
}


class Page(HTMLParser):
    """The hidden fields of the main form, and the words that stand in alerts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.alerts = ""
        self.depth = 0
        self.feed(text.partition("<main")[2].partition("</main>")[0])

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "input" and values.get("type") == "hidden":
            self.hidden[values["name"]] = values["value"]
        if tag == "div" and (self.depth or values.get("role") == "alert"):
            self.depth += 1

    def handle_endtag(self, tag):
        self.depth -= tag == "div" and self.depth > 0

    def handle_data(self, data):
        if self.depth:
            self.alerts += data


class Applicant:
    """Follows every redirect and sends along what the page hid in its form."""

    def __init__(self, language: str = "en", address: str = "192.0.2.1") -> None:
        self.client = Client(
            enforce_csrf_checks=True,
            headers={"accept-language": language},
            REMOTE_ADDR=address,
        )
        self.page: HttpResponse | None = None

    @property
    def path(self) -> str:
        return self.page.request["PATH_INFO"]

    @property
    def text(self) -> str:
        return self.page.content.decode()

    @property
    def alerts(self) -> str:
        return " ".join(Page(self.text).alerts.split())

    def get(self, path: str) -> HttpResponse:
        self.page = self.client.get(path, follow=True)
        return self.page

    def send(self, **answers: object) -> HttpResponse:
        """Fill in the page that is open and press its button."""
        hidden = {k: v for k, v in Page(self.text).hidden.items() if k not in answers}
        self.page = self.client.post(self.path, {**hidden, **answers}, follow=True)
        return self.page

    def walk(self, until: str = "check", **changes: dict[str, object]) -> None:
        """Answer question after question up to the page that ends with `until`."""
        self.get("/report/")
        for _ in range(20):
            here = self.path.strip("/").split("/")[-1]
            if here == until:
                return
            step = "emergency" if here == "report" else here
            self.send(**{**ANSWERS[step], **changes.get(step, {})})
            assert self.page.status_code == 200, self.alerts
        raise AssertionError(f"never came to {until}, but to {self.path}")

    def report(self, **changes: dict[str, object]) -> tuple[str, str]:
        """A whole report; its number and key."""
        self.walk(**changes)
        self.send()
        assert self.path == "/report/done/", self.alerts
        return self.receipt()

    def receipt(self) -> tuple[str, str]:
        number = re.search(r'data-number="(\d+)"', self.text)
        key = re.search(r'data-follow-key="(\w+)"', self.text)
        return number[1], key[1]

    def track(self, number: str, key: str) -> HttpResponse:
        self.get("/track/")
        return self.send(number=number, follow_key=key)


def file(name: str = "foto.png", data: bytes = PNG, kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, kind)
