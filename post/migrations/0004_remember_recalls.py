from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('post', '0003_hold_mail_of_copies'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='recalled_why',
            field=models.CharField(blank=True, db_default='', help_text='Why it must not be tried again.', max_length=500),
        ),
    ]
