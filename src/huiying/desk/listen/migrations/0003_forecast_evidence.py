from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listen", "0002_search_index")]

    operations = [
        migrations.AddField(
            model_name="story", name="forecast_evidence", field=models.JSONField(default=list)
        ),
    ]
