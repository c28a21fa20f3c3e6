"""Reading articles: by topic, by words, the most used first; and the counts of their use."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet

from derman.knowledge.models import Article, ArticleState, ArticleVersion
from derman.lib.prose import Block, blocks
from derman.lib.turkish import fold

MOST = 100  # in one list: whoever does not find it there searches by a word


@dataclass(frozen=True)
class Shown:
    """A published article in the reader's language, or in the first one that it is written in."""

    id: UUID
    number: int
    title: str
    text: str
    language: str
    used: int

    @property
    def blocks(self) -> list[Block]:
        return blocks(self.text)

    @property
    def plain(self) -> str:
        """As it goes into an answer: without the signs that mark headings."""
        return "\n\n".join(
            "\n".join(f"- {item}" for item in one.items) if one.items else one.text
            for one in self.blocks
        )


def published() -> QuerySet[Article]:
    """What readers may see, with its words."""
    found = Article.objects.filter(state=ArticleState.PUBLISHED)
    return found.select_related("current").order_by("-current__used", "key")


def find(words: str = "", topic: str = "") -> list[Article]:
    """Articles in which every word stands and which belong to the topic or what is under it."""
    found = published()
    for word in fold(words.replace("\x00", "")).split()[:8]:
        found = found.filter(current__folded__contains=word)
    if topic:
        fitting = Q(topics__topic=topic) | Q(topics__topic__startswith=f"{topic}.")
        found = found.filter(current__in=ArticleVersion.objects.filter(fitting))
    return list(found[:MOST])


def of_topic(topic: str, most: int = 8) -> list[Article]:
    """For somebody who works on this topic: its own articles, its main topic's, general ones."""
    if not topic:
        return []
    fitting = ArticleVersion.objects.filter(topics__topic__in=[topic, topic.split(".")[0], ""])
    found = published().filter(current__in=fitting).prefetch_related("current__topics")
    return sorted(found[:MOST], key=lambda one: _nearness(one, topic))[:most]


def _nearness(article: Article, topic: str) -> tuple[int, int]:
    """The topic's own first, general ones last; among equals the most used."""
    current = article.current
    if current is None:
        return 3, 0
    topics = {row.topic for row in current.topics.all()}
    place = 0 if topic in topics else 1 if topic.split(".")[0] in topics else 2
    return place, -current.used


def shown(article: Article, language: str, fallback: str) -> Shown:
    """Its published words in this language, else in the fallback, else in any."""
    current = article.current
    if current is None:
        raise ValueError("Only a published article is shown to readers.")
    has = current.body
    spoken = next((one for one in (language, fallback) if has.get(one)), next(iter(has), language))
    title = current.title.get(spoken) or next(iter(current.title.values()), article.key)
    return Shown(article.pk, current.number, title, has.get(spoken, ""), spoken, current.used)


def count_use(article: Article) -> None:
    """Somebody took its words into an answer; a number, of nobody in particular."""
    ArticleVersion.objects.filter(pk=article.current_id or 0).update(used=F("used") + 1)


def count_feedback(article: Article, *, helped: bool) -> None:
    """Whether it helped whoever read it."""
    name = "helped" if helped else "not_helped"
    ArticleVersion.objects.filter(pk=article.current_id or 0).update(**{name: F(name) + 1})
