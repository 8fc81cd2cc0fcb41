"""A call form sent twice is one call: the form's token is kept with the call."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coaching", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="call",
            name="form_token",
            field=models.UUIDField(
                blank=True,
                help_text="The form it was typed in: sent twice, it is still one call.",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(
                condition=models.Q(("form_token__isnull", False)),
                fields=("organisation", "form_token"),
                name="call_once_per_form",
            ),
        ),
    ]
