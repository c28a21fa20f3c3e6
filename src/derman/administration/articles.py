"""Pages on which articles are written, published, and taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from derman.administration.frame import DeskRequest, page, render
from derman.desk.filters import FILTERS
from derman.desk.labels import Labels, word
from derman.knowledge import editing
from derman.knowledge.models import Article, ArticleState
from derman.lib.numerals import whole
from derman.lib.prose import blocks
from derman.lib.turkish import fold
from derman.words.kinds import Language
from derman.words.rights import Place

MOST = 200
STATES: dict[str, tuple[Promise, str, str]] = {
    ArticleState.DRAFT: (gettext_lazy("Not published"), "", "file-pen"),
    ArticleState.PUBLISHED: (gettext_lazy("Published"), "ok", "circle-check"),
    ArticleState.RETIRED: (gettext_lazy("Retired"), "", "archive"),
}


@dataclass(frozen=True)
class Line:
    """One article in the list of its editors."""

    article: Article
    title: str
    topics: str
    state: Promise
    tone: str
    icon: str


class ArticleForm(forms.Form):
    """Topics, and a title and a text for each language of the organisation."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Topics"),
        help_text=gettext_lazy("None: a general article. A main topic covers all under it."),
        required=False,
    )

    def __init__(self, *args: Any, labels: Labels, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_new:
            self.fields["key"] = forms.CharField(
                label=_("Key"),
                help_text=_("Permanent; small letters, digits and underscores."),
                max_length=60,
            )
            self.order_fields(["key", "topics"])
        options = FILTERS["topic"].options
        topics: Any = self.fields["topics"]
        topics.choices = options(labels) if options else []
        topics.widget.attrs["size"] = 8
        self.languages = list(labels.profile.organisation.languages)
        for one in self.languages:
            name = word(Language, one)
            attributes = {"lang": one}
            self.fields[f"title_{one}"] = forms.CharField(
                label=_("Title (%(language)s)") % {"language": name},
                max_length=editing.LONGEST_TITLE,
                required=False,
                widget=forms.TextInput(attributes),
            )
            self.fields[f"body_{one}"] = forms.CharField(
                label=_("Text (%(language)s)") % {"language": name},
                help_text=_("Paragraphs, “## ” for a heading, “- ” for a line of a list."),
                max_length=editing.LONGEST_BODY,
                required=False,
                widget=forms.Textarea({**attributes, "rows": 10}),
            )

    def words(self, name: str) -> dict[str, str]:
        return {one: self.cleaned_data[f"{name}_{one}"] for one in self.languages}

    @property
    def said(self) -> dict[str, Any]:
        """What the form says, as editing takes it."""
        topics = self.cleaned_data["topics"]
        return {"topics": topics, "title": self.words("title"), "body": self.words("body")}


def _initial(article: Article) -> dict[str, Any]:
    values: dict[str, Any] = {"version": article.version, "topics": article.topics}
    values |= {f"title_{key}": text for key, text in article.title.items()}
    return values | {f"body_{key}": text for key, text in article.body.items()}


@require_http_methods(["GET", "HEAD"])
@page(Place.ARTICLES)
def articles(request: DeskRequest) -> HttpResponse:
    """Every article with its state and how often it was used."""
    labels = Labels.for_reader(request.profile.profile)
    wanted = request.GET.get("q", "").strip()[:100]
    sums: dict[str, Any] = {
        f"times_{name}": Sum(f"versions__{name}", default=0)
        for name in ("used", "helped", "not_helped")
    }
    counted: Any = Article.objects.annotate(**sums)
    found = counted.order_by("-times_used", "key")[:MOST]
    lines = [_line(one, labels) for one in found]
    if wanted:
        sought = fold(wanted)
        lines = [one for one in lines if sought in fold(f"{one.title} {one.article.key}")]
    context = {"current": "articles", "lines": lines, "wanted": wanted}
    return render(request, "administration/articles/list.html", context)


def _line(article: Article, labels: Labels) -> Line:
    title = article.title.get(labels.language) or next(iter(article.title.values()), article.key)
    topics = ", ".join(map(labels.topic, article.topics)) or _("General")
    return Line(article, title, topics, *STATES[article.state])


@require_http_methods(["GET", "HEAD", "POST"])
@page(Place.ARTICLES)
def new(request: DeskRequest) -> HttpResponse:
    """Begin an article."""
    labels = Labels.for_reader(request.profile.profile)
    form = ArticleForm(request.POST or None, labels=labels, is_new=True)
    if request.method == "POST" and form.is_valid():
        try:
            key = form.cleaned_data["key"]
            made = editing.add(key, **form.said, by=request.user, at=request.at)
        except editing.CannotEdit as reason:
            form.add_error(reason.field or None, str(reason))
        else:
            messages.success(request, _("The article was kept. Nobody else reads it yet."))
            return redirect("administration:article", made.pk)
    status = 422 if form.errors else 200
    context = {"current": "articles", "form": form, "article": None}
    return render(request, "administration/articles/edit.html", context, status)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Place.ARTICLES)
