import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('cases', '0002_append_only'),
        ('library', '0001_initial'),
        ('replies', '0003_words_for_the_press'),
        ('reports', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Adviser',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='姓名')),
                ('post', models.CharField(max_length=120, verbose_name='单位和职称')),
                ('field', models.CharField(max_length=120, verbose_name='专业领域')),
                ('reach', models.CharField(blank=True, max_length=200, verbose_name='工作联系方式')),
                ('active', models.BooleanField(default=True)),
                ('added_at', models.DateTimeField()),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['field', 'name'],
            },
        ),
        migrations.CreateModel(
            name='Briefing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('conference', '新闻发布会'), ('media', '媒体通气会'), ('interview', '采访')], default='conference', max_length=12, verbose_name='形式')),
                ('stage', models.CharField(choices=[('first', '首次回应'), ('progress', '进展通报'), ('formal', '正式答复'), ('final', '最终结果'), ('correction', '更正')], default='progress', max_length=12, verbose_name='阶段')),
                ('number', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('planned', '筹备中'), ('held', '已举行'), ('cancelled', '已取消')], db_index=True, default='planned', max_length=10)),
                ('topic', models.CharField(max_length=200, verbose_name='主题')),
                ('at', models.DateTimeField(db_index=True, verbose_name='时间')),
                ('place', models.CharField(max_length=200, verbose_name='举行地点')),
                ('planned_at', models.DateTimeField()),
                ('cleared_at', models.DateTimeField(null=True)),
                ('higher_body', models.CharField(blank=True, max_length=120, verbose_name='批准单位')),
                ('higher_ref', models.CharField(blank=True, max_length=120, verbose_name='文号或来电记录')),
                ('guidance', models.TextField(blank=True, verbose_name='指导意见')),
                ('higher_evidence', models.JSONField(default=list)),
                ('higher_at', models.DateTimeField(null=True)),
                ('held_at', models.DateTimeField(null=True)),
                ('lines_version', models.PositiveIntegerField(null=True)),
                ('said', models.TextField(blank=True, verbose_name='讲了什么')),
                ('explained', models.CharField(blank=True, max_length=500)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='briefings', to='cases.case')),
                ('cleared_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('draft', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='briefing', to='replies.draft')),
                ('higher_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('kit', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='briefing', to='reports.paper')),
                ('planned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('spokesperson', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='发言人')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Attending',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outlet', models.CharField(max_length=120, verbose_name='媒体')),
                ('tier', models.CharField(choices=[('foreign', '境外媒体'), ('national', '中央媒体'), ('portal', '大型门户'), ('provincial', '省级媒体'), ('city', '市级媒体'), ('local', '本地网站'), ('self-media', '自媒体、社交平台'), ('board', '留言板'), ('internal', '内部渠道'), ('unknown', '未分类')], max_length=20, verbose_name='层级')),
                ('came', models.BooleanField(null=True)),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='library.mediacontact', verbose_name='联系人')),
                ('briefing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outlets', to='joint.briefing')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('joint', '联席会议'), ('assess', '会商研判'), ('coordinate', '协调会')], default='joint', max_length=12, verbose_name='会议')),
                ('state', models.CharField(choices=[('called', '待召开'), ('held', '已召开，待纪要'), ('submitted', '纪要待审定'), ('adopted', '纪要已审定'), ('cancelled', '已取消')], db_index=True, default='called', max_length=12)),
                ('at', models.DateTimeField(db_index=True, verbose_name='时间')),
                ('way', models.CharField(choices=[('place', '到场'), ('phone', '电话'), ('video', '视频')], default='place', max_length=8, verbose_name='开会方式')),
                ('place', models.CharField(max_length=200, verbose_name='地点或会议号')),
                ('agenda', models.TextField(verbose_name='议题')),
                ('guests', models.TextField(blank=True, verbose_name='外单位')),
                ('called_at', models.DateTimeField()),
                ('held_at', models.DateTimeField(null=True)),
                ('guests_came', models.TextField(blank=True)),
                ('minutes', models.TextField(blank=True, verbose_name='会议情况')),
                ('assessment', models.TextField(blank=True, verbose_name='研判意见')),
                ('handling', models.TextField(blank=True, verbose_name='线下处置')),
                ('wording', models.TextField(blank=True, verbose_name='口径与发布')),
                ('monitoring', models.TextField(blank=True, verbose_name='监测与信息报送')),
                ('comment', models.CharField(blank=True, max_length=1000)),
                ('adopted_at', models.DateTimeField(null=True)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('adopted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('called_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='cases.case')),
                ('chair', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='主持')),
                ('paper', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='meeting', to='reports.paper')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('head', '负责人'), ('deputy', '分管负责人'), ('office', '舆情办'), ('duty', '值班员'), ('handler', '承办人'), ('reviewer', '审核人'), ('spokesperson', '发言人'), ('auditor', '监督员'), ('admin', '管理员')], max_length=20)),
                ('answer', models.CharField(blank=True, choices=[('', '未回'), ('coming', '参加'), ('sends', '派人参加'), ('not', '请假')], default='', max_length=8)),
                ('said', models.CharField(blank=True, max_length=200)),
                ('answered_at', models.DateTimeField(null=True)),
                ('came', models.BooleanField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='joint.meeting')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=500, verbose_name='议定事项')),
                ('due_at', models.DateTimeField(verbose_name='完成时限')),
                ('became', models.CharField(blank=True, choices=[('', '审定后生效'), ('assigned', '已交办'), ('instructed', '已记为批示')], default='', max_length=10)),
                ('entry', models.PositiveIntegerField(null=True)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='accounts.unit', verbose_name='责任部门')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='joint.meeting')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(max_length=1000, verbose_name='请教什么')),
                ('text', models.TextField(verbose_name='专家的意见')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('evidence', models.JSONField(default=list)),
                ('recorded_at', models.DateTimeField()),
                ('adviser', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='joint.adviser', verbose_name='专家')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='cases.case')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outlet', models.CharField(max_length=120, verbose_name='哪家媒体')),
                ('text', models.CharField(max_length=500, verbose_name='问题')),
                ('asked_at', models.DateTimeField()),
                ('answer', models.TextField(blank=True, verbose_name='怎样答复的')),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('briefing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='joint.briefing')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='TaskForce',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('duties', models.TextField(verbose_name='任务')),
                ('formed_at', models.DateTimeField()),
                ('dissolved_at', models.DateTimeField(db_index=True, null=True)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='task_forces', to='cases.case')),
                ('dissolved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('formed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('leader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='forces_led', to=settings.AUTH_USER_MODEL, verbose_name='组长')),
                ('meeting', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='task_forces', to='joint.meeting')),
            ],
            options={
                'ordering': ['-formed_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('duty', models.CharField(blank=True, max_length=200, verbose_name='分工')),
                ('joined_at', models.DateTimeField()),
                ('left_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('force', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='joint.taskforce')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='adviser',
            constraint=models.UniqueConstraint(fields=('name', 'post'), name='adviser_once'),
        ),
        migrations.AddConstraint(
            model_name='briefing',
            constraint=models.UniqueConstraint(fields=('case', 'number'), name='briefing_number_once'),
        ),
        migrations.AddConstraint(
            model_name='briefing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'held'), _negated=True), ('held_at__isnull', False), _connector='OR'), name='held_briefing_has_its_instant'),
        ),
        migrations.AddConstraint(
            model_name='attending',
            constraint=models.UniqueConstraint(fields=('briefing', 'outlet'), name='outlet_once'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'adopted'), _negated=True), ('adopted_by__isnull', False), _connector='OR'), name='adopted_minutes_have_a_chair'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(fields=('meeting', 'person'), name='invited_once'),
        ),
        migrations.AddConstraint(
            model_name='taskforce',
            constraint=models.UniqueConstraint(condition=models.Q(('dissolved_at__isnull', True)), fields=('case',), name='one_standing_force_a_case'),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.UniqueConstraint(condition=models.Q(('left_at__isnull', True)), fields=('force', 'person'), name='member_once'),
        ),
    ]
