"""A person leaves their company, and nobody waits for their word about an outcome any more."""

from datetime import datetime

from customers.models import Contact, OutcomeAsk


def close_questions_to(contact: Contact, *, now: datetime) -> None:
    """Their open questions are closed; the mails are recalled by whoever says that they left."""
    OutcomeAsk.objects.filter(contact=contact, closed_at=None).update(closed_at=now)
