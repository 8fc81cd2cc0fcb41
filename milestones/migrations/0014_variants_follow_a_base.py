import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0004_what_customers_use_it_for'),
        ('milestones', '0013_ask_whether_wordings_fit'),
    ]

    operations = [
        migrations.AddField(
            model_name='journey',
            name='base',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='variants', to='milestones.journey'),
        ),
        migrations.AddField(
            model_name='journey',
            name='for_segment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.segment'),
        ),
        migrations.AddField(
            model_name='journey',
            name='for_use_case',
            field=models.CharField(blank=True, db_default='', default='', max_length=80),
        ),
        migrations.AddField(
            model_name='journeyversion',
            name='base_version',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='milestones.journeyversion'),
        ),
        migrations.AddConstraint(
            model_name='journey',
            constraint=models.CheckConstraint(condition=models.Q(('base__isnull', False), models.Q(('for_segment', None), ('for_use_case', '')), _connector='OR'), name='journey_rule_of_variants_alone'),
        ),
    ]
