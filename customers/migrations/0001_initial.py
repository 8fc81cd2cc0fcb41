import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organisations', '0001_initial'),
        ('post', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Customer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='Their id in the system they come from.', max_length=120)),
                ('name', models.CharField(max_length=200)),
                ('about', models.CharField(blank=True, help_text='What they do, in a few words.', max_length=200)),
                ('outcome', models.TextField(blank=True, help_text='What they want to reach, in their own words.')),
                ('outcome_by', models.CharField(blank=True, help_text='Who said so, and where.', max_length=200)),
                ('outcome_on', models.DateField(blank=True, null=True)),
                ('outcome_baseline', models.FloatField(blank=True, null=True)),
                ('outcome_target', models.FloatField(blank=True, null=True)),
                ('fields', models.JSONField(blank=True, default=dict, help_text='Further columns kept from imports.')),
                ('edited', models.JSONField(blank=True, default=dict, help_text='Field → when a person last edited it; imports keep those.')),
                ('created_at', models.DateTimeField()),
                ('left_on', models.DateField(blank=True, null=True)),
                ('left_why', models.CharField(blank=True, max_length=200)),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Metric',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=80)),
                ('name', models.CharField(max_length=120)),
                ('unit', models.CharField(blank=True, max_length=20)),
                ('lower_is_better', models.BooleanField(default=False)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='LatestReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('value', models.FloatField()),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='latest_readings', to='customers.customer')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('metric', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.metric')),
            ],
        ),
        migrations.AddField(
            model_name='customer',
            name='outcome_metric',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.metric'),
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(help_text='When it was so.')),
                ('recorded_at', models.DateTimeField(help_text='When we learned it.')),
                ('value', models.FloatField()),
                ('source', models.CharField(max_length=60)),
                ('external_id', models.CharField(help_text="The source's id; else customer, metric and time.", max_length=200)),
                ('import_id', models.BigIntegerField(null=True)),
                ('is_standing', models.BooleanField(default=True)),
                ('retracted_by', models.BigIntegerField(help_text='The import whose undo took it back.', null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='customers.customer')),
                ('metric', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='customers.metric')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('replaced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.reading')),
            ],
        ),
        migrations.CreateModel(
            name='Segment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60)),
                ('name', models.CharField(max_length=80)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.AddField(
            model_name='customer',
            name='segment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='customers', to='customers.segment'),
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(blank=True, max_length=120)),
                ('name', models.CharField(max_length=200)),
                ('title', models.CharField(blank=True, help_text='Their work, or their part in this.', max_length=120)),
                ('phone', models.CharField(blank=True, max_length=50)),
                ('is_primary', models.BooleanField(default=False)),
                ('celebrate_with', models.BooleanField(default=False)),
                ('left_on', models.DateField(blank=True, null=True)),
                ('edited', models.JSONField(blank=True, default=dict, help_text='Field → when a person last edited it; imports keep those.')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('recipient', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='contacts', to='post.recipient')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='customers.customer')),
            ],
            options={
                'ordering': ['-is_primary', 'name', 'id'],
                'indexes': [models.Index(fields=['organisation', 'name'], name='contact_by_name')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('organisation', 'customer', 'key'), name='contact_key_once'), models.UniqueConstraint(condition=models.Q(('recipient__isnull', False)), fields=('organisation', 'customer', 'recipient'), name='contact_address_once'), models.UniqueConstraint(condition=models.Q(('is_primary', True)), fields=('organisation', 'customer'), name='contact_primary_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='metric',
            constraint=models.UniqueConstraint(fields=('organisation', 'key'), name='metric_key_once'),
        ),
        migrations.AddConstraint(
            model_name='latestreading',
            constraint=models.UniqueConstraint(fields=('organisation', 'customer', 'metric'), name='latest_reading_once'),
        ),
        migrations.AddIndex(
            model_name='reading',
            index=models.Index(condition=models.Q(('is_standing', True)), fields=['organisation', 'customer', 'metric', 'at'], name='reading_judged'),
        ),
        migrations.AddIndex(
            model_name='reading',
            index=models.Index(fields=['organisation', 'import_id'], name='reading_import'),
        ),
        migrations.AddConstraint(
            model_name='reading',
            constraint=models.UniqueConstraint(condition=models.Q(('is_standing', True)), fields=('organisation', 'source', 'external_id'), name='reading_once'),
        ),
        migrations.AddConstraint(
            model_name='reading',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_standing', True), ('replaced_by', None), ('retracted_by', None)), models.Q(('is_standing', False), models.Q(('replaced_by__isnull', False), ('retracted_by__isnull', False), _connector='OR')), _connector='OR'), name='reading_standing_or_why_not'),
        ),
        migrations.AddConstraint(
            model_name='segment',
            constraint=models.UniqueConstraint(fields=('organisation', 'slug'), name='segment_slug_once'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['organisation', 'name', 'id'], name='customer_by_name'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['organisation', 'owner', 'name', 'id'], name='customer_by_owner'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['organisation', 'segment', 'name', 'id'], name='customer_by_segment'),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.UniqueConstraint(fields=('organisation', 'key'), name='customer_key_once'),
        ),
        Secure("Segment", "Metric", "Customer", "Contact", "Reading", "LatestReading"),
    ]
