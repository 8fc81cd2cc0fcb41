from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('milestones', '0006_write_messages'),
    ]

    operations = [
        migrations.AddField(
            model_name='baseline',
            name='definitions',
            field=models.JSONField(help_text='What the figures meant then, in words; none before that was kept.', null=True),
        ),
        migrations.AddField(
            model_name='baselinerate',
            name='timeline',
            field=models.JSONField(help_text='How long it took: counts, quantiles, curve; none before that was kept.', null=True),
        ),
    ]
