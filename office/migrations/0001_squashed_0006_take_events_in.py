"""Everything the steps up to here make, at once: for databases that begin now."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    replaces = [('office', '0001_initial'), ('office', '0002_let_imports_resume_and_go_in_parts'), ('office', '0003_undo_imports'), ('office', '0004_bring_in_money_cases_and_the_past'), ('office', '0005_let_machines_in_by_tokens'), ('office', '0006_take_events_in')]

    initial = True

    dependencies = [
        ('customers', '0004_what_customers_use_it_for'),
        ('organisations', '0006_limit_mails_a_week'),
    ]

    operations = [
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('customers', 'customers'), ('contacts', 'contacts'), ('enrolments', 'enrolments'), ('readings', 'readings'), ('transactions', 'transactions'), ('subscriptions', 'subscriptions'), ('cases', 'support cases'), ('achievements', 'past achievements')], max_length=16)),
                ('source', models.CharField(help_text='Where the file comes from; keeps identities apart.', max_length=60)),
                ('file_name', models.CharField(max_length=255)),
                ('file_path', models.CharField(help_text='Below the state folder.', max_length=500)),
                ('file_bytes', models.BigIntegerField()),
                ('file_sha256', models.CharField(max_length=64)),
                ('mapping', models.JSONField(default=dict)),
                ('layout', models.JSONField(default=dict, help_text='How the file reads: encoding, delimiter, header line, columns.')),
                ('is_history', models.BooleanField(default=False)),
                ('is_partial', models.BooleanField(default=False)),
                ('is_dry_run', models.BooleanField(default=False)),
                ('apply_at_once', models.BooleanField(default=False, help_text='Apply when the check finds nothing refused.')),
                ('made_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('mapping', 'columns to be matched'), ('waiting', 'waits for the worker'), ('checking', 'is being checked'), ('checked', 'checked, not yet applied'), ('applying', 'is being applied'), ('applied', 'applied'), ('refused', 'refused, nothing stored'), ('cancelled', 'cancelled, nothing stored'), ('failed', 'failed'), ('undoing', 'is being undone'), ('undone', 'undone')], default='waiting', max_length=10)),
                ('state_why', models.TextField(blank=True)),
                ('lease_token', models.UUIDField(blank=True, null=True)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('cancel_asked_at', models.DateTimeField(blank=True, null=True)),
                ('checking_since', models.DateTimeField(blank=True, null=True)),
                ('applying_since', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('bytes_read', models.BigIntegerField(default=0)),
                ('lines_read', models.BigIntegerField(default=0)),
                ('rows_applied', models.BigIntegerField(default=0)),
                ('parts', models.JSONField(default=list, help_text='Applied in parts: [{to_line, rows, applied_at}], each whole by itself.')),
                ('attempts', models.PositiveIntegerField(default=0, help_text='Times somebody took it without getting any further.')),
                ('counts', models.JSONField(default=dict, help_text='Rows by how they end: new, changed, unchanged, skipped, refused, kept.')),
                ('is_traced', models.BooleanField(db_default=False, help_text='What it did to rows is kept, so that it can be undone.')),
                ('undo', models.JSONField(default=dict, help_text='The last undo: {asked_at, by, part, was, counts}; counts when it is done.')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', '-made_at', '-id'], name='import_newest')],
            },
        ),
        migrations.CreateModel(
            name='ImportClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('about', models.CharField(help_text='Hash of what it is about.', max_length=32)),
                ('says', models.CharField(help_text='Hash of what is said.', max_length=32)),
                ('line', models.BigIntegerField()),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='claims', to='office.import')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'of', 'about'), name='import_claim_once')],
            },
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.BigIntegerField()),
                ('identity', models.CharField(blank=True, help_text='Hash of what it is about; empty when it is not applied.', max_length=32)),
                ('end', models.CharField(choices=[('new', 'new'), ('changed', 'changed'), ('unchanged', 'unchanged'), ('skipped', 'skipped by rule'), ('refused', 'refused'), ('kept', "a person's edit is kept")], max_length=9)),
                ('data', models.JSONField(default=dict, help_text='The understood values; of a refused row the raw ones.')),
                ('column', models.CharField(blank=True, max_length=120)),
                ('value', models.CharField(blank=True, max_length=200)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='office.import')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'of', 'end', 'line'], name='import_row_end'), models.Index(condition=models.Q(('identity', ''), _negated=True), fields=['organisation', 'of', 'identity'], name='import_row_identity')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'of', 'line'), name='import_row_once')],
            },
        ),
        migrations.CreateModel(
            name='ImportTrace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.PositiveIntegerField(default=0)),
                ('model', models.CharField(max_length=60)),
                ('row', models.BigIntegerField(help_text='Its id.')),
                ('customer_id', models.BigIntegerField(null=True)),
                ('before', models.JSONField(help_text='The fields as they were; none for a row it made.', null=True)),
                ('after', models.CharField(help_text='Hash of the fields as it left them.', max_length=32)),
                ('undone', models.CharField(choices=[('restored', 'as before'), ('withdrawn', 'taken back'), ('left', 'left whole'), ('confirmed', 'stays: the customer confirmed it'), ('sent', 'was sent before')], db_default='', max_length=10)),
                ('undone_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(db_default='', max_length=300)),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='traces', to='office.import')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'of', 'model', 'row'], name='import_trace_row'), models.Index(condition=models.Q(('undone', 'withdrawn')), fields=['organisation', 'model', 'row'], name='import_trace_undone')],
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
        migrations.CreateModel(
            name='Token',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='Where it is used.', max_length=80)),
                ('start', models.CharField(help_text='Its first letters, to tell it from others.', max_length=24)),
                ('token_hash', models.CharField(max_length=64)),
                ('scopes', models.JSONField(default=list, help_text="Of `SCOPES`: a room's, or all rooms'.")),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('used_at', models.DateTimeField(blank=True, help_text='Written at most once a minute.', null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('user', models.ForeignKey(help_text='In whose name it writes. It may never do more than they may.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'token_hash'), name='token_once')],
            },
        ),
        migrations.CreateModel(
            name='KeptAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=255)),
                ('fingerprint', models.CharField(help_text='Hash of method, address and body.', max_length=64)),
                ('status', models.PositiveSmallIntegerField()),
                ('body', models.TextField()),
                ('headers', models.JSONField(default=dict)),
                ('made_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('token', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='office.token')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'made_at'], name='kept_answer_age')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'token', 'key'), name='kept_answer_once'), models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='kept_answer_has_key')],
            },
        ),
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
        Secure('Import', 'ImportRow', 'ImportClaim', 'ImportTrace', 'Token', 'KeptAnswer', 'IncomingEvent', 'EventRule', 'EventPerson', 'EventCount'),
    ]
