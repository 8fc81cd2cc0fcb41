from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('office', '0006_take_events_in'),
    ]

    operations = [
        migrations.AlterField(
            model_name='import',
            name='kind',
            field=models.CharField(choices=[('customers', 'customers'), ('contacts', 'contacts'), ('enrolments', 'enrolments'), ('readings', 'readings'), ('transactions', 'transactions'), ('subscriptions', 'subscriptions'), ('cases', 'support cases'), ('achievements', 'past achievements'), ('promises', 'promises from the sale')], max_length=16),
        ),
    ]
