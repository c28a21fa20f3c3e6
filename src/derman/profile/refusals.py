"""Turns what pydantic says about a document into findings that a person can act upon."""

import re
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from derman.profile.errors import Finding, say
from derman.profile.hints import unknown
from derman.profile.schema import Profile
from derman.profile.shape import table_at
from derman.words.marks import gettext_noop as _

KEY = "[key]"
KEY_RULE = _(
    "a key is lower-case letters, digits and underscores, begins with a letter and is short"
)
SENTENCES = {
    "missing": _("this is missing"),
    "string_too_short": _("this is empty"),
    "string_type": _("this must be a text"),
    "bool_type": _("this must be true or false"),
    "bool_parsing": _("this must be true or false"),
    "dict_type": _("this must be a table"),
    "model_type": _("this must be a table"),
    "tuple_type": _("this must be a list"),
    "too_short": _("choose at least one"),
}


def validated(document: dict[str, Any]) -> tuple[Profile, list[Finding]]:
    """The document as a profile; where there are findings, with only those parts that are valid."""
    try:
        return Profile.model_validate(document), []
    except ValidationError as reason:
        return _valid_parts(document), [_finding(error) for error in reason.errors()]


def _valid_parts(document: dict[str, Any]) -> Profile:
    """A profile that lacks what is wrong, so that the rest can be checked in the same run."""
    parts: dict[str, Any] = {}
    for name, field in Profile.model_fields.items():
        if name not in document:
            continue
        kind: Any = Annotated[field.annotation, field]
        adapter: TypeAdapter[Any] = TypeAdapter(kind)
        try:
            parts[name] = adapter.validate_python(document[name])
        except ValidationError:
            continue
    profile = Profile.model_construct(**parts)
    for name in Profile.model_fields.keys() & document.keys() - parts.keys():
        vars(profile).pop(name, None)  # a default must not stand for what was refused
    return profile


def _finding(error: ErrorDetails) -> Finding:
    path = error["loc"]
    if path[-1:] == (KEY,):
        rule = KEY_RULE if error["type"].startswith("string_") else _sentence(error)
        return Finding(path[:-1], rule)
    if error["type"] == "extra_forbidden":
        table = table_at(path[:-1])
        return Finding(path, unknown("key", str(path[-1]), table.model_fields if table else ()))
    return Finding(path, _sentence(error))


def _sentence(error: ErrorDetails) -> str:
    kind, given = error["type"], error["input"]
    if kind in ("enum", "literal_error"):
        choices = re.findall(r"'([^']*)'", error.get("ctx", {}).get("expected", ""))
        return unknown("choice", str(given), choices)
    if kind == "string_pattern_mismatch":
        pattern = _("{given} does not have the form {form}")
        return say(pattern, given=repr(given), form=error["ctx"]["pattern"])
    if kind == "value_error":
        return error["msg"].removeprefix("Value error, ")
    return SENTENCES.get(kind) or error["msg"][:1].lower() + error["msg"][1:]
