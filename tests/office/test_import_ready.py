"""Ready mappings: each brings in an export as it comes, and names the page of its vendor that it rests on."""

import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from customers.models import Contact, Customer, Subscription, SupportCase
from office import importing
from office.importing.catalogue import FOLDER
from office.importing.mapping import Mapping, WrongMapping
from office.models import Import
from organisations import tenancy
from organisations.models import User
from tests.factories import make_customer
from tests.office.bringing import bring, ends, refusal

HERE = Path(__file__).parent / "ready"
NAMES = [each.name for each in importing.ready()]
ClientFor = Callable[[User], Client]


def export(name: str) -> bytes:
    return (HERE / f"{name}.csv").read_bytes()


def bring_ready(organisation, name: str, **how) -> Import:
    chosen = importing.find(name)
    return bring(organisation, chosen.kind, export(name), mapping=chosen.mapping, source=name, **how)


@pytest.mark.once
@pytest.mark.parametrize("name", NAMES)
def test_each_says_what_it_is_for_and_what_it_rests_on(name):
    mapping = importing.find(name).mapping
    Mapping.from_json(mapping, kind=mapping["kind"])
    assert mapping["note"]
    assert all(link.startswith("https://") for link in mapping["rests_on"])
    assert (HERE / f"{name}.csv").exists()
    assert importing.find(name).label


@pytest.mark.once
def test_each_file_of_the_folder_is_one_of_them():
    assert (
        {path.stem for path in FOLDER.iterdir() if path.suffix}
        == set(NAMES)
        == {path.stem for path in HERE.iterdir()}
    )


def test_it_reads_companies_and_contacts_of_hubspot(in_harbour):
    assert bring_ready(in_harbour, "hubspot-companies").counts == {"new": 2}
    kestrel = Customer.objects.get(key="18230001")
    assert (kestrel.name, kestrel.segment.name) == ("Kestrel Freight", "LOGISTICS_AND_SUPPLY_CHAIN")
    assert kestrel.fields["owner"] == "Mara Lindqvist"
    people = bring_ready(in_harbour, "hubspot-contacts", is_partial=True)
    assert people.counts == {"new": 2, "skipped": 1, "refused": 1}
    assert refusal(people)[1:] == ("Associated Company IDs", "18230001;18230009", "no customer has this key")
    amara = Contact.objects.get(key="301")
    assert (amara.name, amara.title, amara.address) == (
        "Amara Okafor", "Head of Operations", "amara@kestrel.example",
    )  # fmt: skip
    assert Contact.objects.get(key="302").name == "Herrera"


def test_it_reads_accounts_and_contacts_of_salesforce(in_harbour):
    assert bring_ready(in_harbour, "salesforce-accounts").counts == {"new": 2}
    assert Customer.objects.get(name="Kestrel Rail").fields["parent"] == "001Qy00000AbCdEIAV"
    assert bring_ready(in_harbour, "salesforce-contacts").counts == {"new": 2, "skipped": 1}
    assert Contact.objects.get(title="Head of Operations").customer.name == "Kestrel Freight"


def test_it_reads_organisations_users_and_tickets_of_zendesk(in_harbour):
    assert bring_ready(in_harbour, "zendesk-organisations").counts == {"new": 2}
    assert bring_ready(in_harbour, "zendesk-users").counts == {"new": 1, "skipped": 2}
    assert Contact.objects.get().address == "amara@kestrel.example"
    assert bring_ready(in_harbour, "zendesk-tickets").counts == {"new": 2, "skipped": 2}
    closed, still_open = SupportCase.objects.order_by("external_id")
    assert closed.waited == timedelta(minutes=25)
    assert closed.resolved_at - closed.opened_at == timedelta(hours=6, minutes=30)
    assert (closed.satisfaction, closed.satisfaction_of, closed.reopened_count) == (1, 1, 0)
    assert (still_open.is_open, still_open.urgency, still_open.satisfaction) == (True, "", None)


