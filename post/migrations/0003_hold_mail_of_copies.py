import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0001_initial'),
        ('post', '0002_time_the_first_try'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(choices=[('post', 'the post loop'), ('worker', 'the worker'), ('beat', 'beat'), ('broker', 'the broker')], max_length=10, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Installation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField()),
                ('sends', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(choices=[('copy', 'this database has sent mail before, and from somewhere else'), ('older', 'mail has left since the moment this database remembers')], max_length=10)),
                ('since', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('choice', models.CharField(blank=True, choices=[('send', 'send them'), ('leave', 'leave them stopped')], max_length=5)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('organisation',), name='hold_open_once'), models.CheckConstraint(condition=models.Q(models.Q(('choice', ''), ('ended_at', None)), models.Q(('ended_at__isnull', False), models.Q(('choice', ''), _negated=True)), _connector='OR'), name='hold_ends_with_a_choice')],
            },
        ),
        Secure("Hold"),
    ]
