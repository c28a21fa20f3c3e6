"""What each field of the schema means: the text that stands under it in the source.

The reference prints it and the settings show it beside the field, in the reader's language.
"""

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cache

from derman.profile.parts import Part
from derman.profile.shape import tables

HEAD = '''"""The texts under the fields of the profile, marked for translation.

Printed from the schema by `make docs`; the settings look them up by the text itself.
"""
# ruff: noqa: E501
# fmt: off

from derman.words.marks import gettext_noop as _

HINTS = (
'''


def meaning(table: type[Part], field: str) -> str:
    """The text under a field; nothing where there is none."""
    return _of_module(table.__module__)[table.__name__].get(field, "")


def printed() -> str:
    """The module `derman.administration.hints`."""
    found = dict.fromkeys(
        text
        for table in tables()
        for field in table.model_fields
        if (text := meaning(table, field))
    )
    lines = "".join(f"    _({_quoted(text)}),\n" for text in found)
    return f"{HEAD}{lines})\n"


def _quoted(text: str) -> str:
    return f"'{text}'" if '"' in text else f'"{text}"'


@cache
def _of_module(module: str) -> dict[str, dict[str, str]]:
    """The text under each field of each table of a module."""
    found: dict[str, dict[str, str]] = {}
    for table in ast.parse(inspect.getsource(sys.modules[module])).body:
        if isinstance(table, ast.ClassDef):
            found[table.name] = dict(_in_table(table))
    return found


def _in_table(table: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, text in zip(table.body, table.body[1:], strict=False):
        match field, text:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(said))),
            ):
                yield name, " ".join(said.split())
