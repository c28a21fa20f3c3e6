"""The field team's phone in a real browser: with a connection, without, and after signing out."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from derman.cases import actions, files
from derman.cases.models import Attachment
from derman.visits import planning, slots
from derman.visits.models import FieldVisit
from derman.words.loop import VisitState
from tests import factories
from tests.browser.conftest import _session_of, violations

pytestmark = pytest.mark.django_db(transaction=True)
FINDING = "Mühür sağlam, endeks 4312."
# What lies on the phone: pages of visits, and reports.
LEFT = """async () => {
  const pages = await (await caches.open("derman-field-pages")).keys();
  const known = await indexedDB.databases();
  return { pages: pages.map((one) => new URL(one.url).pathname),
           stores: known.map((one) => one.name) };
}"""

COUNT = """(name) => new Promise((done) => {
  const asked = indexedDB.open("derman-field");
  asked.onsuccess = () => {
    const counted = asked.result.transaction(name).objectStore(name).count();
    counted.onsuccess = () => { asked.result.close(); done(counted.result); };
  };
})"""

# Nothing more is tried by the clock: who tests says when.
STILL = "for (let one = setInterval(() => {}, 1e6); one; one--) clearInterval(one);"

# The report arrives, and the answer to it does not.
LOSE_ONE = f"""() => {{ {STILL}
  const real = window.fetch;
  let lost = false;
  window.fetch = async (url, how) => {{
    const answer = await real(url, how);
    if (how?.method !== "POST" || lost) return answer;
    lost = true;
    document.body.dataset.lost = "";
    throw new TypeError("lost");
  }};
}}"""

# The first report meets a server that says: later.
BUSY_ONCE = f"""() => {{ {STILL}
  const real = window.fetch;
  let busy = true;
  window.fetch = async (url, how) => {{
    if (how?.method !== "POST" || !busy) return real(url, how);
    busy = false;
    document.body.dataset.wasBusy = "yes";
    return new Response("", {{ status: 429 }});
  }};
}}"""


@pytest.fixture
def crew():
    return factories.make_user("field", "metering")


@pytest.fixture
def visit(crew):
    act = {"by": factories.make_user("supervisor", name="boss"), "at": timezone.now()}
    act["profile"] = factories.published()
    customer = factories.make_customer()
    case = factories.make_case(customer=customer, at=act["at"])
    actions.refer(case, "metering", question="Mühür sağlam mı?", **act)
    slot = next(s for s in slots.offered(factories.preset(), act["at"]) if s.unit == "metering")
    planned = planning.plan(
        case, slot.key, address="Çınar Sokak 12/4", purpose="Mühür ve endeks.", **act
    )
    ends = act["at"] + timedelta(hours=2)
    FieldVisit.objects.update(begins_at=act["at"], ends_at=ends)
    return planned


def photo(size: tuple[int, int] = (64, 64)) -> dict:
    file = BytesIO()
    Image.new("RGB", size, "gray").save(file, "JPEG")
    return {"name": "sayac.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def open_list(tab: Page) -> None:
    """The list, until its worker has it and the visits' pages."""
    tab.goto("/desk/field/")
    expect(tab.get_by_text("Kept on this phone for when")).to_be_visible()


def write(tab: Page, words: str = FINDING) -> None:
    tab.wait_for_selector("body[data-ready]")
    tab.get_by_label("We were there and looked").check()
    tab.get_by_label("What you found").fill(words)
    tab.get_by_label("Photos").set_input_files([photo()])
    expect(tab.locator(".chosen-photos li")).to_have_count(1)


def send(tab: Page) -> None:
    tab.get_by_role("button", name="Send the report").click()


def visit_link(tab: Page, visit: FieldVisit):
    return tab.locator(f'a[data-visit="{visit.pk}"]')


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_fit_a_phone_without_violations(open_tab, crew, visit, scheme, picture):
    tab = open_tab(crew, narrow=True, scheme=scheme)
    for name, path in (("list", "/desk/field/"), ("visit", f"/desk/field/{visit.pk}/")):
        tab.goto(path)
        assert not violations(tab), path
        assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        picture(tab, f"field-{name}-390-{scheme}")


