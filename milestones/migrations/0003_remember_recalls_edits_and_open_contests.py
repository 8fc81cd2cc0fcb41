
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0001_initial'),
        ('milestones', '0002_keep_drafts_as_typed'),
        ('organisations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='achievement',
            name='is_to_recall',
            field=models.BooleanField(db_default=False, help_text='Withdrawn: advocacy sees what becomes of its celebration.'),
        ),
        migrations.AddField(
            model_name='enrolment',
            name='edited',
            field=models.JSONField(blank=True, default=dict, help_text='Field → when a person last edited it; imports keep those.'),
        ),
        migrations.AddIndex(
            model_name='achievement',
            index=models.Index(condition=models.Q(('is_to_recall', True)), fields=['organisation', 'id'], name='achievement_recalled'),
        ),
        migrations.AddIndex(
            model_name='verdict',
            index=models.Index(condition=models.Q(('settled_at', None), ('withdrawn_at', None)), fields=['organisation', 'kind', 'enrolment', 'milestone_key'], name='verdict_standing'),
        ),
    ]
