import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0001_initial'),
        ('office', '0005_let_machines_in_by_tokens'),
        ('organisations', '0002_know_sessions_count_attempts_ask_for_two'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EventCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('count', models.BigIntegerField(default=0)),
                ('last_at', models.DateTimeField(null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
                ('metric', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.metric')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'customer', 'metric'), name='event_count_once')],
            },
        ),
        migrations.CreateModel(
            name='EventPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user_key', models.CharField(max_length=120)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'user_key'), name='event_person_once')],
            },
        ),
        migrations.CreateModel(
            name='EventRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.CharField(max_length=200)),
                ('property', models.CharField(blank=True, help_text='Empty: each event counts as one.', max_length=120)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('metric', models.ForeignKey(help_text='None: it is ignored.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.metric')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'ordering': ['event', 'property'],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'event', 'property'), name='event_rule_once')],
            },
        ),
        migrations.CreateModel(
            name='IncomingEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.CharField(help_text="The sender's own.", max_length=100)),
                ('kind', models.CharField(max_length=10)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('user_key', models.CharField(blank=True, max_length=120)),
                ('customer_key', models.CharField(blank=True, max_length=120)),
                ('at', models.DateTimeField(help_text="When it was so, by the sender's clock set right.")),
                ('received_at', models.DateTimeField()),
                ('is_history', models.BooleanField(default=False)),
                ('data', models.JSONField(default=dict, help_text='Numbers of an event; of a person, only until they are written down.')),
                ('state', models.CharField(choices=[('taken', 'taken'), ('waiting', 'waiting'), ('ignored', 'ignored')], max_length=8)),
                ('waits_for', models.CharField(blank=True, choices=[('', 'nothing'), ('rule', 'a rule for it'), ('customer', 'whose customer they are')], max_length=8)),
                ('why', models.CharField(blank=True, max_length=200)),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'state', 'name'], name='incoming_by_state'), models.Index(condition=models.Q(('state', 'waiting')), fields=['organisation', 'user_key'], name='incoming_waiting_user'), models.Index(fields=['organisation', 'received_at'], name='incoming_age')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'message_id'), name='incoming_event_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'waiting'), models.Q(('waits_for', ''), _negated=True)), models.Q(models.Q(('state', 'waiting'), _negated=True), ('waits_for', '')), _connector='OR'), name='incoming_event_waits_for')],
            },
        ),
        Secure('incomingevent', 'eventrule', 'eventperson', 'eventcount'),
    ]
