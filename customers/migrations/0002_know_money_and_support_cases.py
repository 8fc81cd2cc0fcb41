import django.db.models.deletion
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0001_initial'),
        ('organisations', '0002_know_sessions_count_attempts_ask_for_two'),
    ]

    operations = [
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
        Secure("Transaction", "Subscription", "SupportCase"),
    ]
