"""The customer's own word about a wording, on their own link: right, wrong, undone. No member does."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from customers.defining.faults import MovedOn, NothingToAnswer, TooLate, WordsMissing
from customers.defining.revising import as_it_was, fresh, holding, revise, settle_objections
from customers.models import Contact, Outcome, OutcomeAsk, OutcomeReply, OutcomeRevision
from post.models import Link

Kind = OutcomeReply.Kind
THEIRS = ("words", "target", "target_on")
"""What the customer may change themselves."""


def confirm(
    *,
    ask: OutcomeAsk,
    link: Link,
    edition: int,
    values: Mapping[str, Any],
    now: datetime,
    ip: str | None = None,
) -> OutcomeReply:
    """It is right, with what they changed of `THEIRS`. `edition`: the one they read.

    The same answer sent twice is one answer. Raises NothingToAnswer, MovedOn, WordsMissing.
    """
    given = {name: values[name] for name in THEIRS if name in values}
    with holding(ask.outcome.customer, now=now) as customer:
        ask, outcome = _question(ask, link)
        if (answered := _answered(ask, Kind.RIGHT)) is not None:
            return answered
        if outcome.edition != edition:
            raise MovedOn(_("The wording was changed while you read it. Here is how it stands now."))
        if not str(given.get("words", outcome.words)).strip():
            raise WordsMissing(_("Say in your own words what you want to reach."))
        if "words" in given and given["words"] != outcome.words:
            today = now.astimezone(customer.organisation.tzinfo).date()
            given |= {"contact": ask.contact, "said_by": "", "said_on": today}
        right = {"confirmed_at": now, "confirmed_by": ask.contact}
        changed = revise(outcome, given | right, now=now, contact=ask.contact)
        settle_objections(outcome, now=now)
        theirs = [name for name in changed if name in THEIRS]
        reply = _keep(Kind.RIGHT, ask, outcome, link=link, now=now, ip=ip, changed=theirs)
        _log(reply, "wording_confirmed", now, fields=theirs)
    return reply


def object_to(
    *, ask: OutcomeAsk, link: Link, words: str, now: datetime, ip: str | None = None
) -> OutcomeReply:
    """It is wrong, and why. The wording stands until a member changes it.

    Raises WordsMissing, NothingToAnswer.
    """
    if not words.strip():
        raise WordsMissing(_("Please say in a sentence what is wrong. Then we know what to change."))
    with holding(ask.outcome.customer, now=now):
        ask, outcome = _question(ask, link)
        if (answered := _answered(ask, Kind.WRONG)) is not None:
            return answered
        revise(outcome, {"confirmed_at": None, "confirmed_by": None}, now=now, contact=ask.contact)
        reply = _keep(Kind.WRONG, ask, outcome, link=link, now=now, ip=ip, words=words.strip())
        _log(reply, "wording_contested", now)
    return reply


def undo(*, reply: OutcomeReply, now: datetime) -> OutcomeReply:
    """Take an answer back within 24 hours: the wording is as before it, and the question waits again.

    What a member wrote since stays. Raises TooLate.
    """
    with holding(reply.outcome.customer, now=now):
        row = OutcomeReply.objects.select_related("ask", "contact").get(pk=reply.pk)
        if row.withdrawn_at is not None:
            return row
        if not row.can_be_undone(now):
            raise TooLate(_("An answer can be taken back for 24 hours. Write to us if it is wrong."))
        outcome = fresh(reply.outcome)
        row.withdrawn_at = now
        row.save(update_fields=["withdrawn_at"])
        _go_back(row, outcome, now)
        if row.is_right:  # what it settled is open again
            settled = OutcomeReply.objects.filter(outcome=outcome, kind=Kind.WRONG, settled_at=row.at)
            settled.update(settled_at=None)
        _reopen(row, outcome)
        row.outcome = outcome
        _log(row, "wording_undone", now, kind=row.kind)
    return row


def _go_back(reply: OutcomeReply, outcome: Outcome, now: datetime) -> None:
    """To the edition before the reply's own, if it made one and nobody has changed the wording since."""
    own = OutcomeRevision.objects.filter(outcome=outcome, edition=reply.edition - 1, at=reply.at).first()
    if own is not None and outcome.edition == reply.edition:
        revise(outcome, as_it_was(own.was), now=now, contact=reply.contact)


def _reopen(reply: OutcomeReply, outcome: Outcome) -> None:
    waiting = OutcomeAsk.objects.filter(outcome=outcome, contact=reply.ask.contact_id, closed_at=None)
    if outcome.is_standing and not waiting.exists():
        OutcomeAsk.objects.filter(pk=reply.ask_id).update(closed_at=None)


def _question(ask: OutcomeAsk, link: Link) -> tuple[OutcomeAsk, Outcome]:
    """The question as it is now: only the person asked answers, on the link of this very question."""
    people = "outcome__customer__organisation", "contact__recipient"
    row = OutcomeAsk.objects.select_related(*people).get(pk=ask.pk)
    if not may_answer(link, row):
        raise NothingToAnswer(_("This link only shows. Have the link to answer sent to you."))
    return row, fresh(row.outcome)


def may_answer(link: Link, ask: OutcomeAsk) -> bool:
    """Whether this link was made for that question, or an earlier one of the same person about the same."""
    if link.is_demo:
        return True
    if link.purpose != "outcome":
        return False
    about = OutcomeAsk.objects.filter(pk=link.subject_id, outcome=ask.outcome_id, contact=ask.contact_id)
    return link.subject_id == ask.pk or about.exists()


def _answered(ask: OutcomeAsk, kind: Kind) -> OutcomeReply | None:
    """The answer that stands, if it is the one given again. Raises NothingToAnswer for any other."""
    if ask.closed_at is None:
        return None
    standing = ask.replies.filter(withdrawn_at=None).order_by("-at", "-id").first()
    if standing is None:
        raise NothingToAnswer(_("This question was taken back. There is nothing to answer."))
    if standing.kind != kind:
        raise NothingToAnswer(_("You have answered this already. Take that answer back first."))
    return standing


def _keep(
    kind: Kind,
    ask: OutcomeAsk,
    outcome: Outcome,
    *,
    link: Link,
    now: datetime,
    ip: str | None,
    words: str = "",
    changed: list[str] | None = None,
) -> OutcomeReply:
    ask.closed_at = now
    ask.save(update_fields=["closed_at"])
    Link.objects.filter(pk=link.pk, first_opened_at=None).update(first_opened_at=now)
    contact: Contact = ask.contact
    return OutcomeReply.objects.create(
        organisation_id=outcome.organisation_id,
        outcome=outcome,
        ask=ask,
        contact=contact,
        kind=kind,
        words=words,
        edition=outcome.edition,
        changed=changed or [],
        at=now,
        from_ip=ip,
        opened_at=link.first_opened_at or now,
        is_demo=link.is_demo,
    )


def _log(reply: OutcomeReply, verb: str, now: datetime, **data: Any) -> None:
    customer = reply.outcome.customer
    customer.organisation.log(
        verb,
        by=None,
        now=now,
        subject=reply,
        customer_id=customer.pk,
        contact_id=reply.contact_id,
        demo=reply.is_demo,
        **data,
    )
