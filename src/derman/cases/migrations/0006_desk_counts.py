from django.db import migrations, models
from django.db.models import Q

OPEN = Q(state__in=["received", "in_review", "referred", "answered", "awaiting_applicant"])


class Migration(migrations.Migration):

    dependencies = [("cases", "0005_offices")]

    operations = [
        migrations.RemoveIndex(model_name="case", name="case_open_by_due"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["due_at", "id", "state", "owner_unit", "inform_unit", "unit", "taken_by"],
                name="case_open_by_due",
                condition=OPEN,
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["promised_at", "id"],
                name="case_open_by_promise",
                condition=OPEN & Q(promised_at__isnull=False),
            ),
        ),
        migrations.RemoveIndex(model_name="task", name="task_open_by_unit"),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=["unit", "due_at", "id", "case"],
                name="task_open_by_unit",
                condition=Q(state__in=["open", "started"]),
            ),
        ),
        migrations.RemoveIndex(model_name="case", name="case_to_call"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["due_at", "id", "inform_unit"],
                name="case_to_call",
                condition=~Q(inform_unit=""),
            ),
        ),
    ]
