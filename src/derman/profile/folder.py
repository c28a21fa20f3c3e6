"""A profile in a folder of TOML and text files: read, checked as a whole, and written back.

`layout.py` says what lies where. Reading what was written gives the same profile, digest included.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path as Folder
from typing import Any

from derman.profile import layout
from derman.profile.checks import findings
from derman.profile.draft import SUBJECT, Draft
from derman.profile.emit import emit
from derman.profile.errors import Finding, InvalidProfile, ProfileError
from derman.profile.refusals import validated
from derman.profile.schema import MessageText, Profile


class NotAProfile(Exception):
    """The folder holds something else; the message says what to do."""


def load(folder: Folder) -> Profile:
    """The profile in a folder; InvalidProfile names everything that is wrong with it."""
    draft = Draft(folder)
    profile, refused = validated(draft.document)
    heard = (finding for finding in refused if finding.path[0] not in draft.unread)
    errors = [*draft.errors, *_placed(draft, heard), *_placed(draft, findings(profile))]
    if errors:
        raise InvalidProfile(errors)
    return profile


def save(profile: Profile, folder: Folder) -> None:
    """Write the profile into an empty folder, or over the profile that lies there."""
    if folder.exists() and any(folder.iterdir()) and not (folder / "organisation.toml").exists():
        raise NotAProfile(f"{folder} holds something else; name an empty folder.")
    files = files_of(profile)
    for pattern in ("*.toml", "texts/*/*.md", "messages/*/*.txt"):
        for old in folder.glob(pattern):
            if old.relative_to(folder).as_posix() not in files:
                old.unlink()
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def files_of(profile: Profile) -> dict[str, str]:
    """Every file of the profile's folder, by its name."""
    return dict(_files(profile))


def _placed(draft: Draft, found: Iterable[Finding]) -> list[ProfileError]:
    return [
        ProfileError(*draft.place(finding.path, finding.line), finding.message) for finding in found
    ]


def _files(profile: Profile) -> Iterator[tuple[str, str]]:
    """Every file of the folder; values that are the schema's defaults are left out."""
    document: dict[str, Any] = profile.model_dump(exclude_defaults=True)
    for name, (part, key) in layout.TEXTS.items():
        for language, text in document[part].pop(key).items():
            yield layout.text_file(name, language), text + "\n"
    for key, texts in profile.messages.items():
        for language, message in texts.items():
            yield layout.message_file(key, language), _message(message)
    document["topics"] = {key: _topic(topic) for key, topic in document["topics"].items()}
    for file, head in layout.FILES.items():
        own = {part: document[part] for part in layout.TABLES.get(file, ()) if part in document}
        table = {**own, **(document.get(str(head[0]), {}) if head else {})}
        if table or file not in layout.OPTIONAL:
            yield file, emit(table)


def _message(message: MessageText) -> str:
    if message.subject or message.text.startswith(SUBJECT):
        return f"{SUBJECT} {message.subject}".strip() + f"\n\n{message.text}\n"
    return f"{message.text}\n"


def _topic(table: dict[str, Any]) -> dict[str, Any]:
    """Sub-topics stand beside a topic's own keys."""
    children = table.pop("children", {})
    return {**table, **{key: _topic(child) for key, child in children.items()}}
