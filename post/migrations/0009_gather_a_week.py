from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('post', '0008_name_messages'),
    ]

    operations = [
        migrations.AddField(
            model_name='recipient',
            name='weekday',
            field=models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday')], db_default=1, default=1, help_text='When their one mail a week goes, if they wish for one.'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='purpose',
            field=models.CharField(choices=[('celebration', 'celebration'), ('message', 'message on the way'), ('week', 'messages of a week'), ('confirmation', 'question: is it so?'), ('receipt', 'copy of an answer'), ('link', 'new link'), ('invitation', 'invitation'), ('appointment', 'call invitation'), ('contest', 'a customer contested'), ('digest', 'digest'), ('test', 'test mail')], max_length=20),
        ),
        migrations.AlterField(
            model_name='recipient',
            name='wish',
            field=models.CharField(choices=[('all', 'everything'), ('weekly', 'one mail a week instead of single ones'), ('important', 'only what asks something of them'), ('nothing', 'no mails')], default='all', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='recipient',
            constraint=models.CheckConstraint(condition=models.Q(('weekday__lte', 4)), name='recipient_weekday_is_a_workday'),
        ),
    ]
