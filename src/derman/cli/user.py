"""`derman user`: people who may sign in at the desk."""

import json
import sys
from datetime import UTC, datetime
from typing import Any

import click
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from derman.accounts import staff
from derman.accounts.models import Membership, User
from derman.cli.errors import Refused
from derman.words.rights import Role


@click.group()
def user() -> None:
    """Add people who may sign in."""


@user.command()
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    required=True,
    help="What they may do.",
)
@click.option("--unit", default="", help="The unit they belong to; every unit by default.")
@click.option("--full-name", default="", help="First and last name.")
@click.option("--email", default="", help="Where staff mail goes.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add(name: str, role: str, unit: str, full_name: str, email: str, password_stdin: bool) -> None:
    """Add the person who signs in as NAME, or give one who exists another role."""
    first, _, last = full_name.rpartition(" ")
    known = User.objects.filter(username=name).first()
    person = known or User(username=name, first_name=first, last_name=last, email=email)
    if not known:
        person.set_password(_password(person, from_stdin=password_stdin))
    with transaction.atomic():
        if not known:
            person.save()
        _, given = Membership.objects.get_or_create(user=person, role=role, unit=unit)
    if not given:
        raise Refused(f"{name} has the role {role} already.")
    click.echo(f"{name} is {role}" + (f" in {unit}." if unit else "."))


@user.command("reset-factor")
@click.argument("name")
def reset_factor(name: str) -> None:
    """Take the second step of signing in away from NAME, who lost it; every session ends."""
    person = User.objects.filter(username=name, is_service=False).first()
    if person is None:
        raise Refused(f"Nobody signs in as {name}.")
    try:
        staff.reset_factors(person, by=None, at=datetime.now(UTC))
    except staff.CannotChange as reason:
        raise Refused(str(reason)) from None
    click.echo(f"{name} signs in with the password alone until a second step is set up again.")


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def list_users(as_json: bool) -> None:
    """List who may sign in, and as what."""
    rows: list[dict[str, Any]] = [
        {
            "name": person.username,
            "full_name": person.get_full_name(),
            "active": person.is_active,
            "roles": [
                {"role": post.role, "unit": post.unit}
                for post in person.memberships.order_by("role", "unit")
            ],
        }
        for person in User.objects.filter(is_service=False).order_by("username")
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        roles = ", ".join(f"{p['role']} {p['unit']}".strip() for p in row["roles"])
        click.echo(f"{row['name']}  {roles}")


def _password(person: User, *, from_stdin: bool) -> str:
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif not sys.stdin.isatty():
        raise Refused("There is no terminal to ask for the password at: use --password-stdin.")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        validate_password(password, person)
    except ValidationError as reason:
        raise Refused(" ".join(reason.messages)) from None
    return password
