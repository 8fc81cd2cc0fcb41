
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('milestones', '0003_remember_recalls_edits_and_open_contests'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='journey',
            name='archived_at',
        ),
    ]