def test_a_report_with_a_connection_arrives_at_once(open_tab, crew, visit):
    tab = open_tab(crew, narrow=True)
    tab.goto(f"/desk/field/{visit.pk}/")
    write(tab)
    send(tab)

    expect(tab.locator("#on-phone li")).to_have_attribute("data-state", "arrived")
    visit.refresh_from_db()
    assert (visit.state, visit.finding) == (VisitState.DONE, FINDING)
    assert visit.photos.count() == 1


def test_a_report_without_a_connection_waits_and_arrives_once(open_tab, crew, visit, picture):
    tab = open_tab(crew, narrow=True, breaks=True)
    open_list(tab)
    tab.context.set_offline(True)
    visit_link(tab, visit).click()
    expect(tab.get_by_text("Mühür ve endeks.")).to_be_visible()
    write(tab)
    send(tab)
    kept = tab.locator("#on-phone li")
    expect(kept).to_have_attribute("data-state", "waiting")
    expect(tab.get_by_text("No connection.")).to_be_visible()

    tab.reload()  # still without a connection
    expect(kept).to_have_attribute("data-state", "waiting")
    expect(tab.get_by_label("What you found")).to_have_value(FINDING)
    assert not violations(tab)
    picture(tab, "field-offline-390")
    visit.refresh_from_db()
    assert visit.is_planned

    tab.goto("/desk/field/")
    tab.wait_for_selector("body[data-ready]")
    expect(kept).to_have_attribute("data-state", "waiting")
    expect(visit_link(tab, visit).get_by_text("On this phone")).to_be_visible()
    tab.context.set_offline(False)
    expect(kept).to_have_attribute("data-state", "arrived")
    visit.refresh_from_db()
    assert visit.finding == FINDING
    assert visit.case.events.filter(type="visit_reported").count() == 1
    assert Attachment.objects.filter(case=visit.case).count() == 1

    path = f"/desk/field/{visit.pk}/"
    assert path not in tab.evaluate(LEFT)["pages"]
    assert tab.evaluate(COUNT, "reports") == 0


def test_what_is_being_written_survives_a_page_that_is_gone(open_tab, crew, visit):
    tab = open_tab(crew, narrow=True, breaks=True)
    open_list(tab)
    tab.context.set_offline(True)
    visit_link(tab, visit).click()
    write(tab)
    expect(tab.locator("form[data-report]")).to_have_attribute("data-kept", "1")
    tab.reload()
    expect(tab.get_by_label("What you found")).to_have_value(FINDING)
    expect(tab.locator(".chosen-photos li")).to_have_count(1)

    again = tab.context.new_page()  # without what the tab itself remembered
    tab.close()
    again.goto("/desk/field/")
    expect(visit_link(again, visit).get_by_text("On this phone")).to_be_visible()
    expect(again.locator("#on-phone")).to_be_hidden()  # nothing of it was sent
    visit_link(again, visit).click()
    expect(again.get_by_label("What you found")).to_have_value(FINDING)
    expect(again.get_by_label("We were there and looked")).to_be_checked()
    expect(again.locator(".chosen-photos li")).to_have_count(1)

    again.context.set_offline(False)
    send(again)
    expect(again.locator("#on-phone li")).to_have_attribute("data-state", "arrived")
    visit.refresh_from_db()
    assert (visit.finding, visit.photos.count()) == (FINDING, 1)
    assert again.evaluate(COUNT, "drafts") == 0


def test_two_taps_send_one_report(open_tab, crew, visit):
    tab = open_tab(crew, narrow=True)
    tab.goto(f"/desk/field/{visit.pk}/")
    write(tab)
    tab.get_by_role("button", name="Send the report").dblclick()
    expect(tab.locator("#on-phone li")).to_have_attribute("data-state", "arrived")
    assert tab.evaluate(COUNT, "reports") == 0
    assert visit.case.events.filter(type="visit_reported").count() == 1


