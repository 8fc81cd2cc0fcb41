"""Undo: what goes back, what is taken back, what is left whole and listed."""

import io
from datetime import timedelta

import pytest
from django.db import connection

from advocacy.models import Celebration
from customers import keeping
from customers.models import Contact, Customer, LatestReading, Reading
from milestones import judging
from milestones.models import Achievement, Enrolment, Verdict
from office import importing
from office.importing import applying
from office.importing.jobs import KINDS
from office.importing.starting import NotPossible
from office.importing.undoing import taking_back
from office.models import ImportTrace
from organisations.models import Event
from post.models import Delivery, Recipient
from tests.advocacy.loop import gather, post_due
from tests.factories import (
    make_contact,
    make_customer,
    make_enrolment,
    make_journey,
    make_member,
    make_metric,
)
from tests.office.bringing import (
    LATER,
    NOW,
    Killed,
    bring,
    die_at,
    left,
    let_the_lease_run_out,
    many,
    undo,
    work,
)


@pytest.fixture
def kestrel(in_harbour):
    return make_customer(in_harbour, "Kestrel", key="kestrel")


@pytest.fixture
def enrolment(in_harbour, kestrel):
    """Its first milestone needs a score of 40."""
    journey = make_journey(in_harbour, metric=make_metric(in_harbour), milestones=2)
    journey.current_version().milestones.get(key="m2").criteria.update(threshold=1000)
    return make_enrolment(kestrel, journey)


def scores(in_harbour, *values: str):
    rows = "\n".join(f"kestrel,score,{value}" for value in values)
    return bring(in_harbour, "readings", f"customer,metric,at,value\n{rows}")


def test_it_archives_customers_that_it_made_and_puts_changed_ones_back(in_harbour, ada, kestrel):
    import_ = bring(
        in_harbour, "customers", "key,name,segment,fields.plan\nkestrel,Kestrel 2,Air,pro\nnew,New,Air,free"
    )
    assert undo(in_harbour, import_, by=ada).state == "undone"
    kestrel.refresh_from_db()
    assert (kestrel.name, kestrel.segment, kestrel.fields, kestrel.archived_at) == ("Kestrel", None, {}, None)
    assert Customer.objects.get(key="new").archived_at == LATER
    assert import_.undo["counts"]["customers.customer"] == {"restored": 1, "withdrawn": 1}
    logged = Event.objects.get(verb="import_undone")
    assert (logged.actor, logged.subject_id, logged.data["counts"]["restored"]) == (ada, import_.pk, 1)
    edited = Event.objects.filter(verb="customer_edited").latest("id")
    assert edited.data == {"fields": ["fields", "name", "segment_id"], "undone_import_id": import_.pk}


def test_the_same_file_brings_back_what_an_undo_took_out(in_harbour):
    file = "key,name\na,A\nb,B"
    undo(in_harbour, bring(in_harbour, "customers", file))
    assert bring(in_harbour, "customers", file).counts == {"changed": 2}
    assert Customer.objects.filter(archived_at=None).count() == 2
    assert bring(in_harbour, "customers", file).counts == {"unchanged": 2}


def test_it_leaves_whole_what_a_person_changed_since(in_harbour, ada, kestrel):
    import_ = bring(in_harbour, "customers", "key,name,about\nkestrel,Kestrel 2,Freight\nnew,New,")
    keeping.edit_customer(customer=kestrel, values={"about": "Birds"}, by=ada, now=NOW)
    undo(in_harbour, import_)
    kestrel.refresh_from_db()
    assert (kestrel.name, kestrel.about) == ("Kestrel 2", "Birds")
    assert left(import_) == ["it was changed since"]


def test_it_leaves_whole_what_something_rests_on(in_harbour):
    import_ = bring(in_harbour, "customers", "key,name\na,A\nb,B")
    make_contact(Customer.objects.get(key="a"))
    undo(in_harbour, import_)
    assert Customer.objects.get(key="a").archived_at is None
    assert Customer.objects.get(key="b").archived_at == LATER
    assert left(import_) == ["something rests on it: 1 contact"]


