"""What PostgreSQL stores at once is the same as row by row: rows, log, undo. The rest is left to it."""

from typing import Any

import pytest
from django.db import transaction

from customers.models import Customer, LatestReading, Outcome, Reading
from office.importing import applying
from office.importing.kinds.customers import Customers
from office.importing.kinds.readings import Readings
from office.models import Import
from organisations.models import Event
from organisations.sets import among
from tests.factories import make_customer, make_metric
from tests.office.bringing import bring, left, undo

pytestmark = pytest.mark.django_db

OF_CUSTOMERS = "key,name,about,segment,owner,outcome,outcome_by,outcome_on,fields.plan,fields.seats %"
PEOPLE = [
    'k1,"Kestrel ""&"" Co",Tea,Small,mara@harbour.example,Faster,Nadia,2026-01-05,gold,7',
    "k2,Ünï ß,,SMALL,,,,,,",
    "k3,Plain,Bread,Large,,,,,silver,",
    "k4,Old name,New words,,,,,,gold,1",
    "k5,As it is,,,,,,,,",
]
OF_READINGS = "customer,metric,at,value,id"
MEASURED = [
    "k4,score,2026-02-01,41.5,",
    "k4,score,2026-01-01 12:00:00.5,39,",
    "k5,score,2026-02-01,0.1,r1",
    "k5,score,2026-02-02,-1e-7,r2",
    "k5,score,2026-02-03,8,r3",
]


def told(rows: Any, *names: str) -> list[tuple[Any, ...]]:
    return sorted(rows.values_list(*names), key=repr)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """What is stored, without the numbers of rows."""
    return {
        "customers": told(
            Customer.objects, "key", "name", "about", "segment__name", "owner__email",
            "fields", "edited", "created_at", "left_on", "left_why", "archived_at",
        ),
        "outcomes": told(Outcome.objects, "customer__key", "words", "said_by", "said_on", "created_at"),
        "readings": told(
            Reading.objects, "customer__key", "metric__key", "at", "recorded_at", "value", "source",
            "is_standing", "replaced_by__value",
        ),
        "latest": told(LatestReading.objects, "customer__key", "metric__key", "at", "value"),
        "events": told(Event.objects, "at", "recorded_at", "actor__email", "verb", "subject_type"),
        "ends": [told(import_.rows, "line", "end", "reason") for import_ in Import.objects.order_by("pk")],
    }  # fmt: skip


@pytest.fixture
def live(in_harbour, mara, theo):
    def live() -> dict[str, Any]:
        make_customer(in_harbour, "Old name", key="k4", about="Old words", fields={"plan": "gold"})
        make_customer(in_harbour, "As it is", key="k5")
        make_metric(in_harbour)
        for _ in range(2):
            people = bring(in_harbour, "customers", "\n".join([OF_CUSTOMERS, *PEOPLE]), by=theo)
            told = bring(in_harbour, "readings", "\n".join([OF_READINGS, *MEASURED]), by=theo)
            assert people.state == told.state == "applied"
        corrected = [*MEASURED[:4], "k5,score,2026-02-03,9,r3", "k4,score,2026-03-03,5,"]
        last = bring(in_harbour, "readings", "\n".join([OF_READINGS, *corrected]), by=theo)
        found = everything()
        undone = [undo(in_harbour, import_).undo["counts"] for import_ in [last, *_first_two(last)]]
        return found | {"undone": undone, "after": list(everything().items())}

    return live


def _first_two(last: Import) -> list[Import]:
    return list(Import.objects.exclude(pk=last.pk).order_by("pk")[:2])[::-1]


@pytest.mark.postgres
@pytest.mark.parametrize("chunk", [2, 10_000])
def test_it_stores_the_same_at_once_as_row_by_row(live, monkeypatch, chunk):
    monkeypatch.setattr(applying, "CHUNK", chunk)
    with transaction.atomic():
        at_once = live()
        transaction.set_rollback(True)
    for kind in (Customers, Readings):
        monkeypatch.setattr(kind, "store_plain", lambda kind, window: None)
    assert live() == at_once


@pytest.mark.postgres
def test_it_looks_only_at_what_is_neither_new_nor_the_same(in_harbour, monkeypatch):
    compared = []
    compare = Customers.compare
    monkeypatch.setattr(
        Customers, "compare", lambda kind, rows: compared.append(len(rows)) or compare(kind, rows)
    )
    first = ["key,name", "k1,One", "k2,Two", "k3,Three"]
    bring(in_harbour, "customers", "\n".join(first))
    bring(in_harbour, "customers", "\n".join([*first[:3], "k3,Drei", "k4,Four"]))
    assert compared == [3, 4, 1], "both checks, and of applying the changed one"


@pytest.mark.postgres
def test_it_leaves_whole_what_it_made_at_once_and_a_person_changed(in_harbour):
    import_ = bring(in_harbour, "customers", "key,name\nk1,One\nk2,Two")
    Customer.objects.filter(key="k1").update(about="by hand")
    undo(in_harbour, import_)
    assert left(import_) == ["it was changed since"]
    assert told(Customer.objects.current(), "key") == [("k1",)]


def test_it_finds_among_any_text(in_harbour):
    keys = ['a"b', "ü", "c\\d", "%s", "[1]"]
    for key in keys:
        make_customer(in_harbour, "Name", key=key)
    assert Customer.objects.filter(key__in=among([*keys, "none"])).count() == len(keys)
    assert not Customer.objects.filter(key__in=among([])).exists()
