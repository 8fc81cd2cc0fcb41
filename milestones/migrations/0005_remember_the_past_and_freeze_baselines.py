import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    dependencies = [
        ('milestones', '0004_drop_unused_journey_archive'),
        ('organisations', '0002_know_sessions_count_attempts_ask_for_two'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Baseline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(help_text='The last day that counts.')),
                ('frozen_at', models.DateTimeField()),
                ('enrolled', models.PositiveIntegerField()),
                ('brought_in', models.PositiveIntegerField(help_text='How many of the achievements had come in as history.')),
                ('frozen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('journey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='baselines', to='milestones.journey')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='BaselineRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('milestone_key', models.SlugField(max_length=60)),
                ('name', models.CharField(max_length=120)),
                ('position', models.PositiveSmallIntegerField()),
                ('achieved', models.PositiveIntegerField()),
                ('of', models.PositiveIntegerField()),
                ('low', models.FloatField(null=True)),
                ('high', models.FloatField(null=True)),
                ('on_time', models.PositiveIntegerField()),
                ('due', models.PositiveIntegerField()),
                ('median_days', models.FloatField(null=True)),
                ('median_n', models.PositiveIntegerField()),
                ('baseline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rates', to='milestones.baseline')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='PastAchievement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('milestone_key', models.SlugField(max_length=60)),
                ('achieved_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(help_text='When we learned it.')),
                ('source', models.CharField(max_length=60)),
                ('import_id', models.BigIntegerField(null=True)),
                ('retracted_by', models.BigIntegerField(help_text='The import whose undo took it back.', null=True)),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='past_achievements', to='milestones.enrolment')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.AddConstraint(
            model_name='baseline',
            constraint=models.UniqueConstraint(fields=('organisation', 'journey', 'on'), name='baseline_day_once'),
        ),
        migrations.AddConstraint(
            model_name='baselinerate',
            constraint=models.UniqueConstraint(fields=('organisation', 'baseline', 'milestone_key'), name='baseline_rate_once'),
        ),
        migrations.AddIndex(
            model_name='pastachievement',
            index=models.Index(fields=['organisation', 'import_id'], name='past_achievement_import'),
        ),
        migrations.AddConstraint(
            model_name='pastachievement',
            constraint=models.UniqueConstraint(condition=models.Q(('retracted_by', None)), fields=('organisation', 'enrolment', 'milestone_key'), name='past_achievement_once'),
        ),
        Secure("PastAchievement", "Baseline", "BaselineRate"),
    ]
