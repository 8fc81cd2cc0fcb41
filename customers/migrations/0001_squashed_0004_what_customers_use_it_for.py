"""Everything the steps up to here make, at once: for databases that begin now."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    replaces = [('customers', '0001_initial'), ('customers', '0002_know_money_and_support_cases'), ('customers', '0003_outcomes_in_their_words'), ('customers', '0004_what_customers_use_it_for')]

    initial = True

    dependencies = [
        ('organisations', '0006_limit_mails_a_week'),
        ('post', '0009_gather_a_week'),
    ]

    operations = [
        migrations.CreateModel(
            name='Metric',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=80)),
                ('name', models.CharField(max_length=120)),
                ('unit', models.CharField(blank=True, max_length=20)),
                ('lower_is_better', models.BooleanField(default=False)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'key'), name='metric_key_once')],
            },
        ),
        migrations.CreateModel(
            name='Segment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60)),
                ('name', models.CharField(max_length=80)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'slug'), name='segment_slug_once')],
            },
        ),
        migrations.CreateModel(
            name='Customer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='Their id in the system they come from.', max_length=120)),
                ('name', models.CharField(max_length=200)),
                ('about', models.CharField(blank=True, help_text='What they do, in a few words.', max_length=200)),
                ('use_case', models.CharField(blank=True, db_default='', default='', help_text='What they use it for, in a word or two.', max_length=80)),
                ('fields', models.JSONField(blank=True, default=dict, help_text='Further columns kept from imports.')),
                ('edited', models.JSONField(blank=True, default=dict, help_text='Field → when a person last edited it; imports keep those.')),
                ('created_at', models.DateTimeField()),
                ('left_on', models.DateField(blank=True, null=True)),
                ('left_why', models.CharField(blank=True, max_length=200)),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('segment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='customers', to='customers.segment')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'name', 'id'], name='customer_by_name'), models.Index(fields=['organisation', 'owner', 'name', 'id'], name='customer_by_owner'), models.Index(fields=['organisation', 'segment', 'name', 'id'], name='customer_by_segment'), models.Index(condition=models.Q(('use_case', ''), _negated=True), fields=['organisation', 'use_case', 'name', 'id'], name='customer_by_use_case')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'key'), name='customer_key_once')],
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(blank=True, max_length=120)),
                ('name', models.CharField(max_length=200)),
                ('title', models.CharField(blank=True, help_text='Their work, or their part in this.', max_length=120)),
                ('phone', models.CharField(blank=True, max_length=50)),
                ('is_primary', models.BooleanField(default=False)),
                ('celebrate_with', models.BooleanField(default=False)),
                ('left_on', models.DateField(blank=True, null=True)),
                ('edited', models.JSONField(blank=True, default=dict, help_text='Field → when a person last edited it; imports keep those.')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('recipient', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='contacts', to='post.recipient')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='customers.customer')),
            ],
            options={
                'ordering': ['-is_primary', 'name', 'id'],
                'indexes': [models.Index(fields=['organisation', 'name'], name='contact_by_name')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('organisation', 'customer', 'key'), name='contact_key_once'), models.UniqueConstraint(condition=models.Q(('recipient__isnull', False)), fields=('organisation', 'customer', 'recipient'), name='contact_address_once'), models.UniqueConstraint(condition=models.Q(('is_primary', True)), fields=('organisation', 'customer'), name='contact_primary_once')],
            },
        ),
        migrations.CreateModel(
            name='LatestReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('value', models.FloatField()),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='latest_readings', to='customers.customer')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('metric', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.metric')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'customer', 'metric'), name='latest_reading_once')],
            },
        ),
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=1, help_text='What counts most is 1.')),
                ('words', models.TextField(blank=True, help_text='What they want to reach, in their own words.')),
                ('said_by', models.CharField(blank=True, help_text='Who said so, and where.', max_length=200)),
                ('said_on', models.DateField(blank=True, help_text='Since when they say so.', null=True)),
                ('baseline', models.FloatField(blank=True, null=True)),
                ('baseline_on', models.DateField(blank=True, null=True)),
                ('target', models.FloatField(blank=True, null=True)),
                ('target_on', models.DateField(blank=True, null=True)),
                ('required', models.TextField(blank=True, help_text='What must be true when it is reached.')),
                ('experience', models.TextField(blank=True, help_text='How they want to get there.')),
                ('edition', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(blank=True, help_text='When the customer said that this wording is right.', null=True)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('retired_why', models.CharField(blank=True, max_length=200)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.contact')),
                ('contact', models.ForeignKey(blank=True, help_text='Whose words they are.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.contact')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outcomes', to='customers.customer')),
                ('metric', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.metric')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'customer', 'position'], name='outcome_of_customer')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('retired_at', None), ('retired_why', '')), models.Q(('retired_at__isnull', False), models.Q(('retired_why', ''), _negated=True)), _connector='OR'), name='outcome_retired_why'), models.CheckConstraint(condition=models.Q(('confirmed_at__isnull', False), ('confirmed_by', None), _connector='OR'), name='outcome_confirmed_when')],
            },
        ),
        migrations.CreateModel(
            name='OutcomeAsk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, help_text='Answered, or taken back.', null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outcome_asks', to='customers.contact')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('outcome', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='asks', to='customers.outcome')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('organisation', 'outcome', 'contact'), name='outcome_ask_open_once')],
            },
        ),
        migrations.CreateModel(
            name='OutcomeReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('right', 'right'), ('wrong', 'wrong')], max_length=5)),
                ('words', models.TextField(blank=True, help_text='What is wrong.')),
                ('edition', models.PositiveIntegerField(help_text='The edition it left: what was confirmed.')),
                ('changed', models.JSONField(default=list, help_text='What they changed in the wording itself.')),
                ('at', models.DateTimeField()),
                ('from_ip', models.GenericIPAddressField(blank=True, null=True)),
                ('opened_at', models.DateTimeField(blank=True, help_text='When the link was first opened.', null=True)),
                ('is_demo', models.BooleanField(default=False)),
                ('withdrawn_at', models.DateTimeField(blank=True, help_text='Undone by the customer within 24 hours.', null=True)),
                ('settled_at', models.DateTimeField(blank=True, help_text='An objection: when the wording was changed or confirmed.', null=True)),
                ('ask', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='customers.outcomeask')),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.contact')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('outcome', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='customers.outcome')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('kind', 'wrong'), ('settled_at', None), ('withdrawn_at', None)), fields=['organisation', 'outcome'], name='outcome_reply_objection')],
            },
        ),
        migrations.CreateModel(
            name='OutcomeRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('edition', models.PositiveIntegerField(help_text='The edition that ended with this change.')),
                ('was', models.JSONField(help_text='Field → what stood there before, of each field that changed.')),
                ('at', models.DateTimeField()),
                ('import_id', models.BigIntegerField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(help_text="The customer's own change.", null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.contact')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('outcome', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='customers.outcome')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'outcome', 'edition'), name='outcome_revision_once')],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(help_text='When it was so.')),
                ('recorded_at', models.DateTimeField(help_text='When we learned it.')),
                ('value', models.FloatField()),
                ('source', models.CharField(max_length=60)),
                ('external_id', models.CharField(help_text="The source's id; else customer, metric and time.", max_length=200)),
                ('import_id', models.BigIntegerField(null=True)),
                ('is_standing', models.BooleanField(default=True)),
                ('retracted_by', models.BigIntegerField(help_text='The import whose undo took it back.', null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='customers.customer')),
                ('metric', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='customers.metric')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('replaced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.reading')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('is_standing', True)), fields=['organisation', 'customer', 'metric', 'at'], name='reading_judged'), models.Index(fields=['organisation', 'import_id'], name='reading_import')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_standing', True)), fields=('organisation', 'source', 'external_id'), name='reading_once'), models.CheckConstraint(condition=models.Q(models.Q(('is_standing', True), ('replaced_by', None), ('retracted_by', None)), models.Q(('is_standing', False), models.Q(('replaced_by__isnull', False), ('retracted_by__isnull', False), _connector='OR')), _connector='OR'), name='reading_standing_or_why_not')],
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('plan', models.CharField(blank=True, max_length=120)),
                ('starts_on', models.DateField(help_text='Its first day.')),
                ('ends_on', models.DateField(blank=True, help_text='Its last day; none while it goes on.', null=True)),
                ('amount_e4', models.BigIntegerField(help_text="For each interval, in ten-thousandths of the currency's unit.")),
                ('currency', models.CharField(max_length=3)),
                ('interval', models.CharField(choices=[('week', 'a week'), ('month', 'a month'), ('quarter', 'a quarter'), ('half-year', 'half a year'), ('year', 'a year')], max_length=9)),
                ('recorded_at', models.DateTimeField(help_text='When we learned it.')),
                ('source', models.CharField(max_length=60)),
                ('external_id', models.CharField(help_text="The source's id.", max_length=200)),
                ('import_id', models.BigIntegerField(null=True)),
                ('retracted_by', models.BigIntegerField(help_text='The import whose undo took it back.', null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='customers.customer')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'customer', 'starts_on'], name='subscription_of_customer'), models.Index(fields=['organisation', 'import_id'], name='subscription_import')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('retracted_by', None)), fields=('organisation', 'source', 'external_id'), name='subscription_once'), models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='subscription_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='SupportCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(blank=True, max_length=300)),
                ('opened_at', models.DateTimeField()),
                ('first_answer_at', models.DateTimeField(help_text='The first answer by a person.', null=True)),
                ('resolved_at', models.DateTimeField(null=True)),
                ('reopened_count', models.PositiveIntegerField(help_text='How often the answer was not enough; none when the desk does not say.', null=True)),
                ('reopened_at', models.DateTimeField(help_text='The last time.', null=True)),
                ('reassigned_count', models.PositiveIntegerField(help_text='How often it was handed on; none when the desk does not say.', null=True)),
                ('channel', models.CharField(blank=True, max_length=40)),
                ('urgency', models.CharField(blank=True, max_length=40)),
                ('satisfaction', models.FloatField(help_text='What the customer answered afterwards.', null=True)),
                ('satisfaction_of', models.FloatField(help_text='The best answer of that scale.', null=True)),
                ('recorded_at', models.DateTimeField(help_text='When we learned it.')),
                ('source', models.CharField(max_length=60)),
                ('external_id', models.CharField(help_text="The source's id.", max_length=200)),
                ('import_id', models.BigIntegerField(null=True)),
                ('retracted_by', models.BigIntegerField(help_text='The import whose undo took it back.', null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cases', to='customers.customer')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'customer', '-opened_at'], name='case_of_customer'), models.Index(fields=['organisation', 'import_id'], name='case_import')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('retracted_by', None)), fields=('organisation', 'source', 'external_id'), name='case_once'), models.CheckConstraint(condition=models.Q(('satisfaction', None), models.Q(('satisfaction__gte', 0), ('satisfaction_of__isnull', False), ('satisfaction__lte', models.F('satisfaction_of'))), _connector='OR'), name='case_satisfaction_on_scale'), models.CheckConstraint(condition=models.Q(('resolved_at', None), ('resolved_at__gte', models.F('opened_at')), _connector='OR'), name='case_resolved_after_opening'), models.CheckConstraint(condition=models.Q(('first_answer_at', None), ('first_answer_at__gte', models.F('opened_at')), _connector='OR'), name='case_answered_after_opening')],
            },
        ),
        migrations.CreateModel(
            name='Transaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(help_text='When it was so.')),
                ('recorded_at', models.DateTimeField(help_text='When we learned it.')),
                ('amount_e4', models.BigIntegerField(help_text="In ten-thousandths of the currency's unit.")),
                ('cost_e4', models.BigIntegerField(help_text='What it cost to deliver; none when unknown.', null=True)),
                ('currency', models.CharField(max_length=3)),
                ('about', models.CharField(blank=True, help_text='What it was for.', max_length=200)),
                ('source', models.CharField(max_length=60)),
                ('external_id', models.CharField(help_text="The source's id.", max_length=200)),
                ('import_id', models.BigIntegerField(null=True)),
                ('is_standing', models.BooleanField(default=True)),
                ('retracted_by', models.BigIntegerField(help_text='The import whose undo took it back.', null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='transactions', to='customers.customer')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('replaced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.transaction')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('is_standing', True)), fields=['organisation', 'customer', '-at'], name='transaction_of_customer'), models.Index(fields=['organisation', 'import_id'], name='transaction_import')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_standing', True)), fields=('organisation', 'source', 'external_id'), name='transaction_once'), models.CheckConstraint(condition=models.Q(models.Q(('is_standing', True), ('replaced_by', None), ('retracted_by', None)), models.Q(('is_standing', False), models.Q(('replaced_by__isnull', False), ('retracted_by__isnull', False), _connector='OR')), _connector='OR'), name='transaction_standing_or_why_not')],
            },
        ),
        Secure('Segment', 'Metric', 'Customer', 'Contact', 'Reading', 'LatestReading', 'Transaction', 'Subscription', 'SupportCase', 'Outcome', 'OutcomeAsk', 'OutcomeReply', 'OutcomeRevision'),
    ]
