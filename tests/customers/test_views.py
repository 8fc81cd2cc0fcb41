"""Pages for writing customers down: who may, what is refused, and that nothing foreign is touched."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, time
from html import unescape
from typing import Any

import pytest
from django.test import Client

from customers.models import Contact, Customer
from office import parting
from organisations import tenancy
from organisations.models import Organisation, User
from tests.factories import make_contact, make_customer

pytestmark = pytest.mark.django_db
NEW = "/o/harbour/customers/new/"
CUSTOMER = {"name": "Kestrel Freight", "about": "Haulage", "segment": "Freight", "outcome": "Fewer empty km."}
PERSON = {"name": "Amara Okafor", "address": "amara@kestrel.example", "wish": "all"}


@pytest.fixture
def customer(harbour: Organisation, mara: User) -> Iterator[Customer]:
    with tenancy.within(harbour):
        yield make_customer(harbour, "Old Name", owner=mara)


def test_it_takes_a_new_customer_to_their_page(client_for: Callable[[User], Client], mara: User) -> None:
    client = client_for(mara)
    assert client.get(NEW).status_code == 200
    answer = client.post(NEW, CUSTOMER | {"owner": mara.pk}, follow=True)
    assert answer.status_code == 200
    assert "Fewer empty km." in answer.text
    assert "Next: who works there" in answer.text


def test_it_says_what_is_wrong_and_keeps_what_was_typed(
    client_for: Callable[[User], Client], mara: User, customer: Customer
) -> None:
    client = client_for(mara)
    wrong = [
        ({"name": ""}, "One thing to correct"),
        ({"key": customer.key}, "Another customer has this id"),
        ({"outcome_target": "25"}, "Say which metric"),
        ({"outcome_on": "tomorrow"}, "One thing to correct"),
    ]
    for change, words in wrong:
        answer = client.post(NEW, CUSTOMER | change)
        assert answer.status_code == 422
        assert words in answer.text
        assert "Fewer empty km." in answer.text
    assert Customer.objects.count() == 1


def test_it_edits_and_keeps_the_key_when_it_is_left_empty(
    client_for: Callable[[User], Client], mara: User, customer: Customer
) -> None:
    client = client_for(mara)
    page = client.get(f"/o/harbour/customers/{customer.pk}/edit/")
    assert 'value="Old Name"' in page.text
    client.post(f"/o/harbour/customers/{customer.pk}/edit/", CUSTOMER)
    fresh = Customer.objects.get()
    assert (fresh.name, fresh.key, fresh.owner) == ("Kestrel Freight", "old-name", None)


def test_it_keeps_an_owner_who_only_reads_by_now(
    client_for: Callable[[User], Client], mara: User, rio: User, customer: Customer
) -> None:
    Customer.objects.update(owner=rio)
    client = client_for(mara)
    client.post(f"/o/harbour/customers/{customer.pk}/edit/", CUSTOMER | {"owner": rio.pk})
    assert Customer.objects.get().owner == rio


def test_it_never_takes_an_owner_from_elsewhere(
    client_for: Callable[[User], Client], mara: User, eve: User, customer: Customer
) -> None:
    client = client_for(mara)
    assert client.post(NEW, CUSTOMER | {"owner": eve.pk}).status_code == 422
    given = client.post(
        "/o/harbour/customers/owners/", {"customer": [customer.pk], "owner": eve.pk}, follow=True
    )
    assert "somebody who works here" in given.text
    assert Customer.objects.get().owner == mara


def test_it_hands_ticked_customers_over_and_goes_back_to_the_same_list(
    client_for: Callable[[User], Client], mara: User, theo: User, customer: Customer
) -> None:
    client = client_for(mara)
    answer = client.post(
        "/o/harbour/customers/owners/",
        {"customer": [customer.pk], "owner": theo.pk, "query": "show=mine&q=x"},
    )
    assert answer.url == "/o/harbour/customers/?show=mine&q=x"
    assert Customer.objects.get().owner == theo
    hostile = client.post("/o/harbour/customers/owners/", {"owner": theo.pk, "query": "a=1\r\nX: y//z"})
    assert hostile.url == "/o/harbour/customers/?a=1%0D%0AX%3A+y%2F%2Fz"
    nobody = client.post("/o/harbour/customers/owners/", {"owner": theo.pk}, follow=True)
    assert "Tick the customers first." in nobody.text


def test_it_writes_people_down(client_for: Callable[[User], Client], mara: User, customer: Customer) -> None:
    client, path = client_for(mara), f"/o/harbour/customers/{customer.pk}/people/new/"
    assert client.get(path).status_code == 200
    assert client.post(path, PERSON | {"is_primary": "on"}).url == f"/o/harbour/customers/{customer.pk}/"
    contact = Contact.objects.get()
    assert (contact.address, contact.is_primary) == ("amara@kestrel.example", True)
    for change, words in (
        ({"name": "Other"}, "Somebody else at this customer has this address"),
        ({"address": "nonsense"}, "One thing to correct"),
        ({"address": "", "zone": "Europe/Warsaw"}, "belongs to an address"),
        ({"address": "b@x.example", "quiet_from": "20:00"}, "a beginning and an end"),
    ):
        answer = client.post(path, PERSON | change)
        assert answer.status_code == 422
        assert words in answer.text
    assert Contact.objects.count() == 1


def test_it_edits_people_and_lets_them_go(
    client_for: Callable[[User], Client], mara: User, customer: Customer
) -> None:
    contact = make_contact(customer)
    client, path = client_for(mara), f"/o/harbour/people/{contact.pk}/"
    assert contact.address in client.get(path).text
    client.post(path, PERSON | {"title": "Champion", "quiet_from": "20:00", "quiet_to": "07:00"})
    contact.refresh_from_db()
    assert (contact.title, contact.recipient.quiet_from.hour) == ("Champion", 20)
    client.post(f"{path}leaving/")
    contact.refresh_from_db()
    assert contact.left_on
    assert "get no mails" in client.get(path).text
    client.post(f"{path}return/")
    contact.refresh_from_db()
    assert contact.left_on is None


@pytest.mark.parametrize(("action", "field"), [("archive", "archived_at"), ("restoration", None)])
def test_it_archives_and_restores(
    client_for: Callable[[User], Client], mara: User, customer: Customer, action: str, field: str | None
) -> None:
    client = client_for(mara)
    client.post(f"/o/harbour/customers/{customer.pk}/archive/")
    if field is None:
        client.post(f"/o/harbour/customers/{customer.pk}/{action}/")
    customer.refresh_from_db()
    assert bool(customer.archived_at) is (field is not None)


def test_it_takes_a_customer_back_who_had_left(
    client_for: Callable[[User], Client], mara: User, customer: Customer, now: datetime
) -> None:
    parting.customer_leaves(customer=customer, on=now.date(), why="Budget", by=mara, now=now)
    answer = client_for(mara).post(f"/o/harbour/customers/{customer.pk}/comeback/", follow=True)
    assert "Old Name is back. Enrol them when they begin." in answer.text
    customer.refresh_from_db()
    assert not customer.has_left


PATHS = [
    "customers/new/",
    "customers/{customer}/edit/",
    "customers/{customer}/people/new/",
    "customers/{customer}/leaving/",
    "people/{contact}/",
]
POSTS = [
    "customers/{customer}/archive/",
    "customers/{customer}/restoration/",
    "customers/{customer}/comeback/",
    "people/{contact}/leaving/",
    "people/{contact}/return/",
]


@pytest.mark.parametrize("path", [*PATHS, *POSTS])
def test_it_is_for_those_who_write(
    client_for: Callable[[User], Client], customer: Customer, rio: User, eve: User, mara: User, path: str
) -> None:
    contact = make_contact(customer)
    url = "/o/harbour/" + path.format(customer=customer.pk, contact=contact.pk)
    ask = "get" if path in PATHS else "post"
    assert getattr(client_for(rio), ask)(url).status_code == 403
    assert getattr(client_for(eve), ask)(url).status_code == 404
    assert getattr(Client(), ask)(url).url.startswith("/accounts/login/")
    if path in POSTS:
        assert client_for(mara).get(url).status_code == 405
    customer.refresh_from_db()
    assert customer.archived_at is None


@pytest.mark.parametrize("path", [p for p in [*PATHS, *POSTS] if "{" in p])
def test_it_answers_for_anothers_id_as_for_one_that_is_not_there(
    client_for: Callable[[User], Client], customer: Customer, eve: User, path: str
) -> None:
    contact, client = make_contact(customer), client_for(eve)
    ask = "get" if path in PATHS else "post"
    theirs = getattr(client, ask)("/o/rival/" + path.format(customer=customer.pk, contact=contact.pk))
    nothing = getattr(client, ask)("/o/rival/" + path.format(customer=999999, contact=999999))
    assert theirs.status_code == nothing.status_code == 404
    assert theirs.content == nothing.content


def opened(client: Client, address: str) -> dict[str, Any]:
    """What a form that is opened now sends back beside what is typed."""
    [known] = re.findall(r'name="opened" value="([^"]*)"', client.get(address).text)
    return {"opened": unescape(known)}


def test_it_writes_what_its_reader_changed_and_nothing_that_others_changed_meanwhile(
    client_for: Callable[[User], Client], mara: User, theo: User, customer: Customer
) -> None:
    Customer.objects.update(about="Haulage")
    client, address = client_for(theo), f"/o/harbour/customers/{customer.pk}/edit/"
    form = {"name": "Old Name", "about": "Haulage", "owner": mara.pk} | opened(client, address)
    Customer.objects.update(owner=theo, name="New Name")
    assert client.post(address, form | {"about": "Freight"}).status_code == 302
    fresh = Customer.objects.get()
    assert (fresh.owner, fresh.name, fresh.about) == (theo, "New Name", "Freight")
    assert list(fresh.edited) == ["about"]


def test_it_says_what_stands_now_when_two_changed_the_same_and_keeps_what_was_typed(
    client_for: Callable[[User], Client], mara: User, theo: User, customer: Customer
) -> None:
    client, address = client_for(theo), f"/o/harbour/customers/{customer.pk}/edit/"
    form = {"name": "Old Name", "owner": mara.pk, "about": "Half"} | opened(client, address)
    Customer.objects.update(owner=theo, about="None at all")
    answer = client.post(address, form)
    assert answer.status_code == 422
    assert "it now says “None at all”" in answer.text
    assert "Half" in answer.text
    assert Customer.objects.get().about == "None at all"
    [known] = re.findall(r'name="opened" value="([^"]*)"', answer.text)
    assert client.post(address, form | {"opened": unescape(known)}).status_code == 302
    fresh = Customer.objects.get()
    assert (fresh.owner, fresh.about) == (theo, "Half")


def test_it_leaves_alone_what_others_changed_on_a_person(
    client_for: Callable[[User], Client], mara: User, customer: Customer
) -> None:
    contact = make_contact(customer, "Amara", is_primary=True)
    client, address = client_for(mara), f"/o/harbour/people/{contact.pk}/"
    form = {"name": "Amara", "address": contact.address, "wish": "all", "is_primary": "on", "phone": "1"}
    form |= opened(client, address)
    Contact.objects.update(is_primary=False, title="Planner")
    contact.recipient.quiet_from = contact.recipient.quiet_to = time(20)
    contact.recipient.save()
    assert client.post(address, form).status_code == 302
    contact = Contact.objects.select_related("recipient").get()
    assert (contact.is_primary, contact.title, contact.phone) == (False, "Planner", "1")
    assert contact.recipient.quiet_from == time(20)


def test_it_leaves_alone_what_others_changed_in_the_settings(
    client_for: Callable[[User], Client], ada: User, harbour: Organisation
) -> None:
    client, address = client_for(ada), "/o/harbour/settings/"
    form = {name: getattr(harbour, name) for name in ("name", "zone", "language", "accent", "sender_name")}
    form |= {"postal_address": "", "celebrate_within_days": "14"} | opened(client, address)
    Organisation.objects.update(sender_name="Harbour", celebrate_within_days=None)
    assert client.post(address, form | {"postal_address": "Quay 1"}).status_code == 302
    harbour.refresh_from_db()
    assert (harbour.sender_name, harbour.celebrate_within_days) == ("Harbour", None)
    assert harbour.postal_address == "Quay 1"
