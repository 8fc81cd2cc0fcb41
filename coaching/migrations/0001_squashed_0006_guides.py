"""Everything the steps up to here make, at once: for databases that begin now."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    replaces = [('coaching', '0001_initial'), ('coaching', '0002_call_once_per_form'), ('coaching', '0003_calendar_feeds'), ('coaching', '0004_invite_to_calls'), ('coaching', '0005_challenges'), ('coaching', '0006_guides')]

    initial = True

    dependencies = [
        ('customers', '0004_what_customers_use_it_for'),
        ('milestones', '0014_variants_follow_a_base'),
        ('organisations', '0006_limit_mails_a_week'),
        ('post', '0009_gather_a_week'),
    ]

    operations = [
        migrations.CreateModel(
            name='CallDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('data', models.JSONField(default=dict)),
                ('kept_at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='call_drafts', to='customers.customer')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'by', 'customer'), name='call_draft_once')],
            },
        ),
        migrations.CreateModel(
            name='ChallengeKind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60)),
                ('name', models.CharField(max_length=120)),
                ('signs', models.TextField(blank=True, help_text='How one knows it, one sign a line.')),
                ('questions', models.TextField(blank=True, help_text='What to ask the customer, one question a line.')),
                ('steps', models.JSONField(default=list, help_text='What to do, in order: words, and days from its opening.')),
                ('lead', models.CharField(choices=[('csm', 'the customer’s CSM'), ('manager', 'a manager')], default='csm', help_text='Who leads it.', max_length=8)),
                ('escalate', models.TextField(blank=True, help_text='When others are called in, and who.')),
                ('created_at', models.DateTimeField()),
                ('saved_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(blank=True, help_text='Out of the catalogue since.', null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'key'), name='challenge_kind_key_once'), models.UniqueConstraint(condition=models.Q(('retired_at', None)), fields=('organisation', 'name'), name='challenge_kind_name_once')],
            },
        ),
        migrations.CreateModel(
            name='Guide',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[('onboarding', 'onboarding'), ('adoption', 'adoption'), ('outcome', 'outcome'), ('mastery', 'mastery')], max_length=12)),
                ('created_at', models.DateTimeField()),
                ('kind', models.ForeignKey(blank=True, help_text='None: the plain guide of the stage.', null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='guides', to='coaching.challengekind')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind__isnull', False)), fields=('organisation', 'stage', 'kind'), name='guide_once'), models.UniqueConstraint(condition=models.Q(('kind', None)), fields=('organisation', 'stage'), name='guide_plain_once')],
            },
        ),
        migrations.CreateModel(
            name='GuideEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('purpose', models.TextField(blank=True, help_text='What the conversation is for.')),
                ('goal', models.TextField(blank=True, help_text='Questions, one a line.')),
                ('reality', models.TextField(blank=True, help_text='Questions, one a line.')),
                ('options', models.TextField(blank=True, help_text='Questions, one a line.')),
                ('will', models.TextField(blank=True, help_text='Questions, one a line.')),
                ('cues', models.TextField(blank=True, help_text='What to listen for.')),
                ('good', models.TextField(blank=True, help_text='What a good conversation leaves behind.')),
                ('avoid', models.TextField(blank=True, help_text='What not to do.')),
                ('written_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('guide', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='editions', to='coaching.guide')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'guide', 'number'), name='guide_edition_once'), models.UniqueConstraint(condition=models.Q(('published_at', None)), fields=('organisation', 'guide'), name='guide_edition_one_draft')],
            },
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('held_at', models.DateTimeField()),
                ('minutes', models.PositiveIntegerField(blank=True, null=True)),
                ('goal', models.TextField(blank=True)),
                ('reality', models.TextField(blank=True)),
                ('options', models.TextField(blank=True)),
                ('words', models.TextField(blank=True, help_text="The customer's own words worth keeping.")),
                ('notes', models.TextField(blank=True, help_text="The coach's notes. Never shown to the customer.")),
                ('confidence', models.PositiveSmallIntegerField(blank=True, help_text="The customer's, 0 to 10.", null=True, validators=[django.core.validators.MaxValueValidator(10)])),
                ('saved_at', models.DateTimeField()),
                ('form_token', models.UUIDField(blank=True, help_text='The form it was typed in: sent twice, it is still one call.', null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='customers.customer')),
                ('enrolment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='calls', to='milestones.enrolment')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('guide', models.ForeignKey(blank=True, help_text='The guide it was led by, in the edition of that day.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='calls', to='coaching.guideedition')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'customer', '-held_at', '-id'], name='call_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('confidence', None), ('confidence__lte', 10), _connector='OR'), name='call_confidence_to_ten'), models.UniqueConstraint(condition=models.Q(('form_token__isnull', False)), fields=('organisation', 'form_token'), name='call_once_per_form')],
            },
        ),
        migrations.CreateModel(
            name='CallAttendee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendees', to='coaching.call')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attended', to='customers.contact')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'call', 'contact'), name='attendee_once')],
            },
        ),
        migrations.CreateModel(
            name='Challenge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(blank=True, help_text='How the customer put it.')),
                ('opened_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('open', 'open'), ('resolved', 'resolved'), ('given_up', 'given up')], default='open', max_length=8)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_why', models.TextField(blank=True, help_text='How it was resolved, or why it was given up.')),
                ('call', models.ForeignKey(blank=True, help_text='The call in which it came up.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='challenges', to='coaching.call')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='challenges', to='customers.customer')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('owner', models.ForeignKey(help_text='Who leads it.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('kind', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='challenges', to='coaching.challengekind')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'customer', 'state'], name='challenge_of_customer'), models.Index(fields=['organisation', 'kind', 'state'], name='challenge_of_kind')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('organisation', 'customer', 'kind'), name='challenge_open_once'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closed_by', None), ('closed_why', ''), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False), ('closed_by__isnull', False), models.Q(('closed_why', ''), _negated=True)), _connector='OR'), name='challenge_closed_why')],
            },
        ),
        migrations.CreateModel(
            name='ChallengeStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('words', models.CharField(max_length=300)),
                ('due_on', models.DateField(blank=True, null=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='coaching.challenge')),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('done_at', None)), fields=['organisation', 'due_on'], name='challenge_step_pending')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'challenge', 'position'), name='challenge_step_once'), models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('done_by', None)), models.Q(('done_at__isnull', False), ('done_by__isnull', False)), _connector='OR'), name='challenge_step_done_by')],
            },
        ),
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('when', models.CharField(blank=True, help_text='When this happens …', max_length=200)),
                ('will', models.CharField(help_text='… they will do this.', max_length=300)),
                ('due_on', models.DateField(blank=True, null=True)),
                ('made_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('open', 'open'), ('kept', 'kept'), ('not_kept', 'not kept')], default='open', max_length=8)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('call', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='commitments', to='coaching.call')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='commitments', to='customers.customer')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('owner_contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='commitments', to='customers.contact')),
                ('owner_user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'customer', 'state', 'due_on'], name='commitment_customer'), models.Index(fields=['organisation', 'owner_user', 'state', 'due_on'], name='commitment_owner')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('owner_contact__isnull', False), ('owner_user', None)), models.Q(('owner_contact', None), ('owner_user__isnull', False)), _connector='OR'), name='commitment_one_owner'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='commitment_settled_when')],
            },
        ),
        migrations.CreateModel(
            name='Touchpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField()),
                ('minutes', models.PositiveIntegerField(blank=True, help_text='How long it is to be.', null=True)),
                ('place', models.CharField(blank=True, db_default='', help_text='Where it is: a room, a number or a link.', max_length=300)),
                ('purpose', models.CharField(blank=True, max_length=200)),
                ('state', models.CharField(choices=[('planned', 'planned'), ('held', 'held'), ('skipped', 'skipped')], default='planned', max_length=8)),
                ('call', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='touchpoint', to='coaching.call')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='touchpoints', to='customers.customer')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'owner', 'state', 'due_at'], name='touchpoint_owner')],
            },
        ),
        migrations.CreateModel(
            name='CallInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('invited_at', models.DateTimeField()),
                ('uid', models.CharField(help_text='What calendars know the call by; it never changes.', max_length=200)),
                ('sequence', models.PositiveIntegerField(default=0, help_text='Of the last message; each is one more.')),
                ('asked_in', models.PositiveIntegerField(default=0, help_text='The sequence of the last request.')),
                ('starts_at', models.DateTimeField(help_text='As the last request says, like the next three.')),
                ('minutes', models.PositiveIntegerField()),
                ('place', models.CharField(blank=True, max_length=300)),
                ('organizer', models.EmailField(max_length=254)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_why', models.CharField(blank=True, choices=[('called_off', 'the call is off'), ('taken_back', 'taken back'), ('gone', 'the customer left or is archived'), ('left', 'they work there no more'), ('readdressed', 'they have another address now'), ('held', 'the call was held')], max_length=12)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='call_invitations', to='customers.contact')),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('recipient', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='post.recipient')),
                ('touchpoint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='coaching.touchpoint')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['organisation', 'touchpoint'], name='call_invitation_open')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'touchpoint', 'contact', 'recipient'), name='call_invitation_once'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_why', '')), models.Q(('ended_at__isnull', False), models.Q(('ended_why', ''), _negated=True)), _connector='OR'), name='call_invitation_ends_why'), models.CheckConstraint(condition=models.Q(('asked_in__lte', models.F('sequence'))), name='call_invitation_in_sequence')],
            },
        ),
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField(help_text='When this address was made; a new one ends the one before.')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'user'), name='calendar_feed_one_each'), models.UniqueConstraint(fields=('organisation', 'token_hash'), name='calendar_feed_once')],
            },
        ),
        migrations.AddField(
            model_name='call',
            name='contacts',
            field=models.ManyToManyField(related_name='calls', through='coaching.CallAttendee', to='customers.contact'),
        ),
        Secure('Call', 'CallAttendee', 'CallDraft', 'Commitment', 'Touchpoint', 'CalendarFeed', 'CallInvitation', 'ChallengeKind', 'Challenge', 'ChallengeStep', 'Guide', 'GuideEdition'),
    ]
