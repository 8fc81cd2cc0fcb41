"""How much it matters to them stands beside how sure they are."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coaching", "0008_plan_within_capacity")]

    operations = [
        migrations.AddField(
            model_name="call",
            name="importance",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="How much it matters to the customer, 0 to 10.",
                null=True,
                validators=[django.core.validators.MaxValueValidator(10)],
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(("importance", None), ("importance__lte", 10), _connector="OR"),
                name="call_importance_to_ten",
            ),
        ),
    ]
