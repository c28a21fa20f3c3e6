"""Editing the profile in the browser: every place has a page, and saving goes into the draft."""

import re

import pytest
from django.test import Client

from derman.profile import drafts
from tests.factories import make_user, preset, published

pytestmark = pytest.mark.django_db

FIELD = re.compile(r'<(?:input|textarea|select)\b[^>]*\bname="(?P<name>[^"]+)"[^>]*>', re.DOTALL)


@pytest.fixture
def client():
    published()
    client = Client()
    client.force_login(make_user("admin"))
    return client


def filled(client, address) -> dict[str, object]:
    """What a browser would send when nothing is changed."""
    form = client.get(address).context["form"]
    data: dict[str, object] = {}
    for name, field in form.fields.items():
        value = form[name].value()
        widget = field.widget
        if hasattr(widget, "decompress") and not isinstance(value, list):
            parts = widget.decompress(value)
            data |= {f"{name}_amount": parts[0] or "", f"{name}_unit": parts[1]}
        elif value not in (None, False):
            data[name] = field.prepare_value(value)
    return data


def places() -> list[str]:
    profile = preset()
    found = [name for name in type(profile).model_fields if name != "key"]
    for main, topic in profile.topics.items():
        found += [f"topics/{main}", f"topics/{main}/children"]
        found += [f"topics/{main}/children/{key}" for key in list(topic.children)[:2]]
    found += [f"units/{key}" for key in list(profile.units)[:2]]
    found += [f"notices/{at}" for at in range(2)]
    found += ["messages/opened_sms", "messages/code_email", "channels/email"]
    found += [f"templates/{key}" for key in list(profile.templates)[:1]]
    found += ["organisation/lines", "organisation/regions", "organisation/regulators"]
    return found + [f"organisation/lines/{key}" for key in list(profile.organisation.lines)[:1]]


@pytest.mark.parametrize("where", places())
def test_every_place_has_a_page_and_saving_it_unchanged_changes_nothing(client, where):
    address = f"/settings/profile/{where}/"
    answer = client.get(address)
    assert answer.status_code == 200, where
    if "form" not in answer.context:
        return

    answer = client.post(address, filled(client, address))

    assert answer.status_code == 302, answer.context["form"].errors
    assert drafts.open_draft() is None
