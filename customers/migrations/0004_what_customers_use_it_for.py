from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0003_outcomes_in_their_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='use_case',
            field=models.CharField(blank=True, db_default='', default='', help_text='What they use it for, in a word or two.', max_length=80),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('use_case', ''), _negated=True), fields=['organisation', 'use_case', 'name', 'id'], name='customer_by_use_case'),
        ),
    ]