def test_the_same_words_sent_again_are_the_same_report(open_tab, crew, visit):
    """It had arrived, unheard: who sends it once more is not told that it was refused."""
    tab = open_tab(crew, narrow=True, breaks=True)
    tab.goto(f"/desk/field/{visit.pk}/")
    write(tab)
    tab.evaluate(LOSE_ONE)
    send(tab)
    tab.wait_for_selector("body[data-lost]")
    tab.context.set_offline(True)
    tab.reload()
    expect(tab.get_by_label("What you found")).to_have_value(FINDING)
    send(tab)
    expect(tab.locator("form[data-report]")).to_have_count(0)
    tab.context.set_offline(False)
    expect(tab.locator("#on-phone li")).to_have_attribute("data-state", "arrived")
    assert visit.case.events.filter(type="visit_reported").count() == 1


def test_a_large_photo_is_made_smaller_before_it_is_kept(open_tab, crew, visit):
    tab = open_tab(crew, narrow=True)
    tab.goto(f"/desk/field/{visit.pk}/")
    tab.wait_for_selector("body[data-ready]")
    tab.get_by_label("We met nobody").check()
    tab.get_by_label("Photos").set_input_files([photo((3000, 1500))])
    send(tab)
    expect(tab.locator("#on-phone li")).to_have_attribute("data-state", "arrived")
    kept = visit.photos.get().attachment
    with files.open_file(kept.pk) as file, Image.open(file) as picture:
        assert picture.size == (2048, 1024)


def test_an_answer_that_was_lost_is_asked_for_again_and_stored_once(open_tab, crew, visit):
    tab = open_tab(crew, narrow=True, breaks=True)
    tab.goto(f"/desk/field/{visit.pk}/")
    tab.wait_for_selector("body[data-ready]")
    tab.evaluate(LOSE_ONE)
    write(tab)
    send(tab)
    kept = tab.locator("#on-phone li")
    tab.wait_for_selector("body[data-lost]")
    expect(kept).to_have_attribute("data-state", "waiting")
    assert visit.case.events.filter(type="visit_reported").exists()
    tab.evaluate("dispatchEvent(new Event('online'))")
    expect(kept).to_have_attribute("data-state", "arrived")
    assert visit.case.events.filter(type="visit_reported").count() == 1


def test_who_is_signed_out_meanwhile_signs_in_and_loses_nothing(open_tab, crew, visit, live_server):
    tab = open_tab(crew, narrow=True, breaks=True)
    tab.goto(f"/desk/field/{visit.pk}/")
    write(tab)
    Session.objects.all().delete()
    tab.context.clear_cookies()
    send(tab)
    kept = tab.locator("#on-phone li")
    expect(kept).to_have_attribute("data-state", "waiting")
    expect(tab.locator("#phone-state").get_by_role("link", name="Sign in")).to_be_visible()

    tab.context.add_cookies([_session_of(crew, live_server.url)])
    tab.goto("/desk/field/")
    expect(kept).to_have_attribute("data-state", "arrived")
    visit.refresh_from_db()
    assert visit.finding == FINDING


def test_who_is_sent_to_sign_in_leaves_no_page_on_the_phone(open_tab, crew, visit):
    tab = open_tab(crew, narrow=True, breaks=True)
    open_list(tab)
    assert f"/desk/field/{visit.pk}/" in tab.evaluate(LEFT)["pages"]
    Session.objects.all().delete()
    tab.goto("/desk/field/")
    tab.wait_for_url("**/sign-in/**")
    assert tab.evaluate(LEFT)["pages"] == []


def test_a_server_that_has_no_time_is_asked_again(open_tab, crew, visit):
    tab = open_tab(crew, narrow=True, breaks=True)
    tab.goto(f"/desk/field/{visit.pk}/")
    write(tab)
    tab.evaluate(BUSY_ONCE)
    send(tab)
    tab.wait_for_selector("body[data-was-busy]")
    kept = tab.locator("#on-phone li")
    expect(kept).to_have_attribute("data-state", "waiting")
    tab.evaluate("dispatchEvent(new Event('online'))")
    expect(kept).to_have_attribute("data-state", "arrived")
    assert FINDING not in tab.evaluate("JSON.stringify(sessionStorage)")


