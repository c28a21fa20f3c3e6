"""Editing the profile in the browser: every place has a page, and saving goes into the draft."""

from datetime import date, time

import pytest
from django.test import Client

from derman.profile import drafts, editing
from derman.profile.schema import Profile
from tests.factories import make_user, preset, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    published()
    client = Client()
    client.force_login(make_user("admin"))
    return client


def sent(form) -> dict[str, object]:
    """What a browser would send when nothing is changed."""
    data: dict[str, object] = {}
    for name, field in form.fields.items():
        value = form[name].value()
        if hasattr(field.widget, "decompress") and not isinstance(value, list):
            amount, unit = field.widget.decompress(value)
            data |= {f"{name}_amount": amount or "", f"{name}_unit": unit}
        elif value not in (None, False):
            data[name] = value
    return data


def places(part: str) -> list[str]:
    """The part, and a few of every kind of place in it."""
    profile = preset()
    found = {
        "topics": ["metering", "metering/children", "metering/children/reading_disputed"],
        "units": list(profile.units)[:2],
        "notices": ["0", "1"],
        "messages": ["opened_sms", "code_email"],
        "channels": ["email"],
        "templates": list(profile.templates)[:1],
        "organisation": [
            "lines", "regions", "regulators", f"lines/{next(iter(profile.organisation.lines))}",
        ],
    }  # fmt: skip
    return [part, *(f"{part}/{below}" for below in found.get(part, []))]


@pytest.mark.parametrize("part", [name for name in Profile.model_fields if name != "key"])
def test_every_place_has_a_page_and_saving_it_unchanged_changes_nothing(client, part):
    for where in places(part):
        address = f"/settings/profile/{where}/"
        answer = client.get(address)
        assert answer.status_code == 200, where
        if "form" not in answer.context:
            continue

        answer = client.post(address, sent(answer.context["form"]))

        assert answer.status_code == 302, (where, answer.context["form"].errors)
    assert drafts.open_draft() is None


@pytest.mark.parametrize(
    "where", ["key", "nothing", "units/nobody", "units/billing/email", "notices/999", "notices/x"]
)
def test_what_is_no_place_is_not_found(client, where):
    found = client.get(f"/settings/profile/{where}/").status_code
    assert found == (200 if where == "units/billing/email" else 404)


def test_topics_are_found_by_name_key_or_unit_with_their_main_topic(client):
    page = client.get("/settings/profile/topics/", {"q": "READING_disputed"})
    lines = page.context["lines"]
    assert [(line.key, [child.key for child in line.children]) for line in lines] == [
        ("metering", ["reading_disputed"])
    ]
    assert client.get("/settings/profile/topics/", {"q": "no such thing"}).context["lines"] == []


def test_the_tree_marks_what_is_wrong(client):
    address = "/settings/profile/topics/metering/children/reading_disputed/"
    typed = sent(client.get(address).context["form"])
    client.post(address, {**typed, "script.de": ""})

    lines = client.get("/settings/profile/topics/").context["lines"]

    wrong = [child.key for line in lines for child in line.children if child.problems]
    assert wrong == ["reading_disputed"]


def test_a_notice_is_added_moved_and_taken_away(client):
    before = len(preset().notices)
    new = {
        "on": "opened", "to": "applicant", "send.rows": "1",
        "send.0.key": "sms", "send.0.value": "opened_sms",
    }  # fmt: skip
    answer = client.post("/settings/add/notices/", new)
    assert answer["Location"] == f"/settings/profile/notices/{before}/"

    client.post(f"/settings/move/notices/{before}/", {"direction": "up"})
    notices = drafts.current().profile.notices
    assert notices[before - 1].when.channels == ()
    assert notices[before] == preset().notices[-1]

    value = drafts.current().document["notices"][before - 1]
    seen = editing.fingerprint(value)
    client.post(f"/settings/removal/notices/{before - 1}/", {"seen": seen})
    assert drafts.current().profile.notices == preset().notices


