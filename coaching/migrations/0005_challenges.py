"""What stands in customers’ ways: a catalogue of challenges, those that are open, and their steps."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    dependencies = [
        ('coaching', '0004_invite_to_calls'),
        ('customers', '0003_outcomes_in_their_words'),
        ('organisations', '0006_limit_mails_a_week'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ChallengeKind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60)),
                ('name', models.CharField(max_length=120)),
                ('signs', models.TextField(blank=True, help_text='How one knows it, one sign a line.')),
                ('questions', models.TextField(blank=True, help_text='What to ask the customer, one question a line.')),
                ('steps', models.JSONField(default=list, help_text='What to do, in order: words, and days from its opening.')),
                ('lead', models.CharField(choices=[('csm', 'the customer’s CSM'), ('manager', 'a manager')], default='csm', help_text='Who leads it.', max_length=8)),
                ('escalate', models.TextField(blank=True, help_text='When others are called in, and who.')),
                ('created_at', models.DateTimeField()),
                ('saved_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(blank=True, help_text='Out of the catalogue since.', null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='Challenge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(blank=True, help_text='How the customer put it.')),
                ('opened_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('open', 'open'), ('resolved', 'resolved'), ('given_up', 'given up')], default='open', max_length=8)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_why', models.TextField(blank=True, help_text='How it was resolved, or why it was given up.')),
                ('call', models.ForeignKey(blank=True, help_text='The call in which it came up.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='challenges', to='coaching.call')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='challenges', to='customers.customer')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('owner', models.ForeignKey(help_text='Who leads it.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('kind', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='challenges', to='coaching.challengekind')),
            ],
        ),
        migrations.CreateModel(
            name='ChallengeStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('words', models.CharField(max_length=300)),
                ('due_on', models.DateField(blank=True, null=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='coaching.challenge')),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.AddConstraint(
            model_name='challengekind',
            constraint=models.UniqueConstraint(fields=('organisation', 'key'), name='challenge_kind_key_once'),
        ),
        migrations.AddConstraint(
            model_name='challengekind',
            constraint=models.UniqueConstraint(condition=models.Q(('retired_at', None)), fields=('organisation', 'name'), name='challenge_kind_name_once'),
        ),
        migrations.AddIndex(
            model_name='challenge',
            index=models.Index(fields=['organisation', 'customer', 'state'], name='challenge_of_customer'),
        ),
        migrations.AddIndex(
            model_name='challenge',
            index=models.Index(fields=['organisation', 'kind', 'state'], name='challenge_of_kind'),
        ),
        migrations.AddConstraint(
            model_name='challenge',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('organisation', 'customer', 'kind'), name='challenge_open_once'),
        ),
        migrations.AddConstraint(
            model_name='challenge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closed_by', None), ('closed_why', ''), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False), ('closed_by__isnull', False), models.Q(('closed_why', ''), _negated=True)), _connector='OR'), name='challenge_closed_why'),
        ),
        migrations.AddIndex(
            model_name='challengestep',
            index=models.Index(condition=models.Q(('done_at', None)), fields=['organisation', 'due_on'], name='challenge_step_pending'),
        ),
        migrations.AddConstraint(
            model_name='challengestep',
            constraint=models.UniqueConstraint(fields=('organisation', 'challenge', 'position'), name='challenge_step_once'),
        ),
        migrations.AddConstraint(
            model_name='challengestep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('done_by', None)), models.Q(('done_at__isnull', False), ('done_by__isnull', False)), _connector='OR'), name='challenge_step_done_by'),
        ),
        Secure("ChallengeKind", "Challenge", "ChallengeStep"),
    ]
