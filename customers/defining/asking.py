"""The question "is this still right, in your words?" to one person at the customer."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from customers.defining import letters
from customers.defining.faults import CannotBeAsked, NotPossible
from customers.defining.revising import fresh, holding
from customers.models import Contact, Outcome, OutcomeAsk
from organisations.models import User
from post.models import Delivery

SAME_CLICK = timedelta(minutes=1)  # asking the same person again this soon is a form sent twice


def ask(
    *, outcome: Outcome, contact: Contact, by: User | None, now: datetime, simulated: bool = False
) -> OutcomeAsk:
    """Ask one person by mail, on a link that is theirs alone. Asking again replaces the open question.

    Raises CannotBeAsked (no address, gone), NotPossible (retired, nothing written down).
    """
    with holding(outcome.customer, now=now) as customer:
        row = fresh(outcome)
        if not row.is_standing or not row.words:
            raise NotPossible(_("There is nothing to ask about: write the outcome down first."))
        _check(row, contact)
        before = OutcomeAsk.objects.filter(outcome=row, contact=contact, closed_at=None).first()
        if before is not None and now - before.asked_at < SAME_CLICK:
            return before
        if before is not None:
            before.closed_at = now
            before.save(update_fields=["closed_at"])
            letters.hold_back(before, why=_("asked again"))
        organisation = customer.organisation
        made = OutcomeAsk.objects.create(
            organisation=organisation, outcome=row, contact=contact, asked_at=now, asked_by=by
        )
        letters.post_question(made, now=now, simulated=simulated)
        organisation.log(
            "wording_asked",
            by=by,
            now=now,
            subject=row,
            customer_id=customer.pk,
            contact_id=contact.pk,
        )
    return made


def send_link(*, ask: OutcomeAsk, now: datetime) -> Delivery | None:
    """The question's own link, to the person asked alone. None when it is closed or they have no address."""
    if ask.closed_at is not None or ask.contact.why_not_asked:
        return None
    with transaction.atomic():
        return letters.post_link(ask, now=now)


def _check(outcome: Outcome, contact: Contact) -> None:
    if contact.customer_id != outcome.customer_id:
        raise CannotBeAsked(_("Ask a person at this customer."))
    if contact.why_not_asked:
        raise CannotBeAsked(contact.why_not_asked)
