from django.db import migrations, models
from django.db.models import Q

from derman.words.events import EventType

OPEN = Q(state__in=["received", "in_review", "referred", "answered", "awaiting_applicant"])


class Migration(migrations.Migration):

    dependencies = [("cases", "0007_case_tags")]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="type",
            field=models.CharField(choices=[(word, word) for word in EventType], max_length=24),
        ),
        migrations.AddField(
            model_name="case",
            name="snoozed_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.RemoveIndex(model_name="case", name="case_open_by_due"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=[
                    "due_at", "id", "state", "owner_unit", "inform_unit", "unit", "taken_by",
                    "snoozed_until",
                ],
                name="case_open_by_due",
                condition=OPEN,
            ),
        ),
        migrations.RemoveIndex(model_name="case", name="case_to_call"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["due_at", "id", "inform_unit", "snoozed_until"],
                name="case_to_call",
                condition=~Q(inform_unit=""),
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["snoozed_until", "id"],
                name="case_snoozed",
                condition=Q(snoozed_until__isnull=False),
            ),
        ),
    ]
