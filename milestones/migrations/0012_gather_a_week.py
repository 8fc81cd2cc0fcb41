import django.db.models.deletion
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    dependencies = [
        ('milestones', '0011_carry_coaching_hints'),
        ('organisations', '0006_limit_mails_a_week'),
        ('post', '0009_gather_a_week'),
    ]

    operations = [
        migrations.CreateModel(
            name='WeeklyMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week', models.DateField(help_text='The Monday of it, where they are.')),
                ('written_at', models.DateTimeField()),
                ('delivery', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='post.delivery')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='weekly_mails', to='post.recipient')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'recipient', 'week'), name='weekly_mail_once')],
            },
        ),
        Secure("WeeklyMail"),
    ]
