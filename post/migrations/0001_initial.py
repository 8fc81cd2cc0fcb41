import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organisations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.EmailField(max_length=254)),
                ('language', models.CharField(blank=True, help_text="Empty: the organisation's.", max_length=10)),
                ('zone', models.CharField(blank=True, help_text="Empty: the organisation's.", max_length=64)),
                ('quiet_from', models.TimeField(blank=True, null=True)),
                ('quiet_to', models.TimeField(blank=True, null=True)),
                ('wish', models.CharField(choices=[('all', 'everything'), ('important', 'only what asks something of them'), ('nothing', 'no mails')], default='all', max_length=10)),
                ('opted_out_at', models.DateTimeField(blank=True, null=True)),
                ('bounced_at', models.DateTimeField(blank=True, null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('celebration', 'celebration'), ('confirmation', 'question: is it so?'), ('receipt', 'copy of an answer'), ('link', 'new link'), ('invitation', 'invitation'), ('contest', 'a customer contested'), ('test', 'test mail')], max_length=20)),
                ('subject_key', models.CharField(max_length=100)),
                ('address', models.EmailField(max_length=254)),
                ('customer_id', models.BigIntegerField(null=True)),
                ('state', models.CharField(choices=[('pending', 'waiting to go'), ('sending', 'on its way'), ('sent', 'taken by the mail server'), ('failed', 'refused'), ('uncertain', 'uncertain'), ('suppressed', 'not sent: they asked us not to'), ('held', 'held'), ('stopped', 'stopped'), ('simulated', 'simulated, never sent')], default='pending', max_length=12)),
                ('reason', models.CharField(blank=True, help_text='Why it is in this state, in words.', max_length=500)),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('lease_token', models.UUIDField(blank=True, null=True)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('from_name', models.CharField(max_length=120)),
                ('reply_to', models.CharField(blank=True, max_length=254)),
                ('message_id', models.CharField(max_length=200)),
                ('subject', models.CharField(max_length=300)),
                ('text', models.TextField()),
                ('html', models.TextField(blank=True)),
                ('links', models.JSONField(default=list, help_text='Links made at send: [{placeholder, purpose, subject_id, days}].')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('recipient', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='deliveries', to='post.recipient')),
            ],
        ),
        migrations.CreateModel(
            name='PostDue',
            fields=[
                ('delivery', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='post.delivery')),
                ('due_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'db_table': 'post_due',
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=20)),
                ('subject_id', models.BigIntegerField(null=True)),
                ('address', models.EmailField(blank=True, max_length=254)),
                ('token_hash', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('first_opened_at', models.DateTimeField(blank=True, null=True)),
                ('spent_at', models.DateTimeField(blank=True, null=True)),
                ('is_demo', models.BooleanField(default=False, help_text='Opened as the customer in demo mode.')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'token_hash'), name='link_token_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='recipient',
            constraint=models.UniqueConstraint(models.F('organisation'), django.db.models.functions.text.Lower('address'), name='recipient_address_once'),
        ),
        migrations.AddConstraint(
            model_name='recipient',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('quiet_from', None), ('quiet_to', None)), models.Q(('quiet_from__isnull', False), ('quiet_to__isnull', False)), _connector='OR'), name='recipient_quiet_hours_paired'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['organisation', '-created_at', '-id'], name='delivery_newest'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['organisation', 'state', '-created_at', '-id'], name='delivery_state'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['organisation', 'customer_id', '-created_at'], name='delivery_customer'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(models.F('organisation'), models.F('purpose'), models.F('subject_key'), django.db.models.functions.text.Lower('address'), name='delivery_once'),
        ),
        migrations.AddIndex(
            model_name='postdue',
            index=models.Index(fields=['due_at', 'delivery'], name='post_due_soonest'),
        ),
        Secure("Recipient", "Delivery", "Link"),
        Secure("PostDue", dispatch=True),
    ]
