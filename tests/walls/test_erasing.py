"""A person who did everything there is to do, with a canary in every column, is erased: nobody finds them.

What is searched is every row of every table, the kept files and the cache, not what the registry names.
"""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F
from django.test import TestCase
from django.utils import timezone

from customers.models import ChampionChange, Contact, Erasure
from milestones.models import Achievement, NextStep, Verdict
from office import erasing
from office.erasing import REGISTRY
from office.importing import files
from office.models import Import, ImportClaim
from organisations import tenancy
from organisations.models import Event, Organisation, User
from tests.house import of_people
from tests.house.lived_in import LIVED_IN
from tests.walls.two import Two

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(1200)]
NAME, ADDRESS, PHONE, WORDS = (
    "Zyxwina Çanary",
    "zyxwina@canary.example",
    "+31 555 019 283",
    "qqvanity said so",
)
CANARIES = tuple(text.casefold() for text in (NAME, ADDRESS, PHONE, WORDS))


@dataclass
class Told:
    """What there was before, and after."""

    looked: Any
    copy: dict[str, Any]
    counts: dict[str, int]
    contact: Contact
    earlier: tuple[str, str]
    hidden: list[str]
    """Columns that should have been planted and were not."""
    found: list[str]
    files: list[Path]
    cached: str


@pytest.fixture(scope="module")
def told(two: Two) -> Iterator[Told]:
    harbour = Organisation.objects.get(slug=LIVED_IN)
    with tenancy.within(harbour), transaction.atomic():
        yield _live_and_be_erased(harbour)
        transaction.set_rollback(True)


def _live_and_be_erased(harbour: Organisation) -> Told:
    contact, ada, now = of_people.acting(), User.objects.get(email="ada@harbour.example"), timezone.now()
    earlier = contact.name, contact.address
    hidden = plant(contact)
    kept = _keep_a_file(harbour)
    contact.refresh_from_db()
    looked = erasing.look(contact)
    copy, counts = erasing.copy_of(contact=contact, now=now), _counts()
    with TestCase.captureOnCommitCallbacks(execute=True):
        erasing.erase(contact=contact, by=ada, now=now, why=f"{NAME} asked for it")
    contact = Contact.objects.get(pk=contact.pk)
    texts = (*CANARIES, *(text.casefold() for text in earlier))
    cached = repr(getattr(cache, "_cache", {})).casefold()
    return Told(looked, copy, counts, contact, earlier, hidden, search(harbour, texts), kept, cached)


def plant(contact: Contact) -> list[str]:
    """Their new name and address wherever words can stand: what they did before they did as who they are."""
    Contact.objects.filter(pk=contact.pk).update(name=NAME, phone=PHONE, title=WORDS, key="canary-17")
    contact.recipient.address = ADDRESS
    contact.recipient.save()
    _add_what_is_rare(contact)
    hidden = []
    for label, handling in REGISTRY.items():
        if label.startswith("organisations.") or label in ("customers.Contact", "post.Recipient"):
            continue
        model, way = apps.get_model(label), (handling.person.split() or [""])[0]
        rows = list(model._default_manager.order_by("-pk")[:60])
        theirs = [*model._default_manager.filter(**{way: contact})[:20], *rows] if way else rows
        for name in handling.theirs.split():
            hidden += [f"{label}.{one}" for one in _plant(theirs, name, WORDS, {way: contact})]
        for name in (*handling.typed.split(), *handling.copies.split()):
            hidden += [f"{label}.{one}" for one in _plant(rows, name, f"{NAME} <{ADDRESS}>", {})]
    return hidden


def _add_what_is_rare(contact: Contact) -> None:
    """What comes and goes, or what the lived-in organisation leaves as it ships."""
    organisation, now = contact.organisation, timezone.now()
    ImportClaim.objects.create(organisation=organisation, of=Import.objects.earliest("pk"), line=1)
    NextStep.objects.create(organisation=organisation, stage="outcome", kind="other", saved_at=now)
    ChampionChange.objects.update(closed_at=now, closed_why="settled")
    Erasure.objects.update(lifted_at=now, lifted_by=F("by"), lifted_why="lifted")


