import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0005_agree_on_levels'),
        ('organisations', '0006_limit_mails_a_week'),
        ('post', '0009_gather_a_week'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Attention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('promise_days', models.PositiveSmallIntegerField(default=7, help_text='Days a promise from the sale may stay undecided.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)])),
                ('silent_days', models.PositiveSmallIntegerField(default=45, help_text='Days without a sign of a champion.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)])),
                ('saved_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ChampionChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sign', models.CharField(choices=[('bounced', 'their mails come back'), ('silent', 'no sign of them'), ('left', 'they left'), ('seen', 'somebody saw it')], max_length=8)),
                ('since', models.DateField(blank=True, help_text='Since when there is no sign of them.', null=True)),
                ('words', models.TextField(blank=True, help_text='What somebody saw.')),
                ('noticed_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_why', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='DataRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('export', 'a copy of their data'), ('erasure', 'their data erased')], max_length=8)),
                ('asked_at', models.DateTimeField()),
                ('is_demo', models.BooleanField(db_default=False, default=False)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.TextField(blank=True, help_text='What was done, as they are told.')),
            ],
        ),
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(help_text='What was promised, as it was said.')),
                ('message', models.CharField(blank=True, help_text='The sales message it belongs to, the same at every customer.', max_length=120)),
                ('seller', models.CharField(blank=True, help_text='Who promised it.', max_length=200)),
                ('said_in', models.CharField(blank=True, help_text='Where: the proposal, a call, a mail.', max_length=200)),
                ('promised_on', models.DateField(blank=True, help_text='When it was promised.', null=True)),
                ('due_on', models.DateField(blank=True, help_text='By when it is to be so.', null=True)),
                ('state', models.CharField(choices=[('undecided', 'not decided yet'), ('outcome', 'an outcome'), ('renegotiated', 'renegotiated'), ('declined', 'declined'), ('kept', 'kept'), ('not_kept', 'not kept')], default='undecided', max_length=12)),
                ('settled_on', models.DateField(blank=True, help_text='The day it was kept, or clearly not.', null=True)),
                ('edition', models.PositiveIntegerField(default=1)),
                ('recorded_at', models.DateTimeField(help_text='When we learned it.')),
                ('source', models.CharField(blank=True, max_length=60)),
                ('external_id', models.CharField(blank=True, help_text="The source's id.", max_length=200)),
                ('import_id', models.BigIntegerField(null=True)),
                ('retracted_by', models.BigIntegerField(help_text='The import whose undo took it back.', null=True)),
            ],
        ),
        migrations.CreateModel(
            name='PromiseDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('outcome', 'became an outcome'), ('renegotiated', 'renegotiated with the customer'), ('declined', 'declined'), ('kept', 'kept'), ('not_kept', 'not kept'), ('reopened', 'open again'), ('corrected', 'corrected')], max_length=12)),
                ('why', models.TextField(blank=True)),
                ('was', models.JSONField(default=dict, help_text='Field → what stood there before, of what changed.')),
                ('edition', models.PositiveIntegerField(help_text='The edition that ended with it.')),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='contact',
            name='role',
            field=models.CharField(blank=True, choices=[('champion', 'champion'), ('sponsor', 'sponsor'), ('user', 'user'), ('sceptic', 'sceptic')], db_default='', default='', help_text='Their part in this: who carries it, pays for it, works with it, doubts it.', max_length=8),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('left_on', None), ('role', 'champion')), fields=['organisation', 'customer'], name='contact_champion'),
        ),
        migrations.AddField(
            model_name='attention',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='attention',
            name='saved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='championchange',
            name='closed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='championchange',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='champion_changes', to='customers.contact'),
        ),
        migrations.AddField(
            model_name='championchange',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='champion_changes', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='championchange',
            name='noticed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='championchange',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='closed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='contact',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='data_requests', to='customers.contact'),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='data_requests', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='promise',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='promise',
            name='member',
            field=models.ForeignKey(blank=True, help_text='Who promised it, when they are a member here.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='promise',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='promise',
            name='outcome',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='promises', to='customers.outcome'),
        ),
        migrations.AddField(
            model_name='promise',
            name='recorded_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='promisedecision',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='promisedecision',
            name='contact',
            field=models.ForeignKey(help_text='With whom it was renegotiated.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.contact'),
        ),
        migrations.AddField(
            model_name='promisedecision',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='promisedecision',
            name='promise',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='customers.promise'),
        ),
        migrations.AddConstraint(
            model_name='attention',
            constraint=models.UniqueConstraint(fields=('organisation',), name='attention_once'),
        ),
        migrations.AddIndex(
            model_name='championchange',
            index=models.Index(fields=['organisation', 'customer'], name='champion_change_of_customer'),
        ),
        migrations.AddConstraint(
            model_name='championchange',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('organisation', 'contact'), name='champion_change_open_once'),
        ),
        migrations.AddConstraint(
            model_name='championchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closed_why', '')), models.Q(('closed_at__isnull', False), models.Q(('closed_why', ''), _negated=True)), _connector='OR'), name='champion_change_closed_why'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None), ('contact__isnull', False)), fields=('organisation', 'contact', 'kind'), name='data_request_open_once'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('closed_at', None)), models.Q(('closed_at__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='data_request_closed_with_an_answer'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(fields=['organisation', 'customer', 'state'], name='promise_of_customer'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('retracted_by', None), ('state', 'undecided')), fields=['organisation', 'recorded_at'], name='promise_undecided'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(fields=['organisation', 'import_id'], name='promise_import'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.UniqueConstraint(condition=models.Q(('retracted_by', None), models.Q(('external_id', ''), _negated=True)), fields=('organisation', 'source', 'external_id'), name='promise_once'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_on__isnull', False), ('state__in', ['kept', 'not_kept'])), models.Q(models.Q(('state__in', ['kept', 'not_kept']), _negated=True), ('settled_on', None)), _connector='OR'), name='promise_settled_when'),
        ),
        migrations.AddIndex(
            model_name='promisedecision',
            index=models.Index(fields=['organisation', 'promise', 'id'], name='promise_decision_of'),
        ),
        Secure("Attention", "ChampionChange", "DataRequest", "Promise", "PromiseDecision"),
    ]
