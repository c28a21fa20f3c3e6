"""The rules for everything that people read: every language is there, every name is allowed.

Each text is filled once with sample data, so that no message can fail when it is sent.
"""

import re
from collections.abc import Iterator, Mapping, Set

from derman.lib import fill, sms
from derman.profile import names
from derman.profile.errors import Finding, say
from derman.profile.hints import unknown
from derman.profile.layout import Path
from derman.profile.schema import MessageText, Profile
from derman.profile.shape import is_by_language, walk
from derman.words.kinds import Language
from derman.words.marks import gettext_noop as _

Use = tuple[str, Set[str]]  # what sends a message (for the error), and the names it may hold

UNUSED: Use = (_("a message"), names.EMAIL | names.STAFF)
FILLED = ("messages", "templates")
OF_MACRO = ("note", "question", "reply")
LONGEST_SMS = 4  # parts, filled with sample data


def _languages(profile: Profile) -> Iterator[Finding]:
    """Every text speaks every language of the organisation, and no other."""
    wanted = profile.organisation.languages
    for path, kind, value in walk(profile):
        if not is_by_language(kind) or not isinstance(value, Mapping):
            continue
        for language in wanted:
            if language not in value:
                message = say(_("the {language} text is missing"), language=language.label)
                yield Finding((*path, language.value), message)
        for language in value.keys() - set(wanted):
            message = say(_("{key} is no language of the organisation"), key=language)
            yield Finding((*path, language), message)


def _fixed_texts(profile: Profile) -> Iterator[Finding]:
    """Only messages and templates are filled; any other text is shown as it stands."""
    for path, _kind, value in walk(profile):
        if not isinstance(value, str) or path[0] in FILLED or _is_of_macro(path):
            continue
        for name in sorted(fill.names_in(value)):
            line = _line_of(value, name)
            yield Finding(path, _("only messages and templates know {{ names }}"), line)


def _is_of_macro(path: Path) -> bool:
    """Whether it is a text of a macro that is filled for the case."""
    return path[0] == "macros" and len(path) > 2 and path[2] in OF_MACRO


def _code_messages(profile: Profile) -> Iterator[Finding]:
    for key in names.CODES:
        if key not in profile.messages:
            message = _("this message is missing: it carries one-time codes")
            yield Finding(("messages", key), message)
            continue
        for language, text in profile.messages[key].items():
            if "code" not in fill.names_in(text.text):
                path = ("messages", key, language.value, "text")
                yield Finding(path, _("this message must hold {{ code }}"))


def _messages(profile: Profile) -> Iterator[Finding]:
    uses = _uses(profile)
    for key, texts in profile.messages.items():
        for language, message in texts.items():
            path = ("messages", key, language.value)
            for use, allowed in uses.get(key, [UNUSED]):
                yield from _filled((*path, "text"), message.text, language, use, allowed)
                yield from _filled((*path, "subject"), message.subject, language, use, allowed)
                yield from _subject(path, message, use)


def _uses(profile: Profile) -> dict[str, list[Use]]:
    """By what each message is sent: the strictest rule of every sender holds."""
    uses: dict[str, list[Use]] = {
        "code_sms": [(_("an SMS"), names.CODE)],
        "code_email": [(_("an e-mail"), names.CODE | {"contact"})],
    }
    for notice in profile.notices:
        for wire, key in notice.send.items():
            use: Use = (_("an e-mail to staff"), names.STAFF)
            if notice.to == "applicant":
                use = ("an SMS", names.SMS) if wire == "sms" else ("an e-mail", names.EMAIL)
            elif notice.to in ("former_contact", "new_contact"):
                use = ("an SMS" if wire == "sms" else "an e-mail", names.CHANGED)
            if use not in uses.setdefault(key, []):
                uses[key].append(use)
    return uses


def _subject(path: Path, message: MessageText, use: str) -> Iterator[Finding]:
    if use == "an SMS" and message.subject:
        yield Finding((*path, "subject"), _("an SMS has no subject"))
    if use.startswith("an e-mail") and not message.subject:
        yield Finding((*path, "subject"), _("an e-mail begins with a line `Subject: …`"))


def _templates(profile: Profile) -> Iterator[Finding]:
    for key, template in profile.templates.items():
        for language, text in template.text.items():
            path = ("templates", key, "text", language.value)
            yield from _filled(path, text, language, _("a template"), names.TEMPLATE)


def _macros(profile: Profile) -> Iterator[Finding]:
    for key, macro in profile.macros.items():
        for part in OF_MACRO:
            for language, text in (getattr(macro, part) or {}).items():
                path = ("macros", key, part, language.value)
                yield from _filled(path, text, language, _("a macro"), names.TEMPLATE)


def _filled(
    path: Path, text: str, language: Language, use: str, allowed: Set[str]
) -> Iterator[Finding]:
    """Fill the text with sample data; say what it must not hold."""
    strange = sorted(fill.names_in(text) - allowed)
    for name in strange:
        yield Finding(path, _refusal(name, use, allowed), _line_of(text, name))
    if strange:
        return
    parts = sms.measure(fill.fill(text, names.samples(language))).parts
    if use == "an SMS" and parts > LONGEST_SMS:
        pattern = _("filled, this takes {parts} SMS; at most {most} are sent")
        yield Finding(path, say(pattern, parts=parts, most=LONGEST_SMS))


def _refusal(name: str, use: str, allowed: Set[str]) -> str:
    if "{" in name or "}" in name:
        return _("braces do not match; a name is written {{ name }}")
    if name in names.NAMES:
        return say(_("{use} may not hold {name}"), use=use, name=f"{{{{ {name} }}}}")
    return unknown("name", name, sorted(allowed))


def _line_of(text: str, name: str) -> int:
    """How many lines into the text a name, or a brace that matches none, first stands."""
    mark = re.escape(name) if "{" in name or "}" in name else r"\{\{ *" + re.escape(name)
    match = re.search(mark, text)
    return text.count("\n", 0, match.start()) if match else 0


TEXT_CHECKS = (
    (("organisation",), _languages),
    ((), _fixed_texts),
    (("messages",), _code_messages),
    (("messages", "notices"), _messages),
    (("templates",), _templates),
    (("macros",), _macros),
)
