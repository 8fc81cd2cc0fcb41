"""A mail may bring an entry for its reader's calendar; a chat channel may be told, and have a digest."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0005_choose_a_digest'),
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
        migrations.AddField(
            model_name='webhookendpoint',
            name='style',
            field=models.CharField(choices=[('signed', 'signed, as Standard Webhooks has it'), ('slack', 'Slack'), ('teams', 'Microsoft Teams')], db_default='signed', default='signed', max_length=6),
        ),
        migrations.AddField(
            model_name='digest',
            name='channel',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='digests', to='post.webhookendpoint'),
        ),
        migrations.AlterField(
            model_name='digest',
            name='membership',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='digests', to='organisations.membership'),
        ),
        migrations.AddConstraint(
            model_name='digest',
            constraint=models.UniqueConstraint(fields=('organisation', 'channel', 'period'), name='digest_once_in_a_channel'),
        ),
        migrations.AddConstraint(
            model_name='digest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('channel__isnull', False), ('membership', None)), models.Q(('channel', None), ('membership__isnull', False)), _connector='OR'), name='digest_of_one'),
        ),
    ]
