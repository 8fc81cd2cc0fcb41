import django.db.models.deletion
from django.conf import settings
from django.db import connection, migrations, models

from organisations.walls import Secure, for_each_organisation


@for_each_organisation
def keep_what_lists_read(apps, organisation):
    """The current milestone's key and its target date; there are no pauses yet."""
    day = "e.started_on + m.target_days"
    if connection.vendor == "sqlite":
        day = "date(e.started_on, m.target_days || ' days')"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE milestones_enrolment SET current_key = found.key, due_on = found.due_on
            FROM (SELECT e.id, m.key, {day} AS due_on FROM milestones_enrolment e
                  JOIN milestones_milestone m ON m.id = e.current_id) AS found
            WHERE found.id = milestones_enrolment.id AND milestones_enrolment.organisation_id = %s""",
            [organisation.pk],
        )


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0002_know_money_and_support_cases'),
        ('milestones', '0009_milestones_serve_outcomes'),
        ('organisations', '0005_choose_a_digest'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Patience',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('milestone_key', models.SlugField(blank=True, max_length=60)),
                ('days', models.PositiveIntegerField()),
                ('set_at', models.DateTimeField()),
            ],
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
            ],
        ),
        migrations.AddField(
            model_name='enrolment',
            name='current_key',
            field=models.SlugField(blank=True, db_default='', default='', help_text="The current milestone's key.", max_length=60),
        ),
        migrations.AddField(
            model_name='enrolment',
            name='due_on',
            field=models.DateField(blank=True, help_text="The current milestone's target date, moved by pauses; none while its clock stands.", null=True),
        ),
        migrations.AlterField(
            model_name='achievement',
            name='days',
            field=models.IntegerField(help_text='Whole local days from the start, paused ones left out; none without a start.', null=True),
        ),
        migrations.AddIndex(
            model_name='enrolment',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['organisation', 'journey', 'current_key', 'moved_at', 'id'], name='enrolment_board'),
        ),
        migrations.AddIndex(
            model_name='enrolment',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['organisation', 'due_on', 'id'], name='enrolment_due'),
        ),
        migrations.AddField(
            model_name='patience',
            name='journey',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='patience', to='milestones.journey'),
        ),
        migrations.AddField(
            model_name='patience',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='patience',
            name='set_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='pause',
            name='enrolment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pauses', to='milestones.enrolment'),
        ),
        migrations.AddField(
            model_name='pause',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='pause',
            name='paused_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='pause',
            name='resumed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='pause',
            name='withdrawn_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='patience',
            constraint=models.UniqueConstraint(fields=('organisation', 'journey', 'milestone_key'), name='patience_once'),
        ),
        migrations.AddConstraint(
            model_name='patience',
            constraint=models.CheckConstraint(condition=models.Q(('days__gte', 1)), name='patience_has_days'),
        ),
        migrations.AddIndex(
            model_name='pause',
            index=models.Index(condition=models.Q(('withdrawn_at', None)), fields=['organisation', 'enrolment', 'starts_on'], name='pause_standing'),
        ),
        migrations.AddConstraint(
            model_name='pause',
            constraint=models.UniqueConstraint(condition=models.Q(('resumes_on', None), ('withdrawn_at', None)), fields=('organisation', 'enrolment'), name='pause_open_once'),
        ),
        migrations.AddConstraint(
            model_name='pause',
            constraint=models.CheckConstraint(condition=models.Q(('resumes_on', None), ('resumes_on__gt', models.F('starts_on')), _connector='OR'), name='pause_has_days'),
        ),
        migrations.AddConstraint(
            model_name='pause',
            constraint=models.CheckConstraint(condition=models.Q(('why', ''), _negated=True), name='pause_has_reason'),
        ),
        Secure("Pause", "Patience"),
        migrations.RunPython(keep_what_lists_read, migrations.RunPython.noop),
    ]
