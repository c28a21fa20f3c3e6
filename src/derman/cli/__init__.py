"""The derman command: the top of the house. Each verb lives in a module of its own here."""

import importlib
import os
import sys
from typing import NamedTuple

import click
import django
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError
from django.utils import translation

from derman import __version__
from derman.cli import errors
from derman.lib.env import Misconfigured
from derman.lib.sealing import BadKeyring


class Entry(NamedTuple):
    """Where a command is; it is loaded only when it is asked for."""

    place: str
    help: str
    bare: bool = False  # works before there is a configuration
    hidden: bool = False


COMMANDS = {
    "run": Entry("run:run", "Serve the pages and run the worker, until stopped.", bare=True),
    "worker": Entry("worker:worker", "Run the worker alone."),
    "init": Entry("init:init", "Prepare the data folder and the database.", bare=True),
    "demo": Entry("demo:demo", "Load the demo organisation."),
    "profile": Entry("profile:profile", "Check, load, compare and export the organisation."),
    "user": Entry("user:user", "Add people who may sign in."),
    "token": Entry("token:token", "Add, list and revoke API tokens."),
    "outbox": Entry("outbox:outbox", "See, pause and resume the messages that leave."),
    "docs": Entry("docs:docs", "Write the generated documents.", hidden=True),
    "django": Entry("django:django", "Run a command of Django's own.", hidden=True),
}


class Lazy(click.Group):
    """A group that knows its commands by name and loads one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, entry in COMMANDS.items() if not entry.hidden]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        entry = COMMANDS[cmd_name]
        if not entry.bare:
            _set_up()
        module, _, name = entry.place.partition(":")
        command: click.Command = getattr(importlib.import_module(f"derman.cli.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].help) for name in self.list_commands(ctx)])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="derman")
def derman() -> None:
    """Complaint management: every complaint gets a number, a clock, an owner and an answer."""


def main() -> None:
    """Run the command line; end with the code that the contract gives to each ending."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "derman.settings")
    try:
        result = derman.main(prog_name="derman", standalone_mode=False)
    except click.ClickException as reason:
        reason.show()
        sys.exit(reason.exit_code)
    except click.Abort:
        sys.exit(errors.REFUSED)
    except (Misconfigured, BadKeyring, ImproperlyConfigured) as reason:
        _say(str(reason))
        sys.exit(errors.CONFIGURATION)
    except (DatabaseError, InterfaceError) as reason:
        _say(f"The database does not answer as it should ({_first_line(reason)}). Try: derman init")
        sys.exit(errors.DATABASE)
    sys.exit(result if isinstance(result, int) else 0)


def _set_up() -> None:
    if {"-h", "--help"} & set(sys.argv):
        os.environ.setdefault("DERMAN_SECRET_KEY", "only help is printed")
    django.setup()
    translation.activate("en")


def _say(text: str) -> None:
    click.echo(f"derman: {text}", err=True)


def _first_line(reason: Exception) -> str:
    lines = str(reason).strip().splitlines()
    return lines[0] if lines else type(reason).__name__