def test_it_does_not_give_a_customer_back_to_somebody_who_is_gone(in_harbour, ada):
    gone = make_member(in_harbour, "Gus Gone")
    customer = make_customer(in_harbour, key="k", owner=gone)
    import_ = bring(in_harbour, "customers", f"key,owner\nk,{ada.email}")
    gone.memberships.all().delete()
    undo(in_harbour, import_)
    customer.refresh_from_db()
    assert customer.owner == ada
    assert left(import_) == ["its earlier CSM works here no more"]


def test_it_puts_contacts_back_with_their_address_and_who_is_primary(in_harbour, kestrel):
    amara = make_contact(kestrel, is_primary=True, key="a")
    bo = make_contact(kestrel, "Bo Lee", key="b")
    import_ = bring(
        in_harbour,
        "contacts",
        "customer,key,name,address,zone,primary\n"
        "kestrel,b,Bo Lee,bo@new.example,,yes\n"
        f"kestrel,a,Amara,{amara.address},Asia/Tokyo,\n"
        "kestrel,c,Cy,cy@new.example,,no",
    )
    before = bo.address
    undo(in_harbour, import_)
    for contact in (amara, bo):
        contact.refresh_from_db()
    assert (amara.is_primary, amara.name, amara.recipient.zone) == (True, "Amara Okafor", "")
    assert (bo.is_primary, bo.address) == (False, before)
    assert Contact.objects.get(key="c").left_on == LATER.date()
    assert Recipient.objects.filter(address="cy@new.example").exists(), "wishes of an address are never lost"
    again = bring(in_harbour, "contacts", "customer,key,name\nkestrel,c,Cy")
    assert (again.counts, Contact.objects.get(key="c").left_on) == ({"changed": 1}, None)


def test_it_leaves_a_contact_whose_earlier_address_somebody_else_has(in_harbour, kestrel):
    contact = make_contact(kestrel, key="a", address="old@kestrel.example")
    import_ = bring(in_harbour, "contacts", "customer,key,address\nkestrel,a,new@kestrel.example")
    make_contact(kestrel, "Someone Else", address="old@kestrel.example")
    undo(in_harbour, import_)
    contact.refresh_from_db()
    assert contact.address == "new@kestrel.example"
    assert left(import_) == ["another contact of this customer has the earlier address by now"]


def test_it_retracts_readings_and_judges_again(in_harbour, kestrel, enrolment):
    import_ = scores(in_harbour, "2026-02-01,44")
    gather(in_harbour, NOW)
    assert Celebration.objects.get().state in ("waiting", "review")
    undo(in_harbour, import_)
    assert (import_.state, Reading.objects.standing().count()) == ("undone", 0)
    assert Reading.objects.get().retracted_by == import_.pk
    assert not LatestReading.objects.exists()
    achievement = Achievement.objects.get()
    assert (achievement.withdrawn_why, achievement.withdrawn_at) == ("import undone", LATER)
    assert (Celebration.objects.get().state, Celebration.objects.get().state_why) == (
        "stopped",
        "the import was undone",
    )
    assert scores(in_harbour, "2026-02-01,44").counts == {"new": 1}
    assert Achievement.objects.standing().count() == 1


def test_what_it_corrected_stands_again(in_harbour, kestrel, enrolment):
    scores(in_harbour, "2026-02-01,44")
    second = scores(in_harbour, "2026-02-01,50", "2026-03-01,60")
    undo(in_harbour, second)
    assert [r.value for r in Reading.objects.standing()] == [44]
    assert LatestReading.objects.get().value == 44
    assert second.undo["counts"]["customers.reading"] == {"withdrawn": 1, "restored": 1}
    assert Event.objects.filter(verb="reading_corrected").latest("id").data["to"] == 44


