"""Contacts from a file: by key, else by address; language and zone belong to the address."""

import pytest

from customers import keeping
from customers.models import Contact
from organisations.models import Event
from post.models import Recipient
from tests.factories import make_contact, make_customer
from tests.office.bringing import NOW, bring, ends, refusal

FILE = (
    "customer,key,name,title,address,phone,zone,language,primary,celebrate_with\n"
    "kestrel,a1,Amara Okafor,Depots,amara@kestrel.example,+31 1,Europe/Warsaw,pl,yes,yes\n"
    "kestrel,a2,Bo Lind,,bo@kestrel.example,,,,,no\n"
)


@pytest.fixture
def kestrel(in_harbour):
    return make_customer(in_harbour, "Kestrel", key="kestrel")


def test_it_makes_contacts_with_their_recipients(in_harbour, kestrel):
    import_ = bring(in_harbour, "contacts", FILE)
    assert import_.counts == {"new": 2}, ends(import_)
    amara = Contact.objects.get(key="a1")
    assert (amara.name, amara.title, amara.phone) == ("Amara Okafor", "Depots", "+31 1")
    assert (amara.address, amara.recipient.zone, amara.recipient.language) == (
        "amara@kestrel.example",
        "Europe/Warsaw",
        "pl",
    )
    assert (amara.is_primary, amara.celebrate_with) == (True, True)
    added = Event.objects.filter(verb="contact_added")
    assert {event.data["contact_id"] for event in added} == set(Contact.objects.values_list("pk", flat=True))


def test_it_changes_nothing_when_the_same_file_comes_twice(in_harbour, kestrel):
    bring(in_harbour, "contacts", FILE)
    before = list(Contact.objects.order_by("pk").values()), list(Recipient.objects.order_by("pk").values())
    assert bring(in_harbour, "contacts", FILE).counts == {"unchanged": 2}
    assert before == (
        list(Contact.objects.order_by("pk").values()),
        list(Recipient.objects.order_by("pk").values()),
    )


def test_it_changes_what_differs_on_the_person_and_on_the_address(in_harbour, kestrel):
    bring(in_harbour, "contacts", FILE)
    import_ = bring(in_harbour, "contacts", FILE.replace("Depots", "Director").replace(",pl,", ",en,"))
    assert import_.counts == {"changed": 1, "unchanged": 1}
    amara = Contact.objects.get(key="a1")
    assert (amara.title, amara.recipient.language, amara.is_primary) == ("Director", "en", True)
    assert Event.objects.get(verb="contact_edited").data == {
        "contact_id": amara.pk,
        "fields": ["language", "title"],
    }


def test_it_finds_people_without_key_by_their_address_and_gives_them_the_key(in_harbour, kestrel):
    bo = make_contact(kestrel, "Bo", address="Bo@Kestrel.example")
    bring(in_harbour, "contacts", FILE)
    bo.refresh_from_db()
    assert (bo.key, bo.name) == ("a2", "Bo Lind")
    assert Contact.objects.count() == 2


def test_it_finds_people_by_address_when_the_file_has_no_keys(in_harbour, kestrel):
    bring(in_harbour, "contacts", FILE)
    import_ = bring(in_harbour, "contacts", "customer,address,title\nkestrel,BO@kestrel.example,Planner\n")
    assert import_.counts == {"changed": 1}
    assert Contact.objects.get(key="a2").title == "Planner"
    assert Contact.objects.count() == 2


def test_it_keeps_what_a_person_wrote(in_harbour, kestrel, mara):
    bring(in_harbour, "contacts", FILE)
    bo = Contact.objects.get(key="a2")
    keeping.edit_contact(contact=bo, values={"title": "Boss", "celebrate_with": True}, by=mara, now=NOW)
    import_ = bring(in_harbour, "contacts", FILE.replace("Bo Lind,,", "Bo Lindgren,Planner,"))
    row = import_.rows.get(end="kept")
    assert row.column == "celebrate_with, title"
    bo.refresh_from_db()
    assert (bo.name, bo.title, bo.celebrate_with) == ("Bo Lindgren", "Boss", True)


