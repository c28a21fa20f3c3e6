from django.db import migrations, models
from django.db.models import F, Q

# Open, and resolved: what may stand still. Kept here as words were when this was written.
ALIVE = ["received", "in_review", "referred", "answered", "awaiting_applicant", "resolved"]


def watch(apps, schema_editor):
    """Let the worker look at every case that is not closed, and find out when to look again."""
    cases = apps.get_model("cases", "Case").objects.filter(state__in=ALIVE)
    cases.update(watch_at=F("state_since"))


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_escalations_by_time")]

    operations = [
        migrations.AddField(
            model_name="case", name="watch_at", field=models.DateTimeField(null=True)
        ),
        migrations.RunPython(watch, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=Q(watch_at__isnull=False),
                fields=["watch_at", "id"],
                name="case_watched",
            ),
        ),
    ]
