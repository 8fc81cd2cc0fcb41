"""The question "is it so?" to one person at the customer, and the answer to one who said "not yet"."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from customers.models import Contact
from milestones.models import Ask, Enrolment, Milestone, Verdict
from milestones.verifying import letters
from milestones.verifying.faults import (
    AlreadyAnswered,
    CannotBeAsked,
    NothingToAnswer,
    NotPossible,
    WordsMissing,
)
from milestones.verifying.noting import note
from milestones.verifying.settling import answers, hold, newest_of
from organisations.models import User

SAME_CLICK = timedelta(minutes=1)  # asking the same person again this soon is a form sent twice


def ask(
    *,
    enrolment: Enrolment,
    milestone: Milestone,
    contact: Contact,
    by: User | None,
    now: datetime,
    simulated: bool = False,
    has_news: bool = False,
) -> Ask:
    """Ask one person by mail, on a link that is theirs alone. Asking again replaces the open question.

    Twice within a minute is a form sent twice, unless the question `has_news` to tell.

    Raises CannotBeAsked (no address, gone), AlreadyAnswered (their yes stands), NotPossible.
    """
    with transaction.atomic():
        enrolment = hold(enrolment)
        check_milestone(enrolment, milestone)
        check_contact(enrolment, contact)
        about = {"enrolment": enrolment, "milestone": milestone, "contact": contact}
        row = Ask(organisation=enrolment.organisation, asked_at=now, asked_by=by, **about)
        _check_unanswered(row)
        before = Ask.objects.filter(**about, closed_at=None).first()
        if before is not None and not has_news and now - before.asked_at < SAME_CLICK:
            return before
        if before is not None:
            _replace(before, now)
        row.save()
        letters.post_question(row, now=now, simulated=simulated)
        note(row, "confirmation_asked", by=by, now=now, contact_id=contact.pk)
    return row


def answer_contest(
    *,
    verdict: Verdict,
    answer: str,
    by: User,
    now: datetime,
    ask_again: bool = True,
    contact: Contact | None = None,
    simulated: bool = False,
) -> Verdict:
    """Answer a customer who contested; by default with a fresh question, to them or to `contact`.

    Raises WordsMissing, NothingToAnswer (undone or settled meanwhile), CannotBeAsked.
    """
    answer = answer.strip()
    if not answer:
        raise WordsMissing(_("Write your answer: it goes to the customer as it stands."))
    with transaction.atomic():
        row = _open_contest(verdict)
        if row.answer == answer:
            return row
        row.answer, row.answered_at, row.answered_by = answer, now, by
        row.save(update_fields=["answer", "answered_at", "answered_by"])
        note(row, "contest_answered", by=by, now=now)
        whom = contact or row.contact
        if whom is None:
            raise CannotBeAsked(_("Whoever contested is no longer on file. Choose who gets your answer."))
        if ask_again:
            about: dict[str, Any] = {"enrolment": row.enrolment, "milestone": row.milestone, "contact": whom}
            ask(**about, by=by, now=now, simulated=simulated, has_news=True)
        else:
            check_contact(row.enrolment, whom)
            letters.post_answer(row, contact=whom, now=now, simulated=simulated)
    return row


def check_milestone(enrolment: Enrolment, milestone: Milestone) -> None:
    """Raises NotPossible unless the milestone lies on this enrolment's journey and can still be reached."""
    if milestone.version_id != enrolment.version_id:
        raise NotPossible(_("This milestone is not part of the customer's journey."))
    if not enrolment.is_judged:
        raise NotPossible(
            _("This journey has ended and is no longer judged: %(why)s") % {"why": enrolment.ended_why}
        )


def check_contact(enrolment: Enrolment, contact: Contact) -> None:
    """Raises CannotBeAsked unless this person can be written to."""
    if contact.customer_id != enrolment.customer_id:
        raise CannotBeAsked(_("Ask a person at this customer."))
    if contact.why_not_asked:
        raise CannotBeAsked(contact.why_not_asked)


def _check_unanswered(row: Ask) -> None:
    """Whoever has said yes is asked again only when a contest holds the milestone open."""
    standing = newest_of(row)
    contested = answers(row.enrolment, row.milestone.key).open_contests().exists()
    if standing is not None and standing.is_confirmation and not contested:
        raise AlreadyAnswered(
            standing, _("%(name)s has already confirmed this.") % {"name": row.contact.name}
        )


def _open_contest(verdict: Verdict) -> Verdict:
    """The contest as it is now. Raises NothingToAnswer when it holds no more."""
    enrolment = hold(verdict.enrolment)
    standing = answers(enrolment, verdict.milestone_key).select_related("milestone")
    row: Verdict | None = standing.filter(pk=verdict.pk).first()
    if row is None or not row.is_open_contest:
        raise NothingToAnswer(_("This contest is settled: the customer took it back or confirmed since."))
    row.enrolment = enrolment
    return row


def _replace(ask: Ask, now: datetime) -> None:
    ask.closed_at = now
    ask.save(update_fields=["closed_at"])
    letters.hold_back_question(ask, why=_("asked again"))
