"""Messages that are due go into the post, once each for ever; what has been overtaken is taken back.

The row of what was written and its mail are stored together, so a crash repeats and forgets nothing. When a
mail leaves, the recipient's working hours, quiet hours and budget are asked (`post.wishes`); until then it
may be overtaken: who has reached a milestone is not told any more how to, and who contested it not that it
is done.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import batched

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from milestones.messaging.letters import Lacking, Letter, letters
from milestones.messaging.planning import Due, Plan, begins
from milestones.models import Achievement, Journey, MessageWritten, Occasion, Pause
from organisations.models import Event, Organisation
from organisations.sweeping import in_each_organisation
from post import posting
from post.models import Delivery
from post.recalling import recall
from ui.mail import RenderedMail

WRITTEN_AT_ONCE = 200
AT_ONCE = 25  # in one transaction: SQLite's other writers wait a quarter of a second, not more
AHEAD = (Occasion.EXPECTATION, Occasion.MOMENTUM, Occasion.STALL)
"""What speaks of a milestone as still to come."""
MESSAGE = Delivery.Purpose.MESSAGE


def write_all(*, now: datetime) -> int:
    """The same in every organisation. One that fails holds up no other."""
    return in_each_organisation(
        lambda organisation, at_most: write_due(organisation=organisation, now=now, at_most=at_most),
        part=WRITTEN_AT_ONCE,
        what="messages",
    )


def write_due(
    *, organisation: Organisation, now: datetime, simulated: bool = False, at_most: int = WRITTEN_AT_ONCE
) -> int:
    """One round; how many messages were put in the post. Simulated ones are kept for reading, never sent.

    It ends when `at_most` are written, by a few more at the most; who cannot be written to holds up nobody.
    """
    written = 0
    with translation.override(organisation.language), timezone.override(organisation.tzinfo):
        take_back_overtaken(now=now)
        for journey in Journey.objects.exclude(messages_since=None).order_by("pk"):
            plan = Plan(
                journey, organisation=organisation, since=begins(journey, now=now), until=now, now=now
            )
            for dues in batched(plan, AT_ONCE):
                if written >= at_most:
                    break
                written += _write(dues, organisation, now=now, simulated=simulated)
    return written


def take_back_overtaken(*, now: datetime) -> None:
    """Stop what waits and is true no more: reached by now, no longer reached, no longer on the way, at rest.

    The day is the one of the zone that is active.
    """
    waiting = MessageWritten.objects.filter(delivery__state=Delivery.State.PENDING)
    reached = Q(occasion__in=AHEAD) & (
        Q(enrolment__current=None) | ~Q(enrolment__current__key=F("milestone_key"))
    )
    stands = Achievement.objects.standing().filter(
        enrolment=OuterRef("enrolment"), milestone_key=OuterRef("milestone_key")
    )
    open_again = Q(occasion=Occasion.HANDOVER) & ~Exists(stands)
    gone = Q(enrolment__ended_at__isnull=False) | Q(enrolment__customer__left_on__isnull=False)
    gone |= Q(enrolment__customer__archived_at__isnull=False)
    pauses = Pause.objects.covering(timezone.localdate(now)).filter(enrolment=OuterRef("enrolment"))
    for found, why in (
        (gone, _("they are no longer on this journey")),
        (reached, _("reached meanwhile")),
        (open_again, _("no longer reached")),
        (Q(Exists(pauses)), _("their journey is paused")),
    ):
        keys = [subject_key(*row) for row in waiting.filter(found).values_list(*_KEY)]
        if keys:
            recall(purpose=MESSAGE, subject_keys=keys, why=why)


_KEY = ("occasion", "enrolment_id", "milestone_key")


def subject_key(occasion: str, enrolment_id: int, milestone_key: str) -> str:
    """The name of this message in the outbox: one mail under it, for ever."""
    return f"{occasion}:{enrolment_id}:{milestone_key}"


def _write(dues: Sequence[Due], organisation: Organisation, *, now: datetime, simulated: bool) -> int:
    """A few of them, whole or not at all. Those that cannot be drawn yet are tried again next round."""
    drawn = [
        (letter, mail)
        for letter in letters(dues, organisation=organisation).values()
        if letter and (mail := _drawn(letter, now))
    ]
    try:
        with transaction.atomic():
            rows = [_post(letter, mail, now=now, simulated=simulated) for letter, mail in drawn]
            MessageWritten.objects.bulk_create(rows)
            Event.objects.bulk_create(_event(row, now) for row in rows)
    except IntegrityError:
        return 0  # another process wrote one of them a moment ago; the next round sees which
    return len(rows)


def _drawn(letter: Letter, now: datetime) -> RenderedMail | None:
    try:
        return letter.render(now=now)
    except Lacking:
        return None  # the journey's page of messages says whom it concerns


def _post(letter: Letter, mail: RenderedMail, *, now: datetime, simulated: bool) -> MessageWritten:
    occasion, enrolment, key = letter.wording.occasion, letter.enrolment, letter.milestone.key
    recipient, csm = letter.contact.recipient, letter.csm
    assert recipient is not None, "whoever is chosen has an address"
    delivery = posting.post(
        organisation=letter.organisation,
        purpose=MESSAGE,
        subject_key=subject_key(occasion, enrolment.pk, key),
        recipient=recipient,
        mail=mail,
        now=now,
        from_name=csm.name if csm else "",
        reply_to=csm.email if csm else "",
        customer_id=enrolment.customer_id,
        links=letter.links(),
        simulated=simulated,
    )
    return MessageWritten(
        organisation=letter.organisation,
        enrolment=enrolment,
        milestone_key=key,
        occasion=occasion,
        written_at=now,
        contact=letter.contact,
        delivery=delivery,
    )


def _event(row: MessageWritten, now: datetime) -> Event:
    return Event(
        organisation=row.organisation,
        at=now,
        recorded_at=now,
        verb="message_written",
        subject_type=MessageWritten._meta.label_lower,
        subject_id=row.pk,
        customer_id=row.enrolment.customer_id,
        data={
            "occasion": row.occasion,
            "milestone_key": row.milestone_key,
            "delivery_id": row.delivery_id,
        },
    )
