import django.db.models.deletion
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    dependencies = [
        ('office', '0002_let_imports_resume_and_go_in_parts'),
        ('organisations', '0002_know_sessions_count_attempts_ask_for_two'),
    ]

    operations = [
        migrations.AddField(
            model_name='import',
            name='is_traced',
            field=models.BooleanField(db_default=False, help_text='What it did to rows is kept, so that it can be undone.'),
        ),
        migrations.AddField(
            model_name='import',
            name='undo',
            field=models.JSONField(default=dict, help_text='The last undo: {asked_at, by, part, was, counts}; counts when it is done.'),
        ),
        migrations.AlterField(
            model_name='import',
            name='state',
            field=models.CharField(choices=[('mapping', 'columns to be matched'), ('waiting', 'waits for the worker'), ('checking', 'is being checked'), ('checked', 'checked, not yet applied'), ('applying', 'is being applied'), ('applied', 'applied'), ('refused', 'refused, nothing stored'), ('cancelled', 'cancelled, nothing stored'), ('failed', 'failed'), ('undoing', 'is being undone'), ('undone', 'undone')], default='waiting', max_length=10),
        ),
        migrations.CreateModel(
            name='ImportTrace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.PositiveIntegerField(default=0)),
                ('model', models.CharField(max_length=60)),
                ('row', models.BigIntegerField(help_text='Its id.')),
                ('customer_id', models.BigIntegerField(null=True)),
                ('before', models.JSONField(help_text='The fields as they were; none for a row it made.', null=True)),
                ('after', models.CharField(help_text='Hash of the fields as it left them.', max_length=32)),
                ('undone', models.CharField(choices=[('restored', 'as before'), ('withdrawn', 'taken back'), ('left', 'left whole'), ('confirmed', 'stays: the customer confirmed it'), ('sent', 'was sent before')], db_default='', max_length=10)),
                ('undone_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(db_default='', max_length=300)),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='traces', to='office.import')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'of', 'model', 'row'], name='import_trace_row'), models.Index(condition=models.Q(('undone', 'withdrawn')), fields=['organisation', 'model', 'row'], name='import_trace_undone')],
            },
        ),
        Secure("ImportTrace"),
    ]
