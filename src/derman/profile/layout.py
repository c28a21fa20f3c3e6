"""Where each part of a profile lies in its folder: read by `folder.py`, printed in the reference.

    organisation.toml   key, name, short_name, languages, …; [lines.<line>], [regions.<region>]
    calendar.toml       holidays, half_day_until; [weekly] mon = [["08:30", "17:30"]]; [dates]
    channels.toml       [phone], [web], … one table a channel
    units.toml          [<unit>] label, kind, email
    topics.toml         [<topic>] and [<topic>.<sub-topic>]: label, unit, resolve, …
    process.toml        [clocks], [process], [forms]
    notices.toml        [[notices]] on, to, send, when, …
    templates.toml      [<template>] label, text, …; may be left out
    privacy.toml        special_categories
    tags.toml           [<tag>] label, tone; may be left out
    macros.toml         [<macro>] label, note, unit, reply, …; may be left out
    escalation.toml     [quiet] starts, ends; [levels.<level>] label, clock, …; may be left out
    decisions.toml      needs_action, …; [reasons.<reason>] label, decisions, …; may be left out
    authority.toml      currency; [limits.<limit>] label, roles, …; may be left out
    repeats.toml        days, likeness, same_owner, …; may be left out
    learning.toml       minutes_otherwise, …; [categories.<category>], [minutes]; may be left out
    survey.toml         asks, kinds, …; [questions] process, action, …; may be left out
    external.toml       opening, closing; [bodies.<body>] label, decides, …; may be left out
    visits.toml         slots, lead, …; [teams.<unit>] at_once; may be left out
    texts/<language>/<name>.md        the long texts: home, about_complaints, notice,
                                      special_warning, cookies, accessibility
    messages/<language>/<key>.txt     one message in one language; for an e-mail the first line is
                                      `Subject: …`, then a blank line, then the text

Every profile has the messages `code_sms` and `code_email`: they carry one-time codes, and no notice
names them. `names.py` lists the {{ names }} that a message may hold.

A text in several languages is a map, on one line or several:

    label = { tr = "Fatura", en = "Bill", de = "Rechnung" }
    label.tr = "Fatura"

A sub-table of a topic that is not one of its own fields is its sub-topic. Languages may stand in
any order, and blank space around a text is not kept.
"""

from derman.words.kinds import Language

Path = tuple[str | int, ...]

# Which part of the document each file holds; the empty path means: the file's own tables do.
FILES: dict[str, Path] = {
    "organisation.toml": ("organisation",),
    "calendar.toml": ("calendar",),
    "channels.toml": ("channels",),
    "units.toml": ("units",),
    "topics.toml": ("topics",),
    "process.toml": (),
    "notices.toml": (),
    "templates.toml": ("templates",),
    "privacy.toml": ("privacy",),
    "tags.toml": ("tags",),
    "macros.toml": ("macros",),
    "repeats.toml": ("repeats",),
    "escalation.toml": ("escalation",),
    "decisions.toml": ("decisions",),
    "authority.toml": ("authority",),
    "learning.toml": ("learning",),
    "survey.toml": ("survey",),
    "external.toml": ("external",),
    "visits.toml": ("visits",),
}

# What stands at the top of the files whose tables are parts of the document themselves.
TABLES: dict[str, tuple[str, ...]] = {
    "organisation.toml": ("key",),
    "process.toml": ("clocks", "process", "forms"),
    "notices.toml": ("notices",),
}

OPTIONAL = frozenset(
    {
        "templates.toml",
        "tags.toml",
        "macros.toml",
        "escalation.toml",
        "decisions.toml",
        "authority.toml",
        "repeats.toml",
        "learning.toml",
        "survey.toml",
        "external.toml",
        "visits.toml",
    }
)

# Long texts: file name → where it stands in the document.
TEXTS: dict[str, tuple[str, str]] = {
    "home": ("organisation", "home"),
    "about_complaints": ("organisation", "about_complaints"),
    "notice": ("privacy", "notice"),
    "special_warning": ("privacy", "special_warning"),
    "cookies": ("privacy", "cookies"),
    "accessibility": ("privacy", "accessibility"),
}


def text_file(name: str, language: str) -> str:
    return f"texts/{language}/{name}.md"


def message_file(key: str, language: str) -> str:
    return f"messages/{language}/{key}.txt"


def file_of(part: str) -> str:
    """The file that holds a top-level part of the document."""
    for file, tables in TABLES.items():
        if part in tables:
            return file
    return f"{part}.toml"


def languages() -> tuple[str, ...]:
    return tuple(Language)
