"""Reporting on the web: from the first question to the number."""

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from derman.audit.guesses import Limit
from derman.cases.models import Case
from derman.people.models import NoticeVersion
from derman.portal import guessing
from tests.applicants import ANSWERS, Applicant
from tests.factories import make_case, preset, published

pytestmark = pytest.mark.django_db
SECRET_TOPIC = "illegal_use.report"
NAUGHTY = [
    "<script>alert(1)</script> {{ 7*7 }} {% csrf_token %}",
    "'; DROP TABLE cases_case; --",
    "Ünlü İstanbul ığüşöç 😀👩‍👩‍👧 𝒜 ﷽",
    "عربي وعبرית \u202eevil\u202c",
    "  leading and trailing blanks are kept  ",
    "line\r\nline\n\ttab",
]


@pytest.fixture(autouse=True)
def organisation():
    return published()


@pytest.fixture
def applicant():
    return Applicant()


@pytest.mark.parametrize("language", ["tr", "en", "de"])
def test_a_report_becomes_a_case(language):
    applicant = Applicant(language)

    number, key = applicant.report()

    case = Case.objects.select_related("applicant", "notice").get()
    assert (case.number, case.follow_key) == (number, key)
    assert (case.channel, case.topic) == ("web", "metering.reading_disputed")
    assert (case.region, case.place) == ("merkez", "Çınar Sokak 12")
    assert case.description == "Sayaç yanlış okunmuş."
    assert case.proposal == "Yeniden okunsun."
    assert (case.language, case.reply_channel) == (language, "sms")
    assert (case.applicant.name, case.applicant.tckn) == ("Ayşe Yılmaz", "10000000146")
    assert (case.account_number, case.relation) == ("10442817", "holder")


def test_the_confirmation_shows_number_key_date_and_a_way_to_follow(applicant):
    number, key = applicant.report()

    assert f"{number[:3]}\u00a0{number[3:6]}\u00a0{number[6:]}" in applicant.text
    assert key in applicant.text
    assert f"/track/?n={number}" in applicant.text
    assert "data:image/svg+xml" in applicant.text
    due = timezone.localtime(Case.objects.get().due_at)
    assert due.strftime("%Y-%m-%d") in applicant.text


def test_the_notice_that_was_shown_is_recorded_with_its_exact_text(applicant):
    applicant.walk(until="contact")
    profile = preset()
    shown = profile.text(profile.privacy.notice, "en")
    assert shown.split("\n\n")[0] in applicant.text.replace("&#x27;", "'")

    applicant.report()

    assert Case.objects.get().notice.text == shown
    assert NoticeVersion.objects.get().language == "en"


def test_an_emergency_ends_at_the_number_to_call(applicant):
    applicant.get("/report/")
    applicant.send(emergency="yes")

    assert applicant.path == "/report/emergency/"
    assert 'href="tel:187"' in applicant.text
    assert "<form" not in applicant.text.partition("<main")[2].partition("</main>")[0]
    assert not Case.objects.exists()


def test_an_emergency_topic_ends_there_too(applicant):
    applicant.walk(until="topic")
    applicant.send(topic="urgent.leak")

    assert applicant.path == "/report/emergency/"
    script = preset().topic("urgent.leak").script["en"]
    assert script.split(".")[0] in applicant.text


def test_words_of_an_emergency_are_asked_about_at_once(applicant):
    applicant.walk(until="description")
    applicant.send(description="Mutfakta GAZ KOKUSU var, ne yapayım?")

    assert applicant.page.status_code == 422
    assert "187" in applicant.alerts
    assert "GAZ KOKUSU" in applicant.text


def test_sensitive_data_is_warned_of_before_and_noticed_after_but_never_refused(applicant):
    applicant.walk(until="description")
    text = applicant.text
    assert text.index("Please leave out sensitive personal data") < text.index("<textarea")

    applicant.send(description="Hastayım, faturam da yanlış.")
    assert applicant.page.status_code == 422
    assert "“Hastayım”" in applicant.alerts
    assert "Hastayım, faturam da yanlış." in applicant.text

    applicant.send(description="Hastayım, faturam da yanlış.")
    assert applicant.path == "/report/proposal/"


@pytest.mark.parametrize("text", NAUGHTY)
def test_text_is_kept_to_the_letter(applicant, text):
    applicant.report(description={"description": text}, proposal={"proposal": text})

    case = Case.objects.get()
    assert case.description == text
    assert case.proposal == text


def test_naughty_text_is_shown_as_text(applicant):
    applicant.walk(description={"description": NAUGHTY[0]})

    assert "<script>alert" not in applicant.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" in applicant.text


