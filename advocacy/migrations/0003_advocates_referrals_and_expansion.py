import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    dependencies = [
        ('advocacy', '0002_tell_stories_and_hear_back'),
        ('coaching', '0006_guides'),
        ('customers', '0004_what_customers_use_it_for'),
        ('milestones', '0014_variants_follow_a_base'),
        ('organisations', '0006_limit_mails_a_week'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Advocate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('invited', 'invited'), ('willing', 'speaks for us'), ('declined', 'would rather not'), ('ended', 'no longer speaks for us')], default='invited', max_length=8)),
                ('code', models.SlugField(help_text='Ends the address they pass on: /r/…-code/.', max_length=20)),
                ('invited_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('achievement', models.ForeignKey(help_text='The verified outcome they were invited for.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='milestones.achievement')),
                ('contact', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='advocate', to='customers.contact')),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='AskTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asks', models.PositiveSmallIntegerField(default=3, help_text='Of one person in any 90 days.')),
                ('rest_days', models.JSONField(default=dict, help_text='Kind → days until it may be asked again.')),
                ('welcome', models.TextField(blank=True, help_text='Stands on the page an advocate passes on.')),
                ('reward_advocate', models.CharField(blank=True, max_length=200)),
                ('reward_newcomer', models.CharField(blank=True, max_length=200)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='ExpansionRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='What might be offered.', max_length=120)),
                ('operator', models.CharField(choices=[('at_least', 'at least'), ('at_most', 'at most')], default='at_least', max_length=8)),
                ('threshold', models.FloatField()),
                ('need_days', models.PositiveSmallIntegerField(default=180, help_text='For so many days what they said they need is taken for true.')),
                ('saved_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('metric', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.metric')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('saved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Favour',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('invitation', 'invitation to speak for us'), ('reference', 'reference call'), ('review', 'review'), ('case_study', 'case study'), ('talk', 'talk'), ('referral', 'referral')], max_length=10)),
                ('state', models.CharField(choices=[('asked', 'asked'), ('accepted', 'accepted'), ('declined', 'declined'), ('withdrawn', 'taken back'), ('done', 'done'), ('thanked', 'thanked')], default='asked', max_length=9)),
                ('words', models.TextField(help_text='What exactly is asked, as they read it.')),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('reply', models.TextField(blank=True, help_text='What they said with it.')),
                ('is_demo', models.BooleanField(default=False)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('result', models.TextField(blank=True, help_text='What came of it.')),
                ('thanked_at', models.DateTimeField(blank=True, null=True)),
                ('thanks', models.TextField(blank=True, help_text='What we wrote to thank them.')),
                ('achievement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='milestones.achievement')),
                ('answered_by', models.ForeignKey(help_text='Whoever wrote down what they said; empty: they answered themselves.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='favours', to='customers.contact')),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('thanked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Need',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(help_text='As they said it.')),
                ('said_by', models.CharField(blank=True, help_text='Who said it, if not on file.', max_length=120)),
                ('said_on', models.DateField()),
                ('noted_at', models.DateTimeField()),
                ('call', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='coaching.call')),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.contact')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='needs', to='customers.customer')),
                ('noted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='Expansion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.FloatField(help_text='What the metric showed when it was found.')),
                ('found_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('signal', 'signal'), ('confirmed', 'pursued'), ('dismissed', 'dismissed'), ('won', 'won'), ('lost', 'lost')], default='signal', max_length=9)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('why', models.CharField(blank=True, help_text='Why it was dismissed, or lost.', max_length=300)),
                ('amount_e4', models.BigIntegerField(blank=True, help_text='In ten-thousandths of the unit.', null=True)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('next_step', models.CharField(blank=True, max_length=200)),
                ('next_on', models.DateField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('achievement', models.ForeignKey(help_text='The verified outcome it grows from.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='milestones.achievement')),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='expansions', to='customers.customer')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='expansions', to='advocacy.expansionrule')),
                ('need', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='expansions', to='advocacy.need')),
            ],
        ),
        migrations.CreateModel(
            name='Referral',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('submitted', 'new'), ('qualified', 'qualified'), ('won', 'won'), ('lost', 'lost'), ('known', 'known before')], default='submitted', max_length=9)),
                ('known_as', models.CharField(blank=True, choices=[('referred', 'referred before, and that one counts'), ('customer', 'works at a customer already')], max_length=8)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('company', models.CharField(blank=True, max_length=120)),
                ('address', models.EmailField(blank=True, max_length=254)),
                ('words', models.TextField(blank=True, help_text='What they wrote.')),
                ('consent', models.TextField(help_text='What they agreed to, as they read it.')),
                ('submitted_at', models.DateTimeField()),
                ('qualified_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_why', models.CharField(blank=True, help_text='Why it was lost.', max_length=200)),
                ('amount_e4', models.BigIntegerField(blank=True, help_text='In ten-thousandths of the unit.', null=True)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('reward', models.CharField(blank=True, help_text='What was given, and to whom; a note.', max_length=200)),
                ('forgotten_at', models.DateTimeField(blank=True, help_text='When name, company, address and words were erased.', null=True)),
                ('achievement', models.ForeignKey(help_text='The celebrated outcome the advocate passes on.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='milestones.achievement')),
                ('advocate', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='referrals', to='advocacy.advocate')),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('customer', models.ForeignKey(blank=True, help_text='Who they became.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.customer')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('qualified_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ReferralOpening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('count', models.PositiveIntegerField(default=1)),
                ('advocate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='openings', to='advocacy.advocate')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.AddIndex(
            model_name='advocate',
            index=models.Index(fields=['organisation', 'state', '-invited_at'], name='advocate_state'),
        ),
        migrations.AddConstraint(
            model_name='advocate',
            constraint=models.UniqueConstraint(fields=('organisation', 'contact'), name='advocate_once'),
        ),
        migrations.AddConstraint(
            model_name='advocate',
            constraint=models.UniqueConstraint(fields=('organisation', 'code'), name='advocate_code_once'),
        ),
        migrations.AddConstraint(
            model_name='askterms',
            constraint=models.UniqueConstraint(fields=('organisation',), name='ask_terms_once'),
        ),
        migrations.AddConstraint(
            model_name='expansionrule',
            constraint=models.UniqueConstraint(condition=models.Q(('retired_at', None)), fields=('organisation', 'name'), name='expansion_rule_name_once'),
        ),
        migrations.AddIndex(
            model_name='favour',
            index=models.Index(fields=['organisation', 'contact', '-asked_at'], name='favour_of_person'),
        ),
        migrations.AddIndex(
            model_name='favour',
            index=models.Index(fields=['organisation', 'state', '-asked_at'], name='favour_state'),
        ),
        migrations.AddConstraint(
            model_name='favour',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'asked'), models.Q(('state', 'accepted'), models.Q(('kind', 'invitation'), _negated=True)), _connector='OR'), fields=('organisation', 'contact', 'kind'), name='favour_open_once'),
        ),
        migrations.AddConstraint(
            model_name='favour',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'withdrawn']), ('answered_at__isnull', False), _connector='OR'), name='favour_answered_when'),
        ),
        migrations.AddConstraint(
            model_name='favour',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'accepted', 'declined', 'withdrawn']), ('done_at__isnull', False), _connector='OR'), name='favour_done_when'),
        ),
        migrations.AddConstraint(
            model_name='favour',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'thanked'), _negated=True), ('thanked_at__isnull', False), _connector='OR'), name='favour_thanked_when'),
        ),
        migrations.AddIndex(
            model_name='need',
            index=models.Index(fields=['organisation', 'customer', '-said_on'], name='need_of_customer'),
        ),
        migrations.AddIndex(
            model_name='expansion',
            index=models.Index(fields=['organisation', 'state', 'next_on'], name='expansion_state'),
        ),
        migrations.AddConstraint(
            model_name='expansion',
            constraint=models.UniqueConstraint(fields=('organisation', 'rule', 'need'), name='expansion_of_need_once'),
        ),
        migrations.AddConstraint(
            model_name='expansion',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['signal', 'confirmed'])), fields=('organisation', 'customer', 'rule'), name='expansion_open_once'),
        ),
        migrations.AddConstraint(
            model_name='expansion',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['signal', 'confirmed', 'won']), models.Q(('why', ''), _negated=True), _connector='OR'), name='expansion_says_why'),
        ),
        migrations.AddConstraint(
            model_name='expansion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_e4', None), ('currency', '')), models.Q(('amount_e4__isnull', False), models.Q(('currency', ''), _negated=True)), _connector='OR'), name='expansion_amount_has_currency'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(fields=['organisation', 'state', '-submitted_at'], name='referral_state'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(fields=['organisation', 'advocate', '-submitted_at'], name='referral_advocate'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.UniqueConstraint(models.F('organisation'), django.db.models.functions.text.Lower('address'), condition=models.Q(('state__in', ['submitted', 'qualified', 'won']), models.Q(('address', ''), _negated=True)), name='referral_address_once'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.UniqueConstraint(models.F('organisation'), models.F('advocate'), django.db.models.functions.text.Lower('address'), condition=models.Q(('state', 'known'), models.Q(('address', ''), _negated=True)), name='referral_known_once'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_e4', None), ('currency', '')), models.Q(('amount_e4__isnull', False), models.Q(('currency', ''), _negated=True)), _connector='OR'), name='referral_amount_has_currency'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at', None), ('state__in', ['won', 'lost']), _connector='OR'), name='referral_closed_when'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(('known_as', ''), ('state', 'known'), _connector='OR'), name='referral_known_as_what'),
        ),
        migrations.AddConstraint(
            model_name='referralopening',
            constraint=models.UniqueConstraint(fields=('organisation', 'advocate', 'on'), name='referral_opening_once'),
        ),
        Secure("advocate", "askterms", "expansionrule", "favour", "need", "expansion", "referral", "referralopening"),
    ]
