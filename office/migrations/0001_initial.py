import django.db.models.deletion
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
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('customers', 'customers'), ('contacts', 'contacts'), ('enrolments', 'enrolments'), ('readings', 'readings')], max_length=12)),
                ('source', models.CharField(help_text='Where the file comes from; keeps identities apart.', max_length=60)),
                ('file_name', models.CharField(max_length=255)),
                ('file_path', models.CharField(help_text='Below the state folder.', max_length=500)),
                ('file_bytes', models.BigIntegerField()),
                ('file_sha256', models.CharField(max_length=64)),
                ('mapping', models.JSONField(default=dict)),
                ('is_history', models.BooleanField(default=False)),
                ('is_partial', models.BooleanField(default=False)),
                ('is_dry_run', models.BooleanField(default=False)),
                ('apply_at_once', models.BooleanField(default=False, help_text='Apply when the check finds nothing refused.')),
                ('made_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('waiting', 'waits for the worker'), ('checking', 'is being checked'), ('checked', 'checked, not yet applied'), ('applying', 'is being applied'), ('applied', 'applied'), ('refused', 'refused, nothing stored'), ('cancelled', 'cancelled, nothing stored'), ('failed', 'failed, nothing stored')], default='waiting', max_length=10)),
                ('state_why', models.TextField(blank=True)),
                ('lease_token', models.UUIDField(blank=True, null=True)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('cancel_asked_at', models.DateTimeField(blank=True, null=True)),
                ('checking_since', models.DateTimeField(blank=True, null=True)),
                ('applying_since', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('bytes_read', models.BigIntegerField(default=0)),
                ('lines_read', models.BigIntegerField(default=0)),
                ('counts', models.JSONField(default=dict, help_text='Rows by how they end: new, changed, unchanged, skipped, refused.')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.BigIntegerField()),
                ('end', models.CharField(choices=[('new', 'new'), ('changed', 'changed'), ('unchanged', 'unchanged'), ('skipped', 'skipped by rule'), ('refused', 'refused'), ('kept', "a person's edit is kept")], max_length=9)),
                ('data', models.JSONField(default=dict, help_text='The understood values; of a refused row the raw ones.')),
                ('column', models.CharField(blank=True, max_length=120)),
                ('value', models.CharField(blank=True, max_length=200)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='office.import')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.AddIndex(
            model_name='import',
            index=models.Index(fields=['organisation', '-made_at', '-id'], name='import_newest'),
        ),
        migrations.AddIndex(
            model_name='importrow',
            index=models.Index(fields=['organisation', 'of', 'end', 'line'], name='import_row_end'),
        ),
        migrations.AddConstraint(
            model_name='importrow',
            constraint=models.UniqueConstraint(fields=('organisation', 'of', 'line'), name='import_row_once'),
        ),
        Secure("Import", "ImportRow"),
    ]
