"""A small organisation as files, for tests of what reads them."""

from pathlib import Path

FILES = {
    "organisation.toml": """\
key = "su"
name = { tr = "Örnek Su", en = "Example Water" }
short_name = { tr = "Su", en = "Water" }
sector = "water"
languages = ["tr", "en"]
email = "info@su.example"
address.tr = "Sokak 1"
address.en = "Street 1"

[lines.main]
label = { tr = "Çağrı", en = "Calls" }
number = "0212 000 00 00"
dial = "+902120000000"

[lines.danger]
label = { tr = "Acil", en = "Danger" }
number = "187"
dial = "187"
emergency = true

[regions.north]
label = { tr = "Kuzey", en = "North" }
""",
    "calendar.toml": """\
holidays = "TR"

[weekly]
mon = [["08:30", "17:30"]]
fri = [["08:30", "12:00"], ["13:00", "17:30"]]

[dates]
2026-05-20 = []
2026-12-31 = [[08:30:00, 12:00:00]]
""",
    "channels.toml": """\
[phone]

[web]
enabled = false
note = { tr = "Yakında", en = "Soon" }
""",
    "units.toml": """\
[desk]
label = { tr = "Karşılama", en = "Desk" }
kind = "front_line"

[solution]
label = { tr = "Çözüm", en = "Solution" }
kind = "solution"

[pipes]
label = { tr = "Şebeke", en = "Pipes" }
email = "pipes@su.example"

[rescue]
label = { tr = "Acil", en = "Rescue" }
kind = "emergency"
""",
    "topics.toml": """\
# What people turn to us about.
[bill]
label = { tr = "Fatura", en = "Bill" }

[bill.dispute]
label = { tr = "İtiraz", en = "Dispute" }
unit = "pipes"
by_region = { north = "solution" }
resolve = "10 working days"
words = [
  "faturam yüksek",
  "fatura",
]

[bill.copy]
label = { tr = "Örnek", en = "Copy" }

[burst]
label = { tr = "Patlak", en = "Burst" }
unit = "rescue"
emergency = true
""",
    "process.toml": """\
[clocks]
acknowledge = "24 hours"
task = "2 working days"
resolve = "10 working days"
due_soon = "8 working hours"

[process]
front_line = "desk"
owner = "solution"
emergency_unit = "rescue"
emergency_line = "danger"
refers = "front_line"
informs = "owner"

[forms]
with_account = ["name"]
without_account = ["name", "phone"]
""",
    "notices.toml": """\
[[notices]]
on = "opened"
send = { sms = "opened_sms", email = "opened_email" }
acknowledges = true
when = { topics = ["bill", "burst"], channels = ["phone"] }

[[notices]]
on = "referred"
to = "unit"
send = { email = "task_email" }
""",
    "templates.toml": """\
[sorry]
label = { tr = "Özür", en = "Sorry" }
text.tr = "Merhaba {{ name }}"
text.en = \"\"\"
Dear {{ name }},
we are sorry.\"\"\"
topics = ["bill.dispute"]
""",
    "privacy.toml": """\
[special_categories]
tr = ["sağlık"]
en = ["health"]
""",
}

MESSAGES = {
    "opened_sms": "{{ number }} {{ follow_key }}\n",
    "opened_email": "Subject: {{ number }}\n\n{{ name }}\n\n{{ topic }}\n",
    "task_email": "Subject: {{ number }}\n\n{{ unit }}: {{ question }}\n",
    "code_sms": "{{ code }}\n",
    "code_email": "Subject: {{ organisation }}\n\n{{ code }}\n",
}

TEXTS = ("home", "about_complaints", "notice", "special_warning", "cookies", "accessibility")

LANGUAGES = ("tr", "en")


def write(folder: Path) -> Path:
    """The small organisation in a folder; it is in order."""
    files = dict(FILES)
    for language in LANGUAGES:
        files |= {f"messages/{language}/{key}.txt": text for key, text in MESSAGES.items()}
        files |= {f"texts/{language}/{name}.md": f"{name} {language}\n" for name in TEXTS}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def change(folder: Path, file: str, old: str, new: str) -> None:
    """Replace the one place in a file that says `old`."""
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file} says {old!r} {text.count(old)} times"
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
