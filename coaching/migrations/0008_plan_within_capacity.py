"""Calls planned within the minutes that are there: how often, who works when, what counts, what came due."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    dependencies = [
        ('coaching', '0007_resources'),
        ('customers', '0004_what_customers_use_it_for'),
        ('organisations', '0006_limit_mails_a_week'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CadenceRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(blank=True, choices=[('onboarding', 'onboarding'), ('adoption', 'adoption'), ('outcome', 'outcome'), ('mastery', 'mastery')], max_length=12)),
                ('risk', models.CharField(blank=True, choices=[('on-track', 'on track'), ('behind', 'behind'), ('stuck', 'stuck'), ('paused', 'paused')], max_length=8)),
                ('every_days', models.PositiveSmallIntegerField(blank=True, help_text='Days from one call to the next; none: no calls are planned.', null=True)),
                ('minutes', models.PositiveSmallIntegerField(help_text='How long such a call is.')),
                ('channel', models.CharField(choices=[('phone', 'by phone'), ('video', 'by video'), ('visit', 'a visit')], default='video', max_length=5)),
                ('written_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('segment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='cadence_rules', to='customers.segment')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('segment__isnull', False)), fields=('organisation', 'segment', 'stage', 'risk'), name='cadence_rule_once'), models.UniqueConstraint(condition=models.Q(('segment', None)), fields=('organisation', 'stage', 'risk'), name='cadence_rule_any_segment_once'), models.CheckConstraint(condition=models.Q(models.Q(('every_days', None), ('every_days__gt', 0), _connector='OR'), ('minutes__gt', 0), ('minutes__lte', 1440)), name='cadence_rule_takes_time')],
            },
        ),
        migrations.CreateModel(
            name='DayOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_on', models.DateField()),
                ('last_on', models.DateField()),
                ('name', models.CharField(blank=True, max_length=80)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'user', 'last_on'], name='day_off_of_user')],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_on__gte', models.F('first_on'))), name='day_off_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='Occurrence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_on', models.DateField(help_text="In the organisation's own days.")),
                ('every_days', models.PositiveSmallIntegerField()),
                ('minutes', models.PositiveSmallIntegerField()),
                ('channel', models.CharField(choices=[('phone', 'by phone'), ('video', 'by video'), ('visit', 'a visit')], max_length=5)),
                ('counts_from', models.DateTimeField(help_text='A call held from here on is the one that was due.')),
                ('raised_at', models.DateTimeField()),
                ('raised_on', models.DateField(help_text='Later than due: nobody looked on the day itself.')),
                ('skipped_at', models.DateTimeField(blank=True, null=True)),
                ('skipped_on', models.DateField(blank=True, null=True)),
                ('skipped_why', models.CharField(blank=True, max_length=200)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='occurrences', to='customers.customer')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('skipped_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('touchpoint', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='occurrences', to='coaching.touchpoint')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'customer', 'due_on'), name='occurrence_once'), models.CheckConstraint(condition=models.Q(models.Q(('skipped_at', None), ('skipped_by', None), ('skipped_on', None), ('skipped_why', '')), models.Q(('skipped_at__isnull', False), ('skipped_by__isnull', False), ('skipped_on__isnull', False), models.Q(('skipped_why', ''), _negated=True)), _connector='OR'), name='occurrence_skipped_why')],
            },
        ),
        migrations.CreateModel(
            name='PlanWeights',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stuck', models.PositiveSmallIntegerField(default=40)),
                ('behind', models.PositiveSmallIntegerField(default=25)),
                ('on_track', models.PositiveSmallIntegerField(default=5)),
                ('paused', models.PositiveSmallIntegerField(default=0)),
                ('past_target', models.PositiveSmallIntegerField(default=20)),
                ('near_target', models.PositiveSmallIntegerField(default=15)),
                ('value', models.PositiveSmallIntegerField(default=30, help_text="For the largest contract of the coach's customers; others their part of it.")),
                ('overdue', models.PositiveSmallIntegerField(default=10, help_text='The day it was due has passed.')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation',), name='plan_weights_once')],
            },
        ),
        migrations.CreateModel(
            name='WorkDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField(help_text='0 is Monday.')),
                ('begins', models.TimeField()),
                ('ends', models.TimeField()),
                ('minutes', models.PositiveSmallIntegerField(help_text='For planned calls; the rest is for all else.')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'user', 'weekday'), name='work_day_once'), models.CheckConstraint(condition=models.Q(('begins__lt', models.F('ends')), ('minutes__lte', 1440), ('weekday__lte', 6)), name='work_day_has_hours')],
            },
        ),
        Secure("CadenceRule", "DayOff", "Occurrence", "PlanWeights", "WorkDay"),
    ]
