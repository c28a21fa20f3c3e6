"""A way to Django's own commands, for those who develop Derman."""

import click
from django.core.management import execute_from_command_line


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def django(arguments: tuple[str, ...]) -> None:
    """Run a command of Django's own."""
    execute_from_command_line(["derman django", *arguments])
