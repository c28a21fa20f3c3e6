"""Whoever asked for secrecy is named on no page, in no list and in no file to who may not know."""

from collections.abc import Iterator
from itertools import chain

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver
from django.utils import timezone

from derman.cases import actions
from derman.cases.models import Action, Case, Letter, Task
from derman.desk import urls
from derman.desk.shown_people import Applicant
from derman.lib.secrecy import HIDDEN
from derman.quality import answering, following
from derman.quality.answering import Given
from derman.quality.models import FollowUp
from derman.words.kinds import Channel, Decision, Kind
from derman.words.loop import Effect, FollowUpState
from derman.words.rights import Role
from tests.desk import work
from tests.factories import days, make_case, make_customer, make_user, published

pytestmark = pytest.mark.django_db

NAME, PHONE, MAILBOX, STREET = "Gizem Saklı", "5321234567", "gizem@sakli.example", "Sümbül Sokak"
TOLD = ("Gizem", "Saklı", "gizem@", PHONE, "0532 123 45 67", STREET)
LISTS = (
    "/desk/follow-ups/", "/desk/follow-ups/?which=done",
    "/desk/actions/", "/desk/actions/?view=done",
)  # fmt: skip
BY_NUMBER = "<str:number>"


@pytest.fixture
def act():
    return {"by": make_user(Role.SUPERVISOR), "at": timezone.now(), "profile": published()}


@pytest.fixture
def case(act):
    """Another case goes on in it; an offer was refused, a letter written, a unit is asked."""
    reporter = make_customer(NAME, phone=f"+90{PHONE}", email=MAILBOX, address=STREET)
    said = {
        "customer": reporter, "topic": "illegal_use.report", "kind": Kind.COMPLAINT,
        "secret_reporter": True, "reply_channel": "letter", "at": act["at"],
        "description": f"Ben {NAME}, komşum kaçak kullanıyor.",
    }  # fmt: skip
    case, part = make_case(**said, proposal=f"{NAME} aransın."), make_case(**said)
    actions.merge(part, case, **act)
    actions.take(case, **act)
    actions.note(part, f"{NAME} yine yazdı.", **act)
    offer = actions.offer(case, "Yerinde bakarız.", channel="phone", **act)
    actions.refuse(offer, f"{NAME} için yetmez.", **act)
    actions.hear(case, f"{NAME} ekledi: dün de gördüm.", **{**act, "by": None})
    actions.promise(case, act["at"] + days(1), **act)
    actions.refer(case, "legal", question=f"{NAME} doğru mu diyor?", **act)
    actions.plan_action(
        case, actions.Plan("corrective", "Mühür sökülecek.", due_at=act["at"] + days(2)), **act
    )
    work()
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def answered(act):
    """Two whose applicant is not satisfied: one is to be called, one said so again when called."""
    customer = make_customer(NAME)
    waiting, again = [_answered(customer, act) for _ in range(2)]
    _told_again(FollowUp.objects.select_related("case").get(case=again), act)
    return [waiting, again]


def _told_again(call: FollowUp, act) -> None:
    said = f"{NAME} hâlâ memnun değil."
    result = actions.FollowUpResult(FollowUpState.DISSATISFIED, "phone", said, act["by"])
    following.finish(call, result, **act)


def _answered(customer, act) -> Case:
    case = make_case(
        customer=customer, topic="illegal_use.report", kind=Kind.COMPLAINT, secret_reporter=True,
        at=act["at"],
    )  # fmt: skip
    actions.take(case, **act)
    actions.outcome(
        case, Decision.NOT_JUSTIFIED, f"Sayın {NAME}, baktık.",
        evidence=f"{NAME} ile görüşme kaydı.", **act,
    )  # fmt: skip
    action = actions.plan_action(case, actions.Plan("remedy", f"{NAME} aranacak."), **act)
    actions.do_action(action, f"{NAME} ile konuşuldu.", **act)
    actions.check_action(action, Effect.EFFECTIVE, f"{NAME} doğruladı.", **act)
    actions.plan_action(case, actions.Plan("corrective", f"{NAME} evine gidilecek."), **act)
    given = Given(process=1, action=1, text=f"Ben {NAME}, memnun değilim.")
    answering.answer_for(case, given, via=Channel.PHONE, **act)
    return Case.objects.get(pk=case.pk)


