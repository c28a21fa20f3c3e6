"""What is particular to the demo of the electricity company."""

from datetime import date

import pytest

from derman.cases.models import Case
from derman.demo import texts
from derman.demo.loading import Demo
from derman.words.events import EventType
from derman.words.kinds import Channel
from tests import factories


@pytest.mark.django_db
def test_who_wrote_on_social_media_was_called_and_everybody_else_got_a_message():
    published = factories.published(factories.preset("electricity"))
    demo = Demo(texts.read("electricity"), published, seed=7, today=date(2026, 3, 2))
    assert len(list(demo.load(customers=60, cases=80))) == 80

    for case in Case.objects.exclude(first_contact=True).prefetch_related("events"):
        types = [event.type for event in case.events.order_by("id")]
        confirmed = EventType.ACKNOWLEDGED in types
        assert confirmed == (case.channel != Channel.SOCIAL), case
        if case.channel == Channel.SOCIAL:
            assert EventType.CONTACTED in types
            assert case.clocks.get(kind="acknowledge").state == "met"
