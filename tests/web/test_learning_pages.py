"""Pages of root causes, improvements and frequent topics."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from derman.cases.models import Case
from derman.quality import causes, improving, looking
from derman.quality.models import Improvement, RootCause
from derman.quality.scope import Scope
from derman.words.learning import ImprovementState
from derman.words.rights import Role
from tests.applicants import Page
from tests.factories import make_case, make_user, preset, published
from tests.learning import OTHER, START, TOPIC, about, each_day, fill, moment, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    published()
    return make_user(Role.QUALITY)


@pytest.fixture
def quality(user):
    client = Client()
    client.force_login(user)
    return client


def begin(by, **more) -> RootCause:
    make_case()
    given = {"title": "Readings", "method": "whys", "query": "view=all&topic=metering"}
    return causes.begin(Case.objects.all(), owner=by, by=by, at=moment(START), **{**given, **more})


def measured(by, **more) -> Improvement:
    """An improvement that was looked at once."""
    fill(each_day(4, START - timedelta(weeks=12), 12), **about(TOPIC))
    fill(each_day(1, START, 8), **about(TOPIC))
    fill(each_day(3, START - timedelta(weeks=12), 20), **about(OTHER))
    one = improving.plan(said(by, **more), cause=None, by=by, at=moment(START), profile=preset())
    looking.look(one, by=None, at=moment(START + timedelta(weeks=8)), profile=preset())
    return one


def posted(**more) -> dict:
    words = {
        "title": "Photograph every reading", "text": "A picture of each meter.",
        "starts_on": "2026-03-02", "due_on": "2026-04-01", "topics": [TOPIC],
        "weeks_before": "12", "owner": "", "left_out": "",
    }  # fmt: skip
    return {**words, **more}


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_workbench_leads_to_a_new_root_cause(quality, user):
    make_case()
    text = page(quality, "/desk/?view=all&topic=metering")
    assert "/desk/root-causes/new/?view=all&amp;topic=metering" in text
    answer = quality.post("/desk/root-causes/new/", {
        "query": "view=all&topic=metering", "title": "Readings", "method": "whys",
        "owner": user.pk,
    })  # fmt: skip
    cause = RootCause.objects.get()
    assert answer.url == f"/desk/root-causes/{cause.pk}/"
    assert cause.cases.count() == 1


def test_marked_cases_become_a_root_cause(quality, user):
    chosen, _other = make_case(), make_case()
    answer = quality.post("/desk/root-causes/new/", {"query": "view=all", "number": chosen.number})
    assert answer.status_code == 200
    assert f'name="number" value="{chosen.number}"' in answer.content.decode()
    quality.post("/desk/root-causes/new/", {
        "query": "view=all", "number": chosen.number, "title": "x", "method": "fishbone",
        "owner": user.pk,
    })  # fmt: skip
    assert RootCause.objects.get().cases.get() == chosen


def test_an_empty_list_and_an_empty_title_are_said(quality, user):
    said = {"query": "view=all", "title": "", "method": "whys", "owner": user.pk}
    answer = quality.post("/desk/root-causes/new/", said)
    assert answer.status_code == 422
    assert "Say in a few words what happens." in answer.content.decode()
    answer = quality.post("/desk/root-causes/new/", {**said, "title": "x"})
    assert answer.status_code == 422
    assert "There is no case in this list." in answer.content.decode()


def test_the_search_is_written_and_concluded(quality, user):
    cause = begin(user)
    path = f"/desk/root-causes/{cause.pk}/"
    assert quality.post(
        f"{path}answers/", {"version": 1, "why": ["Misread", "", "In a hurry"]}
    ).status_code == 302  # fmt: skip
    kept = cause.steps.order_by("place").values_list("text", flat=True)
    assert list(kept) == ["Misread", "In a hurry"]
    answer = quality.post(f"{path}conclusion/", {"version": 2, "conclusion": "No time."})
    assert answer.status_code == 422
    assert "Choose where the cause lies." in answer.content.decode()
    assert "No time." in answer.content.decode()
    given = {"version": 2, "conclusion": "No time.", "category": "training"}
    assert quality.post(f"{path}conclusion/", given).status_code == 302
    text = page(quality, path)
    assert "No time." in text
    assert 'data-state="concluded"' in text
    assert "/desk/improvements/new/?cause=" in text
    quality.post(f"{path}conclusion/", {"version": 3, "do": "look_again"})
    cause.refresh_from_db()
    assert cause.state == "open"


@pytest.mark.parametrize("verb", ["answers", "conclusion"])
def test_the_second_of_two_loses_nothing(quality, user, verb):
    cause = begin(user)
    path = f"/desk/root-causes/{cause.pk}/"
    quality.post(f"{path}answers/", {"version": 1, "why": ["Misread"]})
    typed = {"why": ["Typed meanwhile"], "conclusion": "No time.", "category": "training"}
    answer = quality.post(f"{path}{verb}/", {"version": 1, **typed})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Typed meanwhile</textarea>" in text
    assert "No time.</textarea>" in text
    assert '<li class="prose">Misread</li>' in text  # what the first of them kept
    assert cause.steps.get().text == "Misread"
    version = re.search(r'name="version" value="(\d+)"', text)[1]
    assert quality.post(f"{path}{verb}/", {"version": version, **typed}).status_code == 302
    assert cause.steps.get().text == "Typed meanwhile"


def test_what_is_typed_of_the_cause_is_kept_with_the_answers(quality, user):
    cause = begin(user)
    path = f"/desk/root-causes/{cause.pk}/"
    quality.post(f"{path}answers/", {"version": 1, "why": ["Misread"], "conclusion": "No time."})
    text = page(quality, path)
    assert "No time.</textarea>" in text
    assert 'data-state="open"' in text
    given = {"version": 2, "why": ["Hurry"], "conclusion": "No time.", "category": "training"}
    assert quality.post(f"{path}conclusion/", given).status_code == 302
    assert cause.steps.get().text == "Hurry"  # typed, and concluded without keeping it before


def test_an_answer_too_long_is_said_at_its_field_and_stays(quality, user):
    cause = begin(user, method="fishbone")
    path = f"/desk/root-causes/{cause.pk}/answers/"
    lines = "\r\n".join(["x" * 98] * 20)
    assert quality.post(path, {"version": 1, "way": lines}).status_code == 302
    answer = quality.post(path, {"version": 2, "way": f"{lines}{'y' * 100}", "people": "Hurry"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'href="#id_way"' in text
    assert "y" * 100 in text
    assert "Hurry</textarea>" in text
    answer = quality.post(path, {"version": 2, "method": "whys", "why": ["z" * 2001]})
    assert answer.status_code == 422
    assert 'href="#id_why"' in answer.content.decode()
    assert "z" * 2001 in answer.content.decode()


def test_who_left_is_not_replaced_without_a_word(quality, user):
    other = make_user(Role.QUALITY, name="Gone")
    cause = begin(other)
    other.is_active = False
    other.save()
    text = page(quality, f"/desk/root-causes/{cause.pk}/")
    assert '<option value="" selected>Choose one</option>' in text
    given = {"version": 1, "title": "Readings", "method": "whys", "owner": ""}
    answer = quality.post(f"/desk/root-causes/{cause.pk}/details/", given)
    assert "Choose who looks after it." in answer.content.decode()


def test_a_fishbone_is_drawn_by_side(quality, user):
    cause = begin(user, method="fishbone")
    path = f"/desk/root-causes/{cause.pk}/"
    quality.post(f"{path}answers/", {"version": 1, "people": "Hurry\nNew staff", "way": "No photo"})
    assert set(cause.steps.values_list("bone", "place", "text")) == {
        ("people", 0, "Hurry"), ("people", 1, "New staff"), ("way", 0, "No photo"),
    }  # fmt: skip
    assert "New staff</textarea>" in page(quality, path)


def test_figures_of_a_root_cause_lead_to_its_cases(quality, user):
    cause = begin(user)
    make_case()
    text = page(quality, f"/desk/root-causes/{cause.pk}/")
    link = f"/desk/?view=all&cause={cause.pk}"
    assert link.replace("&", "&amp;") in text
    shown = page(quality, link)
    assert len(re.findall(r"data-number=", shown)) == 1
    assert "Root cause: Readings" in shown


def test_lists_go_by_key_and_ask_few_questions(quality, user, django_assert_max_num_queries):
    for number in range(31):
        begin(user, title=f"Cause {number}")
    page(quality, "/desk/root-causes/")
    with django_assert_max_num_queries(9):
        text = page(quality, "/desk/root-causes/")
    assert text.count("data-cause=") == 30
    after = re.search(r'href="\?(after=[^"]+)" rel="next"', text)[1]
    assert page(quality, f"/desk/root-causes/?{after}").count("data-cause=") == 1
    assert "No root cause is in this state." in page(quality, "/desk/root-causes/?state=concluded")


def test_an_improvement_is_planned_from_a_root_cause(quality, user):
    cause = begin(user)
    path = f"/desk/improvements/new/?cause={cause.pk}"
    text = page(quality, path)
    assert f'value="{TOPIC}"' in text
    answer = quality.post(path, posted(owner=user.pk))
    one = Improvement.objects.get()
    assert answer.url == f"/desk/improvements/{one.pk}/"
    assert one.cause == cause
    assert [row.topic for row in one.topics.all()] == [TOPIC]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": ""}, "title"),
        ({"topics": []}, "topics"),
        ({"due_on": "2026-02-01"}, "due_on"),
        ({"compared_topics": [TOPIC]}, "compared_topics"),
        ({"accounts_before": "100"}, "accounts_after"),
        ({"left_out": "yesterday"}, "left_out"),
        ({"left_out": "2026-03-04"}, "left_out"),
        ({"topics": ["nobody.knows"]}, "topics"),
        ({"weeks_before": "1"}, "weeks_before"),
    ],
)
def test_what_is_wrong_with_an_improvement_stands_at_its_field(quality, user, more, field):
    answer = quality.post("/desk/improvements/new/", posted(owner=user.pk, **more))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Improvement.objects.exists()
    assert Page(answer.content.decode()).alerts


def test_the_effect_is_said_and_drawn(quality, user):
    one = measured(user, left_out={START + timedelta(days=9): "Outage"})
    text = page(quality, f"/desk/improvements/{one.pk}/")
    assert re.search(
        r"Complaints fell from 4\.5 to 1\.5 a day \(6\d% fewer; between \d\d% and \d\d%\)\.", text
    )
    assert text.count("<svg xmlns=") == 2
    wide = text[text.index('class="effect wide"') : text.index("</svg>", text.index("effect wide"))]
    assert wide.count('class="bar before"') == 12
    assert wide.count('class="bar after"') == 8
    assert wide.count('class="left-out"') == 1
    assert 'class="start"' in wide
    assert "<title" in wide
    assert "style=" not in wide
    link = f"/desk/?view=all&improvement={one.pk}&received_from=2026-03-02&received_to=2026-03-08"
    assert link.replace("&", "&amp;") in text
    shown = page(quality, link)
    first_after = one.looks.get().figures["weeks"][12]
    assert len(re.findall(r"data-number=", shown)) == first_after["count"]


def test_days_of_an_outage_are_pointed_out_and_left_out(quality, user):
    outage = START + timedelta(days=9)
    fill({outage: 40}, **about(TOPIC))
    one = measured(user)
    path = f"/desk/improvements/{one.pk}/"
    text = page(quality, path)
    told = re.search(r"<p data-peaks>.*?</p>", text)[0]
    assert f"received_from={outage}&amp;received_to={outage}" in told
    assert f'href="{path}change/#id_left_out"' in told
    assert 'id="id_left_out"' in page(quality, f"{path}change/")
    for day, why in ((outage, "Outage in the north"), (START - timedelta(weeks=13), "Storm")):
        one.left_out.create(day=day, reason=why)
    quality.post(f"{path}looks/")
    assert 'class="key left-out"' not in text
    text = page(quality, path)
    assert 'class="key left-out"' in text
    assert "data-peaks" not in text
    assert re.search(r"Storm <span class=.quiet.>.*compared</span></li>.*in the north</li>", text)


def test_the_comparison_group_stands_in_sentence_and_picture(quality, user):
    one = measured(user, compared=Scope((OTHER,)))
    text = page(quality, f"/desk/improvements/{one.pk}/")
    assert "The comparison group went from 3.5 to 3.5 a day" in text
    assert 'class="compared"' in text
    group = page(quality, f"/desk/?view=all&compared={one.pk}")
    assert "Compared with: Photograph every reading" in group


def test_sentences_speak_each_language(quality, user):
    one = measured(user)
    user.language = "de"
    user.save()
    assert "4,5" in page(quality, f"/desk/improvements/{one.pk}/")


def test_staff_look_in_between(quality, user):
    one = measured(user)
    answer = quality.post(f"/desk/improvements/{one.pk}/looks/")
    assert answer.status_code == 302
    assert one.looks.filter(by=user).count() == 1


def test_what_came_back_stands_in_the_menu_and_is_taken_up_again(quality, user):
    one = measured(user)
    Improvement.objects.filter(pk=one.pk).update(
        state=ImprovementState.REOPENED, effective_on=START + timedelta(weeks=12), next_at=None
    )
    path = f"/desk/improvements/{one.pk}/"
    text = page(quality, path)
    assert "The problem came back" in text
    menu = re.search(r'href="/desk/improvements/".*?</a>', text, re.S)[0]
    assert 'data-tone="danger">1<' in menu
    answer = quality.post(f"{path}restart/", {"starts_on": "2026-03-02"})
    assert answer.status_code == 422
    assert "Choose a day after the first start." in answer.content.decode()
    day = (timezone.now() + timedelta(days=3)).date()
    assert quality.post(f"{path}restart/", {"starts_on": day.isoformat()}).status_code == 302
    one.refresh_from_db()
    assert one.state == ImprovementState.PLANNED


def test_an_improvement_is_changed_by_the_first_of_two(quality, user):
    one = measured(user)
    path = f"/desk/improvements/{one.pk}/change/"
    assert 'value="Photograph every reading"' in page(quality, path)
    changed = posted(owner=user.pk, version=one.version, title="Photograph and send")
    assert quality.post(path, changed).status_code == 302
    answer = quality.post(path, {**changed, "title": "Typed meanwhile"})
    assert answer.status_code == 409
    assert "Typed meanwhile" in answer.content.decode()
    one.refresh_from_db()
    assert one.title == "Photograph and send"


def test_the_improvement_page_asks_few_questions(quality, user, django_assert_max_num_queries):
    one = measured(user)
    page(quality, f"/desk/improvements/{one.pk}/")
    with django_assert_max_num_queries(13):
        page(quality, f"/desk/improvements/{one.pk}/")
    page(quality, "/desk/improvements/")
    with django_assert_max_num_queries(10):
        page(quality, "/desk/improvements/")


def test_frequent_topics_show_rise_fall_and_what_is_done(
    quality, user, django_assert_max_num_queries
):
    today = timezone.localdate()
    fill({today - timedelta(days=3): 30, today - timedelta(days=40): 5}, **about(TOPIC))
    fill({today - timedelta(days=3): 5, today - timedelta(days=40): 30}, **about(OTHER))
    cause = causes.begin(
        Case.objects.filter(topic=TOPIC), title="Readings", method="whys", query="", owner=user,
        by=user, at=timezone.now(),
    )  # fmt: skip
    one = improving.plan(said(user), cause=cause, by=user, at=moment(START), profile=preset())
    page(quality, "/desk/frequent-topics/")
    with django_assert_max_num_queries(10):
        text = page(quality, "/desk/frequent-topics/?days=28")
    rows = re.findall(r'<tr data-topic="([^"]+)">(.*?)</tr>', text, re.S)
    assert [key for key, _row in rows[:2]] == [TOPIC, OTHER]
    first, second = rows[0][1], rows[1][1]
    assert "500%" in first
    assert 'data-tone="danger"' in first
    assert f"/desk/root-causes/{cause.pk}/" in first
    assert f"/desk/improvements/{one.pk}/" in first
    assert "83%" in second
    assert "/desk/root-causes/new/?view=all&amp;topic=billing" in second
    assert len(re.findall("data-number=", page(quality, re.search(
        r'class="figure"><a href="([^"]+)"', second)[1].replace("&amp;", "&")))) == 5  # fmt: skip


def test_empty_pages_say_what_would_be_here(quality):
    assert "No root cause yet" in page(quality, "/desk/root-causes/")
    assert "No improvement yet" in page(quality, "/desk/improvements/")
    assert "Frequent topics" in page(quality, "/desk/frequent-topics/")


def test_who_only_reads_is_offered_nothing_to_write(quality, user):
    cause, one = begin(user), measured(user)
    manager = Client()
    manager.force_login(make_user(Role.MANAGER))
    for path in (f"/desk/root-causes/{cause.pk}/", f"/desk/improvements/{one.pk}/"):
        text = page(manager, path)
        assert "<textarea" not in text
        assert "/change/" not in text
        assert "/looks/" not in text
    assert manager.get("/desk/root-causes/new/").status_code == 403
