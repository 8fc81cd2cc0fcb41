"""The library: what customers are sent, in editions; to whom it went; the recap of a call."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.walls import Secure


class Migration(migrations.Migration):

    dependencies = [
        ('coaching', '0006_guides'),
        ('customers', '0004_what_customers_use_it_for'),
        ('organisations', '0006_limit_mails_a_week'),
        ('post', '0010_name_more_purposes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Recap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=200)),
                ('body', models.TextField(help_text='Markdown.')),
                ('begun_at', models.DateTimeField()),
                ('saved_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(blank=True, help_text='When it first went to anybody.', null=True)),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recaps', to='coaching.call')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('saved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='RecapCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sent_at', models.DateTimeField(help_text='When it was put in the outbox.')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recaps', to='customers.contact')),
                ('delivery', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='post.delivery')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('recap', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='copies', to='coaching.recap')),
                ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Resource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60)),
                ('type', models.CharField(choices=[('guide', 'guide'), ('template', 'template'), ('worksheet', 'worksheet'), ('link', 'link'), ('file', 'file')], default='guide', max_length=10)),
                ('title', models.CharField(max_length=160)),
                ('title_folded', models.CharField(help_text='For searching and sorting.', max_length=480)),
                ('text_folded', models.TextField(help_text='Everything it says, for searching.')),
                ('reviewed_at', models.DateTimeField(blank=True, help_text='Last published, or looked through. Empty: never published.', null=True)),
                ('created_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(blank=True, help_text='Off the shelf since.', null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('owner', models.ForeignKey(blank=True, help_text='Who keeps it right.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reviewed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ResourceFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=160)),
                ('media_type', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('content', models.BinaryField()),
                ('added_at', models.DateTimeField()),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ResourceEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=160)),
                ('summary', models.CharField(blank=True, help_text='What it is good for, in a sentence.', max_length=300)),
                ('body', models.TextField(blank=True, help_text='Markdown.')),
                ('url', models.URLField(blank=True, max_length=500)),
                ('written_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('resource', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='editions', to='coaching.resource')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='coaching.resourcefile')),
            ],
        ),
        migrations.CreateModel(
            name='ResourceTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(blank=True, choices=[('onboarding', 'onboarding'), ('adoption', 'adoption'), ('outcome', 'outcome'), ('mastery', 'mastery')], max_length=12)),
                ('kind', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='resource_tags', to='coaching.challengekind')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('resource', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tags', to='coaching.resource')),
            ],
        ),
        migrations.CreateModel(
            name='Sending',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(blank=True, help_text='What the sender wrote along with it.')),
                ('sent_at', models.DateTimeField(help_text='When it was put in the outbox.')),
                ('opened_at', models.DateTimeField(blank=True, help_text='When a person first looked at it; scanners do not count.', null=True)),
                ('has_helped', models.BooleanField(blank=True, help_text='What they say of it.', null=True)),
                ('judged_at', models.DateTimeField(blank=True, null=True)),
                ('is_demo', models.BooleanField(default=False, help_text='Judged by a member who looked as the customer, in the demo.')),
                ('call', models.ForeignKey(blank=True, help_text='The call after which it was sent.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='sendings', to='coaching.call')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='resource_sendings', to='customers.contact')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='resource_sendings', to='customers.customer')),
                ('delivery', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='post.delivery')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sendings', to='coaching.resourceedition')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('resource', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sendings', to='coaching.resource')),
                ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name='recap',
            constraint=models.UniqueConstraint(fields=('organisation', 'call'), name='recap_once'),
        ),
        migrations.AddConstraint(
            model_name='recapcopy',
            constraint=models.UniqueConstraint(fields=('organisation', 'recap', 'contact'), name='recap_copy_once'),
        ),
        migrations.AddIndex(
            model_name='resource',
            index=models.Index(fields=['organisation', 'title_folded', 'id'], name='resource_by_title'),
        ),
        migrations.AddConstraint(
            model_name='resource',
            constraint=models.UniqueConstraint(fields=('organisation', 'key'), name='resource_key_once'),
        ),
        migrations.AddConstraint(
            model_name='resourceedition',
            constraint=models.UniqueConstraint(fields=('organisation', 'resource', 'number'), name='resource_edition_once'),
        ),
        migrations.AddConstraint(
            model_name='resourceedition',
            constraint=models.UniqueConstraint(condition=models.Q(('published_at', None)), fields=('organisation', 'resource'), name='resource_edition_one_draft'),
        ),
        migrations.AddConstraint(
            model_name='resourcetag',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', None)), fields=('organisation', 'resource', 'stage'), name='resource_stage_once'),
        ),
        migrations.AddConstraint(
            model_name='resourcetag',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__isnull', False)), fields=('organisation', 'resource', 'kind'), name='resource_kind_once'),
        ),
        migrations.AddConstraint(
            model_name='resourcetag',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', None), models.Q(('stage', ''), _negated=True)), models.Q(('kind__isnull', False), ('stage', '')), _connector='OR'), name='resource_tag_says_one'),
        ),
        migrations.AddIndex(
            model_name='sending',
            index=models.Index(fields=['organisation', 'customer', '-sent_at', '-id'], name='sending_customer'),
        ),
        migrations.AddIndex(
            model_name='sending',
            index=models.Index(fields=['organisation', 'resource', 'sent_at', 'id'], name='sending_resource'),
        ),
        migrations.AddConstraint(
            model_name='sending',
            constraint=models.UniqueConstraint(fields=('organisation', 'edition', 'contact'), name='sending_once'),
        ),
        migrations.AddConstraint(
            model_name='sending',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('has_helped', None), ('judged_at', None)), models.Q(('has_helped__isnull', False), ('judged_at__isnull', False)), _connector='OR'), name='sending_judged_when'),
        ),
        Secure("Resource", "ResourceTag", "ResourceFile", "ResourceEdition", "Sending", "Recap", "RecapCopy"),
    ]
