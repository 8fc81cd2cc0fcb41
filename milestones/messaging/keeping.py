"""For those who write: keep a wording, try it on oneself, let the journey begin to write, and stop it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from milestones.messaging.letters import ASK_LINK, PAGE_LINK, preview
from milestones.messaging.sending import take_back
from milestones.messaging.wording import Wording, wordings
from milestones.models import Enrolment, Journey, Message, MessageWritten, Milestone
from organisations.models import User
from post import posting
from post.models import Delivery
from ui.mail import RenderedMail


class NothingOn(Exception):
    """No occasion is switched on, so there is nothing to begin."""


def keep_message(
    *, journey: Journey, milestone_key: str, wording: Wording, by: User, now: datetime
) -> Message:
    """Keep the wording of one occasion, for one milestone (by key) or for every other (EVERY)."""
    with transaction.atomic():
        row, _is_new = Message.objects.select_for_update().update_or_create(
            organisation=journey.organisation,
            journey=journey,
            milestone_key=milestone_key,
            occasion=wording.occasion,
            defaults={
                "is_on": wording.is_on,
                "days": wording.days,
                "subject": wording.subject,
                "body": wording.body,
                "asks_wording": wording.asks_wording,
                "edited_at": now,
                "edited_by": by,
            },
        )
        said: dict[str, Any] = {"journey_id": journey.pk, "occasion": row.occasion, "is_on": row.is_on}
        journey.organisation.log("message_worded", by=by, now=now, subject=row, **said)
    return row


def remove_message(*, message: Message, by: User, now: datetime) -> None:
    """Back to what holds for every milestone; of that, back to what ships, which is off."""
    with transaction.atomic():
        journey = message.journey
        said: dict[str, Any] = {"journey_id": journey.pk, "occasion": message.occasion}
        journey.organisation.log("message_unworded", by=by, now=now, subject=message, **said)
        message.delete()


def start(*, journey: Journey, by: User, now: datetime) -> None:
    """From now on the journey writes about what happens from now on. Raises NothingOn."""
    with transaction.atomic():
        row = Journey.objects.select_for_update().get(pk=journey.pk)
        if not any(each.is_on for each in wordings(row).values()):
            raise NothingOn
        if row.messages_since is None:
            row.messages_since = now
            row.save(update_fields=["messages_since"])
            row.organisation.log("messages_started", by=by, now=now, subject=row, journey_id=row.pk)


def stop(*, journey: Journey, by: User, now: datetime) -> None:
    """It writes no more, and what waits in the outbox does not go."""
    with transaction.atomic():
        row = Journey.objects.select_for_update().get(pk=journey.pk)
        if row.messages_since is None:
            return
        row.messages_since = None
        row.save(update_fields=["messages_since"])
        waiting = MessageWritten.objects.filter(enrolment__journey=row, delivery__in=Delivery.objects.open())
        why = _("this journey writes no more messages")
        take_back(waiting, why=why, organisation=row.organisation, now=now)
        row.organisation.log("messages_stopped", by=by, now=now, subject=row, journey_id=row.pk)


def post_trial(
    *, enrolment: Enrolment, milestone: Milestone, wording: Wording, to: User, now: datetime
) -> Delivery:
    """The message as that customer would get it, to the member who asks for it. Raises Lacking.

    The links to the customer's own pages are not made for anybody else: here they lead to ours.
    """
    _contact, mail = preview(enrolment=enrolment, milestone=milestone, wording=wording, now=now)
    organisation = enrolment.organisation
    text, html = mail.text, mail.html
    for link in (PAGE_LINK, ASK_LINK):
        text, html = (part.replace(link, settings.BOSAI_URL) for part in (text, html))
    tried = RenderedMail(_("[Try] %(subject)s") % {"subject": mail.subject}, text, html)
    return posting.post(
        organisation=organisation,
        purpose=Delivery.Purpose.TEST,
        subject_key=f"try:{to.pk}:{now.isoformat()}",
        recipient=posting.recipient_for(organisation=organisation, address=to.email),
        mail=tried,
        now=now,
        reply_to=to.email,
    )
