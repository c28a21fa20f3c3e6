"""Lists of topics and of what is known of them: the first ones in sight, the rest folded."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from derman.cases.models import Case
from derman.quality import causes, improving, looking
from derman.quality.models import RootCause
from derman.quality.scope import Scope
from derman.words.rights import Role
from tests.desk import Desk
from tests.factories import make_case, preset, published
from tests.learning import said

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    published()
    return Desk(Role.QUALITY)


def begin(by) -> RootCause:
    cases, at = Case.objects.all(), timezone.now()
    return causes.begin(cases, title="x", method="whys", query="", owner=by, by=by, at=at)


def test_the_topics_of_the_cause_stand_first_in_the_list(desk):
    make_case()
    cause = begin(desk.user)
    text = desk.page(f"/desk/improvements/new/?cause={cause.pk}")
    asked, compared = (
        re.findall(rf'name="{name}" value="([^"]+)"', text)
        for name in ("topics", "compared_topics")
    )
    assert asked[0] == "metering"
    assert compared == asked


def test_many_topics_and_many_improvements_are_folded(desk):
    topics = [f"{key}.{sub}" for key, one in preset().topics.items() for sub in one.children][:13]
    made = [make_case(topic=topic, kind="complaint") for topic in topics]
    cause = begin(desk.user)
    text = desk.page(f"/desk/root-causes/{cause.pk}/")
    assert len(made) > 10
    assert text.count(f"cause={cause.pk}&amp;topic=") == len(cause.topics)
    assert f'<summary>More <span class="count">{len(cause.topics) - 10}</span></summary>' in text

    for _ in range(4):
        fields = said(desk.user, about=Scope((topics[0],)))
        improving.plan(fields, cause=None, by=desk.user, at=timezone.now(), profile=preset())
    line = desk.page("/desk/frequent-topics/?days=364").split(f'data-topic="{topics[0]}"')[1]
    line = line.split("</tr>")[0]
    assert line.count('class="done"') >= 5
    shown, folded = line.split("<details>")
    assert shown.count('class="done"') == 3
    assert f'<span class="count">{folded.count("done")}</span>' in folded


def test_an_empty_list_offers_nothing_to_begin_with(desk):
    text = desk.page("/desk/root-causes/new/?view=all&topic=metering")
    assert "There is no case in this list." in text
    assert 'name="title"' not in text
    make_case()
    assert 'name="title"' in desk.page("/desk/root-causes/new/?view=all&topic=metering")


def test_figures_of_before_a_change_are_said_to_be_old(desk):
    act = {"by": desk.user, "profile": preset()}
    start = timezone.localdate() - timedelta(weeks=8)
    words = said(desk.user, starts_on=start, due_on=start)
    one = improving.plan(words, cause=None, at=timezone.now(), **act)
    looking.look(one, at=timezone.now(), **act)
    improving.change(one, replace(words, title="Another name"), at=timezone.now(), **act)
    assert "was changed after this look" not in desk.page(f"/desk/improvements/{one.pk}/")
    improving.change(one, replace(words, weeks_before=20), at=timezone.now(), **act)
    assert "was changed after this look" in desk.page(f"/desk/improvements/{one.pk}/")
    looking.look(one, at=timezone.now(), **act)
    assert "was changed after this look" not in desk.page(f"/desk/improvements/{one.pk}/")
