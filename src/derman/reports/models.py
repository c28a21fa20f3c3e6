"""The rollup: how many cases did what on a day, by unit, topic and channel."""

from django.db import models

from derman.words.privacy import Personal


class DayCount(models.Model):
    """One row a day (in the organisation's time zone), event type, unit, topic and channel."""

    day = models.DateField()
    event = models.CharField(max_length=24)
    unit = models.CharField(max_length=60, blank=True)
    topic = models.CharField(max_length=60)
    channel = models.CharField(max_length=12)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "event", "unit", "topic", "channel"], name="day_counted_once"
            )
        ]

    class Privacy:
        subject = ""
        personal: dict[str, Personal] = {}
        plain = {"id", "day", "event", "unit", "topic", "channel", "count"}
