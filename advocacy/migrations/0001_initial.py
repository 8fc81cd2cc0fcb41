import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('customers', '0001_initial'),
        ('milestones', '0001_initial'),
        ('organisations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Celebration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('milestone_key', models.SlugField(max_length=60)),
                ('state', models.CharField(choices=[('review', "waits for a person's yes"), ('waiting', 'waits for its hold to pass'), ('posted', 'in the post'), ('stopped', 'stopped'), ('simulated', 'simulated, never sent')], max_length=10)),
                ('state_why', models.CharField(blank=True, max_length=200)),
                ('made_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(help_text='When the hold has passed.')),
                ('posted_at', models.DateTimeField(blank=True, null=True)),
                ('stopped_at', models.DateTimeField(blank=True, null=True)),
                ('contested_after_at', models.DateTimeField(blank=True, help_text='Sent before this contest.', null=True)),
                ('fact', models.TextField(blank=True, help_text='One specific fact from the evidence.')),
                ('personal_line', models.TextField(blank=True, help_text='A line the CSM adds.')),
                ('achievement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='celebrations', to='milestones.achievement')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='celebrations', to='milestones.enrolment')),
                ('milestone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='milestones.milestone')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('signed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('stopped_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='CelebrationGuest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('celebration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invited', to='advocacy.celebration')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.contact')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.AddField(
            model_name='celebration',
            name='guests',
            field=models.ManyToManyField(related_name='celebrations', through='advocacy.CelebrationGuest', to='customers.contact'),
        ),
        migrations.AddConstraint(
            model_name='celebrationguest',
            constraint=models.UniqueConstraint(fields=('organisation', 'celebration', 'contact'), name='guest_once'),
        ),
        migrations.AddIndex(
            model_name='celebration',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['organisation', 'due_at'], name='celebration_due'),
        ),
        migrations.AddIndex(
            model_name='celebration',
            index=models.Index(fields=['organisation', 'state', '-made_at'], name='celebration_state'),
        ),
        migrations.AddConstraint(
            model_name='celebration',
            constraint=models.UniqueConstraint(fields=('organisation', 'enrolment', 'milestone_key'), name='celebration_once_for_ever'),
        ),
        Secure("Celebration", "CelebrationGuest"),
    ]
