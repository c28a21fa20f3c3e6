"""The articles that presets bring for their demo: complete, of known topics, written once."""

import pytest

from derman.demo import articles, texts
from derman.knowledge.models import Article
from derman.profile import presets
from derman.words.kinds import Language
from derman.words.rights import Role
from tests.factories import MONDAY, make_user, preset

WITH_ARTICLES = [
    folder.name
    for folder in sorted(presets.SHIPPED.iterdir())
    if (folder / "demo" / "articles.toml").exists()
]


def test_gas_brings_some():
    assert "gas" in WITH_ARTICLES


@pytest.mark.parametrize("name", WITH_ARTICLES)
def test_they_are_of_known_topics_and_in_every_language(name):
    profile, rows = preset(name), texts.read(name).articles
    assert len({row["key"] for row in rows}) == len(rows)
    for row in rows:
        assert set(row["title"]) == set(row["body"]) == set(Language), row["key"]
        assert all(profile.topic(topic) for topic in row["topics"]), row["key"]


@pytest.mark.django_db
def test_loading_twice_writes_each_once():
    rows, quality = texts.read("gas").articles, make_user(Role.QUALITY)
    for _turn in range(2):
        articles.write(rows, language="tr", by=quality, at=MONDAY)
    assert Article.objects.filter(state="published").count() == len(rows)
    assert Article.objects.get(key="invoice_reading_it_aloud").current.by == quality
