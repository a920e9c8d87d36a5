from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0002_placement'),
    ]

    operations = [
        migrations.AlterField(
            model_name='paper',
            name='kind',
            field=models.CharField(choices=[('flash', '快报'), ('brief', '专报《网上舆情》'), ('daily', '日报'), ('weekly', '周报'), ('monthly', '月报'), ('handling', '办理情况报告'), ('transfer', '转办单'), ('supervision', '督办单'), ('coordination', '协调函'), ('placement', '刊发申请'), ('statement', '新闻通稿'), ('kit', '发布会材料'), ('minutes', '会议纪要'), ('correction', '更正请求函'), ('referral', '移送函'), ('review', '复盘报告')], db_index=True, max_length=14, verbose_name='种类'),
        ),
        migrations.AlterField(
            model_name='template',
            name='kind',
            field=models.CharField(choices=[('flash', '快报'), ('brief', '专报《网上舆情》'), ('daily', '日报'), ('weekly', '周报'), ('monthly', '月报'), ('handling', '办理情况报告'), ('transfer', '转办单'), ('supervision', '督办单'), ('coordination', '协调函'), ('placement', '刊发申请'), ('statement', '新闻通稿'), ('kit', '发布会材料'), ('minutes', '会议纪要'), ('correction', '更正请求函'), ('referral', '移送函'), ('review', '复盘报告')], max_length=14, verbose_name='种类'),
        ),
    ]
