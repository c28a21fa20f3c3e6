import datetime

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('quality', '0002_causes_and_improvements'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='survey',
            name='survey_by_time',
        ),
        migrations.AddField(
            model_name='survey',
            name='month',
            field=models.DateField(default=datetime.date(2026, 1, 1)),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name='survey',
            index=models.Index(fields=['month', 'main_topic', 'unit', 'channel'], name='survey_by_month'),
        ),
    ]
