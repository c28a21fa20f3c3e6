"""`derman outbox`: what waits to leave, and holding it back."""

import json
from datetime import UTC, datetime

import click

from derman.outbox import queries, switch


@click.group()
def outbox() -> None:
    """See, pause and resume the messages that leave."""


@outbox.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def status(as_json: bool) -> None:
    """Say whether sending is paused and how many messages are in which state."""
    oldest = queries.oldest_waiting_at(datetime.now(UTC))
    paused_at = switch.paused_at()
    messages = queries.count_by_state()
    if as_json:
        found = {
            "paused_at": paused_at and paused_at.isoformat(timespec="seconds"),
            "oldest_waiting_at": oldest and oldest.isoformat(timespec="seconds"),
            "messages": messages,
        }
        click.echo(json.dumps(found, indent=2))
        return
    click.echo(f"paused since {paused_at:%Y-%m-%d %H:%M} UTC" if paused_at else "sending")
    for state, count in messages.items():
        click.echo(f"{state:10} {count}")


@outbox.command()
def pause() -> None:
    """Let nothing leave until `derman outbox resume`; messages go on being queued."""
    switch.pause(datetime.now(UTC))
    click.echo("Nothing leaves now.")


@outbox.command()
def resume() -> None:
    """Let the messages leave again."""
    switch.resume()
    click.echo("Messages leave again.")
