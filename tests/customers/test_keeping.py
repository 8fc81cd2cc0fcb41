"""Customers and the people there, as members write them down: edits are remembered and logged."""

from datetime import date, datetime
from typing import Any

import pytest

from customers import keeping
from customers.keeping import people, records
from customers.models import Contact, Customer, Metric, Segment
from organisations.models import Event, Organisation, User
from post.models import Recipient
from tests.factories import make_contact, make_customer, make_metric

pytestmark = pytest.mark.django_db


def data(verb: str) -> dict[str, Any]:
    return Event.objects.get(verb=verb).data


def test_it_writes_a_customer_down_with_a_key_from_the_name(
    in_harbour: Organisation, mara: User, now: datetime
) -> None:
    made = [
        keeping.add_customer(
            organisation=in_harbour, values={"name": name, "segment": segment}, by=mara, now=now
        )
        for name, segment in (
            ("Kestrel Freight", "Freight"),
            ("Kestrel Freight", "freight"),
            ("株式会社", ""),
        )
    ]
    assert [customer.key for customer in made] == ["kestrel-freight", "kestrel-freight-2", "customer"]
    assert [customer.segment for customer in made] == [Segment.objects.get(), Segment.objects.get(), None]
    assert Event.objects.filter(verb="customer_created").count() == 3


def test_it_keeps_segments_apart_whose_short_names_collide(
    in_harbour: Organisation, mara: User, now: datetime
) -> None:
    for name in ("A&B", "A & B", "A-B"):
        keeping.add_customer(
            organisation=in_harbour, values={"name": name, "segment": name}, by=mara, now=now
        )
    assert sorted(Segment.objects.values_list("name", flat=True)) == ["A & B", "A&B", "A-B"]


def test_it_remembers_and_logs_what_a_person_changed(
    in_harbour: Organisation, mara: User, theo: User, now: datetime
) -> None:
    customer = make_customer(in_harbour, owner=mara, about="Haulage")
    keeping.edit_customer(
        customer=customer,
        values={"name": customer.name, "about": "Haulage, 11 depots", "owner": theo, "segment": "Freight"},
        by=mara,
        now=now,
    )
    fresh = Customer.objects.get()
    assert set(fresh.edited) == {"about", "owner", "segment"}
    assert data("customer_edited") == {"fields": ["about", "segment"]}
    assert data("owner_changed") == {"owner_id": theo.pk}


def test_it_changes_nothing_when_nothing_differs(in_harbour: Organisation, mara: User, now: datetime) -> None:
    customer = make_customer(in_harbour)
    keeping.edit_customer(customer=customer, values={"name": customer.name}, by=mara, now=now)
    assert Customer.objects.get().edited == {}
    assert not Event.objects.exists()


def test_it_compares_with_what_is_stored_not_with_what_was_read(
    in_harbour: Organisation, mara: User, now: datetime
) -> None:
    stale = make_customer(in_harbour, about="old")
    Customer.objects.update(about="newer")
    keeping.edit_customer(customer=stale, values={"about": "old"}, by=mara, now=now)
    assert Customer.objects.get().about == "old"


def test_it_refuses_a_taken_key_and_writes_nothing(
    in_harbour: Organisation, rival: Organisation, mara: User, now: datetime
) -> None:
    make_customer(in_harbour, "Taken", key="taken")
    other = make_customer(in_harbour, "Other")
    with pytest.raises(keeping.KeyTaken):
        keeping.add_customer(organisation=in_harbour, values={"name": "X", "key": "taken"}, by=mara, now=now)
    with pytest.raises(keeping.KeyTaken):
        keeping.edit_customer(customer=other, values={"name": "New", "key": "taken"}, by=mara, now=now)
    other.refresh_from_db()
    assert other.name == "Other"
    assert not Event.objects.exists()


def test_it_hands_many_over_and_leaves_alone_what_is_theirs(
    in_harbour: Organisation, mara: User, theo: User, now: datetime
) -> None:
    customers = [
        make_customer(in_harbour, f"C {n}", owner=owner) for n, owner in enumerate([mara, theo, None])
    ]
    moved = keeping.change_owner(organisation=in_harbour, customers=customers, owner=theo, by=mara, now=now)
    assert moved == 2
    assert set(Customer.objects.values_list("owner", flat=True)) == {theo.pk}
    assert Event.objects.filter(verb="owner_changed").count() == 2


@pytest.mark.parametrize(
    ("there", "back", "verbs"),
    [
        (
            lambda c, **k: keeping.mark_left(customer=c, on=date(2026, 3, 1), why="Bought", **k),
            lambda c, **k: keeping.take_back(customer=c, **k),
            ["customer_left", "customer_returned"],
        ),
        (
            lambda c, **k: keeping.archive(customer=c, **k),
            lambda c, **k: keeping.restore(customer=c, **k),
            ["customer_archived", "customer_restored"],
        ),
    ],
)
def test_it_takes_them_out_and_back_once_each(
    in_harbour: Organisation, mara: User, now: datetime, there: Any, back: Any, verbs: list[str]
) -> None:
    customer = make_customer(in_harbour)
    for _again in range(2):
        there(customer, by=mara, now=now)
    assert not Customer.objects.current().exists()
    for _again in range(2):
        back(customer, by=mara, now=now)
    assert Customer.objects.current().get() == customer
    assert list(Event.objects.order_by("id").values_list("verb", flat=True)) == verbs


