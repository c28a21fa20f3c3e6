"""Letters that name outside bodies; of a case one offer is open at a time."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0009_the_loop"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("cycle", models.PositiveSmallIntegerField(default=1)),
                ("bodies", models.JSONField(default=list)),
                ("by_post", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("posted_at", models.DateTimeField(null=True)),
                (
                    "attachment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letter",
                        to="cases.attachment",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="cases.case",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "posted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("by_post", True), ("posted_at", None)),
                        fields=["made_at", "id"],
                        name="letter_to_post",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "cycle"), name="letter_once_a_cycle")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(fields=["state", "-answered_at", "-id"], name="offer_by_answer"),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("case",), name="offer_one_is_open"
            ),
        ),
    ]