def article(request: DeskRequest, article_id: UUID) -> HttpResponse:
    """One article: its text, what was published, and the steps."""
    found = Article.objects.filter(pk=article_id).first()
    if found is None:
        raise Http404
    labels = Labels.for_reader(request.profile.profile)
    data = request.POST if request.method == "POST" else None
    form = ArticleForm(data, labels=labels, is_new=False, initial=_initial(found))
    status = 200
    if request.method == "POST":
        refused = _step(request, found, form)
        if not refused:
            return redirect("administration:article", found.pk)
        status = refused
    context = {
        "current": "articles",
        "form": form,
        "article": found,
        "line": _line(found, labels),
        "counts": editing.counts(found),
        "latest": found.version,
        "versions": found.versions.select_related("by").order_by("-number"),
        "preview": blocks(found.body.get(labels.language, "")),
    }
    return render(request, "administration/articles/edit.html", context, status)


def _step(request: DeskRequest, found: Article, form: ArticleForm) -> int:
    """Do what was asked; the status of a refusal, or 0."""
    do = STEPS.get(request.POST.get("do", "save"))
    if do is None or not form.is_valid():
        return 422
    if form.cleaned_data["version"] != found.version:
        form.add_error(None, str(editing.OldVersion()))
        return 409
    try:
        messages.success(request, do(request, found, form))
    except editing.OldVersion as reason:
        form.add_error(None, str(reason))
        return 409
    except editing.CannotEdit as reason:
        form.add_error(reason.field if reason.field in form.fields else None, str(reason))
        return 422
    return 0


def _save(request: DeskRequest, found: Article, form: ArticleForm) -> str:
    editing.save(found, **form.said, by=request.user, at=request.at)
    return _("The text was kept.")


def _publish(request: DeskRequest, found: Article, form: ArticleForm) -> str:
    editing.save(found, **form.said, by=request.user, at=request.at)
    language = request.profile.profile.organisation.language
    editing.publish(found, language=language, by=request.user, at=request.at)
    return _("The article is published.")


def _retire(request: DeskRequest, found: Article, _form: ArticleForm) -> str:
    editing.retire(found, by=request.user, at=request.at)
    return _("The article is retired: nobody finds it any more.")


def _take_over(request: DeskRequest, found: Article, _form: ArticleForm) -> str:
    number = whole(request.POST.get("number", ""))
    version = found.versions.filter(number=number).first() if number is not None else None
    if version is None:
        raise editing.CannotEdit(_("There is no such text."))
    editing.take_over(found, version, by=request.user, at=request.at)
    return _("The older text is in the form. Publish it to let others read it.")


STEPS: dict[str, Callable[[DeskRequest, Article, ArticleForm], str]] = {
    "save": _save,
    "publish": _publish,
    "retire": _retire,
    "take_over": _take_over,
}
