"""The search index, in the words of each database."""

from django.db import migrations

from huiying.desk.listen.search.vendors import create, remove


class Migration(migrations.Migration):
    dependencies = [("listen", "0001_initial")]
    operations = [migrations.RunPython(create, remove)]