def test_it_moves_the_primary_contact_and_leaves_only_one(in_harbour, kestrel):
    bring(in_harbour, "contacts", FILE)
    moved = (
        FILE.replace(",pl,yes,yes", ",pl,,yes").replace(",,,,,no", ",,,,yes,no").replace("Depots", "Director")
    )
    bring(in_harbour, "contacts", moved)
    assert Contact.objects.get(is_primary=True).key == "a2"
    assert Contact.objects.get(key="a1").title == "Director"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("nobody,z,Z,z@x.test,", (2, "customer", "nobody", "no customer has this key")),
        ("kestrel,,Z,,", (2, "address", "", "a contact needs a key or an address")),
        ("kestrel,z,,z@x.test,", (2, "name", "", "a new contact needs a name")),
        (
            "kestrel,z,Z,amara@kestrel.example,",
            (2, "address", "amara@kestrel.example", "another contact of this customer has this address"),
        ),
    ],
)
def test_it_refuses_with_a_reason(in_harbour, kestrel, row, expected):
    make_contact(kestrel, "Amara", address="amara@kestrel.example", key="a1")
    import_ = bring(in_harbour, "contacts", f"customer,key,name,address,primary\n{row}\n")
    assert refusal(import_) == expected
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (
            ["kestrel,b1,B,b@x.test,yes,", "kestrel,b2,C,c@x.test,yes,"],
            "line 2 is already the primary",
        ),
        (
            ["kestrel,b1,B,b@x.test,,", "kestrel,b2,C,B@x.test,,"],
            "line 2 has this address",
        ),
        (
            ["kestrel,b1,B,b@x.test,,en", "ostra,b1,B,b@x.test,,nl"],
            "line 2 says otherwise",
        ),
    ],
)
@pytest.mark.parametrize("chunk", [1, 1000])
def test_it_refuses_the_second_of_two_that_disagree(in_harbour, kestrel, monkeypatch, rows, reason, chunk):
    make_customer(in_harbour, "Ostra", key="ostra")
    monkeypatch.setattr("office.importing.checking.CHUNK", chunk)
    header = "customer,key,name,address,primary,language"
    import_ = bring(in_harbour, "contacts", "\n".join([header, *rows]))
    assert refusal(import_)[0] == 3
    assert refusal(import_)[3].startswith(reason)
    assert not Contact.objects.exists()


def test_it_uses_one_recipient_for_one_address_at_two_customers(in_harbour, kestrel):
    make_customer(in_harbour, "Ostra", key="ostra")
    rows = "customer,key,name,address\nkestrel,p,Petra,petra@x.test\nostra,p,Petra,PETRA@x.test\n"
    assert bring(in_harbour, "contacts", rows).counts == {"new": 2}
    assert Recipient.objects.count() == 1
    assert bring(in_harbour, "contacts", rows).counts == {"unchanged": 2}


def test_it_keeps_the_primary_contact_that_a_person_chose(in_harbour, kestrel, mara):
    """Neither the one who was primary before, nor somebody new, takes the place."""
    bring(in_harbour, "contacts", FILE)
    bo = Contact.objects.get(key="a2")
    keeping.edit_contact(contact=bo, values={"is_primary": True}, by=mara, now=NOW)
    assert "primary" in Contact.objects.get(key="a1").edited
    import_ = bring(in_harbour, "contacts", FILE)
    assert import_.rows.filter(end="kept", column__contains="primary").exists()
    bring(in_harbour, "contacts", "customer,key,name,address,primary\nkestrel,a9,Cy,cy@kestrel.example,yes\n")
    assert Contact.objects.get(is_primary=True) == bo
    assert Contact.objects.get(key="a9").name == "Cy"
