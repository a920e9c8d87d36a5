from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listen", "0004_mergers_told")]

    operations = [
        migrations.AddField(
            model_name="story", name="purged_count", field=models.PositiveIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="story", name="forgotten_count", field=models.PositiveIntegerField(default=0)
        ),
    ]
