"""The derman command: the top of the house. Each verb lives in a module of its own here."""

import os
import sys

import click
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError

from derman import __version__
from derman.cli import errors
from derman.cli.lazy import Entry, Lazy
from derman.lib.env import Misconfigured
from derman.lib.sealing import BadKeyring

COMMANDS = {
    "run": Entry("run:run", "Serve the pages and run the worker, until stopped.", bare=True),
    "worker": Entry("worker:worker", "Run the worker alone."),
    "init": Entry("init:init", "Prepare the data folder and the database.", bare=True),
    "demo": Entry("demo:demo", "Load the demo organisation."),
    "profile": Entry(
        "profile:profile", "Check, load, compare and export the organisation.", bare=True
    ),
    "user": Entry("user:user", "Add people who may sign in."),
    "token": Entry("token:token", "Add, list and revoke API tokens."),
    "import": Entry("importing:import_", "Take customers and cases from another system's tables."),
    "keys": Entry("keys:keys", "See and replace the keys under which personal data is sealed."),
    "outbox": Entry("outbox:outbox", "See, pause and resume the messages that leave."),
    "backup": Entry("safekeeping:backup", "Write all data but the keys into one file."),
    "restore": Entry("safekeeping:restore", "Fill an empty installation from a backup.", bare=True),
    "move-database": Entry(
        "safekeeping:move_database", "Copy everything into another database, and compare."
    ),
    "bench": Entry("bench:bench", "Measure the product on a PostgreSQL of its own.", bare=True),
    "docs": Entry("docs:docs", "Write the generated documents.", hidden=True),
    "django": Entry("django:django", "Run a command of Django's own.", hidden=True),
}


@click.group(cls=Lazy, entries=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="derman")
def derman() -> None:
    """Complaint management: every complaint gets a number, a clock, an owner and an answer."""


def main() -> None:
    """Run the command line; end with the code that the contract gives to each ending."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "derman.settings")
    try:
        result = derman.main(prog_name="derman", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as reason:
        reason.show()
        sys.exit(errors.USAGE)
    except click.UsageError as reason:
        path = reason.ctx.command_path if reason.ctx else "derman"
        click.echo(f"{path}: {reason.format_message()} See: {path} --help", err=True)
        sys.exit(errors.USAGE)
    except click.ClickException as reason:
        reason.show()
        sys.exit(reason.exit_code)
    except errors.Stopped as reason:
        sys.exit(reason.code)
    except click.Abort:
        sys.exit(errors.REFUSED)
    except (Misconfigured, BadKeyring, ImproperlyConfigured) as reason:
        _say(str(reason))
        sys.exit(errors.CONFIGURATION)
    except (DatabaseError, InterfaceError) as reason:
        said = _first_line(reason)
        new = "no such table" in said or "does not exist" in said
        _say(f"The database cannot be used ({said}).{' Prepare it with: derman init' * new}")
        sys.exit(errors.DATABASE)
    sys.exit(result if isinstance(result, int) else 0)


def _say(text: str) -> None:
    click.echo(f"derman: {text}", err=True)


def _first_line(reason: Exception) -> str:
    lines = str(reason).strip().splitlines()
    return lines[0] if lines else type(reason).__name__
