"""Somebody comes again about the same matter (row T10): found, marked, told, handed on."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from derman.bench import loading, stage
from derman.cases import actions, models, repeats
from derman.cases.models import Case, Event, Link
from derman.cases.submissions import Applicant
from derman.people import merging
from derman.profile.escalation import Escalation, Level
from derman.profile.repeats import Repeats
from derman.words.kinds import Channel, ClosingReason, Decision, Kind
from derman.words.life import State
from derman.words.loop import LinkKind, Trigger
from tests.desk import told_of, work
from tests.domain.test_query_plans import SCANS, Explaining
from tests.factories import (
    MONDAY,
    days,
    make_account,
    make_case,
    make_customer,
    make_user,
    preset,
    published,
)

pytestmark = pytest.mark.django_db
READING, BILL = "metering.reading_disputed", "billing.invoice_objection"
SAID = "Sayaç yanlış okunmuş, faturadaki endeks gerçek değil."
AGAIN = "Yine sayacım yanlış okunmuş, endeks faturada hatalı."
ELSE = "Kombi servisi kaba davrandı."


def later(number=1):
    return MONDAY + days(number)


def found(case, rule=None):
    return repeats.find(repeats.brought_by(case), rule or Repeats(), but=case.pk)


def reasons(case, rule=None):
    matches = found(case, rule)
    return matches[0].reasons if matches else ()


def test_the_same_customer_with_the_same_topic_comes_again():
    customer = make_customer()
    first = make_case(customer=customer, description=SAID)
    again = make_case(customer=customer, description=ELSE, at=later())

    (match,) = found(again)

    assert match.case_id == first.pk
    assert match.reasons == ("customer", "topic")


def test_similar_words_are_enough_under_another_topic():
    customer = make_customer()
    make_case(customer=customer, description=SAID)
    again = make_case(customer=customer, topic=BILL, description=AGAIN, at=later())

    assert reasons(again) == ("customer", "text")


def test_something_else_is_no_repeat():
    customer = make_customer()
    make_case(customer=customer, description=SAID)
    again = make_case(customer=customer, topic=BILL, description=ELSE, at=later())

    assert found(again) == []


def test_the_same_matter_of_somebody_else_is_no_repeat():
    make_case(description=SAID, applicant=Applicant(name="Ali Kaya", phone="0533 111 22 33"))
    again = make_case(description=SAID, at=later())

    assert found(again) == []


def test_two_who_hold_one_account_are_the_same_people():
    holder, tenant = make_customer(), make_customer("Ali Kaya", phone="+905331112233")
    account = make_account(holder)
    make_case(customer=holder, account=account, description=SAID)
    again = make_case(customer=tenant, account=account, description=AGAIN, at=later())

    assert reasons(again)[0] == "account"


def test_an_account_number_that_nobody_knows_connects_too():
    given = {"account_number": "77001122"}
    make_case(applicant=Applicant(name="Ali Kaya", phone="0533 111 22 33"), **given)
    again = make_case(
        applicant=Applicant(name="Veli Ak", phone="0533 222 33 44"), at=later(), **given
    )

    assert reasons(again) == ("account", "topic", "text")


def test_two_accounts_at_one_address_are_the_same_people():
    former, now = make_customer(), make_customer("Ali Kaya", phone="+905331112233")
    make_case(customer=former, account=make_account(former))
    again = make_case(customer=now, account=make_account(now), at=later())

    assert reasons(again)[0] == "address"


def test_whoever_has_the_same_phone_is_the_same_people():
    make_case(applicant=Applicant(name="Mehmet Demir", phone="0533 765 43 21"))
    again = make_case(applicant=Applicant(name="M. Demir", phone="+90 533 765 43 21"), at=later())

    assert reasons(again)[0] == "contact"


def test_a_contact_that_many_share_says_nothing():
    for index in range(repeats.SHARED + 1):
        make_case(applicant=Applicant(name=f"Bayi {index}", phone="0533 765 43 21"))
    again = make_case(applicant=Applicant(name="Ali Kaya", phone="0533 765 43 21"), at=later())

    assert found(again) == []


def test_a_disputed_contact_connects_nobody():
    first = make_case(applicant=Applicant(name="Mehmet Demir", phone="0533 765 43 21"))
    first.applicant.contact_points.update(state="disputed")
    again = make_case(applicant=Applicant(name="M. Demir", phone="0533 765 43 21"), at=later())

    assert found(again) == []


def test_a_row_merged_a_moment_ago_is_the_same_customer():
    one, other = make_customer(), make_customer("A. Yılmaz", phone="+905331112233")
    case = make_case(customer=other)
    merging.merge(one, other, reason="aynı", accepted=(), also={}, by=None, at=MONDAY)
    again = make_case(customer=one, at=later())

    assert case.applicant_id == other.pk  # its cases follow later
    assert reasons(again)[0] == "customer"


@pytest.mark.parametrize(
    ("after", "closed", "expected"),
    [(29, True, True), (31, True, False), (31, False, True)],
    ids=["closed, in time", "closed, too late", "still open"],
)
def test_what_was_closed_counts_for_some_days_and_what_is_open_always(after, closed, expected):
    customer = make_customer()
    first = make_case(customer=customer)
    if closed:
        actions.close_early(first, ClosingReason.INVALID, by=None, at=MONDAY, profile=published())
    again = make_case(customer=customer, at=later(after))

    assert bool(found(again)) is expected


def test_the_days_run_from_the_end_where_there_was_one():
    customer = make_customer()
    first = make_case(customer=customer)
    actions.close_early(first, ClosingReason.INVALID, by=None, at=later(40), profile=published())
    again = make_case(customer=customer, at=later(60))

    assert found(again)


def test_thanks_and_switched_off_rules_find_nothing():
    customer = make_customer()
    make_case(customer=customer)
    thanks = make_case(customer=customer, kind=Kind.THANKS, at=later())
    again = make_case(customer=customer, at=later())

    assert found(thanks) == []
    assert found(again, Repeats(days=0)) == []


def test_who_asked_for_secrecy_is_left_out():
    customer = make_customer()
    first = make_case(customer=customer)
    Case.objects.filter(pk=first.pk).update(secret_reporter=True)
    again = make_case(customer=customer, at=later())

    assert found(again) == []


def test_the_open_one_comes_before_the_closed_one():
    customer = make_customer()
    still_open = make_case(customer=customer)
    closed = make_case(customer=customer, at=later(1))
    actions.close_early(closed, ClosingReason.INVALID, by=None, at=later(1), profile=published())
    again = make_case(customer=customer, at=later(2))

    assert [one.case_id for one in found(again)] == [still_open.pk, closed.pk]


def test_the_worker_marks_it_with_the_reasons_and_tells_the_owner():
    owner = make_user("solution", name="derya")
    customer = make_customer()
    first = make_case(customer=customer, description=SAID)
    actions.take(first, by=owner, at=MONDAY, profile=published())
    again = make_case(customer=customer, description=AGAIN, at=later(), channel=Channel.WEB)
    assert not again.is_repeat

    work()

    again.refresh_from_db()
    assert again.is_repeat
    assert again.owner_user == owner
    assert again.state == State.RECEIVED  # nobody has begun to look at it yet
    link = Link.objects.get(case=again)
    assert (link.kind, link.other) == (LinkKind.REPEAT, first)
    assert link.reasons == ["customer", "topic", "text"]
    assert link.likeness > 0.27
    event = Event.objects.get(case=again, type="repeat_found")
    assert event.details["other"] == first.number
    assert told_of(again, "repeat_found").address == owner.email


def test_it_is_raised_one_level_where_the_escalation_says_so():
    profile = preset()
    level = Level(label=profile.units["solution"].label, trigger=Trigger.REPEAT, role="supervisor")
    raising = Escalation(levels={"again": level})
    raises = published(profile.model_copy(update={"escalation": raising}))
    customer = make_customer()
    first = make_case(customer=customer, profile=raises)
    again = make_case(customer=customer, at=later(), profile=raises)

    work()

    (raised,) = models.Escalation.objects.filter(case=again, trigger="repeat")
    assert raised.trigger == Trigger.REPEAT
    assert raised.details["other"] == first.number


def test_a_profile_that_keeps_owners_apart_gives_it_to_nobody():
    profile = preset()
    rule = profile.repeats.model_copy(update={"same_owner": False, "one_level_up": False})
    apart = published(profile.model_copy(update={"repeats": rule}))
    customer = make_customer()
    first = make_case(customer=customer, profile=apart)
    actions.take(first, by=make_user("solution"), at=MONDAY, profile=apart)
    again = make_case(customer=customer, at=later(), profile=apart)
    version = again.version

    work()

    again.refresh_from_db()
    assert again.is_repeat
    assert again.owner_user is None
    assert again.version == version  # who is writing on it loses nothing
    assert not models.Escalation.objects.filter(case=again, trigger="repeat").exists()


def test_what_was_answered_at_once_is_marked_and_stays_as_it_is():
    customer = make_customer()
    first = make_case(customer=customer)
    actions.take(first, by=make_user("solution"), at=MONDAY, profile=published())
    again = make_case(customer=customer, at=later())
    actions.answer_at_once(
        again, Decision.JUSTIFIED, "Düzeltildi.", channel="phone", by=None, at=later(),
        profile=published(),
    )  # fmt: skip

    work()

    again.refresh_from_db()
    assert again.is_repeat
    assert again.state == State.CLOSED
    assert again.owner_user is None


def test_the_work_done_for_somebody_new_stays_small():
    account = make_account(make_customer("Ali Kaya", phone="+905331112233"), address="Ayrı Sokak 7")
    case = make_case(account=account)
    brought = repeats.brought_by(case)

    with CaptureQueriesContext(connection) as asked:
        repeats.find(brought, Repeats(), but=case.pk)

    assert len(asked) <= 5


@pytest.mark.postgresql
def test_no_look_walks_over_the_pool():
    staff = stage.add_staff()
    published()
    loading.load_share(loading.Job(5_000, datetime(2026, 11, 2, 9, 0), staff))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ANALYZE")
    case = Case.objects.exclude(account=None).order_by("-received_at")[100]
    brought = repeats.brought_by(case)

    with connection.execute_wrapper(explaining := Explaining()):
        repeats.find(brought, Repeats(days=60), but=case.pk)

    assert explaining.plans
    for plan in explaining.plans:
        assert not [scan for scan in (*SCANS, "case_by_receipt", "case_by_topic") if scan in plan]


@pytest.mark.parametrize("role", ["agent", "unit", "clerk"])
def test_every_part_of_the_look_while_a_call_is_typed_has_an_index(role):
    """On both databases, for whoever sees all cases and for whoever sees their own unit's."""
    customer = make_customer()
    case = make_case(customer=customer, account=make_account(customer))
    user = make_user(role, "network")
    seen = Case.objects.visible_to(user).named_to(user)
    with CaptureQueriesContext(connection) as asked:
        repeats.find(repeats.brought_by(case), Repeats(), among=seen)
    on_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if not on_sqlite:  # then it scans only where no index fits
            cursor.execute("SET LOCAL enable_seqscan = off")
        for query in asked.captured_queries:
            explain = "EXPLAIN QUERY PLAN" if on_sqlite else "EXPLAIN"
            cursor.execute(f"{explain} {query['sql']}")
            steps = [str(row[-1]) for row in cursor.fetchall()]
            assert not [s for s in steps if "SCAN cases_" in s or "SCAN people_" in s], steps
            assert not [s for s in steps if "Seq Scan" in s], steps


