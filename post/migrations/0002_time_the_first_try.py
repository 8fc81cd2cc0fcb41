from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0001_initial'),
        ('post', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='first_tried_at',
            field=models.DateTimeField(blank=True, help_text='We give up some days after this moment.', null=True),
        ),
        migrations.AddIndex(
            model_name='postdue',
            index=models.Index(fields=['organisation', 'due_at', 'delivery'], name='post_due_organisation'),
        ),
    ]
