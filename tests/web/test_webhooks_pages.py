"""Webhooks under /settings/: made, tried, switched, sent again."""

from ipaddress import ip_network

import pytest

from derman.api.models import Delivery, Webhook
from derman.api.webhooks import hooks
from derman.words.kinds import DeliveryState
from derman.words.rights import Role
from tests import factories
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db
PLACE = "/settings/webhooks/"


@pytest.fixture
def admin(client, settings):
    settings.WEBHOOK_NETWORKS = [ip_network("127.0.0.0/8")]
    factories.published()
    client.force_login(factories.make_user(Role.ADMIN))
    return client


@pytest.fixture
def hook(admin) -> Webhook:
    return hooks.add("crm", "http://127.0.0.1:9/x", types=[], by=None, at=MONDAY)


def test_a_webhook_is_made_and_shows_its_secret(admin):
    said = {"name": "CRM", "url": "http://127.0.0.1:9/x", "types": ["case.closed"]}

    page = admin.post(PLACE, said, follow=True)

    made = Webhook.objects.get()
    assert (made.name, made.types, made.created_by.username) == ("CRM", ["case.closed"], "admin")
    assert made.secret in page.content.decode()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": "CRM", "url": "https://10.0.0.1/"}, "url"),
        ({"name": "CRM", "url": "no address"}, "url"),
        ({"name": "", "url": "http://127.0.0.1:9/"}, "name"),
        ({"name": "crm", "url": "http://127.0.0.1:9/"}, "name"),
        ({"name": "CRM", "url": "http://127.0.0.1:9/", "types": ["case.nothing"]}, "types"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(admin, hook, said, field):
    page = admin.post(PLACE, said)

    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert page.context["form"].data["url"] == said["url"]
    assert Webhook.objects.count() == 1


def test_an_empty_list_says_what_would_be_there(admin):
    assert "No webhook yet" in admin.get(PLACE).content.decode()


def test_it_is_switched_off_and_on(admin, hook):
    place = f"{PLACE}{hook.pk}/change/"

    assert "told nothing" in admin.post(place, {"what": "off"}, follow=True).content.decode()
    hook.refresh_from_db()
    assert hook.off_reason == "hand"
    admin.post(place, {"what": "on"})
    hook.refresh_from_db()
    assert hook.off_at is None


def test_a_new_secret_takes_the_place_of_the_old_one(admin, hook):
    old = hook.secret

    admin.post(f"{PLACE}{hook.pk}/change/", {"what": "secret"})

    assert Webhook.objects.get().secret != old


def test_a_trial_message_is_sent_and_sent_again(admin, hook):
    page = admin.post(f"{PLACE}{hook.pk}/change/", {"what": "try"}, follow=True)
    assert "Trial message" in page.content.decode()

    Delivery.objects.update(state=DeliveryState.FAILED, ended_at=MONDAY, attempts=10)
    delivery = Delivery.objects.get()
    admin.post(f"{PLACE}{hook.pk}/deliveries/{delivery.pk}/")

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.ended_at) == ("waiting", 0, None)


def test_messages_are_found_by_their_state(admin, hook):
    admin.post(f"{PLACE}{hook.pk}/change/", {"what": "try"})

    assert "Trial message" in admin.get(f"{PLACE}{hook.pk}/?state=waiting").content.decode()
    assert "Trial message" not in admin.get(f"{PLACE}{hook.pk}/?state=failed").content.decode()


def test_what_is_not_there_is_not_found(admin, hook):
    unknown = "00000000-0000-4000-8000-000000000000"

    assert admin.get(f"{PLACE}{unknown}/").status_code == 404
    assert admin.post(f"{PLACE}{hook.pk}/change/", {"what": "explode"}).status_code == 404
    assert admin.post(f"{PLACE}{hook.pk}/deliveries/{unknown}/").status_code == 404


def test_the_list_asks_few_questions(admin, hook, django_assert_max_num_queries):
    case = factories.make_case()
    for event in case.events.all():
        Delivery.objects.create(
            webhook=hook, event=event, type="case.opened", body="{}", created_at=MONDAY,
            next_at=MONDAY,
        )  # fmt: skip
    with django_assert_max_num_queries(16):
        admin.get(f"{PLACE}{hook.pk}/")
