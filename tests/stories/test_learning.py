"""From repeated complaints to a lasting fix, at an operator and at a consumer brand.

Rows T9, T11 and P11: the most frequent topics are followed; what repeats gets a root-cause
analysis; the change that follows is tracked, its effect is shown, and that the problem does not
come back is verified; when it does come back, somebody hears of it.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils import timezone

from derman.profile import publishing
from derman.quality.models import Improvement, RootCause
from derman.words.rights import Role
from derman.worker import reconcilers, run_round
from tests.desk import Desk
from tests.factories import make_case, preset, published
from tests.learning import about, each_day, fill, moment

pytestmark = pytest.mark.django_db

WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class House:
    """What one organisation has trouble with."""

    preset: str
    topic: str
    other: str  # alike, and untouched by the change
    category: str
    whys: tuple[str, ...]
    change: str


HOUSES = [
    House(
        "telecom", "internet.drops", "internet.slow", "device",
        ("Modem her gece kapanıyor.", "Güncelleme yarıda kalıyor.", "Eski modelin belleği az."),
        "Eski modeller güncelleme listesinden çıkarılır.",
    ),
    House(
        "consumer", "shipping.damaged_parcel", "shipping.late_delivery", "delivery",
        ("Köşeler eziliyor.", "Kutu iki kat istifleniyor.", "Karton yumuşak seçilmiş."),
        "Köşe koruyuculu yeni kutuya geçilir.",
    ),
]  # fmt: skip


def the_worker(day: date) -> None:
    """The worker early in the morning of a day."""
    looks = [one for one in reconcilers() if one.name == "improvements to look at"]
    assert run_round(looks, moment(day, 4))[1] == 0


@pytest.mark.parametrize("house", HOUSES, ids=lambda house: house.preset)
def test_a_repeated_problem_is_understood_mended_watched_and_taken_up_again(house):
    organisation = published(preset(house.preset))
    start = timezone.localdate() - 20 * WEEK - timedelta(days=2)
    complain(house, start)
    quality = Desk(Role.QUALITY)

    cause = understand(house, quality, start)
    minutes = organisation.profile.learning.minutes["phone"]
    cost = quality.page(f"/desk/root-causes/{cause.pk}/")
    assert f">{minutes * cause.cases.count():,}<" in cost

    path = plan(house, quality, cause, start)
    first = start + organisation.profile.learning.first_look * WEEK
    assert 'data-state="running"' in quality.page(path)
    watch(quality, path, first)
    take_up_again(quality, path)


def complain(house: House, start: date) -> None:
    """Many before the start, few after it, and many again in the end."""
    one = make_case(topic=house.topic, profile=publishing.current(), at=moment(start - WEEK))
    fill(each_day(4, start - 12 * WEEK, 12), like=one, **about(house.topic))
    fill(each_day(1, start, 16), like=one, **about(house.topic))
    fill(each_day(4, start + 16 * WEEK, 4), like=one, **about(house.topic))
    fill(each_day(5, start - 12 * WEEK, 32), like=one, **about(house.other))


def understand(house: House, quality: Desk, start: date) -> RootCause:
    """The topic is among the most frequent; its cases lead to the cause, by asking why."""
    frequent = quality.page("/desk/frequent-topics/?days=364")
    row = re.search(rf'<tr data-topic="{house.topic}">.*?</tr>', frequent, re.S)[0]
    assert "/desk/root-causes/new/?" in row
    begun = {
        "query": f"view=all&topic={house.topic}&kind=complaint&received_to={start - WEEK}",
        "title": "Aynı sorun yineleniyor", "method": "whys", "owner": quality.user.pk,
    }  # fmt: skip
    assert quality.client.post("/desk/root-causes/new/", begun).status_code == 302
    cause = RootCause.objects.get()
    assert cause.topics == {house.topic: cause.cases.count()}
    path = f"/desk/root-causes/{cause.pk}/"
    quality.client.post(f"{path}answers/", {"version": 1, "why": house.whys})
    found = {"version": 2, "category": house.category, "conclusion": house.whys[-1]}
    quality.client.post(f"{path}conclusion/", found)
    assert 'data-state="concluded"' in quality.page(path)
    return cause


def plan(house: House, quality: Desk, cause: RootCause, start: date) -> str:
    """The improvement that follows, with a group beside it that it does not touch."""
    planned = {
        "title": "Kalıcı çözüm", "text": house.change, "owner": quality.user.pk,
        "starts_on": start.isoformat(), "due_on": (start + WEEK).isoformat(),
        "topics": [house.topic], "compared_topics": [house.other], "weeks_before": "12",
        "left_out": "",
    }  # fmt: skip
    return quality.client.post(f"/desk/improvements/new/?cause={cause.pk}", planned).url


def watch(quality: Desk, path: str, first: date) -> None:
    """Shown at the first look, believed at the second; it stays so for a while, and comes back."""
    the_worker(first)
    page = quality.page(path)
    assert 'data-verdict="improved"' in page
    assert re.search(r"Complaints fell from 4\.5 to 1\.5 a day\. The comparison group went", page)
    assert 'data-state="running"' in page
    the_worker(first + 4 * WEEK)
    assert 'data-state="effective"' in quality.page(path)

    the_worker(first + 8 * WEEK)
    page = quality.page(path)
    assert 'data-state="effective"' in page
    assert "Did it come back?" in page
    the_worker(first + 12 * WEEK)
    page = quality.page(path)
    assert 'data-state="reopened"' in page
    assert "The problem came back" in page


def take_up_again(quality: Desk, path: str) -> None:
    """The owner sees it in the menu, and begins anew."""
    menu = re.search(r'href="/desk/improvements/".*?</a>', quality.page("/desk/"), re.S)[0]
    assert ">1<" in menu
    again = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert quality.client.post(f"{path}restart/", {"starts_on": again}).status_code == 302
    change = Improvement.objects.get()
    assert change.state == "planned"
    assert list(change.events.order_by("id").values_list("type", flat=True)) == [
        "planned", "started", "effective", "reopened", "planned",
    ]  # fmt: skip
