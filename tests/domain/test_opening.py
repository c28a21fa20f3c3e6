"""Opening a case: number, owner, people, clocks, and what goes on by itself."""

import pytest

from derman.cases import actions
from derman.cases.models import Case, Clock, Dispatch
from derman.cases.submissions import Applicant
from derman.lib.identifiers import read_number
from derman.words.kinds import Channel, ClockKind, ClosingReason, Decision, Priority, Relation
from derman.words.life import State
from tests.factories import (
    MONDAY,
    TCKN,
    make_account,
    make_case,
    make_customer,
    make_user,
    published,
    with_process,
)

pytestmark = pytest.mark.django_db


def test_open_gives_a_number_a_key_an_owner_and_two_clocks():
    case = make_case()

    assert read_number(case.number) == case.number
    assert len(case.number) == 9
    assert len(case.follow_key) == 4
    assert case.state == State.RECEIVED
    assert case.owner_unit == published().profile.process.owner
    assert case.unit == published().profile.topic(case.topic).unit
    assert {clock.kind for clock in case.clocks.all()} == {
        ClockKind.RESOLVE,
        ClockKind.ACKNOWLEDGE,
    }
    assert all(clock.derivation for clock in case.clocks.all())
    event = case.events.get()
    assert event.details["channel"] == "phone"
    assert Dispatch.objects.get().event == event


def test_open_keeps_the_text_to_the_letter():
    text = "  Bu 🔥 \u202emetin\u202c <b>aynen</b>\r\n'kalsın'; DROP TABLE--  "
    case = make_case(description=text)
    case.refresh_from_db()
    assert case.description == text


@pytest.mark.parametrize(("text", "code"), [("", "blank"), (" \n", "blank"), ("a\x00b", "nul")])
def test_open_refuses_what_is_no_text(text, code):
    with pytest.raises(actions.CannotDo) as refusal:
        make_case(description=text)
    assert (refusal.value.code, refusal.value.field) == (code, "description")
    assert not Case.objects.exists()


def test_open_takes_a_hundred_thousand_characters_and_no_more():
    assert make_case(description="ı" * 100_000)
    with pytest.raises(actions.CannotDo, match="100,000"):
        make_case(description="ı" * 100_001)


def test_open_refuses_an_unknown_topic():
    with pytest.raises(actions.CannotDo) as refusal:
        make_case(topic="nothing.like_this")
    assert refusal.value.field == "topic"


def test_open_without_contact_runs_no_acknowledge_clock():
    case = make_case(applicant=Applicant(name="Mehmet Demir"))
    assert case.acknowledge_due_at is None
    assert not Clock.objects.filter(kind=ClockKind.ACKNOWLEDGE).exists()


def test_open_keeps_a_phone_that_nobody_can_read():
    case = make_case(applicant=Applicant(name="Mehmet", phone="komşunun telefonu"))
    assert case.applicant.contact_points.get().value == "komşunun telefonu"


def test_open_by_account_takes_the_holder_as_customer_and_the_speaker_as_applicant():
    holder = make_customer("Ayşe Yılmaz", tckn=TCKN)
    account = make_account(holder)
    case = make_case(
        account=account,
        applicant=Applicant("Can Öz", phone="0533 111 22 33", relation=Relation.TENANT),
    )
    assert case.customer == holder
    assert case.applicant.name == "Can Öz"
    assert case.relation == Relation.TENANT
    assert case.region == account.region
    assert list(holder.contact_points.values_list("pk", flat=True)) == [
        point.pk for point in holder.contact_points.all()
    ]


def test_a_stranger_who_knows_a_tckn_does_not_become_the_customer_on_file():
    holder = make_customer("Ayşe Yılmaz", tckn=TCKN, phone="+905321234567")
    case = make_case(applicant=Applicant("Ayşe Yılmaz", phone="0533 999 88 77", tckn=TCKN))
    assert case.customer == holder
    assert case.applicant != holder
    assert holder.contact_points.count() == 1


def test_the_same_phone_and_name_is_the_same_person():
    known = make_customer("Ayşe Yılmaz", phone="+905321234567")
    case = make_case(applicant=Applicant("AYŞE YILMAZ", phone="0532 123 45 67"))
    assert case.applicant == known


def test_a_new_address_beside_a_known_phone_is_kept_for_this_case_only():
    known = make_customer("Ayşe Yılmaz", phone="+905321234567")
    said = Applicant("Ayşe Yılmaz", phone="0532 123 45 67", email="yeni@ornek.example")
    case = make_case(applicant=said)
    assert case.applicant != known
    assert known.contact_points.count() == 1
    assert {point.kind for point in case.applicant.contact_points.all()} == {"phone", "email"}


def test_an_emergency_goes_to_its_unit_at_once_with_the_highest_priority():
    profile = published()
    topic = next(k for k, t in profile.profile.leaves().items() if t.emergency and t.unit)
    case = make_case(topic=topic)

    assert case.priority == Priority.EMERGENCY
    assert case.state == State.REFERRED
    assert [e.type for e in case.events.order_by("id")] == ["opened", "referred", "alerted"]
    assert Dispatch.objects.get(event__type="alerted").urgent


def test_a_profile_that_refers_by_itself_sends_the_case_to_its_unit():
    case = make_case(profile=published(with_process(refers="itself")))
    assert case.state == State.REFERRED
    assert case.tasks.get().unit == case.unit
    assert case.promised_at == case.due_at


def test_answered_at_once_is_one_case_told_and_closed():
    agent = make_user("agent")
    case = make_case()
    submission_channel = Channel.PHONE
    answered = actions.open_and_answer(
        _submission(), Decision.NOT_APPLICABLE, "Borcunuz yok.", by=agent, at=MONDAY,
        profile=published(),
    )  # fmt: skip
    assert answered.state == State.CLOSED
    assert answered.first_contact
    assert answered.closing_reason in (ClosingReason.INFORMATION_GIVEN, ClosingReason.RESOLVED)
    assert answered.contacts.get().channel == submission_channel
    assert [e.type for e in answered.events.order_by("id")] == [
        "opened", "resolved", "contacted", "closed",
    ]  # fmt: skip
    assert not answered.clocks.filter(state="running").exists()
    assert answered.number != case.number


def test_numbers_that_collide_are_drawn_again(monkeypatch):
    from derman.cases.actions import opening

    first = make_case()
    drawn = iter([first.number, first.number, "123456782"])
    monkeypatch.setattr(opening.identifiers, "new_number", lambda random, digits: next(drawn))
    assert make_case().number == "123456782"


def test_numbers_grow_to_twelve_digits_when_nine_run_short(monkeypatch):
    from derman.cases.actions import opening

    first = make_case()
    asked = []

    def draw(random, digits):
        asked.append(digits)
        return first.number if digits == 9 else "123456789018"

    monkeypatch.setattr(opening.identifiers, "new_number", draw)
    assert make_case().number == "123456789018"
    assert asked == [9, 9, 9, 12]


def _submission():
    from derman.cases.submissions import Submission
    from derman.words.kinds import Kind, Language

    return Submission(
        channel=Channel.PHONE,
        topic="metering.reading_disputed",
        kind=Kind.INFORMATION,
        description="Borcum var mı?",
        language=Language.TURKISH,
        applicant=Applicant("Ali Veli", phone="0532 000 00 00"),
    )
