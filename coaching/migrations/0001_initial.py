import django.core.validators
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
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='customers.customer')),
                ('enrolment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='calls', to='milestones.enrolment')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='CallAttendee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendees', to='coaching.call')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attended', to='customers.contact')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.AddField(
            model_name='call',
            name='contacts',
            field=models.ManyToManyField(related_name='calls', through='coaching.CallAttendee', to='customers.contact'),
        ),
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
        ),
        migrations.CreateModel(
            name='Touchpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField()),
                ('purpose', models.CharField(blank=True, max_length=200)),
                ('state', models.CharField(choices=[('planned', 'planned'), ('held', 'held'), ('skipped', 'skipped')], default='planned', max_length=8)),
                ('call', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='touchpoint', to='coaching.call')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='touchpoints', to='customers.customer')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name='callattendee',
            constraint=models.UniqueConstraint(fields=('organisation', 'call', 'contact'), name='attendee_once'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(fields=['organisation', 'customer', '-held_at', '-id'], name='call_newest'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('confidence', None), ('confidence__lte', 10), _connector='OR'), name='call_confidence_to_ten'),
        ),
        migrations.AddConstraint(
            model_name='calldraft',
            constraint=models.UniqueConstraint(fields=('organisation', 'by', 'customer'), name='call_draft_once'),
        ),
        migrations.AddIndex(
            model_name='commitment',
            index=models.Index(fields=['organisation', 'customer', 'state', 'due_on'], name='commitment_customer'),
        ),
        migrations.AddIndex(
            model_name='commitment',
            index=models.Index(fields=['organisation', 'owner_user', 'state', 'due_on'], name='commitment_owner'),
        ),
        migrations.AddConstraint(
            model_name='commitment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('owner_contact__isnull', False), ('owner_user', None)), models.Q(('owner_contact', None), ('owner_user__isnull', False)), _connector='OR'), name='commitment_one_owner'),
        ),
        migrations.AddConstraint(
            model_name='commitment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='commitment_settled_when'),
        ),
        migrations.AddIndex(
            model_name='touchpoint',
            index=models.Index(fields=['organisation', 'owner', 'state', 'due_at'], name='touchpoint_owner'),
        ),
        Secure("Call", "CallAttendee", "CallDraft", "Commitment", "Touchpoint"),
    ]