def test_it_reads_subscriptions_of_stripe(in_harbour):
    make_customer(in_harbour, "Kestrel", key="cus_K1")
    assert bring_ready(in_harbour, "stripe-subscriptions").counts == {"new": 2, "skipped": 1}
    running, ended = Subscription.objects.newest_first()
    assert (running.amount_e4, running.currency, running.interval) == (2_490_000, "EUR", "month")
    assert (running.starts_on, running.plan) == (date(2024, 2, 19), "price_pro")
    assert ended.ends_on == date(2024, 1, 1)


@pytest.mark.parametrize(("vendor", "key"), [("intercom", "u-1"), ("chatwoot", "17")])
def test_it_reads_people_who_are_their_own_customer(in_harbour, vendor, key):
    assert bring_ready(in_harbour, f"{vendor}-customers").counts == {"new": 1, "skipped": 1}
    assert bring_ready(in_harbour, f"{vendor}-contacts").counts == {"new": 1, "skipped": 1}
    amara = Contact.objects.get()
    assert (amara.customer.key, amara.address, amara.is_primary) == (key, "amara@kestrel.example", True)


def test_it_does_without_what_is_optional_and_not_without_the_rest(in_harbour):
    mapping = importing.find("hubspot-companies").mapping
    assert bring(in_harbour, "customers", "Record ID,Company name\n1,A", mapping=mapping).counts == {"new": 1}
    lacking = bring(in_harbour, "customers", "Company name,Industry\nA,B", mapping=mapping)
    assert lacking.state == "refused"
    assert "There is no column “Record ID”." in lacking.state_why


@pytest.mark.once
def test_a_mapping_says_what_it_is_for():
    with pytest.raises(WrongMapping, match="This mapping is for customers"):
        Mapping.from_json(importing.find("hubspot-companies").mapping, kind="contacts")
    with pytest.raises(WrongMapping, match="cannot be optional"):
        Mapping.from_json({"key": {"from": "a", "optional": True}}, kind="customers")


def test_it_is_chosen_on_the_page(client_for: ClientFor, harbour, theo):
    client = client_for(theo)
    page = client.get("/o/harbour/imports/new/").text
    assert '<option value="hubspot-contacts">HubSpot contacts, as contacts</option>' in page
    file = io.BytesIO(export("hubspot-companies"))
    file.name = "companies.csv"
    given = {"file": file, "kind": "contacts", "source": "hubspot", "ready": "hubspot-companies"}
    assert client.post("/o/harbour/imports/new/", given).status_code == 302
    with tenancy.within(harbour):
        import_ = Import.objects.get()
        assert (import_.kind, import_.mapping["key"]) == ("customers", "Record ID")


def test_the_command_takes_it_by_name(harbour):
    said = io.StringIO()
    how = {"organisation": "harbour", "kind": "customers", "stdout": said, "stderr": said}
    call_command("import_csv", str(HERE / "hubspot-companies.csv"), map="@hubspot-companies", **how)
    assert "2 new" in said.getvalue()
    with pytest.raises(CommandError, match="There are: @chatwoot-contacts, "):
        call_command("import_csv", str(HERE / "hubspot-companies.csv"), map="@hubspott", **how)


def test_the_command_says_what_disagrees(harbour, tmp_path):
    with tenancy.within(harbour):
        make_customer(harbour, "Heron", key="heron", fields={"since": "2026-02-01"})
    file, mapping, said = tmp_path / "cases.csv", tmp_path / "map.json", io.StringIO()
    file.write_text("customer,id,opened_at\nheron,c1,2026-01-02\n")
    columns = {name: name for name in ("customer", "id", "opened_at")}
    mapping.write_text(json.dumps(columns | {"compare": [{"not_before": "since"}]}))
    call_command(
        "import_csv",
        str(file),
        organisation="harbour",
        kind="cases",
        map=str(mapping),
        stdout=said,
        stderr=said,
    )
    assert "1 row disagrees with what is stored:" in said.getvalue()
    assert "2: heron: 2026-01-02 | since 2026-02-01" in said.getvalue()


def test_it_numbers_the_lines_of_a_file_without_a_key(in_harbour):
    mapping = {"key": {"format": "row-{#line}"}, "name": "name"}
    import_ = bring(in_harbour, "customers", "name\nA\n\nB\n", mapping=mapping)
    assert set(ends(import_)) == {2, 4}
    assert set(Customer.objects.values_list("key", "name")) == {("row-2", "A"), ("row-4", "B")}
