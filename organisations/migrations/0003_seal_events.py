import django.db.models.deletion
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0002_know_sessions_count_attempts_ask_for_two'),
    ]

    operations = [
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(help_text='1, 2, 3, …')),
                ('sealed_at', models.DateTimeField()),
                ('count', models.PositiveIntegerField()),
                ('last_id', models.BigIntegerField(help_text='The highest event sealed up to here.')),
                ('lines', models.JSONField(help_text='[[event, hash], …]')),
                ('previous', models.CharField(blank=True, max_length=40)),
                ('head', models.CharField(max_length=40)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'number'), name='seal_number_once')],
            },
        ),
        Secure("Seal"),
    ]
