"""What the gallery shows: a form with every kind of field, and a few moments in time."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django import forms

from derman.ui.forms import CodeInput, Combobox, DigitsInput, FileDrop, PhoneInput

THURSDAY = datetime(2026, 11, 26, 14, 20, tzinfo=ZoneInfo("Europe/Istanbul"))
TOPICS = [
    ("", ""),
    ("Faturalandırma", [("reading", "Sayaç okuması"), ("bill", "Fatura itirazı")]),
    ("Şebeke", [("outage", "Isıtma gazı kesintisi"), ("pressure", "Basınç düşüklüğü")]),
    ("İç tesisat", [("leak", "Gaz kokusu"), ("meter", "Sayaç değişimi")]),
]
SPEAKERS = [("holder", "Holder"), ("representative", "Representative"), ("other", "Other")]
CHANNELS = [("phone", "Phone"), ("sms", "SMS"), ("email", "E-mail"), ("letter", "Letter")]


class SampleForm(forms.Form):
    account = forms.CharField(
        label="Account number",
        min_length=8,
        help_text="Eight digits; it stands at the top of every bill.",
        widget=DigitsInput({"class": "w-10"}),
    )
    phone = forms.CharField(label="Phone", required=False, widget=PhoneInput())
    topic = forms.ChoiceField(label="Topic", choices=TOPICS, widget=Combobox())
    speaker = forms.ChoiceField(
        label="Who is speaking?", choices=SPEAKERS, widget=forms.RadioSelect
    )
    channels = forms.MultipleChoiceField(
        label="How may we answer?",
        choices=CHANNELS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    description = forms.CharField(
        label="What happened?",
        help_text="A few sentences are enough.",
        max_length=2000,
        widget=forms.Textarea({"data-counter": "counter-description"}),
    )
    code = forms.CharField(label="Code from the message", required=False, widget=CodeInput())
    attachment = forms.FileField(label="Photos or papers", required=False, widget=FileDrop())
    agreed = forms.BooleanField(
        label="Name and address were read back",
        help_text="Ask before you change anything on file.",
    )


def sample() -> dict[str, object]:
    """The moments that the gallery's clocks and times stand for; always the same picture."""
    return {
        "at": THURSDAY,
        "soon": THURSDAY + timedelta(hours=2),
        "later": THURSDAY + timedelta(days=4, hours=3),
        "before": THURSDAY - timedelta(hours=5),
        "left_soon": timedelta(hours=1, minutes=40),
        "left_later": timedelta(hours=12),
        "left_late": timedelta(hours=-2),
    }
