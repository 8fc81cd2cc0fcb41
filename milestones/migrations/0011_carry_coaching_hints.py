from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('milestones', '0010_pause_and_follow_on_a_board'),
    ]

    operations = [
        migrations.AddField(
            model_name='milestone',
            name='coaching',
            field=models.TextField(blank=True, db_default='', default='', help_text='For the CSM: what to ask in a call around it, in Markdown.'),
        ),
    ]
