"""Customers from a file: found by key, compared field by field; what a person wrote stays."""

import json
from hashlib import blake2b

import pytest

from customers import keeping
from customers.models import Customer, Segment
from office.importing.kinds.customers import Customers
from office.importing.kinds.traced import TracedCustomers
from organisations import tenancy
from organisations.models import Event
from tests.factories import make_customer, make_segment
from tests.office.bringing import NOW, bring, ends, refusal, undo

FILE = "key,name,about,segment,owner,outcome\nk1,Kestrel,Freight,Freight,mara@harbour.example,“One list”\n"


def test_it_makes_customers_with_segment_and_owner(in_harbour, mara, theo):
    import_ = bring(in_harbour, "customers", FILE, by=theo)
    customer = Customer.objects.get()
    assert (customer.key, customer.name, customer.about) == ("k1", "Kestrel", "Freight")
    assert (customer.segment.name, customer.owner) == ("Freight", mara)
    assert [outcome.words for outcome in customer.standing_outcomes] == ["“One list”"]
    assert customer.created_at == NOW
    assert customer.edited == {}
    created = Event.objects.get(verb="customer_created")
    assert (created.customer_id, created.subject_id, created.actor) == (customer.pk, customer.pk, theo)
    applied = Event.objects.get(verb="import_applied")
    assert (applied.subject_id, applied.data) == (import_.pk, {"counts": {"new": 1}})


def test_it_takes_the_use_case_and_undo_brings_the_one_before_back(in_harbour, theo):
    head = "key,name,use_case\n"
    bring(in_harbour, "customers", f"{head}k1,Kestrel,Empty runs\nk2,Heron,\n")
    again = bring(in_harbour, "customers", f"{head}k1,Kestrel,Routing\nk2,Heron,Routing\n")
    assert again.counts == {"changed": 2}
    assert Customer.objects.use_cases() == ["Routing"]
    assert {tuple(each.data["fields"]) for each in Event.objects.filter(verb="customer_edited")} == {
        ("use_case",)
    }
    undo(in_harbour, again, by=theo)
    assert dict(Customer.objects.values_list("key", "use_case")) == {"k1": "Empty runs", "k2": ""}


def test_what_was_marked_before_there_were_use_cases_can_still_be_undone(in_harbour):
    customer = make_customer(in_harbour, "Kestrel")
    said = {name: value for name, value in TracedCustomers.image(customer).items() if name != "use_case"}
    before = blake2b(json.dumps(said, sort_keys=True).encode(), digest_size=16).hexdigest()
    assert TracedCustomers.mark(customer) == before
    customer.use_case = "Routing"
    assert TracedCustomers.mark(customer) != before


def test_it_changes_nothing_when_the_same_file_comes_twice(in_harbour, mara):
    bring(in_harbour, "customers", FILE)
    before = list(Customer.objects.values()), Event.objects.exclude(verb="import_applied").count()
    import_ = bring(in_harbour, "customers", FILE)
    assert import_.counts == {"unchanged": 1}
    assert before == (list(Customer.objects.values()), Event.objects.exclude(verb="import_applied").count())


def test_it_changes_only_what_differs_and_logs_which_fields(in_harbour, mara, ada):
    bring(in_harbour, "customers", FILE)
    changed = FILE.replace("Kestrel", "Kestrel Ltd").replace("mara@", "ADA@")
    import_ = bring(in_harbour, "customers", changed)
    assert import_.counts == {"changed": 1}
    customer = Customer.objects.get()
    assert (customer.name, customer.about, customer.owner) == ("Kestrel Ltd", "Freight", ada)
    assert Event.objects.get(verb="customer_edited").data == {"fields": ["name"]}
    assert Event.objects.get(verb="owner_changed").data == {"owner_id": ada.pk}
    row = import_.rows.get()
    assert row.column == "name, owner"
    assert row.reason.startswith("“Kestrel” becomes “Kestrel Ltd”")


def test_it_leaves_alone_what_the_file_leaves_empty(in_harbour, mara):
    bring(in_harbour, "customers", FILE)
    bring(in_harbour, "customers", "key,name,about,segment,owner\nk1,,,,\n")
    customer = Customer.objects.get()
    assert (customer.name, customer.about, customer.owner) == ("Kestrel", "Freight", mara)


def test_it_keeps_what_a_person_wrote_and_lists_it(in_harbour, mara):
    bring(in_harbour, "customers", FILE)
    customer = keeping.edit_customer(
        customer=Customer.objects.get(), values={"name": "Kestrel & Sons"}, by=mara, now=NOW
    )
    for about in ("Trucks", "Trucks"):  # the second time, too
        import_ = bring(in_harbour, "customers", FILE.replace("k1,Kestrel,Freight", f"k1,Kestrel,{about}"))
        assert import_.counts == {"kept": 1}
        row = import_.rows.get()
        assert (row.column, row.value) == ("name", "Kestrel")
        assert row.reason == "a person wrote “Kestrel & Sons” here, which stays"
    customer.refresh_from_db()
    assert (customer.name, customer.about) == ("Kestrel & Sons", "Trucks")


