"""The two phases: what is stored when, what is refused, cancelled, or goes in parts."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from customers.models import Customer
from office import importing
from office.importing import applying, checking
from office.importing.files import folder_of, path_of
from office.importing.starting import NotPossible
from office.models import Import, ImportRow
from organisations.models import Event
from tests.factories import make_customer
from tests.office.bringing import NOW, Killed, begin, bring, die_at, let_the_lease_run_out, many, work


def test_it_stores_nothing_in_a_check_and_everything_after_a_yes(in_harbour, ada):
    import_ = bring(in_harbour, "customers", many(5), apply_at_once=False)
    assert (import_.state, import_.counts) == ("checked", {"new": 5})
    assert not Customer.objects.exists()
    importing.ask_to_apply(import_, now=NOW)
    assert work(in_harbour, import_).state == "applied"
    assert Customer.objects.count() == 5


def test_it_never_applies_a_dry_run_by_itself(in_harbour):
    import_ = bring(in_harbour, "customers", many(2), is_dry_run=True)
    assert (import_.state, import_.is_dry_run) == ("checked", True)
    assert not Customer.objects.exists()


def test_it_compares_again_when_it_applies(in_harbour):
    import_ = bring(in_harbour, "customers", many(2), apply_at_once=False)
    make_customer(in_harbour, "Customer 0", key="k0")
    importing.ask_to_apply(import_, now=NOW)
    assert work(in_harbour, import_).counts == {"new": 1, "unchanged": 1}
    assert Customer.objects.count() == 2


def test_it_refuses_the_whole_when_a_row_went_bad_between_the_phases(in_harbour):
    make_customer(in_harbour, "Gone", key="gone")
    rows = "customer,key,name\ngone,a,A\ngone,b,B\n"
    import_ = bring(in_harbour, "contacts", rows, apply_at_once=False)
    Customer.objects.all().delete()
    importing.ask_to_apply(import_, now=NOW)
    import_ = work(in_harbour, import_)
    assert import_.state == "refused"
    assert "Line 2 was good when it was checked" in import_.state_why
    assert "no customer has this key" in import_.state_why


def test_it_offers_the_good_rows_after_a_refusal(in_harbour):
    import_ = bring(in_harbour, "customers", many(2) + "\n,Bad")
    assert (import_.state, import_.can_be_applied) == ("refused", True)
    with pytest.raises(NotPossible, match="Rows are refused"):
        importing.ask_to_apply(import_, now=NOW)
    importing.ask_to_apply(import_, now=NOW, partial=True)
    assert work(in_harbour, import_).state == "applied"
    assert Customer.objects.count() == 2


def test_it_cancels_at_once_what_nobody_works_on(in_harbour):
    import_ = begin(in_harbour, "customers", many(2))
    importing.cancel(import_, now=NOW)
    assert work(in_harbour, import_).state == "cancelled"
    assert not ImportRow.objects.exists()


def test_it_cancels_with_the_next_chunk_what_is_being_checked(in_harbour, monkeypatch):
    monkeypatch.setattr(checking, "CHUNK", 10)
    import_ = begin(in_harbour, "customers", many(35))
    stage, seen = checking.stage, []

    def cancelled_in_between(*args):
        seen.append(1)
        if len(seen) == 2:
            importing.cancel(import_, now=NOW)
        return stage(*args)

    monkeypatch.setattr(checking, "stage", cancelled_in_between)
    import_ = work(in_harbour, import_)
    assert (import_.state, import_.counts, len(seen)) == ("cancelled", {}, 2)
    assert not ImportRow.objects.exists()
    assert not Customer.objects.exists()


def test_it_does_not_cancel_once_it_is_applying(in_harbour):
    import_ = bring(in_harbour, "customers", many(2), apply_at_once=False)
    importing.ask_to_apply(import_, now=NOW)
    with pytest.raises(NotPossible, match="is being applied"):
        importing.cancel(import_, now=NOW)
    work(in_harbour, import_)
    with pytest.raises(NotPossible, match="applied"):
        importing.ask_to_apply(import_, now=NOW)


def test_it_goes_in_parts_above_the_limit_on_sqlite_each_whole_by_itself(in_harbour, monkeypatch):
    monkeypatch.setattr(applying, "LARGEST_PART", 10)
    monkeypatch.setattr(applying, "CHUNK", 5)
    import_ = begin(in_harbour, "customers", many(25))
    with monkeypatch.context() as dying:
        die_at(dying, applying, "_store", 4)  # within the second part
        with pytest.raises(Killed):
            work(in_harbour, import_)
    let_the_lease_run_out(import_)
    in_parts = connection.vendor == "sqlite"
    assert Customer.objects.count() == (10 if in_parts else 0)
    import_ = work(in_harbour, import_)
    assert import_.state == "applied"
    assert Customer.objects.count() == 25
    assert Event.objects.filter(verb="customer_created").count() == 25
    assert [part["rows"] for part in import_.parts] == ([10, 10, 5] if in_parts else [])
    assert [part["to_line"] for part in import_.parts] == ([11, 21, 26] if in_parts else [])


def test_it_says_what_is_stored_when_a_later_part_is_refused(in_harbour, monkeypatch):
    if connection.vendor != "sqlite":
        return  # everything is one part there
    monkeypatch.setattr(applying, "LARGEST_PART", 2)
    for n in range(4):
        make_customer(in_harbour, f"C{n}", key=f"c{n}")
    rows = "customer,key,name\n" + "\n".join(f"c{n},p,P" for n in range(4))
    import_ = bring(in_harbour, "contacts", rows, apply_at_once=False)
    Customer.objects.filter(key="c3").delete()
    importing.ask_to_apply(import_, now=NOW)
    import_ = work(in_harbour, import_)
    assert import_.state == "failed"
    assert import_.state_why.endswith("The rows up to line 3 are stored.")


def test_it_tries_again_when_somebody_stored_the_same_a_moment_ago(in_harbour, monkeypatch):
    import_ = begin(in_harbour, "customers", many(3))
    store, tried = applying._store, []
    looks = "store_plain" if connection.vendor == "postgresql" else "compare"  # who sees what is stored

    def overtaken(import_, kind, window):
        if not tried:
            look = getattr(kind, looks)

            def late(given):
                found = look(given)
                make_customer(in_harbour, "Customer 1", key="k1")
                return found

            setattr(kind, looks, late)
        tried.append(1)
        store(import_, kind, window)

    monkeypatch.setattr(applying, "_store", overtaken)
    assert work(in_harbour, import_).state == "applied"
    assert len(tried) == 2
    assert Customer.objects.count() == 3


def test_it_marks_what_broke_as_failed_and_stores_nothing(in_harbour, monkeypatch):
    import_ = begin(in_harbour, "customers", many(3))
    monkeypatch.setattr(applying, "_end", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        work(in_harbour, import_)
    import_.refresh_from_db()
    assert (import_.state, import_.lease_token is None) == ("failed", False)
    assert "Nothing is half stored" in import_.state_why
    assert not Customer.objects.exists()


def test_it_keeps_files_below_the_state_folder_per_organisation(in_harbour):
    path = path_of(begin(in_harbour, "customers", many(1)))
    assert path.is_relative_to(settings.STATE / "imports" / str(in_harbour.pk))


def test_it_stops_copying_a_file_that_is_too_large(in_harbour, monkeypatch):
    monkeypatch.setattr("office.importing.files.LARGEST_FILE", 10)
    before = set(folder_of(in_harbour.pk).glob("*"))
    with pytest.raises(importing.WrongFile, match="larger than 1 GB"):
        begin(in_harbour, "customers", many(5))
    assert set(folder_of(in_harbour.pk).glob("*")) == before
    assert not Import.objects.exists()


def test_it_refuses_more_rows_than_the_limit(in_harbour, monkeypatch):
    monkeypatch.setattr(checking, "MOST_ROWS", 30)
    monkeypatch.setattr(checking, "CHUNK", 10)
    import_ = bring(in_harbour, "customers", many(35))
    assert (import_.state, import_.rows.count()) == ("refused", 0)
    assert "more than 5 million rows" in import_.state_why


def test_it_tells_progress_while_it_checks(in_harbour, monkeypatch):
    monkeypatch.setattr(checking, "CHUNK", 10)
    import_ = begin(in_harbour, "customers", many(40))
    with monkeypatch.context() as dying:
        die_at(dying, checking, "stage", 3)
        with pytest.raises(Killed):
            work(in_harbour, import_)
    import_.refresh_from_db()
    import_.bytes_read = import_.file_bytes // 2
    progress = importing.progress_of(import_, now=NOW + timedelta(seconds=10))
    assert progress.in_words == "50 % · 20 rows · 2 rows a second · 10 seconds left"
