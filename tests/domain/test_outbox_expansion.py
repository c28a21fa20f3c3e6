"""From events to messages, on the gas preset's own notice table."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError

from derman.cases import access_codes, actions
from derman.cases.models import AccessCode, Dispatch, Event
from derman.outbox import expansion, quota
from derman.outbox.models import Message
from derman.people.models import ContactPoint
from derman.portal import urls as portal_urls
from derman.profile.schema import MessageText, Notice
from derman.reports import rollup
from derman.reports.models import DayCount
from derman.words.events import EventType
from derman.words.kinds import Channel, ClosingReason, ContactState, Decision, Language
from derman.words.rights import Role
from tests import factories
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
APPLICANT = "applicant"


@pytest.fixture
def customer():
    return factories.make_customer(phone="+905321234567", email="ayse@posta.example")


@pytest.fixture
def agent():
    return factories.make_user(Role.AGENT)


@pytest.fixture
def case(customer, agent):
    return factories.make_case(customer=customer, by=agent)


def settle(at=MONDAY + 2 * HOUR):
    """Expand all that waits; return who was told what by which wire."""
    before = set(Message.objects.values_list("pk", flat=True))
    while expansion.expand(at, 100):
        pass
    made = Message.objects.exclude(pk__in=before)
    return {(m.recipient, m.channel, m.template) for m in made}


def test_an_opened_case_tells_the_applicant_once(case):
    assert settle() == {(APPLICANT, "sms", "opened_sms")}

    message = Message.objects.get()
    assert message.address == "+905321234567"
    assert case.follow_key in message.body
    assert f"n={case.number}" in message.body
    assert message.acknowledges
    assert message.parts >= 1


def test_expanding_twice_makes_no_second_message(case):
    settle()
    Dispatch.objects.update(done_at=None)

    assert settle() == set()
    assert Message.objects.count() == 1


@pytest.mark.parametrize("reply_channel", ["sms", "email"])
def test_the_wish_for_a_channel_is_kept(customer, reply_channel):
    factories.make_case(customer=customer, reply_channel=reply_channel)

    assert settle() == {(APPLICANT, reply_channel, f"opened_{reply_channel}")}


def test_a_wish_that_cannot_be_kept_falls_back_to_what_reaches_them():
    customer = factories.make_customer(phone="", email="ayse@posta.example")
    factories.make_case(customer=customer, reply_channel="sms")

    assert settle() == {(APPLICANT, "email", "opened_email")}


@pytest.mark.parametrize("phone", ["", "+902125550153", "153", "ask my son"])
def test_nobody_is_sent_a_text_message_where_none_can_arrive(phone):
    factories.make_case(customer=factories.make_customer(phone=phone))

    assert settle() == set()


def test_a_disputed_or_replaced_contact_is_not_used(customer):
    phone = ContactPoint.objects.get(customer=customer, kind="phone")
    ContactPoint.objects.filter(pk=phone.pk).update(state=ContactState.DISPUTED)
    ContactPoint.objects.filter(kind="email").update(ended_at=MONDAY)
    factories.make_case(customer=customer)

    assert settle() == set()


def test_a_secret_reporter_is_told_as_well(customer):
    factories.make_case(customer=customer, secret_reporter=True)

    assert settle() == {(APPLICANT, "sms", "opened_sms")}


def test_referring_tells_the_applicant_the_unit_and_its_people(case, agent):
    expert = factories.make_user(Role.UNIT, "metering")
    factories.make_user(Role.UNIT, "network", name="other")
    settle()

    actions.refer(
        case, "metering", by=agent, at=MONDAY + HOUR, profile=factories.published(), question="?"
    )

    assert settle() == {
        (APPLICANT, "sms", "referred_sms"),
        ("unit:metering", "email", "staff_task"),
        (f"user:{expert.pk}", "email", "staff_task"),
    }


def test_the_golden_recipients_of_the_way_back(case, agent):
    """Asked, answered, promised, unit answered, resolved: who hears of each."""
    profile = factories.published()
    by = {"by": agent, "profile": profile}
    settle()

    task = actions.refer(case, "metering", at=MONDAY + HOUR, **by)
    settle()
    actions.answer_task(task, "Read again.", at=MONDAY + HOUR, **by)
    case.refresh_from_db()
    assert settle() == {("unit:solution", "email", "staff_answered")}

    actions.ask(case, "Which meter?", at=MONDAY + HOUR, **by)
    assert settle() == {(APPLICANT, "sms", "asked_sms")}

    actions.hear(case, "The left one.", at=MONDAY + HOUR, by=None, profile=profile)
    assert settle() == {
        ("unit:solution", "email", "staff_applicant_answered"),
        ("unit:metering", "email", "staff_applicant_answered"),
    }

    actions.promise(case, MONDAY + 9 * HOUR, at=MONDAY + HOUR, reason="Sooner.", **by)
    assert settle() == {(APPLICANT, "sms", "promised_sms")}

    actions.reply(case, "We are on it.", at=MONDAY + HOUR, **by)
    assert settle() == {(APPLICANT, "sms", "replied_sms")}

    actions.outcome(case, Decision.JUSTIFIED, "Corrected.", at=MONDAY + HOUR, **by)
    assert settle() == {(APPLICANT, "sms", "resolved_sms")}
    assert Message.objects.get(template="resolved_sms").concludes

    actions.reopen(case, "Not yet.", at=MONDAY + HOUR, **by)
    assert settle() == {(APPLICANT, "sms", "reopened_sms")}


def test_what_was_answered_at_once_is_one_message(customer, agent):
    case = factories.make_case(customer=customer, by=agent)
    Dispatch.objects.all().delete()  # only what follows
    case.first_contact = True
    case.save(update_fields=["first_contact"])

    actions.answer_at_once(
        case,
        Decision.JUSTIFIED,
        "Done.",
        channel="phone",
        by=agent,
        at=MONDAY + HOUR,
        profile=factories.published(),
    )

    assert settle() == {(APPLICANT, "sms", "resolved_at_once_sms")}


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (ClosingReason.NOT_OURS, {(APPLICANT, "sms", "closed_early_sms")}),
        (ClosingReason.WITHDRAWN, set()),
    ],
)
def test_who_withdrew_is_not_told_so(case, agent, reason, told):
    settle()

    actions.close_early(case, reason, by=agent, at=MONDAY + HOUR, profile=factories.published())

    assert settle() == told


def test_a_typed_text_waits_for_its_undo_window(case, agent):
    settle()
    actions.reply(case, "Hello.", by=agent, at=MONDAY + HOUR, profile=factories.published())

    assert settle(at=MONDAY + HOUR) == set()
    assert settle(at=MONDAY + HOUR + timedelta(seconds=20)) != set()


def test_an_sms_never_holds_what_people_wrote(customer, agent):
    secret = "SENTINEL 17291716060"
    profile = factories.published()
    case = factories.make_case(customer=customer, description=secret, by=agent)
    by = {"by": agent, "profile": profile, "at": MONDAY + HOUR}
    actions.reply(case, secret, **by)
    actions.ask(case, secret, **by)
    actions.hear(case, secret, **by)
    actions.outcome(case, Decision.JUSTIFIED, secret, **by)
    settle()

    sent = Message.objects.filter(channel="sms")
    assert sent.count() == 4
    for message in sent:
        assert "SENTINEL" not in message.body
        assert customer.name not in message.body
        assert message.subject == ""


def test_an_email_holds_the_answer_and_a_link_that_opens_the_case(agent):
    customer = factories.make_customer(phone="", email="ayse@posta.example")
    case = factories.make_case(customer=customer, by=agent)
    settle()
    actions.reply(
        case, "Endeks düzeltildi.", by=agent, at=MONDAY + HOUR, profile=factories.published()
    )
    settle()

    message = Message.objects.get(template="replied_email")
    assert "Endeks düzeltildi." in message.body
    assert customer.name in message.body
    assert "/track/…/" in message.shown_body
    assert len(message.shown_body) < len(message.body) - 30
    link = AccessCode.objects.get()
    assert link.digest not in message.body
    assert link.expires_at == MONDAY + 2 * HOUR + timedelta(days=14)


def test_staff_see_no_link_of_the_portal_that_opens_or_answers_something():
    token = access_codes.secrets.token_urlsafe(access_codes.TOKEN_BYTES)
    routes = [
        str(one.pattern) for one in portal_urls.urlpatterns if "<str:token>" in str(one.pattern)
    ]
    assert len(routes) >= 4
    for route in routes:
        path = route.replace("<str:token>", token)
        shown = Message(body=f"Bu sayfadan: https://derman.example/{path}\nTeşekkürler").shown_body
        assert token not in shown, route
        assert route.replace("<str:token>", "…") in shown


@pytest.mark.parametrize("name", ["www.evil.example free money", "http://evil.example", "a@b.c"])
def test_a_name_that_is_an_advertisement_is_not_passed_on(name):
    factories.make_case(customer=factories.make_customer(name, phone="", email="x@posta.example"))
    settle()

    assert "evil" not in Message.objects.get().body


def test_the_applicants_language_is_spoken(customer):
    factories.make_case(customer=customer, language=Language.GERMAN)
    settle()

    message = Message.objects.get()
    assert message.language == "de"
    assert "März 2026" in message.body


def test_an_event_that_cannot_be_expanded_holds_up_no_other(case, customer, monkeypatch):
    good = factories.make_case(customer=customer)
    real = expansion.messages_for

    def failing(event, *args, **kwargs):
        if event.case_id == case.pk:
            raise RuntimeError("broken text")
        return real(event, *args, **kwargs)

    monkeypatch.setattr(expansion, "messages_for", failing)
    settle()

    assert Message.objects.get().case == good
    assert Dispatch.objects.get(event__case=case).not_before > MONDAY + 2 * HOUR


def test_the_number_of_queries_does_not_grow_with_the_people(case, django_assert_max_num_queries):
    for number in range(5):
        factories.make_case(customer=factories.make_customer(phone=f"+9053212345{number:02}"))
    expansion.expand(MONDAY, 0)

    with django_assert_max_num_queries(50):
        assert expansion.expand(MONDAY, 100) == 6


def test_nobody_can_flood_a_strangers_phone(customer, agent):
    for _ in range(quota.RECEIPTS + 2):
        factories.make_case(customer=customer)
    settle()
    assert Message.objects.filter(state="queued").count() == quota.RECEIPTS
    assert Message.objects.filter(state="cancelled").count() == 2

    factories.make_case(customer=customer, by=agent)
    settle()
    assert Message.objects.filter(state="queued").count() == quota.RECEIPTS + 1

    Message.objects.update(queued_at=MONDAY)
    factories.make_case(customer=customer)
    settle(at=MONDAY + 3 * HOUR)
    assert Message.objects.filter(state="queued").count() == quota.RECEIPTS + 2


def test_a_database_with_a_bad_moment_does_not_postpone_an_event(case, monkeypatch):
    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(expansion, "messages_for", locked)
    with pytest.raises(OperationalError):
        expansion.expand(MONDAY + HOUR, 100)

    assert Dispatch.objects.get().not_before == MONDAY


def test_a_preview_says_exactly_what_will_be_sent_and_writes_nothing(case, agent):
    settle()
    profile = factories.published()
    text = "Sayaç yeniden okundu."
    shown = expansion.preview(
        case,
        EventType.RESOLVED,
        profile=profile,
        at=MONDAY + HOUR,
        text=text,
        decision=Decision.PARTLY,
        reply_channel="email",
    )
    assert AccessCode.objects.count() == 0
    assert Message.objects.count() == 1

    case.reply_channel = "email"
    case.save(update_fields=["reply_channel"])
    actions.take(case, by=agent, at=MONDAY + HOUR, profile=profile)
    actions.outcome(case, Decision.PARTLY, text, by=agent, at=MONDAY + HOUR, profile=profile)
    settle()

    sent = Message.objects.get(concludes=True)
    before, _, after = shown[0].body.partition("/track/…/")
    after, _, end = after.partition("/not-mine/…/")
    assert text in before
    assert sent.body.startswith(before)
    assert after in sent.body
    assert sent.body.endswith(end)
    assert shown[0].body == sent.shown_body
    assert shown[0].subject == sent.subject


def test_days_are_counted_with_the_messages(case, customer):
    expansion.expand(MONDAY, 100, after=rollup.count_events)
    factories.make_case(customer=customer)
    expansion.expand(MONDAY, 100, after=rollup.count_events)

    row = DayCount.objects.get()
    assert (row.day, row.event, row.count) == (MONDAY.date(), "opened", 2)
    assert (row.topic, row.channel) == (case.topic, Channel.PHONE)


@pytest.mark.parametrize(
    ("type_", "path", "purpose"),
    [("offered", "offer", "offer"), ("survey_asked", "survey", "survey"), ("replied", "track", "")],
)
def test_a_link_leads_to_what_its_message_speaks_of(case, type_, path, purpose):
    settle()
    about = uuid4()
    details = {purpose: str(about)} if purpose else {}
    profile = profile_that_says(type_, "{{ number }} {{ follow_key }} {{ link }}")
    event = Event.objects.create(
        case=case, type=type_, at=MONDAY, profile_id=profile.version_id, details=details
    )
    Dispatch.objects.create(event=event, not_before=MONDAY)

    settle()

    token = Message.objects.get(event=event).body.split(f"/{path}/")[1].split("/")[0]
    opened = access_codes.find(token, MONDAY + 2 * HOUR, purpose)
    assert opened.case == case
    assert opened.about == (about if purpose else None)


def profile_that_says(type_, text):
    """The gas preset with one notice more: this text by SMS, whenever that happens."""
    profile = factories.preset()
    written = {language: MessageText(text=text) for language in Language}
    notice = Notice(on=type_, send={"sms": "said_in_a_test"})
    messages = {**profile.messages, "said_in_a_test": written}
    kept = tuple(one for one in profile.notices if one.on != type_)
    more = {"notices": (*kept, notice), "messages": messages}
    return factories.published(profile.model_copy(update=more))
