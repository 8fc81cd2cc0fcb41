"""Everything the steps up to here make, at once: for databases that begin now."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    replaces = [('milestones', '0001_initial'), ('milestones', '0002_keep_drafts_as_typed'), ('milestones', '0003_remember_recalls_edits_and_open_contests'), ('milestones', '0004_drop_unused_journey_archive'), ('milestones', '0005_remember_the_past_and_freeze_baselines'), ('milestones', '0006_write_messages'), ('milestones', '0007_freeze_how_long_it_takes'), ('milestones', '0008_ask_more_of_criteria'), ('milestones', '0009_milestones_serve_outcomes'), ('milestones', '0010_pause_and_follow_on_a_board')]

    initial = True

    dependencies = [
        ('customers', '0003_outcomes_in_their_words'),
        ('organisations', '0006_limit_mails_a_week'),
        ('post', '0008_name_messages'),
    ]

    operations = [
        migrations.CreateModel(
            name='Journey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60)),
                ('name', models.CharField(max_length=120)),
                ('purpose', models.TextField(blank=True, help_text='What the customer has reached at its end.')),
                ('messages_since', models.DateTimeField(blank=True, help_text='It writes about what happens from then on. Empty: it does not.', null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'slug'), name='journey_slug_once')],
            },
        ),
        migrations.CreateModel(
            name='Baseline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(help_text='The last day that counts.')),
                ('frozen_at', models.DateTimeField()),
                ('enrolled', models.PositiveIntegerField()),
                ('brought_in', models.PositiveIntegerField(help_text='How many of the achievements had come in as history.')),
                ('definitions', models.JSONField(help_text='What the figures meant then, in words; none before that was kept.', null=True)),
                ('frozen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('journey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='baselines', to='milestones.journey')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'journey', 'on'), name='baseline_day_once')],
            },
        ),
        migrations.CreateModel(
            name='JourneyVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('outline', models.JSONField(blank=True, help_text='A draft as it was typed, whole or not. Publishing makes rows of it.', null=True)),
                ('journey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='milestones.journey')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'journey', 'number'), name='version_number_once'), models.UniqueConstraint(condition=models.Q(('published_at', None)), fields=('organisation', 'journey'), name='version_draft_once')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('milestone_key', models.SlugField(blank=True, help_text='Empty: every milestone.', max_length=60)),
                ('occasion', models.CharField(choices=[('expectation', 'what comes'), ('momentum', 'before the target'), ('stall', 'when nothing moves'), ('handover', 'on to the next')], max_length=12)),
                ('is_on', models.BooleanField(default=True)),
                ('days', models.PositiveSmallIntegerField(help_text='After what happened; before the target date.')),
                ('subject', models.CharField(max_length=150)),
                ('body', models.TextField(help_text='Markdown, with {names} that are filled in.')),
                ('edited_at', models.DateTimeField()),
                ('edited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('journey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='milestones.journey')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'journey', 'milestone_key', 'occasion'), name='message_once')],
            },
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
                ('join', models.CharField(choices=[('all', 'all of them'), ('any', 'any of them'), ('at_least', 'at least so many of them')], default='all', max_length=8)),
                ('needed', models.PositiveSmallIntegerField(blank=True, help_text='How many criteria must hold, where at least so many must.', null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='milestones', to='milestones.journeyversion')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('join', 'at_least'), ('needed__gte', 1), ('needed__isnull', False)), models.Q(models.Q(('join', 'at_least'), _negated=True), ('needed', None)), _connector='OR'), name='milestone_needed_when_joined_so'), models.UniqueConstraint(fields=('organisation', 'version', 'key'), name='milestone_key_once'), models.UniqueConstraint(fields=('organisation', 'version', 'position'), name='milestone_position_once')],
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
                ('edited', models.JSONField(blank=True, default=dict, help_text='Field → when a person last edited it; imports keep those.')),
                ('current_key', models.SlugField(blank=True, db_default='', default='', help_text="The current milestone's key.", max_length=60)),
                ('due_on', models.DateField(blank=True, help_text="The current milestone's target date, moved by pauses; none while its clock stands.", null=True)),
                ('achieved_count', models.PositiveSmallIntegerField(default=0)),
                ('moved_at', models.DateTimeField(blank=True, help_text='When the last milestone was achieved, else when it started.', null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='enrolments', to='customers.customer')),
                ('enrolled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('journey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='milestones.journey')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='milestones.journeyversion')),
                ('current', models.ForeignKey(blank=True, help_text='The first milestone not achieved; none at the end of the journey.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='milestones.milestone')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'version', 'started_on'], name='enrolment_version'), models.Index(fields=['organisation', 'current', 'moved_at'], name='enrolment_current'), models.Index(condition=models.Q(('ended_at', None)), fields=['organisation', 'journey', 'current_key', 'moved_at', 'id'], name='enrolment_board'), models.Index(condition=models.Q(('ended_at', None)), fields=['organisation', 'due_on', 'id'], name='enrolment_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('organisation', 'customer', 'journey'), name='enrolment_open_once'), models.CheckConstraint(condition=models.Q(models.Q(('started_at', None), ('started_on', None)), models.Q(('started_at__isnull', False), ('started_on__isnull', False)), _connector='OR'), name='enrolment_start_paired')],
            },
        ),
        migrations.CreateModel(
            name='MessageWritten',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('milestone_key', models.SlugField(max_length=60)),
                ('occasion', models.CharField(choices=[('expectation', 'what comes'), ('momentum', 'before the target'), ('stall', 'when nothing moves'), ('handover', 'on to the next')], max_length=12)),
                ('written_at', models.DateTimeField()),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.contact')),
                ('delivery', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='post.delivery')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages_written', to='milestones.enrolment')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', '-written_at'], name='message_newest')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'enrolment', 'milestone_key', 'occasion'), name='message_written_once')],
            },
        ),
        migrations.CreateModel(
            name='Criterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)])),
                ('kind', models.CharField(choices=[('metric', 'a metric reaches a value'), ('change', 'a metric changes against where they began'), ('sustained', 'a metric holds a value for days'), ('window', 'so many readings, or so much, within days'), ('survey', 'a survey’s newest answers reach a mean'), ('support', 'no support case is open for days'), ('claim', 'the CSM claims it, with evidence'), ('confirmation', 'the customer confirms it')], max_length=12)),
                ('operator', models.CharField(blank=True, choices=[('gte', 'at least'), ('gt', 'more than'), ('lte', 'at most'), ('lt', 'less than')], max_length=3)),
                ('threshold', models.FloatField(blank=True, null=True)),
                ('way', models.CharField(blank=True, choices=[('rises_by', 'rises by at least'), ('falls_by', 'falls by at least'), ('rises_by_percent', 'rises by at least, in %,'), ('falls_by_percent', 'falls by at least, in %,'), ('count', 'is read at least so many times:'), ('sum', 'adds up to at least'), ('number', 'a number'), ('words', 'a sentence of theirs'), ('link', 'a link')], db_default='', default='', help_text='How a change is meant, what a window counts, which evidence a claim needs.', max_length=20)),
                ('days', models.PositiveIntegerField(blank=True, help_text='How long, or within how many.', null=True)),
                ('holds_days', models.PositiveIntegerField(blank=True, help_text='How long one reading holds; a longer gap breaks the run.', null=True)),
                ('answers', models.PositiveSmallIntegerField(blank=True, help_text='Of how many newest answers the mean is taken.', null=True)),
                ('scale_low', models.FloatField(blank=True, help_text='Answers below are none.', null=True)),
                ('scale_high', models.FloatField(blank=True, help_text='Answers above are none.', null=True)),
                ('urgency', models.CharField(blank=True, db_default='', default='', help_text='Cases of this urgency only; empty: all.', max_length=40)),
                ('metric', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='criteria', to='customers.metric')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('milestone', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='milestones.milestone')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'milestone', 'position'), name='criterion_position_once'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'metric'), ('metric__isnull', False), ('operator__in', ['gte', 'gt', 'lte', 'lt']), ('threshold__isnull', False), ('way', ''), ('days', None), ('holds_days', None), ('answers', None), ('scale_low', None), ('scale_high', None), ('urgency', '')), models.Q(('kind', 'change'), ('metric__isnull', False), ('operator', ''), ('threshold__isnull', False), ('threshold__gte', 1e-06), ('way__in', ['rises_by', 'falls_by', 'rises_by_percent', 'falls_by_percent']), ('days', None), ('holds_days', None), ('answers', None), ('scale_low', None), ('scale_high', None), ('urgency', '')), models.Q(('kind', 'sustained'), ('metric__isnull', False), ('operator__in', ['gte', 'gt', 'lte', 'lt']), ('threshold__isnull', False), ('way', ''), ('days__isnull', False), ('days__gte', 1), ('holds_days__isnull', False), ('holds_days__gte', 1), ('answers', None), ('scale_low', None), ('scale_high', None), ('urgency', '')), models.Q(('kind', 'window'), ('metric__isnull', False), ('operator', ''), ('threshold__isnull', False), ('threshold__gte', 1e-06), ('way__in', ['count', 'sum']), ('days__isnull', False), ('days__gte', 1), ('holds_days', None), ('answers', None), ('scale_low', None), ('scale_high', None), ('urgency', '')), models.Q(('kind', 'survey'), ('metric__isnull', False), ('operator__in', ['gte', 'gt', 'lte', 'lt']), ('threshold__isnull', False), ('way', ''), ('days', None), ('holds_days', None), ('answers__isnull', False), ('answers__gte', 1), ('scale_low__isnull', False), ('scale_high__isnull', False), ('urgency', ''), ('scale_low__lt', models.F('scale_high'))), models.Q(('kind', 'support'), ('metric', None), ('operator', ''), ('threshold', None), ('way', ''), ('days__isnull', False), ('days__gte', 1), ('holds_days', None), ('answers', None), ('scale_low', None), ('scale_high', None)), models.Q(('kind', 'claim'), ('metric', None), ('operator', ''), ('threshold', None), ('way__in', ['', 'number', 'words', 'link']), ('days', None), ('holds_days', None), ('answers', None), ('scale_low', None), ('scale_high', None), ('urgency', '')), models.Q(('kind', 'confirmation'), ('metric', None), ('operator', ''), ('threshold', None), ('way', ''), ('days', None), ('holds_days', None), ('answers', None), ('scale_low', None), ('scale_high', None), ('urgency', '')), _connector='OR'), name='criterion_whole')],
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
            options={
                'indexes': [models.Index(fields=['organisation', 'enrolment', 'milestone_key'], name='claim_judged')],
                'constraints': [models.CheckConstraint(condition=models.Q(('evidence_number__isnull', False), models.Q(('evidence_words', ''), _negated=True), models.Q(('evidence_link', ''), _negated=True), _connector='OR'), name='claim_has_evidence')],
            },
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
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('organisation', 'enrolment', 'milestone', 'contact'), name='ask_open_once')],
            },
        ),
        migrations.CreateModel(
            name='Achievement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('milestone_key', models.SlugField(max_length=60)),
                ('achieved_at', models.DateTimeField(help_text="When it was so, in the evidence's own time.")),
                ('recorded_at', models.DateTimeField(help_text='When we learned it.')),
                ('days', models.IntegerField(help_text='Whole local days from the start, paused ones left out; none without a start.', null=True)),
                ('is_history', models.BooleanField(default=False, help_text='Came with --history: never cheered by itself.')),
                ('is_to_celebrate', models.BooleanField(default=False, help_text='Waits to be gathered by advocacy.')),
                ('is_to_recall', models.BooleanField(db_default=False, help_text='Withdrawn: advocacy sees what becomes of its celebration.')),
                ('verified_at', models.DateTimeField(blank=True, help_text='When the customer confirmed it.', null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_why', models.CharField(blank=True, max_length=200)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='achievements', to='milestones.enrolment')),
                ('milestone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='achievements', to='milestones.milestone')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('is_to_celebrate', True)), fields=['organisation', 'id'], name='achievement_uncheered'), models.Index(condition=models.Q(('is_to_recall', True)), fields=['organisation', 'id'], name='achievement_recalled'), models.Index(condition=models.Q(('withdrawn_at', None)), fields=['organisation', 'milestone', 'achieved_at'], name='achievement_figures')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('organisation', 'enrolment', 'milestone_key'), name='achievement_once'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_why', '')), models.Q(('withdrawn_at__isnull', False), models.Q(('withdrawn_why', ''), _negated=True)), _connector='OR'), name='achievement_withdrawn_why')],
            },
        ),
        migrations.CreateModel(
            name='PastAchievement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('milestone_key', models.SlugField(max_length=60)),
                ('achieved_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(help_text='When we learned it.')),
                ('source', models.CharField(max_length=60)),
                ('import_id', models.BigIntegerField(null=True)),
                ('retracted_by', models.BigIntegerField(help_text='The import whose undo took it back.', null=True)),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='past_achievements', to='milestones.enrolment')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'import_id'], name='past_achievement_import')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('retracted_by', None)), fields=('organisation', 'enrolment', 'milestone_key'), name='past_achievement_once')],
            },
        ),
        migrations.CreateModel(
            name='Patience',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('milestone_key', models.SlugField(blank=True, max_length=60)),
                ('days', models.PositiveIntegerField()),
                ('set_at', models.DateTimeField()),
                ('journey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='patience', to='milestones.journey')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'journey', 'milestone_key'), name='patience_once'), models.CheckConstraint(condition=models.Q(('days__gte', 1)), name='patience_has_days')],
            },
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(help_text='The first day on which the clock stands.')),
                ('resumes_on', models.DateField(blank=True, help_text='The day on which it runs again; none: until somebody says so.', null=True)),
                ('why', models.CharField(max_length=200)),
                ('paused_at', models.DateTimeField()),
                ('resumed_at', models.DateTimeField(blank=True, help_text='When somebody ended it by hand.', null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, help_text='Taken back: it never was.', null=True)),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pauses', to='milestones.enrolment')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('paused_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('resumed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('withdrawn_at', None)), fields=['organisation', 'enrolment', 'starts_on'], name='pause_standing')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('resumes_on', None), ('withdrawn_at', None)), fields=('organisation', 'enrolment'), name='pause_open_once'), models.CheckConstraint(condition=models.Q(('resumes_on', None), ('resumes_on__gt', models.F('starts_on')), _connector='OR'), name='pause_has_days'), models.CheckConstraint(condition=models.Q(('why', ''), _negated=True), name='pause_has_reason')],
            },
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
            options={
                'indexes': [models.Index(fields=['organisation', 'enrolment', 'milestone_key'], name='verdict_judged'), models.Index(condition=models.Q(('settled_at', None), ('withdrawn_at', None)), fields=['organisation', 'kind', 'enrolment', 'milestone_key'], name='verdict_standing')],
            },
        ),
        migrations.CreateModel(
            name='BaselineRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('milestone_key', models.SlugField(max_length=60)),
                ('name', models.CharField(max_length=120)),
                ('position', models.PositiveSmallIntegerField()),
                ('achieved', models.PositiveIntegerField()),
                ('of', models.PositiveIntegerField()),
                ('low', models.FloatField(null=True)),
                ('high', models.FloatField(null=True)),
                ('on_time', models.PositiveIntegerField()),
                ('due', models.PositiveIntegerField()),
                ('median_days', models.FloatField(null=True)),
                ('median_n', models.PositiveIntegerField()),
                ('timeline', models.JSONField(help_text='How long it took: counts, quantiles, curve; none before that was kept.', null=True)),
                ('baseline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rates', to='milestones.baseline')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'baseline', 'milestone_key'), name='baseline_rate_once')],
            },
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
        migrations.CreateModel(
            name='Aim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('milestone_key', models.SlugField(max_length=60)),
                ('set_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('outcome', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aims', to='customers.outcome')),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aims', to='milestones.enrolment')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'enrolment', 'milestone_key'), name='aim_once')],
            },
        ),
        Secure('Journey', 'JourneyVersion', 'Milestone', 'Criterion', 'Enrolment', 'Ask', 'Claim', 'Verdict', 'CriterionProgress', 'Achievement', 'PastAchievement', 'Baseline', 'BaselineRate', 'Message', 'MessageWritten', 'Aim', 'Pause', 'Patience'),
    ]
