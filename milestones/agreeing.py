"""Does a milestone's wording still fit? Asked in a message, answered by the customer on their own link.

What they say stands in their history and on their CSM's Today. It changes no milestone: that is a person's.
"""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from customers.models import Contact
from milestones.models import Agreement, Enrolment, Milestone
from organisations.models import User
from post.linking import LinkSpec
from post.models import Link

PURPOSE, LINK_DAYS = "agreement", 60
Answer = Agreement.Answer


class CannotAnswer(Exception):
    """Nothing was kept; the words say why."""


class WordsMissing(CannotAnswer):
    """They say no, and not why."""


def ask(*, enrolment: Enrolment, milestone: Milestone, contact: Contact, now: datetime) -> Agreement:
    """The question that waits for this person about this milestone; a second one is not made."""
    about = {"enrolment": enrolment, "milestone": milestone, "contact": contact}
    waiting = Agreement.objects.filter(**about, answered_at=None)
    found = waiting.first()
    if found is None:
        try:
            with transaction.atomic():
                found = Agreement.objects.create(
                    organisation_id=enrolment.organisation_id, asked_at=now, **about
                )
        except IntegrityError:  # asked a moment ago, in another mail
            found = waiting.get()
    return found


def link_to(agreement: Agreement, *, placeholder: str) -> LinkSpec:
    return LinkSpec(placeholder, PURPOSE, agreement.pk, LINK_DAYS)


def of_link(link: Link) -> Agreement | None:
    """The question this link was sent with."""
    if link.purpose != PURPOSE:
        return None
    related = ("milestone", "enrolment__customer__organisation", "enrolment__customer__owner", "contact")
    return Agreement.objects.select_related(*related).filter(pk=link.subject_id).first()


def answer(
    *, agreement: Agreement, link: Link, is_right: bool, words: str = "", now: datetime, ip: str | None = None
) -> Agreement:
    """The customer's word, on the link of this very question. The same one twice is one.

    Raises WordsMissing, CannotAnswer (answered otherwise already).
    """
    words = "" if is_right else words.strip()
    if not is_right and not words:
        raise WordsMissing(
            _("Please say in a sentence what is no longer right, so that we know what to change.")
        )
    with transaction.atomic():
        row = _locked(agreement, link)
        if row.answered_at is not None:
            if row.is_right == is_right:
                return row
            raise CannotAnswer(_("You have answered this already. Take that answer back first."))
        row.answer = Answer.RIGHT if is_right else Answer.WRONG
        row.words, row.answered_at, row.from_ip, row.is_demo = words, now, ip, link.is_demo
        row.save(update_fields=["answer", "words", "answered_at", "from_ip", "is_demo"])
        Link.objects.filter(pk=link.pk, first_opened_at=None).update(first_opened_at=now)
        _log(row, "agreement_given" if is_right else "agreement_denied", now=now)
    return row


def undo(*, agreement: Agreement, link: Link, now: datetime) -> Agreement:
    """Take the answer back within 24 hours; the question waits again. Raises CannotAnswer."""
    with transaction.atomic():
        row = _locked(agreement, link)
        if row.answered_at is None:
            return row
        if not row.can_be_undone(now):
            raise CannotAnswer(_("An answer can be taken back for 24 hours. Write to us if it is wrong."))
        about = {"enrolment": row.enrolment_id, "milestone": row.milestone_id, "contact": row.contact_id}
        if Agreement.objects.filter(**about, answered_at=None).exists():
            raise CannotAnswer(_("You were asked again since. Answer there: it counts from then on."))
        row.answer, row.words, row.answered_at = "", "", None
        row.settled_at = row.settled_by = None
        row.save(update_fields=["answer", "words", "answered_at", "settled_at", "settled_by"])
        _log(row, "agreement_undone", now=now)
    return row


def settle(*, agreement: Agreement, by: User, now: datetime) -> None:
    """Somebody here has taken up that a wording does not fit: it leaves Today, and stays in the history."""
    with transaction.atomic():
        row = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
        if row.answer != Answer.WRONG or row.settled_at is not None:
            return
        row.settled_at, row.settled_by = now, by
        row.save(update_fields=["settled_at", "settled_by"])
        _log(row, "agreement_settled", now=now, by=by)


def _locked(agreement: Agreement, link: Link) -> Agreement:
    if link.purpose != PURPOSE or link.subject_id != agreement.pk:
        raise CannotAnswer(_("This link only shows. Use the one in the mail that asks you."))
    rows = Agreement.objects.select_for_update(of=("self",))
    found: Agreement = rows.select_related("enrolment__customer__organisation").get(pk=agreement.pk)
    return found


def _log(row: Agreement, verb: str, *, now: datetime, by: User | None = None) -> None:
    customer = row.enrolment.customer
    said: dict[str, Any] = {"milestone_id": row.milestone_id, "contact_id": row.contact_id}
    customer.organisation.log(
        verb, by=by, now=now, subject=row, customer_id=customer.pk, demo=row.is_demo, **said
    )
