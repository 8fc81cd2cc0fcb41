"""Send a resource to somebody at a customer, by the outbox: their wishes and their budget hold there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.alone import alone_with
from coaching.models import Call, Resource, ResourceEdition, Sending
from coaching.sharing import letters
from customers.models import Contact, Customer
from organisations.models import User
from post import recalling
from post.models import Delivery
from post.wishes import ask
from ui.moments import short_day


class NotPossible(Exception):
    """Nothing was sent. The message says why and what to do."""


@dataclass(frozen=True)
class Share:
    """What is to be sent along with a call, and to whom."""

    resources: Sequence[Resource] = ()
    contact: Contact | None = None


NOTHING = Share()


def send(
    *,
    resource: Resource,
    contact: Contact,
    by: User,
    now: datetime,
    words: str = "",
    call: Call | None = None,
    simulated: bool = False,
) -> Sending:
    """The edition in force, to this person, once. One whose mail was stopped is sent after all.

    Raises NotPossible. Simulated mails are kept for reading and never leave.
    """
    with transaction.atomic():
        alone_with(contact.customer)
        person = _person(contact, now)
        edition = _edition(resource)
        before = Sending.objects.filter(edition=edition, contact=person).with_people().first()
        if before is not None:
            return _again(before, person, words, by, now)
        sending = Sending(
            organisation_id=person.organisation_id,
            resource=edition.resource,
            edition=edition,
            customer=person.customer,
            contact=person,
            call=call,
            words=words.strip(),
            sent_at=now,
            sent_by=by,
        )
        sending.save(force_insert=True)
        organisation = person.customer.organisation
        sending.delivery = letters.post(sending, organisation=organisation, now=now, simulated=simulated)
        sending.save(update_fields=["delivery"])
        _log(sending, by=by, now=now)
    return sending


def send_along(*, call: Call, share: Share, now: datetime) -> list[Sending]:
    """With a call that is just logged. Raises NotPossible; then nothing of the call is stored either."""
    if share.resources and share.contact is None:
        raise NotPossible(_("Choose to whom these go."))
    return [
        send(resource=resource, contact=share.contact, by=call.by, now=now, call=call)
        for resource in share.resources
        if share.contact is not None
    ]


def _person(contact: Contact, now: datetime) -> Contact:
    """Them as they are now, if they can be written to. Raises NotPossible."""
    rows = Contact.objects.select_related("recipient", "customer__organisation")
    person: Contact = rows.get(pk=contact.pk)
    if person.left_on is not None:
        raise NotPossible(_("%(name)s works there no more. Choose somebody else.") % {"name": person.name})
    if not Customer.objects.current().filter(pk=person.customer_id).exists():
        raise NotPossible(
            _("%(customer)s left or is archived. Nothing was sent.") % {"customer": person.customer.name}
        )
    if person.recipient is None:
        raise NotPossible(
            _("%(name)s has no mail address. Write it down first; nothing was sent.") % {"name": person.name}
        )
    person.recipient.organisation = person.customer.organisation
    if refused := ask(person.recipient, purpose=Delivery.Purpose.RESOURCE, now=now).refused:
        raise NotPossible(
            _("Nothing was sent to %(name)s: %(why)s. Tell them in a call.")
            % {"name": person.name, "why": refused}
        )
    return person


def _edition(resource: Resource) -> ResourceEdition:
    rows = ResourceEdition.objects.in_force().select_related("resource")
    edition: ResourceEdition | None = rows.filter(
        resource__in=Resource.objects.current().filter(pk=resource.pk)
    ).first()
    if edition is None:
        raise NotPossible(
            _("“%(title)s” is not on the shelf (any more). Choose another.") % {"title": resource.title}
        )
    return edition


def _again(before: Sending, person: Contact, words: str, by: User, now: datetime) -> Sending:
    """Only what never left may go after all. Raises NotPossible."""
    before.contact, before.words, before.sent_by = person, words.strip(), by
    organisation = person.customer.organisation
    mail = letters.letter(before, organisation=organisation, now=now)
    if before.delivery is None or not recalling.post_again(before.delivery, mail=mail, now=now):
        at = before.sent_at.astimezone(organisation.tzinfo).date()
        raise NotPossible(
            _("%(name)s was sent this edition on %(day)s. Each goes to a person once: see the outbox.")
            % {"name": person.name, "day": short_day(at, today=now.date())}
        )
    before.sent_at = now
    before.save(update_fields=["words", "sent_by", "sent_at"])
    _log(before, by=by, now=now)
    return before


def _log(sending: Sending, *, by: User, now: datetime) -> None:
    sending.customer.organisation.log(
        "resource_sent",
        by=by,
        now=now,
        subject=sending,
        customer_id=sending.customer_id,
        resource_id=sending.resource_id,
        contact_id=sending.contact_id,
    )
