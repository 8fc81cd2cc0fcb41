"""Circles: who is in them and shows what, introductions by both yes, meetings."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    dependencies = [
        ('advocacy', '0003_advocates_referrals_and_expansion'),
        ('customers', '0006_promises_and_roles'),
        ('milestones', '0015_next_steps_after_a_win'),
        ('organisations', '0006_limit_mails_a_week'),
        ('post', '0011_name_purposes_of_circles'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Circle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('about', models.TextField(help_text='What they have in common, as they read it.')),
                ('talk_url', models.URLField(blank=True, help_text='Where they talk, such as a Discourse category.')),
                ('made_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('host', models.ForeignKey(help_text='Answers to its mails reach them.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='CircleMeeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('about', models.TextField(blank=True)),
                ('starts_at', models.DateTimeField()),
                ('minutes', models.PositiveSmallIntegerField()),
                ('place', models.CharField(help_text='A room, a number or a link.', max_length=300)),
                ('planned_at', models.DateTimeField()),
                ('off_at', models.DateTimeField(blank=True, null=True)),
                ('circle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meetings', to='advocacy.circle')),
                ('off_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('planned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='CircleSeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('asked', 'asked'), ('joined', 'in the circle'), ('declined', 'would rather not'), ('left', 'left it')], default='asked', max_length=8)),
                ('asked_at', models.DateTimeField()),
                ('joined_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, help_text='When they said no, or left.', null=True)),
                ('shows_name', models.BooleanField(default=False, help_text='Their whole name, not the first alone.')),
                ('shows_company', models.BooleanField(default=False)),
                ('shows_title', models.BooleanField(default=False, help_text='Their work there.')),
                ('told_at', models.DateTimeField(blank=True, help_text='When they last had its news.', null=True)),
                ('is_demo', models.BooleanField(default=False)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('circle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='advocacy.circle')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='circle_seats', to='customers.contact')),
                ('ended_by', models.ForeignKey(help_text='Who took them out; empty: they left by themselves.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='Introduction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('milestone_key', models.SlugField(max_length=60)),
                ('state', models.CharField(choices=[('asked', 'asked'), ('made', 'introduced'), ('declined', 'somebody would rather not'), ('ended', 'taken back')], default='asked', max_length=8)),
                ('asked_at', models.DateTimeField()),
                ('seeker_yes_at', models.DateTimeField(blank=True, null=True)),
                ('peer_yes_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('is_demo', models.BooleanField(default=False)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('circle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='introductions', to='advocacy.circle')),
                ('milestone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='milestones.milestone')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('peer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='introductions_given', to='customers.contact')),
                ('seeker', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='introductions_sought', to='customers.contact')),
            ],
        ),
        migrations.CreateModel(
            name='MeetingNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveIntegerField(default=0, help_text='Of the last message; each is one more.')),
                ('title', models.CharField(max_length=120)),
                ('about', models.TextField(blank=True)),
                ('starts_at', models.DateTimeField()),
                ('minutes', models.PositiveSmallIntegerField()),
                ('place', models.CharField(max_length=300)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meeting_notices', to='customers.contact')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='advocacy.circlemeeting')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('recipient', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='post.recipient')),
            ],
        ),
        migrations.AddConstraint(
            model_name='circle',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('organisation', 'name'), name='circle_name_once'),
        ),
        migrations.AddIndex(
            model_name='circlemeeting',
            index=models.Index(condition=models.Q(('off_at', None)), fields=['organisation', 'starts_at'], name='circle_meeting_ahead'),
        ),
        migrations.AddIndex(
            model_name='circleseat',
            index=models.Index(fields=['organisation', 'contact', '-asked_at'], name='circle_seat_of_person'),
        ),
        migrations.AddIndex(
            model_name='circleseat',
            index=models.Index(fields=['organisation', 'state', 'told_at'], name='circle_seat_state'),
        ),
        migrations.AddConstraint(
            model_name='circleseat',
            constraint=models.UniqueConstraint(fields=('organisation', 'circle', 'contact'), name='circle_seat_once'),
        ),
        migrations.AddConstraint(
            model_name='circleseat',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'joined'), _negated=True), models.Q(('ended_at', None), ('joined_at__isnull', False)), _connector='OR'), name='circle_seat_joined_when'),
        ),
        migrations.AddConstraint(
            model_name='circleseat',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'joined']), ('ended_at__isnull', False), _connector='OR'), name='circle_seat_ended_when'),
        ),
        migrations.AddConstraint(
            model_name='circleseat',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'joined'), models.Q(('shows_company', False), ('shows_name', False), ('shows_title', False)), _connector='OR'), name='circle_seat_shows_only_inside'),
        ),
        migrations.AddIndex(
            model_name='introduction',
            index=models.Index(fields=['organisation', 'state', '-asked_at'], name='introduction_state'),
        ),
        migrations.AddConstraint(
            model_name='introduction',
            constraint=models.UniqueConstraint(fields=('organisation', 'seeker', 'peer', 'milestone_key'), name='introduction_once'),
        ),
        migrations.AddConstraint(
            model_name='introduction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'made'), _negated=True), models.Q(('peer_yes_at__isnull', False), ('seeker_yes_at__isnull', False)), _connector='OR'), name='introduction_by_both'),
        ),
        migrations.AddConstraint(
            model_name='introduction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('state', 'asked')), models.Q(models.Q(('state', 'asked'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='introduction_closed_when'),
        ),
        migrations.AddConstraint(
            model_name='introduction',
            constraint=models.CheckConstraint(condition=models.Q(('seeker', models.F('peer')), _negated=True), name='introduction_of_two'),
        ),
        migrations.AddConstraint(
            model_name='meetingnotice',
            constraint=models.UniqueConstraint(fields=('organisation', 'meeting', 'contact', 'recipient'), name='meeting_notice_once'),
        ),
        migrations.AddConstraint(
            model_name='circlemeeting',
            constraint=models.UniqueConstraint(condition=models.Q(('off_at', None)), fields=('organisation', 'circle', 'title', 'starts_at'), name='circle_meeting_once'),
        ),
        Secure("circle", "circleseat", "circlemeeting", "meetingnotice", "introduction"),
    ]
