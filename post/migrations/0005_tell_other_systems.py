import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0002_know_sessions_count_attempts_ask_for_two'),
        ('post', '0004_remember_recalls'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WebhookEndpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
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
            },
        ),
        migrations.AddConstraint(
            model_name='webhookendpoint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('off_at', None), ('off_why', '')), models.Q(('off_at__isnull', False), models.Q(('off_why', ''), _negated=True)), _connector='OR'), name='webhook_off_says_why'),
        ),
        migrations.AddConstraint(
            model_name='webhookendpoint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('earlier_secret', ''), ('earlier_until', None)), models.Q(models.Q(('earlier_secret', ''), _negated=True), ('earlier_until__isnull', False)), _connector='OR'), name='webhook_earlier_secret_ends'),
        ),
        migrations.AddIndex(
            model_name='webhookdelivery',
            index=models.Index(fields=['organisation', 'endpoint', 'state', '-id'], name='webhook_by_state'),
        ),
        migrations.AddIndex(
            model_name='webhookdelivery',
            index=models.Index(fields=['organisation', 'settled_at'], name='webhook_settled'),
        ),
        migrations.AddConstraint(
            model_name='webhookdelivery',
            constraint=models.UniqueConstraint(fields=('organisation', 'endpoint', 'fact'), name='webhook_fact_once'),
        ),
        migrations.AddConstraint(
            model_name='webhookdelivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('state', 'pending')), models.Q(models.Q(('state', 'pending'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='webhook_settled_when'),
        ),
        migrations.AddIndex(
            model_name='webhookdue',
            index=models.Index(fields=['due_at', 'delivery'], name='webhook_due_soonest'),
        ),
        migrations.AddIndex(
            model_name='webhookdue',
            index=models.Index(fields=['organisation', 'due_at', 'delivery'], name='webhook_due_organisation'),
        ),
        Secure('webhookendpoint', 'webhookdelivery'),
        Secure('webhookdue', dispatch=True),
    ]
