from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_letters_and_one_open_offer")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("is_repeat", True)),
                fields=["-received_at", "-id"],
                name="case_repeated",
            ),
        ),
    ]
