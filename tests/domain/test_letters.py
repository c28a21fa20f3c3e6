"""The letter that names bodies outside (row G19): when, what it says, how it reaches people."""

import email
import email.policy
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from derman.cases import actions, files, letters
from derman.cases.models import Case, Letter
from derman.channels.email.message import compose
from derman.lib import letterpress
from derman.outbox import expansion, sending, transports
from derman.outbox.models import Message
from derman.outbox.transports import Accepted, Permanent
from derman.profile.authority import Limit
from derman.words.events import EventType
from derman.words.kinds import ClosingReason, Decision, Language
from derman.words.life import State
from derman.words.loop import ActionKind
from derman.words.rights import Role
from tests import factories
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
OFFERED = "Sayacınızı ücretsiz değiştiririz. #emph[x] *kalın* $x$ @a `kod`"
TEXT = "Sayaç laboratuvarda ölçüldü.\n\nÖlçüm doğru çıktı: %2'den az fark."


class Broken:
    """A wire that takes nothing."""

    repeatable = True

    def send(self, message):
        raise Permanent("no such mailbox")


class Mailbox:
    """A wire that keeps what was handed over."""

    repeatable = True

    def __init__(self):
        self.sent = []

    def send(self, message):
        self.sent.append(message)
        return Accepted(ref="1", delivered=True)


@pytest.fixture
def solution():
    return factories.make_user(Role.SOLUTION, "solution")


@pytest.fixture
def given(solution):
    return {"by": solution, "at": MONDAY + HOUR, "profile": factories.published()}


@pytest.fixture
def case(given):
    customer = factories.make_customer(
        name="Ayşe Çağlayan", email="ayse@posta.example", address="Gül Sokak 12\nÖrnekşehir"
    )
    return case_of(customer, given, reply_channel="email")


def case_of(customer, given, **more):
    """A case whose first offer was refused."""
    case = factories.make_case(customer=customer, kind="complaint", **more)
    actions.take(case, **given)
    offer = actions.offer(case, OFFERED, channel="phone", **given)
    actions.refuse(offer, "Komşumda da aynı.", **given)
    return case


def refer_out(case, given, **more):
    said = {"decision": Decision.NOT_JUSTIFIED, **given, **more}
    actions.refer_out(case, TEXT, ["arbitration", "epdk"], **said)


def test_it_is_refused_before_anything_was_refused(given):
    case = factories.make_case(customer=factories.make_customer())
    actions.take(case, **given)

    with pytest.raises(actions.CannotDo) as reason:
        refer_out(case, given)

    assert reason.value.code == "too_early"
    assert not Letter.objects.exists()


def test_it_is_refused_while_an_offer_waits(case, given):
    actions.offer(case, "Başka bir şey.", channel="phone", **given)

    with pytest.raises(actions.CannotDo) as reason:
        refer_out(case, given)

    assert reason.value.code == "offer_open"


@pytest.mark.parametrize("bodies", [[], ["nobody"]])
def test_it_names_bodies_that_the_profile_knows(case, given, bodies):
    with pytest.raises(actions.CannotDo) as reason:
        actions.refer_out(case, TEXT, bodies, decision=Decision.NOT_JUSTIFIED, **given)

    assert reason.value.field == "bodies"


def test_of_a_cycle_one_letter_is_written(case, given):
    refer_out(case, given)
    with pytest.raises(actions.CannotDo) as reason:
        actions.refer_out(case, TEXT, ["epdk"], **given)
    assert reason.value.code == "letter_written"
    assert Letter.objects.count() == 1


def test_it_is_set_before_anything_is_locked(case, given, monkeypatch):
    locked = []
    set_it = letterpress.pdf
    outside = len(connection.savepoint_ids)

    def note_and_set(content):
        locked.append(len(connection.savepoint_ids) > outside)
        return set_it(content)

    monkeypatch.setattr(letterpress, "pdf", note_and_set)
    refer_out(case, given)
    later = case_of(factories.make_customer(), given)
    actions.outcome(later, Decision.NOT_JUSTIFIED, "Sayaç doğru.", **given)
    actions.contact(later, channel="phone", outcome="reached", **given)
    actions.close(later, reason=ClosingReason.REFERRED_EXTERNALLY, **given)
    assert locked == [False, False]


def test_the_second_of_two_people_writes_no_letter(case, given):
    other_tab = Case.objects.get(pk=case.pk)
    refer_out(case, given)
    with pytest.raises(actions.CannotDo):
        refer_out(other_tab, given)
    assert Letter.objects.count() == 1


