import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('customers', '0001_initial'),
        ('organisations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Journey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60)),
                ('name', models.CharField(max_length=120)),
                ('purpose', models.TextField(blank=True, help_text='What the customer has reached at its end.')),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='JourneyVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('journey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='milestones.journey')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Milestone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60)),
                ('position', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=120)),
                ('meaning', models.TextField(blank=True, help_text='What it means for the customer.')),
                ('stage', models.CharField(choices=[('onboarding', 'onboarding'), ('adoption', 'adoption'), ('outcome', 'outcome'), ('mastery', 'mastery')], default='onboarding', max_length=12)),
                ('target_days', models.PositiveIntegerField(blank=True, help_text='Days from the start.', null=True)),
                ('celebrate', models.CharField(choices=[('auto', 'by itself, after the hold'), ('review', "after a person's yes"), ('silent', 'not at all')], default='auto', max_length=8)),
                ('hold_hours', models.PositiveIntegerField(default=24, validators=[django.core.validators.MaxValueValidator(720)])),
                ('join', models.CharField(choices=[('all', 'all of them'), ('any', 'any of them')], default='all', max_length=3)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='milestones', to='milestones.journeyversion')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Enrolment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_on', models.DateField(blank=True, help_text='The date given, else none.', null=True)),
                ('started_at', models.DateTimeField(blank=True, help_text="That date's midnight in the organisation's zone.", null=True)),
                ('enrolled_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_why', models.CharField(blank=True, max_length=200)),
                ('is_judged', models.BooleanField(default=True, help_text='Leaving does not stop judging unless its reason says so.')),
                ('achieved_count', models.PositiveSmallIntegerField(default=0)),
                ('moved_at', models.DateTimeField(blank=True, help_text='When the last milestone was achieved, else when it started.', null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='enrolments', to='customers.customer')),
                ('enrolled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('journey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='milestones.journey')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='milestones.journeyversion')),
                ('current', models.ForeignKey(blank=True, help_text='The first milestone not achieved; none at the end of the journey.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='milestones.milestone')),
            ],
        ),
        migrations.CreateModel(
            name='Criterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)])),
                ('kind', models.CharField(choices=[('metric', 'a metric reaches a value'), ('claim', 'the CSM claims it, with evidence'), ('confirmation', 'the customer confirms it')], max_length=12)),
                ('operator', models.CharField(blank=True, choices=[('gte', 'at least'), ('gt', 'more than'), ('lte', 'at most'), ('lt', 'less than')], max_length=3)),
                ('threshold', models.FloatField(blank=True, null=True)),
                ('metric', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='criteria', to='customers.metric')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('milestone', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='milestones.milestone')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('milestone_key', models.SlugField(max_length=60)),
                ('statement', models.TextField(help_text='What is so now, as one specific fact.')),
                ('reached_at', models.DateTimeField(help_text='Since when it is so.')),
                ('claimed_at', models.DateTimeField()),
                ('evidence_number', models.FloatField(blank=True, null=True)),
                ('evidence_words', models.TextField(blank=True, help_text='A sentence of theirs.')),
                ('evidence_link', models.URLField(blank=True, max_length=500)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_why', models.CharField(blank=True, max_length=200)),
                ('claimed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('named_contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.contact')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='claims', to='milestones.enrolment')),
                ('milestone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='milestones.milestone')),
            ],
        ),
        migrations.CreateModel(
            name='Ask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, help_text='Answered, or taken back.', null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='asks', to='customers.contact')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='asks', to='milestones.enrolment')),
                ('milestone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='milestones.milestone')),
            ],
        ),
        migrations.CreateModel(
            name='Achievement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('milestone_key', models.SlugField(max_length=60)),
                ('achieved_at', models.DateTimeField(help_text="When it was so, in the evidence's own time.")),
                ('recorded_at', models.DateTimeField(help_text='When we learned it.')),
                ('days', models.IntegerField(help_text='Whole local days from the start; none without a start.', null=True)),
                ('is_history', models.BooleanField(default=False, help_text='Came with --history: never cheered by itself.')),
                ('is_to_celebrate', models.BooleanField(default=False, help_text='Waits to be gathered by advocacy.')),
                ('verified_at', models.DateTimeField(blank=True, help_text='When the customer confirmed it.', null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_why', models.CharField(blank=True, max_length=200)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='achievements', to='milestones.enrolment')),
                ('milestone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='achievements', to='milestones.milestone')),
            ],
        ),
        migrations.CreateModel(
            name='Verdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('milestone_key', models.SlugField(max_length=60)),
                ('kind', models.CharField(choices=[('confirmed', 'confirmed'), ('contested', 'contested')], max_length=10)),
                ('words', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('from_ip', models.GenericIPAddressField(blank=True, null=True)),
                ('opened_at', models.DateTimeField(blank=True, help_text='When the link was first opened.', null=True)),
                ('is_demo', models.BooleanField(default=False)),
                ('withdrawn_at', models.DateTimeField(blank=True, help_text='Undone by the customer within 24 hours.', null=True)),
                ('settled_at', models.DateTimeField(blank=True, help_text='A contest: when the customer confirmed after all.', null=True)),
                ('answer', models.TextField(blank=True, help_text="The CSM's answer to a contest.")),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ask', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='verdicts', to='milestones.ask')),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='verdicts', to='customers.contact')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='verdicts', to='milestones.enrolment')),
                ('milestone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='milestones.milestone')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='CriterionProgress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('met_at', models.DateTimeField()),
                ('value', models.FloatField(null=True)),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='met', to='milestones.criterion')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('reading', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.reading')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='met', to='milestones.enrolment')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'enrolment', 'criterion'), name='criterion_met_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='journey',
            constraint=models.UniqueConstraint(fields=('organisation', 'slug'), name='journey_slug_once'),
        ),
        migrations.AddConstraint(
            model_name='journeyversion',
            constraint=models.UniqueConstraint(fields=('organisation', 'journey', 'number'), name='version_number_once'),
        ),
        migrations.AddConstraint(
            model_name='journeyversion',
            constraint=models.UniqueConstraint(condition=models.Q(('published_at', None)), fields=('organisation', 'journey'), name='version_draft_once'),
        ),
        migrations.AddConstraint(
            model_name='milestone',
            constraint=models.UniqueConstraint(fields=('organisation', 'version', 'key'), name='milestone_key_once'),
        ),
        migrations.AddConstraint(
            model_name='milestone',
            constraint=models.UniqueConstraint(fields=('organisation', 'version', 'position'), name='milestone_position_once'),
        ),
        migrations.AddIndex(
            model_name='enrolment',
            index=models.Index(fields=['organisation', 'version', 'started_on'], name='enrolment_version'),
        ),
        migrations.AddIndex(
            model_name='enrolment',
            index=models.Index(fields=['organisation', 'current', 'moved_at'], name='enrolment_current'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('organisation', 'customer', 'journey'), name='enrolment_open_once'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('started_at', None), ('started_on', None)), models.Q(('started_at__isnull', False), ('started_on__isnull', False)), _connector='OR'), name='enrolment_start_paired'),
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.UniqueConstraint(fields=('organisation', 'milestone', 'position'), name='criterion_position_once'),
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'metric'), ('metric__isnull', False), ('threshold__isnull', False), ('operator__in', ['gte', 'gt', 'lte', 'lt'])), models.Q(models.Q(('kind', 'metric'), _negated=True), ('metric', None), ('operator', ''), ('threshold', None)), _connector='OR'), name='criterion_whole'),
        ),
        migrations.AddIndex(
            model_name='claim',
            index=models.Index(fields=['organisation', 'enrolment', 'milestone_key'], name='claim_judged'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('evidence_number__isnull', False), models.Q(('evidence_words', ''), _negated=True), models.Q(('evidence_link', ''), _negated=True), _connector='OR'), name='claim_has_evidence'),
        ),
        migrations.AddConstraint(
            model_name='ask',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('organisation', 'enrolment', 'milestone', 'contact'), name='ask_open_once'),
        ),
        migrations.AddIndex(
            model_name='achievement',
            index=models.Index(condition=models.Q(('is_to_celebrate', True)), fields=['organisation', 'id'], name='achievement_uncheered'),
        ),
        migrations.AddIndex(
            model_name='achievement',
            index=models.Index(condition=models.Q(('withdrawn_at', None)), fields=['organisation', 'milestone', 'achieved_at'], name='achievement_figures'),
        ),
        migrations.AddConstraint(
            model_name='achievement',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('organisation', 'enrolment', 'milestone_key'), name='achievement_once'),
        ),
        migrations.AddConstraint(
            model_name='achievement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_why', '')), models.Q(('withdrawn_at__isnull', False), models.Q(('withdrawn_why', ''), _negated=True)), _connector='OR'), name='achievement_withdrawn_why'),
        ),
        migrations.AddIndex(
            model_name='verdict',
            index=models.Index(fields=['organisation', 'enrolment', 'milestone_key'], name='verdict_judged'),
        ),
        Secure("Journey", "JourneyVersion", "Milestone", "Criterion", "Enrolment", "Ask", "Claim", "Verdict", "CriterionProgress", "Achievement"),
    ]