def test_it_writes_a_person_down_with_their_address(
    in_harbour: Organisation, mara: User, now: datetime
) -> None:
    customer = make_customer(in_harbour)
    contact = keeping.add_contact(
        customer=customer,
        values={
            "name": "Amara Okafor",
            "address": "amara@kestrel.example",
            "zone": "Europe/Warsaw",
            "wish": Recipient.Wish.IMPORTANT,
            "is_primary": True,
        },
        by=mara,
        now=now,
    )
    recipient = Recipient.objects.get()
    assert contact.recipient == recipient
    assert (recipient.address, recipient.zone, recipient.wish) == (
        "amara@kestrel.example", "Europe/Warsaw", "important",
    )  # fmt: skip
    assert data("contact_added") == {"contact_id": contact.pk}
    assert "amara" not in str(Event.objects.values_list("data", flat=True))


def test_it_has_one_person_to_write_to_first(in_harbour: Organisation, mara: User, now: datetime) -> None:
    customer, elsewhere = make_customer(in_harbour), make_customer(in_harbour, "Else")
    first = make_contact(customer, "Amara Okafor", is_primary=True)
    other = make_contact(elsewhere, "Jon Berg", is_primary=True)
    second = keeping.add_contact(
        customer=customer, values={"name": "Tomás", "address": "", "is_primary": True}, by=mara, now=now
    )
    for row in (first, other):
        row.refresh_from_db()
    assert [first.is_primary, second.is_primary, other.is_primary] == [False, True, True]


def test_it_gives_a_person_another_address_without_renaming_the_old_one(
    in_harbour: Organisation, mara: User, now: datetime
) -> None:
    contact = make_contact(make_customer(in_harbour), address="old@kestrel.example")
    keeping.edit_contact(
        contact=contact,
        values={"address": "new@kestrel.example", "language": "en", "is_primary": True},
        by=mara,
        now=now,
    )
    fresh = Contact.objects.get()
    assert fresh.address == "new@kestrel.example"
    assert set(fresh.edited) == {"address", "language", "primary"}
    assert set(Recipient.objects.values_list("address", flat=True)) == {
        "old@kestrel.example", "new@kestrel.example",
    }  # fmt: skip
    keeping.edit_contact(contact=contact, values={"address": ""}, by=mara, now=now)
    assert Contact.objects.get().recipient is None


def test_it_refuses_an_address_twice_at_one_customer(
    in_harbour: Organisation, mara: User, now: datetime
) -> None:
    customer = make_customer(in_harbour)
    make_contact(customer, address="amara@kestrel.example")
    with pytest.raises(keeping.AddressTaken):
        keeping.add_contact(
            customer=customer, values={"name": "X", "address": "AMARA@kestrel.example"}, by=mara, now=now
        )
    assert Contact.objects.count() == 1
    shared = keeping.add_contact(
        customer=make_customer(in_harbour, "Sister company"),
        values={"name": "Amara", "address": "amara@kestrel.example"},
        by=mara,
        now=now,
    )
    assert shared.recipient == Recipient.objects.get(), "one address is one recipient"


def test_it_lets_a_person_go_and_come_back(in_harbour: Organisation, mara: User, now: datetime) -> None:
    contact = make_contact(make_customer(in_harbour), is_primary=True, celebrate_with=True)
    for _again in range(2):
        keeping.contact_left(contact=contact, on=now.date(), by=mara, now=now)
    assert not Contact.objects.current().exists()
    assert not Contact.objects.get().is_primary
    keeping.contact_returned(contact=contact, by=mara, now=now)
    assert Contact.objects.current().exists()
    assert list(Event.objects.order_by("id").values_list("verb", flat=True)) == [
        "contact_left", "contact_edited",
    ]  # fmt: skip


def test_it_measures_the_outcome(in_harbour: Organisation, mara: User, now: datetime) -> None:
    metric: Metric = make_metric(in_harbour)
    customer = keeping.add_customer(
        organisation=in_harbour,
        values={"name": "K", "outcome_metric": metric, "outcome_baseline": 31.4, "outcome_target": 25.1},
        by=mara,
        now=now,
    )
    first = customer.first_outcome
    assert first is not None
    assert (first.metric, first.baseline, first.target) == (metric, 31.4, 25.1)


def test_it_finds_another_key_and_segment_when_somebody_took_them_this_moment(
    in_harbour: Organisation, mara: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each looked before the other had written."""
    given = {"organisation": in_harbour, "by": mara, "now": now}
    keeping.add_customer(values={"name": "Kestrel", "segment": "A-B"}, **given)
    looked, blind = records._free, iter([True, True])
    monkeypatch.setattr(
        records, "_free", lambda stem, taken: stem if next(blind, False) else looked(stem, taken)
    )
    second = keeping.add_customer(values={"name": "Kestrel", "segment": "A & B"}, **given)
    assert second.key == "kestrel-2"
    assert sorted(Segment.objects.values_list("slug", flat=True)) == ["a-b", "a-b-2"]
    with pytest.raises(keeping.KeyTaken):
        keeping.add_customer(values={"name": "Kestrel", "key": "kestrel"}, **given)
    assert Customer.objects.count() == 2


def test_it_says_so_when_an_address_was_written_down_this_moment(
    in_harbour: Organisation, mara: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = make_customer(in_harbour)
    first = make_contact(customer, "Amara")
    monkeypatch.setattr(people, "_recipient", lambda contact, address: first.recipient)
    with pytest.raises(keeping.AddressTaken):
        keeping.add_contact(
            customer=customer, values={"name": "Bo", "address": first.address}, by=mara, now=now
        )
    assert Contact.objects.get() == first
