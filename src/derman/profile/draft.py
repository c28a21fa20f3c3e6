"""A profile's folder as it was read: one document, not yet validated, and where its parts stand."""

import re
import tomllib
from pathlib import Path as Folder
from typing import Any

from derman.profile import layout
from derman.profile.errors import ProfileError
from derman.profile.hints import unknown
from derman.profile.layout import Path
from derman.profile.places import places
from derman.profile.schema import Topic
from derman.words.kinds import Language

TOML_ERROR = re.compile(r"(?P<what>.*) \(at (line (?P<line>\d+), column \d+|end of document)\)")
SUBJECT = "Subject:"


class Draft:
    """Reads everything it can; what it cannot read is in `errors`."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.errors: list[ProfileError] = []
        self.document: dict[str, Any] = {}
        self.unread: set[str] = set()  # parts of the document whose file could not be read
        self._sources: dict[str, str] = {}
        self._lines: dict[str, dict[Path, int]] = {}
        self._bodies: dict[str, int] = {}  # message file → the line on which its text begins
        for file in layout.FILES:
            self._add_file(file)
        for file, language, name in self._files_in("texts", ".md"):
            self._add_text(file, language, name)
        self.document["messages"] = {}
        for file, language, key in self._files_in("messages", ".txt"):
            self._add_message(file, language, key)
        self._refuse_strangers()

    def place(self, path: Path, line: int = 0) -> tuple[str, int, str]:
        """File, line and key of a path in the document; `line` counts on within a long text."""
        if path[:1] == ("messages",) and len(path) > 1:
            return self._message_place(path, line)
        text = next((name for name, at in layout.TEXTS.items() if at == path[:2]), None)
        if text is not None:
            language = str(path[2]) if len(path) > 2 else self._first_language()
            return layout.text_file(text, language), 1 + line, text
        return self._toml_place(path, line)

    def _message_place(self, path: Path, line: int) -> tuple[str, int, str]:
        key = str(path[1])
        file = layout.message_file(key, str(path[2]) if len(path) > 2 else self._first_language())
        begins = self._bodies.get(file, 1) if path[3:4] == ("text",) else 1
        return file, begins + line, key

    def _toml_place(self, path: Path, line: int) -> tuple[str, int, str]:
        file = layout.file_of(str(path[0])) if path else "organisation.toml"
        steps = tuple(step for at, step in enumerate(path) if at % 2 or step != "children")
        if layout.FILES.get(file) == path[:1]:
            steps = steps[1:]
        known, lines = steps, self._lines.get(file, {})
        while known and known not in lines:
            known = known[:-1]
        found = lines.get(known, 1)
        if known == steps and self._opens_long_text(file, found):
            found += 1 + line if line else 0
        return file, found, ".".join(str(step) for step in steps)

    def _opens_long_text(self, file: str, line: int) -> bool:
        lines = self._sources.get(file, "").split("\n")
        return lines[line - 1].rstrip().endswith(('"""', "'''"))

    def _first_language(self) -> str:
        languages = self.document.get("organisation", {}).get("languages")
        return str(languages[0]) if isinstance(languages, list) and languages else Language.TURKISH

    def _add_file(self, file: str) -> None:
        """Take the file's tables into the document."""
        own = layout.TABLES.get(file, ())
        head = layout.FILES[file]
        table = self._toml(file)
        if table is None:
            self.unread.update(own, (str(part) for part in head))
            return
        for part in own:
            if part in table:
                self.document[part] = table.pop(part)
        if head == ("topics",):
            table = {key: _topic(value) for key, value in table.items()}
        if head:
            self._refuse_long_texts(file, table)
            self.document[str(head[0])] = table
            return
        for key in table:
            line = self._lines[file].get((key,), 1)
            self._add_error(file, line, key, unknown("key", key, own))

    def _refuse_long_texts(self, file: str, table: dict[str, Any]) -> None:
        """One place for each text: those that have files of their own do not stand in TOML."""
        for name, (part, key) in layout.TEXTS.items():
            if layout.FILES[file] == (part,) and key in table:
                del table[key]
                line = self._lines[file].get((key,), 1)
                self._add_error(file, line, key, f"write this as texts/<language>/{name}.md")

    def _toml(self, file: str) -> dict[str, Any] | None:
        source = self._read(file)
        if source is None:
            return {} if file in layout.OPTIONAL and not (self.folder / file).exists() else None
        try:
            table = tomllib.loads(source)
        except tomllib.TOMLDecodeError as reason:
            match = TOML_ERROR.fullmatch(str(reason))
            last = source.rstrip().count("\n") + 1
            line = int(match["line"] or last) if match else 1
            what = match["what"] if match else str(reason)
            self._add_error(file, line, "", f"this is not TOML: {what}")
            return None
        self._sources[file] = source
        self._lines[file] = places(source)
        return table

    def _read(self, file: str) -> str | None:
        try:
            return (self.folder / file).read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            if file not in layout.OPTIONAL:
                self._add_error(file, 1, "", "the file is missing")
        except UnicodeDecodeError as reason:
            line = reason.object.count(b"\n", 0, reason.start) + 1
            self._add_error(file, line, "", "this is not UTF-8 text")
        except OSError as reason:
            self._add_error(file, 1, "", f"the file cannot be read ({reason.strerror})")
        return None

    def _files_in(self, place: str, ending: str) -> list[tuple[str, str, str]]:
        """Path, language and name of every file of a folder with a folder a language."""
        found = sorted((self.folder / place).glob(f"*/*{ending}"))
        return [(f"{place}/{file.parent.name}/{file.name}", file.parent.name, file.stem)
                for file in found]  # fmt: skip

    def _add_text(self, file: str, language: str, name: str) -> None:
        source = self._read(file)
        if name not in layout.TEXTS:
            self._add_error(file, 1, name, unknown("text", name, layout.TEXTS))
        elif source is not None:
            part, key = layout.TEXTS[name]
            self.document.setdefault(part, {}).setdefault(key, {})[language] = source

    def _add_message(self, file: str, language: str, key: str) -> None:
        source = self._read(file)
        if source is None:
            return
        first, _, rest = source.partition("\n")
        message = {"text": source}
        if first.startswith(SUBJECT):
            message = {"subject": first.removeprefix(SUBJECT), "text": rest}
        blank = len(message["text"]) - len(message["text"].lstrip())
        body_at = len(source) - len(message["text"]) + blank
        self._bodies[file] = source.count("\n", 0, body_at) + 1
        self.document["messages"].setdefault(key, {})[language] = message

    def _refuse_strangers(self) -> None:
        """A file that nobody reads is most likely a slip of the pen."""
        for file in sorted(self.folder.glob("*.toml")):
            if file.name not in layout.FILES:
                self._add_error(file.name, 1, "", unknown("file", file.name, layout.FILES))
        for place, ending in (("texts", ".md"), ("messages", ".txt")):
            for file in sorted((self.folder / place).rglob("*")):
                inside = file.relative_to(self.folder)
                read = len(inside.parts) == 3 and file.suffix == ending
                if file.is_file() and not read and not file.name.startswith("."):
                    ours = f"nobody reads this; files here are {place}/<language>/<name>{ending}"
                    self._add_error(inside.as_posix(), 1, "", ours)

    def _add_error(self, file: str, line: int, key: str, message: str) -> None:
        self.errors.append(ProfileError(file, line, key, message))


def _topic(table: object) -> object:
    """Move a topic's sub-tables that are not fields of its own to its children."""
    if not isinstance(table, dict):
        return table
    own: dict[str, Any] = {}
    children: dict[str, Any] = {}
    for key, value in table.items():
        if _is_child(key, value):
            children[key] = _topic(value)
        else:
            own[key] = value
    return {**own, "children": children} if children else own


def _is_child(key: str, value: object) -> bool:
    """A table of languages only is a misspelt text, not a sub-topic."""
    if not isinstance(value, dict) or (key in Topic.model_fields and key != "children"):
        return False
    return not value or not set(value) <= set(Language)
