"""First-contact resolution: what was settled at once, and stayed settled."""

import pytest

from derman.cases import actions
from derman.cases.models import Link
from derman.cases.submissions import Applicant, Submission
from derman.profile.repeats import Repeats
from derman.reports import first_contact
from derman.words.kinds import Channel, ClosingReason, Decision, Kind, Language
from derman.words.loop import LinkKind
from tests.factories import MONDAY, days, make_account, make_case, make_customer, published

pytestmark = pytest.mark.django_db
READING, BILL = "metering.reading_disputed", "billing.invoice_objection"


def answered(customer=None, *, topic=READING, at=MONDAY, name="Mehmet Demir"):
    said = Submission(
        channel=Channel.PHONE,
        topic=topic,
        description="Sayaç yanlış okunmuş.",
        language=Language.TURKISH,
        applicant=Applicant() if customer else Applicant(name=name),
        customer_id=customer.pk if customer else None,
        applicant_id=customer.pk if customer else None,
    )
    return actions.open_and_answer(
        said, Decision.JUSTIFIED, "Düzeltildi.", by=None, at=at, profile=published()
    )


def figures(*, since=MONDAY, until=None, within=30, at=None):
    repeats = Repeats(days=within)
    until = until or MONDAY + days(30)
    return first_contact.figures(since, until, repeats=repeats, at=at or until + days(31))


def test_what_was_answered_at_once_is_a_share_of_all():
    answered()
    make_case()

    whole = figures().whole

    assert (whole.n, whole.gross, whole.net) == (2, 1, 1)
    assert whole.gross_rate == 0.5


def test_no_case_has_no_rate():
    assert figures().whole.net_rate is None


def test_who_comes_again_on_the_same_topic_was_not_helped():
    customer = make_customer()
    answered(customer)
    make_case(customer=customer, at=MONDAY + days(29))

    whole = figures().whole

    assert (whole.n, whole.gross, whole.net) == (2, 1, 0)


@pytest.mark.parametrize(
    ("topic", "after"), [(READING, 31), (BILL, 3)], ids=["too late", "something else"]
)
def test_who_comes_later_or_with_something_else_was_helped(topic, after):
    customer = make_customer()
    answered(customer)
    make_case(customer=customer, topic=topic, at=MONDAY + days(after))

    assert figures(until=MONDAY + days(1)).whole.net == 1


def test_somebody_else_on_the_same_account_counts_as_the_same_people():
    holder, tenant = make_customer(), make_customer("Ali Kaya", phone="+905331112233")
    account = make_account(holder)
    first = answered(holder)
    first.account = account
    first.save(update_fields=["account"])
    make_case(customer=tenant, account=account, at=MONDAY + days(2))

    assert figures().whole.net == 0


def test_who_comes_to_say_thanks_was_helped():
    customer = make_customer()
    answered(customer)
    make_case(customer=customer, kind=Kind.THANKS, at=MONDAY + days(2))

    assert figures().whole.net == 1


@pytest.mark.parametrize("topic", [READING, BILL], ids=["same topic", "by its words"])
def test_a_repeat_that_was_noticed_counts(topic):
    first = answered()
    again = make_case(topic=topic, at=MONDAY + days(2))
    Link.objects.create(case=again, other=first, kind=LinkKind.REPEAT, made_at=again.received_at)

    assert figures().whole.net == 0


def test_a_repeat_that_staff_found_to_be_none_does_not_count():
    first = answered()
    again = make_case(topic=BILL, at=MONDAY + days(2))
    given = {"case": again, "other": first, "made_at": again.received_at}
    Link.objects.create(kind=LinkKind.REPEAT, ended_at=again.received_at, **given)

    assert figures().whole.net == 1


def test_topics_stand_beside_the_whole_and_what_was_ended_without_a_decision_is_left_out():
    answered()
    answered(topic=BILL, name="Ali Kaya")
    make_case(topic=BILL)
    invalid = make_case()
    actions.close_early(invalid, ClosingReason.INVALID, by=None, at=MONDAY, profile=published())

    found = figures()

    assert [(one.topic, one.n, one.gross) for one in found.topics] == [
        (BILL, 2, 1),
        (READING, 1, 1),
    ]
    assert found.whole.n == 3


def test_net_is_final_when_the_days_are_over():
    answered()
    assert not figures(at=MONDAY + days(40)).is_final
    assert figures(at=MONDAY + days(60)).is_final
