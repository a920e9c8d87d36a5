from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collect", "0005_placing")]

    operations = [
        migrations.AddField(
            model_name="mention", name="purged_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(
                condition=models.Q(("purged_at", None)), fields=["captured_at"], name="mention_not_purged"
            ),
        ),
    ]
