"""`derman token`: the tokens by which other systems use the API."""

import json
from datetime import UTC, datetime
from typing import Any

import click
from django.db import IntegrityError

from derman.accounts import tokens
from derman.accounts.models import CALLS_A_MINUTE, LEAST_CALLS, MOST_CALLS, Token
from derman.cli.errors import Refused
from derman.words.rights import Role


@click.group()
def token() -> None:
    """Add, list and revoke API tokens."""


@token.command()
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    required=True,
    help="What it may do.",
)
@click.option("--unit", default="", help="The unit it belongs to; every unit by default.")
@click.option(
    "--per-minute",
    type=click.IntRange(LEAST_CALLS, MOST_CALLS),
    default=CALLS_A_MINUTE,
    show_default=True,
    help="Calls that it may make in a minute.",
)
def add(name: str, role: str, unit: str, per_minute: int) -> None:
    """Make a token called NAME and print it, alone, on the last line. It is shown only now."""
    try:
        made = tokens.add(name, Role(role), at=datetime.now(UTC), unit=unit, per_minute=per_minute)
    except IntegrityError:
        raise Refused(f"There is a token called {name} already; names are used once.") from None
    click.echo(f"Token {name} with the role {role}; it is not shown again:", err=True)
    click.echo(made)


@token.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def list_tokens(as_json: bool) -> None:
    """List the tokens, never their secrets."""
    rows: list[dict[str, Any]] = [
        {
            "name": row.name,
            "roles": sorted(post.role for post in row.user.memberships.all()),
            "units": sorted({post.unit for post in row.user.memberships.all() if post.unit}),
            "per_minute": row.per_minute,
            "created_at": row.created_at.isoformat(timespec="seconds"),
            "revoked_at": row.revoked_at and row.revoked_at.isoformat(timespec="seconds"),
        }
        for row in Token.objects.order_by("name").prefetch_related("user__memberships")
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        state = f"revoked {row['revoked_at']}" if row["revoked_at"] else "works"
        click.echo(f"{row['name']}  {','.join(row['roles'])}  {state}")


@token.command()
@click.argument("name")
def revoke(name: str) -> None:
    """End the token called NAME at once."""
    if not tokens.revoke(name, at=datetime.now(UTC)):
        raise Refused(f"There is no working token called {name}.")
    click.echo(f"{name} is revoked.")
