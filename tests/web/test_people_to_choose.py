"""People are looked up by name, the Turkish letters where a reader expects them."""

import pytest

from derman.accounts.models import User
from derman.desk.people import Colleagues, by_name

pytestmark = pytest.mark.django_db

NAMES = ("Zeynep Arslan", "Şule Bulut", "Çağla Er", "Ilgın Yavuz", "Elif Şahin", "İrem Turan")
IN_ORDER = ["Çağla Er", "Elif Şahin", "Ilgın Yavuz", "İrem Turan", "Şule Bulut", "Zeynep Arslan"]


@pytest.fixture
def people():
    for name in NAMES:
        first, last = name.split()
        User.objects.create(username=first, first_name=first, last_name=last)
    return User.objects.exclude(first_name="")


def test_colleagues_stand_in_the_order_of_a_reader(people):
    field = Colleagues(queryset=people, required=False, empty_label="Nobody")
    assert [label for _key, label in field.choices] == ["Nobody", *IN_ORDER]
    assert [label for _key, label in Colleagues(queryset=people, empty_label=None).choices] == (
        IN_ORDER
    )


def test_plain_choices_stand_in_the_same_order(people):
    assert [label for _key, label in by_name(people)] == IN_ORDER
