"""Every mistake in a profile's folder is named with file, line and key, all of them at once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derman.profile import folder, presets
from derman.profile.errors import InvalidProfile
from tests import profiles


@pytest.fixture
def place(tmp_path):
    return profiles.write(tmp_path)


def errors_of(place):
    with pytest.raises(InvalidProfile) as caught:
        folder.load(place)
    return [str(error) for error in caught.value.errors]


def test_the_small_organisation_is_in_order(place):
    assert folder.load(place).key == "su"


@pytest.mark.parametrize("name", presets.names())
def test_each_preset_is_in_order(name):
    assert presets.load(name).key == name


# Each: the file, what is replaced, by what, and all that is said about it.
# ruff: noqa: E501
SCHEMA = [
    ("units.toml", 'kind = "emergency"', 'knid = "emergency"', [
        "units.toml:15: rescue.knid: there is no key knid; did you mean kind?"]),
    ("units.toml", 'kind = "emergency"', 'kind = "emergncy"', [
        "units.toml:15: rescue.kind: there is no choice emergncy; did you mean emergency?"]),
    ("units.toml", 'email = "pipes@su.example"', 'email = "pipes"', [
        r"units.toml:11: pipes.email: 'pipes' does not have the form ^[^@\s]+@[^@\s]+\.[^@\s]+$"]),
    ("units.toml", "[desk]", "[Desk]", [
        "units.toml:1: Desk: a key is lower-case letters, digits and underscores, begins with a "
        "letter and is short"]),
    ("units.toml", '[pipes]\nlabel = { tr = "Şebeke", en = "Pipes" }', "[pipes]", [
        "units.toml:9: pipes.label: this is missing"]),
    ("units.toml", 'en = "Pipes"', 'en = " "', ["units.toml:10: pipes.label.en: this is empty"]),
    ("topics.toml", '"10 working days"', '"10 days"', [
        "topics.toml:9: bill.dispute.resolve: '10 days' is not a budget; write for example 24 "
        "hours, 8 working hours, 3 working days, 10 minutes or same day"]),
    ("topics.toml", "emergency = true", 'emergency = "yes indeed"', [
        "topics.toml:21: burst.emergency: this must be true or false"]),
    ("topics.toml", '"fatura",', "7,", ["topics.toml:12: bill.dispute.words.1: this must be a text"]),
    ("topics.toml", '[burst]', '[burst]\nscirpt = { tr = "a", en = "b" }', [
        "topics.toml:19: burst.scirpt: there is no key scirpt; did you mean script?"]),
    ("organisation.toml", 'sector = "water"', 'sector = "water"\ntimezone = "Europe/Atlantis"', [
        "organisation.toml:5: timezone: no time zone is called Europe/Atlantis"]),
    ("organisation.toml", 'key = "su"\n', "", ["organisation.toml:1: key: this is missing"]),
    ("organisation.toml", 'key = "su"\n', 'key = "su"\nhome = { tr = "a" }\n', [
        "organisation.toml:2: home: write this as texts/<language>/home.md"]),
    ("organisation.toml", "[regions.north]", "[regulators.rule]\nlabel = { tr = 'a', en = 'b' }\n"
        "url = 'http://su.example'\nwhat = { tr = 'a', en = 'b' }\nas_of = 2026-11-22\n[regions.north]", [
        r"organisation.toml:23: regulators.rule.url: 'http://su.example' does not have the form "
        r"^https://[^\s/?#]+\.[^\s]+$"]),
    ("organisation.toml", 'key = "su"', 'key = "su"\ndisclaimer = { tr = "a" }', [
        "organisation.toml:2: disclaimer.en: the English text is missing"]),
    ("organisation.toml", 'dial = "187"', 'dial = "18 7"', [
        r"organisation.toml:18: lines.danger.dial: '18 7' does not have the form ^\+?[0-9]{3,15}$"]),
    ("calendar.toml", '["08:30", "17:30"]', '["08:30", "25:30"]', [
        "calendar.toml:4: weekly.mon.0.1: input should be in a valid time format, hour value is outside "
        "expected range of 0-23"]),
    ("process.toml", "[forms]", "[from]", [
        "process.toml:1: forms: this is missing",
        "process.toml:15: from: there is no key from; did you mean forms?"]),
    ("process.toml", 'with_account = ["name"]', 'with_account = ["nmae"]', [
        "process.toml:16: forms.with_account.0: there is no choice nmae; did you mean name?"]),
    ("notices.toml", 'on = "referred"', 'on = "refered"', [
        "notices.toml:8: notices.1.on: there is no choice refered; did you mean referred?"]),
    ("notices.toml", 'channels = ["phone"]', 'channel = ["phone"]', [
        "notices.toml:5: notices.0.when.channel: there is no key channel; did you mean channels?"]),
]  # fmt: skip

TOML = [
    ("units.toml", 'kind = "emergency"', 'kind = "emergency', [
        "units.toml:15: this is not TOML: Illegal character '\\n'"]),
    ("units.toml", "[pipes]", "[desk]", [
        "units.toml:9: this is not TOML: Cannot declare ('desk',) twice"]),
    ("privacy.toml", '["health"]', '["health"', [
        "privacy.toml:3: this is not TOML: Unclosed array"]),
]  # fmt: skip

REFERENCES = [
    ("process.toml", 'front_line = "desk"', 'front_line = "dsek"', [
        "process.toml:8: process.front_line: there is no unit dsek; did you mean desk?"]),
    ("process.toml", 'owner = "solution"', 'owner = "pipes"', [
        "process.toml:9: process.owner: pipes is of kind expert; needed is solution or front_line"]),
    ("process.toml", 'emergency_line = "danger"', 'emergency_line = "main"', [
        "process.toml:11: process.emergency_line: the line main does not say emergency = true"]),
    ("process.toml", 'emergency_line = "danger"', 'emergency_line = "none"', [
        "process.toml:11: process.emergency_line: there is no line none; known are main, danger"]),
    ("topics.toml", 'unit = "pipes"', 'unit = "pipe"', [
        "topics.toml:7: bill.dispute.unit: there is no unit pipe; did you mean pipes?"]),
    ("topics.toml", 'north = "solution"', 'nord = "solution"', [
        "topics.toml:8: bill.dispute.by_region.nord: there is no region nord; did you mean north?"]),
    ("topics.toml", 'north = "solution"', 'north = "sol"', [
        "topics.toml:8: bill.dispute.by_region.north: there is no unit sol; known are desk, "
        "solution, pipes, rescue"]),
    ("topics.toml", 'unit = "pipes"\n', "", [
        "topics.toml:5: bill.dispute: by_region needs a unit for people whose region is not known"]),
    ("topics.toml", '[bill.dispute]', 'unit = "pipes"\n[bill.dispute]', [
        "topics.toml:5: bill.unit: only a topic without sub-topics may say this"]),
    ("topics.toml", "emergency = true", "", ["topics.toml:1: no topic says emergency = true"]),
    ("topics.toml", "[bill.copy]", '[bill.copy.deep]\nlabel = { tr = "a", en = "b" }\n[bill.copy]', [
        "topics.toml:17: bill.copy: a sub-topic has no sub-topics of its own"]),
    ("topics.toml", "[bill.copy]", "[bill.children]", [
        "topics.toml:15: bill.children: children is a key of topics themselves; name it otherwise"]),
    ("topics.toml", "[bill.dispute]", "retired = true\n[bill.dispute]", [
        "topics.toml:5: bill.retired: copy is not retired, so this cannot be",
        "topics.toml:5: bill.retired: dispute is not retired, so this cannot be"]),
    ("topics.toml", "[bill.dispute]", "portal = false\n[bill.dispute]", [
        "topics.toml:5: bill.portal: only a topic without sub-topics may say this"]),
    ("organisation.toml", "[regions.north]", "brand = { light = '#ffffff', on_light = '#999999', "
        "dark = '#000000', on_dark = '#ffffff' }\n[regions.north]", [
        "organisation.toml:21: lines.danger.brand: there is no key brand; known are label, number, "
        "dial, hours, emergency"]),
    ("organisation.toml", "[regions.north]", "[brand]\nlight = '#ffffff'\non_light = '#999999'\n"
        "dark = '#ffffff'\non_dark = '#000000'\n[regions.north]", [
        "organisation.toml:23: brand.on_light: 2.8 is too little contrast on light; readable is 4.5 "
        "or more"]),
    ("units.toml", 'email = "pipes@su.example"', "retired = true", [
        "topics.toml:7: bill.dispute.unit: the unit pipes is retired"]),
    ("organisation.toml", 'dial = "+902120000000"', 'dial = "100"\nemergency = true', [
        "organisation.toml:10: lines: at least one line must be no emergency line"]),
    ("notices.toml", 'topics = ["bill", "burst"]', 'topics = ["bill", "bust"]', [
        "notices.toml:5: notices.0.when.topics.1: there is no topic bust; did you mean burst?"]),
    ("notices.toml", 'channels = ["phone"]', 'channels = ["fax"]', [
        "notices.toml:5: notices.0.when.channels.0: there is no channel fax; known are phone, web"]),
    ("notices.toml", 'email = "task_email"', 'email = "task_mail"', [
        "notices.toml:10: notices.1.send.email: there is no message task_mail; did you mean "
        "task_email?"]),
    ("notices.toml", 'send = { email = "task_email" }', "send = {}", [
        "notices.toml:10: notices.1.send: this names no message"]),
    ("notices.toml", 'send = { email = "task_email" }', 'send.sms = "task_email"\nconcludes = true', [
        "notices.toml:10: notices.1.send.sms: staff are told by e-mail only",
        "notices.toml:11: notices.1.concludes: only a notice to the applicant may say this",
        "notices.toml:11: notices.1.concludes: referred does not conclude a case",
    ]),
    ("templates.toml", 'topics = ["bill.dispute"]', 'topics = ["bill.dipsute"]', [
        "templates.toml:7: sorry.topics.0: there is no topic bill.dipsute; did you mean "
        "bill.dispute?"]),
    ("calendar.toml", '["13:00", "17:30"]', '["11:00", "17:30"]', [
        "calendar.toml:5: weekly.fri: the interval 11:00-17:30 is empty or out of order"]),
    ("calendar.toml", "[[08:30:00, 12:00:00]]", "[[12:30:00, 12:00:00]]", [
        "calendar.toml:9: dates.2026-12-31: the interval 12:30-12:00 is empty or out of order"]),
]  # fmt: skip

WORDING = [
    ("messages/tr/opened_sms.txt", "{{ follow_key }}", "{{ topic }}", [
        "messages/tr/opened_sms.txt:1: opened_sms: an SMS may not hold {{ topic }}"]),
    ("messages/tr/opened_email.txt", "{{ topic }}", "{{ topci }}", [
        "messages/tr/opened_email.txt:5: opened_email: there is no name topci; did you mean topic?"]),
    ("messages/en/task_email.txt", "{{ unit }}", "{{ name }}", [
        "messages/en/task_email.txt:3: task_email: an e-mail to staff may not hold {{ name }}"]),
    ("messages/en/task_email.txt", "{{ unit }}", "\n{{ unit", [
        "messages/en/task_email.txt:4: task_email: braces do not match; a name is written {{ name }}"]),
    ("messages/en/task_email.txt", "Subject: {{ number }}\n\n", "", [
        "messages/en/task_email.txt:1: task_email: an e-mail begins with a line `Subject: …`"]),
    ("messages/en/opened_sms.txt", "{{ number }} ", "Subject: x\n\n", [
        "messages/en/opened_sms.txt:1: opened_sms: an SMS has no subject"]),
    ("messages/en/opened_sms.txt", "{{ number }}", "ş" * 300, [
        "messages/en/opened_sms.txt:1: opened_sms: filled, this takes 5 SMS; at most 4 are sent"]),
    ("messages/en/code_sms.txt", "{{ code }}", "{{ number }}", [
        "messages/en/code_sms.txt:1: code_sms: an SMS may not hold {{ number }}",
        "messages/en/code_sms.txt:1: code_sms: this message must hold {{ code }}"]),
    ("messages/en/opened_sms.txt", "{{ number }} {{ follow_key }}\n", "\n \n", [
        "messages/en/opened_sms.txt:3: opened_sms: this is empty"]),
    ("templates.toml", "we are sorry.", "we are {{ number }} sorry for {{ link }}.", [
        "templates.toml:6: sorry.text.en: a template may not hold {{ link }}"]),
    ("texts/en/home.md", "home en", "one\n{{ organisation }}", [
        "texts/en/home.md:2: home: only messages and templates know {{ names }}"]),
    ("organisation.toml", 'address.en = "Street 1"\n', "", [
        "organisation.toml:7: address.en: the English text is missing"]),
    ("organisation.toml", 'address.en = "Street 1"', 'address.en = "S"\naddress.de = "S"', [
        "organisation.toml:9: address.de: de is no language of the organisation"]),
    ("organisation.toml", 'address.en = "Street 1"', 'address.en = "S"\naddress.fr = "S"', [
        "organisation.toml:9: address.fr: there is no choice fr; known are tr, en, de"]),
    ("privacy.toml", 'en = ["health"]', "", [
        "privacy.toml:1: special_categories.en: the English text is missing"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "said"), [*SCHEMA, *TOML, *REFERENCES, *WORDING], ids=str
)
def test_a_mistake_is_said_with_file_line_and_key(place, file, old, new, said):
    profiles.change(place, file, old, new)

    errors = errors_of(place)

    assert errors == said


def test_mistakes_in_several_files_are_said_at_once(place):
    profiles.change(place, "units.toml", 'kind = "emergency"', 'kind = "emergency')
    profiles.change(place, "topics.toml", '"10 working days"', '"soon"')
    profiles.change(place, "messages/tr/opened_sms.txt", "{{ number }}", "{{ nubmer }}")
    profiles.change(place, "organisation.toml", "emergency = true", "")

    files = {error.split(":")[0] for error in errors_of(place)}

    assert files == {"units.toml", "topics.toml", "messages/tr/opened_sms.txt"}


@pytest.mark.parametrize("file", [name for name in profiles.FILES if name != "templates.toml"])
def test_a_missing_file_is_named(place, file):
    (place / file).unlink()

    assert f"{file}:1: the file is missing" in errors_of(place)


def test_templates_may_be_left_out(place):
    (place / "templates.toml").unlink()

    assert folder.load(place).templates == {}


@pytest.mark.parametrize(
    ("file", "error"),
    [
        ("texts/en/notice.md", "texts/en/notice.md:1: notice: the English text is missing"),
        (
            "messages/en/code_sms.txt",
            "messages/en/code_sms.txt:1: code_sms: the English text is missing",
        ),
    ],
)
def test_a_missing_text_is_named_by_the_file_to_write(place, file, error):
    (place / file).unlink()

    assert errors_of(place) == [error]


def test_a_missing_code_message_is_named(place):
    for language in profiles.LANGUAGES:
        (place / f"messages/{language}/code_sms.txt").unlink()

    assert errors_of(place) == [
        "messages/tr/code_sms.txt:1: code_sms: this message is missing: it carries one-time codes"
    ]


@pytest.mark.parametrize(
    ("file", "error"),
    [
        (
            "messages/code_sms.txt",
            "messages/code_sms.txt:1: nobody reads this; files here are "
            "messages/<language>/<name>.txt",
        ),
        (
            "texts/en/home.txt",
            "texts/en/home.txt:1: nobody reads this; files here are texts/<language>/<name>.md",
        ),
        ("unit.toml", "unit.toml:1: there is no file unit.toml; did you mean units.toml?"),
        (
            "texts/en/coockies.md",
            "texts/en/coockies.md:1: coockies: there is no text coockies; did you mean cookies?",
        ),
        (
            "messages/fr/code_sms.txt",
            "messages/fr/code_sms.txt:1: code_sms: there is no choice fr; known are tr, en, de",
        ),
    ],
)
def test_a_file_that_nobody_reads_is_a_mistake(place, file, error):
    (place / file).parent.mkdir(exist_ok=True)
    (place / file).write_text("x = 1\n")

    assert errors_of(place) == [error]


def test_other_files_may_lie_beside(place):
    (place / "README.md").write_text("Ours.")

    assert folder.load(place).key == "su"


def test_text_that_is_not_utf8_is_said_with_its_line(place):
    (place / "texts/en/home.md").write_bytes(b"one\ntwo\n\xff\n")

    assert "texts/en/home.md:3: this is not UTF-8 text" in errors_of(place)


def test_an_empty_folder_is_said_in_full(tmp_path):
    assert len(errors_of(tmp_path)) >= 8


@given(data=st.data())
@settings(max_examples=60)
def test_no_damage_to_a_file_is_more_than_a_mistake(tmp_path_factory, data):
    place = profiles.write(tmp_path_factory.mktemp("damaged"))
    files = sorted(path for path in place.rglob("*.*") if path.is_file())
    for path in data.draw(st.lists(st.sampled_from(files), min_size=1, max_size=3, unique=True)):
        text = path.read_text(encoding="utf-8")
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 30)))
        put = data.draw(st.text(st.sampled_from("[]{}\"=.#\n\\'a1 ,"), max_size=4))
        path.write_text(text[:start] + put + text[end:], encoding="utf-8")

    try:
        folder.load(place)
    except InvalidProfile as reason:
        for error in reason.errors:
            assert error.line >= 1
            assert error.file
            assert error.message