def test_an_incomplete_notice_says_what_is_missing(client):
    answer = client.post("/settings/add/notices/", {"to": "applicant", "send.rows": "0"})
    assert answer.status_code == 422
    assert "on" in answer.context["form"].errors


def test_what_was_removed_or_changed_meanwhile_is_not_removed_again(client):
    seen = editing.fingerprint("what it looked like once")
    client.post("/settings/removal/templates/greeting_received/", {"seen": seen})
    assert "greeting_received" in drafts.current().profile.templates


def test_a_calendar_date_and_the_order_of_languages(client):
    address = "/settings/profile/calendar/"
    typed = sent(client.get(address).context["form"])
    closed = {"dates.0.key": "2026-12-24", "dates.0.value": "08:30-12:00"}
    assert client.post(address, {**typed, **closed}).status_code == 302
    [(day, intervals)] = drafts.current().profile.calendar.dates.items()
    assert (day, intervals) == (date(2026, 12, 24), ((time(8, 30), time(12)),))

    address = "/settings/profile/organisation/"
    typed = sent(client.get(address).context["form"])
    order = {"languages.0.value": "en", "languages.1.value": "tr"}
    assert client.post(address, {**typed, **order}).status_code == 302
    assert drafts.current().profile.organisation.language == "en"


def test_a_message_shows_samples_and_refuses_nothing_that_is_only_long(client):
    page = client.get("/settings/profile/messages/opened_sms/")
    assert "264 839 172" in page.text
    assert "SMS" in page.text

    address = "/settings/sample/tr/messages/opened_sms/"
    long = client.post(address, {"value.tr.text": "Çok uzun. " * 90})
    assert "data-over" in long.text
    assert "264 839 172" in client.post(address, {"value.tr.text": "{{ number }}"}).text
    assert "nobody" in client.post(address, {"value.tr.text": "{{ nobody }}"}).text
    assert client.post("/settings/sample/tr/units/billing/", {}).status_code == 404
    assert client.post("/settings/sample/xx/messages/opened_sms/", {}).status_code == 404


def test_samples_are_shown_without_scripts_and_nothing_is_saved(client):
    address = "/settings/profile/messages/opened_sms/"
    typed = sent(client.get(address).context["form"])
    page = client.post(address, {**typed, "value.en.text": "Hello {{ number }}", "preview": "1"})
    assert page.status_code == 200
    assert "Hello 264 839 172" in page.text
    assert drafts.open_draft() is None


def test_a_page_costs_few_queries(client, django_assert_max_num_queries):
    for address in ("/settings/profile/topics/", "/settings/profile/units/billing/"):
        client.get(address)
        with django_assert_max_num_queries(12):
            client.get(address)


def test_a_limit_without_a_role_is_refused_in_words_at_its_field(client):
    address = f"/settings/profile/authority/limits/{next(iter(preset().authority.limits))}/"
    typed = sent(client.get(address).context["form"])

    answer = client.post(address, {**typed, "roles": []})

    assert answer.status_code == 422
    assert answer.context["form"].errors["roles"] == ["Choose at least one."]
    assert drafts.open_draft() is None


@pytest.mark.parametrize(
    ("where", "typed", "field"),
    [
        ("clocks", {"interim_amount": "0", "interim_unit": "same day"}, "interim"),
        ("authority", {"approvers": ["agent"]}, "approvers"),
        ("authority", {"approvers": []}, "approvers"),
        ("escalation/levels/task_soon", {"head": "", "role": "reception"}, "role"),
    ],
)
def test_what_would_tell_nobody_or_without_end_is_marked_at_its_field(client, where, typed, field):
    address = f"/settings/profile/{where}/"
    client.post(address, {**sent(client.get(address).context["form"]), **typed})

    form = client.get(address).context["form"]

    marked = {*form.errors, *form.problems}
    assert marked == {field}
