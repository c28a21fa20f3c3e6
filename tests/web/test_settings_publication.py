"""From a change in the browser to a published version, and back again."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from derman import worker
from derman.administration import publication
from derman.profile import drafts, editing, publishing
from derman.profile.models import ProfileEdit, ProfileVersion
from tests.factories import make_case, make_user, published
from tests.web.test_settings_editor import sent

pytestmark = pytest.mark.django_db
UNIT = "/settings/profile/units/billing/"


@pytest.fixture
def client():
    published()
    client = Client()
    client.force_login(make_user("admin"))
    return client


def change(client, address=UNIT, **values):
    return client.post(address, {**sent(client.get(address).context["form"]), **values})


def publish(client, **values):
    given = {"when": "now", "note": "because", **values}
    return client.post("/settings/draft/publication/", given)


def local(moment) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def test_a_change_is_saved_shown_and_published(client):
    answer = change(client, email="new@ornekgaz.example")
    assert answer.status_code == 302
    page = client.get("/settings/draft/").text
    assert "new@ornekgaz.example" in page
    assert publishing.current().profile.units["billing"].email != "new@ornekgaz.example"

    assert publish(client).status_code == 302

    assert publishing.current().profile.units["billing"].email == "new@ornekgaz.example"
    version = ProfileVersion.objects.latest("id")
    assert (version.note, version.by.username) == ("because", "admin")
    assert drafts.open_draft() is None
    page = client.get(f"/settings/versions/{version.pk}/").text
    assert "new@ornekgaz.example" in page
    assert "because" in client.get("/settings/versions/").text


def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(client):
    answer = change(client, **{"email": "no address", "label.en": "Bills and more"})

    assert answer.status_code == 422
    form = answer.context["form"]
    assert "email" in form.errors
    assert "Bills and more" in answer.text
    assert drafts.open_draft() is None


def test_what_a_check_finds_is_saved_and_said_at_its_field(client):
    answer = change(client, **{"label.de": ""})
    assert answer.status_code == 302

    form = client.get(UNIT).context["form"]
    assert form.errors["label.de"] == ["The German text is missing."]
    answer = publish(client)
    assert answer.status_code == 409
    assert ProfileVersion.objects.count() == 1


def test_the_second_of_two_people_is_told_and_loses_nothing(client):
    typed = sent(client.get(UNIT).context["form"])
    change(client, email="first@ornekgaz.example", **{"label.en": "First"})

    mine = {"email": "second@ornekgaz.example", "label.de": "Zweite"}
    answer = client.post(UNIT, {**typed, **mine})

    assert answer.status_code == 409
    assert "data-conflict" in answer.text
    assert answer.context["differing"] == [("E-mail address", "first@ornekgaz.example")]
    form = answer.context["form"]
    shown = [form[name].value() for name in ("email", "label.en", "label.de")]
    assert shown == ["second@ornekgaz.example", "First", "Zweite"]

    assert client.post(UNIT, sent(form)).status_code == 302
    unit = drafts.current().profile.units["billing"]
    assert unit.email == "second@ornekgaz.example"
    assert (unit.label["en"], unit.label["de"]) == ("First", "Zweite")


def test_two_people_at_two_fields_of_one_place_do_not_meet(client):
    typed = sent(client.get(UNIT).context["form"])
    change(client, email="first@ornekgaz.example")

    answer = client.post(UNIT, {**typed, "label.en": "Second"}, follow=True)

    assert "was kept" in answer.text
    unit = drafts.current().profile.units["billing"]
    assert (unit.email, unit.label["en"]) == ("first@ornekgaz.example", "Second")


def test_a_sub_topic_changed_meanwhile_is_kept_by_whoever_saves_its_main_topic(client):
    main, leaf = "/settings/profile/topics/metering/", "children/reading_disputed/"
    typed = sent(client.get(main).context["form"])
    change(client, main + leaf, **{"label.en": "Other reading"})

    answer = client.post(main, {**typed, "label.en": "Meters and more"})

    assert answer.status_code == 302
    topic = drafts.current().profile.topics["metering"]
    assert topic.label["en"] == "Meters and more"
    assert topic.children["reading_disputed"].label["en"] == "Other reading"


def test_a_unit_is_added_moved_and_removed(client):
    new = {"label.tr": "Isı merkezi", "label.en": "Heat centre", "label.de": "Wärme"}
    answer = client.post("/settings/add/units/", {**new, "kind": "expert"})
    assert answer.status_code == 302
    key = list(drafts.current().profile.units)[-1]
    assert key == "heat_centre"

    client.post(f"/settings/move/units/{key}/", {"direction": "up"})
    assert list(drafts.current().profile.units)[-2] == key

    seen = editing.fingerprint(drafts.current().document["units"][key])
    assert client.post(f"/settings/removal/units/{key}/", {"seen": seen}).status_code == 302
    assert key not in drafts.current().profile.units


def test_a_taken_or_unfit_key_keeps_what_was_typed(client):
    new = {"label.tr": "A", "label.en": "Bee", "label.de": "C", "kind": "expert"}
    for key in ("billing", "No Key"):
        answer = client.post("/settings/add/units/", {**new, "key": key})
        assert answer.status_code == 422
        assert 'value="Bee"' in answer.text


def test_a_key_in_use_is_retired_not_removed(client):
    case = make_case()
    main, leaf = case.topic.split(".")
    address = f"/settings/profile/topics/{main}/children/{leaf}/"
    removal = f"/settings/removal/topics/{main}/children/{leaf}/"

    assert "cannot be removed" in client.get(removal).text
    client.post(removal, {"seen": editing.fingerprint(None)})
    assert drafts.open_draft() is None

    change(client, address, retired="on")
    assert publish(client).status_code == 302
    assert publishing.current().profile.topic(case.topic).retired
    assert client.get(f"/desk/cases/{case.number}/").status_code == 200


def test_a_publication_is_planned_shown_carried_out_and_once(client):
    change(client, email="new@ornekgaz.example")
    moment = timezone.now() + timedelta(days=2)
    assert publish(client, when="later", publish_at=local(moment)).status_code == 302

    for address in ("/settings/", UNIT, "/settings/versions/", "/settings/draft/"):
        assert "data-plan" in client.get(address).text
    answer = change(client, email="other@ornekgaz.example")
    assert answer.status_code == 409
    assert "other@ornekgaz.example" in answer.text

    assert publication.publish_due(moment - timedelta(minutes=5), 100) == 0
    assert ProfileVersion.objects.count() == 1
    assert publication.publish_due(moment, 100) == 1
    assert publication.publish_due(moment, 100) == 0
    version = ProfileVersion.objects.latest("id")
    assert (version.by.username, version.note) == ("admin", "because")
    assert publishing.current().profile.units["billing"].email == "new@ornekgaz.example"


def test_a_plan_is_withdrawn(client):
    change(client, email="new@ornekgaz.example")
    moment = timezone.now() + timedelta(days=2)
    publish(client, when="later", publish_at=local(moment))

    client.post("/settings/draft/withdrawal/")

    assert publication.publish_due(moment, 100) == 0
    assert ProfileVersion.objects.count() == 1
    assert change(client, email="other@ornekgaz.example").status_code == 302


def test_a_plan_that_was_overtaken_says_so_and_can_catch_up(client):
    change(client, email="new@ornekgaz.example")
    moment = timezone.now() + timedelta(days=2)
    publish(client, when="later", publish_at=local(moment))
    profile = publishing.current().profile
    units = {**profile.units, "safety": profile.units["billing"]}
    published(profile.model_copy(update={"units": units}))

    assert publication.publish_due(moment, 100) == 1
    assert publication.publish_due(moment, 100) == 0
    assert "could not be published" in client.get("/settings/").text

    client.post("/settings/draft/withdrawal/")
    client.post("/settings/draft/catch-up/")
    assert publish(client).status_code == 302
    assert "safety" in publishing.current().profile.units
    assert publishing.current().profile.units["billing"].email == "new@ornekgaz.example"


def test_an_old_version_comes_back_as_a_new_one(client):
    first = ProfileVersion.objects.get()
    change(client, email="new@ornekgaz.example")
    publish(client)

    answer = client.post(f"/settings/versions/{first.pk}/return/", {"note": "was better"})

    assert answer.status_code == 302
    latest = ProfileVersion.objects.latest("id")
    assert (latest.digest, latest.note) == (first.digest, "was better")
    assert ProfileVersion.objects.count() == 3


def test_old_cases_keep_what_they_were_decided_under(client):
    case = make_case()
    due_at, version_id = case.due_at, case.profile_id
    main, leaf = case.topic.split(".")
    address = f"/settings/profile/topics/{main}/children/{leaf}/"
    change(client, address, resolve_amount="30", resolve_unit="working days")
    publish(client)

    case.refresh_from_db()
    assert (case.due_at, case.profile_id) == (due_at, version_id)
    newer = make_case(profile=publishing.current())
    assert newer.profile_id == ProfileVersion.objects.latest("id").pk
    assert newer.due_at > due_at
    client.post(f"/settings/versions/{version_id}/return/", {"note": "back"})
    newer.refresh_from_db()
    assert newer.profile_id not in (version_id, ProfileVersion.objects.latest("id").pk)


def test_the_draft_is_thrown_away(client):
    change(client, email="new@ornekgaz.example")
    client.post("/settings/draft/disposal/")
    assert drafts.open_draft() is None
    assert ProfileEdit.objects.count() == 1


def test_the_list_of_versions_costs_the_same_however_many(client, django_assert_max_num_queries):
    for number in range(5):
        change(client, email=f"new{number}@ornekgaz.example")
        publish(client)
    client.get("/settings/versions/")
    with django_assert_max_num_queries(12):
        client.get("/settings/versions/")


def test_what_was_typed_for_something_removed_meanwhile_may_be_added_again(client):
    address = "/settings/profile/templates/greeting_received/"
    typed = {**sent(client.get(address).context["form"]), "label.en": "Greeting of mine"}
    seen = editing.fingerprint(drafts.current().document["templates"]["greeting_received"])
    client.post("/settings/removal/templates/greeting_received/", {"seen": seen})

    answer = client.post(address, typed)

    assert answer.status_code == 409
    assert "Greeting of mine" in answer.text
    assert 'value="greeting_received"' in answer.text
    again = {**typed, "key": "greeting_received"}
    assert client.post("/settings/add/templates/", again).status_code == 302
    label = drafts.current().profile.templates["greeting_received"].label
    assert label["en"] == "Greeting of mine"


def test_a_notice_that_slid_to_another_position_is_not_overwritten(client):
    address = "/settings/profile/notices/1/"
    typed = {**sent(client.get(address).context["form"]), "urgent": "on"}
    third = drafts.current().document["notices"][2]
    list_page = client.get("/settings/profile/notices/").context["lines"]
    seen = editing.fingerprint(drafts.current().document["notices"][0])
    client.post("/settings/removal/notices/0/", {"seen": seen})

    answer = client.post(address, typed)

    assert answer.status_code == 409
    assert drafts.current().document["notices"][1] == third
    client.post("/settings/move/notices/1/", {"direction": "up", "seen": list_page[1].seen})
    assert drafts.current().document["notices"][1] == third


def test_the_worker_looks_for_planned_publications():
    runs = [one.run for one in worker.reconcilers()]
    assert publication.publish_due in runs
