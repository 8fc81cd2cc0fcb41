"""Everything the steps up to here make, at once: for databases that begin now."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    replaces = [('post', '0001_initial'), ('post', '0002_time_the_first_try'), ('post', '0003_hold_mail_of_copies'), ('post', '0004_remember_recalls'), ('post', '0005_tell_other_systems'), ('post', '0006_make_digests_once'), ('post', '0007_calendar_entries_and_chat_channels'), ('post', '0008_name_messages'), ('post', '0009_gather_a_week')]

    initial = True

    dependencies = [
        ('organisations', '0006_limit_mails_a_week'),
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(choices=[('post', 'the post loop'), ('worker', 'the worker'), ('beat', 'beat'), ('broker', 'the broker')], max_length=10, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Installation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField()),
                ('sends', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.EmailField(max_length=254)),
                ('language', models.CharField(blank=True, help_text="Empty: the organisation's.", max_length=10)),
                ('zone', models.CharField(blank=True, help_text="Empty: the organisation's.", max_length=64)),
                ('quiet_from', models.TimeField(blank=True, null=True)),
                ('quiet_to', models.TimeField(blank=True, null=True)),
                ('wish', models.CharField(choices=[('all', 'everything'), ('weekly', 'one mail a week instead of single ones'), ('important', 'only what asks something of them'), ('nothing', 'no mails')], default='all', max_length=10)),
                ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday')], db_default=1, default=1, help_text='When their one mail a week goes, if they wish for one.')),
                ('opted_out_at', models.DateTimeField(blank=True, null=True)),
                ('bounced_at', models.DateTimeField(blank=True, null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('organisation'), django.db.models.functions.text.Lower('address'), name='recipient_address_once'), models.CheckConstraint(condition=models.Q(models.Q(('quiet_from', None), ('quiet_to', None)), models.Q(('quiet_from__isnull', False), ('quiet_to__isnull', False)), _connector='OR'), name='recipient_quiet_hours_paired'), models.CheckConstraint(condition=models.Q(('weekday__lte', 4)), name='recipient_weekday_is_a_workday')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('celebration', 'celebration'), ('message', 'message on the way'), ('week', 'messages of a week'), ('confirmation', 'question: is it so?'), ('receipt', 'copy of an answer'), ('link', 'new link'), ('invitation', 'invitation'), ('appointment', 'call invitation'), ('contest', 'a customer contested'), ('digest', 'digest'), ('test', 'test mail')], max_length=20)),
                ('subject_key', models.CharField(max_length=100)),
                ('address', models.EmailField(max_length=254)),
                ('customer_id', models.BigIntegerField(null=True)),
                ('state', models.CharField(choices=[('pending', 'waiting to go'), ('sending', 'on its way'), ('sent', 'taken by the mail server'), ('failed', 'refused'), ('uncertain', 'uncertain'), ('suppressed', 'not sent: they asked us not to'), ('held', 'held'), ('stopped', 'stopped'), ('simulated', 'simulated, never sent')], default='pending', max_length=12)),
                ('reason', models.CharField(blank=True, help_text='Why it is in this state, in words.', max_length=500)),
                ('recalled_why', models.CharField(blank=True, db_default='', help_text='Why it must not be tried again.', max_length=500)),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('first_tried_at', models.DateTimeField(blank=True, help_text='We give up some days after this moment.', null=True)),
                ('lease_token', models.UUIDField(blank=True, null=True)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('from_name', models.CharField(max_length=120)),
                ('reply_to', models.CharField(blank=True, max_length=254)),
                ('message_id', models.CharField(max_length=200)),
                ('subject', models.CharField(max_length=300)),
                ('text', models.TextField()),
                ('html', models.TextField(blank=True)),
                ('calendar', models.TextField(blank=True, db_default='', help_text='An entry for the reader’s calendar that goes with it, as it leaves.')),
                ('links', models.JSONField(default=list, help_text='Links made at send: [{placeholder, purpose, subject_id, days}].')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('recipient', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='deliveries', to='post.recipient')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', '-created_at', '-id'], name='delivery_newest'), models.Index(fields=['organisation', 'state', '-created_at', '-id'], name='delivery_state'), models.Index(fields=['organisation', 'customer_id', '-created_at'], name='delivery_customer')],
                'constraints': [models.UniqueConstraint(models.F('organisation'), models.F('purpose'), models.F('subject_key'), django.db.models.functions.text.Lower('address'), name='delivery_once')],
            },
        ),
        migrations.CreateModel(
            name='WebhookEndpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('style', models.CharField(choices=[('signed', 'signed, as Standard Webhooks has it'), ('slack', 'Slack'), ('teams', 'Microsoft Teams')], db_default='signed', default='signed', max_length=6)),
                ('url', models.URLField(max_length=500)),
                ('about', models.CharField(blank=True, help_text='What stands behind it.', max_length=120)),
                ('kinds', models.JSONField(default=list, help_text='What it is told; empty: everything.')),
                ('secret', models.TextField()),
                ('earlier_secret', models.TextField(blank=True, help_text='Signs as well until `earlier_until`.')),
                ('earlier_until', models.DateTimeField(blank=True, null=True)),
                ('made_at', models.DateTimeField()),
                ('paused_until', models.DateTimeField(blank=True, help_text='It did not answer, or asked us to wait.', null=True)),
                ('off_at', models.DateTimeField(blank=True, null=True)),
                ('off_why', models.CharField(blank=True, max_length=200)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('off_at', None), ('off_why', '')), models.Q(('off_at__isnull', False), models.Q(('off_why', ''), _negated=True)), _connector='OR'), name='webhook_off_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('earlier_secret', ''), ('earlier_until', None)), models.Q(models.Q(('earlier_secret', ''), _negated=True), ('earlier_until__isnull', False)), _connector='OR'), name='webhook_earlier_secret_ends')],
            },
        ),
        migrations.CreateModel(
            name='WebhookDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('fact', models.CharField(help_text='What it tells of: told to an address once.', max_length=100)),
                ('message_id', models.CharField(max_length=40)),
                ('body', models.TextField()),
                ('customer_id', models.BigIntegerField(null=True)),
                ('state', models.CharField(choices=[('pending', 'waiting to go'), ('delivered', 'taken'), ('failed', 'given up'), ('stopped', 'stopped')], default='pending', max_length=10)),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('tries', models.JSONField(default=list, help_text='The last ones: [{at, status, ms, words}].')),
                ('lease_token', models.UUIDField(blank=True, null=True)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('endpoint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='post.webhookendpoint')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'endpoint', 'state', '-id'], name='webhook_by_state'), models.Index(fields=['organisation', 'settled_at'], name='webhook_settled')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'endpoint', 'fact'), name='webhook_fact_once'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('state', 'pending')), models.Q(models.Q(('state', 'pending'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='webhook_settled_when')],
            },
        ),
        migrations.CreateModel(
            name='WebhookDue',
            fields=[
                ('delivery', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='due', serialize=False, to='post.webhookdelivery')),
                ('due_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'db_table': 'post_webhook_due',
                'indexes': [models.Index(fields=['due_at', 'delivery'], name='webhook_due_soonest'), models.Index(fields=['organisation', 'due_at', 'delivery'], name='webhook_due_organisation')],
            },
        ),
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(help_text='A day as 2026-03-12, or a week as 2026-W11.', max_length=10)),
                ('made_at', models.DateTimeField()),
                ('delivery', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='post.delivery')),
                ('membership', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='digests', to='organisations.membership')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('channel', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='digests', to='post.webhookendpoint')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'membership', 'period'), name='digest_once'), models.UniqueConstraint(fields=('organisation', 'channel', 'period'), name='digest_once_in_a_channel'), models.CheckConstraint(condition=models.Q(models.Q(('channel__isnull', False), ('membership', None)), models.Q(('channel', None), ('membership__isnull', False)), _connector='OR'), name='digest_of_one')],
            },
        ),
        migrations.CreateModel(
            name='PostDue',
            fields=[
                ('delivery', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='post.delivery')),
                ('due_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'db_table': 'post_due',
                'indexes': [models.Index(fields=['due_at', 'delivery'], name='post_due_soonest'), models.Index(fields=['organisation', 'due_at', 'delivery'], name='post_due_organisation')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(choices=[('copy', 'this database has sent mail before, and from somewhere else'), ('older', 'mail has left since the moment this database remembers')], max_length=10)),
                ('since', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('choice', models.CharField(blank=True, choices=[('send', 'send them'), ('leave', 'leave them stopped')], max_length=5)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('organisation',), name='hold_open_once'), models.CheckConstraint(condition=models.Q(models.Q(('choice', ''), ('ended_at', None)), models.Q(('ended_at__isnull', False), models.Q(('choice', ''), _negated=True)), _connector='OR'), name='hold_ends_with_a_choice')],
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=20)),
                ('subject_id', models.BigIntegerField(null=True)),
                ('address', models.EmailField(blank=True, max_length=254)),
                ('token_hash', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('first_opened_at', models.DateTimeField(blank=True, null=True)),
                ('spent_at', models.DateTimeField(blank=True, null=True)),
                ('is_demo', models.BooleanField(default=False, help_text='Opened as the customer in demo mode.')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'token_hash'), name='link_token_once')],
            },
        ),
        Secure('Recipient', 'Delivery', 'Link', 'Hold', 'WebhookEndpoint', 'WebhookDelivery', 'Digest'),
        Secure('PostDue', 'WebhookDue', dispatch=True),
    ]
