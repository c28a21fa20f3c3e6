from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery


def see_what_nobody_needs_to(apps, schema_editor):
    """Of closed cases nobody has to look at an escalation any more."""
    cases = apps.get_model("cases", "Case").objects.filter(pk=OuterRef("case"))
    unseen = apps.get_model("cases", "Escalation").objects.filter(seen_at=None)
    unseen.filter(case__state="closed").update(seen_at=Subquery(cases.values("closed_at")))


class Migration(migrations.Migration):
    dependencies = [("cases", "0016_cases_watched")]

    operations = [
        migrations.AddField(
            model_name="clock",
            name="reckoned_with",
            field=models.CharField(blank=True, default="", max_length=16),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=Q(("state", "running")),
                fields=["reckoned_with"],
                name="clock_by_levels",
            ),
        ),
        migrations.RunPython(see_what_nobody_needs_to, migrations.RunPython.noop),
    ]