def test_the_reason_of_its_decision_is_asked_for_and_kept(case, given):
    said = factories.preset().decisions.model_copy(update={"asks_reason": True})
    given["profile"] = factories.published(
        factories.preset().model_copy(update={"decisions": said})
    )
    with pytest.raises(actions.CannotDo) as refusal:
        refer_out(case, given)
    assert refusal.value.field == "reason_code"
    refer_out(case, given, reason_code="by_rule", evidence="Ölçüm raporu.")
    outcome = case.outcomes.get(cycle=2)
    assert (outcome.reason_code, outcome.evidence) == ("by_rule", "Ölçüm raporu.")


def test_nobody_decides_with_it_what_is_above_their_authority(case, given):
    limit = Limit(
        label={"tr": "Grup", "en": "Group", "de": "Gruppe"},
        roles=("solution",),
        decisions=("justified",),
    )
    authority = factories.preset().authority.model_copy(update={"limits": {"group": limit}})
    changed = factories.preset().model_copy(update={"authority": authority})
    given["profile"] = factories.published(changed)
    with pytest.raises(actions.CannotDo) as refusal:
        refer_out(case, given)
    assert (refusal.value.code, refusal.value.field) == ("authority", "decision")
    assert not Letter.objects.exists()


def test_an_open_case_is_concluded_by_one_event(case, given):
    refer_out(case, given)

    assert (case.state, case.decision) == (State.RESOLVED, Decision.NOT_JUSTIFIED)
    event = case.events.order_by("id").last()
    assert event.type == EventType.REFERRED_EXTERNALLY
    letter = Letter.objects.get()
    assert event.details["bodies"] == letter.bodies == ["arbitration", "epdk"]
    assert event.details["letter"] == str(letter.attachment_id)
    assert case.outcomes.get(cycle=2).text == TEXT
    assert letter.attachment.mime == "application/pdf"
    assert not letter.attachment.from_applicant
    assert not letter.by_post


def test_it_closes_once_the_applicant_was_told(case, given):
    refer_out(case, given)
    assert case.state == State.RESOLVED

    actions.told(case, channel="email", at=MONDAY + 2 * HOUR, profile=given["profile"])

    assert (case.state, case.closing_reason) == (State.CLOSED, ClosingReason.REFERRED_EXTERNALLY)


def test_where_an_action_is_missing_it_closes_as_referred_once_one_is_planned(case, given):
    wanted = factories.preset().decisions.model_copy(update={"needs_action": True})
    changed = factories.preset().model_copy(update={"decisions": wanted})
    given["profile"] = factories.published(changed)
    refer_out(case, given, decision=Decision.PARTLY)
    actions.told(case, channel="email", at=MONDAY + 2 * HOUR, profile=given["profile"])
    assert case.state == State.RESOLVED

    actions.plan_action(case, actions.Plan(ActionKind.REMEDY, "Bedeli iade."), **given)

    assert (case.state, case.closing_reason) == (State.CLOSED, ClosingReason.REFERRED_EXTERNALLY)
    assert (case.silent_at, case.actions.count()) == (None, 1)


def test_after_a_result_that_was_told_it_closes_at_once(case, given):
    actions.outcome(case, Decision.NOT_JUSTIFIED, "Sayaç doğru.", **given)
    actions.contact(case, channel="phone", outcome="reached", **given)
    case.refresh_from_db()
    if case.state == State.CLOSED:
        pytest.fail("the gas preset leaves unjustified cases to their silence")

    actions.refer_out(case, TEXT, ["epdk"], **given)

    assert (case.state, case.closing_reason) == (State.CLOSED, ClosingReason.REFERRED_EXTERNALLY)
    assert Letter.objects.count() == 1


def test_it_goes_with_the_mail(case, given):
    box = Mailbox()
    transports.register("email", box)
    refer_out(case, given)
    at = given["at"] + HOUR
    while expansion.expand(at, 100):
        pass
    while sending.send_due(at, 100):
        pass
    transports.forget()

    (sent,) = [one for one in box.sent if one.enclosures]
    mail = email.message_from_bytes(
        compose(sent, "Gaz <bilgi@gaz.example>"), policy=email.policy.default
    )
    (attached,) = mail.iter_attachments()
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_content().startswith(b"%PDF-")
    assert case.number in attached.get_filename()
    assert "ekteki mektupta" in mail.get_body().get_content()
    case = Case.objects.get(pk=case.pk)
    assert case.closing_reason == ClosingReason.REFERRED_EXTERNALLY


def test_a_text_message_leads_to_it_and_names_nothing(given):
    case = case_of(factories.make_customer(), given, reply_channel="sms")
    refer_out(case, given)
    while expansion.expand(given["at"] + HOUR, 100):
        pass

    body = Message.objects.get(event__type=EventType.REFERRED_EXTERNALLY).body
    assert "/track/" in body
    assert TEXT[:20] not in body
    assert "EPDK" not in body


