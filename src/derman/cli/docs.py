"""`derman docs`: the documents that are printed from the code, and whether they are fresh."""

from collections.abc import Callable
from pathlib import Path

import click

from derman.cli import derman, manual
from derman.cli.errors import NotVerified
from derman.profile import meanings
from derman.profile.reference import reference
from derman.words import life

PROCESS = """# The life of a case

Printed from the table in `src/derman/words/life.py` by `make docs`; change it there.

```mermaid
{diagram}
```
"""


def process() -> str:
    """The states and what may follow."""
    return PROCESS.format(diagram=life.diagram())


def command() -> str:
    """The help of every command."""
    return manual.text(derman)


# Path below the clone, and the function that returns its text. Add yours here.
DOCUMENTS: dict[str, Callable[[], str]] = {
    "docs/process.md": process,
    "docs/reference/command.md": command,
    "docs/reference/profile.md": reference,
    "src/derman/administration/hints.py": meanings.printed,
}


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail when one is stale.")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    help="The clone; the current folder by default.",
)
def docs(check: bool, into: Path) -> None:
    """Write the generated documents."""
    stale = []
    for name, text in DOCUMENTS.items():
        path, fresh = into / name, text()
        if path.exists() and path.read_text(encoding="utf-8") == fresh:
            continue
        stale.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(fresh, encoding="utf-8")
            click.echo(name)
    if check and stale:
        raise NotVerified(f"Stale: {', '.join(stale)}. Write them anew with: make docs")
