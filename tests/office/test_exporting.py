"""Everything of one organisation as one zip: nothing of another, nothing that opens a door, no formula."""

import csv
import io
import json
import zipfile

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.urls import reverse

from office.exporting import TABLES
from office.exporting.registry import LEFT_OUT
from organisations import tenancy, walls
from organisations.models import Event
from post import linking
from tests import factories
from tests.house.ours import ROOMS
from tests.post.conftest import post_one


def test_every_table_of_an_organisation_is_exported_or_left_out_for_a_reason():
    """A new table: say in office/exporting/registry.py what it holds."""
    ours = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ROOMS and model._meta.db_table not in walls.OUTSIDE
    }
    named = {table.label for table in TABLES}
    assert ours - named - LEFT_OUT.keys() == set()
    assert (named | LEFT_OUT.keys()) - ours == set()


@pytest.fixture
def filled(harbour, rival, now, mara):
    for organisation, name in ((harbour, "=Kestrel()"), (rival, "Secret Rival Ltd")):
        with tenancy.within(organisation):
            customer = factories.make_customer(organisation, name, key="kestrel")
            factories.make_contact(customer, "Amara Okafor", title="Möwen, “Leitung”\nNord")
            journey = factories.make_journey(organisation)
            factories.make_enrolment(customer, journey)
            token = linking.make(
                organisation=organisation, purpose="customer", subject_id=1, address="", now=now, days=1
            )
        post_one(organisation, now)
    return token


def unpacked(data):
    packed = zipfile.ZipFile(io.BytesIO(data))
    assert packed.testzip() is None
    return packed, json.loads(packed.read("manifest.json"))


def rows(packed, name):
    return list(csv.DictReader(io.StringIO(packed.read(name).decode("utf-8-sig"))))


@pytest.fixture
def taken(filled, client_for, harbour, ada):
    response = client_for(ada).post(reverse("office:export", args=[harbour.slug]))
    assert response["Content-Type"] == "application/zip"
    return unpacked(b"".join(response))


def test_it_holds_every_row_of_the_organisation(taken, harbour):
    packed, manifest = taken
    assert manifest["organisation"] == "harbour"
    for table in TABLES:
        with tenancy.within(harbour):
            count = table.model.objects.count()
        assert manifest["rows"][table.file_name] == len(rows(packed, table.file_name)) == count
    assert manifest["rows"]["customers-customer.csv"] == 1
    assert {row["role"] for row in rows(packed, "members.csv")} == {"admin", "csm"}
    assert rows(packed, "organisation.csv")[0]["zone"] == "Europe/Amsterdam"
    assert rows(packed, "customers-contact.csv")[0]["title"] == "Möwen, “Leitung”\nNord"
    readme = packed.read("README.txt").decode()
    assert all(table.file_name in readme for table in TABLES)


def test_it_holds_nothing_of_another_and_opens_no_door(taken, filled):
    packed, _manifest = taken
    everything = b"".join(packed.read(name) for name in packed.namelist()).decode()
    assert "Secret Rival" not in everything
    assert "token_hash" not in everything
    assert linking._hash(filled) not in everything
    assert "password" not in "".join(packed.read("members.csv").decode())


def test_a_text_that_looks_like_a_formula_is_none(taken):
    packed, _manifest = taken
    assert rows(packed, "customers-customer.csv")[0]["name"] == "'=Kestrel()"


def test_taking_it_is_written_down_and_looking_is_not(taken, client_for, harbour, ada):
    page = client_for(ada).get(reverse("office:export", args=[harbour.slug]))
    assert "Download everything" in page.content.decode()
    with tenancy.within(harbour):
        assert Event.objects.filter(verb="exported").get().actor == ada


def test_only_admins_may(client_for, harbour, theo, mara, rio):
    url = reverse("office:export", args=[harbour.slug])
    assert {client_for(user).post(url).status_code for user in (theo, mara, rio)} == {403}


def test_large_tables_are_read_in_parts(harbour, ada, client_for, now, monkeypatch):
    monkeypatch.setattr("office.exporting.writing.CHUNK", 3)
    with tenancy.within(harbour):
        for number in range(7):
            factories.make_customer(harbour, f"Customer {number}")
    response = client_for(ada).post(reverse("office:export", args=[harbour.slug]))
    packed, _manifest = unpacked(b"".join(response))
    names = [row["name"] for row in rows(packed, "customers-customer.csv")]
    assert names == [f"Customer {number}" for number in range(7)]


def test_the_command_writes_the_same(filled, tmp_path):
    file, said = tmp_path / "all.zip", io.StringIO()
    call_command("export", str(file), organisation="harbour", stdout=said)
    assert "everything of Harbour Analytics" in said.getvalue()
    _packed, manifest = unpacked(file.read_bytes())
    assert manifest["rows"]["customers-customer.csv"] == 1
    with pytest.raises(CommandError, match="already"):
        call_command("export", str(file), organisation="harbour")
    with pytest.raises(CommandError, match="no organisation"):
        call_command("export", str(tmp_path / "b.zip"), organisation="nowhere")
    assert not (tmp_path / "b.zip").exists()
