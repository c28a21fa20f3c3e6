"""Message texts are filled by name and by nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derman.lib.fill import UnknownName, fill, names_in

VALUES = {"number": "264 839 172", "state": "Alındı", "link": "https://ornek.com/track/?a=1&b=2"}


def test_names_become_values():
    text = "No: {{ number }}, durum: {{state}}.\n{{  link  }}"
    assert fill(text, VALUES) == "No: 264 839 172, durum: Alındı.\nhttps://ornek.com/track/?a=1&b=2"
    assert names_in(text) == {"number", "state", "link"}


def test_text_without_names_stays():
    text = "100 % {tek} {% if x %} ${x} %(x)s <b>&amp; \\1 \\g<name>"
    assert fill(text, VALUES) == text
    assert names_in(text) == frozenset()


def test_an_unknown_name_is_an_error_that_names_it():
    with pytest.raises(UnknownName, match="topic") as error:
        fill("{{ number }} {{ topic }}", VALUES)
    assert error.value.name == "topic"


@pytest.mark.parametrize("text", ["{{ number", "number }}", "{{ number }", "{{{ number }}", "{{"])
def test_braces_that_do_not_match_are_an_error(text):
    with pytest.raises(UnknownName):
        fill(text, VALUES)
    assert names_in(text) - VALUES.keys()


def test_values_are_not_filled_again():
    values = {"a": "{{ b }}", "b": "secret", "c": r"\g<name> {{ c }}"}
    assert fill("{{ a }} {{ c }}", values) == r"{{ b }} \g<name> {{ c }}"


@pytest.mark.parametrize(
    "attack",
    [
        "{{ 7*7 }}",
        "{{ number.__class__ }}",
        "{{ number.__class__.__mro__[1].__subclasses__() }}",
        "{{ ''.__class__ }}",
        "{{ config }}",
        "{{ settings.SECRET_KEY }}",
        "{{ request }}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ number|upper }}",
        "{{ number|default:state }}",
        "{{ number[0] }}",
        "{{ number() }}",
        "{{ NUMBER }}",
        "{{ }}",
        "{{}}",
        "{{ number\n}}",
        "{{ {{ number }} }}",
        "{{ nu\u200bmber }}",
        "{{ ｎumber }}",
        "{{ number!r }}",
        "{{ number:>99999999 }}",
        "{{= number }}",
        "{{# number }}",
        "{{> number }}",
    ],
)
def test_nothing_but_a_plain_name_is_understood(attack):
    with pytest.raises(UnknownName):
        fill(attack, VALUES)


@pytest.mark.parametrize(
    "harmless",
    [
        "{% load os %}{% debug %}{% include '/etc/passwd' %}",
        "${7*7} #{7*7} <%= 7*7 %> *{7*7} @(7*7) {7*7} [[7*7]]",
        "%(number)s {number} {number.__class__} $number %n",
        "{# comment #} {%raw%}",
    ],
)
def test_other_languages_are_plain_text(harmless):
    assert fill(harmless, VALUES) == harmless


@given(st.text(), st.dictionaries(st.text(alphabet="abc_", min_size=1), st.text()))
def test_a_text_is_filled_or_refused_for_a_name_it_asks_for(text, values):
    missing = names_in(text) - values.keys()
    if missing:
        with pytest.raises(UnknownName) as error:
            fill(text, values)
        assert error.value.name in missing
    else:
        fill(text, values)


@given(st.text(), st.text(alphabet=st.characters(exclude_characters="{}")))
def test_every_value_arrives_as_it_is(value, around):
    assert fill(f"{around}{{{{ x }}}}{around}", {"x": value}) == f"{around}{value}{around}"
