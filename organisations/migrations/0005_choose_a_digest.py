from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0004_choose_what_unsure_mail_does'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='digest',
            field=models.CharField(choices=[('none', 'none'), ('daily', 'every day'), ('weekly', 'every week')], db_default='none', default='none', max_length=6),
        ),
    ]
