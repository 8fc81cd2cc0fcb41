"""What the worker does: an import it was woken for, those left lying, and old files."""

from datetime import timedelta

from django.db.models.functions import Now

from office import tasks
from office.models import Import
from organisations import tenancy
from tests.office.bringing import begin

FILE = "key,name\nk1,One\n"


def test_it_works_on_the_import_it_was_woken_for_and_only_once(harbour):
    with tenancy.within(harbour):
        import_ = begin(harbour, "customers", FILE)
    for state in ("applied", ""):
        assert tasks.work_on_import(organisation_id=harbour.pk, import_id=import_.pk) == state


def test_it_does_nothing_for_an_import_that_is_not_there(harbour):
    assert tasks.work_on_import(organisation_id=harbour.pk, import_id=999) == ""


def test_it_goes_on_with_what_was_left_lying(harbour, rival):
    for organisation in (harbour, rival):
        with tenancy.within(organisation):
            begin(organisation, "customers", FILE)
            Import.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert tasks.resume_imports() == 2
    assert tasks.resume_imports() == 0


def test_it_goes_on_with_the_others_when_one_breaks(harbour, rival, monkeypatch):
    for organisation in (harbour, rival):
        with tenancy.within(organisation):
            begin(organisation, "customers", FILE)
            Import.objects.update(lease_until=Now() - timedelta(seconds=1))
    work = tasks.importing.resuming.work

    def broken_for_harbour(*, organisation, **how):
        return 1 / 0 if organisation == harbour else work(organisation=organisation, **how)

    monkeypatch.setattr("office.importing.resuming.work", broken_for_harbour)
    assert tasks.resume_imports() == 1


def test_it_sweeps(harbour):
    assert tasks.sweep_imports() == 0
