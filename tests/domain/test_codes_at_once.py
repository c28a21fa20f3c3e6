"""One link, pressed twice at the same moment: it opens once."""

from threading import Thread

import pytest
from django.db import connection, transaction

from derman.cases import access_codes
from tests.factories import MONDAY, make_case, make_customer, published

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_link_that_two_use_at_once_opens_once():
    published()
    customer = make_customer("Ayşe Yılmaz", phone="+905321112233")
    token = access_codes.make_link(
        make_case(customer=customer), customer.contact_points.get(), MONDAY
    )
    found = []

    def use() -> None:
        try:
            found.append(access_codes.use("", token, MONDAY))
        finally:
            connection.close()

    other = Thread(target=use)
    with transaction.atomic():
        first = access_codes.use("", token, MONDAY)
        other.start()
        other.join(0.5)  # waits in vain for the row, as long as this transaction holds it
    other.join(30)
    assert first is not None
    assert found == [None]
