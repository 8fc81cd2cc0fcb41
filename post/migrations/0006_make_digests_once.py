import django.db.models.deletion
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0005_choose_a_digest'),
        ('post', '0005_tell_other_systems'),
    ]

    operations = [
        migrations.AlterField(
            model_name='delivery',
            name='purpose',
            field=models.CharField(choices=[('celebration', 'celebration'), ('confirmation', 'question: is it so?'), ('receipt', 'copy of an answer'), ('link', 'new link'), ('invitation', 'invitation'), ('contest', 'a customer contested'), ('digest', 'digest'), ('test', 'test mail')], max_length=20),
        ),
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(help_text='A day as 2026-03-12, or a week as 2026-W11.', max_length=10)),
                ('made_at', models.DateTimeField()),
                ('delivery', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='post.delivery')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='digests', to='organisations.membership')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'membership', 'period'), name='digest_once')],
            },
        ),
        Secure('digest'),
    ]
