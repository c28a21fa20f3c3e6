"""Writing articles: each function one step, checked against the version that its editor saw."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.knowledge.models import Article, ArticleState, ArticleTopic, ArticleVersion
from derman.lib.turkish import fold

LONGEST_TITLE = 160
LONGEST_BODY = 20_000
KEY = re.compile(r"[a-z][a-z0-9_]{1,59}")


class CannotEdit(Exception):
    """It cannot be written so; the message is fit for the user, `field` names the input."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class OldVersion(CannotEdit):
    """Somebody else changed the article meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else changed this article meanwhile. Look at it again."))


def add(
    key: str,
    *,
    topics: Sequence[str],
    title: Mapping[str, str],
    body: Mapping[str, str],
    by: User | None,
    at: datetime,
) -> Article:
    """Begin an article; nobody but its editors reads it yet."""
    if not KEY.fullmatch(key):
        text = _("Use small letters, digits and underscores, and begin with a letter.")
        raise CannotEdit(text, field="key")
    try:
        with transaction.atomic():
            return Article.objects.create(
                key=key,
                topics=_each_once(topics),
                title=_said(title),
                body=_said(body),
                changed_by=by,
                changed_at=at,
            )
    except IntegrityError:
        raise CannotEdit(_("There is an article of this key already."), field="key") from None


def save(
    article: Article,
    *,
    topics: Sequence[str],
    title: Mapping[str, str],
    body: Mapping[str, str],
    by: User | None,
    at: datetime,
) -> None:
    """Keep what was written; readers go on seeing what was published."""
    said = {"topics": _each_once(topics), "title": _said(title), "body": _said(body)}
    if all(getattr(article, name) == value for name, value in said.items()):
        _change(article, by=by, at=at)
        return
    _change(article, by=by, at=at, is_changed=True, **said)


@transaction.atomic
def publish(article: Article, *, language: str, by: User | None, at: datetime) -> ArticleVersion:
    """Let readers see the text as it stands; it needs words in the organisation's language."""
    for field, text in (("title", article.title), ("body", article.body)):
        if not text.get(language, "").strip():
            raise CannotEdit(
                _("Write it in the organisation's language first."), field=f"{field}_{language}"
            )
    last = article.versions.order_by("-number").values_list("number", flat=True).first() or 0
    made = ArticleVersion.objects.create(
        article=article,
        number=last + 1,
        title=article.title,
        body=article.body,
        folded=_folded(article),
        by=by,
        at=at,
    )
    ArticleTopic.objects.bulk_create(
        ArticleTopic(version=made, topic=topic) for topic in article.topics or [""]
    )
    _change(article, by=by, at=at, state=ArticleState.PUBLISHED, current=made, is_changed=False)
    return made


def retire(article: Article, *, by: User | None, at: datetime) -> None:
    """Take it from the readers; its texts are kept."""
    _change(article, by=by, at=at, state=ArticleState.RETIRED)


def take_over(article: Article, version: ArticleVersion, *, by: User | None, at: datetime) -> None:
    """Write on from a text that was published before."""
    topics = [topic for topic in version.topics.values_list("topic", flat=True) if topic]
    said = {"topics": topics, "title": version.title, "body": version.body}
    _change(article, by=by, at=at, is_changed=True, **said)


def counts(article: Article) -> dict[str, int]:
    """How often any text of the article was used, and whether it helped."""
    sums = {name: Sum(name, default=0) for name in ("used", "helped", "not_helped")}
    return article.versions.aggregate(**sums)


def _change(article: Article, *, by: User | None, at: datetime, **values: Any) -> None:
    """Write if nobody else has since the editor read it."""
    seen = article.version
    values |= {"version": seen + 1, "changed_by": by, "changed_at": at}
    if not Article.objects.filter(pk=article.pk, version=seen).update(**values):
        raise OldVersion
    for name, value in values.items():
        setattr(article, name, value)


def _each_once(topics: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(topic for topic in topics if topic))


def _said(text: Mapping[str, str]) -> dict[str, str]:
    """A text by language, without those in which nothing was written."""
    clean = {key: value.replace("\x00", "").strip() for key, value in text.items()}
    return {key: value for key, value in clean.items() if value}


def _folded(article: Article) -> str:
    return fold("\n".join([*article.title.values(), *article.body.values()]))
