"""The makers that other tests stand on."""

import pytest

from derman.words.rights import Role
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_case_is_opened_for_a_customer_with_an_account():
    customer = factories.make_customer()
    account = factories.make_account(customer)
    agent = factories.make_user(Role.AGENT)

    case = factories.make_case(customer=customer, account=account, by=agent)

    assert (case.customer, case.account, case.taken_by) == (customer, account, agent)


def test_a_profile_with_another_process_can_be_published():
    published = factories.published(factories.with_process(refers="itself"))

    case = factories.make_case(profile=published)

    assert case.tasks.get().unit == "metering"