def test_a_report_that_came_too_late_stays_until_it_is_deleted(open_tab, crew, visit):
    tab = open_tab(crew, narrow=True, breaks=True)
    tab.goto(f"/desk/field/{visit.pk}/")
    write(tab)
    act = {"by": crew, "at": timezone.now(), "profile": factories.published()}
    planning.cancel(visit, "Telefonda çözüldü.", **act)
    send(tab)
    kept = tab.locator("#on-phone li")
    expect(kept).to_have_attribute("data-state", "refused")
    expect(kept.get_by_text(FINDING)).to_be_visible()
    kept.get_by_role("button", name="Delete from this phone").click()
    expect(kept).to_have_count(0)


def test_a_visit_that_went_to_another_team_says_so_of_its_report(open_tab, crew, visit):
    tab = open_tab(crew, narrow=True, breaks=True)
    tab.goto(f"/desk/field/{visit.pk}/")
    tab.wait_for_selector("body[data-ready]")
    tab.get_by_label("We met nobody").check()
    FieldVisit.objects.filter(pk=visit.pk).update(unit="billing")
    send(tab)
    kept = tab.locator("#on-phone li")
    expect(kept).to_contain_text("no longer your team's")
    expect(kept).to_contain_text("We met nobody")


def test_signing_out_leaves_nothing_on_the_phone(open_tab, crew, visit):
    tab = open_tab(crew, narrow=True, breaks=True)
    open_list(tab)
    visit_link(tab, visit).click()
    tab.wait_for_selector("body[data-ready]")
    tab.context.set_offline(True)
    write(tab)
    send(tab)
    expect(tab.locator("#on-phone li")).to_have_attribute("data-state", "waiting")
    tab.evaluate("() => { window.fetch = () => Promise.reject(new TypeError()); }")
    tab.context.set_offline(False)
    tab.once("dialog", lambda dialog: dialog.dismiss())
    with tab.expect_event("dialog") as asked:
        tab.get_by_role("button", name="Sign out").click()
    assert "not been sent" in asked.value.message
    assert "derman-field" in json.dumps(tab.evaluate(LEFT))

    tab.once("dialog", lambda dialog: dialog.accept())
    tab.get_by_role("button", name="Sign out").click()
    tab.wait_for_url("**/sign-in/**")
    left = tab.evaluate(LEFT)
    assert left["pages"] == []
    assert "derman-field" not in left["stores"]


def test_another_person_on_the_same_phone_finds_nothing(open_tab, crew, visit, live_server):
    tab = open_tab(crew, narrow=True, breaks=True)
    open_list(tab)
    visit_link(tab, visit).click()
    tab.wait_for_selector("body[data-ready]")
    tab.context.set_offline(True)
    write(tab)
    send(tab)
    expect(tab.locator("#on-phone li")).to_have_attribute("data-state", "waiting")
    other = factories.make_user("field", "metering", name="other")
    tab.context.clear_cookies()
    tab.context.add_cookies([_session_of(other, live_server.url)])
    tab.context.set_offline(False)
    tab.goto("/desk/field/")
    tab.wait_for_selector("body[data-ready]")
    expect(tab.locator("#on-phone li")).to_have_count(0)
    visit.refresh_from_db()
    assert visit.is_planned


def test_without_scripts_the_form_works(chromium, live_server, crew, visit):
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url)
    context.add_cookies([_session_of(crew, live_server.url)])
    tab = context.new_page()
    tab.goto(f"/desk/field/{visit.pk}/")
    tab.get_by_label("We met nobody").check()
    tab.get_by_role("button", name="Send the report").click()
    expect(tab.get_by_text("The report has arrived.")).to_be_visible()
    context.close()
    visit.refresh_from_db()
    assert visit.state == VisitState.NO_SHOW
