"""Whoever gets hold of the disk finds nobody's number (threats P1, P9, P10).

A report with sentinels is sent, worked on and corrected through the pages; then the whole data
folder, the database with its log, everything that was logged and the temporary folder are searched
for them in every shape in which a number might lie there.
"""

import base64
import logging
import re
import tempfile
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.db import connection
from django.test import Client

from derman.accounts.models import User
from derman.cases import actions
from derman.cases.models import Attachment, Case
from derman.lib.logs import JsonLines, Lines
from derman.outbox import expansion
from derman.people.models import ContactPoint
from derman.words.rights import Role
from tests.applicants import Applicant, file
from tests.factories import MONDAY, TCKN, days, make_customer, make_user, published

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, NEW_PHONE = "5471234567", "5489876543"
EMAIL = "gizli.sentinel@ornek.example"
INSIDE = b"SENTINEL-IN-A-FILE-7341"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%" + INSIDE + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SENTINELS = (TCKN, PHONE, NEW_PHONE, EMAIL, INSIDE.decode())


def shapes(sentinel: str) -> dict[str, bytes]:
    """How it might lie there: as it is, backwards, in hex and in Base64 at any offset."""
    plain = sentinel.encode()
    found = {"plain": plain, "reversed": plain[::-1], "hex": plain.hex().encode()}
    found["utf-16"] = sentinel.encode("utf-16-le")
    for offset in range(3):
        whole = base64.b64encode(b"\0" * offset + plain)
        start, end = (0, 2, 3)[offset], len(whole) - (4 if (offset + len(plain)) % 3 else 0)
        found[f"base64+{offset}"] = whole[start + (2 if offset else 0) : end]
    return found


def leaks(where: str, content: bytes) -> list[str]:
    return [
        f"{shape} {sentinel[:4]}… in {where}"
        for sentinel in SENTINELS
        for shape, bytes_ in shapes(sentinel).items()
        if bytes_ in content
    ]


@pytest.fixture
def logged():
    """Everything that is logged, by both of our formatters."""
    heard = StringIO()
    handlers = []
    for formatter in (Lines("{levelname} {name} {message}", style="{"), JsonLines()):
        handler = logging.StreamHandler(heard)
        handler.setFormatter(formatter)
        handlers.append(handler)
        logging.getLogger().addHandler(handler)
    before = logging.getLogger().level
    logging.getLogger().setLevel(logging.INFO)
    yield heard
    logging.getLogger().setLevel(before)
    for handler in handlers:
        logging.getLogger().removeHandler(handler)


def walk() -> Case:
    """From the report on the web to a corrected phone number, as people do it."""
    person = Applicant()
    person.walk(
        contact={"name": "Ayşe Yılmaz", "phone": f"0{PHONE}", "email": EMAIL},
        account={"account_number": "", "tckn": TCKN, "relation": "other"},
        attachments={"attachments": file("fatura.pdf", PDF, "application/pdf")},
    )
    assert "fatura.pdf" in person.text
    person.send()
    number, key = person.receipt()
    case = Case.objects.get(number=number)
    expansion.expand(MONDAY + days(365), 100)

    desk = Client()
    desk.force_login(User.objects.get(username="agent"))
    desk.get("/desk/", {"q": "Ayşe"})
    desk.post("/desk/register/", {"do": "look_up", "lookup": f"0{PHONE}"})
    desk.get(f"/desk/customers/{case.applicant_id}/")
    desk.post(
        f"/desk/customers/{case.applicant_id}/reveal/",
        {"what": ["phone", "tckn"], "reason": "call"},
    )
    correct(case)
    person.track(number, key)
    person.get("/not-mine/")
    person.send(number=number, follow_key=key, address=EMAIL)
    attachment = Attachment.objects.get(case=case)
    answer = desk.get(f"/desk/cases/{number}/attachments/{attachment.pk}/")
    assert INSIDE in b"".join(answer.streaming_content)
    fail(person, desk)
    return case


def correct(case: Case) -> None:
    agent = User.objects.get(username="agent")
    case.refresh_from_db()
    actions.correct(
        case,
        {"phone": f"0{NEW_PHONE}"},
        verified=True,
        by=agent,
        at=MONDAY + days(365),
        profile=published(),
    )
    expansion.expand(MONDAY + days(366), 100)


def fail(person: Applicant, desk: Client) -> None:
    """Errors with the numbers in what was asked for."""
    person.get(f"/track/{TCKN}/")
    person.get(f"/not-mine/{EMAIL}/")
    desk.get(f"/desk/cases/{PHONE}/")
    desk.post(f"/desk/cases/{TCKN}/notes/", {"text": PHONE})
    Client().post("/api/v1/cases", {"phone": PHONE}, content_type="application/json")
    log = logging.getLogger("derman.test")
    for sentinel in (TCKN, f"+90{PHONE}", EMAIL):
        try:
            raise ValueError(f"Key (value)=({sentinel}) already exists")
        except ValueError:
            log.exception("Could not be stored: %s", sentinel)


def dump() -> bytes:
    """Every value of every row, as a plain dump of the database would hold it."""
    lines = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            lines += [repr(row) for row in cursor.fetchall()]
    return "\n".join(lines).encode()


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "static" not in path.parts[-3:-1]
    }


def test_no_number_lies_anywhere_in_clear(logged, tmp_path, monkeypatch):
    published()
    make_user(Role.AGENT)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(configured, "FILE_UPLOAD_TEMP_DIR", str(tmp_path), raising=False)

    case = walk()

    assert ContactPoint.objects.filter(customer=case.applicant_id).count() == 3
    assert "Could not be stored" in logged.getvalue()
    found = leaks("the log", logged.getvalue().encode()) + leaks("a dump", dump())
    for folder in (Path(configured.DATA), tmp_path):
        for name, content in files_below(folder).items():
            found += leaks(name, content)
    assert not found


def test_what_is_not_sealed_would_be_found():
    published()
    make_customer(name=EMAIL, address=f"Daire {PHONE}")
    assert len(leaks("a dump", dump())) == 2
    if connection.vendor == "sqlite":
        names = files_below(Path(configured.DATA))
        assert any(leaks(name, content) for name, content in names.items())


def test_the_search_finds_what_it_looks_for():
    for sentinel in SENTINELS:
        for hidden in (
            sentinel.encode(),
            sentinel[::-1].encode(),
            sentinel.encode().hex().encode(),
            *(base64.b64encode(b"x" * n + sentinel.encode() + b"yz") for n in range(6)),
        ):
            assert leaks("here", b"--" + hidden + b"--"), (sentinel, hidden)


def test_the_pictures_of_the_search_are_not_too_short():
    assert all(len(re.sub(rb"\W", b"", one)) > 7 for s in SENTINELS for one in shapes(s).values())