def test_a_case_that_waits_resolved_counts_however_old_it_is():
    """As one that cannot be closed yet."""
    customer, given = make_customer(), {"by": make_user("solution", "solution")}
    first = make_case(customer=customer)
    act = {**given, "at": MONDAY, "profile": published(preset())}
    actions.take(first, **act)
    actions.outcome(first, "justified", "Düzeltildi.", **act)

    assert found(make_case(customer=customer, at=later(60)))


def test_of_an_account_that_nobody_holds_the_newest_cases_are_looked_at(monkeypatch):
    monkeypatch.setattr(repeats, "MOST", 1)
    numbered = {"account_number": "77001122"}
    _old, new = (make_case(at=later(n), **numbered) for n in range(2))
    brought = repeats.Brought(
        topic=new.topic, kind=new.kind, text=new.description, at=later(2), **numbered
    )

    assert [match.case_id for match in repeats.find(brought, Repeats())] == [new.pk]


def test_who_comes_again_about_what_went_on_in_somebody_elses_case_is_noticed():
    """Their own case was merged and is closed; the matter is as open as its target."""
    owner, mine = make_user("solution", name="derya"), make_customer()
    first = make_case(customer=mine, description=SAID)
    target = make_case(applicant=Applicant(name="Ali Kaya", phone="0533 111 22 33"))
    given = {"by": owner, "at": MONDAY, "profile": published()}
    actions.take(target, **given)
    actions.merge(first, target, **given)
    again = make_case(customer=mine, description=AGAIN, at=later())

    (match,) = found(again)
    assert (match.number, match.is_merged, match.is_open) == (first.number, True, True)

    work()
    again.refresh_from_db()
    assert again.is_repeat
    assert again.owner_user == owner


def test_of_a_merged_pair_of_ones_own_only_the_target_is_found():
    mine = make_customer()
    first, second = make_case(customer=mine), make_case(customer=mine)
    given = {"by": make_user("supervisor"), "at": MONDAY, "profile": published()}
    actions.merge(first, second, **given)

    assert [one.case_id for one in found(make_case(customer=mine, at=later()))] == [second.pk]