def test_undone_out_of_order_the_first_value_stands_again(in_harbour, kestrel, enrolment):
    scores(in_harbour, "2026-02-01,44")
    second = scores(in_harbour, "2026-02-01,50")
    third = scores(in_harbour, "2026-02-01,60")
    undo(in_harbour, second)
    assert [r.value for r in Reading.objects.standing()] == [60]
    undo(in_harbour, third)
    assert [r.value for r in Reading.objects.standing()] == [44]


def test_what_the_customer_confirmed_stays_and_is_listed(in_harbour, mara, kestrel, enrolment):
    make_contact(kestrel)
    import_ = scores(in_harbour, "2026-02-01,44")
    Verdict.objects.create(
        organisation=in_harbour,
        enrolment=enrolment,
        milestone=Achievement.objects.get().milestone,
        milestone_key="m1",
        kind="confirmed",
        at=NOW,
    )
    judging.judge(organisation=in_harbour, customer_ids=None, now=NOW)
    undo(in_harbour, import_)
    assert Achievement.objects.standing().get().verified_at == NOW
    assert left(import_) == ["the customer confirmed it, so it stays"]
    judging.judge(organisation=in_harbour, customer_ids=None, now=LATER)
    assert Achievement.objects.standing().count() == 1, "and it stays for ever"


def test_what_was_sent_is_listed(in_harbour, kestrel, enrolment):
    make_contact(kestrel, is_primary=True)
    import_ = scores(in_harbour, "2026-03-11,44")
    gather(in_harbour, NOW)
    post_due(in_harbour, NOW + timedelta(days=1))
    Delivery.objects.update(state="sent")
    undo(in_harbour, import_)
    assert Celebration.objects.get().state == "posted"
    assert left(import_) == ["its celebration was sent already"]


def test_it_ends_enrolments_that_it_made_and_the_same_file_opens_them_again(in_harbour, kestrel):
    journey = make_journey(in_harbour, metric=make_metric(in_harbour))
    scores(in_harbour, "2026-02-01,44")
    file = f"customer,journey,started_on\nkestrel,{journey.slug},2026-01-01"
    import_ = bring(in_harbour, "enrolments", file)
    assert Achievement.objects.standing().count() == 5
    undo(in_harbour, import_)
    enrolment = Enrolment.objects.get()
    assert (enrolment.ended_at, enrolment.ended_why, enrolment.is_judged) == (LATER, "import undone", False)
    assert not Achievement.objects.standing().exists()
    assert bring(in_harbour, "enrolments", file).counts == {"changed": 1}
    enrolment.refresh_from_db()
    assert (enrolment.ended_at, enrolment.ended_why, enrolment.is_judged) == (None, "", True)
    assert Achievement.objects.standing().count() == 5
    assert bring(in_harbour, "enrolments", file).counts == {"unchanged": 1}


def test_it_gives_enrolments_their_start_and_their_end_back(in_harbour, kestrel, enrolment):
    scores(in_harbour, "2026-02-01,44")
    slug = enrolment.journey.slug
    import_ = bring(
        in_harbour,
        "enrolments",
        f"customer,journey,started_on,ended_on\nkestrel,{slug},2026-02-10,2026-03-01",
    )
    assert not Achievement.objects.standing().exists()
    undo(in_harbour, import_)
    enrolment.refresh_from_db()
    assert (enrolment.started_on.isoformat(), enrolment.ended_at) == ("2025-10-01", None)
    assert Achievement.objects.standing().count() == 1


def test_it_looks_ahead_without_writing(in_harbour, kestrel, enrolment, ada):
    make_contact(kestrel)
    import_ = scores(in_harbour, "2026-02-01,44")
    outlook = importing.look_ahead(import_, organisation=in_harbour, now=LATER)
    assert outlook.lines == [
        ("Readings: taken back", 1),
        ("Milestones reached: judged again, since they rest on it", 1),
    ]
    customers = bring(in_harbour, "customers", "key,name\nkestrel,K2\nnew,New")
    keeping.edit_customer(customer=kestrel, values={"about": "Birds"}, by=ada, now=NOW)
    outlook = importing.look_ahead(customers, organisation=in_harbour, now=LATER)
    assert outlook.counts == {"customers.customer": {"withdrawn": 1, "left": 1}}
    assert [(each.name, each.reason) for each in outlook.left] == [("K2", "it was changed since")]