def pages(case: Case, patterns=urls.urlpatterns) -> Iterator[str]:
    """Every page of the desk that is asked for by nothing but, at most, the number of a case."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from pages(case, one.url_patterns)
        elif isinstance(one, URLPattern):
            path = str(one.pattern).replace(BY_NUMBER, case.number)
            if "<" not in path:
                yield f"/desk/{path}"


def parts() -> Iterator[str]:
    """The page of every task and of every action."""
    for kind, model in (("tasks", Task), ("actions", Action)):
        for one in model.objects.select_related("case"):
            yield f"/desk/cases/{one.case.number}/{kind}/{one.pk}/"


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        (Role.AGENT, "call_centre"),
        (Role.SOLUTION, "solution"),
        (Role.UNIT, "legal"),
        (Role.QUALITY, ""),
        (Role.MANAGER, ""),
    ],
)
def test_no_page_names_who_asked_for_secrecy(case, answered, role, unit):
    desk = client_of(make_user(role, unit, name="reader"))
    numbered, named = set(), []
    lists = [f"/desk/?view=all&q={case.number}", "/desk/offers/?which=refused", *LISTS]
    asked = chain(*map(pages, [case, *answered]), parts(), lists)
    for path in dict.fromkeys(asked):
        answer = desk.get(path)
        if answer.status_code != 200 or answer.streaming:
            continue
        text = answer.content.decode()
        numbered |= {one.number for one in [case, *answered] if one.number in text}
        named += [path for word in TOLD if word in text][:1]
    assert not named
    assert len(numbered) == 3  # what was looked at is about these cases


def test_whoever_may_know_reads_what_was_said(answered, act):
    boss = client_of(act["by"])
    waiting, again = (f"/desk/cases/{one.number}/" for one in answered)
    asked = [waiting, f"{waiting}follow-up/", again, *parts()]
    for path in [*asked, *LISTS]:
        assert NAME in boss.get(path).content.decode(), path


@pytest.mark.parametrize("path", LISTS)
def test_a_longer_list_of_secret_reporters_takes_no_more_queries(answered, act, path):
    quality = client_of(make_user(Role.QUALITY))
    quality.get(path)
    with CaptureQueriesContext(connection) as few:
        quality.get(path)
    another = make_customer("Ayla Gizli")
    told = _answered(another, act)
    _told_again(FollowUp.objects.select_related("case").get(case=told), act)
    _answered(another, act)
    quality.get(path)  # the menu's counts are remembered for a moment
    with CaptureQueriesContext(connection) as many:
        answer = quality.get(path)
    assert len(answer.context["lines"]) > 1
    assert len(many) <= len(few)


@pytest.mark.parametrize(
    "said",
    [
        "Gizem Işık-Öz",
        "GİZEM IŞIK-ÖZ",
        "gizem ışık-öz",
        "Gizem\n  Işık-Öz",
        "GIZEM IŞIK-ÖZ",
        "Gizem Is\u0327ık-O\u0308z",
    ],
)
def test_a_name_in_other_letters_is_the_same_name(act, said):
    case = make_case(
        customer=make_customer("Gizem Işık-Öz"), topic="illegal_use.report", secret_reporter=True,
        at=act["at"],
    )  # fmt: skip
    shown = Applicant(case, make_user(Role.AGENT)).without_name(f"Ben {said}, kaçak var.")
    assert shown == f"Ben {HIDDEN}, kaçak var."
    assert said in Applicant(case, act["by"]).without_name(f"Ben {said}, kaçak var.")


def test_a_short_name_is_not_taken_out_of_other_words(act):
    case = make_case(
        customer=make_customer("Ece"), topic="illegal_use.report", secret_reporter=True,
        at=act["at"],
    )  # fmt: skip
    shown = Applicant(case, make_user(Role.AGENT)).without_name("Ece'nin evinde gece olur, Ecenin.")
    assert shown == f"{HIDDEN}'nin evinde gece olur, {HIDDEN}nin."


def test_a_letter_is_opened_by_who_may_know_whose_it_is(case, act):
    actions.take_back(case, **act)
    actions.refer_out(case, "Baktık.", ["epdk"], decision="not_justified", **act)
    letter = Letter.objects.get()
    file = f"/desk/cases/{case.number}/attachments/{letter.attachment_id}/"
    expert, boss = client_of(make_user(Role.SOLUTION, "solution")), client_of(act["by"])

    assert expert.get(file).status_code == 404
    for path in (f"/desk/cases/{case.number}/", f"/desk/cases/{case.number}/print/"):
        assert str(letter.attachment_id) not in expert.get(path).content.decode()
    listed = expert.get("/desk/letters/").content.decode()
    assert case.number in listed
    assert str(letter.attachment_id) not in listed

    assert b"".join(boss.get(file).streaming_content).startswith(b"%PDF-")
    assert str(letter.attachment_id) in boss.get("/desk/letters/").content.decode()
