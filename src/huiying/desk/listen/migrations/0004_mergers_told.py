from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listen", "0003_forecast_evidence")]

    operations = [
        migrations.AddField(
            model_name="story", name="merger_told", field=models.BooleanField(db_index=True, default=True)
        ),
    ]
