"""The command line as a document: the help of every command, one after the other."""

from collections.abc import Iterator

import click

HEAD = """# The derman command

Printed from the code by `make docs`. Exit codes: 0 done, 1 refused or partly refused, 2 usage,
3 configuration, 4 database, 5 verification failed.
"""
WIDTH = 90


def text(root: click.Group) -> str:
    """The whole document."""
    context = click.Context(root, info_name="derman", **root.context_settings)
    return "\n".join([HEAD, *_sections(root, context)])


def _sections(command: click.Command, context: click.Context) -> Iterator[str]:
    context.terminal_width = context.max_content_width = WIDTH
    yield f"## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None:
                yield from _sections(below, click.Context(below, info_name=name, parent=context))
