"""Following a case: what number and key show, what a code opens, and what a guess learns."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from derman.audit.models import AccessRecord, Guess
from derman.cases import access_codes, actions
from derman.cases.models import Case, Event
from derman.outbox.models import Message
from derman.people.models import ContactPoint
from derman.portal import timeline
from derman.ui.templatetags.ui import icon
from derman.words.events import EventType
from derman.words.kinds import Channel, ContactOutcome, Decision
from derman.words.life import LIFE, State
from derman.words.rights import Role
from tests.applicants import Applicant
from tests.factories import make_case, make_customer, make_user, preset, published

pytestmark = pytest.mark.django_db
WORDS = "Kazan dairesindeki sayaç"
UNKNOWN = "123456782"


@pytest.fixture
def profile():
    return published()


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture
def customer(profile):
    return make_customer(email="ayse@ornek.example")


@pytest.fixture
def case(customer, at):
    return make_case(customer=customer, description=WORDS, at=at - timedelta(days=1))


@pytest.fixture
def applicant():
    return Applicant()


def plain(page):
    """The page without what differs in every answer: the token of the forms."""
    return re.sub(rb'value="[A-Za-z0-9]{64}"', b"", page.content)


def open_details(applicant, case):
    """Through key and code, as an applicant does."""
    applicant.track(case.number, case.follow_key)
    applicant.get(f"/track/{case.number}/code/")
    applicant.send(way="sms")
    code = re.search(r"\d{3} \d{3}", Message.objects.filter(case=case, notice="code").last().body)
    applicant.send(code=code[0])
    return applicant


def test_number_and_key_show_the_state_and_the_dates(applicant, case):
    applicant.track(case.number, case.follow_key)

    assert applicant.path == f"/track/{case.number}/"
    assert 'data-state="received"' in applicant.text
    assert f'data-number="{case.number}"' in applicant.text
    assert 'data-event="opened"' in applicant.text
    assert timezone.localtime(case.due_at).strftime("%Y-%m-%d") in applicant.text


def test_a_date_that_has_passed_is_not_told_as_one_to_come(applicant, case, at):
    Case.objects.filter(pk=case.pk).update(promised_at=at + timedelta(days=1))
    applicant.track(case.number, case.follow_key)
    assert "data-late" not in applicant.text
    Case.objects.filter(pk=case.pk).update(promised_at=at - timedelta(hours=1))
    applicant.get(f"/track/{case.number}/")
    late = applicant.text.split("data-late")[1].split("</div>")[0]
    assert timezone.localtime(at - timedelta(hours=1)).strftime("%Y-%m-%d") in late


def test_number_and_key_show_nothing_of_the_person_or_the_matter(applicant, case, customer):
    applicant.track(case.number, case.follow_key)

    shown = applicant.text
    for word in (WORDS, customer.name, "5321234567", "ayse@", "metering", "Sayaç okuma"):
        assert word not in shown
    assert not AccessRecord.objects.exists()


@pytest.mark.parametrize("typed", ["{0} {1} {2}", "{0}.{1}-{2}", " {0}{1}{2} ", "#{0}{1}{2}"])
def test_number_and_key_are_read_as_people_write_them(applicant, case, typed):
    number = typed.format(case.number[:3], case.number[3:6], case.number[6:])

    applicant.track(number, f" {case.follow_key.lower()} ")

    assert applicant.path == f"/track/{case.number}/"


def test_every_wrong_answer_is_the_same_in_bytes_status_headers_and_queries(case):
    wrong = "0000" if case.follow_key != "0000" else "1111"
    guesses = [
        (case.number, wrong),
        (UNKNOWN, case.follow_key),
        (UNKNOWN, wrong),
        ("12345", wrong),
        ("yok", "?"),
        (case.number, "\u0130\u0131"),
    ]
    seen = []
    for place, (number, key) in enumerate(guesses):
        Guess.objects.all().delete()
        applicant = Applicant(address=f"198.51.100.{place}")
        applicant.get("/track/")
        with CaptureQueriesContext(connection) as queries:
            page = applicant.send(number=number, follow_key=key)
        kinds = [re.sub(r"'[^']*'|\b\d+\b", "?", one["sql"])[:60] for one in queries]
        own = {"Expires", "X-Request-ID"}  # of the moment and of the request, whatever it asks
        headers = {name: value for name, value in page.headers.items() if name not in own}
        seen.append((page.status_code, plain(page), headers, kinds))

    statuses, bodies, headers, queries = zip(*seen, strict=True)
    assert set(statuses) == {422}
    assert len(set(bodies)) == 1
    assert all(one == headers[0] for one in headers)
    assert all(len(one) == len(queries[0]) for one in queries[1:]), queries


def test_the_wrong_answer_does_not_repeat_what_was_typed(applicant, case):
    applicant.get("/track/")
    applicant.send(number=case.number, follow_key="ZZZZ")

    assert case.number not in applicant.text
    assert "do not fit together" in applicant.alerts


def test_the_page_of_a_case_takes_three_queries(applicant, case, django_assert_num_queries):
    applicant.track(case.number, case.follow_key)
    applicant.get(f"/track/{case.number}/")
    with django_assert_num_queries(3):  # session, case, events
        applicant.get(f"/track/{case.number}/")


def test_a_link_from_a_message_fills_in_the_number_and_waits_for_the_key(applicant, case):
    applicant.get(f"/track/?n={case.number}")
    assert f'value="{case.number}"' in applicant.text
    assert re.findall(r'name="(\w+)"[^>]* autofocus', applicant.text) == ["follow_key"]

    applicant.get("/track/")
    assert re.findall(r'name="(\w+)"[^>]* autofocus', applicant.text) == ["number"]


def test_five_wrong_guesses_close_the_door_for_an_address_and_number(applicant, case):
    for _ in range(5):
        applicant.track(case.number, "ZZZZ")
    applicant.track(case.number, case.follow_key)

    assert applicant.page.status_code == 429
    assert 0 < int(applicant.page["Retry-After"]) <= 15 * 60
    other = Applicant(address="203.0.113.9")
    other.track(case.number, case.follow_key)
    assert other.path == f"/track/{case.number}/"


def test_one_address_may_not_try_many_numbers(applicant, case):
    for place in range(20):
        applicant.track(f"{100000000 + place}", "ZZZZ")
    applicant.track(case.number, case.follow_key)

    assert applicant.page.status_code == 429


def test_a_network_of_ipv6_counts_as_one_address(case):
    for place in range(5):
        Applicant(address=f"2001:db8::{place}").track(case.number, "ZZZZ")
    stranger = Applicant(address="2001:db8::ffff")
    stranger.track(case.number, case.follow_key)

    assert stranger.page.status_code == 429


def test_a_number_that_many_guess_is_locked_but_not_for_the_link(case, customer, at):
    for place in range(20):
        Applicant(address=f"198.51.100.{place}").track(case.number, "ZZZZ")
    owner = Applicant(address="203.0.113.9")
    owner.track(case.number, case.follow_key)
    assert owner.page.status_code == 429
    token = access_codes.make_link(case, customer.contact_points.first(), at)

    owner.get(f"/track/{token}/")
    owner.send()

    assert owner.path == f"/track/{case.number}/"
    assert WORDS in owner.text


def test_the_door_is_closed_alike_for_numbers_that_do_not_exist(case):
    pages = []
    for place, number in enumerate((case.number, UNKNOWN)):
        applicant = Applicant(address=f"198.51.100.{place}")
        for _ in range(6):
            applicant.track(number, "ZZZZ")
        pages.append((applicant.page.status_code, re.sub(rb"\d+", b"", plain(applicant.page))))

    assert pages[0] == pages[1]


def test_the_address_of_a_case_tells_a_stranger_nothing(case):
    answers = [
        Applicant().client.get(f"/track/{number}/{page}")
        for number in (case.number, UNKNOWN)
        for page in ("", "code/", "code/entry/", "information/", "refusal/", "acceptance/")
    ]

    assert {answer.status_code for answer in answers} == {302}
    assert all(answer["Location"].startswith("/track/?n=") for answer in answers)


def test_a_code_opens_the_details_and_the_look_is_written_down(applicant, case, customer):
    open_details(applicant, case)

    assert applicant.path == f"/track/{case.number}/"
    assert WORDS in applicant.text
    record = AccessRecord.objects.get()
    assert (record.by, record.person_id) == (None, customer.pk)
    assert (record.what, record.about) == ("track.details", case.number)


def test_where_to_send_the_code_is_shown_masked(applicant, case):
    applicant.track(case.number, case.follow_key)
    applicant.get(f"/track/{case.number}/code/")

    assert "0532 ••• •• 67" in applicant.text
    assert "a•••@ornek.example" in applicant.text
    assert "5321234567" not in applicant.text.replace(" ", "")


def test_the_code_goes_where_the_applicant_chose(applicant, case):
    applicant.track(case.number, case.follow_key)
    applicant.get(f"/track/{case.number}/code/")
    applicant.send(way="email")

    message = Message.objects.get(notice="code")
    assert (message.channel, message.address) == ("email", "ayse@ornek.example")
    assert message.urgent
    assert WORDS not in message.body


def test_without_a_contact_number_and_key_are_all_there_is(applicant, customer, case):
    ContactPoint.objects.filter(customer=customer).delete()
    applicant.track(case.number, case.follow_key)
    applicant.get(f"/track/{case.number}/code/")

    assert "please call us" in applicant.text
    assert "Send the code" not in applicant.text


def test_a_code_is_good_once(applicant, case):
    open_details(applicant, case)
    code = re.search(r"\d{3} \d{3}", Message.objects.get(notice="code").body)[0]
    other = Applicant()
    other.track(case.number, case.follow_key)
    other.get(f"/track/{case.number}/code/entry/")
    other.send(code=code)

    assert other.page.status_code == 422
    assert WORDS not in other.text


def test_every_wrong_code_gets_the_same_answer(case, customer):
    used = access_codes.make_code(case, customer.contact_points.first(), timezone.now())
    access_codes.use(case.number, used, timezone.now())
    old = access_codes.make_code(
        case, customer.contact_points.first(), timezone.now() - timedelta(minutes=11)
    )
    seen = set()
    for code in (used, old, "000000", "abc", "12345678901234567890"):
        applicant = Applicant()
        applicant.track(case.number, case.follow_key)
        applicant.get(f"/track/{case.number}/code/entry/")
        with CaptureQueriesContext(connection) as queries:
            page = applicant.send(code=code)
        seen.add((page.status_code, plain(page)))
        assert len(queries) < 25

    assert len(seen) == 1


def test_five_wrong_codes_are_enough(applicant, case):
    applicant.track(case.number, case.follow_key)
    for _ in range(6):
        applicant.get(f"/track/{case.number}/code/entry/")
        applicant.send(code="000000")

    assert applicant.page.status_code == 429


def test_codes_are_not_sent_without_end(applicant, case):
    applicant.track(case.number, case.follow_key)
    for _ in range(4):
        applicant.get(f"/track/{case.number}/code/")
        applicant.send(way="sms")

    assert applicant.page.status_code == 429
    assert Message.objects.filter(notice="code").count() == 3


def test_opening_a_link_uses_nothing_up_and_its_button_works_once(applicant, case, customer, at):
    token = access_codes.make_link(case, customer.contact_points.first(), at)
    for _ in range(3):
        applicant.get(f"/track/{token}/")
    assert WORDS not in applicant.text
    # Not no-referrer: with it a browser calls the origin of our own form null.
    assert applicant.page["Referrer-Policy"] == "same-origin"

    applicant.send()
    assert WORDS in applicant.text

    other = Applicant()
    other.get(f"/track/{token}/")
    other.send()
    assert other.page.status_code == 410
    assert WORDS not in other.text


@pytest.mark.parametrize("token", ["%20", "x", "A" * 43, "null"])
def test_a_made_up_link_looks_like_one_and_opens_nothing(applicant, case, token):
    applicant.get(f"/track/{token}/")
    applicant.send()

    assert applicant.page.status_code == 410


def test_the_session_gets_a_new_id_when_it_may_see_more(applicant, case):
    applicant.walk(until="topic")
    before = applicant.client.session.session_key
    applicant.track(case.number, case.follow_key)
    with_key = applicant.client.session.session_key
    open_details(applicant, case)

    assert len({before, with_key, applicant.client.session.session_key}) == 3


def test_the_grant_ends_after_half_an_hour(applicant, case, monkeypatch):
    open_details(applicant, case)
    later = timezone.now() + timedelta(minutes=31)
    monkeypatch.setattr("derman.portal.track.timezone.now", lambda: later)

    applicant.get(f"/track/{case.number}/")

    assert applicant.path == "/track/"


def test_the_timeline_is_plain_and_keeps_what_is_internal(applicant, case, profile, at):
    agent = make_user(Role.AGENT, name="dogan")
    actions.take(case, by=agent, at=at, profile=profile)
    actions.note(case, "Müşteri zor biri.", by=agent, at=at, profile=profile)
    actions.refer(case, "metering", by=agent, at=at, profile=profile, question="Okuma?")
    actions.contact(
        case,
        channel=Channel.PHONE,
        outcome=ContactOutcome.NOT_REACHED,
        by=agent,
        at=at,
        profile=profile,
    )
    open_details(applicant, case)

    assert "We asked the responsible unit." in applicant.text
    assert "We tried to reach you." in applicant.text
    assert 'data-event="noted"' not in applicant.text
    for word in ("zor biri", "metering", "dogan", "Agent", "Okuma?", "noted"):
        assert word not in applicant.text


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_a_sentence(state):
    shown = timeline.state_of(Case(state=state))

    assert shown["label"] == LIFE[state].applicant_reads
    assert shown["sentence"].endswith(".")


def test_what_is_told_of_events_is_decided_for_each():
    internal = {
        EventType.ASSIGNED,
        EventType.TASK_SENT_BACK,
        EventType.NOTED,
        EventType.ACKNOWLEDGED,
        EventType.CORRECTED,
        EventType.RECLASSIFIED,
        EventType.TAGGED,
        EventType.UNTAGGED,
        EventType.SNOOZED,
        EventType.WOKEN,
        EventType.REPLY_WITHDRAWN,
        EventType.ALERTED,
        EventType.ATTACHED,  # the words that came with it say so
        EventType.NOT_TOLD,
        EventType.CONTACT_DISPUTED,
        EventType.PEOPLE_MERGED,
        EventType.PEOPLE_PARTED,
        EventType.ACKNOWLEDGE_DUE,
        EventType.NOT_ACKNOWLEDGED,
        EventType.ACTION_DUE,
        EventType.ACTION_CANCELLED,
        EventType.ACTION_CHECKED,
        EventType.APPROVAL_ASKED,
        EventType.APPROVED,
        EventType.DECLINED,
        EventType.ESCALATED,
        EventType.ESCALATION_SEEN,
        EventType.LINKED,
        EventType.UNLINKED,
        EventType.REPEAT_FOUND,
        EventType.SURVEY_SKIPPED,
        EventType.SURVEY_EXPIRED,
    }

    by_details = {EventType.CONTACTED, EventType.OFFER_ENDED}
    assert set(timeline.WORDS) | internal | by_details == set(EventType)


TABLES = (timeline.WORDS, timeline.CONTACTS, timeline.OFFERS)


@pytest.mark.parametrize("name", sorted({icon for table in TABLES for icon, _ in table.values()}))
def test_every_icon_of_the_timeline_exists(name):
    assert "<svg" in icon(name)


def test_the_decision_and_its_reasons_are_shown_with_the_details(applicant, case, profile, at):
    agent = make_user(Role.SOLUTION)
    actions.take(case, by=agent, at=at, profile=profile)
    actions.outcome(case, Decision.PARTLY, "Fatura düzeltildi.", by=agent, at=at, profile=profile)
    applicant.track(case.number, case.follow_key)
    assert "Fatura düzeltildi." not in applicant.text
    assert "Does this solve it?" in applicant.text

    open_details(applicant, case)
    assert "Fatura düzeltildi." in applicant.text
    assert "Partly justified" in applicant.text


def test_a_typed_reply_is_not_shown_before_it_can_no_longer_be_called_back(
    applicant, case, profile, at
):
    agent = make_user(Role.AGENT)
    actions.reply(case, "Bakıyoruz.", by=agent, at=at + timedelta(seconds=1), profile=profile)
    open_details(applicant, case)
    assert "Bakıyoruz." not in applicant.text

    earlier = at - timedelta(minutes=5)
    actions.reply(case, "Yarın geliriz.", by=agent, at=earlier, profile=profile)
    applicant.get(f"/track/{case.number}/")
    assert "Yarın geliriz." in applicant.text


def test_a_question_is_read_as_soon_as_it_is_asked(applicant, case, profile, at):
    agent = make_user(Role.SOLUTION)
    actions.take(case, by=agent, at=at, profile=profile)
    actions.ask(case, "Sayaç kaçı gösteriyor?", by=agent, at=at, profile=profile)
    open_details(applicant, case)
    assert "Sayaç kaçı gösteriyor?" in applicant.text


@pytest.mark.parametrize("language", ["tr", "en", "de"])
def test_following_works_in_three_languages(case, language):
    applicant = open_details(Applicant(language), case)

    assert f'<html lang="{language}"' in applicant.text
    topic = preset().topic(case.topic)
    assert topic.label[language] in applicant.text


def test_the_tracking_page_asks_little_of_the_database(
    applicant, case, profile, at, django_assert_max_num_queries
):
    agent = make_user(Role.AGENT)
    for _ in range(5):
        actions.note(case, "Bakıldı.", by=agent, at=at, profile=profile)
    applicant.track(case.number, case.follow_key)
    applicant.get(f"/track/{case.number}/")
    with django_assert_max_num_queries(4):  # session, case, events; the profile, now and then
        applicant.get(f"/track/{case.number}/")
    open_details(applicant, case)
    # and replies, outcomes, files, an offer, what was done, the record of the look
    with django_assert_max_num_queries(10):
        applicant.get(f"/track/{case.number}/")


def test_following_changes_nothing_on_the_case(applicant, case):
    open_details(applicant, case)
    version = case.version
    case.refresh_from_db()

    assert case.version == version
    assert [e.type for e in Event.objects.filter(case=case)] == ["opened"]


def test_pages_about_a_case_are_kept_by_nobody(applicant, case):
    open_details(applicant, case)

    assert "no-store" in applicant.page["Cache-Control"]
    assert applicant.page["Referrer-Policy"] == "same-origin"
