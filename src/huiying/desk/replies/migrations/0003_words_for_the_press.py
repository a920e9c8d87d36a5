
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('replies', '0002_suggestion'),
    ]

    operations = [
        migrations.AlterField(
            model_name='draft',
            name='form',
            field=models.CharField(choices=[('reply', '帖下回复'), ('comment', '评论'), ('article', '文章'), ('statement', '情况说明'), ('release', '新闻通稿'), ('correction', '更正说明'), ('briefing', '新闻发布会发布词')], default='reply', max_length=12, verbose_name='形式'),
        ),
    ]
