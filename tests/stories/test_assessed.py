"""Every concluded case of an electricity distributor is assessed (row E12).

For satisfaction: the applicant is asked, whatever the case was and however it came in, and their
answer counts. For compliance: closing stores a check, which stands on the case, is counted rule by
rule, and by which cases are found.
"""

import re

import pytest
from django.utils import timezone

from derman.cases.models import Case, Check
from derman.words.life import State
from derman.words.rights import Role
from tests import desk
from tests.applicants import Applicant
from tests.desk import sent, told_of, work
from tests.factories import preset, published

pytestmark = pytest.mark.django_db

LEVEL = "voltage.too_low_or_high"
WRITER = {"name": "Hikmet Orak", "phone": "0532 000 11 22", "email": "hikmet@posta.example"}
BY_HAND = ["branch", "phone", "online", "social", "letter", "email"]


class Desk(desk.Desk):
    """Somebody of the electricity company, turned to about a voltage that is too low."""

    caller = {"topic": LEVEL, "description": "Akşamları lambalar sönük, klima çalışmıyor."}


@pytest.fixture(autouse=True)
def organisation():
    return published(preset("electricity"))


@pytest.fixture
def solution():
    return Desk(Role.SOLUTION, "solution")


@pytest.fixture
def quality():
    return Desk(Role.QUALITY)


def conclude(case: Case, solution: Desk) -> None:
    """The receipt is confirmed, the result is told by phone, and that contact concludes it."""
    work()
    solution.do(case, "ownership")
    solution.do(case, "contacts", channel="phone", outcome="reached")
    solution.do(case, "outcome", decision="justified", text="Kademe ayarlandı.")
    assert case.state == State.RESOLVED
    work()


def asked(case: Case) -> Applicant:
    """Once the wait is over the applicant is asked; they open the link of the message."""
    case.surveys.update(next_at=timezone.now())
    work()
    applicant = Applicant("tr")
    applicant.get(re.search(r"/survey/[^/]+/", told_of(case, "survey_asked").body)[0])
    questions = preset("electricity").survey.questions
    assert questions.process["tr"] in applicant.text
    assert questions.action["tr"] in applicant.text
    return applicant


def ticks(page: str) -> dict[str, str]:
    """The check on a case page: by rule whether it was kept, with the reason where it was not."""
    checked = page.split('data-fold="case-checked"')[1].split("</details>")[0]
    lines = re.findall(r'data-rule="(\w+)">(.*?)</li>', checked, re.S)
    return {rule: words(line) for rule, line in lines}


def words(line: str) -> str:
    """What a line says, the name of its icon included."""
    read = re.sub(r'<svg[^>]*aria-label="([^"]*)"[^>]*>', r"\1 ", line)
    return " ".join(re.sub(r"<[^>]+>", " ", read).split())


def found(desk_: Desk, **narrowed: str) -> set[str]:
    """The numbers that the list of cases holds under a filter."""
    query = "&".join(f"{key}={value}" for key, value in narrowed.items())
    return set(re.findall(r'data-number="(\d+)"', desk_.page(f"/desk/?view=all&{query}")))


@pytest.mark.parametrize("channel", [*BY_HAND, "web"])
def test_a_concluded_case_is_assessed_however_it_came_in(channel, solution, quality):
    if channel == "web":
        number, _key = Applicant("tr").report(topic={"topic": LEVEL})
        case = Case.objects.get(number=number)
    else:
        case = Desk(Role.REGISTRY, "records").register(channel=channel, **WRITER)
        if channel in ("letter", "email"):
            solution.do(case, "tags", tags=["notice_given"])
    conclude(case, solution)
    assert not Check.objects.exists()

    # Satisfaction: asked two things; the answer stands on the case and ends it.
    asked(case).send(process="5", action="4", text="Teşekkürler.")
    case.refresh_from_db()
    assert (case.state, case.closing_reason) == (State.CLOSED, "resolved")
    page = quality.page(f"/desk/cases/{case.number}/")
    assert "Survey answered: process 5 of 5, action 4 of 5" in page

    # Compliance: the check came with the closing, and says rule by rule what was kept.
    check = Check.objects.get(case=case)
    assert set(check.findings) >= {"resolved_in_time", "reasoned", "informed"}
    assert ("notice_shown" in check.findings) == (channel in ("web", "letter", "email"))
    assert check.passed, check.findings
    assert 'data-passed="yes"' in page
    assert set(ticks(page)) == set(check.findings)
    assert ticks(page)["informed"] == "Kept Applicant informed"
    assert found(quality, compliance="passed") == {case.number}
    assert found(quality, compliance="failed") == set()


