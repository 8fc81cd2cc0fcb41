"""People at a customer may be asked to a planned call; it may have a length and a place."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    dependencies = [
        ('coaching', '0003_calendar_feeds'),
        ('customers', '0002_know_money_and_support_cases'),
        ('organisations', '0005_choose_a_digest'),
        ('post', '0007_calendar_entries_and_chat_channels'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='touchpoint',
            name='minutes',
            field=models.PositiveIntegerField(blank=True, help_text='How long it is to be.', null=True),
        ),
        migrations.AddField(
            model_name='touchpoint',
            name='place',
            field=models.CharField(blank=True, db_default='', help_text='Where it is: a room, a number or a link.', max_length=300),
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
        Secure("CallInvitation"),
    ]
