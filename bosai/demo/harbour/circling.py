"""A circle at Harbour: people in it, one who has not answered, a meeting, two introductions."""

from collections.abc import Sequence
from datetime import datetime, time

from django.db.models import F

from advocacy import convening
from advocacy.models import Circle, CircleSeat
from advocacy.peers import Match, matches
from bosai.demo.harbour.stage import Stage
from customers.models import Contact

ABOUT = {
    "name": "From one number to a habit",
    "about": "You look at your data in the morning, or want to: what got people to open it.",
    "talk_url": "https://talk.harbour.example/c/one-number",
}
MEETING = {
    "title": "What got people to open it",
    "about": "Three people show what they changed, ten minutes each. Then questions.",
    "minutes": 60,
    "place": "https://meet.harbour.example/one-number",
}
SHOWS = (("shows_name", "shows_company", "shows_title"), ("shows_name", "shows_company"), ("shows_company",))
INSIDE = 4  # and one more is asked
INTRODUCTIONS = ((12, True), (4, False))  # days ago, and whether both have said yes


def gather(stage: Stage) -> None:
    """Of those on the main way: the ones at its beginning and the ones who are furthest."""
    mara, calendar = stage.people["mara"], stage.calendar
    people = _people(stage)
    if len(people) <= INSIDE:
        return
    circle = convening.save(
        organisation=stage.organisation, values=ABOUT | {"host": mara}, by=mara, now=calendar.ago(34, 11)
    )
    for number, contact in enumerate(people):
        _ask(circle, contact, stage, number)
    begins = datetime.combine(calendar.day(-9), time(15), tzinfo=calendar.zone)
    values = MEETING | {"starts_at": begins}
    convening.plan(circle=circle, values=values, by=mara, now=calendar.ago(8, 10), simulated=True)
    _introduce(circle, stage)
    convening.tell_news(organisation=stage.organisation, now=calendar.ago(1, 9), simulated=True)


def _people(stage: Stage) -> Sequence[Contact]:
    """The last is asked and has not answered."""
    rows = Contact.objects.current().filter(
        is_primary=True,
        favours=None,
        recipient__opted_out_at=None,
        recipient__isnull=False,
        customer__left_on=None,
        customer__archived_at=None,
        customer__owner__isnull=False,
        customer__enrolments__ended_at=None,
        customer__enrolments__current__isnull=False,
        customer__enrolments__journey__slug="from-first-data-to-daily-decisions",
    )
    rows = rows.select_related("recipient", "customer__organisation", "customer__owner")
    found = list(rows.order_by(F("customer__enrolments__achieved_count"), "pk"))
    half = INSIDE // 2
    return [*found[:half], *found[-(half + 1) :]] if len(found) > INSIDE else []


def _ask(circle: Circle, contact: Contact, stage: Stage, number: int) -> None:
    calendar, by = stage.calendar, stage.people["mara"]
    ago = 3 if number == INSIDE else 33
    seat = convening.ask(circle=circle, contact=contact, by=by, now=calendar.ago(ago, 11, 20), simulated=True)
    if number < INSIDE:
        shows = SHOWS[number] if number < len(SHOWS) else ()
        convening.join(seat=seat, shows=shows, now=calendar.ago(32 - number, 9, 30))


def _introduce(circle: Circle, stage: Stage) -> None:
    """Two pairs of four people: both said yes; one has, and the other is silent."""
    calendar, by = stage.calendar, stage.people["mara"]
    for pair, (ago, is_both) in zip(_pairs(matches(circle)), INTRODUCTIONS, strict=False):
        row = convening.ask_both(match=pair, by=by, now=calendar.ago(ago, 10, 40), simulated=True)
        for contact in [row.peer, row.seeker] if is_both else [row.peer]:
            said_at = calendar.ago(ago - 1, 14 + len(contact.name) % 3)
            convening.answer(introduction=row, contact=contact, is_yes=True, now=said_at, simulated=True)


def _pairs(found: Sequence[Match]) -> Sequence[Match]:
    """None of them in two."""
    taken: set[CircleSeat] = set()
    chosen = []
    for one in found:
        if not taken & {one.seeker, one.peer}:
            chosen.append(one)
            taken |= {one.seeker, one.peer}
    return chosen
