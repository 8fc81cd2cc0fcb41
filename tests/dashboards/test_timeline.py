"""Events as sentences: names are joined when shown, pages are keyed, and every verb has its words."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboards import timeline
from dashboards.timeline import TOLD, Entry
from dashboards.timeline.entries import GROUP_OF
from organisations.models import Event, Organisation, User
from tests.counting import queries_of
from tests.factories import make_contact, make_customer, make_journey

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
ROOMS = ("organisations", "post", "customers", "milestones", "coaching", "advocacy", "office")


def told(organisation: Organisation, now: datetime) -> list[Entry]:
    events = list(Event.objects.select_related("actor").newest_first())
    facts = timeline.facts_of(events, organisation=organisation)
    return timeline.entries_of(events, facts, now=now)


def test_it_has_words_for_every_verb_that_is_logged() -> None:
    """The verbs are read from the source, so that a new one without words fails here."""
    logged: set[str] = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            text = path.read_text()
            logged |= set(
                re.findall(
                    r'(?:\blog|_log|\bnote|_note|_follow|event|_event)\(\s*(?:\w+, )*"(\w+_\w+|enrolled)"',
                    text,
                )
            )
            logged |= set(re.findall(r'verb="(\w+)"', text))
    logged -= {"lease_lost"}
    assert {"call_logged", "milestone_claimed", "customer_left", "celebration_posted"} <= logged
    assert logged <= set(timeline.VERBS), logged - set(timeline.VERBS)
    assert logged <= set(TOLD), logged - set(TOLD)


def test_it_knows_the_words_of_every_verb_it_groups() -> None:
    assert set(GROUP_OF) <= set(timeline.VERBS)
    assert set(TOLD) <= set(timeline.VERBS)


def test_it_joins_names_and_words_when_shown(
    in_harbour: Organisation, mara: User, theo: User, now: datetime
) -> None:
    customer = make_customer(in_harbour)
    contact = make_contact(customer, "Amara Okafor")
    journey = make_journey(in_harbour)
    milestone = journey.current_version().milestones.get(key="m2")
    about: dict[str, Any] = {"by": mara, "now": now, "customer_id": customer.pk}
    in_harbour.log("owner_changed", subject=customer, owner_id=theo.pk, **about)
    in_harbour.log("enrolled", journey_id=journey.pk, **about)
    in_harbour.log("confirmation_asked", milestone_id=milestone.pk, contact_id=contact.pk, **about)
    in_harbour.log("contact_edited", subject=contact, contact_id=contact.pk, fields=["address"], **about)
    assert [(entry.title, entry.note, entry.by) for entry in told(in_harbour, now)] == [
        ("Amara Okafor edited", "e-mail address", "Mara Lindqvist"),
        ("“Is it so?” to Amara Okafor", "Milestone 2", "Mara Lindqvist"),
        ("Set out on “First data”", "", "Mara Lindqvist"),
        ("Theo Brandt is the CSM now", "", "Mara Lindqvist"),
    ]


def test_it_stays_whole_when_what_it_names_is_gone(in_harbour: Organisation, now: datetime) -> None:
    for verb in timeline.VERBS:
        in_harbour.log(
            verb, by=None, now=now, customer_id=77, milestone_id=1, contact_id=2, owner_id=3, journey_id=4,
            metric_id=5, due_at=now.isoformat(), why="contested", role="csm", state="kept", fields=["name"],
            number=1, counts={"new": 2}, purpose="celebration",
            **({"from": now.isoformat(), "to": now.isoformat()} if verb == "achievement_moved" else {}),
        )  # fmt: skip
    entries = told(in_harbour, now)
    assert len(entries) >= len(timeline.VERBS) - 1
    assert all(entry.title and "None" not in entry.title + entry.note for entry in entries)


def test_it_tells_a_milestone_reached_by_confirmation_once(in_harbour: Organisation, now: datetime) -> None:
    common: dict[str, Any] = {"by": None, "customer_id": 1, "milestone_id": 5}
    in_harbour.log("outcome_confirmed", now=now, **common)
    in_harbour.log("milestone_achieved", now=now, history=False, **common)
    in_harbour.log("milestone_achieved", now=now - timedelta(days=1), history=False, **common)
    assert [entry.stone for entry in told(in_harbour, now)] == ["verified", "evidenced"]


def test_it_pages_by_key_through_events_of_the_same_moment(in_harbour: Organisation, now: datetime) -> None:
    for n in range(7):
        in_harbour.log("enrolled", by=None, now=now + timedelta(minutes=n // 3), customer_id=1)
    whole = [event.pk for event in Event.objects.newest_first()]
    seen, before = [], ""
    while True:
        page = timeline.page_of(Event.objects.all(), before=before, size=2)
        seen += [event.pk for event in page.events]
        in_harbour.log("enrolled", by=None, now=now + timedelta(hours=1), customer_id=1)
        if not page.older:
            break
        before = page.older
    assert seen == whole


@pytest.mark.parametrize("key", ["nonsense", "20260312T090000000000", "x-1", "20260312T090000000000-x", "-"])
def test_it_begins_at_the_top_for_a_key_that_is_none(
    in_harbour: Organisation, now: datetime, key: str
) -> None:
    in_harbour.log("enrolled", by=None, now=now, customer_id=1)
    assert len(timeline.page_of(Event.objects.all(), before=key).events) == 1


def test_it_reads_any_number_of_events_in_three_queries(
    in_harbour: Organisation, mara: User, now: datetime
) -> None:
    journey = make_journey(in_harbour)
    for n in range(30):
        customer = make_customer(in_harbour, f"Customer {n}")
        contact = make_contact(customer, f"Person {n}")
        in_harbour.log(
            "contact_edited", by=mara, now=now, subject=contact, customer_id=customer.pk,
            contact_id=contact.pk, journey_id=journey.pk, owner_id=mara.pk, fields=[],
        )  # fmt: skip
    events = list(Event.objects.all())
    assert len(queries_of(lambda: timeline.facts_of(events, organisation=in_harbour))) <= 3