def _plant(rows: list[Any], name: str, words: str, also: dict[str, Any]) -> list[str]:
    """In the first row whose table lets it; the name of the column when none does."""
    for row in rows:
        model, value = type(row), getattr(row, name)
        field = model._meta.get_field(name)
        if isinstance(field, models.JSONField):
            said: Any = {**value, "said": {words: [words]}} if isinstance(value, dict) else [words]
        elif isinstance(field, models.GenericIPAddressField):
            said = "203.0.113.77"
        elif isinstance(field, models.EmailField):
            said = ADDRESS
        else:
            said = words[: field.max_length]
        try:
            with transaction.atomic():
                model._default_manager.filter(pk=row.pk).update(**also, **{name: said})
        except IntegrityError:
            continue
        return []
    return [name]


def _keep_a_file(harbour: Organisation) -> list[Path]:
    """One that names them in another encoding, of an import that waits for a person's yes."""
    made = []
    for words in (f"name;e-mail\n{NAME};{ADDRESS}\n", "name\nNobody\n"):
        kept = files.keep(io.BytesIO(words.encode("utf-16")), harbour)
        import_ = Import.objects.filter(state__in=Import.FINISHED).earliest("pk")
        import_.pk, import_.state, import_.file_path = None, Import.State.MAPPING, kept.path
        import_.save()
        made.append(Path(settings.STATE) / kept.path)
    return made


def search(harbour: Organisation, texts: tuple[str, ...]) -> list[str]:
    """Table and row of every hit in the rows of the organisation, and in tables that belong to none."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            place = names.index("organisation_id") if "organisation_id" in names else None
            for row in cursor.fetchall():
                if place is None or row[place] == harbour.pk:
                    said = _readable(row)
                    found += [f"{table}: {text} in {said[:300]}" for text in texts if text in said]
    return found


def _readable(row: tuple[Any, ...]) -> str:
    """Every value as text, and what JSON hides behind escapes."""
    said = " ".join(bytes(one).decode("latin-1") if isinstance(one, memoryview) else str(one) for one in row)
    if "\\u" in said:
        said += said.encode("latin-1", "backslashreplace").decode("unicode_escape", "replace")
    return said.casefold()


def _counts() -> dict[str, int]:
    return {
        "verdicts": Verdict.objects.count(),
        "achievements": Achievement.objects.count(),
        "events": Event.objects.count(),
    }


def test_a_canary_was_in_every_feature(told: Told) -> None:
    """A feature that is missing here: let the lived-in organisation use it."""
    assert told.hidden == []


def test_nobody_finds_them_in_any_row(told: Told) -> None:
    assert told.found == []


def test_nobody_finds_them_in_a_file_or_the_cache(told: Told) -> None:
    assert [path.exists() for path in told.files] == [False, True]
    assert not any(text in told.cached for text in CANARIES)
    told.files[1].unlink()


def test_what_counts_goes_on_counting(told: Told) -> None:
    now_are = _counts()
    assert now_are["verdicts"] == told.counts["verdicts"]
    assert now_are["achievements"] == told.counts["achievements"]
    assert now_are["events"] > told.counts["events"]


def test_a_keyed_hash_stays_and_an_event_without_a_name(told: Told) -> None:
    erasure = Erasure.objects.get(contact=told.contact)
    assert len(erasure.address_hash) == len(erasure.key_hash) == 64
    assert erasure.why == "(erased) asked for it"
    event = Event.objects.filter(verb="person_erased").latest("pk")
    assert event.data == {"contact_id": told.contact.pk}
    assert (told.contact.name, told.contact.address) == ("(erased)", "")


def test_the_page_said_beforehand_what_would_go(told: Told) -> None:
    looked = told.looked
    assert looked.mails > 0
    assert looked.links > 0
    assert looked.files == 1
    assert looked.stays
    assert looked.named
    assert len(looked.dropped) >= 6


def test_the_copy_held_every_column_of_theirs(told: Told) -> None:
    assert (told.copy["contact"]["name"], told.copy["contact"]["address"]) == (NAME, ADDRESS)
    for label, handling in REGISTRY.items():
        if handling.theirs:
            rows = told.copy["about"][label]
            assert {*handling.theirs.split()} <= rows[0].keys(), label
    assert WORDS in json.dumps(told.copy)
    named = {mention["table"] for mention in told.copy["mentions"]}
    assert {"coaching.Call", "advocacy.Story", "milestones.Claim"} <= named