@pytest.mark.parametrize(
    ("step", "answer", "said"),
    [
        ("report", {"emergency": ""}, "Choose yes or no."),
        ("topic", {"topic": "outage.no_power"}, "Choose a topic from the list."),
        ("topic", {"topic": ""}, "Choose a topic from the list."),
        ("place", {"region": "atlantis"}, "atlantis"),
        ("description", {"description": ""}, "Write what happened."),
        ("description", {"description": " \n\t"}, "Write what happened."),
        ("description", {"description": "NUL \0 inside"}, "Null characters"),
        ("description", {"description": "x" * 100_001}, "100,000 characters"),
        ("contact", {"name": "", "phone": "", "email": ""}, "phone number or an e-mail"),
        ("contact", {"name": "A", "email": "not an address"}, "does not look like an e-mail"),
        ("account", {"tckn": "12345678901"}, "eleven digits"),
        ("account", {"tckn": "", "account_number": "1"}, "Enter your identity number"),
        ("reply", {"reply_channel": "letter"}, "letter"),
    ],
)
def test_what_is_wrong_is_said_once_where_it_is_and_what_was_typed_stays(
    applicant, step, answer, said
):
    applicant.walk(until=step)
    applicant.send(**answer)

    assert applicant.page.status_code == 422
    assert said in applicant.alerts
    assert 'aria-invalid="true"' in applicant.text
    typed = next(iter(answer.values()))
    if step in {"description", "account"} and typed.strip(" \n\t\0") and len(typed) < 100:
        assert typed in applicant.text
    assert not Case.objects.exists()


def test_the_longest_text_is_taken(applicant):
    applicant.report(description={"description": "ş" * 100_000})

    assert len(Case.objects.get().description) == 100_000


@pytest.mark.parametrize(
    "phone",
    ["0532 123 45 67", "+90 (532) 123-45-67", "153", "ask my son, third floor", "٠٥٣٢١٢٣٤٥٦٧"],
)
def test_a_phone_of_any_shape_is_taken(applicant, phone):
    applicant.report(contact={"phone": phone})

    assert Case.objects.count() == 1


def test_who_gives_nothing_is_asked_once_and_then_taken(applicant):
    """Row G8: asked for, not a barrier."""
    applicant.walk(until="contact")
    for _ in range(2):
        applicant.send(name="", phone="", email="")
    for _ in range(2):
        applicant.send(account_number="", tckn="", relation="")

    assert applicant.path == "/report/check/"  # nothing to ask about the answer
    assert "no way to reach you" in applicant.text
    applicant.send()
    case = Case.objects.get()
    assert case.acknowledge_due_at is None
    assert case.reply_channel == ""
    assert "in writing" not in applicant.text


def test_a_wrong_identity_number_is_pointed_out_and_kept(applicant):
    applicant.walk(until="account")
    for _ in range(2):
        applicant.send(account_number="1", tckn="12345678901", relation="holder")
    applicant.send(reply_channel="phone")
    applicant.send()

    assert Case.objects.get().applicant.tckn == "12345678901"


def test_the_portal_does_not_tell_which_accounts_exist(applicant):
    applicant.walk(until="account")
    applicant.send(account_number="99999999", tckn="10000000146", relation="tenant")

    assert applicant.path == "/report/reply/"


def test_every_answer_can_be_changed_from_the_last_page(applicant):
    applicant.walk()
    assert "Sayaç yanlış okunmuş." in applicant.text
    applicant.get("/report/description/")
    assert "Sayaç yanlış okunmuş." in applicant.text

    applicant.send(description="Sayaç durmuş.")

    assert applicant.path == "/report/check/"
    assert "Sayaç durmuş." in applicant.text


def test_a_page_out_of_turn_leads_to_the_question_that_is_open(applicant):
    applicant.get("/report/check/")
    assert applicant.path == "/report/"

    applicant.walk(until="description")
    applicant.get("/report/reply/")
    assert applicant.path == "/report/description/"


def test_sending_twice_makes_one_case_and_shows_it_again(applicant):
    applicant.walk()
    nonce = applicant.text.partition('name="nonce" value="')[2].partition('"')[0]
    applicant.send()
    first = applicant.receipt()

    applicant.page = applicant.client.get("/report/done/", follow=True)
    assert applicant.receipt() == first
    applicant.get("/report/done/")
    token = applicant.client.cookies["csrftoken"].value
    applicant.page = applicant.client.post(
        "/report/check/", {"nonce": nonce, "csrfmiddlewaretoken": token}, follow=True
    )

    assert applicant.receipt() == first
    assert Case.objects.count() == 1


def test_on_a_shared_device_the_confirmation_can_be_forgotten(applicant):
    number, _ = applicant.report()
    applicant.send()
    assert applicant.path == "/"

    applicant.get("/report/done/")

    assert number not in applicant.text


def test_a_second_report_in_the_same_session_is_a_second_case(applicant):
    first = applicant.report()
    second = applicant.report(description={"description": "Başka bir konu."})

    assert first != second
    assert Case.objects.count() == 2


def test_an_expired_session_keeps_what_was_typed_last(applicant):
    applicant.walk(until="description")
    Session.objects.all().delete()

    applicant.send(description="Uzun uzun yazdım.")

    assert applicant.path == "/report/"
    assert "had expired" in applicant.text
    applicant.get("/report/description/")
    assert "Uzun uzun yazdım." in applicant.text
    applicant.walk()
    assert "Uzun uzun yazdım." in applicant.text


