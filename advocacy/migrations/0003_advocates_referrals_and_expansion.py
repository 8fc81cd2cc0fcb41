import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    dependencies = [
        ('advocacy', '0001_initial'),
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
            options={
                'indexes': [models.Index(fields=['organisation', 'state', '-invited_at'], name='advocate_state')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'contact'), name='advocate_once'), models.UniqueConstraint(fields=('organisation', 'code'), name='advocate_code_once')],
            },
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
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation',), name='ask_terms_once')],
            },
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
            options={
                'indexes': [models.Index(fields=['organisation', 'contact', '-asked_at'], name='favour_of_person'), models.Index(fields=['organisation', 'state', '-asked_at'], name='favour_state')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'accepted'])), fields=('organisation', 'contact', 'kind'), name='favour_open_once'), models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'withdrawn']), ('answered_at__isnull', False), _connector='OR'), name='favour_answered_when'), models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'accepted', 'declined', 'withdrawn']), ('done_at__isnull', False), _connector='OR'), name='favour_done_when'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'thanked'), _negated=True), ('thanked_at__isnull', False), _connector='OR'), name='favour_thanked_when')],
            },
        ),
        Secure("advocate", "askterms", "favour"),
    ]
