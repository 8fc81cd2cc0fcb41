"""A mail may bring an entry for its reader's calendar."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('post', '0006_make_digests_once'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='calendar',
            field=models.TextField(blank=True, db_default='', help_text='An entry for the reader’s calendar that goes with it, as it leaves.'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='purpose',
            field=models.CharField(choices=[('celebration', 'celebration'), ('confirmation', 'question: is it so?'), ('receipt', 'copy of an answer'), ('link', 'new link'), ('invitation', 'invitation'), ('appointment', 'call invitation'), ('contest', 'a customer contested'), ('digest', 'digest'), ('test', 'test mail')], max_length=20),
        ),
    ]
