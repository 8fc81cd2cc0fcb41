import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


from organisations.walls import Secure, for_each_organisation


def write_them_down(apps, organisation):
    """What stood on the customer becomes their first outcome."""
    Customer, Outcome = (apps.get_model("customers", name) for name in ("Customer", "Outcome"))
    nothing = {"outcome": "", "outcome_by": "", "outcome_on": None}
    nothing |= {"outcome_metric": None, "outcome_baseline": None, "outcome_target": None}
    rows = Customer.objects.filter(organisation_id=organisation.pk).exclude(**nothing)
    made = []
    for row in rows.iterator(chunk_size=1000):
        made.append(
            Outcome(
                organisation_id=organisation.pk,
                customer_id=row.pk,
                words=row.outcome,
                said_by=row.outcome_by,
                said_on=row.outcome_on,
                metric_id=row.outcome_metric_id,
                baseline=row.outcome_baseline,
                target=row.outcome_target,
                created_at=row.created_at,
            )
        )
        if len(made) == 1000:
            Outcome.objects.bulk_create(made)
            made = []
    Outcome.objects.bulk_create(made)


def put_back(apps, organisation):
    """What counts most goes back on the customer; more than one there cannot be."""
    Customer, Outcome = (apps.get_model("customers", name) for name in ("Customer", "Outcome"))
    first = {}
    rows = Outcome.objects.filter(organisation_id=organisation.pk, retired_at=None)
    for row in rows.order_by("-position", "-id"):
        first[row.customer_id] = row
    for customer_id, row in first.items():
        Customer.objects.filter(organisation_id=organisation.pk, pk=customer_id).update(
            outcome=row.words,
            outcome_by=row.said_by,
            outcome_on=row.said_on,
            outcome_metric_id=row.metric_id,
            outcome_baseline=row.baseline,
            outcome_target=row.target,
        )


def settle(apps, schema_editor):
    """Look at what was written now: PostgreSQL changes no table with checks that still wait."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


def forwards(apps, schema_editor):
    for_each_organisation(write_them_down)(apps, schema_editor)
    settle(apps, schema_editor)


def backwards(apps, schema_editor):
    for_each_organisation(put_back)(apps, schema_editor)
    settle(apps, schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0002_know_money_and_support_cases'),
        ('organisations', '0005_choose_a_digest'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=1, help_text='What counts most is 1.')),
                ('words', models.TextField(blank=True, help_text='What they want to reach, in their own words.')),
                ('said_by', models.CharField(blank=True, help_text='Who said so, and where.', max_length=200)),
                ('said_on', models.DateField(blank=True, help_text='Since when they say so.', null=True)),
                ('baseline', models.FloatField(blank=True, null=True)),
                ('baseline_on', models.DateField(blank=True, null=True)),
                ('target', models.FloatField(blank=True, null=True)),
                ('target_on', models.DateField(blank=True, null=True)),
                ('required', models.TextField(blank=True, help_text='What must be true when it is reached.')),
                ('experience', models.TextField(blank=True, help_text='How they want to get there.')),
                ('edition', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(blank=True, help_text='When the customer said that this wording is right.', null=True)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('retired_why', models.CharField(blank=True, max_length=200)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.contact')),
                ('contact', models.ForeignKey(blank=True, help_text='Whose words they are.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.contact')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outcomes', to='customers.customer')),
                ('metric', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.metric')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='OutcomeAsk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, help_text='Answered, or taken back.', null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outcome_asks', to='customers.contact')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('outcome', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='asks', to='customers.outcome')),
            ],
        ),
        migrations.CreateModel(
            name='OutcomeReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('right', 'right'), ('wrong', 'wrong')], max_length=5)),
                ('words', models.TextField(blank=True, help_text='What is wrong.')),
                ('edition', models.PositiveIntegerField(help_text='The edition it left: what was confirmed.')),
                ('changed', models.JSONField(default=list, help_text='What they changed in the wording itself.')),
                ('at', models.DateTimeField()),
                ('from_ip', models.GenericIPAddressField(blank=True, null=True)),
                ('opened_at', models.DateTimeField(blank=True, help_text='When the link was first opened.', null=True)),
                ('is_demo', models.BooleanField(default=False)),
                ('withdrawn_at', models.DateTimeField(blank=True, help_text='Undone by the customer within 24 hours.', null=True)),
                ('settled_at', models.DateTimeField(blank=True, help_text='An objection: when the wording was changed or confirmed.', null=True)),
                ('ask', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='customers.outcomeask')),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.contact')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('outcome', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='customers.outcome')),
            ],
        ),
        migrations.CreateModel(
            name='OutcomeRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('edition', models.PositiveIntegerField(help_text='The edition that ended with this change.')),
                ('was', models.JSONField(help_text='Field → what stood there before, of each field that changed.')),
                ('at', models.DateTimeField()),
                ('import_id', models.BigIntegerField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(help_text="The customer's own change.", null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.contact')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('outcome', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='customers.outcome')),
            ],
        ),
        migrations.AddIndex(
            model_name='outcome',
            index=models.Index(fields=['organisation', 'customer', 'position'], name='outcome_of_customer'),
        ),
        migrations.AddConstraint(
            model_name='outcome',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('retired_at', None), ('retired_why', '')), models.Q(('retired_at__isnull', False), models.Q(('retired_why', ''), _negated=True)), _connector='OR'), name='outcome_retired_why'),
        ),
        migrations.AddConstraint(
            model_name='outcome',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_at__isnull', False), ('confirmed_by', None), _connector='OR'), name='outcome_confirmed_when'),
        ),
        migrations.AddConstraint(
            model_name='outcomeask',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('organisation', 'outcome', 'contact'), name='outcome_ask_open_once'),
        ),
        migrations.AddIndex(
            model_name='outcomereply',
            index=models.Index(condition=models.Q(('kind', 'wrong'), ('settled_at', None), ('withdrawn_at', None)), fields=['organisation', 'outcome'], name='outcome_reply_objection'),
        ),
        migrations.AddConstraint(
            model_name='outcomerevision',
            constraint=models.UniqueConstraint(fields=('organisation', 'outcome', 'edition'), name='outcome_revision_once'),
        ),
        Secure("Outcome", "OutcomeAsk", "OutcomeReply", "OutcomeRevision"),
        migrations.RunPython(forwards, backwards),
        migrations.RemoveField(
            model_name='customer',
            name='outcome',
        ),
        migrations.RemoveField(
            model_name='customer',
            name='outcome_baseline',
        ),
        migrations.RemoveField(
            model_name='customer',
            name='outcome_by',
        ),
        migrations.RemoveField(
            model_name='customer',
            name='outcome_metric',
        ),
        migrations.RemoveField(
            model_name='customer',
            name='outcome_on',
        ),
        migrations.RemoveField(
            model_name='customer',
            name='outcome_target',
        ),
    ]
