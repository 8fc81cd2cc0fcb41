"""What counts as how much of an outcome, agreed beforehand, and what was reached."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0004_what_customers_use_it_for'),
        ('organisations', '0006_limit_mails_a_week'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GoalScale',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('much_less', models.TextField(help_text='−2')),
                ('less', models.TextField(help_text='−1')),
                ('expected', models.TextField(help_text='0: the outcome as they expect it.')),
                ('more', models.TextField(help_text='+1: beyond what they expect.')),
                ('much_more', models.TextField(help_text='+2: the most they can imagine.')),
                ('weight', models.PositiveSmallIntegerField(default=1, help_text='How much it counts beside others.')),
                ('agreed_on', models.DateField()),
                ('saved_at', models.DateTimeField()),
                ('agreed_with', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.contact')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('outcome', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scales', to='customers.outcome')),
                ('saved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='GoalLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.SmallIntegerField()),
                ('on', models.DateField(help_text='When it was so.')),
                ('evidence', models.TextField(help_text='What shows it: a number, a sentence of theirs, a link.')),
                ('noted_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('noted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('scale', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reached', to='customers.goalscale')),
            ],
        ),
        migrations.AddConstraint(
            model_name='goalscale',
            constraint=models.UniqueConstraint(fields=('organisation', 'outcome'), name='goal_scale_once'),
        ),
        migrations.AddConstraint(
            model_name='goalscale',
            constraint=models.CheckConstraint(condition=models.Q(('weight__gte', 1), ('weight__lte', 10)), name='goal_scale_weighs'),
        ),
        migrations.AddIndex(
            model_name='goallevel',
            index=models.Index(condition=models.Q(('withdrawn_at', None)), fields=['organisation', 'scale', '-on', '-id'], name='goal_level_newest'),
        ),
        migrations.AddConstraint(
            model_name='goallevel',
            constraint=models.CheckConstraint(condition=models.Q(('level__gte', -2), ('level__lte', 2)), name='goal_level_of_five'),
        ),
        Secure("GoalScale", "GoalLevel"),
    ]
