"""What a model says and what the database has are the same: no migration is missing."""

import io

import pytest
from django.core.management import call_command

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_no_migration_is_missing():
    said = io.StringIO()
    try:
        call_command("makemigrations", check_changes=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())
