"""How a command ends when it does not end well: one line on standard error and a code."""

from typing import IO, Any

import click

REFUSED, USAGE, CONFIGURATION, DATABASE, VERIFICATION = 1, 2, 3, 4, 5


class Refused(click.ClickException):
    """The command, or a part of it, was not done."""

    exit_code = REFUSED

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"derman: {self.message}", err=True)


class NotVerified(Refused):
    """What was checked does not hold."""

    exit_code = VERIFICATION


class Stopped(Exception):
    """A command that this one started has already said what was wrong."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code
