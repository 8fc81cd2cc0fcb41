import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0003_outcomes_in_their_words'),
        ('milestones', '0012_gather_a_week'),
        ('organisations', '0006_limit_mails_a_week'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='asks_wording',
            field=models.BooleanField(db_default=False, default=False, help_text='It asks whether the milestone is still worded right.'),
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, choices=[('right', 'still right'), ('wrong', 'no longer right')], max_length=5)),
                ('words', models.TextField(blank=True, help_text='Why it is no longer right, in theirs.')),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('from_ip', models.GenericIPAddressField(blank=True, null=True)),
                ('is_demo', models.BooleanField(default=False)),
                ('settled_at', models.DateTimeField(blank=True, help_text='When somebody here took it up.', null=True)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='customers.contact')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='milestones.enrolment')),
                ('milestone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='milestones.milestone')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('answer', 'wrong'), ('settled_at', None)), fields=['organisation', 'answered_at'], name='agreement_objections')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('organisation', 'enrolment', 'milestone', 'contact'), name='agreement_open_once'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None), ('words', '')), models.Q(models.Q(models.Q(('answer', 'right'), ('words', '')), models.Q(('answer', 'wrong'), models.Q(('words', ''), _negated=True)), _connector='OR'), ('answered_at__isnull', False)), _connector='OR'), name='agreement_answered_whole')],
            },
        ),
        Secure("Agreement"),
    ]
