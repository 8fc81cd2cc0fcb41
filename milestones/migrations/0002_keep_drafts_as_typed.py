from django.db import migrations, models


class Migration(migrations.Migration):
    """A draft is kept as it was typed, so that nothing is lost that is not whole yet."""

    dependencies = [('milestones', '0001_initial')]

    operations = [
        migrations.AddField(
            model_name="journeyversion",
            name="outline",
            field=models.JSONField(
                blank=True,
                help_text="A draft as it was typed, whole or not. Publishing makes rows of it.",
                null=True,
            ),
        ),
    ]
