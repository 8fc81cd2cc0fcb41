import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0006_promises_and_roles'),
        ('milestones', '0014_variants_follow_a_base'),
        ('organisations', '0006_limit_mails_a_week'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='NextStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[('onboarding', 'onboarding'), ('adoption', 'adoption'), ('outcome', 'outcome'), ('mastery', 'mastery')], max_length=12)),
                ('kind', models.CharField(choices=[('deepen', 'deepen'), ('teach', 'teach a peer'), ('present', 'present it'), ('stretch', 'stretch goal')], max_length=8)),
                ('words', models.CharField(blank=True, help_text='Empty: not offered at this stage.', max_length=200)),
                ('becomes', models.CharField(choices=[('commitment', 'a commitment of theirs'), ('outcome', 'an outcome to be put in their words')], default='commitment', max_length=10)),
                ('saved_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('saved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'stage', 'kind'), name='next_step_once')],
            },
        ),
        migrations.CreateModel(
            name='Pick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('milestone_key', models.SlugField(max_length=60)),
                ('kind', models.CharField(choices=[('deepen', 'deepen'), ('teach', 'teach a peer'), ('present', 'present it'), ('stretch', 'stretch goal')], max_length=8)),
                ('words', models.CharField(help_text='As the menu had it when it was chosen.', max_length=200)),
                ('due_on', models.DateField(blank=True, null=True)),
                ('commitment_id', models.BigIntegerField(help_text='The commitment it became.', null=True)),
                ('at', models.DateTimeField()),
                ('is_demo', models.BooleanField(default=False)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('taken_up_at', models.DateTimeField(blank=True, help_text='When somebody here took it up.', null=True)),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='picks', to='customers.contact')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='picks', to='milestones.enrolment')),
                ('milestone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='milestones.milestone')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('outcome', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.outcome')),
                ('taken_up_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('taken_up_at', None), ('withdrawn_at', None)), fields=['organisation', 'at'], name='pick_new')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('organisation', 'enrolment', 'milestone_key'), name='pick_once')],
            },
        ),
        Secure("NextStep", "Pick"),
    ]