def test_it_takes_the_files_value_over_a_persons_when_the_mapping_says_so(in_harbour, mara):
    bring(in_harbour, "customers", FILE)
    keeping.edit_customer(customer=Customer.objects.get(), values={"name": "Mine"}, by=mara, now=NOW)
    mapping = {"key": "key", "name": {"from": "name", "edited": "take"}}
    assert bring(in_harbour, "customers", FILE, mapping=mapping).counts == {"changed": 1}
    assert Customer.objects.get().name == "Kestrel"
    assert Customer.objects.get().edited == {}


def test_it_keeps_further_columns(in_harbour):
    mapping = {"key": "id", "name": "n", "fields.plan": "Plan", "fields.seats": "Seats"}
    bring(in_harbour, "customers", "id,n,Plan,Seats\nk1,One,gold,\n", mapping=mapping)
    assert Customer.objects.get().fields == {"plan": "gold"}
    bring(in_harbour, "customers", "id,n,Plan,Seats\nk1,One,,12\n", mapping=mapping)
    assert Customer.objects.get().fields == {"plan": "gold", "seats": "12"}


def test_it_finds_segments_whatever_their_case_and_makes_new_ones_once(in_harbour):
    make_segment(in_harbour, "Freight")
    rows = ["k1,A,FREIGHT", "k2,B,Übersee", "k3,C,übersee", "k4,D,物流", "k5,E,Über See"]
    bring(in_harbour, "customers", "\n".join(["key,name,segment", *rows]))
    assert set(Segment.objects.values_list("name", flat=True)) == {"Freight", "Übersee", "物流", "Über See"}
    assert len(set(Segment.objects.values_list("slug", flat=True))) == 4


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("k9,,x,", (2, "name", "", "a new customer needs a name")),
        (",Name,x,", (2, "key", "", "is empty")),
        (
            "k9,N,x,eve@rival.example",
            (2, "owner", "eve@rival.example", "nobody here who may write has this address"),
        ),
        (
            "k9,N,x,rio@harbour.example",  # who only reads
            (2, "owner", "rio@harbour.example", "nobody here who may write has this address"),
        ),
        ("k9,N,x,not-an-address", (2, "owner", "not-an-address", "is not an e-mail address")),
    ],
)
def test_it_refuses_a_row_with_its_reason_and_stores_nothing_of_the_file(
    in_harbour, eve, rio, line, expected
):
    import_ = bring(in_harbour, "customers", f"key,name,about,owner\n{line}\nk10,Good,,\n")
    assert refusal(import_) == expected
    assert import_.state == "refused"
    assert import_.state_why == "1 row is refused, so nothing is stored."
    assert not Customer.objects.exists()
    assert Event.objects.get().verb == "import_refused"


def test_it_stores_the_good_rows_alone_when_asked_to(in_harbour):
    import_ = bring(in_harbour, "customers", "key,name\nk1,Good\n,Bad\n", is_partial=True)
    assert import_.counts == {"new": 1, "refused": 1}
    assert import_.state == "applied"
    assert Customer.objects.get().key == "k1"


def test_it_refuses_two_rows_about_one_customer_that_disagree(in_harbour):
    import_ = bring(in_harbour, "customers", "key,name\nk1,One\nk2,Two\nk1,Eins\nk1,One\n")
    assert ends(import_) == {
        2: ("new", ""),
        3: ("new", ""),
        4: ("refused", "line 2 is about the same and says otherwise"),
        5: ("unchanged", "the same as line 2"),
    }


def test_it_sees_the_second_row_about_one_customer_far_down_the_file(in_harbour, monkeypatch):
    monkeypatch.setattr("office.importing.checking.CHUNK", 3)
    rows = [f"k{n},Name" for n in range(10)]
    import_ = bring(in_harbour, "customers", "\n".join(["key,name", *rows, "k1,Other", "k2,Name"]))
    assert ends(import_)[12][0] == "refused"
    assert ends(import_)[13] == ("unchanged", "the same as line 4")


def test_it_never_touches_another_organisations_customer_with_the_same_key(harbour, rival):
    with tenancy.within(rival):
        make_customer(rival, "Theirs", key="k1")
    with tenancy.within(harbour):
        bring(harbour, "customers", "key,name\nk1,Ours\n")
    with tenancy.within(rival):
        assert Customer.objects.get().name == "Theirs"


def test_it_overwrites_nothing_that_a_person_wrote_between_comparing_and_storing(
    in_harbour, mara, theo, monkeypatch
):
    bring(in_harbour, "customers", FILE)
    store = Customers.store

    def edited_meanwhile(self, rows):
        values = {"outcome": "Two lists", "name": "Kestrel Air"}
        keeping.edit_customer(customer=Customer.objects.get(), values=values, by=mara, now=NOW)
        store(self, rows)

    monkeypatch.setattr(Customers, "store", edited_meanwhile)
    bring(in_harbour, "customers", FILE.replace("k1,Kestrel,Freight", "k1,Kestrel Sea,Rail"))
    customer = Customer.objects.get()
    assert (customer.first_outcome.words, customer.name, customer.about) == (
        "Two lists",
        "Kestrel Air",
        "Rail",
    )
