"""One-time codes, single-use links, and the messages that carry them."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from derman.cases import access_codes, actions
from derman.cases.models import AccessCode
from derman.outbox import codes, sending, transports
from derman.outbox.models import Message
from derman.people import contacts
from derman.people.models import ContactPoint
from derman.words.kinds import ContactState, MessageState
from derman.words.rights import Role
from tests import factories
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def case():
    return factories.make_case(customer=factories.make_customer(email="ayse@posta.example"))


@pytest.fixture
def point(case):
    return ContactPoint.objects.get(customer=case.applicant, kind="phone")


def test_a_code_opens_its_case_once(case, point):
    code = access_codes.make_code(case, point, MONDAY)

    used = access_codes.use(case.number, code, MONDAY + MINUTE)

    assert len(code) == 6
    assert code.isdecimal()
    assert used.case == case
    assert used.contact_point == point
    assert access_codes.use(case.number, code, MONDAY + MINUTE) is None


@pytest.mark.parametrize("after", [timedelta(minutes=10), timedelta(days=1), -MINUTE])
def test_a_code_lives_ten_minutes(case, point, after):
    code = access_codes.make_code(case, point, MONDAY)

    assert access_codes.use(case.number, code, MONDAY + after) is None


def test_a_code_opens_no_other_case(case, point):
    other = factories.make_case()
    code = access_codes.make_code(case, point, MONDAY)

    assert access_codes.use(other.number, code, MONDAY) is None
    assert access_codes.use("", code, MONDAY) is None
    assert access_codes.use(case.number, code, MONDAY) is not None


@pytest.mark.parametrize("wrong", ["", " ", "000000", "1", "'; --", "é" * 1000])
def test_right_and_wrong_cost_the_same_queries(case, point, wrong):
    code = access_codes.make_code(case, point, MONDAY)
    wrong = wrong if wrong != code else "000001"
    counts = []
    for number, secret in [(case.number, wrong), ("999999999", code), (case.number, code)]:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            access_codes.use(number, secret, MONDAY)
        counts.append(len(queries))

    assert len(set(counts)) == 1


def test_a_link_is_used_once(case, point):
    token = access_codes.make_link(case, point, MONDAY)

    assert access_codes.use("", token, MONDAY + timedelta(days=13)).case == case
    assert access_codes.use("", token, MONDAY + timedelta(days=13)) is None
    assert access_codes.use("", "", MONDAY) is None


def test_a_link_ends_after_two_weeks(case, point):
    token = access_codes.make_link(case, point, MONDAY)

    assert access_codes.use("", token, MONDAY + timedelta(days=14)) is None


@pytest.mark.parametrize("end", ["disputed", "corrected", "parted"])
def test_what_was_sent_to_a_contact_that_is_not_on_file_any_more_opens_nothing(case, point, end):
    boss, profile = factories.make_user(Role.SUPERVISOR), factories.published()
    act = {"by": boss, "at": MONDAY, "profile": profile}
    if end == "parted":
        stranger = factories.make_customer("Can Öz", phone="+905339998877")
        point = stranger.contact_points.get()
        done = actions.merge_people(case.applicant, stranger, reason="Aynı kişi.", **act)
    token = access_codes.make_link(case, point, MONDAY)
    code = access_codes.make_code(case, point, MONDAY)
    offer = access_codes.make_link(case, point, MONDAY, purpose="offer", about=uuid4())
    assert access_codes.find(offer, MONDAY, "offer") is not None

    if end == "disputed":
        contacts.change(point, ContactState.DISPUTED, reason="Başkasının.", by=boss, at=MONDAY)
    elif end == "corrected":
        actions.correct(case, {"phone": "0533 111 22 33"}, verified=True, **act)
    else:
        actions.undo_merge(done, reason="Değilmiş.", **act)

    assert access_codes.find(offer, MONDAY, "offer") is None
    assert access_codes.use("", offer, MONDAY, purpose="offer") is None
    assert access_codes.use("", token, MONDAY) is None
    assert access_codes.use(case.number, code, MONDAY) is None
    assert not AccessCode.objects.exclude(used_at=None).exists()


def test_a_link_outlives_a_merge_of_its_person(case, point):
    boss, profile = factories.make_user(Role.SUPERVISOR), factories.published()
    token = access_codes.make_link(case, point, MONDAY)
    same = factories.make_customer("Ayşe Yılmaz", phone="")
    actions.merge_people(
        same, case.applicant, reason="Aynı kişi.", by=boss, at=MONDAY, profile=profile
    )
    assert access_codes.use("", token, MONDAY) is not None


def test_the_database_holds_no_usable_secret(case, point):
    token = access_codes.make_link(case, point, MONDAY)
    message = codes.send_code(case, at=MONDAY, profile=factories.published())
    code = message.body.split(": ")[1].replace(" ", "")

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM outbox_message")
        rows = cursor.fetchall()
        cursor.execute("SELECT * FROM cases_accesscode")
        rows += cursor.fetchall()
    stored = " ".join(str(value) for row in rows for value in row)

    assert token not in stored
    assert not re.search(rf"(?<![0-9a-f]){code}(?![0-9a-f])", stored)  # within a digest by chance
    assert f"{code[:3]} {code[3:]}" not in stored
    assert "+905321234567" not in stored


def test_a_code_is_sent_alone_urgently_and_to_the_contact_on_file(case, point):
    message = codes.send_code(case, at=MONDAY, profile=factories.published())

    assert message.urgent
    assert message.is_secret
    assert message.address == "+905321234567"
    assert case.number not in message.body.replace(" ", "")
    assert case.applicant.name not in message.body
    assert AccessCode.objects.get().contact_point == point


def test_a_code_may_be_wanted_by_email(case):
    message = codes.send_code(case, at=MONDAY, profile=factories.published(), wire="email")

    assert message.channel == "email"
    assert message.address == "ayse@posta.example"
    assert message.subject


def test_who_has_no_contact_gets_no_code():
    case = factories.make_case(customer=factories.make_customer(phone=""))

    assert codes.send_code(case, at=MONDAY, profile=factories.published()) is None
    assert not AccessCode.objects.exists()


def test_an_old_code_is_not_sent(case):
    class Never:
        repeatable = False

        def send(self, message):
            raise AssertionError("sent")

    transports.register("sms", Never())
    codes.send_code(case, at=MONDAY, profile=factories.published())

    sending.send_due(MONDAY + 11 * MINUTE, 100)

    transports.forget()
    assert Message.objects.get().state == MessageState.CANCELLED


def test_a_link_to_an_offer_opens_nothing_else(case, point):
    offer = uuid4()
    token = access_codes.make_link(case, point, MONDAY, purpose="offer", about=offer)

    assert access_codes.use("", token, MONDAY) is None
    assert access_codes.find(token, MONDAY, "survey") is None
    assert access_codes.use("", token, MONDAY, purpose="survey") is None
    assert access_codes.find(token, MONDAY, "offer").about == offer
    assert access_codes.use("", token, MONDAY, purpose="offer").about == offer
    assert access_codes.find(token, MONDAY, "offer") is None


def test_a_link_lives_as_long_as_it_is_told_to(case, point):
    token = access_codes.make_link(case, point, MONDAY, purpose="offer", lives=timedelta(days=3))

    assert access_codes.find(token, MONDAY + timedelta(days=2), "offer") is not None
    assert access_codes.find(token, MONDAY + timedelta(days=3), "offer") is None
