"""Guides for conversations, with all their editions; a call remembers which one it was led by."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    dependencies = [
        ('coaching', '0005_challenges'),
        ('organisations', '0006_limit_mails_a_week'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Guide',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[('onboarding', 'onboarding'), ('adoption', 'adoption'), ('outcome', 'outcome'), ('mastery', 'mastery')], max_length=12)),
                ('created_at', models.DateTimeField()),
                ('kind', models.ForeignKey(blank=True, help_text='None: the plain guide of the stage.', null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='guides', to='coaching.challengekind')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
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
        ),
        migrations.AddField(
            model_name='call',
            name='guide',
            field=models.ForeignKey(blank=True, help_text='The guide it was led by, in the edition of that day.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='calls', to='coaching.guideedition'),
        ),
        migrations.AddConstraint(
            model_name='guide',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__isnull', False)), fields=('organisation', 'stage', 'kind'), name='guide_once'),
        ),
        migrations.AddConstraint(
            model_name='guide',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', None)), fields=('organisation', 'stage'), name='guide_plain_once'),
        ),
        migrations.AddConstraint(
            model_name='guideedition',
            constraint=models.UniqueConstraint(fields=('organisation', 'guide', 'number'), name='guide_edition_once'),
        ),
        migrations.AddConstraint(
            model_name='guideedition',
            constraint=models.UniqueConstraint(condition=models.Q(('published_at', None)), fields=('organisation', 'guide'), name='guide_edition_one_draft'),
        ),
        Secure("Guide", "GuideEdition"),
    ]
