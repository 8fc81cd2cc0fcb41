"""Who works on an import, and what becomes of the work of those who die."""

import os
import threading
from datetime import timedelta

import pytest
from django.db.models import F

from customers.models import Customer
from office import importing
from office.importing import applying, checking, leasing, resuming
from office.importing.files import folder_of, path_of
from office.models import Import
from organisations import tenancy
from organisations.models import Event
from tests.office.bringing import NOW, Killed, begin, bring, die_at, let_the_lease_run_out, many, work


def test_it_goes_on_where_a_dead_process_stopped(in_harbour, monkeypatch):
    monkeypatch.setattr(checking, "CHUNK", 10)
    import_ = begin(in_harbour, "customers", many(35))
    with monkeypatch.context() as dying:
        die_at(dying, checking, "stage", 3)
        with pytest.raises(Killed):
            work(in_harbour, import_)
    import_.refresh_from_db()
    assert (import_.state, import_.lines_read, import_.rows.count()) == ("checking", 21, 20)
    assert work(in_harbour, import_).rows.count() == 20  # the dead one's lease still runs
    let_the_lease_run_out(import_)
    assert work(in_harbour, import_).counts == {"new": 35}
    assert Customer.objects.count() == 35
    assert list(import_.rows.order_by("line").values_list("line", flat=True)) == list(range(2, 37))


def test_it_has_stored_nothing_when_a_process_dies_while_applying(in_harbour, monkeypatch):
    monkeypatch.setattr(applying, "CHUNK", 10)
    import_ = begin(in_harbour, "customers", many(35))
    with monkeypatch.context() as dying:
        die_at(dying, applying, "_store", 3)
        with pytest.raises(Killed):
            work(in_harbour, import_)
    import_.refresh_from_db()
    assert import_.state == "applying"
    assert not Customer.objects.exists()
    assert not Event.objects.exists()
    let_the_lease_run_out(import_)
    assert work(in_harbour, import_).state == "applied"
    assert Customer.objects.count() == 35
    assert Event.objects.filter(verb="customer_created").count() == 35


def test_it_is_the_same_after_ten_deaths_as_after_none(in_harbour, monkeypatch):
    monkeypatch.setattr(checking, "CHUNK", 5)
    import_ = begin(in_harbour, "customers", many(60) + "\nk3,Customer 3\n,Bad", is_partial=True)
    deaths = [(checking, "stage", 2)] * 9 + [(applying, "_end", 1)]
    for module, name, call in deaths:
        with monkeypatch.context() as dying:
            die_at(dying, module, name, call)
            with pytest.raises(Killed):
                work(in_harbour, import_)
        let_the_lease_run_out(import_)
    assert work(in_harbour, import_).counts == {"new": 60, "unchanged": 1, "refused": 1}
    assert Customer.objects.count() == 60


def test_it_gives_up_on_what_never_gets_any_further(in_harbour, monkeypatch):
    import_ = begin(in_harbour, "customers", many(2))
    Import.objects.update(attempts=leasing.MOST_ATTEMPTS)
    import_ = work(in_harbour, import_)
    assert import_.state == "failed"
    assert "without getting any further" in import_.state_why


def test_it_lets_only_one_work_at_a_time_and_fences_who_lost_the_lease(in_harbour):
    import_ = begin(in_harbour, "customers", many(2))
    mine = leasing.take(in_harbour, import_.pk)
    assert leasing.take(in_harbour, import_.pk) is None
    let_the_lease_run_out(import_)
    theirs = leasing.take(in_harbour, import_.pk)
    assert theirs is not None
    with pytest.raises(leasing.LeaseLost), leasing.holding(in_harbour, mine):
        pass
    with leasing.holding(in_harbour, theirs):
        pass


def test_it_finds_orphans_by_the_databases_clock(harbour, rival):
    with tenancy.within(harbour):
        waiting = begin(harbour, "customers", many(1))
        assert resuming.orphans() == []
        let_the_lease_run_out(waiting)
    with tenancy.within(rival):
        done = bring(rival, "customers", many(1))
        assert done.state == "applied"
    assert resuming.orphans() == [(harbour, waiting.pk)]
    assert importing.go_on(resuming.orphans(), clock=lambda: NOW) == 1
    assert resuming.orphans() == []


@pytest.mark.django_db(transaction=True)
def test_it_resumes_orphans_in_a_thread_and_waits_for_nothing(harbour, monkeypatch):
    monkeypatch.setattr(resuming, "_lookout", resuming._Lookout())
    may_go = threading.Event()
    go_on = resuming.go_on
    monkeypatch.setattr(resuming, "go_on", lambda found, clock: may_go.wait(20) and go_on(found, clock=clock))
    with tenancy.within(harbour):
        import_ = begin(harbour, "customers", many(3))
        let_the_lease_run_out(import_)
    assert importing.resume_orphans(now=NOW) == 1
    assert importing.resume_orphans(now=NOW) == 0  # one thread at a time
    may_go.set()
    resuming._lookout.thread.join(20)
    with tenancy.within(harbour):
        import_.refresh_from_db()
        assert import_.state == "applied"
        assert NOW <= Customer.objects.first().created_at < NOW + timedelta(seconds=30)


def test_it_sweeps_files_and_rows_after_thirty_days_and_strays_after_one(in_harbour):
    old = bring(in_harbour, "customers", many(2))
    young = bring(in_harbour, "customers", many(2))
    Import.objects.filter(pk=old.pk).update(made_at=F("made_at") - timedelta(days=31))
    stray = folder_of(in_harbour.pk) / "stray.csv"
    stray.write_text("x")
    long_ago = (NOW - timedelta(days=2)).timestamp()
    os.utime(stray, (long_ago, long_ago))
    gone = path_of(old)
    assert importing.sweep(now=NOW) == 2
    assert not gone.exists()
    assert not stray.exists()
    assert path_of(young).exists()
    old.refresh_from_db()
    assert (old.file_path, old.counts, old.rows.count()) == ("", {"new": 2}, 0)
    assert young.rows.count() == 2
