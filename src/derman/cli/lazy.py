"""Groups that know their commands by name and load one only when it is called."""

import importlib
import os
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

import click
import django
from django.utils import translation


class Entry(NamedTuple):
    """Where a command is, below derman.cli, and what it does."""

    place: str
    help: str
    bare: bool = False  # works before there is a configuration
    hidden: bool = False


class Lazy(click.Group):
    """A group over such entries."""

    def __init__(self, *args: Any, entries: Mapping[str, Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, entry in self.entries.items() if not entry.hidden]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.entries:
            return None
        entry = self.entries[cmd_name]
        if not entry.bare:
            set_up()
        module, _, name = entry.place.partition(":")
        command: click.Command = getattr(importlib.import_module(f"derman.cli.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(n, self.entries[n].help) for n in self.list_commands(ctx)])


def set_up() -> None:
    """Load the settings and the models. To print help, no secrets are needed."""
    if {"-h", "--help"} & set(sys.argv):
        os.environ.setdefault("DERMAN_SECRET_KEY", "only help is printed")
    django.setup()
    translation.activate("en")
