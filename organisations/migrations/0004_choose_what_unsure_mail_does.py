from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0003_seal_events'),
    ]

    operations = [
        migrations.AddField(
            model_name='organisation',
            name='uncertain_mail',
            field=models.CharField(choices=[('hold', 'wait for a person’s word'), ('resend', 'send it again: rather two than none')], db_default='hold', default='hold', help_text='What becomes of a mail when nobody knows whether it arrived.', max_length=6),
        ),
    ]
