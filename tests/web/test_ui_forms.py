"""Fields are labelled, hints and errors are linked, the summary leads to them."""

import re

from django.template.loader import render_to_string
from django.utils import translation

from derman.ui.gallery import SampleForm


def drawn(data: dict | None = None) -> str:
    with translation.override("en"):
        return str(SampleForm(data))


def test_every_control_has_a_label():
    html = drawn()
    ids = re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', html)
    assert ids
    for one in ids:
        assert f'<label for="{one}"' in html


def test_hint_and_error_are_linked_to_the_control():
    html = drawn({"account": "12"})
    control = re.search(r'<input[^>]* name="account"[^>]*>', html).group()
    assert 'aria-describedby="id_account_helptext id_account_error"' in control
    assert 'aria-invalid="true"' in control
    assert 'id="id_account_helptext"' in html
    assert 'id="id_account_error"' in html


def test_a_group_of_choices_is_a_fieldset_with_its_question():
    html = drawn({"account": "12345678"})
    group = re.search(r"<fieldset[^>]*>.*?</fieldset>", html, re.S).group()
    assert 'aria-describedby="id_speaker_error"' in group
    assert "<legend>Who is speaking?" in group


def test_what_is_not_needed_says_so():
    html = drawn()
    assert html.count("(optional)") == 4
    assert "Phone" in html.split("(optional)")[0]


def test_special_fields_tell_browsers_what_they_are():
    html = drawn()
    account, phone, code = (
        re.search(rf'<input[^>]* name="{name}"[^>]*>', html).group()
        for name in ("account", "phone", "code")
    )
    assert 'inputmode="numeric"' in account
    assert 'type="tel"' in phone
    assert 'autocomplete="tel"' in phone
    assert 'autocomplete="one-time-code"' in code


def test_error_summary_leads_to_each_control_and_takes_focus():
    with translation.override("en"):
        form = SampleForm({"account": "12"})
        html = render_to_string("ui/error_summary.html", {"form": form})
    assert "There are 5 problems" in html
    assert 'tabindex="-1"' in html
    drawn_form = str(form)
    for target in re.findall(r'href="#([^"]+)"', html):
        assert f'id="{target}"' in drawn_form


def test_error_summary_is_silent_when_all_is_well():
    assert "error-summary" not in render_to_string("ui/error_summary.html", {"form": SampleForm()})


def test_help_texts_and_errors_are_escaped():
    class Nasty(SampleForm):
        pass

    form = Nasty({})
    form.fields["account"].help_text = "<b>bold</b>"
    form.add_error("account", "<script>alert(1)</script>")
    html = str(form)
    assert "<b>" not in html
    assert "<script>" not in html
