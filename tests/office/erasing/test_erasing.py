"""Erasing one person: who may, what is refused afterwards, and what other people at the address keep."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from coaching.models import Call
from customers import keeping, requesting
from customers.models import Contact, Erasure
from office import erasing, intake
from office.erasing.names import Names
from office.models import Import, ImportRow, IncomingEvent
from organisations.models import Event
from post.models import Delivery, Recipient
from tests import factories
from tests.office.bringing import bring

ADDRESS = "amara@kestrel.example"
WHY = "She asked on 3 March."


@pytest.fixture
def kestrel(in_harbour):
    return factories.make_customer(in_harbour, key="kestrel")


@pytest.fixture
def amara(kestrel):
    return factories.make_contact(kestrel, "Amara Okafor", address=ADDRESS, key="a-7")


@pytest.fixture
def erase(ada, now):
    return lambda contact, why=WHY: erasing.erase(contact=contact, by=ada, now=now, why=why)


def test_her_row_stays_without_her(amara, erase):
    erase(amara)
    row = Contact.objects.get(pk=amara.pk)
    assert (row.name, row.key, row.title, row.recipient) == ("(erased)", "", "", None)
    assert row.left_on is not None
    assert not Recipient.objects.filter(address=ADDRESS).exists()


@pytest.mark.parametrize("address", [ADDRESS, "AMARA@Kestrel.example"])
def test_nobody_writes_her_down_again(amara, erase, kestrel, ada, now, address):
    erase(amara)
    with pytest.raises(keeping.Erased, match="erased on"):
        keeping.add_contact(customer=kestrel, values={"name": "A", "address": address}, by=ada, now=now)
    assert not Recipient.objects.filter(address__iexact=ADDRESS).exists()


def test_no_file_brings_her_back_by_address_or_key(amara, erase, harbour, ada):
    erase(amara)
    lines = f"customer,key,name,address\nkestrel,,Amara,{ADDRESS}\nkestrel,a-7,Amara,\nkestrel,b-1,Ben,\n"
    done = bring(harbour, "contacts", lines, by=ada)
    assert done.state == Import.State.REFUSED
    refused = ImportRow.objects.filter(of=done, end="refused")
    assert [row.column for row in refused.order_by("line")] == ["address", "key"]
    assert all("was erased on" in row.reason for row in refused)


def test_no_event_brings_her_back(amara, erase, harbour, ada, now):
    erase(amara)
    said = [
        {"type": "group", "userId": "u-1", "groupId": "kestrel"},
        {"type": "identify", "userId": "u-1", "traits": {"name": "Amara", "email": ADDRESS}},
    ]
    intake.take(intake.messages("batch", {"batch": said}, now=now), organisation=harbour, by=ada, now=now)
    event = IncomingEvent.objects.get(kind="identify")
    assert event.state == IncomingEvent.State.IGNORED
    assert "was erased on" in event.why
    assert event.data == {}
    assert not Recipient.objects.filter(address=ADDRESS).exists()


def test_an_admin_lifts_it_with_a_reason(amara, erase, kestrel, ada, now):
    erasure = erase(amara)
    with pytest.raises(erasing.NotPossible, match="Say why"):
        erasing.lift(erasure=erasure, by=ada, now=now, why=" ")
    erasing.lift(erasure=erasure, by=ada, now=now, why="She is back, in writing.")
    erasing.lift(erasure=erasure, by=ada, now=now, why="Twice is once.")
    again = keeping.add_contact(customer=kestrel, values={"name": "A", "address": ADDRESS}, by=ada, now=now)
    assert again.pk != amara.pk
    assert Event.objects.filter(verb="erasure_lifted").count() == 1


def test_an_earlier_secret_still_refuses(amara, erase, kestrel, settings):
    erase(amara)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another one" * 5
    assert Erasure.objects.against(kestrel, address=ADDRESS) is not None
    settings.SECRET_KEY_FALLBACKS = []
    assert Erasure.objects.against(kestrel, address=ADDRESS) is None


def test_who_reads_at_the_same_address_keeps_it(amara, erase, harbour, kestrel, ada, now):
    other = factories.make_customer(harbour, "Heron Haulage", key="heron")
    ken = factories.make_contact(other, "Ken Osei", address=ADDRESS)
    assert [one.pk for one in erasing.look(amara).sharing] == [ken.pk]
    assert erase(amara).is_shared
    assert Contact.objects.get(pk=ken.pk).address == ADDRESS
    with pytest.raises(keeping.Erased):
        keeping.add_contact(customer=kestrel, values={"name": "A", "address": ADDRESS}, by=ada, now=now)
    third = factories.make_customer(harbour, "Kite", key="kite")
    assert keeping.add_contact(customer=third, values={"name": "K", "address": ADDRESS}, by=ada, now=now)


def test_a_namesake_keeps_her_name(amara, erase, harbour, kestrel, mara, now):
    other = factories.make_customer(harbour, "Heron Haulage", key="heron")
    factories.make_contact(other, "Amara Okafor")
    for customer in (kestrel, other):
        said = {"held_at": now, "saved_at": now, "notes": "Amara Okafor: Annual plan"}
        Call.objects.create(organisation=harbour, customer=customer, by=mara, **said)
    erase(amara)
    said = dict(Call.objects.values_list("customer__key", "notes"))
    assert said == {"kestrel": "(erased): Annual plan", "heron": "Amara Okafor: Annual plan"}


def test_what_waits_never_leaves(amara, erase, ada, now):
    requesting.ask(contact=amara, kind="erasure", now=now)
    waiting = Delivery.objects.get(recipient=amara.recipient)
    erase(amara)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.subject, waiting.text) == ("stopped", "(erased)", "(erased)")
    assert waiting.address == f"{waiting.pk}@erased.invalid"
    assert amara.data_requests.open().count() == 0


def test_it_is_refused_without_a_reason_twice_and_beside_an_import(amara, erase, harbour, ada):
    with pytest.raises(erasing.NotPossible, match="Say why"):
        erase(amara, "  ")
    done = bring(harbour, "customers", "key,name\nheron,Heron\n", by=ada)
    Import.objects.filter(pk=done.pk).update(state=Import.State.UNDOING)
    with pytest.raises(erasing.NotPossible, match="import is at work"):
        erase(amara)
    assert Contact.objects.get(pk=amara.pk).name == "Amara Okafor"
    Import.objects.filter(pk=done.pk).update(state=Import.State.APPLIED)
    erase(amara)
    with pytest.raises(erasing.NotPossible, match="already"):
        erase(amara)
    with pytest.raises(keeping.Erased, match="a new person"):
        keeping.edit_contact(contact=amara, values={"name": "Amara"}, by=ada, now=done.made_at)


@pytest.mark.once
class TestNames:
    def test_they_are_found_however_they_are_written(self) -> None:
        names = Names(["Lucía O'Dea", "l@x.example"])
        for text in ("LUCÍA O'DEA said", "Luc\\u00eda O'Dea", "Lucía O&#x27;Dea", "<L@X.example>"):
            assert names.are_in({"a": [text]}), text
        assert names.replaced({"Lucía O'Dea": ["by l@x.example."]}) == {"(erased)": ["by (erased)."]}

    def test_part_of_a_word_is_nobody(self) -> None:
        assert not Names(["Ann"]).are_in("Annual, banner, Anna")


class TestPages:
    def test_only_an_admin_erases(self, amara, client_for, theo, harbour):
        address = reverse("office:person_erasure", args=[harbour.slug, amara.pk])
        assert client_for(theo).get(address).status_code == 403

    def test_it_says_what_goes_and_asks_for_a_reason(self, amara, client_for, ada, harbour):
        client = client_for(ada)
        address = reverse("office:person_erasure", args=[harbour.slug, amara.pk])
        assert "Erase Amara Okafor" in client.get(address).text
        assert client.post(address, {"why": "", "sure": "on"}).status_code == 422
        assert Erasure.objects.count() == 0
        assert client.post(address, {"why": WHY, "sure": "on"}).status_code == 302
        assert "Erased on" in client.get(address).text
        erasures = reverse("office:erasures", args=[harbour.slug])
        assert WHY in client.get(erasures).text
        lifting = reverse("office:erasure_lifting", args=[harbour.slug, Erasure.objects.get().pk])
        assert client.post(lifting, {"why": "She is back."}).status_code == 302
        assert "She is back." in client.get(erasures).text

    def test_the_form_and_the_api_say_why_she_cannot_be_added(self, amara, erase, client_for, mara, harbour):
        erase(amara)
        address = reverse("customers:contact_new", args=[harbour.slug, amara.customer_id])
        said = client_for(mara).post(address, {"name": "Amara", "address": ADDRESS, "wish": "all"})
        assert said.status_code == 422
        assert "This person was erased on" in said.text

    def test_her_copy_can_be_brought_in_elsewhere(self, amara, client_for, ada, harbour, kestrel):
        requesting.ask(contact=amara, kind="export", now=harbour.created_at)
        answer = client_for(ada).post(reverse("office:person_copy", args=[harbour.slug, amara.pk]))
        made = json.loads(answer.content)
        assert made["format"] == "bosai-person"
        assert len(made["about"]["customers.DataRequest"]) == 1
        assert made["about"]["post.Delivery"][0]["address"] == ADDRESS
        assert "token_hash" not in answer.text
        assert Event.objects.get(verb="person_exported").data == {"contact_id": amara.pk}
        Contact.objects.filter(pk=amara.pk).update(name="Somebody")
        said = {name: str(value) for name, value in made["contact"].items() if value not in ("", False)}
        lines = f"{','.join(said)}\n{','.join(said.values())}\n"
        done = bring(harbour, "contacts", lines, by=ada)
        assert done.state == Import.State.APPLIED, done.state_why
        assert Contact.objects.get(pk=amara.pk).name == "Amara Okafor"


def test_the_database_keeps_one_erasure_a_person_with_a_reason_to_lift_it(amara, erase, now):
    erasure = erase(amara)
    with pytest.raises(IntegrityError), transaction.atomic():
        Erasure.objects.filter(pk=erasure.pk).update(lifted_at=now)
    erasure.pk = None
    with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
        erasure.save(force_insert=True)
