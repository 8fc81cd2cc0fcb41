from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('office', '0003_undo_imports'),
    ]

    operations = [
        migrations.AlterField(
            model_name='import',
            name='kind',
            field=models.CharField(choices=[('customers', 'customers'), ('contacts', 'contacts'), ('enrolments', 'enrolments'), ('readings', 'readings'), ('transactions', 'transactions'), ('subscriptions', 'subscriptions'), ('cases', 'support cases'), ('achievements', 'past achievements')], max_length=16),
        ),
    ]
