"""The call page as a browser without scripts uses it: from first word to number."""

import pytest
from django.test import Client

from derman.accounts.models import User
from derman.audit.models import AccessRecord
from derman.cases.models import Case
from derman.words.kinds import Relation
from derman.words.rights import Role
from tests import factories
from tests.calls import URL, call, hidden, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> User:
    factories.published()
    return factories.make_user(Role.AGENT, "call_centre")


@pytest.fixture
def desk(agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def test_a_call_of_somebody_not_on_file_becomes_a_case(desk, agent):
    response = desk.post(URL, call())

    case = Case.objects.get()
    assert response.status_code == 302
    assert response.url == f"/desk/register/{case.number}/"
    assert (case.applicant.name, case.channel, case.taken_by) == ("Mehmet Demir", "phone", agent)
    assert case.topic == "metering.reading_disputed"
    assert case.relation == ""


def test_the_page_opens(desk):
    assert desk.get(URL).status_code == 200


def test_an_account_brings_its_holder(desk, agent):
    customer = factories.make_customer()
    account = factories.make_account(customer, "10442817")

    response = desk.post(URL, call(do="look_up", lookup="10442817"))

    assert "Ayşe Yılmaz" in page_of(response)
    assert "0532 ••• •• 67" in page_of(response)
    assert "5321234567" not in page_of(response)
    assert "Sayaç yanlış okunmuş." in page_of(response)
    record = AccessRecord.objects.get()
    assert (record.person_id, record.by, record.why) == (customer.pk, agent, "account")
    assert account.number in page_of(response)


def test_a_picked_customer_owns_the_case(desk):
    customer = factories.make_customer()
    account = factories.make_account(customer)
    looked = desk.post(URL, call(do="look_up", lookup=account.number))

    sent = call(customer=hidden(looked, "customer"), account_number=account.number)
    desk.post(URL, sent)

    case = Case.objects.get()
    assert (case.applicant, case.customer, case.account) == (customer, customer, account)
    assert case.relation == Relation.HOLDER


def test_a_topic_tells_what_to_say_until_when_and_who(desk):
    page = page_of(desk.post(URL, call(do="topic")))

    assert "Sayacınızda" in page  # the script is in the caller's language
    assert 'data-unit="metering"' in page
    assert "Solution group" in page


@pytest.mark.parametrize(
    ("refers", "says"),
    [("itself", "Register and refer: Metering"), ("front_line", "Register and keep: Call centre")],
)
def test_the_button_says_what_happens_next(desk, refers, says):
    factories.published(factories.with_process(refers=refers))

    assert says in page_of(desk.post(URL, call(do="topic")))


def test_earlier_cases_of_the_customer_warn_of_the_same_topic(desk):
    customer = factories.make_customer()
    account = factories.make_account(customer)
    case = factories.make_case(customer=customer, account=account)
    signed = hidden(desk.post(URL, call(do="look_up", lookup=account.number)), "customer")

    page = page_of(desk.post(URL, call(do="topic", customer=signed)))

    assert f'data-number="{case.number}"' in page
    assert "Same topic" in page


def test_a_secret_report_does_not_show_beside_the_customer(desk):
    customer = factories.make_customer()
    account = factories.make_account(customer)
    secret = factories.make_case(
        customer=customer, account=account, topic="illegal_use.report", secret_reporter=True
    )

    page = page_of(desk.post(URL, call(do="look_up", lookup=account.number)))

    assert secret.number not in page


def test_a_caller_may_stay_secret_where_the_topic_allows_it(desk):
    desk.post(URL, call(topic="illegal_use.report", secret_reporter="on"))
    desk.post(URL, call(secret_reporter="on", nonce="two"))

    kept = dict(Case.objects.values_list("topic", "secret_reporter"))
    assert kept == {"illegal_use.report": True, "metering.reading_disputed": False}


def test_the_kind_and_channel_may_be_chosen(desk):
    desk.post(URL, call(kind="suggestion", channel="letter", proposal="Yeniden okunsun."))

    case = Case.objects.get()
    assert (case.kind, case.channel, case.proposal) == (
        "suggestion",
        "letter",
        "Yeniden okunsun.",
    )


def test_a_clerk_begins_with_the_branch():
    factories.published()
    client = Client()
    client.force_login(factories.make_user(Role.CLERK))

    form = client.get(URL).context["form"]

    assert form["channel"].value() == "branch"


def test_switched_off_channels_are_not_offered(desk):
    assert 'value="whatsapp"' not in page_of(desk.get(URL))
    assert desk.post(URL, call(channel="whatsapp")).status_code == 422


def test_answered_at_once_asks_for_decision_and_text(desk):
    response = desk.post(URL, call(do="answer", text=" "))

    assert set(response.context["form"].errors) == {"text", "decision"}


def test_answered_at_once_closes_with_one_message_for_both(desk):
    response = desk.post(URL, call(do="answer", decision="not_applicable", text="Açıklandı."))

    case = Case.objects.get()
    page = page_of(desk.get(response.url))
    assert (case.state, case.first_contact) == ("closed", True)
    assert page.count('data-channel="sms"') == 1


def test_an_answer_is_not_lost_by_pressing_the_other_button(desk):
    response = desk.post(URL, call(do="register", text="Açıklandı."))

    assert response.status_code == 422
    assert "Açıklandı." in page_of(response)


def test_the_number_is_shown_in_threes_with_key_date_and_message(desk):
    response = desk.post(URL, call())

    case = Case.objects.get()
    page = page_of(desk.get(response.url))
    assert "\u00a0".join(case.number[at : at + 3] for at in (0, 3, 6)) in page
    assert case.follow_key in page
    assert f'data-number="{case.number}"' in page
    assert "0533 ••• •• 21" in page
    assert "7654321" not in page


def test_who_may_not_register_is_refused():
    factories.published()
    client = Client()
    client.force_login(factories.make_user(Role.MANAGER))

    assert client.get(URL).status_code == 403


def test_who_may_not_answer_is_not_offered_it():
    factories.published()
    client = Client()
    client.force_login(factories.make_user(Role.REGISTRY))

    assert 'value="answer"' not in page_of(client.get(URL))
    response = client.post(URL, call(do="answer", decision="justified", text="Evet."))
    assert response.status_code == 403


def test_an_emergency_topic_turns_the_page_into_the_emergency_screen(desk):
    page = page_of(desk.post(URL, call(do="topic", topic="urgent.gas_smell")))

    assert 'class="call-number' in page
    assert "187" in page
    assert "187&#x27;yi arayın" in page


def test_the_emergency_button_needs_nothing_typed(desk):
    response = desk.post(URL, {"do": "emergency", "channel": "phone", "language": "tr"})

    assert 'class="call-number' in page_of(response)


def test_an_emergency_is_registered_at_once_and_alerts_the_unit(desk):
    desk.post(
        URL,
        call(
            emergency="1",
            topic="urgent.gas_smell",
            description="",
            place="Çınar Sokak 12",
            name="",
            phone="",
            tckn="1",
        ),
    )

    case = Case.objects.get()
    assert case.priority == "emergency"
    assert case.state == "referred"
    assert case.events.filter(type="alerted").exists()
    page = page_of(desk.get(f"/desk/register/{case.number}/"))
    assert "Alerted: Emergency response" in page


def test_what_is_no_emergency_goes_back_to_the_page_with_all_that_was_typed(desk):
    page = page_of(desk.post(URL, call(do="calm", emergency="1", topic="urgent.gas_smell")))

    assert 'class="call-number' not in page
    assert "Sayaç yanlış okunmuş." in page
