"""Send the recap of a call: once to each person, as it reads then."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from coaching.alone import alone_with
from coaching.models import Call, Recap, RecapCopy
from coaching.recapping.drafting import Draft, keep
from customers.models import Contact, Customer
from organisations.models import Organisation, User
from post import posting, recalling
from post.linking import UNSUBSCRIBE, LinkSpec
from post.models import Delivery
from post.wishes import ask
from ui.mail import RenderedMail, render_mail
from ui.markdown import mail_html, plain_text

LINK, LINK_DAYS = "[customer page]", 90
RECAP = Delivery.Purpose.RECAP


class NotPossible(Exception):
    """It went to nobody. The message says why and what to do; the draft is as it was."""


def send(
    *,
    call: Call,
    draft: Draft,
    contacts: Collection[Contact],
    by: User,
    now: datetime,
    simulated: bool = False,
) -> Recap:
    """Keep it as it reads, and send it to these people; who has it already is refused. Raises NotPossible."""
    if not draft.subject.strip() or not draft.body.strip():
        raise NotPossible(_("Write a subject and what it says, then send it."))
    if not contacts:
        raise NotPossible(_("Choose who gets it. It is kept as a draft."))
    with transaction.atomic():
        alone_with(call.customer)
        organisation = call.organisation
        people = _people(call, contacts, organisation, now)
        recap = keep(call=call, draft=draft, by=by, now=now)
        for person in people:
            _send(recap, person, organisation, by=by, now=now, simulated=simulated)
        if recap.sent_at is None:
            recap.sent_at = now
            recap.save(update_fields=["sent_at"])
    return recap


def _people(
    call: Call, contacts: Collection[Contact], organisation: Organisation, now: datetime
) -> list[Contact]:
    """Them as they are now, each of whom it may go to."""
    if not Customer.objects.current().filter(pk=call.customer_id).exists():
        raise NotPossible(_("%(name)s left or is archived. Nothing was sent.") % {"name": call.customer.name})
    rows = Contact.objects.filter(pk__in=[each.pk for each in contacts], customer=call.customer_id)
    people = list(rows.select_related("recipient").order_by("name", "pk"))
    for person in people:
        if why := _why_not(person, organisation, now):
            raise NotPossible(_("Nothing was sent. %(name)s: %(why)s.") % {"name": person.name, "why": why})
    return people


def _why_not(person: Contact, organisation: Organisation, now: datetime) -> str:
    if person.left_on is not None:
        return _("works there no more")
    if person.recipient is None:
        return _("has no mail address here; write it down first")
    person.recipient.organisation = organisation
    return ask(person.recipient, purpose=RECAP, now=now).refused


def _send(
    recap: Recap, person: Contact, organisation: Organisation, *, by: User, now: datetime, simulated: bool
) -> None:
    """A new copy; or after all the one whose mail was stopped before it left. Raises NotPossible."""
    mail = _letter(recap, person, organisation, by, now)
    before = RecapCopy.objects.filter(recap=recap, contact=person).select_related("delivery").first()
    if before is not None:
        if before.delivery is None or not recalling.post_again(before.delivery, mail=mail, now=now):
            raise NotPossible(
                _("%(name)s has this recap already: see the outbox. It was sent to nobody else now.")
                % {"name": person.name}
            )
        return
    assert person.recipient is not None, "checked above"
    delivery = posting.post(
        organisation=organisation,
        purpose=RECAP,
        subject_key=f"recap-{recap.call_id}-{person.pk}",
        recipient=person.recipient,
        mail=mail,
        now=now,
        from_name=by.name,
        reply_to=by.email,
        customer_id=person.customer_id,
        links=[LinkSpec(LINK, "customer", person.pk, LINK_DAYS)],
        simulated=simulated,
    )
    about = {"organisation_id": organisation.pk, "recap": recap, "contact": person, "delivery": delivery}
    RecapCopy.objects.create(**about, sent_at=now, sent_by=by)
    organisation.log(
        "recap_sent",
        by=by,
        now=now,
        subject=recap.call,
        customer_id=person.customer_id,
        contact_id=person.pk,
    )


def _letter(
    recap: Recap, person: Contact, organisation: Organisation, by: User, now: datetime
) -> RenderedMail:
    recipient = person.recipient
    assert recipient is not None, "checked by the caller"
    context = {
        "organisation": organisation,
        "recipient": recipient,
        "contact": person,
        "customer": recap.call.customer,
        "csm": by,
        "subject": recap.subject,
        "body": plain_text(recap.body),
        "body_html": mail_html(recap.body),
        "link": LINK,
        "unsubscribe_url": UNSUBSCRIBE,
        "now": now,
    }
    with timezone.override(recipient.tzinfo()):
        return render_mail("coaching/recap", context, recipient.language or organisation.language)
