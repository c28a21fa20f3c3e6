"""Forms in the house style: the renderer that settings name, and widgets for special fields.

A field is drawn as label, hint, error, control; Django links them by aria-describedby.
"""

from typing import Any

from django import forms
from django.forms.fields import InvalidJSONInput
from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """Draws every form and field with the templates of this app."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"


class DigitsInput(forms.TextInput):
    """Numbers that are names, not quantities: accounts, cases, identity numbers."""

    def __init__(self, attrs: dict | None = None) -> None:
        quiet = {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}
        super().__init__({**quiet, **(attrs or {})})


class PhoneInput(forms.TextInput):
    """A telephone number in any shape a person writes it."""

    input_type = "tel"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__({"autocomplete": "tel", "class": "w-20", **(attrs or {})})


class CodeInput(DigitsInput):
    """A one-time code; phones offer the one from the message."""

    def __init__(self, attrs: dict | None = None) -> None:
        offered = {"autocomplete": "one-time-code", "class": "code-input"}
        super().__init__({**offered, **(attrs or {})})


class Combobox(forms.Select):
    """A select that becomes filter-as-you-type where scripts run."""

    def __init__(self, attrs: dict | None = None, choices: Any = ()) -> None:
        super().__init__({"data-combobox": "", **(attrs or {})}, choices)


class ScriptedField(forms.JSONField):
    """JSON that a script puts together; what cannot be read as that is refused, whatever it is.

    Of a number without end and of brackets without end Python says it in ways of their own.
    """

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (ValueError, RecursionError):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            return super().bound_data(data, initial)
        except (ValueError, RecursionError):
            return InvalidJSONInput(data)


class FileDrop(forms.FileInput):
    """Choose files or drop them; nothing is sent before the form is."""

    template_name = "ui/forms/file_drop.html"
    allow_multiple_selected = True
