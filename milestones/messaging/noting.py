"""What was written is noted: the row that makes it once, and its line in the customer's history."""

from collections.abc import Collection
from datetime import datetime

from milestones.messaging.letters import Letter
from milestones.models import MessageWritten
from organisations.models import Event
from post.models import Delivery


def note(written: Collection[tuple[Letter, Delivery]], *, now: datetime) -> None:
    """Within the transaction that put them in the post."""
    rows = [_row(letter, delivery, now) for letter, delivery in written]
    MessageWritten.objects.bulk_create(rows)
    Event.objects.bulk_create(_event(row, now) for row in rows)


def subject_key(occasion: str, enrolment_id: int, milestone_key: str) -> str:
    """The name of a message in the outbox, where it goes by itself: one mail under it, for ever."""
    return f"{occasion}:{enrolment_id}:{milestone_key}"


def _row(letter: Letter, delivery: Delivery, now: datetime) -> MessageWritten:
    return MessageWritten(
        organisation=letter.organisation,
        enrolment=letter.enrolment,
        milestone_key=letter.milestone.key,
        occasion=letter.wording.occasion,
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