def test_it_is_possible_for_thirty_days_and_once(in_harbour):
    import_ = bring(in_harbour, "customers", many(1))
    with pytest.raises(NotPossible, match="more than 30 days ago"):
        importing.ask_to_undo(import_, by=None, now=NOW + timedelta(days=30, seconds=1))
    undo(in_harbour, import_)
    with pytest.raises(NotPossible, match="undone already"):
        importing.ask_to_undo(import_, by=None, now=LATER)
    refused = bring(in_harbour, "customers", "key,name\n,x")
    with pytest.raises(NotPossible, match="Nothing of this import is stored"):
        importing.ask_to_undo(refused, by=None, now=LATER)


def test_it_forgets_what_it_needs_for_an_undo_after_thirty_days(in_harbour):
    import_ = bring(in_harbour, "customers", many(3))
    assert ImportTrace.objects.count() == 3
    importing.sweep(now=NOW + timedelta(days=29))
    assert ImportTrace.objects.count() == 3
    importing.sweep(now=NOW + timedelta(days=31))
    assert ImportTrace.objects.count() == 0
    import_.refresh_from_db()
    assert not import_.can_be_undone(LATER)


def test_every_kind_says_how_it_is_undone():
    """Else an undo of it would say that it is done, and have done nothing."""
    assert [kind for kind, how in KINDS.items() if not how.undoes] == []


def test_killed_in_the_middle_it_begins_again(in_harbour, monkeypatch):
    import_ = bring(in_harbour, "customers", many(3))
    importing.ask_to_undo(import_, by=None, now=LATER)
    with monkeypatch.context() as dying:
        die_at(dying, taking_back, "_note", 1)
        with pytest.raises(Killed):
            work(in_harbour, import_)
    assert Customer.objects.filter(archived_at=None).count() == 3
    let_the_lease_run_out(import_)
    assert work(in_harbour, import_).state == "undone"
    assert Customer.objects.filter(archived_at=None).count() == 0


def test_it_undoes_part_by_part_what_was_applied_in_parts(in_harbour, kestrel, enrolment, monkeypatch):
    if connection.vendor != "sqlite":
        return  # everything is one part there
    monkeypatch.setattr(applying, "LARGEST_PART", 2)
    ticks = iter(range(1000))
    clock = lambda: NOW + timedelta(seconds=next(ticks))  # noqa: E731
    import_ = importing.start(
        organisation=in_harbour,
        kind="readings",
        file=io.BytesIO(
            (
                "customer,metric,at,value\n"
                + "\n".join(f"kestrel,score,2026-02-0{n},4{n}" for n in range(1, 6))
            ).encode()
        ),
        file_name="r.csv",
        mapping={},
        source="crm",
        by=None,
        now=NOW,
        wishes=importing.Wishes(apply_at_once=True),
    )
    importing.work(organisation=in_harbour, import_id=import_.pk, clock=clock)
    import_.refresh_from_db()
    assert len(import_.parts) == 3
    undo(in_harbour, import_, part=1)
    assert (import_.state, import_.undone_parts) == ("applied", [1])
    assert sorted(r.value for r in Reading.objects.standing()) == [41, 42, 45]
    with pytest.raises(NotPossible, match="no part 2"):
        importing.ask_to_undo(import_, by=None, now=LATER, part=1)
    undo(in_harbour, import_)
    assert (import_.state, import_.parts_to_undo) == ("undone", [])
    assert not Reading.objects.standing().exists()
    assert import_.undo["counts"]["customers.reading"] == {"withdrawn": 5}
    assert not Achievement.objects.standing().exists()
