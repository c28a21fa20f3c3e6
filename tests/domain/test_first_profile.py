"""The organisation that a new installation begins with."""

import pytest

from derman.cli import first
from derman.profile.models import ProfileVersion

pytestmark = pytest.mark.django_db


def test_the_first_version_is_noted_in_the_language_of_its_people():
    ProfileVersion.objects.all().delete()
    first.publish("gas", None)
    assert ProfileVersion.objects.get().note == "ilk sürüm"