def test_sending_from_an_expired_session_says_so(applicant):
    applicant.walk()
    Session.objects.all().delete()
    applicant.send()

    assert applicant.page.status_code == 410
    assert "The form had expired" in applicant.text
    assert not Case.objects.exists()


def test_a_topic_retired_meanwhile_is_asked_for_again(applicant):
    applicant.walk()
    profile = preset()
    metering = profile.topics["metering"]
    retired = metering.children["reading_disputed"].model_copy(update={"retired": True})
    children = {**metering.children, "reading_disputed": retired}
    changed = metering.model_copy(update={"children": children})
    published(profile.model_copy(update={"topics": {**profile.topics, "metering": changed}}))

    applicant.send()

    assert applicant.page.status_code == 409
    assert "Choose a topic from the list." in applicant.alerts
    assert 'href="/report/topic/"' in applicant.text
    assert not Case.objects.exists()


def test_who_comes_after_on_the_same_device_can_take_the_answers_out(applicant):
    applicant.get("/report/")
    assert "have begun a report" not in applicant.text
    applicant.walk(until="account")
    applicant.get("/report/")
    assert "have begun a report" in applicant.text

    applicant.send(discard="yes")
    applicant.walk(until="contact")

    assert "Ayşe" not in applicant.text


def test_more_than_the_server_takes_ends_in_a_page_that_says_so(applicant, settings):
    applicant.walk(until="description")
    applicant.send(description="x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))

    assert applicant.page.status_code == 413


def test_the_draft_is_sealed_in_the_session(applicant):
    applicant.walk()

    kept = str(Session.objects.get().get_decoded())

    for word in ("Yılmaz", "0532 123 45 67", "10000000146", "okunmuş"):  # no chance hit
        assert word not in kept


def test_secrecy_is_offered_where_the_topic_allows_it(applicant):
    topic = {"topic": SECRET_TOPIC}
    applicant.walk(until="secrecy", topic=topic)
    applicant.send(secret_reporter="yes")
    assert applicant.path == "/report/contact/"
    assert "Your name stays secret" in applicant.text
    applicant.send(name="", phone="", email="")  # not asked twice

    assert applicant.path == "/report/check/"
    applicant.send()
    case = Case.objects.get()
    assert case.secret_reporter
    assert case.applicant.name == ""


def test_a_secret_reporter_may_give_a_contact_and_is_not_asked_for_an_account(applicant):
    number, _ = applicant.report(topic={"topic": SECRET_TOPIC}, secrecy={"secret_reporter": "yes"})

    case = Case.objects.get(number=number)
    assert case.secret_reporter
    assert (case.account_number, case.applicant.tckn) == ("", "")
    assert case.applicant.contact_points.count() == 1


def test_secrecy_is_not_offered_elsewhere_nor_kept_when_the_topic_changes(applicant):
    applicant.walk(topic={"topic": SECRET_TOPIC}, secrecy={"secret_reporter": "yes"})
    applicant.get("/report/topic/")
    applicant.send(topic="metering.reading_disputed")
    assert applicant.path == "/report/account/"
    applicant.send(**ANSWERS["account"])
    applicant.send()

    assert not Case.objects.get().secret_reporter


def test_topics_can_be_found_by_other_words_and_by_main_topic(applicant):
    applicant.walk(until="topic")
    assert "data-words=" in applicant.text
    applicant.get("/report/topic/metering/")
    assert 'value="metering.reading_disputed"' in applicant.text

    applicant.send(topic="metering.reading_disputed")

    assert applicant.path == "/report/place/"
    assert applicant.get("/report/topic/atlantis/").status_code == 404


def test_reading_a_step_changes_nothing(applicant):
    applicant.walk()
    before = Session.objects.get().session_data
    for step in ANSWERS:
        applicant.get("/report/" if step == "emergency" else f"/report/{step}/")

    assert Session.objects.get().session_data == before
    assert not NoticeVersion.objects.exclude(pk=NoticeVersion.objects.first().pk).exists()


def test_steps_and_the_confirmation_ask_little_of_the_database(
    applicant, django_assert_max_num_queries
):
    applicant.walk()
    for step in ANSWERS:
        with django_assert_max_num_queries(2):  # the session; the profile, now and then
            applicant.get("/report/" if step == "emergency" else f"/report/{step}/")
    applicant.get("/report/check/")
    applicant.send()
    with django_assert_max_num_queries(3):
        applicant.get("/report/done/")


def test_one_address_cannot_send_without_end_and_loses_nothing(applicant, monkeypatch):
    monkeypatch.setattr(guessing, "REPORTS", Limit("report.sent", 2, 3600))
    for _ in range(2):
        applicant.report()
    applicant.walk()
    applicant.send()

    assert applicant.page.status_code == 429
    applicant.get("/report/check/")
    assert "Sayaç yanlış okunmuş." in applicant.text


def test_other_cases_are_never_shown_on_the_confirmation(applicant):
    make_case()
    applicant.get("/report/done/")

    assert applicant.path == "/report/"