def test_what_only_needed_information_is_assessed_too(quality):
    """The call is closed at once, with its check; the applicant is asked all the same."""
    case = Desk(Role.AGENT, "call_centre").register(
        do="answer",
        topic="contact.question",
        description="Çözüm noktası kaça kadar açık?",
        decision="not_applicable",
        text="Hafta içi 17.00'ye kadar açık.",
        **WRITER,
    )
    assert case.state == State.CLOSED
    assert Check.objects.get(case=case).passed
    work()

    asked(case).send(process="4", action="2", text="Telefon uzun çaldı.")
    case.refresh_from_db()
    assert case.state == State.CLOSED
    assert case.follow_ups.get().state == "open"
    tally = quality.client.get("/desk/satisfaction/").context["tally"]
    assert (tally.asked, tally.answered, tally.dissatisfied) == (1, 1, 1)
    assert (tally.csat_process, tally.csat_action) == (1.0, 0.0)


def test_nobody_is_left_out_for_having_been_asked_lately(solution):
    """Two cases of one person: each is asked about."""
    agent = Desk(Role.AGENT, "call_centre")
    for _turn in range(2):
        case = agent.register(**WRITER)
        conclude(case, solution)
        asked(case).send(process="5", action="5", text="")
    assert set(Case.objects.values_list("state", flat=True)) == {State.CLOSED}


def test_who_cannot_be_asked_in_writing_is_asked_on_the_phone(solution, quality):
    """That nobody could be asked is recorded with the reason; staff enter what was said."""
    case = Desk(Role.CLERK, "point_centre").register(channel="branch", name="Hikmet Orak")
    conclude(case, solution)
    assert not [m for m in sent(case) if m.recipient == "applicant"]
    case.surveys.update(next_at=timezone.now())
    work()
    assert case.surveys.get().reason == "no_contact"
    solution.do(case, "survey", process="4", action="5", text="", via="phone")
    assert case.state == State.CLOSED
    tally = quality.client.get("/desk/satisfaction/").context["tally"]
    assert (tally.answered, tally.csat_action) == (1, 1.0)


def test_what_was_not_kept_to_is_said_counted_and_found(solution, quality):
    """A letter on which nothing shows that the privacy notice was handed over."""
    registry = Desk(Role.REGISTRY, "records")
    good, bad = (registry.register(channel="letter", **WRITER) for _letter in range(2))
    solution.do(good, "tags", tags=["notice_given"])
    for case in (good, bad):
        conclude(case, solution)
        solution.do(case, "closure", reason="resolved")

    page = quality.page(f"/desk/cases/{bad.number}/")
    assert 'data-passed="no"' in page
    why = "Not kept Privacy notice shown Nothing shows that the applicant saw it"
    assert ticks(page)["notice_shown"] == why
    assert ticks(page)["resolved_in_time"] == "Kept Resolved in time"

    rules = quality.page("/desk/compliance/")
    row = re.search(r'<tr data-rule="notice_shown">.*?</tr>', rules, re.S)[0]
    assert re.findall(r">([\d.]+)<", row) == ["1", "2", "50.0"]
    listed = re.search(r'href="([^"]+)"', row)[1].replace("&amp;", "&")
    assert set(re.findall(r'data-number="(\d+)"', quality.page(listed))) == {bad.number}
    assert found(quality, compliance="failed") == {bad.number}
    assert found(quality, compliance="passed") == {good.number}

    # What is put right later does not change what was found on that day.
    solution.do(bad, "tags", tags=["notice_given"])
    assert found(quality, compliance="notice_shown") == {bad.number}
