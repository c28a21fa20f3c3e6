"""Parts of a page that are drawn once in each language."""

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation


def template(inside: str, given: str = "") -> Template:
    text = f"{{% load i18n kept %}}{{% kept {given} %}}{inside}{{% endkept %}}"
    return Template(text)


def test_it_is_drawn_once_and_sees_nothing_of_the_page():
    page = template("[{{ name }}{{ request.user }}]")
    assert page.render(Context({"name": "Ayşe", "request": {"user": "Ayşe"}})) == "[]"


def test_what_is_handed_over_is_kept_apart():
    page = template("[{{ chosen }}]", "chosen=theme")
    assert [page.render(Context({"theme": one})) for one in ("light", "dark", "light")] == [
        "[light]",
        "[dark]",
        "[light]",
    ]


def test_each_language_has_its_own():
    page = template("{% get_current_language as code %}{{ code }}")
    seen = []
    for language in ("tr", "de", "tr"):
        with translation.override(language):
            seen.append(page.render(Context()))
    assert seen == ["tr", "de", "tr"]


def test_it_is_not_drawn_again():
    drawn = []

    class Loud:
        def __str__(self) -> str:
            drawn.append(1)
            return "x"

    page = template("{{ loud }}", "loud=loud")
    loud = Loud()
    assert page.render(Context({"loud": loud})) == page.render(Context({"loud": loud})) == "x"
    assert len(drawn) == 1


def test_while_developing_it_is_drawn_anew(settings):
    settings.DEBUG = True
    page = template("{% now 'u' %}")
    assert page.render(Context()) != page.render(Context())


def test_it_takes_values_by_name_only():
    with pytest.raises(TemplateSyntaxError, match="by name"):
        template("", "theme")
