"""What pages and health ask about messages: few queries, pages by key, capped counts."""

from datetime import timedelta

import pytest
from django.db import connection

from derman.outbox import expansion, queries, sending, transports
from derman.outbox.models import Message
from derman.words.kinds import MessageState
from tests import factories
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

COUNT = 7


@pytest.fixture
def messages():
    for number in range(COUNT):
        customer = factories.make_customer(phone=f"+90532{number:07}")
        factories.make_case(customer=customer, at=MONDAY + timedelta(minutes=number))
        expansion.expand(MONDAY + timedelta(minutes=number), 10)


def test_pages_follow_each_other_newest_first(messages):
    seen, after = [], None
    while True:
        page = queries.page(size=3, after=after)
        seen += page.messages
        after = page.after
        if after is None:
            break

    assert [m.queued_at for m in seen] == sorted((m.queued_at for m in seen), reverse=True)
    assert len({m.pk for m in seen}) == COUNT


def test_a_page_is_one_query(messages, django_assert_num_queries):
    with django_assert_num_queries(1):
        page = queries.page(state=MessageState.QUEUED, channel="sms", size=50)
        assert [m.case.number for m in page.messages]
    assert queries.page(state=MessageState.FAILED).messages == []
    assert queries.page(channel="email").messages == []


def test_counts_are_capped(messages, monkeypatch):
    monkeypatch.setattr(queries, "CAP", 4)

    assert queries.by_state()["queued"] == 5
    assert queries.count_by_state()["queued"] == COUNT


def test_what_needs_attention_is_failed_or_unknown(messages):
    first, second, *_ = Message.objects.all()
    Message.objects.filter(pk=first.pk).update(state=MessageState.FAILED)
    Message.objects.filter(pk=second.pk).update(state=MessageState.UNKNOWN)

    assert set(queries.needing_attention()) == {first, second}


def test_the_oldest_that_waits_is_known(messages):
    assert queries.oldest_waiting_at(MONDAY + timedelta(hours=1)) == MONDAY
    assert queries.oldest_waiting_at(MONDAY - timedelta(hours=1)) is None
    assert queries.oldest_undealt_at(MONDAY + timedelta(hours=1)) is None


def test_looking_when_nothing_is_due_is_cheap(messages, django_assert_max_num_queries):
    Message.objects.update(state=MessageState.DELIVERED)
    transports.register("sms", object())
    with django_assert_max_num_queries(4):
        assert expansion.expand(MONDAY, 100) == 0
        assert sending.send_due(MONDAY, 100) == 0
        assert sending.recover_leases(MONDAY) == 0
    transports.forget()


@pytest.mark.parametrize(
    "asked",
    [
        lambda: sending._due(["sms"], MONDAY),
        lambda: expansion._waiting(MONDAY),
        lambda: Message.objects.filter(state="failed").order_by("-queued_at", "-id"),
        lambda: Message.objects.filter(address_index="x"),
        lambda: Message.objects.filter(provider_ref="x"),
    ],
    ids=["due", "waiting", "by state", "by address", "by reference"],
)
def test_no_question_walks_over_all_messages(messages, asked):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # the tables are small here
    plan = asked().explain()

    assert "Seq Scan" not in plan
    assert "SCAN outbox_message\n" not in f"{plan}\n"
    assert "SCAN cases_dispatch\n" not in f"{plan}\n"
