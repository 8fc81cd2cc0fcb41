"""What mails are for: introductions, meetings and news of circles."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('post', '0010_name_more_purposes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='delivery',
            name='purpose',
            field=models.CharField(choices=[('celebration', 'celebration'), ('message', 'message on the way'), ('week', 'messages of a week'), ('confirmation', 'question: is it so?'), ('receipt', 'copy of an answer'), ('link', 'new link'), ('invitation', 'invitation'), ('appointment', 'call invitation'), ('resource', 'resource'), ('recap', 'recap of a call'), ('contest', 'a customer contested'), ('reminder', 'reminder of a commitment'), ('favour', 'we ask something of them'), ('thanks', 'thanks'), ('introduction', 'introduction of two people'), ('meeting', 'meeting of a circle'), ('circle', 'news of a circle'), ('digest', 'digest'), ('test', 'test mail')], max_length=20),
        ),
    ]
