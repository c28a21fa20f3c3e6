"""`derman outbox`: what waits to leave, and holding it back."""

import json
from datetime import UTC, datetime

import click
from django.db.models import Count, Min

from derman.outbox.models import Message, Switch
from derman.words.kinds import MessageState


@click.group()
def outbox() -> None:
    """See, pause and resume the messages that leave."""


@outbox.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def status(as_json: bool) -> None:
    """Say whether sending is paused and how many messages are in which state."""
    counts = dict(Message.objects.values_list("state").annotate(Count("pk")).order_by())
    oldest = Message.objects.filter(state=MessageState.QUEUED).aggregate(at=Min("next_at"))["at"]
    paused_at = Switch.objects.filter(pk=1).values_list("paused_at", flat=True).first()
    found = {
        "paused_at": paused_at and paused_at.isoformat(timespec="seconds"),
        "oldest_queued_at": oldest and oldest.isoformat(timespec="seconds"),
        "messages": {str(state): counts.get(state, 0) for state in MessageState},
    }
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    click.echo(f"paused since {found['paused_at']}" if paused_at else "sending")
    for state, count in found["messages"].items():
        click.echo(f"{state:10} {count}")


@outbox.command()
def pause() -> None:
    """Let nothing leave until `derman outbox resume`; messages go on being queued."""
    Switch.objects.update_or_create(pk=1, defaults={"paused_at": datetime.now(UTC)})
    click.echo("Nothing leaves now.")


@outbox.command()
def resume() -> None:
    """Let the messages leave again."""
    Switch.objects.update_or_create(pk=1, defaults={"paused_at": None})
    click.echo("Messages leave again.")