@pytest.mark.parametrize("wish", ["letter", "phone"])
def test_who_wants_paper_or_a_call_gets_it_by_post(given, wish):
    case = case_of(factories.make_customer(), given, reply_channel=wish)
    refer_out(case, given)
    letter = Letter.objects.get()
    assert letter.by_post

    actions.post_letter(letter, **given)

    letter.refresh_from_db()
    assert letter.posted_at == given["at"]
    case = Case.objects.get(pk=case.pk)
    assert case.closing_reason == ClosingReason.REFERRED_EXTERNALLY
    with pytest.raises(actions.CannotDo):
        actions.post_letter(Letter.objects.get(), **given)


def deliver(at):
    """Let the worker send all there is, by the next wire a moment later."""
    while expansion.expand(at, 100) or sending.send_due(at, 100):
        at += timedelta(minutes=1)  # longer than any round lasts


@pytest.fixture
def broken():
    for wire in ("email", "sms"):
        transports.register(wire, Broken())
    yield
    transports.forget()
    sending.forget_failures()


def test_it_is_posted_when_no_message_arrives(case, given, broken):
    refer_out(case, given)
    deliver(given["at"] + HOUR)

    letter = Letter.objects.get()
    assert letter.by_post
    case.refresh_from_db()
    assert (case.state, case.inform_unit) == (State.RESOLVED, case.owner_unit)
    actions.post_letter(letter, **given)
    assert Case.objects.get(pk=case.pk).closing_reason == ClosingReason.REFERRED_EXTERNALLY


def test_it_is_posted_also_where_the_result_was_told_and_the_case_closed(case, given, broken):
    actions.outcome(case, Decision.NOT_JUSTIFIED, "Sayaç doğru.", **given)
    actions.contact(case, channel="phone", outcome="reached", **given)
    actions.refer_out(case, TEXT, ["epdk"], **given)
    assert case.state == State.CLOSED
    deliver(given["at"] + HOUR)

    letter = Letter.objects.get()
    assert letter.by_post
    actions.post_letter(letter, **given)
    assert Case.objects.get(pk=case.pk).state == State.CLOSED


def test_who_can_only_be_called_gets_it_by_post(given):
    customer = factories.make_customer(phone="+902125550101", email="")
    refer_out(case_of(customer, given, reply_channel="email"), given)

    assert Letter.objects.get().by_post


def test_a_letter_posted_late_proves_no_later_result(given):
    case = case_of(factories.make_customer(), given, reply_channel="letter")
    refer_out(case, given)
    actions.reopen(case, "Yeni bir şey var.", **given)
    actions.outcome(case, Decision.JUSTIFIED, "Haklısınız.", **given)
    actions.post_letter(Letter.objects.select_related("case").get(), **given)

    assert not case.contacts.filter(cycle=case.cycle, concludes=True).exists()


@pytest.mark.parametrize("language", Language)
def test_it_says_everything_in_the_applicants_language(case, given, language):
    Case.objects.filter(pk=case.pk).update(language=language)
    case.refresh_from_db()
    profile = factories.preset()
    body = profile.external.bodies["arbitration"]

    said = letters.written(
        case, TEXT, ["arbitration"], case.offers.all(), at=given["at"], profile=profile
    )

    text = letterpress.plain(said)
    assert said.language == language
    assert said.to == ["Ayşe Çağlayan", "Gül Sokak 12", "Örnekşehir"]
    for part in (case.description, "Sayaç laboratuvarda ölçüldü.", OFFERED, "Komşumda da aynı."):
        assert part in text
    for words in (body.label, body.decides, body.limits, body.address):
        assert " ".join(words[language].split()) in text
    assert body.url in text
    assert "2026" in text
    assert letterpress.pdf(said).startswith(b"%PDF-")


def test_only_bodies_that_are_right_for_the_topic_are_proposed(case):
    profile = factories.preset()

    assert letters.right_bodies(case, profile) == ["arbitration", "consumer_court", "epdk"]
    case.topic = "online.wrong_person"
    assert "kvkk" in letters.right_bodies(case, profile)
    assert "epdk" not in letters.right_bodies(case, profile)


def test_letters_that_the_fonts_lack_do_not_keep_it_from_being_set(case, given):
    actions.refer_out(
        case, "漢字 😀 العربية \u200b\u202e", ["epdk"], decision=Decision.NOT_JUSTIFIED, **given
    )

    with files.open_file(Letter.objects.get().attachment_id) as file:
        assert file.read(5) == b"%PDF-"


def test_events_hold_keys_only(case, given):
    refer_out(case, given)

    said = str(case.events.order_by("id").last().details)
    assert "laboratuvarda" not in said
    assert UUID(case.events.order_by("id").last().details["letter"])


def test_spaces_that_do_not_break_stay_spaces():
    assert letterpress.printable("186.000\xa0TL\u202fe\tf\x07") == "186.000 TL e f"
