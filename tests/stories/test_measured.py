"""What two organisations know of their own quality, from the cases that went through their pages.

Rows T4 and P5: what was settled at the first contact is measured, gross and net of those who came
again. Row T12: satisfaction is kept under review, always with n and the response rate.
"""

import re

import pytest
from django.utils import timezone

from derman.cases.models import Case
from derman.words.life import State
from derman.words.rights import Role
from tests import desk
from tests.applicants import Applicant
from tests.desk import told_of, work
from tests.factories import preset, published

pytestmark = pytest.mark.django_db

NO_FAULT = {"reason_code": "no_fault_found", "evidence": "Uzaktan ölçüm temiz."}
EVERY = {  # organisation: the topic, how it is decided at once, what is said, why
    "telecom": ("internet.modem", "not_justified", "Modem yeniden kuruldu.", NO_FAULT),
    "consumer": ("shipping.late_delivery", "justified", "Paket yarın ilk araçta.", {}),
}
PEOPLE = [("Adnan Balcı", "0532 111 00 01"), ("Belgin Duman", "0532 111 00 02"),
          ("Cemal Erdem", "0532 111 00 03")]  # fmt: skip


@pytest.fixture
def quality():
    return desk.Desk(Role.QUALITY)


def figure(page: str, key: str) -> tuple[str, str]:
    """A large figure of the page, and of how many it is."""
    block = page.split(f'data-figure="{key}"')[1].split("</a>")[0]
    value = re.search(r"<strong>(.*?)</strong>", block)[1]
    of = re.search(r'<span class="small num">(.*?)</span>', block)
    return value, of[1] if of else ""


def behind(somebody: desk.Desk, page: str, key: str) -> set[str]:
    """The numbers of the cases to which a figure leads."""
    link = re.search(rf'href="([^"]+)" data-figure="{key}"', page)[1].replace("&amp;", "&")
    return set(re.findall(r'data-number="(\d+)"', somebody.page(link)))


@pytest.mark.parametrize("organisation", list(EVERY))
def test_the_first_contact_is_measured_gross_and_net(organisation, quality):
    """T4, P5: of four complaints two are answered at once; of those one comes again."""
    published(preset(organisation))
    topic, decision, answer, why = EVERY[organisation]
    agent = desk.Desk(Role.AGENT, "contact_centre")

    def call(person: int, **said: str) -> Case:
        name, phone = PEOPLE[person]
        who = {"name": name, "phone": phone, "email": f"musteri{person}@ornek.example"}
        return agent.register(topic=topic, description="Sorun sürüyor.", **who, **said)

    at_once = {"do": "answer", "decision": decision, "text": answer, **why}
    stays, comes_again = call(0, **at_once), call(1, **at_once)
    assert {case.state for case in (stays, comes_again)} == {State.CLOSED}
    page = quality.page("/desk/satisfaction/")
    assert figure(page, "fcr_gross") == ("100%", "2 of 2 cases")

    again, other = call(1), call(2)
    work()
    again.refresh_from_db()
    assert again.is_repeat
    page = quality.page("/desk/satisfaction/")
    assert figure(page, "fcr_n")[0] == "4"
    assert figure(page, "fcr_gross") == ("50%", "2 of 4 cases")
    assert figure(page, "fcr_net") == ("25%", "1 of 4 cases · not final yet")
    assert f"nobody came again within {preset(organisation).repeats.days} days" in page
    assert behind(quality, page, "fcr_gross") == {stays.number, comes_again.number}
    everyone = {case.number for case in (stays, comes_again, again, other)}
    assert behind(quality, page, "fcr_n") == everyone


def resolved(at: int) -> Case:
    """One complaint of an operator, taken in, looked at and told."""
    centre = desk.Desk(Role.SOLUTION, "complaint_centre", name=f"derya{at}")
    case = desk.Desk(Role.AGENT, "contact_centre", name=f"agent{at}").register(
        topic="internet.slow", description="Film izlenmiyor.", name=PEOPLE[at][0],
        phone=PEOPLE[at][1],
    )  # fmt: skip
    centre.do(case, "ownership")
    centre.do(case, "contacts", channel="phone", outcome="reached")
    centre.do(
        case, "outcome", decision="justified", reason_code="late_service", text="Düzeltildi.",
        action_kind="remedy", action_text="Hız yükseltilir.", action_owner_unit="internet_quality",
    )  # fmt: skip
    case.surveys.update(next_at=timezone.now())
    work()
    case.surveys.update(next_at=timezone.now())
    work()
    return case


def answers(case: Case, **given: str) -> None:
    applicant = Applicant("tr")
    applicant.get(re.search(r"/survey/[^/]+/", told_of(case, "survey_asked").body)[0])
    applicant.send(text="", **given)
    assert applicant.path == "/survey/thanks/", applicant.alerts


def test_satisfaction_is_shown_with_n_and_response_rate(quality):
    """T12: three are asked, two answer; every figure says of how many and leads to its cases."""
    published(preset("telecom"))
    assert "Nobody was asked in these months" in quality.page("/desk/satisfaction/")
    happy, unhappy, silent = (resolved(at) for at in range(3))
    answers(happy, process="5", action="4", nps="10", ces="7")
    answers(unhappy, process="4", action="1", nps="3", ces="2")

    page = quality.page("/desk/satisfaction/")
    assert figure(page, "csat_process") == ("100%", "2 of 2 answers")
    assert figure(page, "csat_action") == ("50%", "1 of 2 answers")
    assert figure(page, "nps") == ("0", "2 answers")
    assert figure(page, "ces") == ("50%", "2 answers")
    assert figure(page, "response") == ("67%", "2 of 3 asked")
    assert figure(page, "dissatisfied") == ("1", "of 2 answers")
    assert "2 answers: shares of fewer than 30 answers say little." in page

    assert behind(quality, page, "csat_action") == {happy.number}
    assert behind(quality, page, "dissatisfied") == {unhappy.number}
    by_unit = quality.client.get("/desk/satisfaction/?by=unit").context["lines"]
    assert [(line.asked.count, line.answered.count) for line in by_unit] == [(3, 2)]
    asked = quality.page(by_unit[0].asked.url)
    assert all(case.number in asked for case in (happy, unhappy, silent))
