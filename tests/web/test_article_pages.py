"""What the organisation knows: written on pages, read beside cases, taken into answers."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from derman.knowledge import editing
from derman.knowledge.models import Article, ArticleState
from derman.words.rights import Role
from derman.workplace import drafts
from tests.factories import MONDAY, make_case, make_user, published

pytestmark = pytest.mark.django_db
TOPIC = "metering.reading_disputed"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def profile():
    return published()


def signed_in(role: Role, unit: str = "") -> Client:
    client = Client()
    client.force_login(make_user(role, unit))
    return client


def make_article(
    key: str, title: str = "Okuma itirazı", *, body: str = "Sayacın fotoğrafını isteyin.",
    topics: tuple[str, ...] = (TOPIC,), is_published: bool = True, **others: str,
) -> Article:  # fmt: skip
    made = editing.add(
        key,
        topics=topics,
        title={"tr": title, **others},
        body={"tr": body, **others},
        by=None,
        at=MONDAY,
    )
    if is_published:
        editing.publish(made, language="tr", by=None, at=MONDAY)
    return made


class TestReading:
    def test_published_articles_are_found_by_folded_words_and_by_topic(self):
        reading = make_article("reading", en="Reading disputed")
        make_article("general", "Ödeme yolları", body="Şubelerde IŞIK hızında.", topics=())
        make_article("hidden", "Taslak", is_published=False)
        desk = signed_in(Role.AGENT)

        def titles(**params: str) -> list[str]:
            answer = desk.get(reverse("desk:articles"), params)
            return [one.title for one in answer.context["articles"]]

        assert titles() == ["Ödeme yolları", "Reading disputed"]
        assert titles(q="isik subelerde") == ["Ödeme yolları"]
        assert titles(topic="metering") == titles(topic=TOPIC) == ["Reading disputed"]
        assert titles(topic="billing") == titles(q="taslak") == []
        page = desk.get(reverse("desk:article", args=[reading.pk])).content.decode()
        assert "Reading disputed" in page

    def test_the_most_used_come_first(self):
        make_article("less", "Az")
        make_article("more", "Çok").versions.update(used=3)
        answer = signed_in(Role.AGENT).get(reverse("desk:articles"))
        assert [(one.title, one.used) for one in answer.context["articles"]] == [
            ("Çok", 3),
            ("Az", 0),
        ]

    def test_more_articles_take_no_more_queries(self, django_assert_num_queries):
        desk = signed_in(Role.AGENT)
        make_article("first")
        desk.get(reverse("desk:articles"))
        for address in (reverse("desk:articles"), reverse("desk:articles_beside")):
            with django_assert_num_queries(LIST if "beside" not in address else PART):
                desk.get(address, {"topic": TOPIC})
        for turn in range(8):
            make_article(f"more_{turn}")
        for address in (reverse("desk:articles"), reverse("desk:articles_beside")):
            with django_assert_num_queries(LIST if "beside" not in address else PART):
                desk.get(address, {"topic": TOPIC})

    def test_text_is_drawn_as_paragraphs_and_lists_and_never_as_html(self):
        body = "## Önce\n\n- bir\n- iki\n\n<script>alert(1)</script>"
        made = make_article("markup", body=body)
        page = signed_in(Role.AGENT).get(reverse("desk:article", args=[made.pk])).content.decode()
        assert "<h2>Önce</h2>" in page
        assert "<li>bir</li>" in page
        assert "&lt;script&gt;alert(1)" in page

    def test_a_draft_or_a_retired_one_is_nobodys_to_read(self):
        hidden = make_article("hidden", is_published=False)
        gone = make_article("gone")
        editing.retire(gone, by=None, at=MONDAY)
        desk = signed_in(Role.ADMIN)
        for one in (hidden, gone):
            assert desk.get(reverse("desk:article", args=[one.pk])).status_code == 404

    def test_whether_it_helped_is_counted(self):
        made = make_article("reading")
        desk, address = signed_in(Role.RECEPTION), reverse("desk:article_feedback", args=[made.pk])
        for helped in ("yes", "yes", "no"):
            desk.post(address, {"helped": helped})
        version = made.versions.get()
        assert (version.helped, version.not_helped) == (2, 1)


LIST, PART = 6, 5


class TestBesideACase:
    def test_the_topics_own_stand_first_and_general_ones_last(self):
        make_article("general", "Genel", topics=()).versions.update(used=9)
        make_article("main", "Ölçüm", topics=("metering",))
        make_article("own", "Okuma")
        make_article("other", "Fatura", topics=("billing",))

        answer = signed_in(Role.AGENT).get(reverse("desk:articles_beside"), {"topic": TOPIC})

        titles = re.findall(r"<summary[^>]*>(\w+)</summary>", answer.content.decode())
        assert titles == ["Okuma", "Ölçüm", "Genel"]

    def test_the_case_page_and_the_call_page_have_their_place(self):
        case = make_case()
        desk = signed_in(Role.AGENT)
        beside = f"{reverse('desk:articles_beside')}?topic={TOPIC}"

        page = desk.get(reverse("desk:case", args=[case.number])).content.decode()
        sheet = desk.post("/desk/register/", {"do": "look_up", "topic": TOPIC, "lookup": ""})

        assert f"{beside}&amp;number={case.number}" in page
        assert beside in sheet.content.decode()

    def test_who_may_not_answer_reads_without_the_button(self):
        make_article("own")
        case = make_case()
        params = {"topic": TOPIC, "number": case.number}
        for role, offered in ((Role.AGENT, True), (Role.MANAGER, False)):
            desk = signed_in(role)
            part = desk.get(reverse("desk:articles_beside"), params).content.decode()
            assert ("Use in the reply" in part) is offered

    def test_without_scripts_its_words_go_into_the_kept_answer_and_are_counted(self):
        made, case = make_article("own", en="Ask for a picture."), make_case()
        agent = make_user(Role.AGENT)
        desk = Client()
        desk.force_login(agent)
        drafts.keep(agent, case.pk, "replies", {"text": "Sayın Yılmaz,"}, at=MONDAY)

        answer = desk.post(reverse("desk:article_use", args=[case.number, made.pk]))
        page = desk.get(answer["Location"]).content.decode()

        assert answer["Location"].endswith("#reply")
        assert "Sayın Yılmaz,\n\nSayacın fotoğrafını isteyin." in page
        assert made.versions.get().used == 1

    def test_an_answer_gets_no_signs_of_markup(self):
        made, case = make_article("own", body="## Önce\n\n- bir\n- iki\n\nSon\nsöz."), make_case()
        desk = signed_in(Role.AGENT)
        answer = desk.post(reverse("desk:article_use", args=[case.number, made.pk]))
        assert "Önce\n\n- bir\n- iki\n\nSon söz." in desk.get(answer["Location"]).content.decode()

    def test_with_scripts_it_is_only_counted(self):
        made, case = make_article("own"), make_case()
        desk = signed_in(Role.AGENT)
        address = reverse("desk:article_use", args=[case.number, made.pk])
        assert desk.post(address, headers=HTMX).status_code == 204
        assert made.versions.get().used == 1
        assert not drafts.of_case(make_user(Role.CLERK), case.pk)

    def test_a_unit_uses_it_on_its_own_cases_only(self):
        made = make_article("own")
        case = make_case(topic="billing.tariff")
        desk = signed_in(Role.UNIT, "metering")
        address = reverse("desk:article_use", args=[case.number, made.pk])
        assert desk.post(address).status_code == 404
        assert made.versions.get().used == 0


class TestWriting:
    def form(self, article: Article | None = None, **changes: object) -> dict[str, object]:
        said = {
            "topics": [TOPIC],
            "title_tr": "Okuma",
            "body_tr": "İsteyin.",
            "title_en": "Reading",
        }
        return {**said, "version": article.version if article else "", **changes}

    def test_an_article_is_written_published_changed_and_retired(self):
        desk = signed_in(Role.QUALITY)
        made = desk.post("/settings/articles/new/", self.form(key="reading"))
        article = Article.objects.get()
        assert made["Location"] == reverse("administration:article", args=[article.pk])
        assert article.state == ArticleState.DRAFT

        def step(**said: object) -> int:
            article.refresh_from_db()
            return desk.post(made["Location"], self.form(article, **said)).status_code

        assert step(do="publish") == 302
        assert step(do="save", body_tr="Sonra isteyin.") == 302
        article.refresh_from_db()
        assert article.is_changed
        assert article.current.body["tr"] == "İsteyin."
        assert step(do="publish", body_tr="Sonra isteyin.") == 302
        assert [one.body["tr"] for one in article.versions.order_by("number")] == [
            "İsteyin.",
            "Sonra isteyin.",
        ]
        assert {one.by.username for one in article.versions.all()} == {"quality"}
        assert step(do="take_over", number="1") == 302
        article.refresh_from_db()
        assert article.body["tr"] == "İsteyin."
        assert step(do="retire") == 302
        article.refresh_from_db()
        assert article.state == ArticleState.RETIRED
        assert "Retired" in desk.get("/settings/articles/").content.decode()

    def test_two_editors_do_not_overwrite_each_other(self):
        article = make_article("reading")
        desk, address = signed_in(Role.QUALITY), f"/settings/articles/{article.pk}/"
        old = self.form(article, title_tr="Benimki", do="save")
        editing.save(
            article, topics=[], title={"tr": "Onunki"}, body={"tr": "x"}, by=None, at=MONDAY
        )

        answer = desk.post(address, old)

        assert answer.status_code == 409
        assert "Benimki" in answer.content.decode()
        article.refresh_from_db()
        assert article.title == {"tr": "Onunki"}

    def test_it_is_published_in_the_organisations_language_only(self):
        article = make_article("reading", is_published=False)
        desk = signed_in(Role.SUPERVISOR)
        said = self.form(article, body_tr="", body_en="Ask.", do="publish")
        answer = desk.post(f"/settings/articles/{article.pk}/", said)
        assert answer.status_code == 422
        article.refresh_from_db()
        assert article.current is None

    @pytest.mark.parametrize("key", ["", "Größe", "1st", "reading"])
    def test_a_key_is_well_formed_and_nobody_elses(self, key):
        make_article("reading")
        desk = signed_in(Role.ADMIN)
        assert desk.post("/settings/articles/new/", self.form(key=key)).status_code == 422
        assert Article.objects.count() == 1

    @pytest.mark.parametrize(
        "wrong",
        [
            {"topics": ["x"]},
            {"do": "x"},
            {"do": "take_over", "number": "x"},
            {"do": "take_over", "number": "9" * 5_000},
        ],
    )
    def test_what_is_not_offered_is_refused(self, wrong):
        article = make_article("reading")
        desk = signed_in(Role.ADMIN)
        said = self.form(article, **wrong)
        assert desk.post(f"/settings/articles/{article.pk}/", said).status_code == 422

    def test_the_section_is_shown_to_its_editors(self):
        page = signed_in(Role.QUALITY).get("/settings/articles/").content.decode()
        assert "/settings/articles/" in page
        assert "/settings/users/" not in page
        assert 'href="/settings/"' not in page


def test_a_text_that_was_published_stays_as_it_was():
    article = make_article("reading")
    first = article.versions.get()
    editing.save(article, topics=[], title={"tr": "Yeni"}, body={"tr": "Yeni"}, by=None, at=MONDAY)
    editing.publish(article, language="tr", by=None, at=MONDAY + timedelta(days=1))
    first.refresh_from_db()
    assert first.title == {"tr": "Okuma itirazı"}
    assert list(article.current.topics.values_list("topic", flat=True)) == [""]
