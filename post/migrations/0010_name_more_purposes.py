"""What mails are for: resources, recaps of calls, reminders, asking a favour, thanks."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('post', '0009_gather_a_week'),
    ]

    operations = [
        migrations.AlterField(
            model_name='delivery',
            name='purpose',
            field=models.CharField(choices=[('celebration', 'celebration'), ('message', 'message on the way'), ('week', 'messages of a week'), ('confirmation', 'question: is it so?'), ('receipt', 'copy of an answer'), ('link', 'new link'), ('invitation', 'invitation'), ('appointment', 'call invitation'), ('resource', 'resource'), ('recap', 'recap of a call'), ('contest', 'a customer contested'), ('reminder', 'reminder of a commitment'), ('favour', 'we ask something of them'), ('thanks', 'thanks'), ('digest', 'digest'), ('test', 'test mail')], max_length=20),
        ),
    ]
